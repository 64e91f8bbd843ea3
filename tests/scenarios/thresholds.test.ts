import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compileScenario, runExperiment } from '../../src/experiment/index.js';
import { loadScenario } from '../../src/runner/index.js';

const folder = fileURLToPath(new URL('../../scenarios', import.meta.url));

/** Every scenario file of the project, below its folder: what is no organization there. */
const scenarioFiles = readdirSync(folder).flatMap((name) =>
  readdirSync(`${folder}/${name}`)
    .map((file) => `${name}/${file}`)
    .filter(
      (file) => file.endsWith('.yaml') && /^mailflow:/m.test(readFileSync(`${folder}/${file}`, 'utf8')),
    ),
);

/** Runs a scenario of the project, changed by `set`; its verdicts by metric and limit. */
async function verdicts(
  file: string,
  set: readonly string[] = [],
): Promise<Readonly<Record<string, string>>> {
  const { scenario } = loadScenario(`${folder}/${file}`, { set });
  const { summary } = await runExperiment(scenario, compileScenario(scenario), {
    version: 'test',
    sink: () => {},
    recordMessages: false,
  });
  return Object.fromEntries(
    summary.thresholds.map(({ metric, limit, verdict }) => [`${metric} ${limit}`, verdict]),
  );
}

describe('every scenario holds its thresholds', () => {
  for (const file of scenarioFiles) {
    it(file, async () => {
      const found = await verdicts(file);
      expect(Object.keys(found)).not.toEqual([]);
      expect(new Set(Object.values(found))).toEqual(new Set(['pass']));
    });
  }
});

/** The thresholds that a changed scenario does not hold. */
async function failing(file: string, set: readonly string[]): Promise<readonly string[]> {
  const found = await verdicts(file, set);
  return Object.keys(found).filter((threshold) => found[threshold] !== 'pass');
}

describe('thresholds can fail: the same question with the fault taken away', () => {
  it('WHATIF-01: without moves nobody is redirected and nobody waits', async () => {
    const found = await verdicts('whatif-01-move-of-an-active-copy/scenario.yaml', ['faults=[]']);
    expect(found['redirects.total equals 2']).toBe('fail');
    expect(found['deliveryLatency.maxMs at-least 31.524 s']).toBe('fail');
    expect(found['ndrs.total equals 0']).toBe('pass');
  });

  it('WHATIF-14: without the failover nothing is asked for; held for an hour, the rest is lost', async () => {
    const file = 'whatif-14-lossy-failover/scenario.yaml';
    expect(await failing(file, ['faults=[]'])).toEqual([
      'resubmissions.safetyNet equals 540',
      'recipients.generated equals 540',
      'messages.categorized equals 1440',
      'recipients.duplicates equals 180',
      'recipients.delivered equals 3060',
    ]);
    expect(await failing(file, ['settings.transport.safetyNetHoldTime=1 h'])).toContain(
      'recipients.lost equals 0',
    );
  });

  it('WHATIF-03: without shadow redundancy what B1 had is lost, too, and nothing is sent twice', async () => {
    const file = 'whatif-03-server-lost-with-its-queue/scenario.yaml';
    expect(await failing(file, ['faults.1.queueDatabase=kept', 'faults.2.queueDatabase=kept'])).toEqual(
      expect.arrayContaining(['recipients.lost equals 180', 'recipients.pending equals 0']),
    );
    const found = await verdicts(file, [
      'settings.transport.shadowRedundancyEnabled=false',
      'thresholds.0={metric: lost.byCause.queue-database-lost, equals: 1080}',
      'thresholds.1={metric: recipients.duplicates, equals: 0}',
      'thresholds.3={metric: protection.unshadowed, equals: 6660}',
    ]);
    expect(found['lost.byCause.queue-database-lost equals 1080']).toBe('pass');
    expect(found['recipients.duplicates equals 0']).toBe('pass');
    expect(found['protection.unshadowed equals 6660']).toBe('pass');
    expect(found['protection.promoted equals 1050']).toBe('fail');
  });

  it('WHATIF-04: without the cut nothing backs off', async () => {
    const found = await verdicts('whatif-04-wan-cut/scenario.yaml', ['faults=[]']);
    expect(found['backoffs.total at-least 7150']).toBe('fail');
    expect(found['retries.connections equals 18']).toBe('fail');
  });

  it('WHATIF-02: without the outage nothing waits; one of 6 h ends before the queue is resubmitted', async () => {
    const file = 'whatif-02-database-down-for-days/scenario.yaml';
    expect(await failing(file, ['faults=[]'])).toEqual(
      expect.arrayContaining([
        'recipients.expired equals 10',
        'delayNotices equals 10',
        'resubmissions.idle equals 30',
        'retries.connections equals 564',
        'queues.B1/DB1.maxAgeMs equals 2 d',
      ]),
    );
    const shorter = await verdicts(file, ['faults.0.for=6 h']);
    // Ten messages and ten notices, but no reports.
    expect(shorter['recipients.delivered equals 20']).toBe('pass');
    expect(shorter['delayNotices equals 10']).toBe('pass');
    expect(shorter['recipients.expired equals 10']).toBe('fail');
    expect(shorter['resubmissions.idle equals 30']).toBe('fail');
  });

  it('WHATIF-05: each variant is the base with one setting changed, and each setting answers for its own part', async () => {
    const base = 'whatif-05-one-destination/scenario.yaml';
    const queue = 'queues."B1/relay.provider.example".maxLength';
    const settings = {
      'two-messages': 'smtpConnectorQueueMessageCountThresholdForConcurrentConnections=2',
      'forty-connections': 'maxPerDomainOutboundConnections=40',
      'five-minute-retry': 'messageRetryInterval=5 min',
    };
    const notHeld: Record<string, readonly string[]> = {};
    for (const [variant, setting] of Object.entries(settings)) {
      notHeld[variant] = await failing(base, [`settings.transport.${setting}`]);
    }
    expect(notHeld).toEqual({
      'two-messages': [
        'deliveryLatency.p50Ms at-least 57 s',
        'deliveryLatency.p99Ms at-least 280 s',
        `${queue} at-least 1940`,
        'deliveryLatency.maxMs at-least 1000 s',
      ],
      'forty-connections': ['deliveryLatency.p99Ms at-least 280 s', `${queue} at-least 1940`],
      'five-minute-retry': ['deliveryLatency.maxMs at-least 1000 s'],
    });
  });

  it('WHATIF-06: with room on the disk nobody is refused; at Medium alone nobody but senders outside', async () => {
    const file = 'whatif-06-queue-disk-full/scenario.yaml';
    const high = [
      'backPressure.highMs equals 30 min',
      'backPressure.rejected at-least 36895',
      'retries.connections equals 10',
      'queues."C1/Site:Berlin;Version:15".maxLength at-least 2038',
    ];
    expect(await failing(file, ['faults=[]'])).toEqual([...high, 'deliveryLatency.maxMs at-least 3600 s']);
    const medium = [
      'faults.1.used=0.98',
      'thresholds.0={metric: backPressure.rejected, at-least: 8995}',
      'thresholds.1={metric: backPressure.rejected, at-most: 9005}',
    ];
    expect(await failing(file, medium)).toEqual(high);
    // The same bytes on the disk that is smaller.
    const smaller = ['organization.servers.0.queueDisk=200 GB', 'faults.0.used=0.98', 'faults.1.used=0.995'];
    expect(await failing('whatif-06-queue-disk-full/larger-disk.yaml', smaller)).toEqual([
      'backPressure.highMs equals 0 s',
      'backPressure.rejected equals 0',
      'retries.connections equals 0',
      'queues."C1/Site:Berlin;Version:15".maxLength at-most 2',
      'queues."B1/Site:Cologne;Version:15".maxLength at-most 2',
      'deliveryLatency.maxMs below 1 s',
    ]);
  });

  it('WHATIF-07: a categorizer that does 26 a second keeps up; in 2016 nobody is refused', async () => {
    const file = 'whatif-07-slow-categorizer/scenario.yaml';
    const refused = ['backPressure.highMs at-least 918 s', 'backPressure.rejected at-least 10640'];
    expect(await failing(file, ['settings.hardware.categorizerTime=300 ms'])).toEqual([
      'backPressure.tarpitMs at-least 648000 s',
      ...refused,
      'queues.B1/Submission.maxLength at-least 10740',
      'deliveryLatency.maxMs at-least 2195 s',
    ]);
    const later = ['organization.behavior="2016"', 'thresholds.0={metric: backPressure.rejected, equals: 0}'];
    expect(await failing(file, later)).toEqual(expect.arrayContaining(refused));
    expect((await verdicts(file, later))['backPressure.rejected equals 0']).toBe('pass');
    expect(
      await failing('whatif-07-slow-categorizer/behavior-2016.yaml', ['organization.behavior="2013"']),
    ).toEqual([
      'backPressure.tarpitMs at-most 343900 s',
      'backPressure.highMs equals 0 s',
      'backPressure.rejected equals 0',
      'queues.B1/Submission.maxLength at-least 13945',
      'deliveryLatency.maxMs at-most 1805 s',
    ]);
  });

  it('WHATIF-08: with a mailbox for the sender there is no loop; fewer hops end it sooner', async () => {
    const file = 'whatif-08-ndr-amplification/scenario.yaml';
    const somebody = Array.from({ length: 10 }, (_, n) => `workloads.${n}.sender=u1@contoso.com`);
    expect(await failing(file, somebody)).toEqual(
      expect.arrayContaining([
        'messages.submitted equals 8000',
        'recipients.generated equals 7000',
        'ndrs.byCode."5.1.1" equals 7000',
        'simulatedMs equals 19 min',
      ]),
    );
    // 2 k hops reach 10 in the fifth round, after five bounces and four reports.
    const fewer = ['settings.transport.maxHopCount=10'];
    const own = [3_000, 2_000, 2_500].map((count, place) => {
      const metric = ['messages.submitted', 'recipients.generated', 'recipients.delivered'][place]!;
      return `thresholds.${place + 1}={metric: ${metric}, equals: ${count}}`;
    });
    const found = await verdicts(file, [...fewer, ...own]);
    expect(found['messages.submitted equals 3000']).toBe('pass');
    expect(found['recipients.generated equals 2000']).toBe('pass');
    expect(found['recipients.delivered equals 2500']).toBe('pass');
    expect(found['ndrs.byCode."5.1.1" equals 7000']).toBe('fail');
  });

  it('WHATIF-09: without replies, or with connections for every two messages, nobody waits for ten minutes', async () => {
    const file = 'whatif-09-reply-to-all/scenario.yaml';
    const late = 'queues.B1/DB1.maxAgeMs at-least 10.2 min';
    const silent = await verdicts(file, ['workloads.0.replyAll.share=0']);
    expect(silent[late]).toBe('fail');
    expect(silent['recipients.expanded equals 25449']).toBe('fail');
    const sooner = await verdicts(file, [
      'settings.transport.smtpConnectorQueueMessageCountThresholdForConcurrentConnections=2',
      'thresholds.0={metric: queues.B1/DB1.maxAgeMs, below: 90 s}',
    ]);
    expect(sooner[late]).toBe('fail');
    expect(sooner['queues.B1/DB1.maxAgeMs below 90 s']).toBe('pass');
    expect(sooner['recipients.delivered equals 25578']).toBe('pass');
  });

  it('WHATIF-10: without the change all stays on the thin link; without replication it moves sooner', async () => {
    const file = 'whatif-10-link-cost/scenario.yaml';
    expect(await failing(file, ['faults=[]'])).toEqual([
      'messages.relayed equals 20580',
      'links.BC.bytes equals 841728000',
      'links.BF.bytes equals 632832000',
      'links.FC.bytes equals 632832000',
      'deliveryLatency.maxMs at-least 715 ms',
    ]);
    // A minute each: 2 x 3,660 messages on the old way.
    const sooner = await verdicts(file, [
      'settings.transport.replicationDelay=0 s',
      'thresholds.0={metric: links.BC.bytes, equals: 749568000}',
    ]);
    expect(sooner['links.BC.bytes equals 749568000']).toBe('pass');
    expect(sooner['links.BF.bytes equals 632832000']).toBe('fail');
    // Without the hub nobody stops there; the bytes are the same.
    expect(await failing('whatif-10-link-cost/hub-site.yaml', ['faults=[]'])).toEqual([
      'messages.relayed equals 20580',
      'servers.F1.messagesPerSecond at-least 0.857',
      'deliveryLatency.maxMs at-least 715 ms',
    ]);
  });

  it('WHATIF-11: while one source server runs nothing waits longer than two attempts at the other', async () => {
    const file = 'whatif-11-preferred-connector/scenario.yaml';
    const waits = [
      'retries.connections equals 12',
      'queues.F1/Partner.maxLength at-least 3740',
      'deliveryLatency.maxMs at-least 3744 s',
    ];
    expect(await failing(file, ['faults=[]'])).toEqual(waits);
    const one = ['faults.2.server=B1', 'thresholds.0={metric: deliveryLatency.maxMs, at-most: 43 s}'];
    expect(await failing(file, one)).toEqual(waits);
  });

  it('WHATIF-12: without the drain three servers share the load, and the loss of one leaves enough', async () => {
    const partner = 'faults=[{kind: remote-domain-outage, domain: partner.example, at: "10:00", for: 15 min}';
    expect(await failing('whatif-12-maintenance/scenario.yaml', [`${partner}]`])).toEqual(
      expect.arrayContaining([
        'redirects.total at-least 200',
        'queues."B2/partner.example".maxLength at-least 475',
        'servers.B1.utilization at-most 0.112',
        'servers.B2.utilization at-least 0.395',
      ]),
    );
    const lost = `${partner}, {kind: server-outage, server: B2, at: "10:20", for: 25 min}]`;
    const found = await verdicts('whatif-12-maintenance/one-more-fails.yaml', [
      lost,
      'thresholds.0={metric: servers.B3.utilization, below: 0.75}',
    ]);
    expect(found['servers.B3.utilization below 0.75']).toBe('pass');
    expect(found['servers.B3.utilization at-least 0.792']).toBe('fail');
  });

  it('WHATIF-15: the preference alone makes the difference', async () => {
    const off = ['settings.mailboxTransport.submissionReach=any-site'];
    expect(await failing('whatif-15-uneven-entry/scenario.yaml', off)).toEqual([
      'messages.relayed equals 14400',
      'servers.B1.messagesPerSecond at-least 32.7',
      'servers.B1.utilization at-least 0.654',
      'deliveryLatency.maxMs at-least 2 s',
    ]);
    expect(await failing('whatif-15-uneven-entry/too-much.yaml', off)).toEqual(
      expect.arrayContaining([
        'queues.B1/Submission.maxLength at-least 11700',
        'deliveryLatency.maxMs at-least 195 s',
        'servers.B1.utilization at-least 0.92',
      ]),
    );
  });

  it('WHATIF-16: with a little more room the new server takes its third', async () => {
    const file = 'whatif-16-new-full-server/scenario.yaml';
    expect(await failing(file, ['organization.servers.2.queueDiskUsed=0.98'])).toEqual([
      'backPressure.rejected at-least 598',
      'servers.B1.messagesPerSecond at-least 1.81',
      'servers.B3.messagesPerSecond equals 0',
      'servers.B1.queueDatabaseMaxBytes equals 92160000 B',
      'servers.B3.queueDatabaseMaxBytes equals 0 B',
    ]);
    expect(
      await failing('whatif-16-new-full-server/with-room.yaml', [
        'organization.servers.2.queueDiskUsed=0.99',
      ]),
    ).toEqual([
      'backPressure.rejected equals 0',
      'servers.B1.messagesPerSecond at-most 0.913',
      'servers.B3.messagesPerSecond at-least 0.905',
      'servers.B1.queueDatabaseMaxBytes equals 61440000 B',
      'servers.B3.queueDatabaseMaxBytes equals 61440000 B',
    ]);
  });

  it('WHATIF-17: new messages would count, and nobody would have one twice; a limit of 600 is what makes it faster', async () => {
    const file = 'whatif-17-pickup-replay/scenario.yaml';
    expect(await failing(file, ['workloads.1.exported=false'])).toEqual([
      'recipients.submitted equals 20002',
      'recipients.delivered equals 20002',
      'recipients.duplicates equals 10000',
      'protection.duplicatesDropped equals 10000',
      'deliveryLatency.p99Ms below 1 s',
    ]);
    expect(await failing(file, ['workloads.1.messages=5000'])).toEqual([
      'messages.submitted equals 20001',
      'recipients.duplicates equals 10000',
      'protection.duplicatesDropped equals 10000',
      'deliveryLatency.maxMs at-least 6005 s',
    ]);
    expect(
      await failing('whatif-17-pickup-replay/faster.yaml', [
        'settings.transport.pickupDirectoryMaxMessagesPerMinute=100',
      ]),
    ).toEqual(['deliveryLatency.maxMs below 1006 s']);
    expect(await failing('whatif-17-pickup-replay/two-directories.yaml', ['workloads.2.server=B1'])).toEqual([
      'deliveryLatency.maxMs below 3006 s',
    ]);
  });

  it('the real outage: without the outage nobody is told of a delay', async () => {
    const found = await verdicts('real-outage/scenario.yaml', ['faults=[]']);
    expect(found['delayNotices equals 9']).toBe('fail');
    expect(found['retries.connections equals 109']).toBe('fail');
  });
});

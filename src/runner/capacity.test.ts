import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { readCapacityValue } from '../experiment/index.js';
import { ScenarioError } from '../scenario/index.js';
import { type CapacityOptions, capacity } from './capacity.js';
import { simulate } from './simulate.js';

const folder = mkdtempSync(join(tmpdir(), 'mailflow-capacity-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const options = (
  vary: string,
  [low, high]: readonly [string, string],
  more: Partial<CapacityOptions> = {},
): CapacityOptions => ({
  version: 'test',
  vary,
  ends: [readCapacityValue(low)!, readCapacityValue(high)!],
  smallest: false,
  precision: 0.01,
  mostReplications: 1,
  workers: 1,
  ...more,
});

/**
 * One queue with c connections to a relay that takes s seconds a message, where nothing else takes time; mail comes at
 * even intervals. With a load of 1 + x of c / s the wait grows to x times an hour, so the limit of 30 s is met at x =
 * 0.8 %, and 1 % of precision on the other side leaves the value within 2 % of c / s. Each message that waits opens a
 * further connection (CAP-21 set to 1), so that no load short of c / s is one for which fewer than c will do: of 20 for
 * each, the last of c connections opens at 20 (c - 1) messages, which the others send in 20 s each.
 */
function queue(connections: number, seconds: number): string {
  const path = join(folder, `queue-${connections}-${seconds}.yaml`);
  writeFileSync(
    path,
    `mailflow: 1
name: one-queue
organization:
  organization: contoso.com
  sites: [{ name: A }]
  servers: [{ name: A1, site: A }]
  databases: [{ name: DB, copies: [A1] }]
  connectors:
    - { name: Out, kind: send, addressSpaces: ["SMTP:*"], sourceServers: [A1], smartHosts: [relay.example] }
  mailboxes: [{ address: a@contoso.com, database: DB }]
seed: "1"
duration: 1 h
drain: until-empty
settings:
  hardware: { distribution: deterministic, connectTime: 0 ms, cpuPerMessage: 0 ms, categorizerTime: 1 ms }
  outside: { acceptTime: ${seconds} s, connectTime: 0 s }
  transport:
    maxPerDomainOutboundConnections: ${connections}
    smtpConnectorQueueMessageCountThresholdForConcurrentConnections: 1
workloads:
  - { kind: arrivals, arrival: deterministic, messagesPerSecond: 1, from: a@contoso.com,
      to: [b@partner.example], size: { fixed: 1 KB } }
thresholds:
  - { metric: deliveryLatency.maxMs, below: 30 s }
`,
  );
  return path;
}

const morning = fileURLToPath(new URL('../../scenarios/two-site-morning/scenario.yaml', import.meta.url));

describe('capacity', () => {
  test.each([
    [1, 1],
    [2, 0.5],
    [4, 0.8],
    [3, 1],
    [7, 1],
  ])(
    'of a queue with %d connections and %d s a message is connections over seconds',
    async (c, s) => {
      const range = [String(0.2 * (c / s)), String(3 * (c / s))] as const;
      const { capacity: found } = await capacity(
        queue(c, s),
        options('workloads.0.messagesPerSecond', range),
      );
      expect(Math.abs(Number(found!.value) / (c / s) - 1)).toBeLessThan(0.02);
      const { thresholds, tier } = found!.limitedBy!;
      expect(thresholds.map(({ metric }) => metric)).toEqual(['deliveryLatency.maxMs']);
      expect(tier).toMatchObject({ kind: 'queue', name: 'A1' });
      expect(tier!.text).toContain(`queue relay.example`);
      expect(tier!.offered).toBeGreaterThan(1);
      expect(tier!.offered).toBeLessThan(1.03);
      expect(found!.overloaded).toBeNull();
    },
    60_000,
  );

  test('with a limit that mail comes to in time it is more, and it is said which tier is overloaded', async () => {
    // At 1 + x of c / s the wait grows to x times an hour: 3 min are x = 5 %.
    const { capacity: found } = await capacity(
      queue(2, 0.5),
      options('workloads.0.messagesPerSecond', ['1', '10'], { set: ['thresholds.0.below=3 min'] }),
    );
    expect(Math.abs(Number(found!.value) / (1.05 * 4) - 1)).toBeLessThan(0.01);
    expect(found!.overloaded).toMatchObject({ kind: 'queue', name: 'A1' });
    expect(found!.overloaded!.offered).toBeCloseTo(Number(found!.value) / 4, 2);
  }, 60_000);

  test('the smallest count of connections for a load is found to the next', async () => {
    // 3 messages a second of 2 s each.
    const { capacity: found } = await capacity(
      queue(1, 2),
      options('settings.transport.maxPerDomainOutboundConnections', ['1', '16'], {
        smallest: true,
        set: ['workloads.0.messagesPerSecond=3', 'thresholds.0.below=2 min'],
      }),
    );
    expect(found).toMatchObject({ value: 6, limitedBy: { value: 5, tier: { kind: 'queue', name: 'A1' } } });
    expect(found!.limitedBy!.tier!.offered).toBeCloseTo(6 / 5, 2);
  }, 60_000);

  test('values with a unit, on threads as in this one', async () => {
    // One connection and one message a second: as slow as 1 s, and 0.8 % more.
    const run = async (workers: number) => {
      const varied = options('settings.outside.acceptTime', ['0.2 s', '5 s'], { workers, precision: 0.05 });
      return (await capacity(queue(1, 1), varied)).capacity;
    };
    const found = await run(1);
    expect(String(found!.value)).toMatch(/ s$/);
    expect(Math.abs(Number.parseFloat(String(found!.value)) - 1)).toBeLessThan(0.06);
    expect(await run(2)).toEqual(found);
  }, 60_000);

  test('refuses a path that leads nowhere, ends that are no values, and a scenario without thresholds', async () => {
    const file = queue(1, 1);
    const problemsOf = async (asked: CapacityOptions) => {
      const error = await capacity(file, asked).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(ScenarioError);
      return error instanceof ScenarioError
        ? error.problems.map(({ file: at, message }) => [at, message])
        : [];
    };
    expect((await problemsOf(options('workloads.7.messagesPerSecond', ['1', '2'])))[0]![0]).toBe('--vary');
    expect((await problemsOf(options('workloads.0.messagesPerSecond', ['1 s', '2 s'])))[0]![0]).toBe(
      '--vary',
    );
    const none = options('workloads.0.messagesPerSecond', ['1', '2'], { set: ['thresholds=[]'] });
    expect(await problemsOf(none)).toEqual([[file, 'there are no thresholds: every value would do']]);
  });

  test('on the two-site example with slower categorizers, all else as it is, the tier that saturates is named', async () => {
    const slow = ['settings.transport.categorizerSlots=1', 'settings.hardware.categorizerTime=1 s'];
    const { capacity: found } = await capacity(
      morning,
      options('workloads.0.profile', ['60', '200'], { precision: 0.1, set: slow }),
    );
    const { value, tier, thresholds } = found!.limitedBy!;
    expect(tier).toMatchObject({ kind: 'categorizer', name: 'B1' });
    expect(thresholds.map(({ verdict }) => verdict)).toContain('fail');
    const simulated = async (set: readonly string[]) =>
      (
        await simulate(morning, {
          version: 'test',
          out: join(folder, 'morning'),
          set: [...set, `workloads.0.profile=${value}`],
        })
      ).summary;
    const { servers } = await simulated(slow);
    // Utilization law: throughput times the service time of 1 s, over one slot; nobody has more of that.
    const throughput = new Map(servers.map(({ server, messagesPerSecond }) => [server, messagesPerSecond]));
    expect(tier!.measured).toBeCloseTo(throughput.get('B1')!, 6);
    expect(Math.max(...throughput.values())).toBe(throughput.get('B1'));
    expect(tier!.measured).toBeGreaterThan(0.75);
    // It is that tier: with a second slot every threshold holds where one did not.
    const { thresholds: relieved } = await simulated([
      'settings.transport.categorizerSlots=2',
      'settings.hardware.categorizerTime=1 s',
    ]);
    expect(relieved.map(({ verdict }) => verdict)).toEqual(['pass', 'pass', 'pass', 'pass']);
  }, 240_000);

  test('on the two-site example the tier that saturates is named, and the utilization law agrees', async () => {
    // One categorizer slot a server, 75 ms a message: 13.3 messages a second each.
    const { capacity: found } = await capacity(
      morning,
      options('workloads.0.profile', ['2000', '16000'], {
        precision: 0.1,
        mostReplications: 3,
        set: [
          'settings.transport.categorizerSlots=1',
          'duration=5 min',
          'warmUp=1 min',
          'drain=0 s',
          'faults=[]',
          'workloads=[{kind: mailbox-users, mailboxes: all, profile: 100, shape: flat}]',
          'thresholds=[{metric: deliveryLatency.p95Ms, below: 10 s}]',
        ],
      }),
    );
    const { value, tier } = found!.limitedBy!;
    expect(tier!.kind).toBe('categorizer');
    // What it is offered is in proportion to the load; where the thresholds still hold it is near 1.
    const offered = (tier!.offered! * Number(found!.value)) / Number(value);
    expect(offered).toBeGreaterThan(0.85);
    expect(offered).toBeLessThan(1.15);
    // Utilization law: throughput times service time, over one slot. Of what is offered above 1 the rest waits.
    expect(tier!.measured).toBeGreaterThan(0.85);
    expect(tier!.measured).toBeLessThan(1.05);
  }, 120_000);
});

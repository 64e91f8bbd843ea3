import { describe, expect, it } from 'vitest';
import { injectFault, startWorkload } from '../../src/scenario/index.js';
import { randomStreams } from '../../src/sim/kernel/index.js';
import type { MessageFacts, SettingOverrides } from '../../src/sim/model/index.js';
import { Recorder } from './recorder.js';
import { type RunningOrganization, run, type SmallOrganization } from './small-organization.js';

const kilobyte = 1_024;
const minute = 60_000;
const hour = 60 * minute;

/** Keeps the sizes, too. */
class SizeRecorder extends Recorder {
  readonly sizes: { readonly kind: string; readonly atMs: number; readonly kilobytes: number }[] = [];
  override submitted(atMs: number, facts: MessageFacts, recipients: number): void {
    super.submitted(atMs, facts, recipients);
    this.sizes.push({ kind: facts.kind, atMs, kilobytes: facts.sizeBytes / kilobyte });
  }
}

/**
 * A loop that begins at 0. Inside nothing takes any time; outside, connecting takes 200 ms both ways, accepting 100 ms.
 * One server does it all, unless `small` says otherwise.
 */
function loop(
  sender: string,
  messages: number,
  transport: SettingOverrides['transport'] = {},
  small: Partial<SmallOrganization> = {},
): RunningOrganization & { readonly recorder: SizeRecorder } {
  const recorder = new SizeRecorder();
  const organization = run(
    {
      servers: { A1: 'A' },
      databases: { DB1: ['A1'] },
      mailboxes: { u: 'DB1' },
      connectors: [{ name: 'Internet', sourceServers: ['A1'] }],
      ...small,
    },
    {
      transport,
      hardware: {
        distribution: { kind: 'deterministic' },
        submissionTime: 0,
        frontEndTime: 0,
        connectTime: 0,
        commitTime: 0,
        categorizerTime: 0,
        relayTime: 0,
        cpuPerMessage: 0,
        mailboxDeliveryTime: 0,
      },
    },
    recorder,
  );
  const { model } = organization;
  startWorkload(
    {
      kind: 'ndr-loop',
      name: 'loop',
      startMs: 0,
      endMs: hour,
      atMs: 0,
      sender,
      messages,
      domain: 'broken.example',
    },
    { model, startUtcMs: 0, streams: randomStreams('test', 1) },
  );
  return { ...organization, recorder };
}

const count = ({ ended_ }: Recorder, kind: string, end: string, code: string | null) =>
  ended_.filter((row) => row.kind === kind && row.end === end && row.code === code).length;

describe('WHATIF-08: a domain that bounces mail from an address of its own', () => {
  it('A-ndr-loop, SZ-03: a sender that nobody has: a report and a bounce every 500 ms, until the 15th bounce has 30 hops', () => {
    const { simulation, model, recorder } = loop('gone@contoso.com', 1);
    simulation.runUntil(minute);
    // Accepted outside at 300 ms, when the bounce sets out; it comes at 500 ms and is returned at once: connected at
    // 700 ms, accepted at 800 ms, and so on. Hops: one here, one there, two a round: the bounce of round k has 2 k.
    const rounds = Array.from({ length: 15 }, (_, index) => index + 1);
    const bounces = recorder.sizes.filter(({ kind, atMs }) => kind === 'mail' && atMs > 0);
    // A report has 10 KB of its own, and a bounce is as large as what it returns.
    expect(bounces).toEqual(
      rounds.map((round) => ({ kind: 'mail', atMs: 500 * round - 200, kilobytes: 10 * round })),
    );
    const reports = recorder.sizes.filter(({ kind }) => kind === 'ndr');
    expect(reports).toEqual(
      rounds.slice(0, 14).map((round) => ({ kind: 'ndr', atMs: 500 * round, kilobytes: 10 * (round + 1) })),
    );
    expect(count(recorder, 'mail', 'delivered', null)).toBe(1);
    expect(count(recorder, 'mail', 'returned', '5.1.1')).toBe(14);
    expect(count(recorder, 'ndr', 'delivered', null)).toBe(14);
    // NDR-01: the last bounce is refused at the door, which makes no report of ours.
    expect(recorder.ended_.at(-1)).toMatchObject({
      atMs: 7_500,
      kind: 'mail',
      end: 'returned',
      code: '5.4.6',
      server: -1,
    });
    expect(model.audit().alive).toBe(0);
  });

  it('WL-11: as many go round as the system sent, neither more nor fewer, long after it has stopped', () => {
    const { simulation, model, recorder } = loop('gone@contoso.com', 50);
    for (let ms = 500; ms <= 7_000; ms += 100) {
      simulation.runUntil(ms);
      const alive = model.audit().alive;
      expect(alive).toBe(50);
      const begun = recorder.submitted_.reduce((sum, { recipients }) => sum + recipients, 0);
      expect(begun).toBe(recorder.ended_.length + alive);
    }
    simulation.runUntil(hour);
    expect(model.audit()).toMatchObject({ alive: 0, delivered: 50 * 15, returned: 50 * 15 });
    expect(count(recorder, 'mail', 'returned', '5.1.1')).toBe(50 * 14);
    expect(count(recorder, 'mail', 'returned', '5.4.6')).toBe(50);
  });

  it('A-ndr-loop: a sender that somebody has gets each bounce, and that is all', () => {
    const { simulation, model, recorder } = loop('U@contoso.com', 50);
    simulation.runUntil(hour);
    expect(count(recorder, 'mail', 'delivered', null)).toBe(100);
    expect(recorder.submitted_).toHaveLength(100);
    expect(recorder.ended_).toHaveLength(100);
    expect(model.audit().alive).toBe(0);
  });

  it('SZ-03: fewer hops end it sooner, and so do more servers on the way', () => {
    // 2 k hops reach 10 in round 5.
    const few = loop('gone@contoso.com', 1, { maxHopCount: 10 });
    few.simulation.runUntil(hour);
    expect(count(few.recorder, 'ndr', 'delivered', null)).toBe(4);
    // In at A1, out at B1: three hops a round, that of the domain included, reach 30 in round 10.
    const relayed = loop(
      'gone@contoso.com',
      1,
      {},
      {
        links: { 'A-B': { cost: 10, latencyMs: 0 } },
        servers: { A1: 'A', B1: { site: 'B', roles: ['mailbox'] } },
        connectors: [{ name: 'Internet', sourceServers: ['B1'] }],
      },
    );
    relayed.simulation.runUntil(hour);
    expect(count(relayed.recorder, 'ndr', 'delivered', null)).toBe(9);
    expect(count(relayed.recorder, 'mail', 'returned', '5.4.6')).toBe(1);
  });

  it('MI-04: a domain that falls silent ends it by expiry: a report that expires makes no further one', () => {
    const { simulation, model, recorder } = loop('gone@contoso.com', 1, { messageExpirationTimeout: hour });
    injectFault(
      {
        kind: 'remote-domain-outage',
        domain: 'broken.example',
        answer: 'silent',
        beginMs: 1_400,
        endMs: 2 * hour,
      },
      model,
    );
    simulation.runUntil(3 * hour);
    // The reports of 500 and 1,000 ms get through, at 800 and 1,300 ms; that of 1,500 ms does not.
    expect(count(recorder, 'ndr', 'delivered', null)).toBe(2);
    expect(count(recorder, 'ndr', 'expired', '4.4.7')).toBe(1);
    expect(recorder.ended_.filter(({ kind }) => kind === 'mail')).toHaveLength(1 + 3);
    expect(model.audit().alive).toBe(0);
  });

  it('A-ndr-loop: a slow domain slows each round down', () => {
    const { simulation, model, recorder } = loop('gone@contoso.com', 1);
    injectFault(
      { kind: 'remote-domain-slowdown', domain: 'broken.example', factor: 4, beginMs: 0, endMs: hour },
      model,
    );
    simulation.runUntil(minute);
    // 4 × 300 ms there, 4 × 200 ms back.
    const reports = recorder.submitted_.filter(({ kind }) => kind === 'ndr').map(({ atMs }) => atMs);
    expect(reports).toEqual(Array.from({ length: 14 }, (_, index) => 2_000 * (index + 1)));
  });
});

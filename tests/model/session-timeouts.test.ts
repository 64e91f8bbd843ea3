import { describe, expect, it } from 'vitest';
import { deterministicHardware, type RunningOrganization, run, way } from './small-organization.js';

const second = 1_000;
const minute = 60 * second;
/** 125 bytes a millisecond. */
const megabit = 1_000_000;
const bytesOf = (durationMs: number) => durationMs * 125;

/** A1 relays to B1 over a link of 1 Mbit/s; a message is in its queue after 205 ms, its session stands 10 ms later. */
function linked(
  transport: Readonly<Record<string, number>> = {},
  bandwidthBitsPerSecond = megabit,
): RunningOrganization {
  return run(
    {
      links: { 'A-B': { cost: 10, bandwidthBitsPerSecond } },
      servers: { A1: 'A', B1: 'B' },
      databases: { DBA: ['A1'], DBB: ['B1'] },
      mailboxes: { a: 'DBA', b: 'DBB' },
    },
    {
      ...deterministicHardware,
      transport: { maxSendSize: 2 ** 30, maxReceiveSize: 2 ** 30, ...transport },
      mailboxTransport: { submissionReach: 'own-site' },
    },
  );
}

const relayMs = 20;
const stages = ({ recorder }: RunningOrganization) => recorder.ended_.map(({ stageMs }) => stageMs);

describe('CAP-20: sessions with Transport end after ten minutes', () => {
  it('CAP-20, A-session-timeout: a transfer that has not ended by then breaks, and begins anew', () => {
    const running = linked();
    // With the work of the relay the content would be there after 10 min and 20 ms.
    running.send('a', ['b'], bytesOf(10 * minute));
    running.simulation.runUntil(10 * minute + 215);
    expect(way(running)).toEqual([]);
    // The first breaks after 10 min, the next begins a minute later, and so on: it never gets there.
    running.simulation.runUntil(60 * minute);
    expect(way(running)).toEqual([]);
    expect(running.recorder.attempts.length).toBeGreaterThan(4);
    expect(running.model.audit().alive).toBe(1);
  });

  it('CAP-20: one that ends in time goes through', () => {
    const running = linked();
    running.send('a', ['b'], bytesOf(10 * minute - relayMs - 1));
    running.simulation.runUntil(20 * minute);
    expect(way(running)).toEqual(['A1 > B1']);
    expect(stages(running)[0]!['transfer']).toBe(10 * minute - 1);
    expect(stages(running)[0]!['retryWait']).toBe(0);
  });

  it('CAP-20: what follows takes its part of the ten minutes, or a session of its own', () => {
    const running = linked();
    // Four minutes each: the third has two left. It breaks, waits for a minute, and then has a session for itself.
    for (let sent = 0; sent < 3; sent++) running.send('a', ['b'], bytesOf(4 * minute));
    running.simulation.runUntil(30 * minute);
    expect(way(running)).toHaveLength(3);
    expect(stages(running).map(({ retryWait }) => retryWait)).toEqual([0, 0, minute]);
    expect(stages(running)[2]!['transfer']).toBeGreaterThan(5 * minute);
    // Over a link without limits nothing breaks: a session that is too old is followed by another.
    const slow = linked(
      { connectionTimeout: second, smtpMaxMessagesPerConnection: 20 },
      Number.POSITIVE_INFINITY,
    );
    for (let sent = 0; sent < 30; sent++) slow.send('a', ['b'], 1_024);
    slow.simulation.runUntil(minute);
    expect(way(slow)).toHaveLength(30);
    expect(slow.recorder.attempts).toEqual([]);
    expect(stages(slow).filter(({ connection }) => connection! > 0).length).toBeGreaterThan(1);
  });

  it('CAP-20: bytes that were sent in vain have crossed the link', () => {
    const running = linked({ connectionTimeout: 10 * second });
    running.send('a', ['b'], bytesOf(20 * second));
    running.simulation.runUntil(30 * second);
    expect(running.model.linkCarriedBytes(0)).toBeCloseTo(bytesOf(10 * second - relayMs), 3);
  });

  it('CAP-20: the time-out is that of the server at the other end; an Edge has one of five minutes', () => {
    /** Which of ten messages open a session, at two minutes a message. */
    const opening = (ofEdge: Readonly<Record<string, number>>) => {
      const running = run(
        {
          servers: { A1: 'A' },
          edges: { E1: 'A' },
          databases: { DBA: ['A1'] },
          mailboxes: { a: 'DBA' },
          connectors: [{ name: 'Internet', sourceServers: ['E1'] }],
        },
        { hardware: { ...deterministicHardware['hardware'], relayTime: 2 * minute, commitTime: 0 } },
        null,
        { E1: { transport: ofEdge } },
      );
      for (let sent = 0; sent < 10; sent++) running.send('a', ['x@partner.example']);
      running.simulation.runUntil(60 * minute);
      const ends = running.recorder.hops.map(({ atMs }) => atMs);
      const gaps = ends.map((atMs, place) => atMs - (ends[place - 1] ?? 0));
      return gaps.flatMap((gap, place) => (place > 0 && gap > 2 * minute + 10 ? [place + 1] : []));
    };
    expect(opening({})).toEqual([4, 7, 10]);
    expect(opening({ connectionTimeout: 9 * minute })).toEqual([6]);
  });

  it('CAP-20, A-session-timeout: deliveries to mailboxes have none, nor have shadow copies on their way', () => {
    for (const shadowRedundancyEnabled of [false, true]) {
      const running = run(
        {
          links: { 'A-B': { cost: 10, bandwidthBitsPerSecond: megabit } },
          servers: { A1: 'A', B1: 'B' },
          dags: { D: ['A1', 'B1'] },
          databases: { DBA: ['A1'], DBB: ['B1'] },
          mailboxes: { a: 'DBA', b: 'DBB' },
        },
        { ...deterministicHardware, transport: { connectionTimeout: second, shadowRedundancyEnabled } },
      );
      running.send('a', ['b'], bytesOf(minute));
      running.simulation.runUntil(10 * minute);
      expect(running.recorder.ended_).toMatchObject([{ end: 'delivered' }]);
    }
  });
});

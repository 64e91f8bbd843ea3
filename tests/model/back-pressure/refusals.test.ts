import { describe, expect, it, test } from 'vitest';
import type { RunningOrganization } from '../small-organization.js';
import {
  gigabyte,
  instant,
  levels,
  minute,
  oneSite,
  outside,
  pressed,
  relaying,
  second,
  slow,
  twoSites,
} from './pressed-organization.js';

/** M1 keeps every message in its Submission queue for half an hour: Medium from three on, High from six. */
const threeAreMedium = { submissionQueueMedium: 3, submissionQueueNormal: 1, submissionQueueHigh: 6 };

/** Refusals by the second in which they were. */
const refusalsAt = ({ recorder }: RunningOrganization) => recorder.refusals.map(({ atMs }) => atMs / second);

describe('CAP-45: the history', () => {
  it('CAP-45: the first refusal comes with the 300th poll in a row above Normal, and the tarpit ends', () => {
    const running = pressed(oneSite, { M1: slow(threeAreMedium) });
    const { send, at, simulation, recorder, model, server } = running;
    for (let sent = 0; sent < 3; sent++) send(outside, ['u']);
    // The level is steady: the poll at 2 s is the first, that at 600 s the 300th.
    for (const seconds of [599, 601]) at(seconds * second, () => send(outside, ['u']));
    simulation.runUntil(602 * second);
    expect(levels(running, 'M1')).toEqual(['2 submission-queue medium']);
    expect(recorder.tarpits).toEqual([{ atMs: 599 * second, server: running.server('M1'), waitMs: 55_000 }]);
    expect(refusalsAt(running)).toEqual([601]);
    // For those, too, who are not refused at Medium.
    expect(model.backPressure.tarpitMs(server('M1'))).toBe(0);
  });

  test.each([
    [3_999, 'normal', 0],
    [4_000, 'medium', 1],
    [9_999, 'medium', 1],
    [10_000, 'high', 2],
  ])(
    'BP, CAP-45: %s messages in the Submission queue are %s for ten minutes: %s of two senders are refused',
    (messages, level, refused) => {
      const running = pressed(oneSite, { M1: { hardware: { ...instant, categorizerTime: 30 * minute } } });
      const { send, at, simulation, model } = running;
      for (let sent = 0; sent < messages; sent++) send('u', ['w'], 1_024);
      for (const from of [outside, 'u']) at(601 * second, () => send(from, ['w']));
      simulation.runUntil(602 * second - 1);
      expect(levels(running, 'M1')).toEqual(level === 'normal' ? [] : [`2 submission-queue ${level}`]);
      expect(refusalsAt(running)).toEqual(Array(refused).fill(601));
      model.audit();
    },
  );

  it('CAP-45: one poll at Normal, and it begins anew', () => {
    const running = pressed(oneSite, {
      M1: { ...slow(threeAreMedium), hardware: { ...instant, categorizerTime: 5 * minute } },
    });
    const { send, at, simulation } = running;
    for (let sent = 0; sent < 3; sent++) send(outside, ['u']);
    // The first three are gone after 300 s: nothing is there at 302 s, three more from 303 s on.
    for (let sent = 0; sent < 3; sent++) at(303 * second, () => send('u', ['w']));
    for (let seconds = 305; seconds < 595; seconds += 20) at(seconds * second, () => send('u', ['w']));
    simulation.runUntil(602 * second);
    expect(levels(running, 'M1').slice(0, 2)).toEqual([
      '2 submission-queue medium',
      '300 submission-queue normal',
    ]);
    expect(refusalsAt(running)).toEqual([]);
  });

  it('BP: version buckets have a history of 10 polls, batch points of 300, the memory of the service of 30', () => {
    const transport = { versionBucketsMediumThreshold: 1, versionBucketsNormalThreshold: 1 };
    expect(firstRefusal(transport)).toBe(20);
    expect(firstRefusal({ ...transport, versionBucketsHistoryDepth: 3 })).toBe(6);
    const batches = { batchPointMediumThreshold: 1, batchPointNormalThreshold: 1 };
    expect(firstRefusal(batches)).toBe(600);
    expect(firstRefusal({ ...batches, batchPointHistoryDepth: 2 })).toBe(4);
    const memory = { percentagePrivateBytesUsedMediumThreshold: 1 };
    expect(firstRefusal(memory)).toBe(58);
    expect(firstRefusal({ ...memory, privateBytesHistoryDepth: 1 })).toBe(0);
  });

  /** When outside senders are refused first, if a message of 40 MB has been on its way to M1 from the start. */
  function firstRefusal(transport: Parameters<typeof slow>[0]): number {
    const running = pressed(
      oneSite,
      { M1: { hardware: { ...instant, commitTime: 20 * minute }, transport } },
      { hardware: instant, transport: { maxReceiveSize: gigabyte } },
    );
    running.send(outside, ['u'], 40 * 1_024 * 1_024);
    for (let ms = 500; ms < 11 * minute; ms += second)
      running.at(ms, () => running.send(`x${ms}@out.example`, ['u'], 1_024));
    running.simulation.runUntil(11 * minute);
    return Math.floor(running.recorder.refusals[0]!.atMs / second);
  }
});

describe('BP-02: who is refused', () => {
  /** M1 and M2 are at this level from the start, whose disk is full at once. */
  function full(used: number, small = twoSites) {
    const running = pressed(small, {}, relaying);
    running.model.backPressure.beginFill(running.server('M1'), used);
    return running;
  }

  it('BP-02: Medium: senders outside, and Pickup; not other servers, nor Mailbox Transport Submission', () => {
    // 200 GB: High from 99 %, Medium from 97.
    const running = full(0.98);
    const { send, at, simulation, recorder, model, server } = running;
    at(second, () => {
      send(outside, ['u']);
      send('v', ['u']);
      send('u', ['u']);
      putIntoPickup(running, 'M1');
    });
    simulation.runUntil(minute);
    expect(levels(running, 'M1')).toEqual(['0 queue-disk medium', '0 log-disk medium']);
    expect(recorder.refusals).toEqual([{ atMs: second, server: server('M1') }]);
    expect(recorder.ended_.map(({ message }) => message).sort()).toEqual([2, 3]);
    expect(model.audit().alive).toBe(2);
    model.backPressure.endFill(server('M1'), 0.98);
    simulation.runUntil(2 * minute);
    expect(model.audit().alive).toBe(1);
    simulation.runUntil(16 * minute);
    expect(model.audit().alive).toBe(0);
  });

  it('BP-02: High: other servers, and Mailbox Transport Submission as well', () => {
    const running = full(0.99);
    const { send, at, simulation, recorder, model } = running;
    at(second, () => {
      send('v', ['u']);
      send('u', ['u']);
    });
    simulation.runUntil(10 * second);
    expect(levels(running, 'M1')).toEqual(['0 queue-disk high', '0 log-disk high']);
    expect(recorder.refusals).toHaveLength(2);
    expect(recorder.ended_).toEqual([]);
    expect(model.audit().alive).toBe(2);
    expect(queues(running)).toEqual({ 'M2 Site:A;Version:15': 'Retry 1' });
  });

  it('CAP-44: what is in the queues of a server that is full goes on', () => {
    const running = full(0.99);
    const { send, at, simulation, recorder, model, server } = running;
    model.backPressure.endFill(server('M1'), 0.99);
    model.beginServiceOutage(server('M2'), 'transport');
    send('u', ['v']);
    at(second, () => model.backPressure.beginFill(server('M1'), 1));
    at(70 * second, () => model.endServiceOutage(server('M2'), 'transport'));
    simulation.runUntil(3 * minute);
    expect(recorder.ended_.map(({ end }) => end)).toEqual(['delivered']);
    expect(levels(running, 'M1')).toEqual(
      ['0 queue-disk high', '0 log-disk high', '2 queue-disk high'].slice(2).concat('2 log-disk high'),
    );
  });

  it('BP-01: a refused sender outside is told so by the front end, and tries again after its own interval', () => {
    const running = full(0.98, oneSite);
    const { send, at, simulation, model, server, recorder } = running;
    at(second, () => send(outside, ['u']));
    at(minute, () => model.backPressure.endFill(server('M1'), 0.98));
    simulation.runUntil(20 * minute);
    expect(refusalsAt(running)).toEqual([1]);
    expect(recorder.ended_).toMatchObject([{ end: 'delivered', stageMs: { retryWait: 15 * minute } }]);
  });

  it('BP-02: a refused submission waits in the outbox', () => {
    const running = full(1, oneSite);
    const { send, at, simulation, model, server, recorder } = running;
    at(second, () => send('u', ['w']));
    at(90 * second, () => model.backPressure.endFill(server('M1'), 1));
    simulation.runUntil(20 * minute);
    expect(refusalsAt(running)).toEqual([1, 61]);
    expect(recorder.ended_).toMatchObject([{ atMs: 121 * second, stageMs: { submission: 2 * minute } }]);
  });

  test.each([0.98, 1])('BP-02: a Pickup directory waits at Medium and High alike (%s)', (used) => {
    const running = full(used, oneSite);
    const { at, simulation, model, server, recorder } = running;
    putIntoPickup(running, 'M1');
    at(12 * second, () => model.backPressure.endFill(server('M1'), used));
    simulation.runUntil(14 * second);
    expect(recorder.ended_).toEqual([]);
    // The poll of the directory after the poll of the disk.
    simulation.runUntil(15 * second);
    expect(recorder.ended_).toHaveLength(1);
    expect(refusalsAt(running)).toEqual([]);
  });
});

describe('CAP-46: the hop before', () => {
  /** M2 sends M1 a message a second; the disk of M1 is full for ten minutes. */
  function filledForTenMinutes() {
    const running = pressed(twoSites, {}, relaying);
    const { at, send, model, server } = running;
    for (let seconds = 0; seconds < 20 * 60; seconds++) at(seconds * second + 500, () => send('v', ['u']));
    at(minute, () => model.backPressure.beginFill(server('M1'), 1));
    at(11 * minute, () => model.backPressure.endFill(server('M1'), 1));
    return running;
  }

  it('CAP-46: its queue grows, by the ladder of retries, until the server takes mail again', () => {
    const running = filledForTenMinutes();
    const { simulation, model, recorder } = running;
    const lengthAt = (ms: number) => {
      simulation.runUntil(ms);
      model.audit();
      return Object.values(queues(running));
    };
    expect(lengthAt(minute - 1)).toEqual([]);
    expect(lengthAt(3 * minute)).toEqual(['Retry 120']);
    expect(lengthAt(11 * minute)).toEqual(['Retry 600']);
    // Retries after 1, 2, 3 and 4 minutes, then every 5: at 60.5 s + 4 min, 9 and 14.
    expect(lengthAt(15 * minute)).toEqual(['Retry 840']);
    expect(lengthAt(15 * minute + second)).toEqual([]);
    expect(recorder.attempts.map(({ outcome }) => outcome)).toEqual([
      ...['failed', 'failed', 'failed', 'failed', 'failed'],
      ...['failed', 'connected'],
    ]);
    // One each time that it tried.
    expect(recorder.refusals).toHaveLength(6);
    simulation.runUntil(30 * minute);
    expect(model.audit().alive).toBe(0);
  });

  it('RT-37: where another server may take it, that one does, and nothing waits', () => {
    const running = pressed(
      { ...twoSites, servers: { ...twoSites.servers, M3: { site: 'A', roles: ['mailbox'] } } },
      {},
      relaying,
    );
    const { send, at, simulation, model, server, recorder } = running;
    model.backPressure.beginFill(server('M1'), 1);
    for (let seconds = 1; seconds <= 10; seconds++) at(seconds * second, () => send('v', ['u']));
    simulation.runUntil(minute);
    expect(recorder.refusals.length).toBeGreaterThan(0);
    expect(recorder.ended_).toHaveLength(10);
    expect(recorder.attempts).toEqual([]);
    expect(recorder.hops.every(({ to }) => to === server('M3'))).toBe(true);
  });

  it('BP-02: over a session that stands each message is asked for itself', () => {
    const running = pressed(
      twoSites,
      {},
      {
        ...relaying,
        hardware: { ...instant, relayTime: 10 * second },
      },
    );
    const { send, at, simulation, model, server, recorder } = running;
    for (let sent = 0; sent < 5; sent++) send('v', ['u']);
    at(15 * second, () => model.backPressure.beginFill(server('M1'), 1));
    simulation.runUntil(40 * second);
    // The second was on its way; the third is refused.
    expect(recorder.hops).toHaveLength(2);
    expect(queues(running)).toEqual({ 'M2 Site:A;Version:15': 'Retry 3' });
    expect(refusalsAt(running)).toEqual([20]);
    model.audit();
  });
});

/** The queues in which something waits, with status and length. */
function queues({ model }: RunningOrganization): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: model.queueCount }, (_, queue) => queue)
      .filter((queue) => model.queueMessages(queue) > 0)
      .map((queue) => [
        `${model.topology.servers[model.queueServer(queue)]!.name} ${model.queueKey(queue).nextHopDomain}`,
        `${model.queueStatusNow(queue)} ${model.queueMessages(queue)}`,
      ]),
  );
}

function putIntoPickup({ model, server }: RunningOrganization, name: string): void {
  const { addressBook } = model;
  const [from, to] = ['u', 'u'].map((user) => addressBook.intern(`${user}@contoso.com`));
  model.pickupDirectories.put(server(name), from!, [to!], 1_024, 100);
}

import { describe, expect, it } from 'vitest';
import { run } from './small-organization.js';

const minute = 60_000;
const hour = 60 * minute;

/** A message that waits on A1 for D1, which is down from the start; attempts take no time. */
function deadHop(transport: Record<string, number> = {}) {
  const organization = run(
    {
      links: { 'A-D': 10 },
      servers: { A1: 'A', D1: { site: 'D', roles: ['mailbox'] } },
      databases: { DBA: ['A1'], DBD: ['D1'] },
      mailboxes: { a: 'DBA', d: 'DBD' },
    },
    {
      hardware: {
        distribution: { kind: 'deterministic' },
        submissionTime: 0,
        connectTime: 0,
        commitTime: 0,
        categorizerTime: 0,
        cpuPerMessage: 0,
      },
      transport: { connectTimeout: 0, ...transport },
    },
  );
  const { model, server } = organization;
  model.beginServerOutage(server('D1'));
  // To somebody on A1 as well, so that A1 is the nearest group and queues the rest (RT-54).
  organization.at(0, () => organization.send('a', ['d', 'a']));
  return organization;
}

describe('MI-01: the retry ladder of a dead remote hop (WE-20)', () => {
  it('WE-20: attempts at minutes 1 to 4, 9 to 34 every 5, then every 10, to the millisecond', () => {
    const { simulation, recorder } = deadHop();
    // At 12 h the queue is resubmitted (MI-03).
    simulation.runUntil(12 * hour - 1);
    const everyTen = Array.from({ length: 68 }, (_, retry) => 44 + 10 * retry);
    expect(recorder.attempts.map(({ startMs }) => startMs / minute)).toEqual([
      ...[0, 1, 2, 3, 4, 9, 14, 19, 24, 29, 34],
      ...everyTen,
    ]);
    expect(everyTen.at(-1)).toBe(714);
    expect(recorder.attempts.map(({ stage }) => stage)).toEqual([
      ...Array(5).fill('glitch'),
      ...Array(6).fill('transient'),
      ...Array(68).fill('interval'),
    ]);
    expect(recorder.attempts.map(({ attempt }) => attempt)).toEqual(Array.from({ length: 79 }, (_, n) => n));
    expect(new Set(recorder.attempts.map(({ outcome }) => outcome))).toEqual(new Set(['failed']));
  });

  it('WE-20, MI-03, MI-04, MI-05: delay notice at 4 h, resubmission at 12 h, expiry at 48 h from submission', () => {
    const { simulation, recorder, model } = deadHop();
    simulation.runUntil(49 * hour);
    expect(recorder.delayNotices).toEqual([{ atMs: 4 * hour, message: 1 }]);
    expect(recorder.resubmissions[0]).toMatchObject({ atMs: 12 * hour, cause: 'idle', messages: 1 });
    const expired = recorder.ended_.filter((row) => row.end === 'expired');
    expect(expired).toHaveLength(1);
    expect(expired[0]).toMatchObject({ atMs: 48 * hour, message: 1, code: '4.4.7' });
    // Notice and NDR reach the sender's mailbox.
    const notifications = recorder.ended_.filter((row) => row.kind !== 'mail');
    expect(notifications.map(({ kind, end }) => [kind, end])).toEqual([
      ['delay-notice', 'delivered'],
      ['ndr', 'delivered'],
    ]);
    expect(model.audit().alive).toBe(0);
  });

  it('MI-01: a count of 0 skips its stage', () => {
    const { simulation, recorder } = deadHop({ queueGlitchRetryCount: 0, transientFailureRetryCount: 1 });
    simulation.runUntil(30 * minute);
    expect(recorder.attempts.map(({ startMs, stage }) => [startMs / minute, stage])).toEqual([
      [0, 'transient'],
      [5, 'transient'],
      [15, 'interval'],
      [25, 'interval'],
    ]);
  });

  it('MI-01, CAP-65: each interval runs from the end of the attempt before', () => {
    const { simulation, recorder } = deadHop({ connectTimeout: 21_000 });
    simulation.runUntil(10 * minute);
    expect(recorder.attempts.map(({ startMs }) => startMs)).toEqual([0, 81_000, 162_000, 243_000, 324_000]);
    expect(recorder.attempts.every(({ durationMs }) => durationMs === 21_000)).toBe(true);
  });

  it('CAP-51: a hop that returns is noticed at the next attempt', () => {
    const { simulation, recorder, model, server, at } = deadHop();
    at(35 * minute, () => model.endServerOutage(server('D1')));
    simulation.runUntil(2 * hour);
    const last = recorder.attempts.at(-1);
    expect(last).toMatchObject({
      startMs: 44 * minute,
      outcome: 'connected',
      attempt: 11,
      stage: 'interval',
    });
    const [row] = recorder.ended_.filter(({ recipient }) => recipient === 1);
    expect(row).toMatchObject({ end: 'delivered', submittedMs: 0 });
    expect(row!.stageMs['retryWait']).toBe(44 * minute);
  });

  it('MI-04: no delay notice where it is switched off, and none for a notification', () => {
    const organization = run(
      {
        servers: { A1: 'A' },
        databases: { DBA: ['A1'] },
        mailboxes: { a: 'DBA' },
      },
      {
        hardware: { distribution: { kind: 'deterministic' } },
        transport: { internalDelayDsnEnabled: false },
      },
    );
    organization.at(0, () => organization.send('a', ['x@nowhere.example']));
    organization.simulation.runUntil(60 * hour);
    expect(organization.recorder.delayNotices).toEqual([]);
    // CN-04, QU-01: without a connector the recipient waits in the Unreachable queue until it expires.
    expect(organization.recorder.ended_.map(({ end, code }) => [end, code])).toEqual([
      ['expired', '4.4.7'],
      ['delivered', null],
    ]);
  });

  it('MI-01: a queue that grows while its hop is silent still goes into Retry, and makes one attempt at a time', () => {
    const { simulation, recorder, at, send } = deadHop({ connectTimeout: 21_000 });
    for (let second = 1; second < 600; second++) at(second * 1_000, () => send('a', ['d', 'a']));
    simulation.runUntil(10 * minute);
    expect(recorder.attempts.map(({ startMs }) => startMs)).toEqual([0, 81_000, 162_000, 243_000, 324_000]);
  });

  it('CAP-65: a mailbox queue that grows while its database does not answer goes into Retry', () => {
    const { simulation, recorder, model, at, send, database } = run(
      {
        servers: { B1: { site: 'B', roles: ['mailbox'] }, C1: { site: 'B', roles: ['client-access'] } },
        databases: { DB1: ['B1'] },
        mailboxes: { u: 'DB1' },
      },
      { hardware: { distribution: { kind: 'deterministic' } } },
    );
    for (let tenth = 0; tenth < 6_000; tenth++) at(tenth * 100, () => send('x@out.example', ['u']));
    at(minute, () => model.beginDatabaseOutage(database('DB1')));
    simulation.runUntil(20 * minute);
    // One session was at work when it stopped answering, more were opened as the queue grew in the next 6 s: the end
    // of the last one counts.
    const [first, ...others] = recorder.attempts;
    expect(first!.startMs).toBeLessThan(minute + 7_000);
    const endMs = first!.startMs + first!.durationMs;
    expect(others.map(({ startMs }) => startMs)).toEqual(
      [1, 2, 3].map((cycle) => endMs - 6_000 + cycle * 306_000),
    );
  });

  it('MI-05: what came of age while its server was down expires when it starts, the oldest too', () => {
    const { simulation, recorder, model, server, at, send } = deadHop({
      messageExpirationTimeout: 2 * hour,
      delayNotificationTimeout: hour,
    });
    for (const ms of [1_000, 2_000]) at(ms, () => send('a', ['d', 'a']));
    at(30 * minute, () => model.beginServiceOutage(server('A1'), 'transport'));
    at(3 * hour, () => model.endServerOutage(server('D1')));
    at(3.5 * hour, () => model.endServiceOutage(server('A1'), 'transport'));
    simulation.runUntil(4 * hour);
    const toD = recorder.ended_.filter(({ recipient, kind }) => recipient === 1 && kind === 'mail');
    expect(toD.map(({ end, code, atMs }) => [end, code, atMs])).toEqual(
      Array(3).fill(['expired', '4.4.7', 3.5 * hour]),
    );
    expect(model.audit().alive).toBe(0);
  });

  it('MI-04: the notice that came due while its server was down goes out when it starts, before anything is tried', () => {
    const { simulation, recorder, model, server, at } = deadHop({ connectTimeout: 21_000 });
    at(3 * hour, () => model.beginServiceOutage(server('A1'), 'transport'));
    at(6 * hour, () => model.endServiceOutage(server('A1'), 'transport'));
    simulation.runUntil(7 * hour);
    expect(recorder.delayNotices.map(({ atMs }) => atMs)).toEqual([6 * hour]);
  });
});

import { describe, expect, it } from 'vitest';
import { deterministicHardware, run } from './small-organization.js';

const second = 1_000;
const minute = 60 * second;

function oneServer(settings = {}) {
  return run(
    {
      servers: {
        B1: { site: 'Berlin', roles: ['mailbox'] },
        C1: { site: 'Berlin', roles: ['client-access'] },
      },
      databases: { DB1: ['B1'] },
      mailboxes: {
        u1: 'DB1',
        u2: 'DB1',
        full: { database: 'DB1', quotaExceeded: true },
        small: { database: 'DB1', maxReceiveSizeBytes: 1_024 },
      },
      connectors: [{ name: 'Internet', sourceServers: ['B1'] }],
    },
    { ...deterministicHardware, ...settings },
  );
}

describe('delivery to a mailbox database', () => {
  it('CAP-65, CAP-66: a database that does not answer is tried on a grid of 300 s from the end of a 6 s attempt, one message a cycle', () => {
    const { simulation, model, recorder, at, send, database } = oneServer();
    model.beginDatabaseOutage(database('DB1'));
    for (let message = 0; message < 3; message++) {
      at(message * 20 * second, () => send('x@outside.example', ['u1']));
    }
    simulation.runUntil(32 * minute);
    const starts = recorder.attempts.map(({ startMs }) => startMs);
    // Front end 20, connect 10, commit 100 (nobody to shadow with), categorizer 75.
    expect(starts).toEqual([0, 1, 2, 3, 4, 5, 6].map((cycle) => 205 + cycle * 306 * second));
    expect(recorder.attempts.every(({ durationMs }) => durationMs === 6 * second)).toBe(true);
    expect(recorder.attempts.every(({ stage, outcome }) => stage === 'mailbox' && outcome === 'failed')).toBe(
      true,
    );
    // Each message was tried in turn: 1 2 3 1 2 3 1. Back at 32 min the next attempt is message 2's.
    at(32 * minute, () => model.endDatabaseOutage(database('DB1')));
    simulation.runUntil(60 * minute);
    expect(recorder.ended_.map(({ message }) => message)).toEqual([2, 3, 1]);
    expect(recorder.ended_[0]!.atMs).toBeCloseTo(205 + 7 * 306 * second + 90, 6);
    expect(recorder.attempts.at(-1)).toMatchObject({ attempt: 7, outcome: 'connected' });
  });

  it('CAP-66: attemptsPerRetryCycle messages are tried in a cycle', () => {
    const { simulation, model, recorder, at, send, database } = oneServer({
      mailboxTransport: { attemptsPerRetryCycle: 2 },
    });
    model.beginDatabaseOutage(database('DB1'));
    for (let message = 0; message < 4; message++) at(message, () => send('x@outside.example', ['u1']));
    simulation.runUntil(12 * minute);
    const starts = recorder.attempts.map(({ startMs }) => startMs - 205);
    // The first failure is one attempt; each cycle then takes two, 6 s each.
    expect(starts.map((ms) => ms / second)).toEqual([0, 306, 312, 618, 624]);
  });

  it('MD-02: a dismounted database answers retry at once, and the queue waits 5 min', () => {
    const { simulation, model, recorder, at, send, server, database } = oneServer();
    const move = model.dismountDatabase(database('DB1'));
    at(0, () => send('x@outside.example', ['u1']));
    at(30 * second, () => model.activateDatabase(database('DB1'), server('B1'), move));
    simulation.runUntil(10 * minute);
    expect(recorder.attempts).toMatchObject([
      { startMs: 205, attempt: 0, stage: 'mailbox', outcome: 'failed', durationMs: 10 },
      { startMs: 215 + 5 * minute, attempt: 1, stage: 'mailbox', outcome: 'connected' },
    ]);
    expect(recorder.redirects).toEqual([]);
    expect(recorder.ended_[0]).toMatchObject({ end: 'delivered' });
  });

  it('5.2.2: a full mailbox returns the message to its sender, and to nobody else', () => {
    const { simulation, recorder, at, send } = oneServer();
    at(0, () => send('u1', ['full', 'u2']));
    simulation.runUntil(minute);
    expect(recorder.ended_.filter(({ kind }) => kind === 'mail')).toHaveLength(2);
    expect(recorder.ended_.find(({ recipient }) => recipient === 2)).toMatchObject({
      end: 'returned',
      code: '5.2.2',
    });
    expect(recorder.ended_.find(({ recipient }) => recipient === 1)).toMatchObject({ end: 'delivered' });
    expect(recorder.ended_.find(({ recipient }) => recipient === 0)).toMatchObject({
      end: 'delivered',
      kind: 'ndr',
    });
  });

  it('NDR-01: a full mailbox on another server is reported by the server that sent, which names the other', () => {
    const { simulation, recorder, model, server, send } = run(
      {
        links: { 'A-B': 10 },
        servers: { A1: 'A', B1: 'B' },
        dags: { D: ['A1', 'B1'] },
        databases: { DBA: ['A1'], DBB: ['B1'] },
        mailboxes: {
          a: 'DBA',
          here: { database: 'DBA', quotaExceeded: true },
          there: { database: 'DBB', quotaExceeded: true },
        },
      },
      { ...deterministicHardware, mailboxTransport: { submissionReach: 'own-site' } },
    );
    // Mailbox Transport Submission would take the members of the DAG by turns.
    model.beginServiceOutage(server('B1'), 'transport');
    for (const to of ['here', 'there']) send('a', [to]);
    simulation.runUntil(minute);
    const text = '554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException';
    const texts = recorder.ended_.filter(({ code }) => code === '5.2.2').map((row) => row.text);
    expect(texts).toEqual([text, `Remote Server at B1.contoso.com returned '${text}'`]);
  });

  it('5.1.1, 5.1.3, 5.2.3: what the resolver cannot place goes back, one notification for all', () => {
    const { simulation, recorder, at, send } = oneServer();
    at(0, () => send('u1', ['nobody', 'a@b@c', 'small', 'u2']));
    simulation.runUntil(minute);
    const codes = recorder.ended_.filter(({ end }) => end === 'returned').map(({ code }) => code);
    expect([...codes].sort()).toEqual(['5.1.1', '5.1.3', '5.2.3']);
    expect(recorder.ended_.filter(({ kind }) => kind === 'ndr')).toHaveLength(1);
  });

  it('a notification that cannot be delivered makes no further notification', () => {
    const { simulation, recorder, model, at, send } = oneServer();
    at(0, () => send('full', ['nobody']));
    simulation.runUntil(minute);
    expect(recorder.ended_.map(({ kind, end, code }) => [kind, end, code])).toEqual([
      ['mail', 'returned', '5.1.1'],
      ['ndr', 'returned', '5.2.2'],
    ]);
    expect(model.audit().alive).toBe(0);
  });

  it('AS-05: a message larger than a link of its path is returned with 5.3.4; at the limit it passes', () => {
    const { simulation, recorder, at, send } = run(
      {
        links: { 'A-B': { cost: 10, maxMessageSizeBytes: 5 * 1_048_576 } },
        servers: { A1: 'A', B1: { site: 'B', roles: ['mailbox'] } },
        databases: { DBA: ['A1'], DBB: ['B1'] },
        mailboxes: { a: 'DBA', b: 'DBB' },
      },
      deterministicHardware,
    );
    at(0, () => send('a', ['a', 'b'], 5 * 1_048_576));
    at(second, () => send('a', ['a', 'b'], 5 * 1_048_576 + 1));
    simulation.runUntil(minute);
    const toB = recorder.ended_.filter(({ recipient }) => recipient === 1);
    expect(toB.map(({ message, end, code }) => [message, end, code]).sort()).toEqual([
      [1, 'delivered', null],
      [2, 'returned', '5.3.4'],
    ]);
  });

  it('CAP-21, MD-03: a queue opens one more session for every 20 messages, at most 8 to a database', () => {
    const { simulation, model, recorder, at, send, database } = oneServer({
      mailboxTransport: { failedAttemptTime: 6_000, recipientThreadLimit: 8 },
    });
    // 200 messages wait when the database comes back; 8 sessions of 80 ms a message, 20 messages to a session.
    model.beginDatabaseOutage(database('DB1'));
    for (let message = 0; message < 200; message++)
      at(second + message, () => send('x@outside.example', ['u1']));
    at(4 * minute, () => model.endDatabaseOutage(database('DB1')));
    simulation.runUntil(10 * minute);
    const ends = recorder.ended_.map(({ atMs }) => atMs);
    expect(ends).toHaveLength(200);
    /*
     * Eight slots of 75 ms categorize the 141st message until 2,484 ms: that is when the eighth session opens, all in
     * vain. 6 s and 300 s later the retry gets through, after 10 ms to connect; seven more sessions of 10 ms open with it.
     * All eight go on side by side, 100 messages a second (CAP-22), each to its twentieth message. The first to have
     * sent so many leaves 47, for which three sessions are enough, and closes. Of the seven others the fifth and the
     * sixth leave 42 and 41 and two sessions: each is followed by a new one; the last leaves 40, and is not.
     */
    const begunMs = 2_484 + 306_000 + 10;
    const twenty = (fromMs: number) =>
      Array.from({ length: 20 }, (_, message) => fromMs + 80 * (message + 1));
    const seven = twenty(begunMs + 10);
    const two = twenty(begunMs + 10 + 1_600 + 10);
    const expected = [twenty(begunMs), ...Array<number[]>(7).fill(seven), two, two].flat();
    expect(ends).toEqual(expected.sort((x, y) => x - y));
  });

  it('an attempt under way when its queue is resubmitted is a retry like any other', () => {
    const { simulation, model, recorder, at, send, server, database } = oneServer();
    model.beginDatabaseOutage(database('DB1'));
    at(0, () => send('x@outside.example', ['u1']));
    // The first retry runs from 306.205 s to 312.205 s.
    at(310 * second, () => {
      expect(model.resubmitQueues(server('B1'), ({ nextHopDomain }) => nextHopDomain === 'DB1')).toBe(1);
    });
    at(311 * second, () => model.endDatabaseOutage(database('DB1')));
    simulation.runUntil(20 * minute);
    expect(recorder.attempts.map(({ startMs, attempt }) => [startMs, attempt])).toEqual([
      [205, 0],
      [205 + 306 * second, 1],
    ]);
    expect(recorder.ended_[0]).toMatchObject({ end: 'delivered' });
    // It failed at 312.205 s and went straight to the categorizer: 75 ms, connect 10 ms, write 80 ms.
    expect(recorder.ended_[0]!.atMs).toBe(205 + 312 * second + 165);
  });

  it('a stopped Transport service resubmits nothing', () => {
    const { simulation, model, recorder, at, send, server, database } = oneServer();
    model.beginDatabaseOutage(database('DB1'));
    at(0, () => send('x@outside.example', ['u1']));
    at(minute, () => model.beginServiceOutage(server('B1'), 'transport'));
    at(2 * minute, () => {
      expect(model.resubmitQueues(server('B1'), () => true)).toBe(0);
    });
    simulation.runUntil(5 * minute);
    expect(recorder.resubmissions).toEqual([]);
    expect(model.audit().alive).toBe(1);
  });

  it('a failure after a retry that got through begins a ladder of its own, on the same session too', () => {
    const { simulation, model, recorder, at, send, database } = oneServer();
    model.beginDatabaseOutage(database('DB1'));
    at(0, () => send('x@outside.example', ['u1']));
    at(second, () => send('x@outside.example', ['u1']));
    // The first retry, at 306.205 s, finds the database back for its one message; the next one does not.
    at(300 * second, () => model.endDatabaseOutage(database('DB1')));
    at(306 * second + 250, () => model.beginDatabaseOutage(database('DB1')));
    simulation.runUntil(320 * second);
    expect(recorder.attempts.map(({ attempt, outcome }) => [attempt, outcome])).toEqual([
      [0, 'failed'],
      [1, 'connected'],
      [0, 'failed'],
    ]);
  });

  it('a retry that gets through after its queue was resubmitted is counted', () => {
    const { simulation, model, recorder, at, send, server, database } = oneServer({
      hardware: { distribution: { kind: 'deterministic' }, connectTime: 1_000 },
    });
    model.beginDatabaseOutage(database('DB1'));
    at(0, () => send('x@outside.example', ['u1']));
    at(100 * second, () => model.endDatabaseOutage(database('DB1')));
    // Queued at 1.195 s, failed at 7.195 s; the retry connects from 307.195 to 308.195 s.
    at(307 * second + 700, () => model.resubmitQueues(server('B1'), () => true));
    simulation.runUntil(320 * second);
    expect(recorder.attempts.map(({ attempt, outcome }) => [attempt, outcome])).toEqual([
      [0, 'failed'],
      [1, 'connected'],
    ]);
  });
});

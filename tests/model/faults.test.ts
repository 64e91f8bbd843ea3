import { describe, expect, it } from 'vitest';
import { injectFault } from '../../src/scenario/index.js';
import { deterministicHardware, run } from './small-organization.js';

const second = 1_000;

function threeHolders() {
  return run(
    {
      servers: { S1: 'A', S2: 'A', S3: 'A' },
      dags: { DAG1: ['S1', 'S2', 'S3'] },
      databases: { DB1: ['S1', 'S2', 'S3'] },
      mailboxes: { u1: 'DB1', u2: 'DB1' },
    },
    deterministicHardware,
  );
}

describe('faults at one instant', () => {
  for (const order of ['first', 'last'] as const) {
    it(`a move that begins when another ends starts from where that one led, listed ${order}`, () => {
      const organization = threeHolders();
      const { simulation, model, recorder, at, send, server } = organization;
      const toS2 = {
        kind: 'database-move',
        database: 'DB1',
        to: 'S2',
        beginMs: 10 * second,
        endMs: 40 * second,
      } as const;
      const toS3 = {
        kind: 'database-move',
        database: 'DB1',
        to: 'S3',
        beginMs: 40 * second,
        endMs: 70 * second,
      } as const;
      for (const fault of order === 'first' ? [toS2, toS3] : [toS3, toS2]) injectFault(fault, model);
      at(100 * second, () => send('x@outside.example', ['u1']));
      simulation.runUntil(110 * second);
      expect(recorder.ended_).toMatchObject([{ end: 'delivered', server: server('S3') }]);
    });
  }

  it('a move without outage is over at once', () => {
    const { simulation, model, recorder, at, send, server } = threeHolders();
    injectFault({ kind: 'database-move', database: 'DB1', to: 'S2', beginMs: second, endMs: second }, model);
    at(2 * second, () => send('x@outside.example', ['u1']));
    simulation.runUntil(10 * second);
    expect(recorder.ended_).toMatchObject([{ end: 'delivered', server: server('S2') }]);
  });
});

describe('Mailbox Transport Submission while a copy moves', () => {
  it('RT-53: a message that the old holder has not yet taken from the mailbox is submitted where the copy is now', () => {
    const { simulation, model, recorder, at, send, database, server } = threeHolders();
    // Read in 20 ms each, side by side.
    for (const ms of [0, 20]) {
      at(ms, () => {
        for (let message = 0; message < 10; message++) send('u1', ['u2']);
      });
    }
    at(30, () => {
      model.activateDatabase(database('DB1'), server('S2'), model.dismountDatabase(database('DB1')));
    });
    simulation.runUntil(60 * second);
    expect(recorder.ended_.filter(({ end }) => end === 'delivered')).toHaveLength(20);
    // Those that S1 had begun with at 20 ms are thrown back at 40 ms and taken by S2, 20 ms and 10 ms to connect.
    const submissionMs = recorder.ended_.map(({ stageMs }) => stageMs['submission']!).sort((a, b) => a - b);
    expect(submissionMs[0]).toBe(30);
    expect(submissionMs.at(-1)).toBe(50);
    expect(model.audit().alive).toBe(0);
  });

  it('RT-53, A-submission-threads: those that wait for a thread there are taken where the copy is now, at once', () => {
    const { simulation, model, recorder, at, send, database, server } = threeHolders();
    // 20 threads are busy until Transport has acknowledged, for more than 100 ms.
    at(0, () => {
      for (let message = 0; message < 40; message++) send('u1', ['u2']);
    });
    at(50, () => {
      model.activateDatabase(database('DB1'), server('S2'), model.dismountDatabase(database('DB1')));
    });
    simulation.runUntil(60 * second);
    const submissionMs = recorder.ended_.map(({ stageMs }) => stageMs['submission']!).sort((a, b) => a - b);
    expect(submissionMs).toEqual([...Array(20).fill(30), ...Array(20).fill(50 + 30)]);
    expect(model.audit().alive).toBe(0);
  });
});

describe('links', () => {
  it('a cut that begins and ends while a message is on its way breaks the session', () => {
    const { simulation, model, recorder, at, send, link } = run(
      {
        links: { 'A-B': { cost: 10, latencyMs: 500 } },
        servers: { A1: 'A', B1: { site: 'B', roles: ['mailbox'] } },
        databases: { DBA: ['A1'], DBB: ['B1'] },
        mailboxes: { a: 'DBA', b: 'DBB' },
      },
      deterministicHardware,
    );
    at(0, () => send('a', ['a', 'b']));
    // Queued at 235 ms, connected 1,010 ms later; 1,500 ms of transfer follow.
    at(1_500, () => model.beginLinkOutage(link('A-B')));
    at(1_600, () => model.endLinkOutage(link('A-B')));
    simulation.runUntil(120 * second);
    expect(recorder.attempts.map(({ attempt, outcome }) => [attempt, outcome])).toEqual([
      [0, 'failed'],
      [1, 'connected'],
    ]);
    expect(recorder.ended_.filter(({ end }) => end === 'delivered')).toHaveLength(2);
  });
});

describe('moves of one database', () => {
  const move = (to: string, begin: number, end: number) =>
    ({ kind: 'database-move', database: 'DB1', to, beginMs: begin * second, endMs: end * second }) as const;

  it('of two that overlap the later one leads, and the database is dismounted until it ends', () => {
    const { simulation, model, recorder, at, send, server } = threeHolders();
    injectFault(move('S2', 10, 40), model);
    injectFault(move('S3', 20, 60), model);
    at(45 * second, () => send('x@outside.example', ['u1']));
    simulation.runUntil(600 * second);
    expect(recorder.attempts.map(({ outcome }) => outcome)).toEqual(['failed', 'connected']);
    expect(recorder.ended_).toMatchObject([{ end: 'delivered', server: server('S3') }]);
  });

  it('a target that is down cannot take over: the old copy is mounted again', () => {
    const { simulation, model, recorder, at, send, server } = threeHolders();
    at(5 * second, () => model.beginServerOutage(server('S2')));
    injectFault(move('S2', 10, 40), model);
    at(50 * second, () => send('x@outside.example', ['u1']));
    simulation.runUntil(150 * second);
    expect(recorder.ended_).toMatchObject([{ end: 'delivered', server: server('S1') }]);
  });
});

describe('what a resubmission leaves behind', () => {
  it('a copy that got through nevertheless is treated like any other on its next server', () => {
    const { simulation, model, recorder, at, send, server, database } = run(
      {
        links: { 'A-B': 10 },
        servers: { A1: 'A', B1: { site: 'B', roles: ['mailbox'] } },
        databases: { DBA: ['A1'], DBB: ['B1'] },
        mailboxes: { a: 'DBA', b: 'DBB' },
      },
      deterministicHardware,
    );
    model.beginDatabaseOutage(database('DBB'));
    at(0, () => send('a', ['a', 'b']));
    // Queued on A1 at 205 ms, connected at 215 ms, accepted by B1 at 335 ms.
    at(300, () => model.resubmitQueues(server('A1'), () => true));
    simulation.runUntil(60 * second);
    // Once on A1, once on B1: the failed attempt there leaves it in the queue.
    expect(recorder.categorized_).toBe(2);
    expect(model.audit().alive).toBe(1);
  });
});

describe('mail that nobody takes', () => {
  it('A-outside-give-up: an outside sender gives up at its first attempt after two days', () => {
    const { simulation, model, recorder, at, send, server } = threeHolders();
    for (const name of ['S1', 'S2', 'S3']) model.beginServiceOutage(server(name), 'transport');
    at(0, () => send('x@outside.example', ['u1']));
    simulation.runUntil(50 * 3_600 * second);
    expect(recorder.ended_).toMatchObject([{ end: 'returned', code: '4.7.0', server: -1 }]);
    expect(recorder.ended_[0]!.atMs).toBeGreaterThanOrEqual(48 * 3_600 * second);
    expect(recorder.ended_[0]!.atMs).toBeLessThan(48 * 3_600 * second + 900 * second);
    expect(model.audit().alive).toBe(0);
  });

  it('a notification that expires makes no further one', () => {
    const { simulation, model, recorder, at, send } = threeHolders();
    // Without a connector the NDR to the outside sender waits in the Unreachable queue.
    at(0, () => send('x@outside.example', ['nobody@contoso.com']));
    simulation.runUntil(100 * 3_600 * second);
    expect(recorder.ended_.map(({ kind, end }) => [kind, end])).toEqual([
      ['mail', 'returned'],
      ['ndr', 'expired'],
    ]);
    expect(model.audit().alive).toBe(0);
  });
});

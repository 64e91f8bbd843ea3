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
    // 40 messages at once: 20 are taken side by side, 20 ms each, the others wait.
    at(0, () => {
      for (let message = 0; message < 40; message++) send('u1', ['u2']);
    });
    at(30, () => {
      model.activateDatabase(database('DB1'), server('S2'), model.dismountDatabase(database('DB1')));
    });
    simulation.runUntil(60 * second);
    expect(recorder.ended_.filter(({ end }) => end === 'delivered')).toHaveLength(40);
    // Those that S1 had begun with at 20 ms are thrown back at 40 ms and taken by S2 in two turns of 20 ms.
    const submissionMs = recorder.ended_.map(({ stageMs }) => stageMs['submission']!).sort((a, b) => a - b);
    expect(submissionMs[0]).toBe(30);
    expect(submissionMs.at(-1)).toBe(70);
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

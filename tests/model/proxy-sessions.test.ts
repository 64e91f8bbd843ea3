import { describe, expect, it } from 'vitest';
import { run, type SmallOrganization } from './small-organization.js';

const second = 1_000;
const minute = 60 * second;

/** A front end and a mailbox server without Transport nearby: what they bring goes from A to B, 50 ms away. */
const apart: SmallOrganization = {
  links: { 'A-B': { cost: 10, latencyMs: 50 } },
  servers: { A1: 'A', B1: 'B' },
  databases: { DA: ['A1'], DB: ['B1'] },
  mailboxes: { a: 'DA', b: 'DB' },
};

describe('what Submission and Front End Transport bring to another site', () => {
  for (const [what, from] of [
    ['Mailbox Transport Submission', 'a'],
    ['Front End Transport', 'x@out.example'],
  ] as const) {
    it(`A-smtp-round-trips: ${what}: the way is transfer, what the receiver does acceptance`, () => {
      const { simulation, model, recorder, server, send } = run(apart);
      if (from !== 'a') model.beginServiceOutage(server('B1'), 'front-end');
      send(from, ['b']);
      simulation.runUntil(minute);
      const [{ stageMs, atMs, hops }] = recorder.ended_ as [(typeof recorder.ended_)[number]];
      expect(hops).toBe(1);
      // 20 ms of work, 10 ms and two ways to connect; three ways for the message.
      expect(stageMs).toMatchObject({ submission: 20 + 10 + 2 * 50, transfer: 3 * 50, accept: 100 });
      expect(Object.values(stageMs).reduce((sum, ms) => sum + ms, 0)).toBe(atMs);
    });
  }

  it('a session that breaks on the way has spent its time on the transfer', () => {
    const { simulation, model, recorder, server, at, send } = run(apart);
    // Connected at 130 ms; all would be over at 380 ms, when the sender notices.
    at(200, () => {
      model.beginServiceOutage(server('B1'), 'transport');
      model.endServiceOutage(server('B1'), 'transport');
    });
    send('a', ['b']);
    simulation.runUntil(5 * minute);
    // Twice from the beginning, a minute apart (A-submission-retry).
    expect(recorder.ended_[0]!.stageMs).toMatchObject({
      submission: 2 * 130 + minute,
      transfer: 250 + 150,
      accept: 100,
    });
  });
});

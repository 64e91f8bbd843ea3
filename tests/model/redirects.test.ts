import { describe, expect, it } from 'vitest';
import { domain, run } from './small-organization.js';

/**
 * One message a second, message k at second k, from outside to a database whose copies are on B1 and B2. The front
 * end's turn sends even ones to the Transport service of B1, odd ones to that of B2. All times are deterministic:
 *   0.020 front end, 0.010 connect, 0.130 shadow copy, 0.075 categorizer: message k is sent on to the holder at
 *   k + 0.235 s, and after 0.010 s to connect it reaches the holder at k + 0.245 s.
 * Each Transport service asks Active Manager with its first message and again as soon as its answer is 30 s old:
 * B1 at 0.235, 30.235, … 270.235, 300.235; B2 at 1.235, 31.235, … 271.235, 301.235.
 * The copy moves from B1 to B2 at 290.240 s, without outage.
 */
const moveAtMs = 290_240;
const reachesHolderAfterMs = 245;

function redirectedMessages(cacheAgeMs: number, refreshOnRefusal: boolean): number[] {
  const { simulation, model, recorder, at, send, server, database } = run(
    {
      servers: {
        B1: { site: 'Berlin', roles: ['mailbox'] },
        B2: { site: 'Berlin', roles: ['mailbox'] },
        C1: { site: 'Berlin', roles: ['client-access'] },
      },
      dags: { DAG1: ['B1', 'B2'] },
      databases: { DB1: ['B1', 'B2'] },
      mailboxes: { u1: 'DB1' },
    },
    {
      hardware: { distribution: { kind: 'deterministic' } },
      activeManager: { cacheAge: cacheAgeMs, refreshOnRefusal },
    },
  );
  for (let second = 0; second < 600; second++) {
    at(second * 1_000, () => send('a@outside.example', [`u1@${domain}`]));
  }
  at(moveAtMs, () => {
    const move = model.dismountDatabase(database('DB1'));
    model.activateDatabase(database('DB1'), server('B2'), move);
  });
  simulation.runUntil(900_000);

  expect(recorder.ended_.filter((row) => row.end === 'delivered')).toHaveLength(600);
  expect(model.audit().alive).toBe(0);
  for (const { believed, active, atMs } of recorder.redirects) {
    expect([believed, active]).toEqual([server('B1'), server('B2')]);
    expect(atMs).toBeGreaterThan(moveAtMs);
    // Refused where it arrives, when it arrives.
    expect(atMs % 1_000).toBe(reachesHolderAfterMs);
  }
  // Messages are numbered from 1.
  return recorder.redirects.map(({ message }) => message - 1);
}

describe('RT-55, MD-02: redirects follow from a stale belief, never from a draw', () => {
  it('redirects what was under way, and what was sent on an answer from before the move that is not yet 30 s old', () => {
    // Under way at 290.240: message 290 (sent 290.235, arrives 290.245). On B1's answer of 270.235: even ones sent
    // before 300.235. On B2's answer of 271.235: odd ones sent before 301.235; 301 itself asks anew.
    expect(redirectedMessages(30_000, false)).toEqual([290, 291, 292, 293, 294, 295, 296, 297, 298, 299]);
  });

  it('with a cache age of 0 redirects only what was under way', () => {
    expect(redirectedMessages(0, false)).toEqual([290]);
  });

  it('with refresh on refusal each server is wrong once', () => {
    // Message 290 teaches B1 at 290.320, when it is categorized again; 291 teaches B2.
    expect(redirectedMessages(30_000, true)).toEqual([290, 291]);
  });
});

describe('how long an answer is believed', () => {
  const small = {
    servers: {
      S1: { site: 'A', roles: ['mailbox'] },
      S2: { site: 'A', roles: ['mailbox'] },
      C1: { site: 'A', roles: ['client-access'] },
    },
    dags: { DAG1: ['S1', 'S2'] },
    databases: { DB1: ['S1', 'S2'] },
    mailboxes: { u1: 'DB1' },
  } as const;

  it('a rerouted message that waits does not keep its answer longer than a believed one', () => {
    const { simulation, model, recorder, at, send, server, database } = run(small, {
      hardware: { distribution: { kind: 'deterministic' }, connectTime: 1_000 },
      activeManager: { cacheAge: 0 },
    });
    for (let message = 0; message < 6; message++) at(10_000, () => send('a@outside.example', ['u1']));
    at(5_000, () => model.beginServiceOutage(server('S2'), 'mailbox-delivery'));
    const move = (to: string) =>
      model.activateDatabase(database('DB1'), server(to), model.dismountDatabase(database('DB1')));
    // Under way when the copy moves to S2, whose delivery service refuses: what was redirected waits in Retry.
    at(11_500, () => move('S2'));
    at(180_000, () => model.endServiceOutage(server('S2'), 'mailbox-delivery'));
    at(240_000, () => move('S1'));
    simulation.runUntil(600_000);
    expect(recorder.redirects.length).toBeGreaterThan(0);
    expect(recorder.redirects.every(({ atMs }) => atMs < 20_000)).toBe(true);
    expect(recorder.ended_.filter(({ end }) => end === 'delivered')).toHaveLength(6);
  });

  it('a Transport service that restarts has forgotten what it believed', () => {
    const { simulation, model, recorder, at, send, server, database } = run(small, {
      hardware: { distribution: { kind: 'deterministic' } },
      activeManager: { cacheAge: 3_600_000 },
    });
    for (const ms of [1_000, 2_000, 300_000, 301_000]) at(ms, () => send('a@outside.example', ['u1']));
    for (const name of ['S1', 'S2']) {
      at(60_000, () => model.beginServiceOutage(server(name), 'transport'));
      at(120_000, () => model.endServiceOutage(server(name), 'transport'));
    }
    at(200_000, () => {
      model.activateDatabase(database('DB1'), server('S2'), model.dismountDatabase(database('DB1')));
    });
    simulation.runUntil(600_000);
    expect(recorder.redirects).toEqual([]);
    expect(recorder.ended_).toHaveLength(4);
  });
});

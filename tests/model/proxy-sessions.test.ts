import { describe, expect, it } from 'vitest';
import { deterministicHardware, run, type SmallOrganization } from './small-organization.js';

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

describe('A-submission-threads: a thread is held until Transport has acknowledged', () => {
  const near: SmallOrganization = { servers: { A1: 'A' }, databases: { DB: ['A1'] }, mailboxes: { a: 'DB' } };
  const threads = (maxConcurrentMailboxSubmissions: number) =>
    run(near, { ...deterministicHardware, mailboxTransport: { maxConcurrentMailboxSubmissions } });
  /** 20 ms to read, 10 ms to connect, 100 ms to accept. */
  const heldMs = 130;

  it('TH, A-submission-threads: the next message is read when the one before is with Transport', () => {
    const { simulation, model, recorder, send } = threads(2);
    for (let message = 0; message < 5; message++) send('a', ['a']);
    simulation.runUntil(minute);
    expect(recorder.ended_.map(({ stageMs }) => stageMs['submission'])).toEqual(
      [0, 0, 1, 1, 2].map((turns) => turns * heldMs + 30),
    );
    expect(model.audit().alive).toBe(0);
  });

  it('A-submission-threads: who waits to try again holds none', () => {
    const { simulation, model, recorder, server, send, at } = threads(1);
    model.beginServiceOutage(server('A1'), 'transport');
    send('a', ['a']);
    send('a', ['a']);
    // The first is refused at 20 ms, the second at 40 ms.
    at(second, () => model.endServiceOutage(server('A1'), 'transport'));
    simulation.runUntil(2 * minute);
    expect(recorder.ended_.map(({ stageMs }) => stageMs['submission'])).toEqual([
      minute + 20 + 30,
      // Back in the line at 1 min 40 ms, its turn when the first is through.
      minute + 20 + heldMs + 30,
    ]);
  });

  it('A-outbox-waits: the service that stops gives all threads and the line back', () => {
    const { simulation, model, recorder, server, send, at } = threads(2);
    for (let message = 0; message < 5; message++) send('a', ['a']);
    at(heldMs + 5, () => model.beginServiceOutage(server('A1'), 'mailbox-submission'));
    at(second, () => {
      model.audit();
      model.endServiceOutage(server('A1'), 'mailbox-submission');
    });
    simulation.runUntil(minute);
    expect(recorder.ended_.map(({ stageMs }) => stageMs['submission'])).toEqual([
      30,
      30,
      second + 30,
      second + 30,
      second + heldMs + 30,
    ]);
    expect(model.audit().alive).toBe(0);
  });
});

describe('which recipients choose the Transport service', () => {
  /** A front end in A; B is nearer to it than C. */
  const near: SmallOrganization = {
    links: { 'A-B': 10, 'A-C': 20 },
    servers: { A1: { site: 'A', roles: ['client-access'] }, B1: 'B', C1: 'C' },
    databases: { DB: ['B1'], DC: ['C1'] },
    mailboxes: {
      b: 'DB',
      ...Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`c${index + 1}`, 'DC'])),
    },
    connectors: [{ name: 'Out', sourceServers: ['B1'] }],
  };
  const c = (count: number) => Array.from({ length: count }, (_, index) => `c${index + 1}`);

  for (const [place, first, recipients] of [
    ['the twentieth', 'b', ['y@out.example', ...c(19), 'b']],
    ['the twenty-first', 'c1', ['y@out.example', ...c(20), 'b']],
  ] as const) {
    it(`RT-48, UN-13: ${place} mailbox recipient is the nearest: the message is brought to that of ${first}`, () => {
      const { simulation, model, recorder, server, send } = run(near);
      for (const other of ['B1', 'C1']) model.beginServiceOutage(server(other), 'front-end');
      send('x@out.example', [...recipients]);
      simulation.runUntil(minute);
      // Those of the first server have made one hop, the others two.
      const hopsOf = (name: string) =>
        recorder.ended_.find(({ recipient }) => model.recipientAddress(recipient) === `${name}@contoso.com`)!
          .hops;
      expect([hopsOf('b'), hopsOf('c1')]).toEqual(first === 'b' ? [1, 2] : [2, 1]);
    });
  }
});

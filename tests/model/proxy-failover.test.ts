import { describe, expect, it } from 'vitest';
import { deterministicHardware, run } from './small-organization.js';

const second = 1_000;
const minute = 60 * second;

describe('RT-52, RT-54: Mailbox Transport Submission while another site is away', () => {
  /** From 10 to 40 min the sites are parted; A2 sends 2 messages/s to B, and one each 10 s to a neighbour in A. */
  function duringCut(untilMs: number) {
    const organization = run({
      links: { 'A-B': 10 },
      servers: { A1: 'A', A2: 'A', B1: 'B', B2: 'B' },
      dags: { D1: { members: ['A1', 'B1'], automaticFailover: false, witnessSite: 'A' } },
      databases: { D: ['A1', 'B1'], DA: ['A2'], DB: ['B2'] },
      mailboxes: { a: 'D', a2: 'DA', b2: 'DB' },
    });
    const { simulation, model, recorder, link, at, send } = organization;
    at(10 * minute, () => model.beginLinkOutage(link('A-B')));
    at(40 * minute, () => model.endLinkOutage(link('A-B')));
    for (let halves = 0; halves < 100 * 60; halves++) at(halves * 500, () => send('a2', ['b2']));
    for (let tens = 0; tens < 5 * 60; tens++) at(tens * 10 * second + 250, () => send('a2', ['a']));
    simulation.runUntil(untilMs);
    const ended = (name: string) =>
      recorder.ended_.filter(
        ({ recipient }) => recipient === model.addressBook.intern(`${name}@contoso.com`),
      );
    return { ...organization, ended };
  }

  it('AS-14, A-submission-threads: local mail waits for one time-out at the most, and for none after that', () => {
    const { ended } = duringCut(39 * minute);
    const local = ended('a');
    // One each 10 s up to 38 min 50 s.
    expect(local).toHaveLength(39 * 6);
    const waits = local.map(({ submittedMs, stageMs }) => [submittedMs, stageMs['submission']!] as const);
    // All 20 threads are at B2 from 610 s on; the first of them comes back after 21 s.
    const longest = Math.max(...waits.map(([, waitMs]) => waitMs));
    expect(longest).toBeGreaterThan(5 * second);
    expect(longest).toBeLessThan(22 * second);
    const later = waits.filter(([submittedMs]) => submittedMs > 625 * second);
    expect(later).toHaveLength(171);
    expect(Math.max(...later.map(([, waitMs]) => waitMs))).toBeLessThan(100);
  });

  it('RT-52, AS-14: mail for the other site waits in queues of the local group, not in outboxes', () => {
    const { model, server, ended } = duringCut(30 * minute);
    const local = [server('A1'), server('A2')];
    const waiting = [...Array(model.queueCount).keys()]
      .filter((queue) => local.includes(model.queueServer(queue)))
      .reduce((sum, queue) => sum + model.queueMessages(queue), 0);
    // 2 messages/s for the 20 min that the cut has lasted; the last ones are still on their way into it.
    expect(waiting).toBeGreaterThan(2_400 - 5);
    expect(waiting).toBeLessThanOrEqual(2_400);
    expect(ended('b2')).toHaveLength(1_200);
  });

  it('A-liveness-probe: once the link is back submission goes there by itself within a probe interval', () => {
    const { ended } = duringCut(51 * minute);
    const mail = ended('b2');
    expect(mail).toHaveLength(6_000);
    const hops = (fromMs: number, untilMs: number) =>
      new Set(
        mail
          .filter(({ submittedMs }) => submittedMs >= fromMs && submittedMs < untilMs)
          .map((each) => each.hops),
      );
    expect(hops(0, 9 * minute)).toEqual(new Set([1]));
    expect(hops(11 * minute, 39 * minute)).toEqual(new Set([2]));
    expect(hops(41 * minute + second, 50 * minute)).toEqual(new Set([1]));
  });
});

describe('RT-44, RT-45: a front end whose remote delivery group is away', () => {
  const members = ['B1', 'B2', 'B3', 'B4', 'B5', 'B6', 'B7', 'B8'];

  it('RT-44, RT-45, AS-14: one session walks the dead members, the others go to the local list at once', () => {
    const { simulation, model, recorder, link, server, at, send } = run({
      links: { 'A-B': 10 },
      servers: {
        A1: 'A',
        ...Object.fromEntries(members.map((name) => [name, { site: 'B', roles: ['mailbox'] as const }])),
      },
      dags: { D: members },
      databases: { DB: members },
      mailboxes: { b: 'DB' },
    });
    model.beginLinkOutage(link('A-B'));
    const sendAt = (...seconds: number[]) => {
      for (const each of seconds) at(each * second, () => send('x@out.example', ['b']));
    };
    sendAt(0, 200, 210, 220);
    at(300 * second, () => model.endLinkOutage(link('A-B')));
    // Members are probed 60 s after their time-outs, those at 21 s, 42 s, ... 168 s: none between 300 s and 301 s.
    sendAt(301, 361, 362);
    simulation.runUntil(60 * minute);
    const inOrder = [...recorder.ended_].sort((one, other) => one.message - other.message);
    // 20 ms of work and 10 ms to connect; the link has no latency.
    expect(inOrder.map(({ stageMs }) => stageMs['submission'])).toEqual([
      8 * 21 * second + 30,
      ...[30, 30, 30, 30, 30, 30],
    ]);
    // The local list is the second tier, and that is what is reported.
    expect(recorder.fallbacks.filter(({ reason }) => reason === 'local-site-servers')).toEqual(
      [1, 2, 3, 4, 5].map((message) =>
        expect.objectContaining({ server: server('A1'), tier: 2, acceptedBy: server('A1'), message }),
      ),
    );
    expect(inOrder.map(({ hops }) => hops > 1)).toEqual([true, true, true, true, true, false, false]);
  });
});

describe('A-liveness-probe: the second walk', () => {
  const apart = {
    links: { 'A-B': 10 },
    servers: { A1: 'A', B1: 'B', B2: 'B' },
    databases: { DA: ['A1'], DB: ['B1'] },
    mailboxes: { a: 'DA', b: 'DB' },
  };

  it('AS-14: where all are believed dead the one that is back is found, tier by tier', () => {
    const { simulation, model, recorder, link, server, at, send } = run(apart, {
      ...deterministicHardware,
      transport: { livenessProbeInterval: 60 * minute },
    });
    model.beginLinkOutage(link('A-B'));
    model.beginServiceOutage(server('A1'), 'transport');
    send('a', ['b']);
    at(90 * second, () => {
      model.endLinkOutage(link('A-B'));
      model.beginServerOutage(server('B2'));
    });
    simulation.runUntil(10 * minute);
    // 21 s at B1 and at B2; A1 refuses; again a minute later (A-submission-retry), with B2 first: 21 s, and B1.
    expect(recorder.ended_).toHaveLength(1);
    expect(recorder.ended_[0]).toMatchObject({
      end: 'delivered',
      hops: 1,
      stageMs: { submission: 2 * 21 * second + minute + 21 * second + 2 * 20 + 10 },
    });
    expect(recorder.fallbacks).toEqual([]);
  });

  it('A-liveness-probe: who has too many connections is not dead: the next session tries it again', () => {
    const { simulation, recorder, at, send } = run(
      { ...apart, servers: { A1: 'A', B1: { site: 'B', roles: ['mailbox'] } } },
      deterministicHardware,
      null,
      { B1: { transport: { maxConnectionRatePerMinute: 1 } } },
    );
    // The second is refused at 1 s; were B1 believed dead, it would be probed at 61 s only.
    for (const each of [0, 1, 60]) at(each * second, () => send('x@out.example', ['b']));
    simulation.runUntil(10 * minute);
    const inOrder = [...recorder.ended_].sort((one, other) => one.message - other.message);
    expect(inOrder.map(({ hops }) => hops)).toEqual([1, 2, 1]);
  });

  it('AS-14, RT-54: a server in a tier of its own is passed over as well, and all mail finds it again', () => {
    const { simulation, model, recorder, server, at, send } = run({
      ...apart,
      servers: { A1: 'A', B1: 'B' },
    });
    model.beginServiceOutage(server('B1'), 'transport');
    at(30 * second, () => model.endServiceOutage(server('B1'), 'transport'));
    // Believed dead from the first message on; the probe comes at 60 s.
    for (const each of [0, 40, 61]) at(each * second, () => send('a', ['b']));
    simulation.runUntil(10 * minute);
    const inOrder = [...recorder.ended_].sort((one, other) => one.message - other.message);
    expect(inOrder.map(({ hops }) => hops)).toEqual([2, 2, 1]);
    expect(
      recorder.fallbacks
        .filter(({ reason }) => reason === 'local-group-servers')
        .map(({ message }) => message),
    ).toEqual([1, 2]);
  });
});

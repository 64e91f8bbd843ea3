import { describe, expect, it, test } from 'vitest';
import type { SmallOrganization } from '../small-organization.js';
import { instant, levels, minute, oneSite, outside, pressed, second, slow } from './pressed-organization.js';

/** An Edge before M1, which takes its mail itself; or has a front end, which does. */
const site: SmallOrganization = {
  servers: { M1: { site: 'A', roles: ['mailbox'] } },
  edges: { E: 'A' },
  databases: { DB1: ['M1'] },
  mailboxes: { u: 'DB1', w: 'DB1' },
};
const withFrontEnd: SmallOrganization = { ...site, servers: { M1: 'A' } };
const twoServers: SmallOrganization = {
  ...site,
  servers: { M1: { site: 'A', roles: ['mailbox'] }, M2: { site: 'A', roles: ['mailbox'] } },
};
const threeAreMedium = { submissionQueueMedium: 3, submissionQueueNormal: 1 };

describe('an Edge under pressure', () => {
  it('BP-03: senders outside wait for its answer, too, by the clock, in the stage connection', () => {
    const running = pressed(site, { E: slow(threeAreMedium) });
    const { send, at, simulation, recorder } = running;
    for (let sent = 0; sent < 3; sent++) send(outside, ['u']);
    for (const seconds of [3, 5]) at(seconds * second, () => send(outside, ['u']));
    simulation.runUntil(62 * minute);
    expect(recorder.tarpits.map(({ waitMs }) => waitMs / second)).toEqual([10, 15]);
    expect(levels(running, 'E')[0]).toBe('2 submission-queue medium');
    const { atMs, stageMs } = recorder.ended_.find(({ message }) => message === 5)!;
    expect(stageMs).toMatchObject({ connection: 15 * second, accept: 0, submission: 0 });
    expect(atMs).toBe(20 * second + 30 * minute);
  });

  it('BP-02: it refuses senders outside from Medium on; they try again after their own interval', () => {
    const running = pressed(site, {});
    const { send, at, simulation, recorder, model, server } = running;
    model.backPressure.beginFill(server('E'), 0.98);
    at(second, () => send(outside, ['u']));
    at(10 * minute, () => model.backPressure.endFill(server('E'), 0.98));
    simulation.runUntil(20 * minute);
    expect(recorder.refusals).toEqual([{ atMs: second, server: server('E') }]);
    expect(recorder.ended_).toMatchObject([
      { atMs: 15 * minute + second, stageMs: { retryWait: 15 * minute } },
    ]);
    expect(model.audit().alive).toBe(0);
  });

  it('BP-02: what it gets from the organization it takes at Medium, and not at High', () => {
    const running = pressed({ ...site, connectors: [{ name: 'Out', sourceServers: ['E'] }] }, {});
    const { send, at, simulation, recorder, model, server } = running;
    model.backPressure.beginFill(server('E'), 0.98);
    at(second, () => send('u', ['x@partner.example']));
    simulation.runUntil(10 * second);
    expect(recorder.ended_).toMatchObject([{ end: 'delivered' }]);
    model.backPressure.beginFill(server('E'), 1);
    at(13 * second, () => send('u', ['x@partner.example']));
    simulation.runUntil(50 * second);
    expect(recorder.refusals).toEqual([{ atMs: 13 * second, server: server('E') }]);
    expect(model.audit().alive).toBe(1);
  });

  it('BP-03: an Edge that stops while senders wait: the messages are theirs', () => {
    const running = pressed(site, { E: slow(threeAreMedium) });
    const { send, at, simulation, recorder, model, server } = running;
    for (let sent = 0; sent < 3; sent++) send(outside, ['u']);
    at(3 * second, () => send(outside, ['u']));
    at(5 * second, () => model.beginServiceOutage(server('E'), 'transport'));
    at(6 * second, () => model.endServiceOutage(server('E'), 'transport'));
    simulation.runUntil(minute);
    expect(model.audit().alive).toBe(4);
    simulation.runUntil(2 * 60 * minute);
    const { stageMs } = recorder.ended_.find(({ message }) => message === 4)!;
    expect(stageMs['connection']).toBe(2 * second);
    expect(model.audit().alive).toBe(0);
  });
});

describe('an Edge before servers under pressure', () => {
  test.each([
    ['M1 itself', site],
    ['a front end of M1', withFrontEnd],
  ])('BP-02: by %s: High makes its queue grow; Medium does not, for it is an Exchange server', (_, small) => {
    const running = pressed(small, {}, { hardware: instant });
    const { send, at, simulation, recorder, model, server } = running;
    model.backPressure.beginFill(server('M1'), 0.98);
    at(second, () => send(outside, ['u']));
    simulation.runUntil(10 * second);
    expect(recorder.ended_).toHaveLength(1);
    expect(recorder.refusals).toEqual([]);
    model.backPressure.beginFill(server('M1'), 1);
    for (let sent = 0; sent < 5; sent++) at((20 + sent) * second, () => send(outside, ['u']));
    simulation.runUntil(30 * second);
    expect(recorder.refusals).toEqual([{ atMs: 20 * second, server: server('M1') }]);
    expect(model.messagesQueued).toBe(5);
    at(35 * second, () => model.backPressure.endFill(server('M1'), 1));
    at(35 * second, () => model.backPressure.endFill(server('M1'), 0.98));
    // The Edge tries again a minute after it was refused.
    simulation.runUntil(80 * second - 1);
    expect(recorder.ended_).toHaveLength(1);
    simulation.runUntil(90 * second);
    expect(recorder.ended_).toHaveLength(6);
    expect(model.audit().alive).toBe(0);
  });

  test.each([
    ['M1 itself', site],
    ['a front end of M1', withFrontEnd],
  ])('BP-03: by %s: it waits for the answer in the stage connection', (_, small) => {
    const running = pressed(small, { M1: slow(threeAreMedium) });
    const { send, at, simulation, recorder, model } = running;
    for (let sent = 0; sent < 3; sent++) send(outside, ['u']);
    at(5 * second, () => send(outside, ['u']));
    simulation.runUntil(10 * second);
    model.audit();
    simulation.runUntil(62 * minute);
    const { stageMs, atMs } = recorder.ended_.find(({ message }) => message === 4)!;
    expect(stageMs['connection']).toBe(15 * second);
    expect(atMs).toBe(20 * second + 30 * minute);
  });

  test.each(['E', 'M1'])(
    'BP-03: %s stops while the Edge waits behind a front end: the message is the Edge’s',
    (name) => {
      const running = pressed(withFrontEnd, { M1: slow(threeAreMedium) });
      const { send, at, simulation, recorder, model, server } = running;
      for (let sent = 0; sent < 3; sent++) send(outside, ['u']);
      at(5 * second, () => send(outside, ['u']));
      at(9 * second, () => model.beginServiceOutage(server(name), 'transport'));
      at(10 * second, () => model.endServiceOutage(server(name), 'transport'));
      simulation.runUntil(19 * second);
      expect(model.audit().alive).toBe(4);
      simulation.runUntil(3 * 60 * minute);
      expect(recorder.ended_.filter(({ kind }) => kind === 'mail').map(({ end }) => end)).toEqual(
        Array(4).fill('delivered'),
      );
      expect(model.audit().alive).toBe(0);
    },
  );

  it('RT-60: the next server of the site takes what one refuses, and the queue has no retry', () => {
    const running = pressed(twoServers, {}, { hardware: instant });
    const { send, at, simulation, recorder, model, server } = running;
    model.backPressure.beginFill(server('M1'), 1);
    for (let sent = 1; sent <= 10; sent++) at(sent * second, () => send(outside, ['u']));
    simulation.runUntil(minute);
    expect(recorder.refusals).toHaveLength(5);
    expect(recorder.attempts).toEqual([]);
    expect(recorder.hops.map(({ to }) => to)).toEqual(Array(10).fill(server('M2')));
    expect(recorder.ended_).toHaveLength(10);
  });
});

describe('drains, and who has nothing to watch', () => {
  it('QU-12: a server that is drained may be refused by those that are to take its mail', () => {
    const running = pressed(
      {
        ...twoServers,
        edges: {},
        databases: { DB1: ['M1'], DB2: ['M2'] },
        mailboxes: { u: 'DB1', v: 'DB2' },
      },
      {},
      { hardware: instant, mailboxTransport: { submissionReach: 'own-site' } },
    );
    const { send, at, simulation, recorder, model, server, database } = running;
    model.beginDatabaseOutage(database('DB1'));
    for (let sent = 0; sent < 4; sent++) send('v', ['u']);
    simulation.runUntil(second);
    const held = [...Array(model.queueCount).keys()].filter(
      (queue) => model.queueServer(queue) === server('M1'),
    );
    expect(held.length).toBeGreaterThan(0);
    model.backPressure.beginFill(server('M2'), 1);
    at(3 * second, () => model.drains.begin({ subject: 'M1', server: server('M1'), to: [server('M2')] }));
    simulation.runUntil(30 * second);
    expect(recorder.redirects).toEqual([]);
    expect(recorder.refusals.length).toBeGreaterThan(0);
    model.audit();
    at(31 * second, () => model.backPressure.endFill(server('M2'), 1));
    simulation.runUntil(5 * minute);
    expect(recorder.redirects.length).toBeGreaterThan(0);
    expect(model.audit().alive).toBe(4);
  });

  it('BP-06: behavior 2016, by the clock: from 9,999 messages on; refused after 300 polls, too', () => {
    const running = pressed(
      { ...oneSite, behavior: '2016' },
      { M1: { hardware: { ...instant, categorizerTime: 30 * minute } } },
    );
    const { send, at, simulation, recorder } = running;
    for (let sent = 0; sent < 9_999; sent++) send('u', ['w'], 1_024);
    for (const seconds of [3, 5, 599, 601]) at(seconds * second, () => send(outside, ['u']));
    simulation.runUntil(602 * second - 1);
    expect(levels(running, 'M1')).toEqual(['2 submission-queue medium']);
    expect(recorder.tarpits.map(({ waitMs }) => waitMs / second)).toEqual([1, 2, 55]);
    expect(recorder.refusals.map(({ atMs }) => atMs / second)).toEqual([601]);
  });
});

import { describe, expect, it } from 'vitest';
import { deterministicHardware, run } from './small-organization.js';

const second = 1_000;
const minute = 60 * second;

/** From S1 to a group of three servers; the database takes nothing, so that what each has accepted waits there. */
function threeServers(livenessProbeInterval = minute) {
  const organization = run(
    {
      links: { 'S-P': 10 },
      servers: { S1: 'S', P1: 'P', P2: 'P', P3: 'P' },
      databases: { DBS: ['S1'], DBP: ['P3'] },
      mailboxes: { s: 'DBS', p: 'DBP' },
    },
    { ...deterministicHardware, transport: { livenessProbeInterval } },
  );
  const { model, server, at, send } = organization;
  model.beginServiceOutage(server('P3'), 'mailbox-delivery');
  return {
    ...organization,
    /** One message to the group every 10 s: longer than a message takes, so that each opens a session of its own. */
    sendFrom: (firstMs: number, count: number) => {
      for (let n = 0; n < count; n++) at(firstMs + n * 10 * second, () => send('s', ['s', 'p']));
    },
    accepted: () =>
      ['P1', 'P2', 'P3'].map((name) =>
        [...Array(model.queueCount).keys()]
          .filter((queue) => model.queueServer(queue) === server(name))
          .reduce((sum, queue) => sum + model.queueMessages(queue), 0),
      ),
  };
}

describe('AS-14: the dead are kept apart', () => {
  it('AS-14: the survivors share evenly, not the neighbour of the dead one twice as much', () => {
    const { simulation, model, server, sendFrom, accepted } = threeServers();
    model.beginServiceOutage(server('P2'), 'transport');
    sendFrom(0, 12);
    simulation.runUntil(3 * minute);
    // Turns: P1, then P2, which refuses and falls to P3; from then on P1 and P3 alternate: turns 2 to 11.
    expect(accepted()).toEqual([6, 0, 6]);
  });

  it('AS-14: a silent server costs its time-out once, not with every third message', () => {
    const { simulation, model, recorder, server, sendFrom } = threeServers();
    model.beginServerOutage(server('P2'));
    // 30 s apart, for the time-out is 21 s.
    for (let n = 0; n < 9; n++) sendFrom(n * 30 * second, 1);
    simulation.runUntil(6 * minute);
    const relayed = recorder.relays;
    expect(relayed).toBe(9);
    model.endServiceOutage(server('P3'), 'mailbox-delivery');
    simulation.runUntil(20 * minute);
    const waits = recorder.ended_
      .filter(({ recipient }) => recipient === 1)
      .map(({ stageMs }) => stageMs['connection']! >= 21 * second);
    expect(waits.filter(Boolean)).toHaveLength(1);
  });

  it('AS-14, A-liveness-probe: once a probe is answered the server takes its turn again', () => {
    const { simulation, model, server, sendFrom, accepted } = threeServers();
    model.beginServiceOutage(server('P2'), 'transport');
    sendFrom(0, 6);
    simulation.runUntil(minute + second);
    expect(accepted()).toEqual([3, 0, 3]);
    // Believed dead from 10 s on, when its first turn came; probes at 70 s (refused) and 130 s (answered).
    simulation.runUntil(100 * second);
    model.endServiceOutage(server('P2'), 'transport');
    sendFrom(101 * second, 3);
    simulation.runUntil(130 * second);
    expect(accepted()[1]).toBe(0);
    sendFrom(140 * second, 9);
    simulation.runUntil(5 * minute);
    expect(accepted()[1]).toBe(3);
  });

  it('AS-14: a tier whose servers are all believed dead is tried all the same', () => {
    const { simulation, model, recorder, server, sendFrom, accepted } = threeServers(10 * minute);
    for (const name of ['P1', 'P2', 'P3']) model.beginServiceOutage(server(name), 'transport');
    sendFrom(0, 1);
    simulation.runUntil(30 * second);
    expect(recorder.statuses.filter(({ status }) => status === 'Retry')).toHaveLength(1);
    for (const name of ['P1', 'P2', 'P3']) model.endServiceOutage(server(name), 'transport');
    // The first glitch retry, a minute later: no probe is due before 10 min.
    simulation.runUntil(2 * minute);
    expect(accepted().reduce((sum, each) => sum + each)).toBe(1);
  });

  it('A-liveness-probe: what a server believed is gone when it starts again', () => {
    const { simulation, model, server, sendFrom, accepted } = threeServers(60 * minute);
    model.beginServiceOutage(server('P2'), 'transport');
    sendFrom(0, 3);
    simulation.runUntil(minute);
    model.endServiceOutage(server('P2'), 'transport');
    model.beginServerOutage(server('S1'));
    model.endServerOutage(server('S1'));
    sendFrom(minute, 6);
    simulation.runUntil(4 * minute);
    expect(accepted()[1]).toBe(2);
  });
});

describe('AS-14: a front end that does not answer', () => {
  /** An Edge brings mail to the front ends of M1 and M2; that of M1 works on it for a second, so that one sees which. */
  function twoFrontEnds(livenessProbeInterval: number) {
    const organization = run(
      {
        servers: { M1: 'A', M2: 'A' },
        edges: { E1: 'A' },
        databases: { DB: ['M1'] },
        mailboxes: { u: 'DB' },
      },
      { ...deterministicHardware, transport: { livenessProbeInterval } },
      null,
      { M1: { hardware: { frontEndTime: second } } },
    );
    const { at, send, recorder } = organization;
    return {
      ...organization,
      sendAt: (...seconds: number[]) => {
        for (const each of seconds) at(each * second, () => send('x@out.example', ['u']));
      },
      /** The front ends that messages passed, in order. */
      passed: () =>
        recorder.ended_.map(({ stageMs }) => (stageMs['connection']! >= second ? 'M1' : 'M2')).join(' '),
    };
  }

  it('AS-14, A-liveness-probe: it is the front end that is probed, not the Transport service beside it', () => {
    const { simulation, model, server, sendAt, passed, at } = twoFrontEnds(minute);
    model.beginServiceOutage(server('M1'), 'front-end');
    at(90 * second, () => model.endServiceOutage(server('M1'), 'front-end'));
    // Believed dead since the first message; probes at 60 s (refused) and 120 s (answered).
    sendAt(0, 95, 100, 105, 110, 130, 135);
    simulation.runUntil(5 * minute);
    expect(passed()).toBe('M2 M2 M2 M2 M2 M2 M1');
  });

  it('AS-14: a session with the front end takes it off the list', () => {
    const { simulation, model, server, sendAt, passed, at } = twoFrontEnds(60 * minute);
    const frontEnds = ['M1', 'M2'].map((name) => server(name));
    for (const each of frontEnds) model.beginServiceOutage(each, 'front-end');
    at(30 * second, () => model.endServiceOutage(frontEnds[0]!, 'front-end'));
    // Both are believed dead; the glitch retry finds M1.
    at(90 * second, () => model.endServiceOutage(frontEnds[1]!, 'front-end'));
    sendAt(0, 100, 105, 110, 115);
    simulation.runUntil(5 * minute);
    expect(passed()).toBe('M1 M1 M1 M1 M1');
  });
});

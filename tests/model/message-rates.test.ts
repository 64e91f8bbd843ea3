import { describe, expect, it, test } from 'vitest';
import { deterministicHardware, run, type SmallOrganization, way } from './small-organization.js';

const second = 1_000;
const minute = 60 * second;
const outside = 'x@out.example';

/** C1 and C2 have the front end alone, so that who takes a message shows. */
const frontEnds: SmallOrganization = {
  servers: {
    C1: { site: 'A', roles: ['client-access'] },
    C2: { site: 'A', roles: ['client-access'] },
    M1: { site: 'A', roles: ['mailbox'] },
    M2: { site: 'A', roles: ['mailbox'] },
  },
  databases: { DB: ['M1'] },
  mailboxes: { u: 'DB', v: 'DB' },
};
const oneServer: SmallOrganization = { ...frontEnds, servers: { M1: 'A' } };
const oneFrontEnd: SmallOrganization = {
  ...frontEnds,
  servers: { C1: { site: 'A', roles: ['client-access'] }, M1: { site: 'A', roles: ['mailbox'] } },
};
/** The front end alone has a limit, not Transport behind it. */
const limitedFrontEnd = (messageRateLimit: number) =>
  run(oneFrontEnd, deterministicHardware, null, { C1: { transport: { messageRateLimit } } });

/** When each message came to its end, in minutes begun, by message. */
function minutesOfEnds({ recorder }: ReturnType<typeof run>): readonly number[] {
  return [...recorder.ended_]
    .sort((one, other) => one.message - other.message)
    .map(({ atMs }) => Math.floor(atMs / minute));
}

describe('TH: messages of one source in a minute', () => {
  it('TH, A-message-rate: a sender outside who brings one too many tries again later', () => {
    const running = limitedFrontEnd(2);
    for (const ms of [0, 1_000, 2_000, minute]) running.at(ms, () => running.send(outside, ['u']));
    running.at(3_000, () => running.send('y@out.example', ['u']));
    running.simulation.runUntil(20 * minute);
    // Who else sends is another source; in the second minute there are two again.
    expect(minutesOfEnds(running)).toEqual([0, 0, 15, 0, 1]);
    expect(running.model.audit().alive).toBe(0);
  });

  it('TH: by default there is no limit', () => {
    const running = run(oneFrontEnd, deterministicHardware);
    for (let sent = 0; sent < 700; sent++) running.at(sent * 80, () => running.send(outside, ['u']));
    running.simulation.runUntil(5 * minute);
    expect(running.recorder.ended_).toHaveLength(700);
  });

  it('TH: an Edge takes 600 of a source, whoever that is', () => {
    const running = run(
      { ...oneServer, edges: { E1: 'A' } },
      { ...deterministicHardware, hardware: { ...deterministicHardware['hardware'], cpuPerMessage: 0 } },
    );
    const { at, send, simulation, recorder } = running;
    for (let sent = 0; sent < 610; sent++) at(sent * 90, () => send(outside, ['u']));
    simulation.runUntil(minute - 1);
    expect(recorder.ended_).toHaveLength(600);
    simulation.runUntil(16 * minute);
    expect(recorder.ended_.map(({ message }) => message).slice(600)).toEqual(
      Array.from({ length: 10 }, (_, index) => 601 + index),
    );
    expect(recorder.ended_.every(({ hops }) => hops === 2)).toBe(true);
  });

  it('TH: a Transport service that has had so many of a front end sends it to the next', () => {
    const limited = { transport: { messageRateLimit: 1 } };
    const running = run(frontEnds, deterministicHardware, null, { M1: limited, M2: limited });
    const { at, send, simulation, recorder, server } = running;
    for (const [index, ms] of [0, 1_000, 2_000, 3_000, 4_000].entries())
      at(ms, () => send(`x${index}@out.example`, ['u']));
    simulation.runUntil(14 * minute);
    // Two front ends, two services, one message a minute each: the fifth is the sender's still.
    const accepted = recorder.ended_.map(({ message }) => message);
    expect(accepted).toEqual([1, 2, 3, 4]);
    simulation.runUntil(16 * minute);
    expect(recorder.ended_).toHaveLength(5);
    expect(server('M2')).toBe(3);
  });

  it('TH: Mailbox Transport Submission tries again after a minute when nobody takes more of it', () => {
    const running = run(oneServer, { ...deterministicHardware, transport: { messageRateLimit: 1 } });
    for (const ms of [0, 1_000]) running.at(ms, () => running.send('u', ['v']));
    running.simulation.runUntil(10 * minute);
    expect(minutesOfEnds(running)).toEqual([0, 1]);
    expect(running.recorder.ended_[1]!.stageMs['submission']).toBe(minute + 2 * (20 + 10));
  });
});

describe('relays', () => {
  const relayed: SmallOrganization = {
    links: { 'A-B': 10 },
    servers: { A1: 'A', B1: 'B', B2: 'B' },
    databases: { DA: ['A1'], DB: ['B1'] },
    mailboxes: { a: 'DA', b: 'DB' },
  };
  const ownSite = { mailboxTransport: { submissionReach: 'own-site' } };

  it('TH: a relay goes to the next server of its tier, and into Retry where there is none', () => {
    const limited = { transport: { messageRateLimit: 1 } };
    const running = run(relayed, { ...deterministicHardware, ...ownSite }, null, {
      B1: limited,
      B2: limited,
    });
    const { at, send, simulation, recorder, model } = running;
    for (const ms of [0, 1_000, 2_000]) at(ms, () => send('a', ['b']));
    simulation.runUntil(minute);
    expect(way(running).sort()).toEqual(['A1 > B1', 'A1 > B2']);
    simulation.runUntil(2 * minute);
    expect(recorder.ended_.map(({ message }) => message)).toEqual([1, 2, 3]);
    // It was turned away by both at 2.3 s, and its first retry is a minute later.
    expect(recorder.ended_[2]!.stageMs['retryWait']).toBe(minute);
    expect(model.audit().alive).toBe(0);
  });

  it('TH: what follows over a session that stands is counted, too', () => {
    const limited = { transport: { messageRateLimit: 3 } };
    const one: SmallOrganization = { ...relayed, servers: { A1: 'A', B1: 'B' } };
    const running = run(one, { ...deterministicHardware, ...ownSite }, null, { B1: limited });
    const { at, send, simulation, model } = running;
    for (let sent = 0; sent < 8; sent++) at(0, () => send('a', ['b']));
    simulation.runUntil(minute);
    expect(way(running)).toHaveLength(3);
    model.audit();
    simulation.runUntil(5 * minute);
    expect(minutesOfEnds(running)).toEqual([0, 0, 0, 1, 1, 1, 2, 2]);
    expect(model.audit().alive).toBe(0);
  });

  it('TH: an Edge goes to the next front end, and a front end of an Edge to the next Transport service', () => {
    const limited = { transport: { messageRateLimit: 1 } };
    const edge: SmallOrganization = {
      servers: { M1: 'A', M2: 'A' },
      edges: { E1: 'A' },
      databases: { DB: ['M1'] },
      mailboxes: { u: 'DB' },
    };
    const running = run(edge, deterministicHardware, null, { M1: limited, M2: limited });
    const { at, send, simulation, recorder, model } = running;
    for (const ms of [0, 1_000, 2_000]) at(ms, () => send(outside, ['u']));
    simulation.runUntil(minute - 1);
    expect(recorder.ended_.map(({ message }) => message)).toEqual([1, 2]);
    model.audit();
    simulation.runUntil(3 * minute);
    expect(recorder.ended_.map(({ message }) => message)).toEqual([1, 2, 3]);
    expect(model.audit().alive).toBe(0);
  });
});

test('TH: a minute begins anew by the clock, not by the first message', () => {
  const running = limitedFrontEnd(1);
  for (const ms of [minute - 1, minute]) running.at(ms, () => running.send(outside, ['u']));
  running.simulation.runUntil(2 * minute);
  expect(running.recorder.ended_).toHaveLength(2);
});

import { describe, expect, it } from 'vitest';
import { deterministicHardware, run, type SmallOrganization } from './small-organization.js';

const minute = 60_000;
const outside = 'x@out.example';

/** C1 has the front end alone; acceptance takes 100 ms, the front end 20 ms, a session 10 ms. */
const frontEnd: SmallOrganization = {
  servers: { C1: { site: 'A', roles: ['client-access'] }, M1: { site: 'A', roles: ['mailbox'] } },
  databases: { DB: ['M1'] },
  mailboxes: { u: 'DB' },
};
const edges: SmallOrganization = {
  ...frontEnd,
  edges: { E1: 'A', E2: 'A' },
};

function received(
  small: SmallOrganization,
  transport: Readonly<Record<string, number>>,
  atMs: readonly number[],
) {
  const running = run(small, { ...deterministicHardware, transport });
  for (const ms of atMs) running.at(ms, () => running.send(outside, ['u']));
  running.simulation.runUntil(20 * minute);
  expect(running.model.audit().alive).toBe(0);
  const { ended_ } = running.recorder;
  const byMessage = [...ended_].sort((one, other) => one.message - other.message);
  return {
    running,
    retryWaits: byMessage.map(({ stageMs }) => stageMs['retryWait']),
    hops: byMessage.map(({ hops }) => hops),
  };
}

describe('TH: connections of outside senders with a front end', () => {
  it('TH: so many at a time, until Transport has acknowledged', () => {
    // The first holds its connection for 130 ms: the second comes too early, the third at its end.
    const { retryWaits } = received(frontEnd, { maxInboundConnection: 1 }, [0, 129, 131]);
    expect(retryWaits).toEqual([0, 15 * minute, 0]);
  });

  it('TH: those whose front end or message comes to nothing are open no longer', () => {
    const { simulation, model, recorder, server, send, at } = run(frontEnd, {
      ...deterministicHardware,
      transport: { maxInboundConnection: 1, maxReceiveSize: 1_000_000 },
    });
    // Refused for its size; no Transport; the front end stops at work, and with a session open.
    at(0, () => send(outside, ['u'], 2_000_000));
    at(1_000, () => model.beginServiceOutage(server('M1'), 'transport'));
    at(1_001, () => send(outside, ['u']));
    at(2_000, () => model.endServiceOutage(server('M1'), 'transport'));
    for (const [sentMs, stopMs] of [
      [3_000, 3_010],
      [4_000, 4_060],
    ] as const) {
      at(sentMs, () => send(outside, ['u']));
      at(stopMs, () => model.beginServiceOutage(server('C1'), 'front-end'));
      at(stopMs + 100, () => model.endServiceOutage(server('C1'), 'front-end'));
    }
    at(5_000, () => send(outside, ['u']));
    simulation.runUntil(10_000);
    expect(recorder.ended_.map(({ message, end }) => `${message} ${end}`)).toEqual([
      '1 returned',
      '5 delivered',
    ]);
  });
});

describe('TH: connections of outside senders with Edges', () => {
  it('TH, A-edges-take-turns: so many new ones a minute; then the next Edge, then the front ends', () => {
    const ofEdge = { transport: { maxConnectionRatePerMinute: 1 } };
    const running = run(edges, deterministicHardware, null, { E1: ofEdge, E2: ofEdge });
    for (const ms of [0, 1_000, 2_000, minute]) running.at(ms, () => running.send(outside, ['u']));
    running.simulation.runUntil(2 * minute);
    const sent = (name: string) =>
      running.recorder.hops.filter(({ from }) => from === running.server(name)).length;
    expect([sent('E1'), sent('E2')]).toEqual([2, 1]);
    expect(running.recorder.ended_.map(({ message, hops }) => [message, hops])).toEqual([
      [1, 2],
      [2, 2],
      [3, 1],
      [4, 2],
    ]);
  });

  it('TH: so many at a time, until the Edge has acknowledged', () => {
    const one = { ...edges, edges: { E1: 'A' } };
    // The second finds the Edge taken and goes to the front end, the third finds it free again.
    expect(received(one, { maxInboundConnection: 1 }, [0, 99, 400]).hops).toEqual([2, 1, 2]);
  });

  it('TH: an Edge that stops has no connections left', () => {
    const one = { ...edges, edges: { E1: 'A' } };
    const running = run(one, { ...deterministicHardware, transport: { maxInboundConnection: 1 } });
    const { model, server, at, send, simulation, recorder } = running;
    at(0, () => send(outside, ['u']));
    at(50, () => model.beginServiceOutage(server('E1'), 'transport'));
    at(60, () => model.endServiceOutage(server('E1'), 'transport'));
    at(100, () => send(outside, ['u']));
    simulation.runUntil(minute);
    expect(recorder.ended_).toMatchObject([{ message: 2, end: 'delivered', hops: 2 }]);
  });
});

describe('TH: connections of one source', () => {
  /** A message holds its connection for 10 s. */
  const slow = { hardware: { ...deterministicHardware['hardware'], commitTime: 10_000, cpuPerMessage: 0 } };
  const retried = (
    small: SmallOrganization,
    transport: Readonly<Record<string, number>>,
    senders: readonly string[],
  ) => {
    const { simulation, send, recorder, model } = run(small, { ...slow, transport });
    for (const sender of senders) send(sender, ['u']);
    simulation.runUntil(20 * minute);
    expect(model.audit().alive).toBe(0);
    const { ended_ } = recorder;
    return ended_.filter(({ stageMs }) => stageMs['retryWait']! > 0).map(({ message }) => message);
  };
  const many = (count: number, name = (index: number) => `x${index}@out.example`) =>
    Array.from({ length: count }, (_, index) => name(index));

  it('TH, A-connections-of-a-source: 20 of one sender with a front end; of many more', () => {
    expect(
      retried(
        frontEnd,
        {},
        many(23, () => outside),
      ),
    ).toEqual([21, 22, 23]);
    expect(retried(frontEnd, {}, many(23))).toEqual([]);
  });

  it('TH: 2 % of those that are left, and always one', () => {
    // 2 % of 500 are 10, of the 499 to 450 that are left after the first 9: nine are open when the tenth comes.
    expect(
      retried(
        frontEnd,
        { maxInboundConnection: 500 },
        many(11, () => outside),
      ),
    ).toEqual([10, 11]);
    expect(retried(frontEnd, { maxInboundConnection: 30 }, [...many(2), outside, outside])).toEqual([4]);
  });

  it('TH: both can be set', () => {
    const all = { maxInboundConnectionPerSource: 3, maxInboundConnectionPercentagePerSource: 100 };
    expect(
      retried(
        frontEnd,
        all,
        many(5, () => outside),
      ),
    ).toEqual([4, 5]);
    const half = { maxInboundConnection: 8, maxInboundConnectionPercentagePerSource: 50 };
    // Of 8, 7 and 6 that are left the half is 4, 3 and 3; of 5 it is 2, and three are open.
    expect(
      retried(
        frontEnd,
        half,
        many(5, () => outside),
      ),
    ).toEqual([4, 5]);
  });

  it('TH: the same with an Edge: then the front ends of its site take the rest', () => {
    const one = { ...edges, edges: { E1: 'A' } };
    const { simulation, send, recorder } = run(one, slow);
    for (let sent = 0; sent < 23; sent++) send(outside, ['u']);
    simulation.runUntil(10 * minute);
    expect(recorder.ended_.filter(({ hops }) => hops === 1)).toHaveLength(3);
    expect(recorder.ended_.filter(({ hops }) => hops === 2)).toHaveLength(20);
  });

  it('TH: a Transport service takes any number of a front end, and an Edge 20 of a Transport service', () => {
    const toEdge: SmallOrganization = {
      servers: { M1: 'A' },
      edges: { E1: 'A', E2: 'A' },
      databases: { DB: ['M1'] },
      mailboxes: { u: 'DB' },
      connectors: [{ name: 'Internet', sourceServers: ['E1', 'E2'] }],
    };
    const transport = {
      maxPerDomainOutboundConnections: 50,
      smtpConnectorQueueMessageCountThresholdForConcurrentConnections: 1,
    };
    const running = run(toEdge, {
      ...slow,
      transport,
      mailboxTransport: { maxConcurrentMailboxSubmissions: 256 },
      hardware: { ...slow.hardware, relayTime: 0, submissionTime: 0, categorizerTime: 0 },
    });
    for (let sent = 0; sent < 60; sent++) running.send('u', [outside]);
    // All 60 are with Transport at 10 s; then 20 are on their way to each Edge, and the rest has to wait for these.
    running.simulation.runUntil(21_000);
    const toEdges = running.recorder.hops.map(({ to }) => to);
    expect(toEdges.filter((to) => to === running.server('E1'))).toHaveLength(20);
    expect(toEdges.filter((to) => to === running.server('E2'))).toHaveLength(20);
    running.simulation.runUntil(60_000);
    expect(running.recorder.hops).toHaveLength(60);
  });
});

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

describe('TH: connections of one server', () => {
  const hardware = {
    ...deterministicHardware['hardware'],
    ...{ commitTime: 10_000, cpuPerMessage: 0, relayTime: 0, submissionTime: 0, categorizerTime: 0 },
  };
  const transport = {
    maxPerDomainOutboundConnections: 50,
    smtpConnectorQueueMessageCountThresholdForConcurrentConnections: 1,
  };
  const toEdges: SmallOrganization = {
    servers: { M1: 'A' },
    edges: { E1: 'A', E2: 'A' },
    databases: { DB: ['M1'] },
    mailboxes: { u: 'DB' },
    connectors: [{ name: 'Internet', sourceServers: ['E1', 'E2'] }],
  };
  /** How many of 60 messages that users send to the outside each Edge takes at a time, ten seconds each. */
  const atOnce = (ofEdges: Readonly<Record<string, number>> = {}, more = {}) => {
    const running = run(
      toEdges,
      {
        hardware,
        transport: { ...transport, ...more },
        mailboxTransport: { maxConcurrentMailboxSubmissions: 256 },
      },
      null,
      { E1: { transport: ofEdges }, E2: { transport: ofEdges } },
    );
    for (let sent = 0; sent < 60; sent++) running.send('u', [outside]);
    // All are with M1 at 10 s; 10 ms later sessions with the Edges stand, and 10 s later they have their first messages.
    running.simulation.runUntil(21_000);
    const taken = running.recorder.hops.map(({ to }) => to);
    const counts = ['E1', 'E2'].map((name) => taken.filter((to) => to === running.server(name)).length);
    running.simulation.runUntil(20 * minute);
    expect(running.recorder.hops).toHaveLength(60);
    return counts;
  };

  it('TH, A-connections-of-a-source: an Edge takes 20 of a Transport service, which takes any number of users', () => {
    expect(atOnce()).toEqual([20, 20]);
  });

  it('TH: 2 % of those that are left, and always one', () => {
    // 2 % of 500 are 10, of the 499 to 450 that are left after the first 9: nine are open when the tenth comes.
    expect(atOnce({ maxInboundConnection: 500 })).toEqual([9, 9]);
    expect(atOnce({ maxInboundConnection: 30 })).toEqual([1, 1]);
  });

  it('TH: what a source has closed it may open again', () => {
    // A connection for each message: of 60 the most are not the first of theirs.
    const ofEdges = { maxInboundConnectionPerSource: 3 };
    expect(atOnce(ofEdges, { smtpMaxMessagesPerConnection: 1 })).toEqual([3, 3]);
  });

  it('TH: both can be set', () => {
    expect(
      atOnce({ maxInboundConnectionPerSource: 3, maxInboundConnectionPercentagePerSource: 100 }),
    ).toEqual([3, 3]);
    // Of 8, 7 and 6 that are left the half is 4, 3 and 3; of 5 it is 2, and three are open.
    expect(atOnce({ maxInboundConnection: 8, maxInboundConnectionPercentagePerSource: 50 })).toEqual([3, 3]);
  });

  it('TH, A-connections-of-a-source: a sender outside has as many as there are', () => {
    const { simulation, send, recorder } = run(frontEnd, { hardware });
    for (let sent = 0; sent < 50; sent++) send(outside, ['u']);
    simulation.runUntil(minute);
    expect(recorder.ended_).toHaveLength(50);
  });

  it('TH: a front end takes 20 of a server that sends outside through it', () => {
    const proxied: SmallOrganization = {
      ...frontEnd,
      connectors: [{ name: 'Internet', sourceServers: ['M1'], frontEndProxy: true }],
    };
    const opened = (settings: Readonly<Record<string, number>>) => {
      const running = run(proxied, {
        hardware: { ...hardware, commitTime: 0 },
        transport: { ...transport, ...settings },
        outside: { connectTime: 0, acceptTime: 10_000 },
      });
      for (let sent = 0; sent < 60; sent++) running.send('u', [outside]);
      running.simulation.runUntil(12_000);
      return running.recorder.ended_.length;
    };
    expect([opened({}), opened({ maxInboundConnectionPerSource: 5 })]).toEqual([20, 5]);
  });
});

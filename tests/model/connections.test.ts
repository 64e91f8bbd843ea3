import { describe, expect, it } from 'vitest';
import { run, type SmallOrganization } from './small-organization.js';

const minute = 60_000;
const outside = (domain: number) => `somebody@partner${domain}.example`;

const oneServer: SmallOrganization = {
  servers: { A1: 'A' },
  databases: { DB: ['A1'] },
  mailboxes: { a: 'DB', b: 'DB' },
  connectors: [{ name: 'Internet', sourceServers: ['A1'] }],
};
const instant = {
  distribution: { kind: 'deterministic' as const },
  frontEndTime: 0,
  submissionTime: 0,
  connectTime: 0,
  commitTime: 0,
  shadowCopyTime: 0,
  shadowCopyTimeRemote: 0,
  categorizerTime: 0,
  mailboxDeliveryTime: 0,
  relayTime: 0,
  cpuPerMessage: 0,
};

/** All is instant but the acceptance by a remote domain. */
function organization(
  transport: Readonly<Record<string, number>> = {},
  acceptTime = 1_000,
  small: SmallOrganization = oneServer,
) {
  const running = run(small, {
    hardware: instant,
    transport,
    outside: { connectTime: 0, acceptTime },
  });
  const { recorder, simulation } = running;
  return {
    ...running,
    /** Message numbers in the order in which they were delivered, up to a time. */
    delivered: (untilMs: number) => {
      simulation.runUntil(untilMs);
      return recorder.ended_.filter(({ end }) => end === 'delivered').map(({ message }) => message);
    },
  };
}

describe('connections of a server', () => {
  const oneEach = { smtpMaxMessagesPerConnection: 1 };

  it('TH: all queues together have so many; a free one goes to the queue that has waited longest', () => {
    const { send, delivered, model } = organization({ ...oneEach, maxOutboundConnections: 2 });
    // Three domains with two messages each: 1 and 2 to the first, 3 and 4, 5 and 6.
    for (const domain of [1, 2, 3]) for (let sent = 0; sent < 2; sent++) send('a', [outside(domain)]);
    expect(delivered(1_000)).toEqual([1, 3]);
    // The third domain has waited longest, then the first.
    expect(delivered(2_000)).toEqual([1, 3, 5, 2]);
    expect(delivered(3_000)).toEqual([1, 3, 5, 2, 4, 6]);
    expect(model.audit().alive).toBe(0);
  });

  it('TH: with enough connections no queue waits for another', () => {
    const { send, delivered } = organization({ ...oneEach, maxOutboundConnections: 3 });
    for (const domain of [1, 2, 3]) for (let sent = 0; sent < 2; sent++) send('a', [outside(domain)]);
    expect(delivered(1_000)).toEqual([1, 3, 5]);
    expect(delivered(2_000)).toHaveLength(6);
  });

  it('TH: a queue whose retry is due waits for a connection like any other', () => {
    const twoServers: SmallOrganization = {
      servers: { A1: 'A', A2: 'B' },
      links: { 'A-B': 10 },
      databases: { DB: ['A1'], DB2: ['A2'] },
      mailboxes: { a: 'DB', b: 'DB2' },
      connectors: [{ name: 'Internet', sourceServers: ['A1'] }],
    };
    const running = run(twoServers, {
      hardware: instant,
      transport: { maxOutboundConnections: 1, smtpMaxMessagesPerConnection: 1 },
      mailboxTransport: { submissionReach: 'own-site' },
      outside: { connectTime: 0, acceptTime: 50_000 },
    });
    const { model, recorder, simulation, server } = running;
    model.beginServiceOutage(server('A2'), 'transport');
    running.send('a', ['b']);
    // Refused at 0, due at 60 s; from 50 s to 100 s the only connection is at work on the second message.
    running.at(50_000, () => {
      model.endServiceOutage(server('A2'), 'transport');
      running.send('a', [outside(1)]);
    });
    simulation.runUntil(10 * minute);
    expect(recorder.ended_.map(({ message, atMs }) => `${message} at ${atMs / 1_000} s`)).toEqual([
      '2 at 100 s',
      '1 at 100 s',
    ]);
    expect(recorder.attempts).toMatchObject([
      { startMs: 0, attempt: 0, outcome: 'failed' },
      { startMs: 100_000, attempt: 1, outcome: 'connected' },
    ]);
  });
});

describe('inbound connections', () => {
  const twoServers: SmallOrganization = {
    servers: { A1: 'A', A2: 'A' },
    databases: { DB: ['A1'] },
    mailboxes: { a: 'DB' },
  };
  const sender = 'somebody@partner.example';

  it('TH: so many new connections a minute; the rest go to the next server, and then they try again', () => {
    const { send, model, recorder, simulation } = organization(
      { maxConnectionRatePerMinute: 3 },
      0,
      twoServers,
    );
    for (let sent = 0; sent < 8; sent++) send(sender, ['a']);
    simulation.runUntil(minute - 1);
    // Two front ends take three each, and their Transport services as many.
    expect(recorder.ended_).toHaveLength(6);
    simulation.runUntil(15 * minute);
    expect(recorder.ended_).toHaveLength(8);
    expect(model.audit().alive).toBe(0);
  });

  it('TH: a minute later there are as many again', () => {
    const { send, at, recorder, simulation } = organization({ maxConnectionRatePerMinute: 3 }, 0, {
      ...twoServers,
      servers: { A1: 'A' },
    });
    for (let sent = 0; sent < 3; sent++) send(sender, ['a']);
    at(59_000, () => send(sender, ['a']));
    at(60_000, () => send(sender, ['a']));
    simulation.runUntil(2 * minute);
    expect(recorder.ended_.map(({ message }) => message)).toEqual([1, 2, 3, 5]);
  });

  it('A-connection-rate: what users send comes over connections that are kept, so no rate limits it', () => {
    const { send, recorder, simulation } = organization({ maxConnectionRatePerMinute: 3 });
    for (let sent = 0; sent < 8; sent++) send('a', ['b']);
    simulation.runUntil(minute - 1);
    expect(recorder.ended_).toHaveLength(8);
  });

  it('TH: so many connections at a time; more are refused', () => {
    const running = run(oneServer, {
      hardware: { ...instant, commitTime: 10_000 },
      transport: { maxInboundConnection: 2 },
    });
    for (let sent = 0; sent < 3; sent++) running.send(sender, ['b']);
    running.simulation.runUntil(minute);
    expect(running.recorder.ended_.map(({ message, atMs }) => [message, atMs])).toEqual([
      [1, 10_000],
      [2, 10_000],
    ]);
    // The third is offered again by its sender, 15 minutes later.
    running.simulation.runUntil(16 * minute);
    expect(running.recorder.ended_).toHaveLength(3);
  });
});

describe('an empty queue', () => {
  const mailboxQueue = ({ nextHopDomain }: { readonly nextHopDomain: string }) => nextHopDomain === 'DB';

  it('CAP-26: lives for three minutes, and comes back when it is needed', () => {
    const { send, at, model, simulation } = organization();
    send('a', ['b']);
    simulation.runUntil(3 * minute - 1);
    expect(model.queueIsThere(0)).toBe(true);
    expect(model.resubmitQueues(0, mailboxQueue)).toBe(1);
    simulation.runUntil(3 * minute);
    expect(model.queueIsThere(0)).toBe(false);
    expect(model.resubmitQueues(0, mailboxQueue)).toBe(0);
    at(4 * minute, () => send('a', ['b']));
    simulation.runUntil(4 * minute + 1);
    expect(model.queueIsThere(0)).toBe(true);
    expect(model.queueCount).toBe(1);
  });

  it('QU-02: lives for queueMaxIdleTime from when the last message left it', () => {
    const { send, at, model, simulation } = organization({ queueMaxIdleTime: minute });
    send('a', ['b']);
    at(50_000, () => send('a', ['b']));
    simulation.runUntil(109_999);
    expect(model.queueIsThere(0)).toBe(true);
    simulation.runUntil(110_000);
    expect(model.queueIsThere(0)).toBe(false);
  });

  it('A-turn-outlives-queue: a queue that comes back goes on with its turn', () => {
    const running = organization({}, 0, {
      links: { 'A-B': 10 },
      servers: { A1: 'A', B1: 'B', B2: 'B' },
      databases: { DBA: ['A1'], DBB: ['B1', 'B2'] },
      dags: { DAG: ['B1', 'B2'] },
      mailboxes: { a: 'DBA', b: 'DBB' },
    });
    const at: number[] = [];
    const { send, simulation, model, server } = running;
    for (let sent = 0; sent < 4; sent++) {
      running.at(sent * 10 * minute, () => send('a', ['b']));
    }
    simulation.runUntil(60 * minute);
    for (let queue = 0; queue < model.queueCount; queue++) {
      if (model.queueKey(queue).nextHopDomain === 'DBB') at.push(model.queueServer(queue));
    }
    // Both categorized something for the database: each has a queue for it.
    expect(at.sort()).toEqual([server('B1'), server('B2')]);
  });
});

describe('how fast a queue drains', () => {
  /** Sends messages at once to one domain and says when the last of them has gone. */
  function drained(messages: number, acceptTime: number, transport: Readonly<Record<string, number>> = {}) {
    const { send, model, recorder, simulation } = organization(transport, acceptTime);
    for (let sent = 0; sent < messages; sent++) send('a', [outside(1)]);
    simulation.runUntil(60 * minute);
    expect(model.audit().alive).toBe(0);
    return recorder.ended_.at(-1)!.atMs;
  }

  it('CAP-22: twenty messages wait on one connection, although nineteen more would be allowed', () => {
    // At 0.3 s each: 6 s. With one more connection for every two messages ten work side by side.
    expect(drained(20, 300)).toBe(6_000);
    const everyTwo = { smtpConnectorQueueMessageCountThresholdForConcurrentConnections: 2 };
    expect(drained(20, 300, everyTwo)).toBe(600);
  });

  it('CAP-21: connections grow with the queue, one for each twenty messages, up to the limit', () => {
    /** Messages that have gone after one service time: as many as there are connections. */
    const connections = (messages: number, transport: Readonly<Record<string, number>> = {}) => {
      const { send, delivered } = organization(transport);
      for (let sent = 0; sent < messages; sent++) send('a', [outside(1)]);
      return delivered(1_000).length;
    };
    expect([1, 20, 21, 40, 41, 380, 381, 400, 1_000].map((messages) => connections(messages))).toEqual([
      1, 1, 2, 2, 3, 19, 20, 20, 20,
    ]);
    const later = { maxPerDomainOutboundConnections: 40 };
    expect([400, 781, 2_000].map((messages) => connections(messages, later))).toEqual([20, 40, 40]);
  });

  it('CAP-22: with 20 connections 250 messages a second go at 0.08 s each, 67 at 0.3 s', () => {
    const inSeconds = (acceptTime: number, seconds: number) => {
      const { send, delivered } = organization({}, acceptTime);
      for (let sent = 0; sent < 5_000; sent++) send('a', [outside(1)]);
      return delivered(seconds * 1_000).length;
    };
    // 5,000 down to 2,500 or 3,000 messages: far above the 400 that call for 20 connections.
    expect(inSeconds(80, 10)).toBe(10 * 250);
    expect(inSeconds(300, 30)).toBe((30 * 20) / 0.3);
  });

  const backlogs = [
    { retry: 60, lasts: 60, resumes: 60, what: 'a retry that falls on its end' },
    { retry: 45, lasts: 60, resumes: 90, what: 'the next retry 30 s after its end (CAP-51)' },
  ];
  for (const { retry, lasts, resumes, what } of backlogs)
    it(`CAP-72: the backlog of an outage is gone after aT / (d - a), who came in it waits as reckoned: ${what}`, () => {
      /*
       * One message every 400 ms, one connection, 100 ms each: a = 2.5, d = 10 a second. The way is cut from 0 on, and
       * used again after T = 60 or 90 s. 150 or 225 messages wait then; after T x 2.5 / 7.5 = 20 or 30 s they are gone.
       */
      const a = 2.5;
      const d = 10;
      const running = run(
        {
          links: { 'A-B': 10 },
          servers: { A1: 'A', B1: 'B' },
          databases: { DBA: ['A1'], DBB: ['B1'] },
          mailboxes: { a: 'DBA', b: 'DBB' },
        },
        {
          hardware: { ...instant, relayTime: 100 },
          transport: { maxPerDomainOutboundConnections: 1, queueGlitchRetryInterval: retry * 1_000 },
          mailboxTransport: { submissionReach: 'own-site' },
        },
      );
      const { model, recorder, simulation, server } = running;
      model.beginServiceOutage(server('B1'), 'transport');
      running.at(lasts * 1_000, () => model.endServiceOutage(server('B1'), 'transport'));
      for (let n = 0; n < 1_000; n++) running.at((n * 1_000) / a, () => running.send('a', ['b']));
      const queue = () => model.queueMessages(0);
      simulation.runUntil(resumes * 1_000 - 1);
      expect(queue()).toBe(resumes * a);
      const emptyMs = resumes * 1_000 + ((resumes * a) / (d - a)) * 1_000;
      // Until then it is never empty; within one message's time of it, it is.
      for (let atMs = resumes * 1_000; atMs < emptyMs - 400; atMs += 100) {
        simulation.runUntil(atMs);
        expect(queue()).toBeGreaterThan(0);
      }
      simulation.runUntil(emptyMs + 350);
      expect(queue()).toBe(0);
      simulation.runUntil(300_000);
      for (const { submittedMs, atMs } of recorder.ended_) {
        const x = submittedMs / 1_000;
        if (x > resumes - 0.001) break;
        // T - x + ax / d, and its own 0.1 s.
        expect((atMs - submittedMs) / 1_000).toBeCloseTo(resumes - x + (a * x) / d + 0.1, 6);
      }
    });
});

describe('a further session that fails', () => {
  it('A-retries-counted: is no retry while another sends, and the next attempt is none', () => {
    const { send, recorder, simulation, model } = run(oneServer, {
      hardware: instant,
      transport: {
        smtpConnectorQueueMessageCountThresholdForConcurrentConnections: 1,
        smtpMaxMessagesPerConnection: 1,
      },
      outside: { connectTime: 10, acceptTime: 1_000, maxSessionsPerDomain: 1 },
    });
    for (let sent = 0; sent < 4; sent++) send('a', [outside(1)]);
    simulation.runUntil(minute);
    // One after another: the others were answered 421.
    expect(recorder.ended_).toHaveLength(4);
    expect(recorder.ended_.at(-1)!.atMs).toBeGreaterThanOrEqual(4_000);
    expect(recorder.attempts).toEqual([]);
    expect(recorder.statuses.some(({ status }) => status === 'Retry')).toBe(false);
    expect(model.audit().alive).toBe(0);
  });
});

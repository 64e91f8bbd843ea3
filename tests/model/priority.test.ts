import { describe, expect, it } from 'vitest';
import { randomStreams } from '../../src/sim/kernel/index.js';
import type { Priority } from '../../src/sim/model/index.js';
import { run, type SmallOrganization } from './small-organization.js';

const minute = 60_000;
const hour = 60 * minute;
const kilobyte = 1_024;
const outside = 'somebody@partner.example';

const oneServer: SmallOrganization = {
  servers: { A1: 'A' },
  databases: { DB: ['A1'] },
  mailboxes: { a: 'DB', b: 'DB' },
  connectors: [{ name: 'Internet', sourceServers: ['A1'] }],
};
const instant = {
  submissionTime: 0,
  connectTime: 0,
  commitTime: 0,
  categorizerTime: 0,
  mailboxDeliveryTime: 0,
  relayTime: 0,
  cpuPerMessage: 0,
};

/** All is instant but the acceptance by the remote domain, 1 s, or the delivery to the mailbox, if given. */
function organization(
  transport: Readonly<Record<string, number | boolean>> = {},
  mailboxTransport: Readonly<Record<string, number>> = {},
  mailboxDeliveryTime = 0,
) {
  const running = run(oneServer, {
    hardware: { distribution: { kind: 'deterministic' }, ...instant, mailboxDeliveryTime },
    transport: { priorityQueuingEnabled: true, ...transport },
    mailboxTransport,
    outside: { connectTime: 0, acceptTime: 1_000 },
  });
  const { model, recorder, simulation } = running;
  const send = (priority: Priority, to = outside, sizeBytes = kilobyte, from = 'a') => {
    const address = (name: string) =>
      model.addressBook.intern(name.includes('@') ? name : `${name}@contoso.com`);
    model.submit(address(from), [address(to)], 1, sizeBytes, priority);
  };
  /** Message numbers in the order in which they were delivered, up to a time. */
  const order = (untilMs: number) => {
    simulation.runUntil(untilMs);
    return recorder.ended_.filter(({ end }) => end === 'delivered').map(({ message }) => message);
  };
  return { ...running, send, order };
}
const oneConnection = { maxPerDomainOutboundConnections: 1 };

describe('the order in a delivery queue', () => {
  const mixed: readonly Priority[] = ['normal', 'low', 'high', 'normal', 'high', 'low'];

  it('PQ: high goes before normal before low, each as it came, and nobody is broken off', () => {
    const { send, order } = organization(oneConnection);
    for (const priority of mixed) send(priority);
    // The first is on its way when the others come.
    expect(order(hour)).toEqual([1, 3, 5, 4, 2, 6]);
  });

  it('PQ, A-categorizer-order: the Submission queue knows none', () => {
    const { model, recorder, simulation } = run(oneServer, {
      hardware: { distribution: { kind: 'deterministic' }, ...instant, categorizerTime: 1_000 },
      transport: { priorityQueuingEnabled: true, categorizerSlots: 1 },
    });
    const [from, to] = ['a', 'b'].map((name) => model.addressBook.intern(`${name}@contoso.com`));
    for (const priority of mixed) model.submit(from!, [to!], 1, kilobyte, priority);
    simulation.runUntil(hour);
    expect(recorder.ended_.map(({ message }) => message)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('PQ: without priority queuing all go as they came', () => {
    const { send, order } = organization({ ...oneConnection, priorityQueuingEnabled: false });
    for (const priority of mixed) send(priority);
    expect(order(hour)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('PQ: what is larger than maxHighPriorityMessageSize is normal, whatever it asks for', () => {
    const { send, order } = organization(oneConnection);
    send('normal');
    send('normal');
    send('high', outside, 250 * kilobyte + 1);
    send('high', outside, 250 * kilobyte);
    expect(order(hour)).toEqual([1, 4, 2, 3]);
  });

  it('UN-09: a failed attempt puts a message back before all others of its priority', () => {
    const { send, order, model, at } = organization({ ...oneConnection, queueGlitchRetryInterval: minute });
    for (const priority of mixed) send(priority);
    // Message 3 is on its way from 1 s to 2 s; the service starts again at 2 s.
    at(1_500, () => model.beginServiceOutage(0, 'transport'));
    at(2_000, () => model.endServiceOutage(0, 'transport'));
    expect(order(hour)).toEqual([1, 3, 5, 4, 2, 6]);
  });
});

describe('connections', () => {
  it('PQ: low, normal and high have 2, 15 and 3 connections to a domain', () => {
    const inSecond = (priority: Priority) => {
      const { send, order } = organization({
        smtpConnectorQueueMessageCountThresholdForConcurrentConnections: 1,
      });
      for (let sent = 0; sent < 60; sent++) send(priority);
      return order(1_500).length;
    };
    expect([inSecond('low'), inSecond('normal'), inSecond('high')]).toEqual([2, 15, 3]);
  });

  it('PQ, A-priority-connections: so many as are set, all together within those of any queue', () => {
    const { send, order } = organization({
      smtpConnectorQueueMessageCountThresholdForConcurrentConnections: 1,
      maxPerDomainOutboundConnections: 7,
      maxPerDomainLowPriorityConnections: 1,
      maxPerDomainNormalPriorityConnections: 4,
      maxPerDomainHighPriorityConnections: 5,
    });
    for (const priority of ['low', 'normal', 'high'] as const)
      for (let sent = 0; sent < 20; sent++) send(priority);
    // Messages 1 to 20 are low, 41 to 60 high: in the line's first second low and normal have what they may, 1 and 4.
    const first = order(1_500);
    const ofClass = (from: number) =>
      first.filter((message) => message >= from && message < from + 20).length;
    expect([ofClass(1), ofClass(21), ofClass(41)]).toEqual([1, 4, 2]);
  });

  it('PQ: each goes on with what its priority has, when another has used up its own', () => {
    const { send, order, simulation } = organization({
      smtpConnectorQueueMessageCountThresholdForConcurrentConnections: 1,
    });
    for (let sent = 0; sent < 10; sent++) send('high');
    for (let sent = 0; sent < 10; sent++) send('low');
    // Three of high and two of low go at a time: after 4 s high is done, after 5 s low.
    expect(order(4_000)).toHaveLength(18);
    expect(order(5_000)).toHaveLength(20);
    expect(simulation.nowMs).toBe(5_000);
  });
});

describe('mailbox queues', () => {
  const oneDelivery = { deliveriesPerDatabase: 1, recipientThreadLimit: 1 };

  it('MD-05: twenty messages of normal priority go for one of low', () => {
    const { send, order } = organization({}, oneDelivery, 100);
    send('normal', 'b');
    for (let sent = 0; sent < 3; sent++) send('low', 'b');
    for (let sent = 0; sent < 45; sent++) send('normal', 'b');
    const lows = order(hour).flatMap((message, place) => (message >= 2 && message <= 4 ? [place] : []));
    // The first was on its way before any of low was there; then come 20 of normal, and so on.
    expect(lows).toEqual([21, 42, 48]);
  });

  it('CAP-23: high goes before both', () => {
    const { send, order } = organization({}, oneDelivery, 100);
    send('normal', 'b');
    send('low', 'b');
    send('normal', 'b');
    send('high', 'b');
    expect(order(hour)).toEqual([1, 4, 3, 2]);
  });

  it('MD-05: who sends more than 1 MB or to more than 500 recipients in a minute falls to low', () => {
    const { send, order, at } = organization({}, oneDelivery, 100);
    const megabyte = 1_024 * kilobyte;
    send('normal', 'b');
    send('normal', 'b', megabyte);
    send('normal', 'b', kilobyte, 'b');
    send('high', 'b', kilobyte, 'b');
    at(minute, () => {
      send('normal', 'b', kilobyte, 'b');
      send('normal', 'b');
      send('normal', 'b', kilobyte, 'b');
    });
    // In the first minute a's second message makes 1 KB more than 1 MB; in the second a begins anew.
    expect(order(hour)).toEqual([1, 4, 3, 2, 5, 6, 7]);
  });

  it('MD-05, CAP-23: 500 recipients or 1 MB in a minute are not too many, 501, or a byte more, are', () => {
    const inMinute = (recipients: number, sizeBytes: number) => {
      const { model, recorder, simulation, send, at } = organization({}, oneDelivery, 100);
      const others = Array.from({ length: recipients - 1 }, (_, n) => `x${n}@partner.example`);
      const to = others.map((address) => model.addressBook.intern(address));
      model.submit(model.addressBook.intern('a@contoso.com'), to, to.length, sizeBytes - kilobyte);
      // The first keeps the database busy, from somebody else; then a's waits beside another one.
      at(1_000, () => {
        for (const from of ['b', 'a', 'b']) send('normal', 'b', kilobyte, from);
      });
      simulation.runUntil(hour);
      return recorder.ended_.filter(({ recipient }) => recipient === 1).map(({ message }) => message);
    };
    const megabyte = 1_024 * kilobyte;
    expect(inMinute(500, 2 * kilobyte)).toEqual([2, 3, 4]);
    expect(inMinute(501, 2 * kilobyte)).toEqual([2, 4, 3]);
    expect(inMinute(2, megabyte)).toEqual([2, 3, 4]);
    expect(inMinute(2, megabyte + 1)).toEqual([2, 4, 3]);
  });

  it('CAP-66: a new round begins with the highest priority', () => {
    for (const attemptsPerRetryCycle of [1, 3]) {
      const { send, order, model, at } = organization({}, { ...oneDelivery, attemptsPerRetryCycle }, 100);
      model.beginDatabaseOutage(0);
      for (const priority of ['low', 'normal', 'high'] as const) send(priority, 'b', kilobyte, outside);
      at(12 * minute, () => model.endDatabaseOutage(0));
      // The low one, there first, is tried at 0. By single attempts high follows at 5 and normal at 10 minutes, then
      // all have been tried; by three at a time, all are tried at 5 and 10 minutes. The next round is that at 15.
      expect(order(hour)).toEqual([3, 2, 1]);
    }
  });
});

describe('delay notices and expiry', () => {
  const waiting = (transport: Readonly<Record<string, number | boolean>>) => {
    const { send, recorder, simulation, model } = organization(transport);
    model.beginDatabaseOutage(0);
    for (const priority of ['low', 'normal', 'high'] as const) send(priority, 'b', kilobyte, outside);
    simulation.runUntil(49 * hour);
    const expired = recorder.ended_.filter(({ end }) => end === 'expired');
    const inHours = ({ message, atMs }: { readonly message: number; readonly atMs: number }) =>
      `${message} at ${atMs / hour} h`;
    return { notices: recorder.delayNotices.map(inHours), expired: expired.map(inHours) };
  };

  it('PQ, CAP-55: notices after 8 h, 4 h and 30 min, expiry after 2 d, 2 d and 8 h', () => {
    const { notices, expired } = waiting({});
    expect(notices).toEqual(['3 at 0.5 h', '2 at 4 h', '1 at 8 h']);
    expect(expired.sort()).toEqual(['1 at 48 h', '2 at 48 h', '3 at 8 h']);
  });

  it('PQ: they stand in the place of what Transport has for all mail, which holds without priority queuing', () => {
    const ofTransport = { delayNotificationTimeout: 2 * hour, messageExpirationTimeout: 3 * hour };
    expect(waiting(ofTransport)).toEqual(waiting({}));
    const { notices, expired } = waiting({ ...ofTransport, priorityQueuingEnabled: false });
    expect(notices).toEqual(['1 at 2 h', '2 at 2 h', '3 at 2 h']);
    expect(expired).toEqual(['1 at 3 h', '2 at 3 h', '3 at 3 h']);
  });

  it('PQ: each can be set', () => {
    const { notices, expired } = waiting({
      lowPriorityDelayNotificationTimeout: hour,
      lowPriorityMessageExpirationTimeout: 2 * hour,
      normalPriorityDelayNotificationTimeout: 3 * hour,
      normalPriorityMessageExpirationTimeout: 5 * hour,
      highPriorityDelayNotificationTimeout: hour / 4,
      highPriorityMessageExpirationTimeout: hour / 2,
    });
    expect(notices).toEqual(['3 at 0.25 h', '1 at 1 h', '2 at 3 h']);
    expect(expired).toEqual(['3 at 0.5 h', '1 at 2 h', '2 at 5 h']);
  });
});

describe('closed forms', () => {
  /*
   * Cobham: with one server, Poisson arrivals and non-preemptive priorities, a message of class k waits
   * W0 / ((1 - s(k-1)) (1 - s(k))), W0 = sum of lambda_i E[S^2] / 2, s(k) = sum of rho_i up to k, highest first.
   * Service is exponential with mean 1 s through the model's own delivery queue (connecting 0, one connection of one
   * message each): E[S^2] = 2 s^2, so W0 = rho in seconds. Loads 0.2, 0.3 and 0.3: rho = 0.8, and
   * high 0.8 / 0.8 = 1; normal 0.8 / (0.8 x 0.5) = 2; low 0.8 / (0.5 x 0.2) = 8 s.
   */
  it('PQ: one connection agrees with Cobham', () => {
    const loads = { high: 0.2, normal: 0.3, low: 0.3 } as const;
    const theory = { high: 1, normal: 2, low: 8 } as const;
    const replications = 20;
    const samples: Record<Priority, number[]> = { high: [], normal: [], low: [] };
    for (let replication = 0; replication < replications; replication++) {
      const running = run(
        oneServer,
        {
          hardware: { distribution: { kind: 'exponential' }, ...instant },
          transport: {
            priorityQueuingEnabled: true,
            maxPerDomainOutboundConnections: 1,
            smtpMaxMessagesPerConnection: 1,
            maxOutboundConnections: 1,
          },
          outside: { connectTime: 0, acceptTime: 1_000 },
        },
        null,
        {},
        `cobham ${replication}`,
      );
      const { model, simulation, recorder } = running;
      const sender = model.addressBook.intern('a@contoso.com');
      const recipient = model.addressBook.intern(outside);
      const classOf: Priority[] = [];
      const draw = randomStreams('cobham', replication)('arrivals');
      const kind = simulation.addKind(() => {
        const u = draw() * 0.8;
        const priority = u < loads.high ? 'high' : u < loads.high + loads.normal ? 'normal' : 'low';
        classOf.push(priority);
        model.submit(sender, [recipient], 1, kilobyte, priority);
        simulation.schedule((-Math.log(1 - draw()) * 1_000) / 0.8, kind, 0);
      });
      simulation.schedule(0, kind, 0);
      simulation.runUntil(25_000_000);
      const sums = { high: [0, 0], normal: [0, 0], low: [0, 0] };
      for (const { message, submittedMs, stageMs, kind: ofKind } of recorder.ended_) {
        if (submittedMs < 1_000_000 || ofKind !== 'mail') continue;
        const sum = sums[classOf[message - 1]!];
        sum[0]! += stageMs['deliveryQueue']! / 1_000;
        sum[1]! += 1;
      }
      for (const priority of ['high', 'normal', 'low'] as const) {
        samples[priority].push(sums[priority][0]! / sums[priority][1]!);
      }
    }
    for (const priority of ['high', 'normal', 'low'] as const) {
      const values = samples[priority];
      const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
      const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1);
      // Student's t, two-sided 99 %, 19 degrees of freedom.
      const halfWidth = 2.861 * Math.sqrt(variance / values.length);
      expect(halfWidth).toBeLessThan(0.06 * theory[priority]);
      expect(Math.abs(mean - theory[priority]), `${priority}: ${mean} ± ${halfWidth}`).toBeLessThan(
        halfWidth,
      );
    }
  }, 60_000);
});

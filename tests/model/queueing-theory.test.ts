import { describe, expect, it } from 'vitest';
import type { ServiceDistribution } from '../../src/sim/model/index.js';
import { erlangC, expectAgreement } from '../batch-means.js';
import { instant, sendPoissonMail, serviceMs } from './poisson-mail.js';
import { domain, type SmallOrganization } from './small-organization.js';

/*
 * The model's own stations against closed forms. All that is not looked at takes no time. Time is counted in mean
 * service times of 1 s.
 *
 * Every figure is the mean of 4 times 10 batch means with its confidence interval of 99 %, after a batch of warm-up. At
 * utilization 0.7 a batch of 5,000 messages is some 190 relaxation times long (1 / (1 - sqrt 0.7)^2 = 37).
 */
const exponential = { kind: 'exponential' } as const;
const deterministic = { kind: 'deterministic' } as const;
const outside = 'x@outside.example';

/** The mean time that M/M/c takes, wait and service, at `load` erlangs; its variance. In mean service times. */
function sojourn(servers: number, load: number): { readonly mean: number; readonly variance: number } {
  const waiting = erlangC(servers, load);
  const rest = servers - load;
  // With probability C an exponential wait of the rate c - a, and an exponential service beside.
  return { mean: 1 + waiting / rest, variance: 1 + (waiting * (2 - waiting)) / rest ** 2 };
}

describe('the Submission queue and the categorizer (RT-01)', () => {
  /** Mail from outside; a fixed acceptance of 100 ms puts all arrivals off, and leaves them Poisson. */
  function categorizer(
    categorizerSlots: number,
    load: number,
    distribution: ServiceDistribution,
    messagesPerBatch = 5_000,
  ) {
    const { times, present } = sendPoissonMail({
      organization: { servers: { A1: 'A' }, databases: { DB: ['A1'] }, mailboxes: { a: 'DB' } },
      settings: {
        hardware: { ...instant, distribution, commitTime: 100, categorizerTime: serviceMs },
        transport: { categorizerSlots },
      },
      flows: [{ from: outside, to: 'a', rate: load }],
      measured: ['submissionQueue'],
      messagesPerBatch,
      seed: `categorizer ${categorizerSlots} ${JSON.stringify(distribution)}`,
    });
    return { waits: times[0]!, present: present['A1']! };
  }

  it('A-categorizer-slots: one slot is M/M/1, wait and number present', () => {
    const rho = 0.7;
    const { waits, present } = categorizer(1, rho, exponential);
    expectAgreement(waits, rho / (1 - rho));
    expectAgreement(present, rho / (1 - rho));
  });

  it('A-categorizer-slots: four slots are M/M/4: the wait of Erlang C', () => {
    const load = 2.8;
    const wait = erlangC(4, load) / (4 - load);
    // a^4/4! = 2.56107; the sum of a^k/k! to k = 3 is 11.37867; C = 8.53689 / 19.91556.
    expect(erlangC(4, load)).toBeCloseTo(0.428654, 5);
    const { waits, present } = categorizer(4, load, exponential, 10_000);
    expectAgreement(waits, wait);
    expectAgreement(present, load * wait + load);
  });

  it('A-service-distribution: fixed times are M/D/1: half the wait of M/M/1', () => {
    const rho = 0.7;
    const { waits, present } = categorizer(1, rho, deterministic);
    const wait = rho / (2 * (1 - rho));
    expectAgreement(waits, wait);
    expectAgreement(present, rho * wait + rho);
  });

  for (const cv of [0.5, 1.5]) {
    it(`A-service-distribution: log-normal times of cv ${cv} are M/G/1: Pollaczek and Khinchine`, () => {
      const rho = 0.6;
      const { waits, present } = categorizer(1, rho, { kind: 'lognormal', cv }, cv > 1 ? 10_000 : 5_000);
      const wait = (rho * (1 + cv ** 2)) / (2 * (1 - rho));
      expectAgreement(waits, wait);
      expectAgreement(present, rho * wait + rho);
    });
  }
});

describe('the processor (A-run-queue)', () => {
  /**
   * Crommelin: the mean wait of M/D/c, in service times: sum over i of e^(-ia) (sum over j >= ic of (ia)^j / j!, less
   * 1 / rho times that over j > ic).
   */
  function crommelin(servers: number, load: number): number {
    let wait = 0;
    for (let i = 1; i < 1_000; i++) {
      const mean = i * load;
      let probability = Math.exp(-mean);
      for (let j = 1; j <= i * servers; j++) probability *= mean / j;
      let tail = 0;
      const first = probability;
      for (let j = i * servers + 1; probability > 1e-18 * first; j++) {
        probability *= mean / j;
        tail += probability;
      }
      wait += first + tail - (servers / load) * tail;
    }
    return wait;
  }

  /** The front end's server has the processor: nothing else runs on it. */
  function processor(cores: number, load: number, messagesPerBatch: number) {
    const { times } = sendPoissonMail({
      organization: {
        servers: {
          M1: { site: 'A', roles: ['mailbox'] },
          C1: { site: 'A', roles: ['client-access'], cores },
        },
        databases: { DB: ['M1'] },
        mailboxes: { a: 'DB' },
      },
      settings: { hardware: instant },
      serverSettings: { C1: { hardware: { cpuPerMessage: serviceMs } } },
      flows: [{ from: outside, to: 'a', rate: load }],
      measured: ['submission'],
      messagesPerBatch,
      seed: `processor ${cores}`,
    });
    return times[0]!.map((time) => time - 1);
  }

  it('A-run-queue: one core is M/D/1', () => {
    const rho = 0.7;
    expect(crommelin(1, rho)).toBeCloseTo(rho / (2 * (1 - rho)), 9);
    expectAgreement(processor(1, rho, 5_000), rho / (2 * (1 - rho)));
  });

  it('A-run-queue: three cores are M/D/3: the wait of Crommelin', () => {
    const load = 2.4;
    expectAgreement(processor(3, load, 10_000), crommelin(3, load));
  });
});

describe('connections of a delivery queue', () => {
  function connections(transport: Readonly<Record<string, number>>, load: number) {
    const { times } = sendPoissonMail({
      organization: {
        servers: { A1: 'A' },
        databases: { DB: ['A1'] },
        mailboxes: { a: 'DB' },
        connectors: [{ name: 'Internet', sourceServers: ['A1'] }],
      },
      settings: {
        hardware: { ...instant, distribution: exponential },
        transport,
        outside: { connectTime: 0, acceptTime: serviceMs },
      },
      flows: [{ from: 'a', to: outside, rate: load }],
      measured: ['deliveryQueue', 'connection', 'transfer'],
      messagesPerBatch: 5_000,
      seed: `connections ${load}`,
    });
    return times[0]!;
  }

  it('CAP-20, CAP-21: a connection for each message, three at most, are M/M/3', () => {
    const load = 2.1;
    const times = connections(
      {
        maxPerDomainOutboundConnections: 3,
        smtpConnectorQueueMessageCountThresholdForConcurrentConnections: 1,
      },
      load,
    );
    expectAgreement(times, sojourn(3, load).mean);
  });

  it('CAP-21: connections that grow with the queue are a birth-and-death process', () => {
    const load = 1.2;
    const threshold = 3;
    const most = 4;
    // Each connection takes one message: of n messages min(ceil(n / 3), 4) are being sent, always.
    const times = connections(
      {
        maxPerDomainOutboundConnections: most,
        smtpConnectorQueueMessageCountThresholdForConcurrentConnections: threshold,
        smtpMaxMessagesPerConnection: 1,
      },
      load,
    );
    let probability = 1;
    let total = 1;
    let messages = 0;
    for (let n = 1; n < 1_000; n++) {
      probability *= load / Math.min(Math.ceil(n / threshold), most);
      total += probability;
      messages += n * probability;
    }
    expectAgreement(times, messages / total / load);
  });
});

describe('threads of Mailbox Transport Delivery', () => {
  /** Two senders, both members of a DAG, to which the front end gives mail in turn; one holds both databases. */
  function threads(limits: Readonly<Record<string, number>>, u: number, v: number) {
    const { times } = sendPoissonMail({
      organization: {
        servers: {
          S1: { site: 'A', roles: ['mailbox'] },
          S2: { site: 'A', roles: ['mailbox'] },
          C1: { site: 'A', roles: ['client-access'] },
        },
        dags: { DAG1: ['S1', 'S2'] },
        databases: { DB1: ['S1', 'S2'], DB2: ['S1', 'S2'] },
        mailboxes: { u: 'DB1', v: 'DB2' },
      },
      settings: {
        hardware: { ...instant, distribution: exponential, mailboxDeliveryTime: serviceMs },
        transport: { smtpConnectorQueueMessageCountThresholdForConcurrentConnections: 1 },
        mailboxTransport: { recipientThreadLimit: 1_024, ...limits },
      },
      flows: [
        { from: outside, to: 'u', rate: u },
        { from: outside, to: 'v', rate: v },
      ],
      measured: ['deliveryQueue', 'connection', 'transfer', 'mailboxDelivery'],
      messagesPerBatch: 5_000,
      seed: `threads ${JSON.stringify(limits)}`,
    });
    return times;
  }

  it('CAP-20: three threads of a server are M/M/3, for two senders and two databases together', () => {
    const times = threads({ maxConcurrentMailboxDeliveries: 3 }, 1.05, 1.05);
    for (const ofDatabase of times) expectAgreement(ofDatabase, sojourn(3, 2.1).mean);
  });

  it('MD-03: two threads of a database are M/M/2, for two senders together, whatever the other database gets', () => {
    const times = threads({ deliveriesPerDatabase: 2 }, 1.4, 0.8);
    expectAgreement(times[0]!, sojourn(2, 1.4).mean);
    expectAgreement(times[1]!, sojourn(2, 0.8).mean);
  });
});

describe('networks of categorizers', () => {
  const slots = (categorizerSlots: number, categorizerTime: number) => ({
    transport: { categorizerSlots },
    hardware: { categorizerTime },
  });

  it('RT-34: a tandem of three servers, the middle one a hub: sojourn times add up, and are independent (Burke)', () => {
    const rate = 0.6;
    const { times, squares, sojourns } = sendPoissonMail({
      organization: {
        links: { 'A-B': 10, 'B-C': 10 },
        sites: ['A', { name: 'B', hub: true }, 'C'],
        servers: { A1: 'A', B1: 'B', C1: 'C' },
        databases: { DBA: ['A1'], DBB: ['B1'], DBC: ['C1'] },
        mailboxes: { a: 'DBA', c: 'DBC' },
      },
      settings: {
        hardware: { ...instant, distribution: exponential },
        mailboxTransport: { submissionReach: 'own-site' },
      },
      serverSettings: { A1: slots(2, 2_000), B1: slots(1, 1_000), C1: slots(3, 3_000) },
      flows: [{ from: 'a', to: 'c', rate }],
      measured: ['submissionQueue', 'categorizer'],
      messagesPerBatch: 5_000,
      seed: 'tandem',
    });
    const stations = [
      { name: 'A1', servers: 2, service: 2 },
      { name: 'B1', servers: 1, service: 1 },
      { name: 'C1', servers: 3, service: 3 },
    ];
    let mean = 0;
    let variance = 0;
    for (const { name, servers, service } of stations) {
      const one = sojourn(servers, rate * service);
      expectAgreement(sojourns[name]!, one.mean * service);
      mean += one.mean * service;
      variance += one.variance * service ** 2;
    }
    expectAgreement(times[0]!, mean);
    expectAgreement(squares[0]!, mean ** 2 + variance);
  });

  it('RR-02: a network with ways back: the product form of Jackson and Kelly', () => {
    /*
     * Groups are expanded on the other server, so their messages come back: A B A, and A B A B A. Each message has its
     * way, each visit its own service time: the stations are as if independent, M/M/1 and M/M/2.
     */
    const group = (name: string, expansionServer: string, member: string) => ({
      address: `${name}@${domain}`,
      members: [`${member}@${domain}`],
      expansionServer,
    });
    const organization: SmallOrganization = {
      links: { 'A-B': 10 },
      servers: { A1: 'A', B1: 'B' },
      databases: { DBA: ['A1'], DBB: ['B1'] },
      mailboxes: { a: 'DBA', b: 'DBB' },
      groups: [group('back', 'B1', 'a'), group('first', 'B1', 'second'), group('second', 'A1', 'back')],
    };
    const flows = [
      { from: 'a', to: 'a', rate: 0.1, visits: [1, 0] },
      { from: 'a', to: 'b', rate: 0.1, visits: [1, 1] },
      { from: 'b', to: 'a', rate: 0.1, visits: [1, 1] },
      { from: 'b', to: 'b', rate: 0.3, visits: [0, 1] },
      { from: 'a', to: 'back', rate: 0.1, visits: [2, 1] },
      { from: 'a', to: 'first', rate: 0.05, visits: [3, 2] },
    ] as const;
    const measures = sendPoissonMail({
      organization,
      settings: {
        hardware: { ...instant, distribution: exponential },
        mailboxTransport: { submissionReach: 'own-site' },
      },
      serverSettings: { A1: slots(1, 1_000), B1: slots(2, 2_000) },
      flows,
      measured: ['submissionQueue', 'categorizer'],
      messagesPerBatch: 8_000,
      seed: 'network',
    });
    const visited = (server: 0 | 1) =>
      flows.reduce((sum, { rate, visits }) => sum + rate * visits[server], 0);
    // 0.65 of one slot, 1.4 of two.
    const loads = [visited(0), 2 * visited(1)] as const;
    expect(loads[0]).toBeCloseTo(0.65, 9);
    expect(loads[1]).toBeCloseTo(1.4, 9);
    const inA = sojourn(1, loads[0]).mean;
    const inB = 2 * sojourn(2, loads[1]).mean;
    expectAgreement(measures.present['A1']!, visited(0) * inA);
    expectAgreement(measures.present['B1']!, visited(1) * inB);
    expectAgreement(measures.sojourns['A1']!, inA);
    expectAgreement(measures.sojourns['B1']!, inB);
    // Independent at any instant: nobody is there with the product of both probabilities (M/M/2: (1 - rho) / (1 + rho)).
    expectAgreement(measures.allIdle, (1 - loads[0]) * ((1 - loads[1] / 2) / (1 + loads[1] / 2)));
    // Whoever arrives, at whichever visit, sees what an onlooker sees.
    for (const [flow, { visits }] of flows.entries()) {
      expectAgreement(measures.times[flow]!, visits[0] * inA + visits[1] * inB);
    }
  });
});

import { describe, expect, it } from 'vitest';
import { decodeScenario } from '../scenario/index.js';
import { compileScenario } from './compile-scenario.js';
import { offeredLoad, warnOfOverload } from './offered-load.js';
import type { OfferedStage } from './offered-work.js';
import { runReplication } from './run-replication.js';

const readFile = () => {
  throw new Error('no files');
};

/** Two sites; DAG1 spans both, with DB1 on A1 and DB2 on B1. C1 is a site by itself. */
const organization = `
  organization: contoso.com
  sites: [{ name: A }, { name: B }, { name: C }]
  siteLinks:
    - { name: AB, sites: [A, B], bandwidth: 10 Mbit/s }
    - { name: BC, sites: [B, C] }
  servers:
    - { name: A1, site: A, cores: 1 }
    - { name: B1, site: B, cores: 1, roles: [mailbox] }
    - { name: C1, site: C, roles: [mailbox] }
  databases: [{ name: DB1, copies: [A1] }, { name: DB2, copies: [B1] }, { name: DB3, copies: [C1] }]
  connectors: [{ name: Out, kind: send, addressSpaces: ["*"], sourceServers: [B1] }]
  mailboxes:
    - { address: "a{n}@contoso.com", count: 10, database: DB1 }
    - { address: "b{n}@contoso.com", count: 30, database: DB2 }
  distributionGroups:
    - { address: all@contoso.com, members: [a1@contoso.com, b1@contoso.com, b2@contoso.com], expansionServer: B1 }`;

function scenarioOf(workloads: string, more = '', described = organization) {
  const text = `mailflow: 1
name: load
start: 2024-04-02T08:30Z
duration: 3 h
organization:${described}
workloads:
${workloads}
${more}`;
  return decodeScenario(text, 's.yaml', { readFile }).scenario;
}

/** What each stage is offered, by a name; sessions and what is at their other end apart. */
function offered(workloads: string, more = '', described = organization): Record<string, number> {
  const scenario = scenarioOf(workloads, more, described);
  const tables = compileScenario(scenario);
  const { servers, databases, siteLinks } = tables.topology;
  return Object.fromEntries(
    offeredLoad(scenario, tables)!.flatMap(({ stage, offeredPerSecond }) => {
      const name = nameOf(stage);
      return name === undefined ? [] : [[name, Number(offeredPerSecond.toPrecision(6))]];
    }),
  );

  function nameOf(stage: OfferedStage): string | undefined {
    switch (stage.kind) {
      case 'link':
        return siteLinks[stage.link]!.name;
      case 'database':
        return databases[stage.database]!.name;
      case 'connections':
        return `${servers[stage.server]!.name} ${stage.service} connections`;
      case 'processor':
      case 'submission':
      case 'categorizer':
        return `${servers[stage.server]!.name} ${stage.kind}`;
      default:
        return undefined;
    }
  }
}

/** A thread of submission, s (A-submission-threads): reading 20 ms, connecting 10 ms, the acceptance 100 ms. */
const submissionHeld = 0.13;

const arrivals = (from: string, to: string, rate = 2, more = '') =>
  `  - { kind: arrivals, messagesPerSecond: ${rate}, from: ${from}, to: ${to}, size: { fixed: 100 KB }${more} }`;

describe('the offered load of arrivals', () => {
  it('inside a server: submission, acceptance, categorizer, writing', () => {
    expect(offered(arrivals('a1@contoso.com', 'a2@contoso.com'))).toEqual({
      'A1 processor': 2 * 4 * 0.005,
      'A1 submission': 2 * submissionHeld,
      'A1 categorizer': 2 * 0.075,
      DB1: 2 * 0.08,
    });
  });

  it('from outside to another site: the front end brings it to the nearest server', () => {
    expect(offered(arrivals('x@out.example', 'b2@contoso.com'))).toEqual({
      // TH: one a message, to the front end and from it.
      'A1 front-end connections': 2,
      'A1 processor': 2 * 0.005,
      'B1 transport connections': 2,
      'B1 processor': 2 * 3 * 0.005,
      'B1 categorizer': 2 * 0.075,
      DB2: 2 * 0.08,
      AB: 2 * 102_400 * 8,
    });
  });

  it('RT-48, UN-13: of more than 20 mailboxes the first 20 say which server is the nearest', () => {
    const addresses = (count: number) => Array.from({ length: count }, (_, n) => `b${n + 1}@contoso.com`);
    const brought = (to: readonly string[]) => {
      const work = offered(arrivals('x@out.example', `["${to.join('", "')}"]`));
      return [work['A1 transport connections'], work['B1 transport connections']];
    };
    // What the one is brought goes on to the other: twenty messages over a connection.
    expect(brought([...addresses(19), 'a1@contoso.com'])).toEqual([2, 2 / 20]);
    expect(brought([...addresses(20), 'a1@contoso.com'])).toEqual([2 / 20, 2]);
  });

  it('to the outside: over the connector, whose connections it needs', () => {
    expect(offered(arrivals('a1@contoso.com', 'x@out.example'))).toEqual({
      // Submission, acceptance, categorizer, sending on.
      'A1 processor': 2 * 4 * 0.005,
      'A1 submission': 2 * submissionHeld,
      'A1 categorizer': 2 * 0.075,
      // CAP-21: twenty messages go over one.
      'B1 transport connections': 2 / 20,
      // Acceptance, categorizer, sending out.
      'B1 processor': 2 * 3 * 0.005,
      'B1 categorizer': 2 * 0.075,
      AB: 2 * 102_400 * 8,
    });
  });

  it('RT-59, RT-60: from outside by Edges, where there are any: their work, then at the doors of their site', () => {
    const withEdges = organization
      .replace(
        '- { name: C1',
        '- { name: E1, roles: [edge] }\n    - { name: E2, roles: [edge] }\n    - { name: C1',
      )
      .concat('\n  edgeSubscriptions: [{ edgeServer: E1, site: A }, { edgeServer: E2, site: B }]');
    expect(offered(arrivals('x@out.example', 'b2@contoso.com'), '', withEdges)).toEqual({
      // Half the messages each, over a connection each: accepted, categorized, relayed.
      'E1 transport connections': 1,
      'E2 transport connections': 1,
      'E1 processor': 3 * 0.005,
      'E1 categorizer': 0.075,
      'E2 processor': 3 * 0.005,
      'E2 categorizer': 0.075,
      // E1's go by the front end of A1, E2's straight to B1, which has none.
      'A1 front-end connections': 1 / 20,
      'A1 processor': 0.005,
      AB: 102_400 * 8,
      'B1 transport connections': 1 + 1 / 20,
      'B1 processor': 2 * 3 * 0.005,
      'B1 categorizer': 2 * 0.075,
      DB2: 2 * 0.08,
    });
    const drawn =
      '  - { kind: internet-inbound, messagesPerSecond: 2, size: { fixed: 50 KB }, unknownShare: 0 }';
    const offeredDrawn = offered(drawn, '', withEdges);
    expect(offeredDrawn['E1 categorizer']).toBeCloseTo(0.075, 9);
    expect(offeredDrawn['E2 processor']).toBeCloseTo(3 * 0.005, 9);
  });

  it('A-older-submission: from a mailbox of 2010, by a hub of its version', () => {
    const withHub = organization
      .replace('- { name: C1, site: C', '- { name: C1, version: "2010", site: C')
      .replace('site: C, roles: [mailbox]', 'site: C')
      .replace('mailboxes:', 'mailboxes:\n    - { address: old@contoso.com, database: DB3 }');
    expect(offered(arrivals('old@contoso.com', 'b2@contoso.com'), '', withHub)).toEqual({
      'C1 processor': 2 * 4 * 0.005,
      'C1 submission': 2 * submissionHeld,
      'C1 categorizer': 2 * 0.075,
      'B1 transport connections': 2 / 20,
      'B1 processor': 2 * 3 * 0.005,
      'B1 categorizer': 2 * 0.075,
      DB2: 2 * 0.08,
    });
  });

  it('to a group: its members from where it is expanded, each mailbox written by itself', () => {
    const work = offered(arrivals('b9@contoso.com', 'all@contoso.com'));
    expect(work['DB2']).toBeCloseTo(2 * 2 * 0.08, 9);
    expect(work['DB1']).toBeCloseTo(2 * 0.08, 9);
    expect(work['A1 categorizer']).toBeCloseTo(2 * 0.075, 9);
  });

  it('at the times given: counted in the busiest hour', () => {
    const at = '["+10 min", "+100 min", "+110 min", "+120 min"]';
    const text = `  - { kind: arrivals, at: ${at}, from: a1@contoso.com, to: a2@contoso.com, start: 08:30 }`;
    const workload = text.replace(', start: 08:30', '');
    // 10:00 to 11:00, from 90 to 150 min, has three.
    expect(offered(workload)['A1 submission']).toBeCloseTo((3 * submissionHeld) / 3_600, 9);
  });

  it('of several workloads is their sum, where they overlap', () => {
    const one = arrivals('a1@contoso.com', 'a2@contoso.com', 2, ', name: one, end: 10:30');
    const apart = arrivals('a1@contoso.com', 'a2@contoso.com', 3, ', name: two, start: 10:30');
    const across = arrivals('a1@contoso.com', 'a2@contoso.com', 3, ', name: two, start: 09:30');
    expect(offered(`${one}\n${apart}`)['A1 submission']).toBeCloseTo(3 * submissionHeld, 9);
    expect(offered(`${one}\n${across}`)['A1 submission']).toBeCloseTo(5 * submissionHeld, 9);
  });
});

describe('the offered load of mail that is drawn', () => {
  const inbound = (recipients: string) =>
    `  - { kind: internet-inbound, messagesPerSecond: 4, unknownShare: 0, recipients: ${recipients}, size: { fixed: 1 KB } }`;

  it('goes to databases by their mailboxes', () => {
    const work = offered(inbound('{ fixed: 1 }'));
    // A quarter is for DB1 and stays on A1.
    expect(work['DB1']).toBeCloseTo(1 * 0.08, 9);
    expect(work['DB2']).toBeCloseTo(3 * 0.08, 9);
    expect(work['A1 categorizer']).toBeCloseTo(1 * 0.075, 9);
    expect(work['B1 categorizer']).toBeCloseTo(3 * 0.075, 9);
    expect(work['A1 processor']).toBeCloseTo((4 + 1 * 3) * 0.005, 9);
    expect(work['B1 processor']).toBeCloseTo(3 * 3 * 0.005, 9);
  });

  it('to two: the first decides who takes it, and a copy goes on if the second is elsewhere', () => {
    const work = offered(inbound('{ fixed: 2 }'));
    // One in four is taken by A1; of these three in four have the other in DB2. Of the three, one in four.
    const toB = 1 * 0.75;
    const toA = 3 * 0.25;
    expect(work['B1 categorizer']).toBeCloseTo((3 + toB) * 0.075, 9);
    expect(work['A1 categorizer']).toBeCloseTo((1 + toA) * 0.075, 9);
    // Recipients are written one by one: 8 a second.
    expect(work['DB1']).toBeCloseTo(2 * 0.08, 9);
    expect(work['DB2']).toBeCloseTo(6 * 0.08, 9);
  });

  it('follows the shape of the day', () => {
    const workload = (shape: string) =>
      `  - { kind: mailbox-users, sentPerDay: 1000, externalShare: 0, unknownShare: 0, recipients: { fixed: 1 }, shape: ${shape} }`;
    const perSecond = (40 * 1_000) / 86_400;
    const flat = offered(workload('flat'));
    // Three in four go straight to B1, five one-way latencies of 1 ms longer.
    const heldOnAverage = submissionHeld + 0.75 * 0.005;
    expect(flat['A1 submission']).toBeCloseTo(perSecond * 0.25 * heldOnAverage, 6);
    // WL-03: 12 hours of 1 and 12 of 0.12.
    const weight = 24 / (12 + 12 * 0.12);
    expect(offered(workload('office-day'))['A1 submission']).toBeCloseTo(
      perSecond * 0.25 * heldOnAverage * weight,
      6,
    );
  });
});

describe('the warning of an offered load above capacity', () => {
  const warnings = (workloads: string, more = '') => {
    const scenario = scenarioOf(workloads, more);
    return warnOfOverload(scenario, compileScenario(scenario), 's.yaml').map(
      ({ path, message }) => `${path}: ${message}`,
    );
  };

  it('names server, stage, both figures, the utilization and the hour', () => {
    const load = arrivals('a1@contoso.com', 'a2@contoso.com', 60, ', start: 09:15');
    const threads = 'settings: { mailboxTransport: { recipientThreadLimit: 100 } }';
    expect(warnings(load, threads)).toEqual([
      'organization.servers.A1: offered load above capacity: server A1, processor: 1.2 s of work a second for 1 core, 120 % in the hour from 09:15',
    ]);
    expect(warnings(load.replace('60', '50'), threads)).toEqual([]);
  });

  it('sees slots, threads, sessions, connections and links, too', () => {
    const settings = `settings:
  transport: { categorizerSlots: 1, maxPerDomainOutboundConnections: 1 }
  mailboxTransport: { maxConcurrentMailboxSubmissions: 1, deliveriesPerDatabase: 1 }
  hardware: { cpuPerMessage: 0 ms, submissionTime: 90 ms }`;
    const load = `${arrivals('a1@contoso.com', 'a2@contoso.com', 14)}\n${arrivals('a1@contoso.com', 'x@out.example', 16, ', name: out')}`;
    const told = warnings(load, settings).map((each) => each.replace(/.*capacity: (.*) in the hour.*/, '$1'));
    expect(told).toEqual([
      'server A1, submission: 6 s of work a second for 1 thread, 600 %',
      'server A1, categorizer: 2.25 s of work a second for 1 slot, 225 %',
      // 16 a second: relay 20 ms, three ways of 1 ms, 819,200 bits at 10 Mbit/s, acceptance 100 ms, 12 ms for 20.
      'server A1, queue Out: 3.29 s of work a second for 1 connection, 329 %',
      'server A1, delivery to DB1: 1.12 s of work a second for 1 session, 112 %',
      'server A1, delivery to a2@contoso.com: 1.12 s of work a second for 1 thread, 112 %',
      'server B1, categorizer: 1.2 s of work a second for 1 slot, 120 %',
      'server B1, queue out.example: 1.76 s of work a second for 1 connection, 176 %',
      'link AB: 13.1 Mbit/s over 10 Mbit/s, 131 %',
    ]);
  });
});

describe('TH: the warning of more new connections than maxConnectionRatePerMinute', () => {
  const told = (workload: string, more = '') => {
    const scenario = scenarioOf(workload, more);
    return warnOfOverload(scenario, compileScenario(scenario), 's.yaml')
      .filter(({ message }) => message.includes('connections to'))
      .map(({ message, hint }) => `${message.replace(/.*capacity: (.*) in the hour.*/, '$1')}; ${hint}`);
  };
  const hint = 'the others are refused, and their senders try again later';

  it('counts one for each message from outside, at the front end and behind it', () => {
    const inbound = (rate: number) => arrivals('x@out.example', 'a1@contoso.com', rate);
    expect(told(inbound(22))).toEqual([
      `server A1: 1320 new connections to Front End Transport a minute for 1200, 110 %; ${hint}`,
      `server A1: 1320 new connections to Transport a minute for 1200, 110 %; ${hint}`,
    ]);
    expect(told(inbound(20))).toEqual([]);
    expect(told(inbound(22), 'settings: { transport: { maxConnectionRatePerMinute: 1320 } }')).toEqual([]);
  });

  it('counts what submission brings for none, and a relay by the messages of a connection', () => {
    const limited = (messages: number) =>
      `settings: { transport: { maxConnectionRatePerMinute: 6, smtpMaxMessagesPerConnection: ${messages} } }`;
    const relayed = arrivals('a1@contoso.com', 'x@out.example', 1);
    expect(told(relayed, limited(10))).toEqual([]);
    expect(told(relayed, limited(5))).toEqual([
      `server B1: 12 new connections to Transport a minute for 6, 200 %; ${hint}`,
    ]);
  });

  it('counts sessions to the outside at the front ends that pass them on', () => {
    const proxied = organization
      .replace('kind: send', 'kind: send, frontEndProxy: true')
      .replace('sourceServers: [B1]', 'sourceServers: [A1]');
    const work = offered(arrivals('a1@contoso.com', 'x@out.example'), '', proxied);
    expect(work['A1 front-end connections']).toBeCloseTo(2 / 20, 9);
  });
});

describe('the law and the simulation agree', () => {
  /** Mail from outside to one server, which takes 20 connections a second. */
  async function fromOutside(messagesPerSecond: number) {
    const text = `mailflow: 1
duration: 10 min
drain: until-empty
organization:
  organization: contoso.com
  sites: [{ name: A }]
  servers: [{ name: A1, site: A }]
  databases: [{ name: DB1, copies: [A1] }]
  mailboxes: [{ address: "u{n}@contoso.com", count: 200, database: DB1 }]
workloads:
  - { kind: internet-inbound, messagesPerSecond: ${messagesPerSecond}, unknownShare: 0, recipients: { fixed: 1 } }
`;
    const { scenario } = decodeScenario(text, 's.yaml', { readFile });
    const tables = compileScenario(scenario);
    const warned = warnOfOverload(scenario, tables, 's.yaml').length;
    const { result } = await runReplication(scenario, tables, 1, { sink: () => {}, recordMessages: false });
    return { warned, maxMs: result.deliveryLatency.latencyMs.max };
  }

  it('TH: within the connections a minute nobody is refused, beyond them senders wait to try again', async () => {
    const within = await fromOutside(17);
    expect(within.warned).toBe(0);
    expect(within.maxMs).toBeLessThan(60_000);
    const beyond = await fromOutside(22);
    expect(beyond.warned).toBe(2);
    // A-outside-retry: 15 minutes.
    expect(beyond.maxMs).toBeGreaterThan(15 * 60_000);
  });

  /** Mail from mailbox to mailbox on one core: four stages of 5 ms, so that 50 a second fill it. */
  async function simulated(messagesPerSecond: number) {
    const text = `mailflow: 1
duration: 2 min
drain: 0 s
warmUp: 30 s
organization:
  organization: contoso.com
  sites: [{ name: A }]
  servers: [{ name: A1, site: A, cores: 1 }]
  databases: [{ name: DB1, copies: [A1] }]
  mailboxes: [{ address: "u{n}@contoso.com", count: 200, database: DB1 }]
workloads:
  - { kind: mailbox-users, sentPerDay: ${(messagesPerSecond * 86_400) / 200}, externalShare: 0, unknownShare: 0, recipients: { fixed: 1 } }
`;
    const { scenario } = decodeScenario(text, 's.yaml', { readFile });
    const tables = compileScenario(scenario);
    const law = offeredLoad(scenario, tables)!.find(({ stage }) => stage.kind === 'processor')!.utilization;
    const { result } = await runReplication(scenario, tables, 1, { sink: () => {}, recordMessages: false });
    const { busyMs, cores } = result.servers[0]!;
    const { submitted, delivered } = result.recipients;
    return { law, utilization: busyMs / cores / 90_000, submitted, delivered };
  }

  it('80 %: the processor is as busy as the law says, and what comes goes', async () => {
    const { law, utilization, submitted, delivered } = await simulated(40);
    expect(law).toBeCloseTo(0.8, 6);
    // 3,600 messages after the warm-up: their number is within 5 % at three standard deviations.
    expect(Math.abs(utilization - 0.8)).toBeLessThan(0.04);
    expect(submitted - delivered).toBeLessThan(100);
  });

  it('120 %: the processor never rests, and what is too much stays', async () => {
    const { law, utilization, submitted, delivered } = await simulated(60);
    expect(law).toBeCloseTo(1.2, 6);
    expect(utilization).toBeGreaterThan(0.99);
    // At most 50 of 60 a second can get through in two minutes.
    expect(submitted - delivered).toBeGreaterThan(0.9 * 10 * 120);
  });
});

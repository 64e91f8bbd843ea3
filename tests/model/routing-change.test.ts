import { describe, expect, it } from 'vitest';
import type { SettingOverrides } from '../../src/sim/model/index.js';
import type { Organization } from '../../src/topology/index.js';
import { deterministicHardware, noTime, run, type SmallOrganization } from './small-organization.js';

const second = 1_000;
const minute = 60 * second;

/** A change of one element of a list, made in site A. */
function change<K extends 'siteLinks' | 'sites' | 'connectors'>(
  list: K,
  name: string,
  values: Partial<Organization[K][number]>,
  site = 0,
) {
  return {
    subject: `${list}.${name}`,
    site,
    apply: (organization: Organization): Organization => ({
      ...organization,
      [list]: organization[list].map((each) => (each.name === name ? { ...each, ...values } : each)),
    }),
  };
}

/** A triangle: A to C directly at 10, or by the hub B at 5 + 10. Messages from a to c. */
const triangle: SmallOrganization = {
  sites: ['A', { name: 'B', hub: true }, 'C'],
  links: { 'A-C': 10, 'A-B': 5, 'B-C': 10 },
  servers: { A1: 'A', B1: 'B', C1: 'C' },
  databases: { DBA: ['A1'], DBC: ['C1'] },
  mailboxes: { a: 'DBA', c: 'DBC' },
};

/** The servers on which the rows of recipient c have ended, and the hops they took. */
function hopsToC({ recorder, server }: ReturnType<typeof run>) {
  return recorder.ended_
    .filter((row) => row.recipient === 1 && row.server === server('C1'))
    .map(({ submittedMs, hops }) => [submittedMs, hops]);
}

const effects = ({ recorder }: ReturnType<typeof run>) =>
  recorder.faults.filter(({ phase }) => phase === 'effect').map(({ atMs, subject }) => [subject, atMs]);

const queueNamed = ({ model, server }: ReturnType<typeof run>, on: string, domain: string) =>
  [...Array(model.queueCount).keys()].find(
    (queue) => model.queueServer(queue) === server(on) && model.queueKey(queue).nextHopDomain === domain,
  );

describe('AS-13: who follows a change of the configuration, and when', () => {
  it('A-replication, A-routing-reload: where it is made after a minute, elsewhere 15 minutes later', () => {
    const organization = run(triangle);
    const { simulation, model, at } = organization;
    at(minute, () => model.routingChanges.begin(change('siteLinks', 'A-C', { cost: 100 })));
    simulation.runUntil(60 * minute);
    expect(effects(organization)).toEqual([
      ['A1', 2 * minute],
      ['B1', 17 * minute],
      ['C1', 17 * minute],
      ['siteLinks.A-C', 17 * minute],
    ]);
  });

  it('AS-13: traffic takes the other path from then on, and the first one again when the change ends', () => {
    const organization = run(triangle);
    const { simulation, model, at, send } = organization;
    const dearer = change('siteLinks', 'A-C', { cost: 100 });
    at(minute, () => model.routingChanges.begin(dearer));
    at(10 * minute, () => model.routingChanges.end(dearer));
    const times = [0, 1, 2, 10, 11, 12].map((minutes) => minutes * minute + 30 * second);
    for (const time of times) at(time, () => send('a', ['a', 'c']));
    simulation.runUntil(60 * minute);
    // By the hub B: three servers instead of two.
    expect(hopsToC(organization)).toEqual(times.map((time, index) => [time, [2, 2, 3, 3, 2, 2][index]!]));
  });

  it('AS-13: a change that ends before all have followed: each sees both, in order', () => {
    const organization = run(triangle);
    const { simulation, model, at } = organization;
    const dearer = change('siteLinks', 'A-C', { cost: 100 });
    at(0, () => model.routingChanges.begin(dearer));
    at(5 * minute, () => model.routingChanges.end(dearer));
    simulation.runUntil(60 * minute);
    expect(effects(organization)).toEqual([
      ['A1', minute],
      ['A1', 6 * minute],
      ['B1', 16 * minute],
      ['C1', 16 * minute],
      ['siteLinks.A-C', 16 * minute],
      ['B1', 21 * minute],
      ['C1', 21 * minute],
      ['siteLinks.A-C', 21 * minute],
    ]);
  });

  it('AS-13: overlapping changes end in any order; of two that set the same, the later one holds', () => {
    const organization = run(triangle);
    const { simulation, model, at, send } = organization;
    const dearer = change('siteLinks', 'A-C', { cost: 100 });
    const cheaper = change('siteLinks', 'A-C', { cost: 1 });
    at(0, () => model.routingChanges.begin(dearer));
    at(10 * minute, () => model.routingChanges.begin(cheaper));
    at(20 * minute, () => model.routingChanges.end(dearer));
    at(30 * minute, () => model.routingChanges.begin(dearer));
    at(40 * minute, () => model.routingChanges.end(cheaper));
    at(50 * minute, () => model.routingChanges.end(dearer));
    const times = [5, 15, 25, 35, 45, 55].map((minutes) => minutes * minute);
    for (const time of times) at(time, () => send('a', ['a', 'c']));
    simulation.runUntil(90 * minute);
    expect(hopsToC(organization)).toEqual(times.map((time, index) => [time, [3, 2, 2, 3, 3, 2][index]!]));
  });

  it('A-routing-reload: a server that was down reads what its directory has when it starts', () => {
    const organization = run(triangle);
    const { simulation, model, at, server } = organization;
    at(0, () => model.routingChanges.begin(change('siteLinks', 'A-C', { cost: 100 })));
    // B1 starts when the change has reached its site but not the minute in which it would have read it.
    at(0, () => model.beginServerOutage(server('B1')));
    at(15 * minute + 10 * second, () => model.endServerOutage(server('B1')));
    // C1 is down when its turn comes; its service returns after the server.
    at(10 * minute, () => model.beginServerOutage(server('C1')));
    at(10 * minute, () => model.beginServiceOutage(server('C1'), 'transport'));
    at(30 * minute, () => model.endServerOutage(server('C1')));
    at(31 * minute, () => model.endServiceOutage(server('C1'), 'transport'));
    simulation.runUntil(60 * minute);
    expect(effects(organization)).toEqual([
      ['A1', minute],
      ['B1', 15 * minute + 10 * second],
      ['C1', 31 * minute],
      ['siteLinks.A-C', 31 * minute],
    ]);
  });

  it('A-replication: a server that starts before the change is in its site learns of it later', () => {
    const organization = run(triangle);
    const { simulation, model, at, server } = organization;
    at(0, () => model.routingChanges.begin(change('siteLinks', 'A-C', { cost: 100 })));
    at(0, () => model.beginServerOutage(server('B1')));
    at(14 * minute, () => model.endServerOutage(server('B1')));
    simulation.runUntil(60 * minute);
    expect(effects(organization)).toContainEqual(['B1', 16 * minute]);
  });

  it('AS-07: a site that takes no inbound mail any more is offered none by outside senders', () => {
    const organization = run({ ...triangle, sites: ['A', 'B', 'C'] });
    const { simulation, model, at, send, recorder, server } = organization;
    at(0, () => model.routingChanges.begin(change('sites', 'A', { inboundMail: false })));
    for (let n = 0; n < 6; n++) at(2 * minute + n * second, () => send('x@partner.example', ['c']));
    simulation.runUntil(30 * minute);
    expect(recorder.ended_.filter(({ end }) => end === 'delivered')).toHaveLength(6);
    // B1 and C1 take turns; what comes in by C1 stays there (RT-47: the nearest of the group).
    expect(model.queueCount).toBeGreaterThan(0);
    expect([...Array(model.queueCount).keys()].map((queue) => model.queueServer(queue))).not.toContain(
      server('A1'),
    );
  });
});

describe('what a change does to queued mail', () => {
  const withConnectors: SmallOrganization = {
    links: { 'A-B': 10 },
    servers: { A1: 'A', B1: 'B' },
    databases: { DBA: ['A1'] },
    mailboxes: { a: 'DBA' },
    connectors: [
      { name: 'K', sourceServers: ['A1'], enabled: false },
      { name: 'L', sourceServers: ['B1'], addressSpaces: [{ type: 'SMTP', space: 'l.example', cost: 1 }] },
    ],
  };

  it('QU-03: the Unreachable queue is resubmitted when the server follows', () => {
    const organization = run(withConnectors);
    const { simulation, model, at, send, recorder } = organization;
    at(0, () => send('a', ['x@partner.example']));
    at(10 * minute, () => model.routingChanges.begin(change('connectors', 'K', { enabled: true })));
    simulation.runUntil(10 * minute + 59 * second);
    expect(recorder.ended_).toEqual([]);
    simulation.runUntil(12 * minute);
    expect(recorder.resubmissions).toMatchObject([
      { atMs: 11 * minute, cause: 'routing-change', messages: 1 },
    ]);
    expect(recorder.ended_).toMatchObject([{ end: 'delivered' }]);
    // Submission 20 + 10 + 130 ms or less, categorizer 75 ms; then the queue, until the change has come.
    expect(recorder.ended_[0]!.stageMs['deliveryQueue']).toBeGreaterThan(10 * minute);
  });

  it('QU-03: it stays unreachable where the change opens no way', () => {
    const { simulation, model, at, send, recorder } = run(withConnectors);
    at(0, () => send('a', ['x@partner.example']));
    at(minute, () => model.routingChanges.begin(change('siteLinks', 'A-B', { cost: 20 })));
    simulation.runUntil(20 * minute);
    expect(recorder.resubmissions).toHaveLength(1);
    expect(recorder.ended_).toEqual([]);
    expect(model.audit().alive).toBe(1);
  });

  it('CN-12: mail for a connector that is disabled is categorized anew, and finds another or none', () => {
    const organization = run({
      ...withConnectors,
      connectors: [
        { name: 'K', sourceServers: ['B1'] },
        { name: 'M', sourceServers: ['A1'], addressSpaces: [{ type: 'SMTP', space: '*', cost: 100 }] },
      ],
    });
    const { simulation, model, at, send, recorder, server } = organization;
    // B1 refuses: mail for K waits in Retry on A1.
    model.beginServiceOutage(server('B1'), 'transport');
    at(0, () => send('a', ['x@partner.example']));
    at(2 * minute, () => model.routingChanges.begin(change('connectors', 'K', { enabled: false })));
    simulation.runUntil(5 * minute);
    expect(recorder.resubmissions).toMatchObject([{ cause: 'routing-change', messages: 1 }]);
    expect(recorder.ended_).toMatchObject([{ end: 'delivered', server: server('A1') }]);
    const old = queueNamed(organization, 'A1', 'K')!;
    expect([model.queueMessages(old), model.queueStatusNow(old)]).toEqual([0, 'Ready']);
  });

  it('CN-12, RT-28: where the next hop is the same, mail stays in its queue and takes the new servers', () => {
    // From A to the DAG of B1 and C1: B at 10 is primary, C at 20 the fallback.
    const organization = run(
      {
        links: { 'A-B': 10, 'A-C': 20 },
        servers: { A1: 'A', B1: 'B', C1: 'C' },
        dags: { D: ['B1', 'C1'] },
        databases: { DBA: ['A1'], DBD: ['B1', 'C1'] },
        mailboxes: { a: 'DBA', d: 'DBD' },
      },
      deterministicHardware,
    );
    const { simulation, model, at, send, recorder, server } = organization;
    for (const name of ['B1', 'C1']) model.beginServiceOutage(server(name), 'transport');
    at(0, () => send('a', ['a', 'd']));
    // The glitch retries are a minute apart, from 0.3 s on; A1 follows at 3 min.
    at(2 * minute, () => model.routingChanges.begin(change('siteLinks', 'A-C', { cost: 5 })));
    at(3 * minute + second, () => {
      for (const name of ['B1', 'C1']) model.endServiceOutage(server(name), 'transport');
    });
    simulation.runUntil(3 * minute);
    const queue = queueNamed(organization, 'A1', 'D')!;
    expect([model.queueMessages(queue), model.queueStatusNow(queue)]).toEqual([1, 'Retry']);
    simulation.runUntil(10 * minute);
    expect(recorder.resubmissions).toEqual([]);
    // C is primary now: its server takes the message as a target, no fallback.
    expect(recorder.fallbacks).toEqual([]);
    expect(recorder.ended_.filter(({ recipient }) => recipient === 1)).toMatchObject([
      { end: 'delivered', hops: 2 },
    ]);
    expect(queueNamed(organization, 'C1', 'DBD')).toBeDefined();
    expect(queueNamed(organization, 'B1', 'DBD')).toBeUndefined();
  });

  it('CN-12: what would go elsewhere is categorized anew: a hub on the path makes another queue', () => {
    const organization = run({ ...triangle, sites: ['A', 'B', 'C'], links: { 'A-B': 5, 'B-C': 10 } });
    const { simulation, model, at, send, recorder, server } = organization;
    // Nobody answers: the message waits for the group of C, then for the hub B.
    for (const name of ['B1', 'C1']) model.beginServiceOutage(server(name), 'transport');
    at(0, () => send('a', ['a', 'c']));
    at(minute, () => model.routingChanges.begin(change('sites', 'B', { hub: true })));
    simulation.runUntil(2 * minute + second);
    expect(recorder.resubmissions).toMatchObject([
      { atMs: 2 * minute, cause: 'routing-change', messages: 1 },
    ]);
    const hub = queueNamed(organization, 'A1', 'B')!;
    expect(model.queueKey(hub).deliveryType).toBe('SmtpRelayToRemoteActiveDirectorySite');
    expect(model.queueMessages(hub)).toBe(1);
  });

  it('CN-12: new smart hosts are used in place, without the categorizer', () => {
    const organization = run({
      ...withConnectors,
      connectors: [{ name: 'K', sourceServers: ['A1'], smartHosts: ['old.example'] }],
    });
    const { simulation, model, at, send, recorder } = organization;
    model.remoteDomains.beginOutage('old.example', 'silent');
    at(0, () => send('a', ['x@partner.example']));
    at(minute, () => model.routingChanges.begin(change('connectors', 'K', { smartHosts: ['new.example'] })));
    simulation.runUntil(5 * minute);
    expect(recorder.resubmissions).toEqual([]);
    expect(recorder.categorized_).toBe(1);
    expect(recorder.ended_).toMatchObject([{ end: 'delivered' }]);
    expect(queueNamed(organization, 'A1', 'new.example')).toBeDefined();
  });

  it('AS-05: a link that has become too small for a queued message returns it', () => {
    const organization = run({ ...triangle, sites: ['A', 'B', 'C'], links: { 'A-C': 10, 'B-C': 10 } });
    const { simulation, model, at, send, recorder, server } = organization;
    model.beginServiceOutage(server('C1'), 'transport');
    at(0, () => send('a', ['a', 'c']));
    at(minute, () =>
      model.routingChanges.begin(change('siteLinks', 'A-C', { maxMessageSizeBytes: 10 * 1_024 })),
    );
    simulation.runUntil(5 * minute);
    expect(recorder.ended_.filter(({ recipient }) => recipient === 1)).toMatchObject([
      { end: 'returned', code: '5.3.4' },
    ]);
  });

  it('CN-12: what is being sent goes through; if it fails it is categorized anew', () => {
    const organization = run({ ...triangle, links: { 'A-C': 10, 'A-B': 5, 'B-C': 10 } });
    const { simulation, model, at, send, recorder, server } = organization;
    // C1 is silent: an attempt of 21 s is under way when A1 follows, at 60 s; the way is by the hub then.
    model.beginServerOutage(server('C1'));
    at(0, () => model.routingChanges.begin(change('siteLinks', 'A-C', { cost: 100 })));
    at(50 * second, () => send('a', ['a', 'c']));
    simulation.runUntil(65 * second);
    expect(recorder.resubmissions).toEqual([]);
    expect(recorder.relays).toBe(0);
    simulation.runUntil(80 * second);
    expect(recorder.relays).toBe(1);
    expect(queueNamed(organization, 'A1', 'B')).toBeDefined();
  });

  /** Mail of minutes 0, 5 and 20 to the outside: from 1 min to 16 min two servers disagree which connector is in use. */
  function throughTheLoop(settings: SettingOverrides) {
    const { simulation, model, at, send, recorder } = run(
      {
        links: { 'A-B': 10 },
        servers: { A1: 'A', B1: 'B' },
        databases: { DBA: ['A1'] },
        mailboxes: { a: 'DBA' },
        connectors: [
          { name: 'K', sourceServers: ['B1'] },
          { name: 'L', sourceServers: ['A1'], enabled: false },
        ],
      },
      settings,
    );
    // Made in B: B1 sends by L on A1 from 1 min on, A1 by K on B1 until 16 min.
    const swapped = {
      subject: 'connectors',
      site: 1,
      apply: (base: Organization): Organization => ({
        ...base,
        connectors: base.connectors.map((each) => ({ ...each, enabled: !each.enabled })),
      }),
    };
    at(0, () => model.routingChanges.begin(swapped));
    for (const minutes of [0, 5, 20]) at(minutes * minute, () => send('a', ['x@partner.example']));
    simulation.runUntil(60 * minute);
    return recorder.ended_
      .filter(({ kind }) => kind === 'mail')
      .map(({ end, code, hops }) => [end, code, hops]);
  }

  it('AS-13, SZ-03: while two servers disagree which connector is in use, mail goes round between them', () => {
    // Before and after, a message leaves by the other server, or by its own.
    expect(throughTheLoop(deterministicHardware)).toEqual([
      ['delivered', null, 2],
      ['returned', '5.4.6', 8],
      ['delivered', null, 1],
    ]);
  });

  it('SZ-03: it goes round until the limit is reached, be it as high as can be', () => {
    const { hardware, transport } = noTime;
    const settings = { hardware, transport: { ...transport, maxLocalHopCount: 0, maxHopCount: 500 } };
    expect(throughTheLoop(settings)[1]).toEqual(['returned', '5.4.6', 500]);
  });
});

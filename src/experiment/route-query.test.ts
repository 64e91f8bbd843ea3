import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  describeOrganization,
  type OrganizationShorthand,
} from '../../tests/conformance/organization-builder.js';
import { shareOf } from '../../tests/random-share.js';
import { compileRoutingTables } from '../routing/index.js';
import { buildTopology, findByName, withActiveCopies } from '../topology/index.js';
import type { RoutedRecipient } from './route-answer.js';
import { answerRouteQuestion, type RouteQuestion } from './route-query.js';

interface Asked extends Omit<Partial<RouteQuestion>, 'outages'> {
  readonly from: string;
  readonly to: readonly string[];
  readonly down?: readonly string[];
  readonly downSites?: readonly string[];
  readonly downLinks?: readonly string[];
  /** Servers by database. */
  readonly active?: Readonly<Record<string, string>>;
}

function ask(
  shorthand: OrganizationShorthand,
  { from, to, down, downSites, downLinks, active, ...more }: Asked,
) {
  const described = describeOrganization(shorthand);
  const topology = buildTopology(withActiveCopies(described, new Map(Object.entries(active ?? {}))));
  const indexes = (list: readonly { readonly name: string }[], names: readonly string[] | undefined) =>
    new Set((names ?? []).map((name) => findByName(list, name)));
  const { servers, sites, siteLinks } = topology;
  const hasOutages = down !== undefined || downSites !== undefined || downLinks !== undefined;
  const answer = answerRouteQuestion(compileRoutingTables(topology), {
    service: 'transport',
    sizeBytes: 1_000,
    ...more,
    server: findByName(servers, from),
    recipients: to,
    outages: hasOutages
      ? {
          servers: indexes(servers, down),
          sites: indexes(sites, downSites),
          links: indexes(siteLinks, downLinks),
        }
      : undefined,
  });
  return { ...answer, rows: answer.recipients as readonly RoutedRecipient[] };
}

/** WE-08, with two mailboxes and a group. */
const spread = {
  links: ['S-X 10', 'X-P 10', 'S-Q 50'],
  servers: ['S1@S', 'P1@P', 'P2@P', 'N1@P', 'X1@X', 'Q1@Q'],
  dags: { DAG1: ['P1', 'P2', 'Q1'] },
  databases: { DB1: ['P1', 'P2', 'Q1'], DbS: ['S1'] },
  mailboxes: { 'u1@contoso.com': 'DB1', 'a1@contoso.com': 'DB1', 's1@contoso.com': 'DbS' },
  groups: [
    { address: 'All@contoso.com', members: ['u1@contoso.com', 'nobody@contoso.com', 'out@contoso.com'] },
    { address: 'far@contoso.com', members: ['u1@contoso.com'], expansionServer: 'Q1' },
  ],
  contacts: { 'out@contoso.com': 'x@partner.example' },
} satisfies OrganizationShorthand;

describe('a Transport service', () => {
  test('RT-02: every recipient has its route by names, and those that share a queue stand together', () => {
    const { from, rows, queues } = ask(spread, {
      from: 's1',
      to: ['U1@contoso.com', 's1@contoso.com', 'a1@contoso.com'],
    });
    expect(from).toEqual({ server: 'S1', service: 'transport', site: 'S' });
    expect(rows[0]).toMatchObject({
      address: 'U1@contoso.com',
      outcome: 'route',
      destination: { kind: 'mailbox-database', name: 'DB1' },
      path: { sites: ['S', 'X', 'P'], cost: 20, hops: 2 },
      primarySite: 'P',
      hubSite: null,
    });
    expect(rows[0]).not.toHaveProperty('accepted');
    expect(rows[0]).not.toHaveProperty('journey');
    expect(rows[0]).not.toHaveProperty('addressSpaceCost');
    expect(queues!.map(({ nextHopDomain, recipients }) => [nextHopDomain, recipients])).toEqual([
      ['DAG1', ['a1@contoso.com', 'U1@contoso.com']],
      ['DbS', ['s1@contoso.com']],
    ]);
  });

  test('RR-02: a group expanded here has a row for each member and none for itself', () => {
    const { rows } = ask(spread, { from: 'S1', to: ['all@CONTOSO.com'] });
    expect(rows.map(({ address, expandedFrom, outcome }) => [address, expandedFrom, outcome])).toEqual([
      ['u1@contoso.com', 'All@contoso.com', 'route'],
      ['nobody@contoso.com', 'All@contoso.com', 'ndr'],
      ['out@contoso.com', 'All@contoso.com', 'unreachable'],
    ]);
  });

  test('RR-06: somebody named twice has one row', () => {
    const { rows } = ask(spread, { from: 'S1', to: ['u1@contoso.com', 'all@contoso.com', 'U1@contoso.com'] });
    expect(rows.map(({ address }) => address)).toEqual([
      'u1@contoso.com',
      'nobody@contoso.com',
      'out@contoso.com',
    ]);
    expect(rows[0]).not.toHaveProperty('expandedFrom');
  });

  test('RT-13: a group that another server expands is routed there; there it is expanded', () => {
    const { rows } = ask(spread, { from: 'S1', to: ['far@contoso.com'] });
    expect(rows).toMatchObject([
      {
        address: 'far@contoso.com',
        destination: { kind: 'expansion-server', name: 'Q1' },
        destinationGroup: { kind: 'server-list', name: 'Q1.contoso.com' },
      },
    ]);
    const there = ask(spread, { from: 'Q1', to: ['far@contoso.com'] });
    expect(there.rows.map(({ address, expandedFrom }) => [address, expandedFrom])).toEqual([
      ['u1@contoso.com', 'far@contoso.com'],
    ]);
  });

  test('RR-08: what is returned has a code and no queue; what is unknown of it is null', () => {
    const { rows, queues } = ask(spread, {
      from: 'S1',
      to: ['nobody@contoso.com', 'u1@@contoso.com', 'FAX:1'],
    });
    expect(rows[0]).toEqual({
      address: 'nobody@contoso.com',
      outcome: 'ndr',
      ndr: { code: '5.1.1', text: '550 5.1.1 RESOLVER.ADR.RecipNotFound; not found' },
      destination: null,
      destinationGroup: null,
      nextHopGroup: null,
      queue: null,
      path: null,
      primarySite: null,
      hubSite: null,
      tiers: [],
      rules: ['RR-08'],
    });
    expect(rows.map(({ ndr }) => ndr?.code)).toEqual(['5.1.1', '5.1.3', '5.1.2']);
    expect(queues).toEqual([]);
  });

  test('CN-04: outside mail without a connector is unreachable; when all are too small it is returned', () => {
    expect(ask(spread, { from: 'S1', to: ['x@partner.example'] }).rows[0]).toMatchObject({
      outcome: 'unreachable',
      queue: null,
      rules: ['CN-04'],
    });
    const small = {
      ...spread,
      connectors: [{ name: 'K', spaces: ['SMTP:*;1'], sourceServers: ['S1'], maxMessageSizeBytes: 999 }],
    };
    expect(ask(small, { from: 'S1', to: ['x@partner.example'] }).rows[0]).toMatchObject({
      outcome: 'ndr',
      ndr: { code: '5.3.4' },
    });
  });

  test('AS-07: a database out of reach is unreachable, and known', () => {
    const { rows } = ask({ ...spread, inboundMailOff: ['P', 'Q'] }, { from: 'S1', to: ['u1@contoso.com'] });
    expect(rows[0]).toMatchObject({
      outcome: 'unreachable',
      destination: { kind: 'mailbox-database', name: 'DB1' },
      queue: null,
      tiers: [],
    });
  });

  test('AS-05: a message larger than the limit of a link on the path is returned, the way it would go is told', () => {
    const limited = {
      ...spread,
      links: ['S-X 10', { sites: ['X', 'P'], cost: 10, maxMessageSizeBytes: 999 }, 'S-Q 50'],
    };
    const { rows } = ask(limited, { from: 'S1', to: ['u1@contoso.com'] });
    expect(rows[0]).toMatchObject({
      outcome: 'ndr',
      ndr: { code: '5.3.4' },
      path: { cost: 20 },
      primarySite: 'P',
      queue: null,
      tiers: [],
      rules: ['RT-33', 'AS-05'],
    });
    expect(ask(limited, { from: 'S1', to: ['u1@contoso.com'], sizeBytes: 999 }).rows[0]!.outcome).toBe(
      'route',
    );
  });

  test('DS 5.2.3: the limit of the recipient itself is held against the size', () => {
    const limited = {
      ...spread,
      mailboxDescriptions: [{ address: 'small@contoso.com', database: 'DB1', maxReceiveSizeBytes: 999 }],
    };
    const row = (sizeBytes: number) =>
      ask(limited, { from: 'S1', to: ['small@contoso.com'], sizeBytes }).rows[0]!;
    expect(row(1_000)).toMatchObject({
      outcome: 'ndr',
      ndr: { code: '5.2.3' },
      destination: { name: 'DB1' },
    });
    expect(row(999).outcome).toBe('route');
  });

  test('RT-16: a mailbox of the own group goes to its active copy, the first one unless told', () => {
    const tiers = (active: Record<string, string>) =>
      ask(spread, { from: 'P2', to: ['u1@contoso.com'], active }).rows[0]!.tiers;
    expect(tiers({})).toEqual([{ reason: 'target-servers', site: 'P', servers: ['P1'] }]);
    expect(tiers({ DB1: 'Q1' })).toEqual([{ reason: 'target-servers', site: 'Q', servers: ['Q1'] }]);
  });

  test('RT-30: a connector adds the cost of its address space beside the path', () => {
    const connectors = [{ name: 'K', spaces: ['SMTP:*;7'], sourceServers: ['X1'] }];
    const { rows } = ask({ ...spread, connectors }, { from: 'S1', to: ['out@contoso.com'] });
    expect(rows[0]).toMatchObject({
      address: 'out@contoso.com',
      destination: { kind: 'connector', name: 'K' },
      path: { cost: 10 },
      addressSpaceCost: 7,
    });
  });
});

describe('servers that are down', () => {
  const accepted = (...down: string[]) =>
    ask(spread, { from: 'S1', to: ['u1@contoso.com'], down }).rows[0]!.accepted;

  test('RT-37 to RT-41: tier by tier, the first by name of those that are up, at last nobody', () => {
    expect(accepted()).toEqual({ server: 'P1', tier: 1 });
    expect(accepted('P1')).toEqual({ server: 'P2', tier: 1 });
    expect(accepted('P1', 'P2')).toEqual({ server: 'Q1', tier: 2 });
    expect(accepted('P1', 'P2', 'Q1')).toEqual({ server: 'N1', tier: 3 });
    expect(accepted('P1', 'P2', 'Q1', 'N1')).toEqual({ server: 'X1', tier: 4 });
    expect(accepted('P1', 'P2', 'Q1', 'N1', 'X1')).toBeNull();
  });

  test('RT-05: a member of the group waits for the server with the active copy', () => {
    const at = (down: string) =>
      ask(spread, { from: 'P2', to: ['u1@contoso.com'], down: [down] }).rows[0]!.accepted;
    expect(at('P1')).toBeNull();
    expect(at('Q1')).toEqual({ server: 'P1', tier: 1 });
  });

  test('what has no route is accepted by nobody and waits nowhere', () => {
    const { rows } = ask(spread, { from: 'S1', to: ['nobody@contoso.com'], down: ['P1'] });
    expect(rows[0]).not.toHaveProperty('accepted');
  });
});

describe('following a message', () => {
  const journey = (asked: Omit<Asked, 'follow'>, organization: OrganizationShorthand = spread) => {
    const row = ask(organization, { ...asked, follow: true }).rows[0]!;
    const stops = row.journey!.map(
      (stop) => `${stop.server} ${stop.queue.nextHopDomain} > ${stop.accepted?.server ?? '-'}`,
    );
    return [...stops, `${row.end!.outcome} ${row.end!.server}`];
  };

  test('RT-29: each server that accepts categorizes and queues again, up to the one that writes', () => {
    expect(journey({ from: 'S1', to: ['u1@contoso.com'], active: { DB1: 'Q1' } })).toEqual([
      'S1 DAG1 > P1',
      'P1 DB1 > Q1',
      'delivered Q1',
    ]);
  });

  test('RT-41: what has backed off waits where it is', () => {
    const down = ['P1', 'P2', 'Q1', 'N1'];
    expect(journey({ from: 'S1', to: ['u1@contoso.com'], down })).toEqual([
      'S1 DAG1 > X1',
      'X1 DAG1 > -',
      'retry X1',
    ]);
  });

  test('RT-12: a connector ends at its source server', () => {
    const connectors = [{ name: 'K', spaces: ['SMTP:*;7'], sourceServers: ['X1'] }];
    expect(journey({ from: 'S1', to: ['x@partner.example'] }, { ...spread, connectors })).toEqual([
      'S1 K > X1',
      'X1 partner.example > X1',
      'delivered X1',
    ]);
  });

  test('RT-17: a group ends where it is expanded', () => {
    expect(journey({ from: 'S1', to: ['far@contoso.com'] })).toEqual([
      'S1 Q1.contoso.com > Q1',
      'delivered Q1',
    ]);
  });

  test('RR-08: what has no route ends at once', () => {
    expect(journey({ from: 'S1', to: ['nobody@contoso.com'] })).toEqual(['ndr S1']);
    expect(journey({ from: 'S1', to: ['x@partner.example'] })).toEqual(['unreachable S1']);
  });

  test('RT-29: in any organization, whoever is down, following ends, and visits no server twice', () => {
    const letters = ['A', 'B', 'C', 'D', 'E'];
    const some = (values: readonly string[], minLength = 0) =>
      fc.uniqueArray(fc.constantFrom(...values), { minLength });
    const servers = letters.flatMap((site) => [
      `${site}1@${site}`,
      `${site}2@${site}`,
      `${site}H@${site} 2010`,
    ]);
    const names = servers.map((text) => text.split('@')[0]!);
    const modern = names.filter((name) => !name.endsWith('H'));
    const link = fc.tuple(some(letters, 2), fc.integer({ min: 1, max: 3 }));
    const any = fc.record({
      links: fc.array(link, { minLength: 1, maxLength: 8 }),
      hubs: some(letters),
      inboundMailOff: some(letters.slice(3)),
      dag: some(modern, 1),
      sources: fc.array(fc.tuple(some(names, 1), fc.boolean()), { minLength: 1, maxLength: 3 }),
      down: some(names),
      from: fc.constantFrom(...names),
    });
    fc.assert(
      fc.property(any, ({ links, hubs, inboundMailOff, dag, sources, down, from }) => {
        const organization = {
          links: links.map(([sites, cost], n) => ({ name: `L${n}`, sites, cost })),
          ...{ sites: letters, hubs, inboundMailOff, servers },
          dags: { DAG: dag },
          databases: { Clustered: dag, Alone: ['E2'], Old: ['CH'] },
          mailboxes: { 'c@contoso.com': 'Clustered', 'a@contoso.com': 'Alone', 'o@contoso.com': 'Old' },
          connectors: sources.map(([sourceServers, scoped], n) => ({
            ...{ name: `K${n}`, spaces: [`SMTP:*;${n + 1}`], sourceServers, scoped },
          })),
          groups: [{ address: 'g@contoso.com', members: [], expansionServer: 'DH' }],
        };
        const to = ['c@contoso.com', 'a@contoso.com', 'o@contoso.com', 'g@contoso.com', 'x@partner.example'];
        for (const row of ask(organization, { from, to, down, follow: true }).rows) {
          const stops = row.journey!.map(({ server }) => server);
          expect(new Set(stops).size).toBe(stops.length);
          expect(['delivered', 'retry', 'unreachable']).toContain(row.end!.outcome);
          // Whoever accepts is up, and only the last may have nobody.
          for (const [place, { accepted }] of row.journey!.entries()) {
            if (place + 1 < stops.length) expect(accepted!.server).toBe(stops[place + 1]);
            if (accepted !== null) expect(down).not.toContain(accepted.server);
          }
        }
      }),
      { numRuns: shareOf(300), seed: 42 },
    );
  });
});

test('a server that does not have the service is refused, whoever asks', () => {
  const organization: OrganizationShorthand = {
    servers: ['A1@A'],
    edges: ['E1'],
    databases: { DB: ['A1'] },
    mailboxes: { 'u@contoso.com': 'DB' },
  };
  for (const service of ['front-end', 'submission'] as const) {
    expect(() => ask(organization, { from: 'E1', to: ['u@contoso.com'], service })).toThrow(
      `server "E1" has no ${service} service`,
    );
  }
});

describe('the front end and submission', () => {
  const proxy = { from: 'S1', service: 'front-end' } as const;

  test('RT-48, UN-13: one choice for the message, by the first 20 mailbox recipients', () => {
    const local = Array.from({ length: 20 }, (_, n) => `l${n}@contoso.com`);
    const organization = {
      ...spread,
      mailboxes: { ...spread.mailboxes, ...Object.fromEntries(local.map((address) => [address, 'DB1'])) },
    };
    const { selected, queues, rows } = ask(organization, {
      ...proxy,
      to: ['x@partner.example', ...local, 's1@contoso.com'],
    });
    expect(selected!.consideredRecipients).toEqual(local);
    expect(selected!.tiers[0]).toEqual({ reason: 'target-servers', site: 'P', servers: ['P1', 'P2'] });
    expect(selected).not.toHaveProperty('accepted');
    expect(queues).toBeUndefined();
    expect(rows.at(-1)).toEqual({
      address: 's1@contoso.com',
      outcome: 'route',
      destination: { kind: 'mailbox-database', name: 'DbS' },
      destinationGroup: { kind: 'mailbox-delivery-group', name: 'Site:S;Version:15' },
    });
    const nineteen = ask(organization, { ...proxy, to: [...local.slice(1), 's1@contoso.com'] });
    expect(nineteen.selected!.tiers[0]!.servers).toEqual(['S1']);
  });

  test('RT-46: groups, contacts and outside addresses have no destination there', () => {
    const { rows, selected } = ask(spread, {
      ...proxy,
      to: ['all@contoso.com', 'out@contoso.com', 'x@partner.example', 'nobody@contoso.com'],
    });
    expect(rows.map(({ outcome, destination }) => [outcome, destination])).toEqual([
      ['route', null],
      ['route', null],
      ['route', null],
      ['ndr', null],
    ]);
    expect(selected).toEqual({
      consideredRecipients: [],
      tiers: [{ reason: 'local-site-servers', site: 'S', servers: ['S1'] }],
    });
  });

  test('RT-45: with servers down the next tier takes it, at last nobody', () => {
    const accepted = (...down: string[]) =>
      ask(spread, { ...proxy, to: ['u1@contoso.com'], down }).selected!.accepted;
    expect(accepted('P1')).toEqual({ server: 'P2', tier: 1 });
    expect(accepted('P1', 'P2', 'Q1')).toEqual({ server: 'S1', tier: 3 });
    expect(accepted('P1', 'P2', 'Q1', 'S1')).toBeNull();
  });

  test('RT-52: submission falls back to its local delivery group', () => {
    const { selected } = ask(spread, { from: 'Q1', service: 'submission', to: ['s1@contoso.com'] });
    expect(selected!.tiers.map(({ reason, servers }) => [reason, servers])).toEqual([
      ['target-servers', ['S1']],
      ['local-group-servers', ['Q1']],
      ['local-group-servers', ['P1', 'P2']],
    ]);
  });

  test('RT-29: a message is followed from the server that takes it', () => {
    const { rows } = ask(spread, {
      ...proxy,
      to: ['u1@contoso.com'],
      down: ['P1'],
      active: { DB1: 'P2' },
      follow: true,
    });
    expect(rows[0]!.journey!.map(({ server }) => server)).toEqual(['P2']);
    expect(rows[0]!.end).toEqual({ outcome: 'delivered', server: 'P2' });
    const nobody = ask(spread, { ...proxy, to: ['s1@contoso.com'], down: ['S1'], follow: true });
    expect(nobody.rows[0]).toMatchObject({ journey: [], end: { outcome: 'retry', server: 'S1' } });
  });
});

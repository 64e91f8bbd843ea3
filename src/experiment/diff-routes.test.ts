import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  describeOrganization,
  type OrganizationShorthand,
} from '../../tests/conformance/organization-builder.js';
import { allChanges, keyOf, tablesOf } from '../../tests/diff/all-changes.js';
import { anyParts, anyTwo, organizationOf, servers, sizes } from '../../tests/diff/random-pairs.js';
import { isWhole, shareOf } from '../../tests/random-share.js';
import { compileRoutingTables, RoutingDiff, type RoutingTables } from '../routing/index.js';
import { buildTopology, findByName, withActiveCopies } from '../topology/index.js';
import type { ChangedRoute } from './diff-routes.js';
import type { RoutedRecipient } from './route-answer.js';
import { answerRouteQuestion } from './route-query.js';

type Destination = ChangedRoute['destination'];
type Row = Omit<RoutedRecipient, 'address'>;

/** An address whose mail has a destination. */
function addressAt({ kind, name, address }: Destination): string {
  if (kind === 'address-space') return address!;
  return kind === 'mailbox-database' ? `${name}@contoso.com` : `all-${name}@contoso.com`;
}

/** What `route` answers to a server about all destinations, without their addresses; none where there is no such pair. */
function routesFrom(
  tables: RoutingTables,
  from: string,
  destinations: readonly Destination[],
  sizeBytes: number,
): ReadonlyMap<string, Row> {
  const { servers: all, recipients: directory } = tables.topology;
  const server = findByName(all, from);
  if (server === -1) return new Map();
  const asked = destinations.filter((destination) => {
    const { kind, name } = destination;
    if (kind === 'address-space') return true;
    if (all[server]!.isEdge || directory.find(addressAt(destination)) === -1) return false;
    return kind === 'mailbox-database' || name !== from;
  });
  if (asked.length === 0) return new Map();
  const question = { server, service: 'transport', recipients: asked.map(addressAt), sizeBytes } as const;
  return new Map(
    answerRouteQuestion(tables, question).recipients.map((row, place) => {
      const { address: _, ...rest } = row as RoutedRecipient;
      return [keyOf(from, asked[place]!), rest];
    }),
  );
}

/** The part of a changed route that is about a message of a size. */
function routeAt(route: ChangedRoute['before'], sizeBytes: number) {
  if (route === null) return undefined;
  const { largerMessages = [], ...smallest } = route;
  const larger = largerMessages.findLast(({ aboveBytes }) => sizeBytes > aboveBytes);
  if (larger === undefined) return smallest;
  const { aboveBytes: _, ...rest } = larger;
  return rest;
}

function allSizes({ largerMessages = [], rules }: NonNullable<ChangedRoute['before']>) {
  return [{ aboveBytes: 0, rules }, ...largerMessages];
}

/** Looks twice only where it has to: there are many to compare. */
function expectSame(actual: object | undefined, expected: object | undefined): void {
  if (!isDeepStrictEqual(actual, expected)) expect(actual).toEqual(expected);
}

function withoutRules(route: { readonly rules: readonly string[] } | undefined) {
  if (route === undefined) return undefined;
  const { rules: _, ...rest } = route;
  return rest;
}

describe('any two organizations', () => {
  test('RT-18, RT-30, CN-01: what is reported is what route answers, and what is not reported is the same', () => {
    let [reported, unreported] = [0, 0];
    fc.assert(
      fc.property(anyTwo, (pair) => {
        const [before, after] = [tablesOf(pair[0]), tablesOf(pair[1])];
        const [changes] = allChanges(before, after);
        const known = new Map(changes.map((each) => [keyOf(each.from, each.destination), each]));
        expect(known.size).toBe(changes.length);
        const { destinations } = new RoutingDiff(before, after);
        const differing = new Set<string>();
        for (const from of [...servers, 'E9', 'E8']) {
          for (const size of sizes) {
            const old = routesFrom(before, from, destinations, size);
            const now = routesFrom(after, from, destinations, size);
            for (const key of destinations.map((each) => keyOf(from, each))) {
              const change = known.get(key);
              const [row, rowNow] = [withoutRules(old.get(key)), withoutRules(now.get(key))];
              if (change === undefined) {
                expectSame(rowNow, row);
                unreported++;
                continue;
              }
              expectSame(withoutRules(routeAt(change.before, size)), row);
              expectSame(withoutRules(routeAt(change.after, size)), rowNow);
              reported++;
              if (!isDeepStrictEqual(row, rowNow)) differing.add(key);
            }
          }
        }
        // The sizes asked about lie on both sides of every limit.
        expect(differing.size).toBe(known.size);
      }),
      { numRuns: shareOf(40), seed: 42 },
    );
    if (isWhole) expect(Math.min(reported, unreported)).toBeGreaterThan(5_000);
  }, 60_000);

  test('RT-30, CN-01: a changed route has the rules that route gives for the smallest message it is about', () => {
    let compared = 0;
    fc.assert(
      fc.property(anyTwo, (pair) => {
        const [before, after] = [tablesOf(pair[0]), tablesOf(pair[1])];
        const [changes] = allChanges(before, after);
        // Any of them, but not all: explaining takes a while.
        for (const change of changes.filter((_, place) => place % 7 === 0)) {
          const { from, destination } = change;
          for (const [tables, route] of [
            [before, change.before],
            [after, change.after],
          ] as const) {
            for (const { aboveBytes, rules } of route === null ? [] : allSizes(route)) {
              const rows = routesFrom(tables, from, [destination], aboveBytes + 1);
              expect(rules).toEqual(rows.get(keyOf(from, destination))!.rules);
              compared++;
            }
          }
        }
      }),
      { numRuns: shareOf(40), seed: 3 },
    );
    if (isWhole) expect(compared).toBeGreaterThan(500);
  }, 60_000);

  test('UN-02: an organization does not differ from itself, in whatever order and case its file has it', () => {
    fc.assert(
      fc.property(anyParts, (parts) => {
        const organization = organizationOf(parts);
        const described = describeOrganization(organization);
        const reversed = buildTopology({
          ...described,
          sites: [...described.sites].reverse(),
          siteLinks: [...described.siteLinks].reverse(),
          servers: [...described.servers].reverse(),
          databases: [...described.databases].reverse(),
          connectors: [...described.connectors].reverse(),
        });
        const [changes, summary] = allChanges(tablesOf(organization), compileRoutingTables(reversed));
        expect(changes).toEqual([]);
        expect([summary.changed, summary.added, summary.removed]).toEqual([0, 0, 0]);
        expect(summary.routes).toBeGreaterThan(0);
      }),
      { numRuns: shareOf(50), seed: 42 },
    );
  });

  test('the way back is the mirror image', () => {
    fc.assert(
      fc.property(anyTwo, ([a, b]) => {
        const [there] = allChanges(tablesOf(a), tablesOf(b));
        const [back] = allChanges(tablesOf(b), tablesOf(a));
        const written = (change: ChangedRoute, old: ChangedRoute['before'], now: ChangedRoute['before']) =>
          JSON.stringify([keyOf(change.from, change.destination), change.changed, old, now]);
        expect(back.map((each) => written(each, each.after, each.before)).sort()).toEqual(
          there.map((each) => written(each, each.before, each.after)).sort(),
        );
      }),
      { numRuns: shareOf(40), seed: 7 },
    );
  });
});

describe('a changed route', () => {
  const base: OrganizationShorthand = {
    links: ['S-X 10', 'X-P 10', 'S-P 50'],
    servers: ['S1@S', 'S2@S', 'X1@X', 'P1@P', 'P2@P'],
    databases: { Db1: ['P1'], Db2: ['P2'] },
  };
  const dearer = { ...base, links: ['S-X 10', 'X-P 90', 'S-P 50'] };

  test('RT-30: is in the words of route, by source and then destination', () => {
    const [changes, summary] = allChanges(tablesOf(base), tablesOf(dearer));
    expect(changes.slice(0, 5).map(({ from, destination }) => `${from} ${destination.name}`)).toEqual([
      'S1 Db1',
      'S1 Db2',
      'S2 Db1',
      'S2 Db2',
      'X1 Db1',
    ]);
    expect(changes[0]).toEqual({
      from: 'S1',
      destination: { kind: 'mailbox-database', name: 'Db1' },
      before: {
        outcome: 'route',
        destination: { kind: 'mailbox-database', name: 'Db1' },
        destinationGroup: { kind: 'mailbox-delivery-group', name: 'Site:P;Version:15' },
        nextHopGroup: { kind: 'mailbox-delivery-group', name: 'Site:P;Version:15' },
        queue: {
          deliveryType: 'SmtpRelayToMailboxDeliveryGroup',
          nextHopDomain: 'Site:P;Version:15',
          nextHopConnector: null,
        },
        path: { sites: ['S', 'X', 'P'], cost: 20, hops: 2 },
        primarySite: 'P',
        hubSite: null,
        tiers: [
          { reason: 'target-servers', site: 'P', servers: ['P1', 'P2'] },
          { reason: 'backoff', site: 'X', servers: ['X1'] },
        ],
        rules: changes[0]!.before!.rules,
      },
      after: {
        ...changes[0]!.before,
        path: { sites: ['S', 'P'], cost: 50, hops: 1 },
        tiers: [{ reason: 'target-servers', site: 'P', servers: ['P1', 'P2'] }],
        rules: changes[0]!.after!.rules,
      },
      rules: ['RT-30', 'RT-41'],
      changed: ['path', 'tiers'],
      reasons: [
        { rule: 'RT-30', aspects: ['path'], text: 'S > P costs 50, S > X > P 100' },
        { rule: 'RT-41', aspects: ['tiers'], text: 'no back-off along the old path any more' },
      ],
    });
    expect(summary).toEqual({
      ...{ sources: 5, destinations: 2, routes: 10, changed: 6, added: 0, removed: 0 },
      ...{ addedSources: [], removedSources: [], addedDestinations: [], removedDestinations: [] },
    });
  });

  test('RT-05: the active copy counts as route counts it', () => {
    const description = describeOrganization({
      servers: ['P1@P', 'P2@P'],
      dags: { Dag: ['P1', 'P2'] },
      databases: { Db: ['P1', 'P2'] },
    });
    const moved = withActiveCopies(description, new Map([['Db', 'P2']]));
    const [changes] = allChanges(
      compileRoutingTables(buildTopology(description)),
      compileRoutingTables(buildTopology(moved)),
    );
    expect(changes.map(({ from, rules }) => [from, rules])).toEqual([
      ['P1', ['RT-05']],
      ['P2', ['RT-05']],
    ]);
  });

  test('RT-11: new and former routes have the rules that decide them', () => {
    const more = { ...base, databases: { ...base.databases, Db3: ['X1'] } };
    const [changes] = allChanges(tablesOf(base), tablesOf(more));
    expect(changes.map(({ from, before, changed }) => [from, before, changed])).toEqual(
      ['P1', 'P2', 'S1', 'S2', 'X1'].map((from) => [from, null, []]),
    );
    for (const { rules, after } of changes) expect(rules).toEqual(after!.rules);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OrganizationShorthand } from '../../tests/conformance/organization-builder.js';
import { allChanges, keyOf, tablesOf } from '../../tests/diff/all-changes.js';
import { anyTwo } from '../../tests/diff/random-pairs.js';
import { type GroupedDiff, groupRouteChanges } from './diff-groups.js';

describe('groups', () => {
  test('groups hold every change once, and each aspect that changed has a rule', () => {
    fc.assert(
      fc.property(anyTwo, ([a, b]) => {
        const [before, after] = [tablesOf(a), tablesOf(b)];
        const [changes, summary] = allChanges(before, after);
        const grouped = groupRouteChanges(before, after);
        expect(grouped.summary).toEqual(summary);
        expect(pairsOf(grouped).sort()).toEqual(
          changes.map(({ from, destination }) => keyOf(from, destination)).sort(),
        );
        for (const { changed, reasons, rules } of changes) {
          if (changed.length === 0) continue;
          expect(new Set(reasons.flatMap(({ aspects }) => aspects))).toEqual(new Set(changed));
          expect(rules).toEqual([...new Set(reasons.map(({ rule }) => rule))]);
        }
      }),
      { numRuns: 60, seed: 11 },
    );
  });

  test('RT-30: equal detours are one group, whatever lies before and behind them', () => {
    const long = (cost: number): OrganizationShorthand => ({
      links: ['R-S 1', 'S-X 10', `X-P ${cost}`, 'S-Q 20', 'Q-P 20', 'P-T 1'],
      servers: ['R1@R', 'S1@S', 'S2@S', 'X1@X', 'Q1@Q', 'P1@P', 'T1@T'],
      databases: { DbP: ['P1'], DbT: ['T1'] },
    });
    const { groups } = groupRouteChanges(tablesOf(long(10)), tablesOf(long(90)));
    expect(groups[0]).toMatchObject({
      kind: 'changed',
      routes: 6,
      differences: [{ aspect: 'path', before: ['S', 'X', 'P'], after: ['S', 'Q', 'P'], costChange: 20 }],
      costs: { before: { lowest: 20, highest: 22 }, after: { lowest: 40, highest: 42 } },
      rules: ['RT-30', 'RT-41'],
      blocks: [
        {
          routes: 6,
          sources: [
            { site: 'R', servers: ['R1'], isWhole: true },
            { site: 'S', servers: ['S1', 'S2'], isWhole: true },
          ],
          destinations: [
            { kind: 'mailbox-database', group: 'Site:P;Version:15', names: ['DbP'], isWhole: true },
            { kind: 'mailbox-database', group: 'Site:T;Version:15', names: ['DbT'], isWhole: true },
          ],
        },
      ],
    });
  });

  test('RT-34: a hub that is one change follows in as many ways as there are groups behind it', () => {
    const behind: OrganizationShorthand = {
      links: ['S-X 10', 'X-P 10', 'X-Q 10'],
      servers: ['S1@S', 'X1@X', 'P1@P', 'Q1@Q', 'Q2@Q'],
      databases: { DbP: ['P1'], DbQ1: ['Q1'], DbQ2: ['Q2'] },
    };
    const { groups } = groupRouteChanges(tablesOf(behind), tablesOf({ ...behind, hubs: ['X'] }));
    const [hub] = groups;
    expect(groups.map(({ routes, differences }) => [routes, differences])).toEqual([
      [7, [{ aspect: 'hub', before: null, after: 'X' }]],
    ]);
    // From S1 and P1 to two databases of Q; from S1 and two servers of Q to the one of P.
    expect(
      hub!.consequences.map(({ routes, example }) => [routes, example.from, example.destination]),
    ).toEqual([
      [4, 'P1', 'DbQ1'],
      [3, 'Q1', 'DbP'],
    ]);
    expect(hub!.consequences[1]!.differences).toEqual([
      {
        aspect: 'queue',
        before: { deliveryType: 'SmtpRelayToMailboxDeliveryGroup', nextHopDomain: 'Site:P;Version:15' },
        after: { deliveryType: 'SmtpRelayToRemoteActiveDirectorySite', nextHopDomain: 'X' },
      },
      {
        aspect: 'tiers',
        before: [
          { reason: 'target-servers', site: 'P', servers: ['P1'] },
          { reason: 'backoff', site: 'X', servers: ['X1'] },
        ],
        after: [{ reason: 'target-servers', site: 'X', servers: ['X1'] }],
      },
    ]);
    expect(hub!.rules).toEqual(['RT-34', 'RT-41', 'QU-04']);
  });

  test('RT-16: by DNS and in a database the queue has a name of its own, which tells no routes apart', () => {
    const dag = (...members: string[]): OrganizationShorthand => ({
      servers: ['A1@A', 'A2@A', 'A3@A'],
      dags: { Dag: members },
      databases: { Db1: ['A1'], Db2: ['A1'] },
    });
    const { groups } = groupRouteChanges(tablesOf(dag('A1', 'A2')), tablesOf(dag('A1', 'A2', 'A3')));
    expect(groups.map(({ routes, rules }) => [routes, rules])).toEqual([[2, ['RT-16']]]);
    expect(groups[0]!.differences[0]).toEqual({
      aspect: 'queue',
      before: { deliveryType: 'SmtpRelayToDag', nextHopDomain: 'Dag' },
      after: { deliveryType: 'SmtpDeliveryToMailbox', nextHopDomain: null },
    });
  });

  test('the largest groups come first, and what is left out is counted', () => {
    fc.assert(
      fc.property(anyTwo, fc.nat(4), ([a, b], most) => {
        const [before, after] = [tablesOf(a), tablesOf(b)];
        const { groups: all, summary } = groupRouteChanges(before, after);
        const { groups, others, ...rest } = groupRouteChanges(before, after, most);
        expect(rest.summary).toEqual(summary);
        expect(groups).toEqual(all.slice(0, most));
        const sizes = all.map(({ routes }) => routes);
        expect(sizes).toEqual([...sizes].sort((x, y) => y - x));
        expect(others.groups).toBe(all.length - groups.length);
        expect(others.routes).toBe(sizes.slice(most).reduce((sum, routes) => sum + routes, 0));
      }),
      { numRuns: 15, seed: 5 },
    );
  });

  test('a hundred kinds of consequences are told apart, the rest is counted', () => {
    const sites = Array.from({ length: 120 }, (_, n) => `T${n}`);
    const star = (hubs: readonly string[]): OrganizationShorthand => ({
      hubs,
      links: ['S-X 10', ...sites.map((site) => `X-${site} 10`)],
      servers: ['S1@S', 'X1@X', ...sites.map((site) => `M${site}@${site}`)],
      databases: Object.fromEntries(sites.map((site) => [`Db${site}`, [`M${site}`]])),
    });
    const { groups } = groupRouteChanges(tablesOf(star([])), tablesOf(star(['X'])));
    // From S and each site to all other sites.
    expect(groups.map(({ routes }) => routes)).toEqual([120 * 120]);
    const [{ consequences, otherRoutes }] = groups as [GroupedDiff['groups'][number]];
    expect(consequences).toHaveLength(100);
    expect(consequences.reduce((sum, { routes }) => sum + routes, otherRoutes)).toBe(120 * 120);
    expect(otherRoutes).toBeGreaterThan(0);
  });

  test('what is new and what is gone are groups of their own', () => {
    const servers = ['A1@A', 'A2@A'];
    const [before, after] = [
      tablesOf({ servers, databases: { Db1: ['A1'], Old: ['A2'] } }),
      tablesOf({ servers: [...servers, 'A3@A'], databases: { Db1: ['A1'], New1: ['A2'], New2: ['A2'] } }),
    ];
    const { groups, summary } = groupRouteChanges(before, after);
    expect(summary).toMatchObject({
      ...{ sources: 3, destinations: 4, routes: 11, changed: 0, added: 7, removed: 2 },
      ...{ addedSources: ['A3'], removedSources: [] },
      addedDestinations: [
        { kind: 'mailbox-database', name: 'New1' },
        { kind: 'mailbox-database', name: 'New2' },
      ],
      removedDestinations: [{ kind: 'mailbox-database', name: 'Old' }],
    });
    expect(groups.map(({ kind, routes }) => [kind, routes])).toEqual([
      ['added', 4],
      ['added', 3],
      ['removed', 2],
    ]);
  });
});

function pairsOf({ groups }: GroupedDiff): string[] {
  return groups.flatMap(({ blocks, routes }) => {
    const pairs = blocks.flatMap((block) =>
      block.sources.flatMap((source) =>
        source.servers.flatMap((server) =>
          block.destinations.flatMap(({ kind, names }) => names.map((name) => keyOf(server, { kind, name }))),
        ),
      ),
    );
    expect(pairs.length).toBe(routes);
    return pairs;
  });
}

import { describe, expect, test } from 'vitest';
import {
  describeOrganization,
  type OrganizationShorthand,
} from '../../../tests/conformance/organization-builder.js';
import { change, changesBetween, diamond, sideOf } from '../../../tests/diff/changes-between.js';
import { buildTopology } from '../../topology/index.js';
import { compileRoutingTables } from '../compile-routing-tables.js';
import { DiffSide } from './diff-side.js';
import { classifySources } from './diff-sources.js';

/** The classes by site, as `[site before, site after, servers of each class]`; * marks those that are comparable. */
function classified(before: DiffSide, after: DiffSide) {
  const siteOf = ({ topology }: DiffSide, site: number) => topology.sites[site]?.name ?? String(site);
  return classifySources(before, after).map((classes) => [
    siteOf(before, classes[0]!.siteBefore),
    siteOf(after, classes[0]!.siteAfter),
    ...classes.map(({ servers, isComparable }) => {
      const names = servers.map((each) => {
        const onOneSide = each.before === -1 ? ' new' : each.after === -1 ? ' gone' : '';
        return each.name + onOneSide;
      });
      return names.join(', ') + (isComparable ? ' *' : '');
    }),
  ]);
}

const classes = (before: OrganizationShorthand, after: OrganizationShorthand) =>
  classified(sideOf(before), sideOf(after));

/** Without a subscription. */
function loneEdge(shorthand: OrganizationShorthand): DiffSide {
  const described = { ...describeOrganization(shorthand), edgeSubscriptions: [] };
  return new DiffSide(compileRoutingTables(buildTopology(described)));
}

describe('classes of sources', () => {
  const organization: OrganizationShorthand = {
    links: ['Y-Z 10'],
    servers: ['A1@Z', 'A2@Z', 'B1@Y', 'B2@Y', 'F1@Y 2013 client-access'],
  };

  test('servers of a site that answer alike share a class; sites come in name order', () => {
    expect(classes(organization, organization)).toEqual([
      ['Y', 'Y', 'B1, B2 *'],
      ['Z', 'Z', 'A1, A2 *'],
    ]);
  });

  test('RT-22: sources of a connector are told from others, before as after', () => {
    const connected = {
      ...organization,
      connectors: [{ name: 'Out', sourceServers: ['A2', 'B1'], spaces: ['*'] }],
    };
    const apart = [
      ['Y', 'Y', 'B1 *', 'B2 *'],
      ['Z', 'Z', 'A1 *', 'A2 *'],
    ];
    expect(classes(organization, connected)).toEqual(apart);
    expect(classes(connected, organization)).toEqual(apart);
  });

  test('RT-19: members of a DAG and of nothing else are known by the groups they are in', () => {
    const clustered = { ...organization, dags: { Dag: ['A1'] }, databases: { Db: ['A1'] } };
    const side = sideOf(clustered);
    const found = classifySources(sideOf(organization), side).flat();
    const member = found.find(({ servers }) => servers[0]!.name === 'A1')!;
    const groupsOf = (indexes: ReadonlySet<number>) =>
      [...indexes].map((index) => side.groups.groups[index]!.name).sort();
    expect(groupsOf(member.groupsAfter)).toEqual(['Dag', 'Site:Z;Version:15', 'Z']);
    expect(member.groupsBefore.size).toBe(2);
  });

  test('a server that comes, goes or has no Transport service on one side is a source on the other', () => {
    const after = {
      ...organization,
      servers: ['A1@Z', 'A3@Z', 'B1@Y', 'B2@Y 2013 client-access', 'F1@Y'],
    };
    expect(classes(organization, after)).toEqual([
      ['Y', 'Y', 'B1 *'],
      ['Y', '-1', 'B2 gone'],
      ['-1', 'Y', 'F1 new'],
      ['Z', 'Z', 'A1 *'],
      ['Z', '-1', 'A2 gone'],
      ['-1', 'Z', 'A3 new'],
    ]);
  });

  test('a server that has moved is by itself, under its new site; one that is gone under its old one', () => {
    const moved = { ...organization, servers: ['A1@Y', 'A2@Z', 'B1@X', 'F1@Y 2013 client-access'] };
    expect(classes(organization, moved)).toEqual([
      ['Y', 'X', 'B1 *'],
      ['Z', 'Y', 'A1 *'],
      ['Y', '-1', 'B2 gone'],
      ['Z', 'Z', 'A2 *'],
    ]);
    const without = { servers: ['A1@Z', 'A2@Z'], links: [] };
    expect(classes(organization, without)).toEqual([
      ['Y', '-1', 'B1 gone, B2 gone'],
      ['Z', 'Z', 'A1, A2 *'],
    ]);
  });

  test('IV-01: a server of another version than before is not comparable', () => {
    const older = { ...organization, servers: ['A1@Z 2010', 'A2@Z', 'B1@Y', 'B2@Y'] };
    expect(classes(older, organization)).toEqual([
      ['Y', 'Y', 'B1, B2 *'],
      ['Z', 'Z', 'A1', 'A2 *'],
    ]);
  });

  test('RT-56: Edges are not comparable, nor are those that were or become one', () => {
    const edge = { ...organization, edges: ['E1@Y'] };
    const server = { ...organization, servers: [...organization.servers!, 'E1@Y'] };
    const rest = ['Z', 'Z', 'A1, A2 *'];
    expect(classes(edge, edge)).toEqual([['Y', 'Y', 'B1, B2 *', 'E1'], rest]);
    expect(classes(edge, server)).toEqual([['Y', 'Y', 'B1, B2 *', 'E1'], rest]);
    expect(classes(server, edge)).toEqual([['Y', 'Y', 'B1, B2 *', 'E1'], rest]);
  });

  test('ES-02: Edges of one site are told apart by the connectors of their own', () => {
    const edges = { ...organization, edges: ['E1@Y', 'E2@Y'] };
    expect(classes(edges, edges)[0]).toEqual(['Y', 'Y', 'B1, B2 *', 'E1, E2']);
    const own = { ...edges, connectors: [{ name: 'Out', sourceServers: ['E1'], spaces: ['a.example'] }] };
    expect(classes(edges, own)[0]).toEqual(['Y', 'Y', 'B1, B2 *', 'E1', 'E2']);
    expect(classes(own, edges)[0]).toEqual(['Y', 'Y', 'B1, B2 *', 'E1', 'E2']);
  });

  test('ES-01: an Edge without a subscription is in no site, and comes first', () => {
    const edge = { ...organization, edges: ['E1@Y'] };
    expect(classified(loneEdge(edge), loneEdge(edge))[0]).toEqual(['-1', '-1', 'E1']);
    expect(classified(loneEdge(edge), sideOf(edge))).toEqual([
      ['Y', 'Y', 'B1, B2 *'],
      ['-1', 'Y', 'E1'],
      ['Z', 'Z', 'A1, A2 *'],
    ]);
    expect(classified(sideOf(edge), loneEdge(edge))).toEqual([
      ['Y', 'Y', 'B1, B2 *'],
      ['Y', '-1', 'E1'],
      ['Z', 'Z', 'A1, A2 *'],
    ]);
  });
});

describe('what classes are told apart for', () => {
  const withServer = (text: string) => ({ ...diamond, servers: [...diamond.servers!, text] });

  test('IV-01: a server that is upgraded queues for the group instead of the site', () => {
    expect(change(withServer('H1@S 2010'), withServer('H1@S'), 'H1', 'Db1')).toEqual({
      changed: ['queue'],
      reasons: ['QU-05 queue: the queue is SmtpRelayToMailboxDeliveryGroup "Site:P;Version:15"'],
    });
    expect(change(withServer('H1@S'), withServer('H1@S 2010'), 'H1', 'Db1')).toEqual({
      changed: ['queue'],
      reasons: ['QU-04 queue: the queue is SmtpRelayToRemoteActiveDirectorySite "P"'],
    });
  });

  test('RT-22: a server that ceases to be a source relays, its neighbour does as before', () => {
    const out = (...sourceServers: string[]) => ({
      ...diamond,
      connectors: [{ name: 'Out', sourceServers, spaces: ['*'] }],
    });
    const [found] = changesBetween(out('S1', 'X1'), out('X1'), 'S1', '*');
    expect(found!.sources.map(({ name }) => name)).toEqual(['S1']);
    expect(changesBetween(out('S1', 'X1'), out('X1'), 'S2', '*')[0]!.sources.length).toBe(1);
  });

  test('DC-13: an Edge is compared even where the ways of its site are the same', () => {
    const internal = {
      ...diamond,
      edges: ['E1@P'],
      acceptedDomains: [{ name: 'fabrikam.com', type: 'internal-relay' as const }],
    };
    const split = { ...internal, servers: internal.servers!.map((each) => `${each} 2013 mailbox`) };
    expect(change(internal, split, 'E1', 'fabrikam.com')).toEqual({
      changed: ['proxy'],
      reasons: ['DC-13 proxy: no Front End Transport in between any more'],
    });
  });
});

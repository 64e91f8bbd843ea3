import { describe, expect, test } from 'vitest';
import type { OrganizationShorthand } from '../../../tests/conformance/organization-builder.js';
import { diamond, megabyte, sideOf } from '../../../tests/diff/changes-between.js';
import { findByName } from '../../topology/index.js';
import { classifyDestinations } from './diff-destinations.js';
import { Translation } from './matching.js';
import { UnchangedWays } from './unchanged-ways.js';

function compared(before: OrganizationShorthand, after: OrganizationShorthand, from: string) {
  const sides = [sideOf(before), sideOf(after)] as const;
  const translation = new Translation(sides[0].topology, sides[1].topology);
  const classes = classifyDestinations(...sides);
  const ways = new UnchangedWays(...sides, translation, classes);
  const [siteBefore, siteAfter] = sides.map(({ topology }) => findByName(topology.sites, from));
  ways.leaveFrom(siteBefore!, siteAfter!);
  return { sides, classes, ways, siteAfter: siteAfter! };
}

/** The verdict on ways from a site to a database or to outside addresses. */
function verdict(before: OrganizationShorthand, after: OrganizationShorthand, from = 'S', to = 'Db1') {
  const { classes, ways } = compared(before, after, from);
  const place = classes.findIndex(({ destinations }) => destinations.some(({ name }) => name === to));
  return ways.compare(place);
}

const withLink = (given: OrganizationShorthand, name: string, cost: number): OrganizationShorthand => ({
  ...given,
  links: given.links!.map((link) => (String(link).startsWith(name) ? `${name} ${cost}` : link)),
});
const withServers = (given: OrganizationShorthand, ...servers: string[]): OrganizationShorthand => ({
  ...given,
  servers: [...given.servers!, ...servers],
});

describe('ways to databases', () => {
  test('RT-33: the same organization has the same ways, from wherever', () => {
    for (const from of ['S', 'X', 'Q', 'P', 'Z']) expect(verdict(diamond, diamond, from)).toBe('alike');
  });

  test('RT-30: a way is another by its cost, its sites and their order, not by what lies beside it', () => {
    expect(verdict(diamond, withLink(diamond, 'X-P', 11))).toBe('unknown');
    expect(verdict(diamond, withLink(diamond, 'Q-P', 9))).toBe('unknown');
    // As dear as before, by other sites: Q instead of X.
    const other = withLink(withLink(diamond, 'X-P', 15), 'Q-P', 10);
    expect(verdict(diamond, other)).toBe('unknown');
    expect(verdict(diamond, withLink(diamond, 'Q-P', 16))).toBe('alike');
    expect(verdict(diamond, withLink(diamond, 'X-P', 11), 'Q')).toBe('alike');
  });

  test('RT-31: a way is another by its hops', () => {
    const direct = { ...diamond, links: ['S-P 20', 'S-X 10', 'X-P 11'] };
    const further = { ...diamond, links: ['S-P 21', 'S-X 10', 'X-P 10'] };
    expect(verdict(direct, further)).toBe('unknown');
  });

  test('RT-34, RT-41: a site on the way counts by its hub flag and by who takes mail there', () => {
    expect(verdict(diamond, { ...diamond, hubs: ['X'] })).toBe('unknown');
    expect(verdict({ ...diamond, hubs: ['X'] }, diamond)).toBe('unknown');
    expect(verdict(diamond, withServers(diamond, 'X2@X'))).toBe('unknown');
    expect(verdict(diamond, { ...diamond, inboundMailOff: ['X'] })).toBe('unknown');
    for (const beside of [
      { ...diamond, hubs: ['Q', 'S'] },
      withServers(diamond, 'Q2@Q', 'S3@S'),
      { ...diamond, inboundMailOff: ['Q', 'S'] },
    ]) {
      expect(verdict(diamond, beside)).toBe('alike');
    }
  });

  test('AS-05: a way is another by the limits of its links', () => {
    const limited = (name: string, cost: number, maxMessageSizeBytes: number) => ({
      ...diamond,
      links: diamond.links!.map((link) =>
        String(link).startsWith(name) ? { name, sites: name.split('-'), cost, maxMessageSizeBytes } : link,
      ),
    });
    const narrow = limited('X-P', 10, megabyte);
    expect(verdict(diamond, narrow)).toBe('unknown');
    expect(verdict(narrow, limited('X-P', 10, 2 * megabyte))).toBe('unknown');
    expect(verdict(narrow, narrow)).toBe('alike');
    expect(verdict(diamond, limited('Q-P', 15, megabyte))).toBe('alike');
  });

  test('what lies behind a site that differs is unknown, what lies before it is not', () => {
    const row: OrganizationShorthand = {
      links: ['A-B 1', 'B-C 1', 'C-D 1'],
      servers: ['A1@A', 'B1@B', 'C1@C', 'D1@D'],
      databases: { DbB: ['B1'], DbC: ['C1'], DbD: ['D1'] },
    };
    const hub = { ...row, hubs: ['C'] };
    expect(verdict(row, hub, 'A', 'DbB')).toBe('alike');
    expect(verdict(row, hub, 'A', 'DbC')).toBe('unknown');
    expect(verdict(row, hub, 'A', 'DbD')).toBe('unknown');
    expect(verdict(row, hub, 'D', 'DbC')).toBe('unknown');
    // From C itself it does not matter.
    expect(verdict(row, hub, 'C', 'DbD')).toBe('alike');
    expect(verdict(row, hub, 'C', 'DbB')).toBe('alike');
  });

  test('RT-20, RT-33: the group counts by its name, its members and where they are', () => {
    expect(verdict(diamond, withServers(diamond, 'P3@P'))).toBe('unknown');
    const moved = { ...diamond, databases: { ...diamond.databases, Db1: ['Q1'] } };
    expect(verdict(diamond, moved)).toBe('unknown');
    const spread = (...members: string[]): OrganizationShorthand => ({
      ...diamond,
      dags: { Dag: members },
      databases: { Db1: members },
    });
    expect(verdict(spread('P1', 'Q1'), spread('P1', 'Q1'))).toBe('alike');
    expect(verdict(spread('P1', 'Q1'), spread('P1', 'X1'))).toBe('unknown');
    // One more member at the source's own site, one who takes no mail.
    expect(verdict(spread('P1', 'Q1'), spread('P1', 'Q1', 'X1'))).toBe('unknown');
    const relocated = { ...spread('P1', 'Q1'), servers: ['S1@S', 'X1@X', 'P1@P', 'P2@P', 'Q1@X'] };
    expect(verdict(spread('P1', 'Q1'), relocated)).toBe('unknown');
    expect(verdict(spread('P1', 'Q1'), { ...spread('P1', 'Q1'), dags: { Dag2: ['P1', 'Q1'] } })).toBe(
      'unknown',
    );
    expect(verdict(spread('P1', 'Q1'), { ...spread('P1', 'Q1'), dags: { DAG: ['P1', 'Q1'] } })).toBe('alike');
  });

  test('AS-07: a member that takes mail again may be nearer than the others', () => {
    const spread: OrganizationShorthand = {
      ...diamond,
      dags: { Dag: ['P1', 'Q1'] },
      databases: { Db1: ['P1', 'Q1'] },
    };
    const off = { ...spread, inboundMailOff: ['Q'] };
    expect(verdict(off, spread)).toBe('unknown');
    expect(verdict(off, off)).toBe('alike');
  });

  test('RT-19, RT-20: a group of another kind is another, even of the same name', () => {
    const clustered = (dag: string, ...members: string[]): OrganizationShorthand => ({
      ...diamond,
      dags: { [dag]: members },
      databases: { ...diamond.databases, Db1: members },
    });
    const named = clustered('Site:P;Version:15', 'P1', 'P2');
    expect(verdict(diamond, named)).toBe('unknown');
    expect(verdict(named, named)).toBe('alike');
  });

  test('a database that comes or goes is unknown', () => {
    const without = { ...diamond, databases: { DbS: ['S1'] } };
    expect(verdict(diamond, without)).toBe('unknown');
    expect(verdict(without, diamond)).toBe('unknown');
  });

  test('UN-02: sites and servers are told by their names, in whatever order', () => {
    const further = withServers({ ...diamond, links: ['A-S 10', ...diamond.links!] }, 'A1@A');
    expect(verdict(diamond, further)).toBe('alike');
    expect(verdict(further, diamond)).toBe('alike');
  });

  test('a site that is gone is not alike, nor what lies behind it', () => {
    const without: OrganizationShorthand = {
      ...diamond,
      links: diamond.links!.filter((link) => !String(link).includes('X')),
      servers: diamond.servers!.filter((text) => text !== 'X1@X'),
    };
    expect(verdict(diamond, without)).toBe('unknown');
    expect(verdict(diamond, without, 'Q')).toBe('alike');
    // From a site that is there on one side only, or a pair of two sites, nothing is known.
    expect(verdict(diamond, without, 'X')).toBe('unknown');
    expect(verdict(without, diamond, 'X')).toBe('unknown');
    const { ways, sides } = compared(diamond, diamond, 'S');
    const [q, s] = ['Q', 'S'].map((name) => findByName(sides[0].topology.sites, name));
    // Of Db1 in P, and of DbS in S itself.
    ways.leaveFrom(s!, q!);
    expect([ways.compare(0), ways.compare(1)]).toEqual(['unknown', 'unknown']);
    ways.leaveFrom(-1, -1);
    expect([ways.compare(0), ways.compare(1)]).toEqual(['unknown', 'unknown']);
    ways.leaveFrom(s!, s!);
    expect([ways.compare(0), ways.compare(1)]).toEqual(['alike', 'alike']);
  });

  test('RT-18: where no way leads there is none on either side', () => {
    const cut = { ...diamond, links: ['S-X 10', 'Q-P 10'] };
    expect(verdict(cut, cut)).toBe('alike');
    expect(verdict(cut, diamond)).toBe('unknown');
    expect(verdict(diamond, cut)).toBe('unknown');
  });
});

describe('ways to outside addresses', () => {
  type Connector = NonNullable<OrganizationShorthand['connectors']>[number];
  const connector = (name: string, server: string, more: Partial<Connector> = {}): Connector => ({
    name,
    sourceServers: [server],
    spaces: ['*'],
    ...more,
  });
  const outward = (...connectors: readonly Connector[]): OrganizationShorthand => ({
    ...diamond,
    connectors,
  });
  const at = (before: OrganizationShorthand, after: OrganizationShorthand, to = '*', from = 'S') =>
    verdict(before, after, from, to);
  const both = outward(connector('A', 'P1'), connector('B', 'Q1'));

  test('CN-01: the same connectors at the same distances are chosen alike', () => {
    expect(at(both, both)).toBe('alike');
    // A hub on the way to one of them changes the way, not the choice.
    expect(at(both, { ...both, hubs: ['X'] })).toBe('same-connectors');
    expect(at(both, withLink(both, 'X-P', 11))).toBe('unknown');
    expect(at(both, withLink(both, 'Y-Z', 11))).toBe('alike');
  });

  test('CN-01: a connector as dear as before may be farther in hops', () => {
    const out = outward(connector('A', 'P1'));
    const direct = { ...out, links: ['S-X 10', 'X-P 10', 'S-Q 50'] };
    const detour = { ...out, links: ['S-Q 5', 'Q-X 5', 'X-P 10'] };
    expect(at(direct, detour)).toBe('unknown');
  });

  test('RT-33: ways to databases depend on no choice', () => {
    expect(verdict(diamond, { ...diamond, hubs: ['X'] })).toBe('unknown');
  });

  test('RT-34: of connectors that are chosen alike, the way to each is looked at', () => {
    const { sides, ways } = compared(both, { ...both, hubs: ['X'] }, 'S');
    const [a, b] = ['A', 'B'].map((name) => findByName(sides[0].topology.connectors, name));
    expect(ways.isWayAlike(a!)).toBe(false);
    expect(ways.isWayAlike(b!)).toBe(true);
    const two = outward(connector('A', 'P1', { sourceServers: ['P1', 'Q1'] }));
    const further = compared(two, { ...two, hubs: ['X'] }, 'S');
    expect(further.ways.isWayAlike(0)).toBe(false);
  });

  test('CN-01 to CN-06: connectors differ by all that chooses among them and names their queues', () => {
    const one = outward(connector('A', 'P1'));
    for (const other of [
      connector('A2', 'P1'),
      connector('A', 'P2'),
      connector('A', 'P1', { sourceServers: ['P1', 'P2'] }),
      connector('A', 'P1', { kind: 'foreign' }),
      connector('A', 'P1', { scoped: true }),
      connector('A', 'P1', { enabled: false }),
      connector('A', 'P1', { maxMessageSizeBytes: megabyte }),
      connector('A', 'P1', { smartHosts: ['relay.example'] }),
      connector('A', 'P1', { frontEndProxy: true }),
      connector('A', 'P1', { spaces: ['*;2'] }),
      connector('A', 'P1', { spaces: ['*', '*;2'] }),
    ]) {
      expect(at(one, outward(other))).toBe('unknown');
      expect(at(outward(other), one)).toBe('unknown');
    }
    expect(at(one, outward(connector('a', 'P1')))).toBe('alike');
    // Its front ends are not looked at.
    const proxied = outward(connector('A', 'P1', { frontEndProxy: true }));
    expect(at(proxied, proxied)).toBe('unknown');
    const smart = (...smartHosts: string[]) => outward(connector('A', 'P1', { smartHosts }));
    expect(at(smart('a.example', 'b.example'), smart('a.example', 'b.example'))).toBe('alike');
    expect(at(smart('a.example', 'b.example'), smart('a.example', 'c.example'))).toBe('unknown');
  });

  test('CN-03: all connectors that cover an address count, by their specificity', () => {
    const special = connector('C', 'P1', { spaces: ['partner.example'] });
    const more = outward(connector('A', 'P1'), special);
    const one = outward(connector('A', 'P1'));
    expect(at(more, more, 'partner.example')).toBe('alike');
    expect(at(more, one, 'partner.example')).toBe('unknown');
    expect(at(one, more, 'partner.example')).toBe('unknown');
    expect(at(one, more)).toBe('alike');
    const wide = outward(connector('A', 'P1'), { ...special, spaces: ['*.partner.example'] });
    expect(at(more, wide, 'partner.example')).toBe('unknown');
    expect(at(one, both)).toBe('unknown');
    expect(at(both, one)).toBe('unknown');
  });

  test('AS-07: a connector whose sources take no mail is alike where they never did', () => {
    const off = { ...both, inboundMailOff: ['P'] };
    expect(at(off, off)).toBe('alike');
    expect(at(both, off)).toBe('unknown');
  });

  test('RR-08: an address that is returned on one side has no ways to compare', () => {
    const domain = (type: 'authoritative' | 'internal-relay') => ({
      ...both,
      acceptedDomains: [{ name: 'fabrikam.com', type }],
    });
    const [own, relay] = [domain('authoritative'), domain('internal-relay')];
    expect(at(relay, relay, 'fabrikam.com')).toBe('alike');
    expect(at(own, relay, 'fabrikam.com')).toBe('unknown');
    expect(at(relay, own, 'fabrikam.com')).toBe('unknown');
    // Nor where no connector takes it on the other side.
    const [ownOnly, relayOnly] = [own, relay].map((given) => ({ ...given, connectors: [] }));
    expect(at(ownOnly!, relayOnly!, 'fabrikam.com')).toBe('unknown');
    expect(at(relayOnly!, ownOnly!, 'fabrikam.com')).toBe('unknown');
    expect(at(relayOnly!, relayOnly!, 'fabrikam.com')).toBe('alike');
  });

  test('ES-02, RT-57: the connectors of Edges count by the site they are subscribed to', () => {
    const edge = (...edges: string[]) => ({ ...diamond, edges });
    expect(at(edge('E1@P'), edge('E1@P'))).toBe('alike');
    expect(at(edge('E1@P'), edge('E1@X'))).toBe('unknown');
    expect(at(edge('E1@P'), edge('E1@P', 'E2@P'))).toBe('unknown');
    // The way in is known to Edges alone: it makes no further connector for the accepted domain.
    const relay = (...edges: string[]): OrganizationShorthand => ({
      ...outward(connector('A', 'P1')),
      edges,
      acceptedDomains: [{ name: 'fabrikam.com', type: 'internal-relay' }],
    });
    expect(at(relay('E1@P'), relay('E1@P'), 'fabrikam.com')).toBe('alike');
  });
});

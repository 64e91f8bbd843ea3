import { describe, expect, test } from 'vitest';
import { topologyOf } from '../../tests/conformance/organization-builder.js';
import { SitePaths } from './least-cost-path.js';
import { connectSites, connectSitesWithout } from './site-connections.js';

/** A-B-C is the least-cost path (2), A-C direct costs 9; D hangs on C. Sites and links are in name order. */
const describeNetwork = (network: 'any-path' | 'least-cost-path') =>
  topologyOf({
    network,
    links: [
      { sites: ['A', 'B'], cost: 1, latencyMs: 10 },
      { sites: ['A', 'C'], cost: 9, latencyMs: 300 },
      { sites: ['B', 'C'], cost: 1, latencyMs: 20 },
      { sites: ['C', 'D'], cost: 1, latencyMs: 40 },
    ],
  });

function connect(network: 'any-path' | 'least-cost-path', ...down: string[]) {
  const topology = describeNetwork(network);
  const linkUp = Uint8Array.from(topology.siteLinks, ({ name }) => (down.includes(name) ? 0 : 1));
  const connections = connectSites(topology, new SitePaths(topology), linkUp);
  return {
    connected: (from: number, to: number) => connections.connected[from * 4 + to] === 1,
    latencyMs: (from: number, to: number) => connections.latencyMs[from * 4 + to],
    links: (from: number, to: number) =>
      connections.linksOf(from, to).map((link) => topology.siteLinks[link]!.name),
  };
}

describe('connections between sites', () => {
  test('AS-04: with all links up traffic takes the least-cost path, link by link', () => {
    const network = connect('any-path');
    expect([network.connected(0, 3), network.latencyMs(0, 3)]).toEqual([true, 70]);
    expect(network.links(0, 3)).toEqual(['A-B', 'B-C', 'C-D']);
    expect([network.latencyMs(3, 0), network.latencyMs(1, 2), network.latencyMs(2, 3)]).toEqual([70, 20, 40]);
    expect([network.connected(2, 2), network.latencyMs(2, 2), network.links(2, 2)]).toEqual([true, 0, []]);
  });

  test('AS-09: with any-path the cheapest chain that is up takes over', () => {
    const network = connect('any-path', 'B-C');
    expect([network.connected(0, 3), network.latencyMs(0, 3)]).toEqual([true, 340]);
    expect(network.links(0, 3)).toEqual(['A-C', 'C-D']);
    expect(network.links(1, 2)).toEqual(['A-B', 'A-C']);
  });

  test('AS-09: with least-cost-path a way around does not help', () => {
    const network = connect('least-cost-path', 'B-C');
    expect([network.connected(0, 3), network.latencyMs(0, 3)]).toEqual([false, Number.POSITIVE_INFINITY]);
    expect(network.links(0, 3)).toEqual([]);
    expect(network.connected(0, 1)).toBe(true);
    expect(network.connected(2, 3)).toBe(true);
    // A link off the least-cost paths makes no difference.
    expect(connect('least-cost-path', 'A-C').connected(0, 2)).toBe(true);
  });

  test('sites without a chain of links that are up are cut off, but not from themselves', () => {
    const network = connect('any-path', 'C-D');
    expect([network.connected(0, 3), network.latencyMs(0, 3), network.links(0, 3)]).toEqual([
      false,
      Number.POSITIVE_INFINITY,
      [],
    ]);
    expect(network.connected(3, 3)).toBe(true);
  });
});

describe('connections without a site', () => {
  /** Which sites are connected, row by row, while one is out. */
  function connectedWithout(
    network: 'any-path' | 'least-cost-path',
    out: string,
    ...down: string[]
  ): string[] {
    const topology = topologyOf({ network, links: ['A-B-E 1', 'B-C-F 1', 'B-G 1', 'E-H 1'] });
    const linkUp = Uint8Array.from(topology.siteLinks, ({ name }) => (down.includes(name) ? 0 : 1));
    const isOut = (site: number) => topology.sites[site]!.name === out;
    const paths = new SitePaths(topology);
    const { connected } = connectSitesWithout(topology, paths, linkUp, isOut);
    const { sites } = topology;
    return sites.map(({ name, index }) => {
      const others = sites.filter((other) => connected[index * sites.length + other.index] === 1);
      return `${name}: ${others.map((other) => other.name).join(' ')}`;
    });
  }

  test.each(['any-path', 'least-cost-path'] as const)(
    'A-site-outage-links: nothing passes through it, and the others of its links stay joined, with %s',
    (network) => {
      expect(connectedWithout(network, 'B')).toEqual([
        ...['A: A E H', 'B: B', 'C: C F', 'E: A E H', 'F: C F', 'G: G', 'H: A E H'],
      ]);
      expect(connectedWithout(network, 'B', 'A-B-E')).toEqual([
        ...['A: A', 'B: B', 'C: C F', 'E: E H', 'F: C F', 'G: G', 'H: E H'],
      ]);
    },
  );

  test('A-site-outage-links: with none out all stays as it is', () => {
    expect(connectedWithout('least-cost-path', 'nobody')).toEqual(
      ['A', 'B', 'C', 'E', 'F', 'G', 'H'].map((name) => `${name}: A B C E F G H`),
    );
  });
});

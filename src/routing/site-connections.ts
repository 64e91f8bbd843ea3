import type { Topology } from '../topology/index.js';
import { SitePaths } from './least-cost-path.js';

/** Which sites can reach one another while some links are down, and over which links. Matrices by from * sites + to. */
export interface SiteConnections {
  /** 1: a direct connection between the two sites works (AS-04). A site always reaches itself. */
  readonly connected: Uint8Array;
  /** One way, the sum of the links crossed; 0 inside a site, Infinity where not connected. */
  readonly latencyMs: Float64Array;
  /** The links that traffic crosses, in order; empty inside a site and where not connected. */
  linksOf(from: number, to: number): readonly number[];
}

/**
 * Works out what link outages do to the network (design section 6, links). With `any-path` two sites are connected
 * while some chain of links that are up joins them, and traffic takes the cheapest such chain (by RT-30 to RT-32);
 * with `least-cost-path` only while every link of their least-cost path is up, which traffic then takes. Routing
 * does not change: reachability is never an input to it (AS-09).
 * @param paths - the organization's paths, all links up
 * @param linkUp - by link: 1 up, 0 down
 */
export function connectSites(topology: Topology, paths: SitePaths, linkUp: Uint8Array): SiteConnections {
  return connect(topology, paths, linkUp);
}

/**
 * As `connectSites`, with sites that are out besides: they take part in no link, nothing passes through them, and the
 * other sites of a link of three or more stay joined (assumption A-site-outage-links).
 */
export function connectSitesWithout(
  topology: Topology,
  paths: SitePaths,
  linkUp: Uint8Array,
  isOut: (site: number) => boolean,
): SiteConnections {
  const { sites, siteLinks, network } = topology;
  if (!sites.some(({ index }) => isOut(index))) return connect(topology, paths, linkUp);
  const remaining = siteLinks.map((link) => ({
    ...link,
    sites: link.sites.filter((site) => !isOut(site)),
  }));
  const remainingUp = linkUp.map((up, link) => (remaining[link]!.sites.length > 1 ? up : 0));
  if (network === 'any-path') {
    const rest: Topology = { ...topology, siteLinks: remaining };
    return connect(rest, new SitePaths(rest, remainingUp), remainingUp);
  }
  const connections = connect(topology, paths, remainingUp);
  // A link of three sites may be up and yet not lead over the one that is out.
  for (let from = 0; from < sites.length; from++) {
    for (let to = 0; to < sites.length; to++) {
      const pair = from * sites.length + to;
      if (from !== to && connections.connected[pair] === 1 && paths.sites(from, to).some(isOut))
        connections.connected[pair] = 0;
    }
  }
  return connections;
}

function connect(topology: Topology, paths: SitePaths, linkUp: Uint8Array): SiteConnections {
  const count = topology.sites.length;
  const allUp = !linkUp.includes(0);
  const taken = allUp || topology.network === 'least-cost-path' ? paths : new SitePaths(topology, linkUp);
  const connected = new Uint8Array(count * count);
  const latencyMs = new Float64Array(count * count);
  for (let from = 0; from < count; from++) {
    for (let to = 0; to < count; to++) {
      const links = taken.links(from, to);
      const joined = taken.hops(from, to) >= 0 && (allUp || links.every((link) => linkUp[link] === 1));
      connected[from * count + to] = joined ? 1 : 0;
      latencyMs[from * count + to] = joined
        ? links.reduce((sum, link) => sum + topology.siteLinks[link]!.latencyMs, 0)
        : Number.POSITIVE_INFINITY;
    }
  }
  return {
    connected,
    latencyMs,
    linksOf: (from, to) => (connected[from * count + to] === 1 ? taken.links(from, to) : []),
  };
}

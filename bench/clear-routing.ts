import type { Connector, Topology } from '../src/topology/index.js';

/** A least-cost path; its sites from the source's to the last, both included. */
export interface ClearPath {
  readonly sites: readonly number[];
  readonly cost: number;
  readonly hops: number;
  /** The smallest limit of its links (AS-05). */
  readonly limitBytes: number;
}

interface Neighbour {
  readonly site: number;
  readonly cost: number;
  readonly limitBytes: number;
}

/** A delivery group: its members, and the queue that relays to it. */
interface ClearGroup {
  readonly members: readonly number[];
  readonly queue: string;
}

/** An address space that covers a domain, with the way to its connector. */
interface Candidate {
  readonly connector: Connector;
  /** CN-03: an exact domain beats `*.domain`, the longer the shorter, and any of them `*`. */
  readonly specificity: number;
  readonly aggregateCost: number;
  /** CN-01 step 5: 0 for a source server itself, 1 for its site, then by hops. */
  readonly proximity: number;
  readonly spaceCost: number;
}

/** Paths of so many source sites are kept. */
const sourcesKept = 16;

/**
 * Negative if `a` is the better of two paths from one source: RT-30 the cost, RT-31 the hops, RT-32 the names before
 * the end, from there back; paths to two sites that still tie by the name of the end (UN-01). Indexes are in name order.
 */
function compareLiterally(a: ClearPath, b: ClearPath): number {
  if (a.cost !== b.cost) return a.cost - b.cost;
  if (a.hops !== b.hops) return a.hops - b.hops;
  for (let place = a.hops - 1; place > 0; place--) {
    if (a.sites[place] !== b.sites[place]) return a.sites[place]! - b.sites[place]!;
  }
  return a.sites[a.hops]! - b.sites[b.hops]!;
}

/**
 * Routing written down for reading, with little thought of speed: what the answers of the compiled tables are checked
 * against. It knows databases outside DAGs of 2010, Send connectors to SMTP domains, Edges, hubs, and sites that take
 * no mail; not expansion servers and connectors of other types.
 */
export class ClearRouting {
  readonly #topology: Topology;
  /** By site. */
  readonly #neighbours: readonly (readonly Neighbour[])[];
  readonly #paths = new Map<number, ReadonlyMap<number, ClearPath>>();
  readonly #waysOfSite = new Map<number, readonly (ClearPath | undefined)[]>();

  constructor(topology: Topology) {
    this.#topology = topology;
    this.#neighbours = neighboursOf(topology);
  }

  /** The best path from a site to every site it reaches: Dijkstra's search, looking for the nearest site in a list. */
  pathsFrom(source: number): ReadonlyMap<number, ClearPath> {
    return kept(this.#paths, source, () => {
      const start = { sites: [source], cost: 0, hops: 0, limitBytes: Number.POSITIVE_INFINITY };
      const best = new Map<number, ClearPath>([[source, start]]);
      const open = new Set([source]);
      while (open.size > 0) {
        let from = -1;
        for (const site of open) if (from === -1 || best.get(site)!.cost < best.get(from)!.cost) from = site;
        open.delete(from);
        const path = best.get(from)!;
        for (const { site, cost, limitBytes } of this.#neighbours[from]!) {
          const present = best.get(site);
          if (present !== undefined && present.cost < path.cost + cost) continue;
          const longer = {
            sites: [...path.sites, site],
            cost: path.cost + cost,
            hops: path.hops + 1,
            limitBytes: Math.min(path.limitBytes, limitBytes),
          };
          if (present !== undefined && compareLiterally(present, longer) <= 0) continue;
          best.set(site, longer);
          open.add(site);
        }
      }
      return best;
    });
  }

  /**
   * `SmtpRelayToDag Dag0 | target-servers Server1 Server2 | … | path Site0 Site1 at 20`: the queue, the tiers and the
   * path of a server for a database.
   */
  toDatabase(server: number, database: number): string {
    const { servers, databases, dags, sites } = this.#topology;
    const { name, dag, copies, majorVersion } = databases[database]!;
    const holder = servers[copies[0]!]!;
    const home = sites[holder.site]!;
    const isRoutable = dag !== -1 && majorVersion === 15;
    const sameVersion = home.transportServers.filter((each) => servers[each]!.majorVersion === majorVersion);
    const members = isRoutable ? dags[dag]!.members : sameVersion;
    if (members.includes(server)) {
      const type = majorVersion === 15 ? 'SmtpDeliveryToMailbox' : 'MapiDelivery';
      return this.#here(server, `${type} ${name}`, ['target-servers', copies]);
    }
    const queue = isRoutable
      ? `SmtpRelayToDag ${dags[dag]!.name}`
      : `SmtpRelayToMailboxDeliveryGroup Site:${home.name};Version:${majorVersion}`;
    return this.#relay(server, { members, queue });
  }

  /** The same for a message to an SMTP domain outside; `unreachable`, or `too large` for all connectors. */
  toOutside(server: number, domain: string, sizeBytes: number): string {
    const candidates = this.#candidates(server, domain);
    const [best] = candidates
      .filter(({ connector }) => sizeBytes <= connector.maxMessageSizeBytes)
      .sort(
        (a, b) =>
          b.specificity - a.specificity ||
          a.aggregateCost - b.aggregateCost ||
          a.proximity - b.proximity ||
          a.connector.index - b.connector.index,
      );
    if (best === undefined) return candidates.length > 0 ? 'too large' : 'unreachable';
    return `${this.#toConnector(server, best.connector, domain)} | space at ${best.spaceCost}`;
  }

  #toConnector(server: number, connector: Connector, domain: string): string {
    const { servers, sites } = this.#topology;
    const { name, sourceServers, smartHosts, edgeSite } = connector;
    if (sourceServers.includes(server)) {
      const queue =
        smartHosts.length > 0
          ? `SmartHostConnectorDelivery ${smartHosts.join(',')}`
          : `DnsConnectorDelivery ${domain}`;
      return this.#here(server, queue, ['target-servers', [server]]);
    }
    if (edgeSite === -1) {
      const queue = `SmtpRelayToConnectorSourceServers ${name}`;
      return this.#relay(server, { members: sourceServers, queue });
    }
    if (edgeSite === servers[server]!.site) {
      return this.#here(server, `SmtpRelayWithinAdSiteToEdge ${name}`, ['target-servers', sourceServers]);
    }
    const { name: site, transportServers } = sites[edgeSite]!;
    const queue = `SmtpRelayToRemoteActiveDirectorySite ${site}`;
    return this.#relay(server, { members: transportServers, queue });
  }

  /** CN-01, CN-06. */
  #candidates(server: number, domain: string): readonly Candidate[] {
    const { connectors, servers } = this.#topology;
    const source = servers[server]!.site;
    const ways = this.#waysToConnectors(source);
    return connectors.flatMap((connector): Candidate[] => {
      const { addressSpaces, sourceServers, enabled, scoped, origin, index } = connector;
      if (!enabled || origin === 'edge-inbound') return [];
      if (scoped && !sourceServers.some((each) => servers[each]!.site === source)) return [];
      const spaces = addressSpaces.filter(({ space }) => covers(space, domain));
      if (spaces.length === 0) return [];
      const isSource = sourceServers.includes(server);
      const way = ways[index];
      if (way === undefined && !isSource) return [];
      return spaces.map(({ space, cost }) => ({
        connector,
        specificity: space === domain ? Number.POSITIVE_INFINITY : space.length,
        aggregateCost: cost + (isSource ? 0 : way!.cost),
        proximity: isSource ? 0 : 1 + way!.hops,
        spaceCost: cost,
      }));
    });
  }

  /** From a site to the nearest servers that relay to or send for each connector. */
  #waysToConnectors(source: number): readonly (ClearPath | undefined)[] {
    const { connectors, sites } = this.#topology;
    return kept(this.#waysOfSite, source, () =>
      connectors.map(({ sourceServers, edgeSite }) => {
        if (edgeSite === source) return this.pathsFrom(source).get(source);
        return this.#near(source, edgeSite === -1 ? sourceServers : sites[edgeSite]!.transportServers)[0];
      }),
    );
  }

  /** The paths to the sites in which some servers take mail, the nearest first (RT-33, RT-38, AS-07). */
  #near(source: number, members: readonly number[]): readonly ClearPath[] {
    const { servers, sites } = this.#topology;
    const open = new Set(
      members.map((each) => servers[each]!.site).filter((site) => sites[site]!.inboundMail),
    );
    const paths = this.pathsFrom(source);
    return [...open].flatMap((site) => paths.get(site) ?? []).sort(compareLiterally);
  }

  /** RT-34 to RT-41, with the choices of UN-03 to UN-05. */
  #relay(server: number, { members, queue }: ClearGroup): string {
    const { servers, sites } = this.#topology;
    const source = servers[server]!.site;
    const near = this.#near(source, members);
    const path = near[0];
    if (path === undefined) return 'unreachable';
    const primary = path.sites.at(-1)!;
    const inSite = (site: number) => members.filter((member) => servers[member]!.site === site);
    const receivers = (site: number) => (sites[site]!.inboundMail ? sites[site]!.transportServers : []);
    const hub = path.sites.slice(1).find((site) => sites[site]!.hub && receivers(site).length > 0);
    const tiers: [reason: string, servers: readonly number[]][] = [];
    if (hub !== undefined && hub !== primary) {
      tiers.push(['target-servers', receivers(hub)]);
    } else {
      tiers.push(['target-servers', inSite(primary)]);
      if (hub === undefined) {
        for (const other of near.slice(1)) tiers.push(['other-group-servers', inSite(other.sites.at(-1)!)]);
      }
      const rest = hub === undefined ? 'primary-site-servers' : 'hub-site-servers';
      if (primary !== source) tiers.push([rest, receivers(primary)]);
    }
    const stops = path.sites.slice(1, path.sites.indexOf(hub ?? primary));
    for (const site of stops.reverse()) tiers.push(['backoff', receivers(site)]);
    const aim = sites[hub ?? primary]!.name;
    const isOlder = servers[server]!.majorVersion !== 15;
    // IV-01: older hubs have a queue for each site.
    const siteQueue = `SmtpRelay${isOlder && primary === source ? 'WithinAdSite' : 'ToRemoteActiveDirectorySite'}`;
    return [
      hub !== undefined || isOlder ? `${siteQueue} ${aim}` : queue,
      ...this.#tiers(tiers),
      this.#pathText(path),
    ].join(' | ');
  }

  /** RT-16: the destination itself is the next hop, or the Edge beside it. */
  #here(server: number, queue: string, tier: readonly [reason: string, servers: readonly number[]]): string {
    const { site } = this.#topology.servers[server]!;
    const path = this.pathsFrom(site).get(site)!;
    return [queue, ...this.#tiers([tier]), this.#pathText(path)].join(' | ');
  }

  /** A server stands in the first tier that fits; a tier without servers is none. */
  #tiers(tiers: readonly (readonly [reason: string, servers: readonly number[]])[]): string[] {
    const placed = new Set<number>();
    return tiers.flatMap(([reason, candidates]) => {
      const left = candidates.filter((each) => !placed.has(each));
      for (const each of left) placed.add(each);
      const names = left.map((each) => this.#topology.servers[each]!.name);
      return names.length === 0 ? [] : [`${reason} ${names.join(' ')}`];
    });
  }

  #pathText({ sites, cost, limitBytes }: ClearPath): string {
    const names = sites.map((site) => this.#topology.sites[site]!.name);
    return pathText(names, cost, limitBytes);
  }
}

/** `path Site0 Site1 at 20 up to 1000 bytes`. */
export function pathText(sites: readonly string[], cost: number, limitBytes: number): string {
  const limit = limitBytes === Number.POSITIVE_INFINITY ? '' : ` up to ${limitBytes} bytes`;
  return `path ${sites.join(' ')} at ${cost}${limit}`;
}

/** AS-01, AS-02: all sites of a link are adjacent, and of several links the cheapest counts, then the lower name. */
function neighboursOf({ sites, siteLinks }: Topology): readonly (readonly Neighbour[])[] {
  const found = sites.map(() => new Map<number, Neighbour>());
  for (const { sites: joined, cost, maxMessageSizeBytes: limitBytes } of siteLinks) {
    for (const from of joined) {
      for (const site of joined) {
        const present = found[from]!.get(site);
        if (site === from || (present !== undefined && present.cost <= cost)) continue;
        found[from]!.set(site, { site, cost, limitBytes });
      }
    }
  }
  return found.map((neighbours) => [...neighbours.values()]);
}

function covers(space: string, domain: string): boolean {
  return space === domain || space === '*' || (space[0] === '*' && `.${domain}`.endsWith(space.slice(1)));
}

/** The value of a key, worked out if it is not among the last asked for. */
function kept<T>(values: Map<number, T>, key: number, work: () => T): T {
  const value = values.get(key) ?? work();
  values.delete(key);
  values.set(key, value);
  for (const oldest of values.keys()) {
    if (values.size <= sourcesKept) break;
    values.delete(oldest);
  }
  return value;
}

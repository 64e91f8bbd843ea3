import { comparePaths, type SitePath } from '../src/routing/index.js';
import type { Topology } from '../src/topology/index.js';

/**
 * Routing written down for reading, with no thought of speed: what the answers of the compiled tables are checked
 * against. It knows databases of Exchange 2013 only.
 */
export class ClearRouting {
  readonly #topology: Topology;
  readonly #paths = new Map<number, ReadonlyMap<number, SitePath>>();

  constructor(topology: Topology) {
    this.#topology = topology;
  }

  /** The best path from a site to every site it reaches, by `comparePaths`. */
  pathsFrom(source: number): ReadonlyMap<number, SitePath> {
    const known = this.#paths.get(source);
    if (known !== undefined) return known;
    const best = new Map<number, SitePath>([[source, { sites: [source], cost: 0, hops: 0 }]]);
    for (let changed = true; changed; ) {
      changed = false;
      for (const link of this.#topology.siteLinks) {
        for (const from of link.sites) {
          const path = best.get(from);
          if (path === undefined) continue;
          for (const to of link.sites) {
            if (path.sites.includes(to)) continue;
            const longer = { sites: [...path.sites, to], cost: path.cost + link.cost, hops: path.hops + 1 };
            const present = best.get(to);
            if (present !== undefined && comparePaths(longer, present) >= 0) continue;
            best.set(to, longer);
            changed = true;
          }
        }
      }
    }
    this.#paths.set(source, best);
    return best;
  }

  /** `SmtpRelayToDag Dag0 | target-servers Site1: …`: the queue and the tiers of a server for a database. */
  toDatabase(server: number, database: number): string {
    const { servers, databases, dags, sites } = this.#topology;
    const { name, dag, copies } = databases[database]!;
    const home = sites[servers[copies[0]!]!.site]!;
    const members = dag === -1 ? home.transportServers : dags[dag]!.members;
    if (members.includes(server))
      return `SmtpDeliveryToMailbox ${name} | ${this.#names('target-servers', copies)}`;
    const direct =
      dag === -1
        ? `SmtpRelayToMailboxDeliveryGroup Site:${home.name};Version:15`
        : `SmtpRelayToDag ${dags[dag]!.name}`;
    return this.#relay(server, members, direct);
  }

  #relay(server: number, members: readonly number[], direct: string): string {
    const { servers, sites } = this.#topology;
    const source = servers[server]!.site;
    const paths = this.pathsFrom(source);
    const near = [...paths.values()]
      .sort(comparePaths)
      .map((path) => path.sites.at(-1)!)
      .filter((site) => members.some((member) => servers[member]!.site === site));
    const primary = near[0];
    if (primary === undefined) return 'unreachable';
    const inSite = (site: number) => members.filter((member) => servers[member]!.site === site);
    const path = paths.get(primary)!.sites;
    const hub = path.slice(1).find((site) => sites[site]!.hub && sites[site]!.transportServers.length > 0);
    const tiers: [reason: string, servers: readonly number[]][] = [];
    if (hub !== undefined && hub !== primary) {
      tiers.push(['target-servers', sites[hub]!.transportServers]);
    } else {
      tiers.push(['target-servers', inSite(primary)]);
      if (hub === undefined)
        for (const site of near.slice(1)) tiers.push(['other-group-servers', inSite(site)]);
      const rest = hub === undefined ? 'primary-site-servers' : 'hub-site-servers';
      if (primary !== source) tiers.push([rest, sites[primary]!.transportServers]);
    }
    const stops = path.slice(1, path.indexOf(hub ?? primary));
    for (const site of stops.reverse()) tiers.push(['backoff', sites[site]!.transportServers]);
    const queue = hub === undefined ? direct : `SmtpRelayToRemoteActiveDirectorySite ${sites[hub]!.name}`;
    const placed = new Set<number>();
    const texts = tiers.map(([reason, candidates]) => {
      const left = candidates.filter((each) => !placed.has(each));
      for (const each of left) placed.add(each);
      return left.length === 0 ? [] : [this.#names(reason, left)];
    });
    return [queue, ...texts.flat()].join(' | ');
  }

  #names(reason: string, list: readonly number[]): string {
    return `${reason} ${list.map((server) => this.#topology.servers[server]!.name).join(' ')}`;
  }
}

import {
  comparePaths,
  type RoutingTables,
  type SitePath,
  type TransportSelection,
} from '../src/routing/index.js';
import { compareNames, type Topology } from '../src/topology/index.js';
import type { ClearRouting } from './clear-routing.js';

/** RT-48. */
const recipientsConsidered = 20;

interface NearGroup {
  readonly name: string;
  readonly members: readonly number[];
  /** To its nearest site. */
  readonly path: SitePath;
}

/**
 * Front End Transport's choice written down for reading (RT-46 to RT-49): what the tables' choice is checked against.
 * It knows databases of Exchange 2013 only.
 */
export class ClearSelection {
  readonly #topology: Topology;
  readonly #routing: ClearRouting;

  constructor(topology: Topology, routing: ClearRouting) {
    this.#topology = topology;
    this.#routing = routing;
  }

  /**
   * `Dag0 | target-servers Server1 Server2 | …`: the group aimed at and the tiers.
   * @param databases - of all mailbox recipients, in their order
   */
  frontEnd(server: number, databases: readonly number[]): string {
    const { servers, sites } = this.#topology;
    const source = servers[server]!.site;
    const paths = this.#routing.pathsFrom(source);
    const inSite = (members: readonly number[], site: number) =>
      members.filter((member) => servers[member]!.site === site);
    const nearest = databases
      .slice(0, recipientsConsidered)
      .flatMap((database) => this.#nearGroup(database, paths))
      .sort(
        (a, b) =>
          a.path.cost - b.path.cost ||
          a.path.hops - b.path.hops ||
          a.path.sites.at(-1)! - b.path.sites.at(-1)! ||
          compareNames(a.name, b.name),
      )
      .at(0);
    const tiers: [reason: string, servers: readonly number[]][] = [];
    if (nearest !== undefined) {
      const near = nearest.path.sites.at(-1)!;
      const hub = nearest.path.sites
        .slice(1)
        .find((site) => sites[site]!.hub && sites[site]!.transportServers.length > 0);
      if (hub === undefined || hub === near) tiers.push(['target-servers', inSite(nearest.members, near)]);
      else tiers.push(['target-servers', sites[hub]!.transportServers]);
      if (hub === near) tiers.push(['hub-site-servers', sites[hub]!.transportServers]);
      if (hub === undefined) {
        const others = [...paths.values()]
          .sort(comparePaths)
          .map((path) => path.sites.at(-1)!)
          .filter((site) => site !== near);
        for (const site of others) tiers.push(['other-group-servers', inSite(nearest.members, site)]);
      }
    }
    tiers.push(['local-site-servers', sites[source]!.transportServers]);
    const placed = new Set<number>();
    const texts = tiers.flatMap(([reason, candidates]) => {
      const left = candidates.filter((each) => !placed.has(each));
      for (const each of left) placed.add(each);
      return left.length === 0 ? [] : [`${reason} ${left.map((each) => servers[each]!.name).join(' ')}`];
    });
    return [nearest?.name ?? sites[source]!.name, ...texts].join(' | ');
  }

  /** The delivery group of a database as seen by a site; none if no path leads to it. */
  #nearGroup(database: number, paths: ReadonlyMap<number, SitePath>): readonly NearGroup[] {
    const { servers, databases, dags, sites } = this.#topology;
    const { dag, copies } = databases[database]!;
    const home = sites[servers[copies[0]!]!.site]!;
    const members = dag === -1 ? home.transportServers : dags[dag]!.members;
    const name = dag === -1 ? `Site:${home.name};Version:15` : dags[dag]!.name;
    const path = members
      .flatMap((member) => paths.get(servers[member]!.site) ?? [])
      .sort(comparePaths)
      .at(0);
    return path === undefined ? [] : [{ name, members, path }];
  }
}

/** A choice of the tables in the same words. */
export function describeSelection(
  { topology }: RoutingTables,
  { groupName, tiers }: TransportSelection,
): string {
  const texts = tiers.map(
    ({ reason, servers }) => `${reason} ${servers.map((each) => topology.servers[each]!.name).join(' ')}`,
  );
  return [groupName, ...texts].join(' | ');
}

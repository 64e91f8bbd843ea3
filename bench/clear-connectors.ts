import { comparePaths, type RoutingTables, type SitePath } from '../src/routing/index.js';
import type { Topology } from '../src/topology/index.js';
import type { ClearRouting } from './clear-routing.js';

/** An address space that covers a domain, as a server sees it. */
interface Candidate {
  readonly connector: number;
  /** How much of the space is not `*`: all of it beats any part. */
  readonly specificity: number;
  readonly cost: number;
  /** -1 for a source server itself. */
  readonly distance: number;
}

/**
 * The choice of connectors written down for reading (CN-01, CN-03, CN-06, RT-22, RT-34): what the tables' choice is
 * checked against. It knows SMTP connectors that send by DNS and take any message, and sites that all take mail.
 */
export class ClearConnectors {
  readonly #topology: Topology;
  readonly #routing: ClearRouting;

  constructor(topology: Topology, routing: ClearRouting) {
    this.#topology = topology;
    this.#routing = routing;
  }

  /** `SmtpRelayToConnectorSourceServers Connector0`, or `Unreachable`: the queue of a server for a domain. */
  toOutside(server: number, domain: string): string {
    const [best] = this.#candidates(server, domain).sort(
      (a, b) =>
        b.specificity - a.specificity ||
        a.cost - b.cost ||
        a.distance - b.distance ||
        a.connector - b.connector,
    );
    if (best === undefined) return 'Unreachable';
    const { name, sourceServers } = this.#topology.connectors[best.connector]!;
    if (best.distance === -1) return `DnsConnectorDelivery ${domain}`;
    const { sites, servers } = this.#topology;
    const path = this.#nearest(servers[server]!.site, sourceServers)!;
    const hub = path.sites
      .slice(1)
      .find((site) => sites[site]!.hub && sites[site]!.transportServers.length > 0);
    return hub === undefined
      ? `SmtpRelayToConnectorSourceServers ${name}`
      : `SmtpRelayToRemoteActiveDirectorySite ${sites[hub]!.name}`;
  }

  #candidates(server: number, domain: string): Candidate[] {
    const { connectors, servers } = this.#topology;
    const { site } = servers[server]!;
    return connectors.flatMap(({ index, addressSpaces, sourceServers, scoped }) => {
      const path = this.#nearest(site, sourceServers);
      const isHere = sourceServers.some((source) => servers[source]!.site === site);
      if (path === undefined || (scoped && !isHere)) return [];
      const isSource = sourceServers.includes(server);
      return addressSpaces
        .filter(({ space }) => space === domain || (space[0] === '*' && domain.endsWith(space.slice(1))))
        .map(({ space, cost }) => ({
          connector: index,
          specificity: space === domain ? Number.POSITIVE_INFINITY : space.length,
          cost: cost + (isSource ? 0 : path.cost),
          distance: isSource ? -1 : path.hops,
        }));
    });
  }

  #nearest(site: number, members: readonly number[]): SitePath | undefined {
    const paths = this.#routing.pathsFrom(site);
    return members
      .flatMap((member) => paths.get(this.#topology.servers[member]!.site) ?? [])
      .sort(comparePaths)
      .at(0);
  }
}

/** The queue of a next hop in the same words. */
export function describeQueue(tables: RoutingTables, nextHop: number): string {
  if (nextHop < 0) return 'Unreachable';
  const { deliveryType, nextHopDomain } = tables.nextHop(nextHop).key;
  return `${deliveryType} ${nextHopDomain}`;
}

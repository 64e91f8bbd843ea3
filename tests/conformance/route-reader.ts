import {
  compileRoutingTables,
  decidingRules,
  type NextHop,
  type RoutingTables,
  type Tier,
} from '../../src/routing/index.js';
import { findByName, type Topology } from '../../src/topology/index.js';
import { type OrganizationShorthand, topologyOf } from './organization-builder.js';

/** Asks an organization's routing by names and reads the answers as text. */
export class RouteReader {
  readonly topology: Topology;
  readonly tables: RoutingTables;

  constructor(shorthand: OrganizationShorthand) {
    this.topology = topologyOf(shorthand);
    this.tables = compileRoutingTables(this.topology);
  }

  /** The id that `toDatabase` answers, or one of `noRoute`. */
  databaseId(from: string, database: string): number {
    return this.tables.toDatabase(this.server(from), findByName(this.topology.databases, database));
  }

  toDatabase(from: string, database: string): NextHop {
    return this.tables.nextHop(this.databaseId(from, database));
  }

  /** The id for an SMTP domain, or for `FAX:555` as such. */
  outsideId(from: string, address: string, sizeBytes = 1): number {
    const [type, rest] = address.includes(':') ? address.split(':') : ['SMTP', address];
    return this.tables.toOutside(this.server(from), this.tables.internDomain(type!, rest!), sizeBytes);
  }

  toOutside(from: string, address: string, sizeBytes = 1): NextHop {
    return this.tables.nextHop(this.outsideId(from, address, sizeBytes));
  }

  toExpansionServer(from: string, server: string): NextHop {
    return this.tables.nextHop(this.tables.toExpansionServer(this.server(from), this.server(server)));
  }

  /** What the front end or submission on a server tries for mail to some databases. */
  select(service: 'front-end' | 'submission', from: string, ...databases: readonly string[]): string[] {
    const indexes = Int32Array.from(databases, (name) => findByName(this.topology.databases, name));
    const { tiers } = this.tables.selectTransport(service, this.server(from), indexes, indexes.length);
    return this.tiers(tiers);
  }

  /** `target-servers P: P1 P2` for each tier. */
  tiers(tiers: readonly Tier[]): string[] {
    return tiers.map(
      ({ reason, site, servers }) =>
        `${reason} ${this.site(site)}: ${servers.map((each) => this.topology.servers[each]!.name).join(' ')}`,
    );
  }

  /** The rules that decide the way of a next hop. */
  rules(hop: NextHop, sizeBytes = 1): readonly string[] {
    return decidingRules(this.tables.explainer.nextHop(hop, sizeBytes));
  }

  site(index: number): string {
    return this.topology.sites[index]?.name ?? '-';
  }

  server(name: string): number {
    return findByName(this.topology.servers, name);
  }
}

/** `SmtpRelayToDag / DAG1 / DAG1`. */
export function queueOf({ key }: NextHop): string {
  return `${key.deliveryType} / ${key.nextHopDomain} / ${key.nextHopConnector}`;
}

import type { Topology } from '../topology/index.js';
import { AnswerTable } from './answer-table.js';
import { ConnectorRouter } from './connector-routing.js';
import { buildDeliveryGroups, type DeliveryGroup, type DeliveryGroups } from './delivery-group.js';
import { RouteExplainer } from './explanation/route-explainer.js';
import { type DelayedFanOut, FanOutPlanner } from './fan-out.js';
import { SitePaths } from './least-cost-path.js';
import type { DeliveryGroupReference, NextHop, NextHopSolutionKey } from './next-hop.js';
import { type HopErrand, type HopPlan, NextHopPool } from './next-hop-pool.js';
import { RelayPlanner } from './relay-plan.js';
import {
  noRoute,
  type ProxyService,
  type RoutingOptions,
  type RoutingTables,
  type TransportSelection,
} from './routing-tables.js';
import { TransportSelector } from './transport-selection.js';

/**
 * Compiles an organization's routing. What depends on a pair of source and destination is worked out when it is
 * first asked for, and kept: a run meets few of the pairs.
 */
export function compileRoutingTables(topology: Topology, options: RoutingOptions = {}): RoutingTables {
  return new CompiledRoutingTables(topology, options);
}

class CompiledRoutingTables implements RoutingTables {
  readonly topology: Topology;
  readonly paths: SitePaths;
  readonly #groups: DeliveryGroups;
  readonly #pool: NextHopPool;
  readonly #selector: TransportSelector;
  readonly #planner: RelayPlanner;
  readonly #connectors: ConnectorRouter;
  readonly #fanOut: FanOutPlanner;
  #explainer: RouteExplainer | undefined;
  /** By server and database. */
  readonly #toDatabase: AnswerTable;
  /** By server and the server that expands. */
  readonly #toExpansionServer: AnswerTable;
  /** By the site of the source and database: a place in `#handOverPlans`. */
  readonly #handOvers: AnswerTable;
  readonly #handOverPlans: HopPlan[] = [];
  /** By database. */
  readonly #relays: readonly HopErrand[];
  readonly #deliveries: (HopErrand | undefined)[] = [];
  readonly #mailboxKeys: (NextHopSolutionKey | undefined)[] = [];

  constructor(topology: Topology, options: RoutingOptions) {
    this.topology = topology;
    this.paths = new SitePaths(topology);
    this.#groups = buildDeliveryGroups(topology);
    this.#pool = new NextHopPool(topology.servers.length);
    this.#selector = new TransportSelector(topology, this.paths, this.#groups, options);
    this.#planner = new RelayPlanner(topology, this.paths, this.#groups);
    this.#connectors = new ConnectorRouter(this.#planner, this.#pool);
    this.#fanOut = new FanOutPlanner(this.#planner, this.#pool);
    const { servers, sites, databases } = topology;
    this.#toDatabase = new AnswerTable(servers.length, databases.length, (server, database) =>
      this.#routeToDatabase(server, database),
    );
    this.#toExpansionServer = new AnswerTable(servers.length, servers.length, (server, expansionServer) =>
      this.#routeToExpansionServer(server, expansionServer),
    );
    this.#handOvers = new AnswerTable(
      sites.length,
      databases.length,
      (site, database) => this.#handOverPlans.push(this.#planHandOver(site, database)) - 1,
    );
    this.#relays = databases.map(({ name, index }) => ({
      kind: 'relay',
      destination: { kind: 'mailbox-database', name, index },
      destinationGroup: this.groupOfDatabase(index),
      addressSpaceCost: null,
    }));
  }

  get nextHopCount(): number {
    return this.#pool.nextHopCount;
  }

  get queueCount(): number {
    return this.#pool.queueCount;
  }

  get explainer(): RouteExplainer {
    this.#explainer ??= new RouteExplainer(this.topology, this.paths, this.#groups, this.#selector);
    return this.#explainer;
  }

  nextHop(id: number): NextHop {
    return this.#pool.get(id);
  }

  groupOfDatabase(database: number): DeliveryGroupReference {
    return this.#groups.groups[this.#groups.ofDatabase[database]!]!.reference;
  }

  toDatabase(server: number, database: number): number {
    return this.#toDatabase.get(server, database);
  }

  toExpansionServer(server: number, expansionServer: number): number {
    return this.#toExpansionServer.get(server, expansionServer);
  }

  internDomain(type: string, domain: string): number {
    return this.#connectors.internDomain(type, domain);
  }

  toOutside(server: number, domain: number, sizeBytes: number): number {
    return this.#connectors.route(server, domain, sizeBytes);
  }

  fanOut(server: number, nextHops: readonly number[], reading: DelayedFanOut): readonly number[] {
    return this.#fanOut.plan(server, nextHops, reading);
  }

  selectTransport(
    service: ProxyService,
    server: number,
    databases: Int32Array,
    count: number,
  ): TransportSelection {
    return this.#selector.select(service, server, databases, count);
  }

  #routeToDatabase(server: number, database: number): number {
    // An Edge has no directory, so it knows no databases (RT-56).
    if (this.topology.servers[server]!.isEdge) return noRoute.unreachable;
    const { groups, ofDatabase, routableDagOf, mailboxGroupOf } = this.#groups;
    const group = groups[ofDatabase[database]!]!;
    const isMember = routableDagOf[server] === group.index || mailboxGroupOf[server] === group.index;
    return isMember ? this.#handOver(server, database) : this.#relay(server, group, this.#relays[database]!);
  }

  #routeToExpansionServer(server: number, expansionServer: number): number {
    const group = this.#groups.groups[this.#groups.ofExpansionServer[expansionServer]!]!;
    const { name } = this.topology.servers[expansionServer]!;
    return this.#relay(server, group, {
      kind: 'relay',
      destination: { kind: 'expansion-server', name, index: expansionServer },
      destinationGroup: group.reference,
      addressSpaceCost: null,
    });
  }

  /** RT-18: a server outside the group relays. */
  #relay(server: number, group: DeliveryGroup, errand: HopErrand): number {
    const plan = this.#planner.planFrom(server, group);
    return plan === null ? noRoute.unreachable : this.#pool.add(server, errand, plan);
  }

  #handOver(server: number, database: number): number {
    const { site } = this.topology.servers[server]!;
    const plan = this.#handOverPlans[this.#handOvers.get(site, database)]!;
    const { destination, destinationGroup, addressSpaceCost } = this.#relays[database]!;
    this.#deliveries[database] ??= { kind: 'mailbox', destination, destinationGroup, addressSpaceCost };
    return this.#pool.add(server, this.#deliveries[database], plan);
  }

  /**
   * RT-16: a member of the group goes straight to the Mailbox Transport of the server with the active copy, in
   * whatever site (RT-05, RT-19, UN-06); an older hub's store driver writes by itself (RT-21, IV-01). A site with
   * inbound mail off does not hold this up: the mail has reached its group, and a site may finish what it has.
   */
  #planHandOver(site: number, database: number): HopPlan {
    const { name, majorVersion, copies } = this.topology.databases[database]!;
    this.#mailboxKeys[database] ??= {
      deliveryType: majorVersion === 15 ? 'SmtpDeliveryToMailbox' : 'MapiDelivery',
      nextHopDomain: name,
      nextHopConnector: name,
    };
    return {
      key: this.#mailboxKeys[database],
      nextHopGroup: this.groupOfDatabase(database),
      path: { sites: [site], cost: 0, hops: 0 },
      primarySite: site,
      hubSite: -1,
      tiers: [{ reason: 'target-servers', site: this.topology.servers[copies[0]!]!.site, servers: copies }],
      maxMessageSizeBytes: Number.POSITIVE_INFINITY,
      proxyServers: null,
      forkSite: -1,
    };
  }
}

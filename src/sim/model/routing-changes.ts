import type { RoutingTables } from '../../routing/index.js';
import { buildTopology, type Organization, type Topology } from '../../topology/index.js';
import { invariant } from '../kernel/index.js';
import type { ModelContext } from './model-context.js';
import { serviceIndex } from './server-states.js';

/** A change of the configuration: of what routing reads, not of servers, databases and recipients. */
export interface ConfigurationChange {
  /** How results call it. */
  readonly subject: string;
  /** The site whose directory is changed first. */
  readonly site: number;
  apply(organization: Organization): Organization;
}

/** A configuration as it has been from a time on. */
interface Version {
  readonly madeMs: number;
  readonly site: number;
  readonly subject: string;
  readonly tables: RoutingTables;
  /** Servers that have come to it, or to a later one. */
  followers: number;
}

/** How faults.csv calls what happens here. */
const kind = 'routing-change';

/**
 * Changes of the configuration during a run (AS-13). The configuration is the first one with all changes in force, in
 * the order of their beginning. It reaches the directory of the site where it was made at once, that of every other site
 * after `replicationDelay`, and each server `routingReloadDelay` later (assumptions A-replication, A-routing-reload);
 * all services of a server take it over together. A server whose Transport service is stopped reads what its directory
 * has when it starts.
 */
export class RoutingChanges {
  readonly #context: ModelContext;
  readonly #organization: Organization;
  readonly #compile: (topology: Topology) => RoutingTables;
  readonly #adopted: (server: number) => void;
  readonly #inForce: ConfigurationChange[] = [];
  /** By the numbers of the changes in force: what comes and goes is compiled once. */
  readonly #compiled = new Map<string, RoutingTables>();
  readonly #numbers = new Map<ConfigurationChange, number>();
  readonly #versions: Version[] = [];
  readonly #reloadKind: number;
  /** By server: the versions whose reload was due, and those it has come to; each is a number of versions. */
  readonly #reloadsDue: Int32Array;
  readonly #known: Int32Array;

  /**
   * @param organization - what the initial tables were made of
   * @param adopted - a server has new tables
   */
  constructor(
    context: ModelContext,
    organization: Organization,
    compile: (topology: Topology) => RoutingTables,
    adopted: (server: number) => void,
  ) {
    this.#context = context;
    this.#organization = organization;
    this.#compile = compile;
    this.#adopted = adopted;
    this.#reloadsDue = new Int32Array(context.topology.servers.length);
    this.#known = new Int32Array(context.topology.servers.length);
    this.#reloadKind = context.simulation.addKind((server) => this.#reload(server));
  }

  /** The change is made now. */
  begin(change: ConfigurationChange): void {
    this.#inForce.push(change);
    this.#publish(change);
  }

  /** The change is taken back now; those that began later stay. */
  end(change: ConfigurationChange): void {
    const place = this.#inForce.indexOf(change);
    invariant(place !== -1, () => `${change.subject} was not in force`);
    this.#inForce.splice(place, 1);
    this.#publish(change);
  }

  /** The Transport service of a server starts, with what its site's directory has. */
  started(server: number): void {
    const nowMs = this.#context.simulation.nowMs;
    let version = this.#versions.length;
    while (version > 0) {
      const { madeMs, site } = this.#versions[version - 1]!;
      if (madeMs + this.#replicationMs(server, site) <= nowMs) break;
      version--;
    }
    this.#follow(server, version);
  }

  #publish({ subject, site }: ConfigurationChange): void {
    const { simulation, topology, settingsOf } = this.#context;
    const nowMs = simulation.nowMs;
    this.#versions.push({ madeMs: nowMs, site, subject, tables: this.#tables(), followers: 0 });
    for (const { index } of topology.servers) {
      const delayMs = this.#replicationMs(index, site) + settingsOf(index).transport.routingReloadDelay;
      simulation.schedule(delayMs, this.#reloadKind, index);
    }
  }

  #tables(): RoutingTables {
    const { topology, routing } = this.#context;
    if (this.#inForce.length === 0) return routing.initial;
    const combination = this.#inForce.map((change) => this.#numberOf(change)).join(' ');
    const known = this.#compiled.get(combination);
    if (known !== undefined) return known;
    const organization = this.#inForce.reduce((changed, change) => change.apply(changed), this.#organization);
    const changed = buildTopology(organization);
    invariant(
      isSame(changed.servers, topology.servers) &&
        isSame(changed.sites, topology.sites) &&
        isSame(changed.databases, topology.databases) &&
        changed.recipients.count === topology.recipients.count,
      'a change of the configuration made other servers, sites, databases or recipients',
    );
    const tables = this.#compile(changed);
    this.#compiled.set(combination, tables);
    return tables;
  }

  #numberOf(change: ConfigurationChange): number {
    const known = this.#numbers.get(change);
    if (known !== undefined) return known;
    this.#numbers.set(change, this.#numbers.size);
    return this.#numbers.size - 1;
  }

  #replicationMs(server: number, site: number): number {
    const { topology, settingsOf } = this.#context;
    return topology.servers[server]!.site === site ? 0 : settingsOf(server).transport.replicationDelay;
  }

  /** A server's delays are the same for all versions, so its reloads come in the order of the versions. */
  #reload(server: number): void {
    const version = ++this.#reloadsDue[server]!;
    if (this.#context.states.isRunning(server, serviceIndex.transport)) this.#follow(server, version);
  }

  /** @param version - how many versions the server knows from now on */
  #follow(server: number, version: number): void {
    const { topology, routing, observer, simulation } = this.#context;
    const known = this.#known[server]!;
    if (version <= known) return;
    this.#known[server] = version;
    const { tables } = this.#versions[version - 1]!;
    const isNew = routing.of(server) !== tables;
    routing.adopt(server, tables);
    observer.fault(simulation.nowMs, kind, topology.servers[server]!.name, 'effect');
    for (const passed of this.#versions.slice(known, version)) {
      passed.followers++;
      if (passed.followers < topology.servers.length) continue;
      observer.fault(simulation.nowMs, kind, passed.subject, 'effect');
    }
    if (isNew) this.#adopted(server);
  }
}

function isSame(a: readonly { readonly name: string }[], b: readonly { readonly name: string }[]): boolean {
  return a.length === b.length && a.every(({ name }, index) => name === b[index]!.name);
}

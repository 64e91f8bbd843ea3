import { compareNames, type Topology } from '../topology/index.js';
import type { Aftermath } from './failures-aftermath.js';
import type { UnreachableDestination } from './failures-answer.js';

/** What is unreachable after one failure, in names. */
export class FailureRecord {
  readonly #topology: Topology;
  readonly #inside: UnreachableDestination[] = [];
  readonly #aftermath: Aftermath;
  readonly #connectors = new Map<number, { readonly stuck: Set<number>; readonly why: string }>();
  readonly #users = new Map<number, Set<number>>();

  constructor(topology: Topology, aftermath: Aftermath) {
    this.#topology = topology;
    this.#aftermath = aftermath;
  }

  /** @param stuck - null: nobody reaches a database that is not mounted */
  addDatabase(
    database: number,
    why: string,
    stuck: readonly number[] | null,
    sources: readonly number[],
    mailboxes: number,
  ): void {
    const { name } = this.#topology.databases[database]!;
    this.#inside.push({
      kind: 'mailbox-database',
      name,
      everywhere: stuck === null || stuck.length === sources.length,
      from: this.#sitesOf(stuck ?? sources),
      mailboxes,
      why,
    });
  }

  addExpansionServer(
    server: number,
    why: string,
    stuck: readonly number[],
    sources: readonly number[],
  ): void {
    this.#inside.push({
      kind: 'expansion-server',
      name: this.#topology.servers[server]!.name,
      everywhere: stuck.length === sources.length,
      from: this.#sitesOf(stuck),
      mailboxes: 0,
      why: this.#aftermath.isUp(server) ? why : `${this.#topology.servers[server]!.name} is down`,
    });
  }

  addConnector(connector: number, source: number, why: () => string): void {
    const found = this.#connectors.get(connector);
    if (found === undefined) this.#connectors.set(connector, { stuck: new Set([source]), why: why() });
    else found.stuck.add(source);
  }

  get hasConnectors(): boolean {
    return this.#connectors.size > 0;
  }

  /** A server that has mail for a connector. */
  countUser(connector: number, source: number): void {
    const found = this.#users.get(connector);
    if (found === undefined) this.#users.set(connector, new Set([source]));
    else found.add(source);
  }

  unreachable(): readonly UnreachableDestination[] {
    const connectors = [...this.#connectors].map(
      ([connector, { stuck, why }]): UnreachableDestination => ({
        kind: 'connector',
        name: this.#topology.connectors[connector]!.name,
        everywhere: stuck.size === this.#users.get(connector)!.size,
        from: this.#sitesOf([...stuck]),
        mailboxes: 0,
        why,
      }),
    );
    return [...connectors, ...this.#inside].sort((a, b) =>
      a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : compareNames(a.name, b.name),
    );
  }

  #sitesOf(servers: readonly number[]): readonly string[] {
    const { servers: all, sites } = this.#topology;
    const names = new Set(servers.map((server) => sites[all[server]!.site]?.name ?? all[server]!.name));
    return [...names].sort(compareNames);
  }
}

import type { NextHop, RoutingTables } from '../../routing/index.js';

/** Routing tables, and what they call the domains of `RoutingConfigurations`. */
interface Version {
  readonly tables: RoutingTables;
  readonly domainIds: number[];
  /** No message as large as this is too large for any way (AS-05). */
  readonly passesEverywhereBytes: number;
}

/**
 * The routing tables that each server works with: at first the same for all. A changed configuration reaches one
 * server after another (AS-13), so that for a while neighbours may disagree. Ids of next hops and queues are those of
 * the server's own tables; outside domains have one id in the whole model.
 */
export class RoutingConfigurations {
  /** What the organization began with: names, indexes and the network never change (assumption A-network-keeps-costs). */
  readonly initial: RoutingTables;
  readonly #ofServer: Version[];
  readonly #versions: Version[];
  readonly #domains: { readonly type: string; readonly domain: string }[] = [];
  readonly #domainIds = new Map<string, number>();

  constructor(initial: RoutingTables) {
    this.initial = initial;
    const version: Version = {
      tables: initial,
      domainIds: [],
      passesEverywhereBytes: smallestLinkLimitBytes(initial),
    };
    this.#versions = [version];
    this.#ofServer = initial.topology.servers.map(() => version);
  }

  of(server: number): RoutingTables {
    return this.#ofServer[server]!.tables;
  }

  /** A size that no site link refuses, as `server` knows the links now (AS-05). */
  passesEverywhereBytes(server: number): number {
    return this.#ofServer[server]!.passesEverywhereBytes;
  }

  /** A next hop that `server` routed to with the tables it has now. */
  nextHop(server: number, id: number): NextHop {
    return this.#ofServer[server]!.tables.nextHop(id);
  }

  /** The id of an outside domain: an address space's type in upper case, and the part after `@`. */
  internDomain(type: string, domain: string): number {
    const key = `${type}:${domain}`;
    const known = this.#domainIds.get(key);
    if (known !== undefined) return known;
    const id = this.#domains.push({ type, domain }) - 1;
    this.#domainIds.set(key, id);
    for (const { tables, domainIds } of this.#versions) domainIds.push(tables.internDomain(type, domain));
    return id;
  }

  /** From `server` to an outside domain, as its tables have it; see `RoutingTables.toOutside`. */
  toOutside(server: number, domain: number, sizeBytes: number): number {
    const { tables, domainIds } = this.#ofServer[server]!;
    return tables.toOutside(server, domainIds[domain]!, sizeBytes);
  }

  /** From now on `server` routes by `tables`, which must know the same servers, databases and recipients. */
  adopt(server: number, tables: RoutingTables): void {
    let version = this.#versions.find((each) => each.tables === tables);
    if (version === undefined) {
      const domainIds = this.#domains.map(({ type, domain }) => tables.internDomain(type, domain));
      version = { tables, domainIds, passesEverywhereBytes: smallestLinkLimitBytes(tables) };
      this.#versions.push(version);
    }
    this.#ofServer[server] = version;
  }
}

function smallestLinkLimitBytes({ topology }: RoutingTables): number {
  return topology.siteLinks.reduce(
    (smallest, { maxMessageSizeBytes }) => Math.min(smallest, maxMessageSizeBytes),
    Number.POSITIVE_INFINITY,
  );
}

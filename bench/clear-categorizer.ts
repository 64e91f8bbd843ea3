import type { Topology } from '../src/topology/index.js';
import type { ClearRouting } from './clear-routing.js';

/** What does not get a queue. */
export const returned = 'returned';

/**
 * Resolution, routing and bifurcation of a message written down for reading: what the categorizer's answers are
 * checked against. It knows organizations as the benches draw them: everything Exchange 2013, sites that all take mail,
 * SMTP connectors sending by DNS, contacts with outside addresses, groups without an expansion server.
 */
export class ClearCategorizer {
  readonly #topology: Topology;
  readonly #routing: ClearRouting;
  readonly #recipients: ReadonlyMap<string, number>;

  constructor(topology: Topology, routing: ClearRouting) {
    this.#topology = topology;
    this.#routing = routing;
    this.#recipients = new Map(
      topology.recipients.addresses.map((address, recipient) => [address.toUpperCase(), recipient]),
    );
  }

  /**
   * The recipients, each once, by queue: `SmtpRelayToDag Dag0`, or `returned`.
   * @param addresses - with every upper or lower case
   */
  categorize(
    server: number,
    addresses: readonly string[],
    sizeBytes: number,
  ): ReadonlyMap<string, readonly string[]> {
    const copies = new Map<string, string[]>();
    const seen = new Set<string>();
    const waiting = [...addresses];
    for (let address = waiting.shift(); address !== undefined; address = waiting.shift()) {
      const { mailboxCount, contactCount, contactTargets, groupMembers, mailboxDatabase } =
        this.#topology.recipients;
      const recipient = this.#recipients.get(address.toUpperCase());
      const own = recipient === undefined ? address : this.#topology.recipients.addresses[recipient]!;
      if (seen.has(own.toUpperCase())) continue;
      seen.add(own.toUpperCase());
      let route: string;
      if (recipient === undefined) route = this.#routeToOutside(server, address, sizeBytes);
      else if (recipient < mailboxCount)
        route = this.#routing.toDatabase(server, mailboxDatabase[recipient]!);
      else if (recipient < mailboxCount + contactCount)
        route = this.#routeToOutside(server, contactTargets[recipient - mailboxCount]!, sizeBytes);
      else {
        waiting.unshift(...groupMembers[recipient - mailboxCount - contactCount]!);
        continue;
      }
      const queue = queueOf(route, sizeBytes);
      const copy = copies.get(queue) ?? [];
      copies.set(queue, [...copy, own]);
    }
    return copies;
  }

  /** RR-08. */
  #routeToOutside(server: number, address: string, sizeBytes: number): string {
    const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
    if (domain === this.#topology.organization) return returned;
    const route = this.#routing.toOutside(server, domain, sizeBytes);
    return route === 'too large' ? returned : route;
  }
}

/** AS-05: what is larger than a link on the way takes is returned. */
function queueOf(route: string, sizeBytes: number): string {
  const limit = / up to (\d+) bytes/.exec(route)?.[1];
  return limit !== undefined && sizeBytes > Number(limit) ? returned : route.split(' | ')[0]!;
}

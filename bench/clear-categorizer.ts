import type { Topology } from '../src/topology/index.js';
import { ClearConnectors } from './clear-connectors.js';
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
  readonly #connectors: ClearConnectors;
  readonly #recipients: ReadonlyMap<string, number>;

  constructor(topology: Topology, routing: ClearRouting) {
    this.#topology = topology;
    this.#routing = routing;
    this.#connectors = new ClearConnectors(topology, routing);
    this.#recipients = new Map(
      topology.recipients.addresses.map((address, recipient) => [address.toUpperCase(), recipient]),
    );
  }

  /**
   * The recipients, each once, by queue: `SmtpRelayToDag Dag0`, or `returned`.
   * @param addresses - with every upper or lower case
   */
  categorize(server: number, addresses: readonly string[]): ReadonlyMap<string, readonly string[]> {
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
      let queue: string;
      if (recipient === undefined) queue = this.#queueToOutside(server, address);
      else if (recipient < mailboxCount) queue = this.#queueToDatabase(server, mailboxDatabase[recipient]!);
      else if (recipient < mailboxCount + contactCount)
        queue = this.#queueToOutside(server, contactTargets[recipient - mailboxCount]!);
      else {
        waiting.unshift(...groupMembers[recipient - mailboxCount - contactCount]!);
        continue;
      }
      const copy = copies.get(queue) ?? [];
      copies.set(queue, [...copy, own]);
    }
    return copies;
  }

  #queueToDatabase(server: number, database: number): string {
    return this.#routing.toDatabase(server, database).split(' | ')[0]!;
  }

  /** RR-08. */
  #queueToOutside(server: number, address: string): string {
    const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
    return domain === this.#topology.organization ? returned : this.#connectors.toOutside(server, domain);
  }
}

import { consideredRecipients, type ProxyService, type Tier } from '../../routing/index.js';
import { none } from './message-store.js';
import type { ModelContext } from './model-context.js';

/**
 * Which Transport services a service that queues nothing itself tries for a message (RT-44 to RT-54), whatever its size
 * (assumption A-link-limits); none, where sites take no inbound mail (assumption A-inbound-mail-submission). Exchange 2007 and
 * 2010 have no such choice: the submission service of a mailbox server notifies the hubs of its own version in its site
 * by turns, and one of them fetches the message (assumption A-older-submission).
 */
export class TransportChoice {
  readonly #context: ModelContext;
  readonly #service: ProxyService;
  readonly #turns: Int32Array;
  readonly #databases = new Int32Array(consideredRecipients);
  /** By server of an older version: the hubs that fetch from it. */
  readonly #hubs: (readonly Tier[] | undefined)[] = [];

  constructor(context: ModelContext, service: ProxyService) {
    this.#context = context;
    this.#service = service;
    this.#turns = new Int32Array(context.topology.servers.length);
  }

  /** The servers to try for a copy, in order. */
  tiers(copy: number, server: number): readonly Tier[] {
    const { routing, topology } = this.#context;
    if (topology.servers[server]!.majorVersion !== 15) return this.#hubsOf(server);
    const count = this.#collect(copy);
    return routing.of(server).selectTransport(this.#service, server, this.#databases, count).tiers;
  }

  /** Where equal servers begin their turn for the next message of `server` (UN-07). */
  turn(server: number): number {
    return this.#turns[server]!++;
  }

  /** Tells the observer that a session was not taken by one of the first servers that were tried for its copy. */
  reportFallback(session: number): void {
    const { sessions, store, observer, simulation, routing } = this.#context;
    const tier = sessions.tierIndex(session);
    if (tier === 0) return;
    const copy = sessions.copy(session);
    const source = sessions.source(session);
    const { reason, site } = sessions.tiers(session)![tier]!;
    const count = this.#collect(copy);
    const { groupName } = routing.of(source).selectTransport(this.#service, source, this.#databases, count);
    const facts = store.facts(store.copyMessage[copy]!);
    const target = sessions.target(session);
    observer.fallenBack(simulation.nowMs, facts, source, groupName, tier + 1, reason, site, target);
  }

  #hubsOf(server: number): readonly Tier[] {
    const { servers, sites } = this.#context.topology;
    const known = this.#hubs[server];
    if (known !== undefined) return known;
    const { site, majorVersion } = servers[server]!;
    const hubs = sites[site]!.transportServers.filter((each) => servers[each]!.majorVersion === majorVersion);
    const tiers: readonly Tier[] =
      hubs.length > 0 ? [{ reason: 'local-site-servers', site, servers: hubs }] : [];
    this.#hubs[server] = tiers;
    return tiers;
  }

  /** The databases of the recipients that decide; returns how many there are. */
  #collect(copy: number): number {
    const { store, topology } = this.#context;
    const { mailboxCount, mailboxDatabase } = topology.recipients;
    let count = 0;
    for (
      let row = store.copyFirstRow[copy]!;
      row !== none && count < consideredRecipients;
      row = store.rowNext[row]!
    ) {
      const recipient = store.rowRecipient[row]!;
      if (recipient < mailboxCount) this.#databases[count++] = mailboxDatabase[recipient]!;
    }
    return count;
  }
}

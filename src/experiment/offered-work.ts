import type { NextHopSolutionKey } from '../routing/index.js';
import { type Settings, sessionLimit } from '../sim/model/index.js';
import { normalizeName, type Topology } from '../topology/index.js';

/** The services that take so many new connections a minute. */
export type ReceivingService = 'front-end' | 'transport';

/** What works on messages, and can be offered more than it can do. */
export type OfferedStage =
  | { readonly kind: 'connections'; readonly server: number; readonly service: ReceivingService }
  | {
      readonly kind: 'processor' | 'categorizer' | 'submission' | 'delivery' | 'outbound';
      readonly server: number;
    }
  | { readonly kind: 'database'; readonly server: number; readonly database: number }
  | { readonly kind: 'mailbox'; readonly server: number; readonly mailbox: number }
  /** `database`: of a mailbox queue, else -1. */
  | {
      readonly kind: 'queue';
      readonly server: number;
      readonly key: NextHopSolutionKey;
      readonly database: number;
    }
  | { readonly kind: 'remote'; readonly host: string }
  | { readonly kind: 'link'; readonly link: number };

/** A stage with what it does in a second at most: seconds of work, new connections, or bits on a link. */
export interface StageCapacity {
  readonly stage: OfferedStage;
  readonly capacityPerSecond: number;
}

/**
 * The stages of an organization as numbers, so that the work of many messages can be added up: what each does at most,
 * and the work that a message means for each, in seconds, connections or bits.
 */
export class StageTable {
  readonly stages: StageCapacity[] = [];
  readonly #topology: Topology;
  readonly #settingsOf: (server: number) => Settings;
  readonly #sessionsPerDomain: number;
  readonly #indexes = new Map<string, Map<number | string, number>>();

  /** @param settings - of the organization: remote domains have none of their own */
  constructor(topology: Topology, settings: Settings, settingsOf: (server: number) => Settings) {
    this.#topology = topology;
    this.#sessionsPerDomain = settings.outside.maxSessionsPerDomain;
    this.#settingsOf = settingsOf;
  }

  processor(server: number): number {
    return this.#index('processor', server, () => ({
      stage: { kind: 'processor', server },
      capacityPerSecond: this.#topology.servers[server]!.cores,
    }));
  }

  /** TH: new ones, each service by itself. */
  connections(server: number, service: ReceivingService): number {
    return this.#index(service, server, () => ({
      stage: { kind: 'connections', server, service },
      capacityPerSecond: this.#settingsOf(server).transport.maxConnectionRatePerMinute / 60,
    }));
  }

  categorizer(server: number): number {
    return this.#index('categorizer', server, () => ({
      stage: { kind: 'categorizer', server },
      capacityPerSecond: this.#settingsOf(server).transport.categorizerSlots,
    }));
  }

  submission(server: number): number {
    return this.#index('submission', server, () => ({
      stage: { kind: 'submission', server },
      capacityPerSecond: this.#settingsOf(server).mailboxTransport.maxConcurrentMailboxSubmissions,
    }));
  }

  /** TH, CAP-20: threads of Mailbox Transport Delivery, for all databases of a server. */
  delivery(server: number): number {
    return this.#index('delivery', server, () => ({
      stage: { kind: 'delivery', server },
      capacityPerSecond: this.#settingsOf(server).mailboxTransport.maxConcurrentMailboxDeliveries,
    }));
  }

  /** MD-03, MD-04, assumption A-database-health. */
  database(server: number, database: number): number {
    return this.#index('database', database, () => {
      const { deliveriesPerDatabase, databaseHealth } = this.#settingsOf(server).mailboxTransport;
      const capacityPerSecond = Math.ceil((deliveriesPerDatabase * databaseHealth) / 100);
      return { stage: { kind: 'database', server, database }, capacityPerSecond };
    });
  }

  /** MD-03: deliveries to one recipient. */
  mailbox(server: number, mailbox: number): number {
    return this.#index('mailbox', mailbox, () => ({
      stage: { kind: 'mailbox', server, mailbox },
      capacityPerSecond: this.#settingsOf(server).mailboxTransport.recipientThreadLimit,
    }));
  }

  /** TH: connections in all queues of a server. */
  outbound(server: number): number {
    return this.#index('outbound', server, () => ({
      stage: { kind: 'outbound', server },
      capacityPerSecond: this.#settingsOf(server).transport.maxOutboundConnections,
    }));
  }

  /**
   * @param queue - the queue's number in the routing tables
   * @param database - of a mailbox queue, else -1
   */
  queue(server: number, queue: number, key: NextHopSolutionKey, database: number): number {
    return this.#index('queue', queue, () => ({
      stage: { kind: 'queue', server, key, database },
      capacityPerSecond: sessionLimit(this.#settingsOf(server), key),
    }));
  }

  /** A domain or smart host takes so many sessions from all servers together (assumption A-remote-limits). */
  remote(host: string): number {
    return this.#index('remote', normalizeName(host), () => ({
      stage: { kind: 'remote', host },
      capacityPerSecond: this.#sessionsPerDomain,
    }));
  }

  link(link: number): number {
    return this.#index('link', link, () => ({
      stage: { kind: 'link', link },
      capacityPerSecond: this.#topology.siteLinks[link]!.bandwidthBitsPerSecond,
    }));
  }

  /** @param which - of the stages of that sort */
  #index(sort: string, which: number | string, make: () => StageCapacity): number {
    let ofSort = this.#indexes.get(sort);
    if (ofSort === undefined) {
      ofSort = new Map();
      this.#indexes.set(sort, ofSort);
    }
    const known = ofSort.get(which);
    if (known !== undefined) return known;
    const index = this.stages.push(make()) - 1;
    ofSort.set(which, index);
    return index;
  }
}

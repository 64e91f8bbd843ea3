import type { NextHopSolutionKey } from '../routing/index.js';
import type { Settings } from '../sim/model/index.js';
import type { Topology } from '../topology/index.js';

/** The services that take so many new connections a minute. */
export type ReceivingService = 'front-end' | 'transport';

/** What works on messages, and can be offered more than it can do. */
export type OfferedStage =
  | { readonly kind: 'connections'; readonly server: number; readonly service: ReceivingService }
  | { readonly kind: 'processor' | 'categorizer' | 'submission'; readonly server: number }
  | { readonly kind: 'database'; readonly server: number; readonly database: number }
  | { readonly kind: 'outside'; readonly server: number; readonly key: NextHopSolutionKey }
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
  readonly #indexes = new Map<string, number>();

  constructor(topology: Topology, settingsOf: (server: number) => Settings) {
    this.#topology = topology;
    this.#settingsOf = settingsOf;
  }

  processor(server: number): number {
    return this.#index(`processor ${server}`, () => ({
      stage: { kind: 'processor', server },
      capacityPerSecond: this.#topology.servers[server]!.cores,
    }));
  }

  /** TH: new ones, each service by itself. */
  connections(server: number, service: ReceivingService): number {
    return this.#index(`connections ${server} ${service}`, () => ({
      stage: { kind: 'connections', server, service },
      capacityPerSecond: this.#settingsOf(server).transport.maxConnectionRatePerMinute / 60,
    }));
  }

  categorizer(server: number): number {
    return this.#index(`categorizer ${server}`, () => ({
      stage: { kind: 'categorizer', server },
      capacityPerSecond: this.#settingsOf(server).transport.categorizerSlots,
    }));
  }

  submission(server: number): number {
    return this.#index(`submission ${server}`, () => ({
      stage: { kind: 'submission', server },
      capacityPerSecond: this.#settingsOf(server).mailboxTransport.maxConcurrentMailboxSubmissions,
    }));
  }

  database(server: number, database: number): number {
    return this.#index(`database ${database}`, () => ({
      stage: { kind: 'database', server, database },
      capacityPerSecond: this.#settingsOf(server).mailboxTransport.deliveriesPerDatabase,
    }));
  }

  /** @param queue - the queue's number in the routing tables */
  outside(server: number, queue: number, key: NextHopSolutionKey): number {
    return this.#index(`queue ${queue}`, () => ({
      stage: { kind: 'outside', server, key },
      capacityPerSecond: this.#settingsOf(server).transport.maxPerDomainOutboundConnections,
    }));
  }

  link(link: number): number {
    return this.#index(`link ${link}`, () => ({
      stage: { kind: 'link', link },
      capacityPerSecond: this.#topology.siteLinks[link]!.bandwidthBitsPerSecond,
    }));
  }

  #index(name: string, make: () => StageCapacity): number {
    const known = this.#indexes.get(name);
    if (known !== undefined) return known;
    const index = this.stages.push(make()) - 1;
    this.#indexes.set(name, index);
    return index;
  }
}

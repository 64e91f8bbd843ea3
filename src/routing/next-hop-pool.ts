import { AnswerTable } from './answer-table.js';
import type {
  DeliveryGroupReference,
  NextHop,
  NextHopSolutionKey,
  RoutingDestination,
  SitePath,
  Tier,
} from './next-hop.js';

/** What next hops of several servers or destinations have in common. */
export interface HopPlan {
  readonly key: NextHopSolutionKey;
  readonly nextHopGroup: DeliveryGroupReference;
  readonly path: SitePath;
  readonly primarySite: number;
  readonly hubSite: number;
  readonly tiers: readonly Tier[];
  readonly maxMessageSizeBytes: number;
  /** See `NextHop`. */
  readonly proxyServers: readonly number[] | null;
  /** Likewise. */
  readonly forkSite: number;
}

/** What next hops for one destination have in common, whatever the way to it. */
export interface HopErrand {
  readonly kind: NextHop['kind'];
  readonly destination: RoutingDestination;
  readonly destinationGroup: DeliveryGroupReference;
  readonly addressSpaceCost: number | null;
}

/** All next hops and delivery queues known so far, numbered in the order in which they were first asked for. */
export class NextHopPool {
  readonly #hops: PooledNextHop[] = [];
  /** Keys are interned, so that the object stands for its content; numbered as they come. */
  readonly #keys = new Map<NextHopSolutionKey, number>();
  /** By server and key. */
  readonly #queues: AnswerTable;
  #queueCount = 0;

  constructor(servers: number) {
    this.#queues = new AnswerTable(servers, Number.POSITIVE_INFINITY, () => this.#queueCount++);
  }

  get nextHopCount(): number {
    return this.#hops.length;
  }

  get queueCount(): number {
    return this.#queueCount;
  }

  get(id: number): NextHop {
    const found = this.#hops[id];
    if (found === undefined) throw new RangeError(`no next hop ${id}: there are ${this.#hops.length}`);
    return found;
  }

  /** @returns the id of the new next hop */
  add(server: number, errand: HopErrand, plan: HopPlan): number {
    const id = this.#hops.length;
    this.#hops.push(new PooledNextHop(id, server, this.#queueOf(server, plan.key), errand, plan));
    return id;
  }

  /** RT-28: a queue for each key that a server uses. */
  #queueOf(server: number, key: NextHopSolutionKey): number {
    let number = this.#keys.get(key);
    if (number === undefined) {
      number = this.#keys.size;
      this.#keys.set(key, number);
    }
    return this.#queues.get(server, number);
  }
}

/** There may be a million of these: what they share stays in the errand and the plan. */
class PooledNextHop implements NextHop {
  readonly id: number;
  readonly server: number;
  readonly queue: number;
  readonly #errand: HopErrand;
  readonly #plan: HopPlan;

  constructor(id: number, server: number, queue: number, errand: HopErrand, plan: HopPlan) {
    this.id = id;
    this.server = server;
    this.queue = queue;
    this.#errand = errand;
    this.#plan = plan;
  }

  get kind(): NextHop['kind'] {
    return this.#errand.kind;
  }

  get destination(): RoutingDestination {
    return this.#errand.destination;
  }

  get destinationGroup(): DeliveryGroupReference {
    return this.#errand.destinationGroup;
  }

  get addressSpaceCost(): number | null {
    return this.#errand.addressSpaceCost;
  }

  get key(): NextHopSolutionKey {
    return this.#plan.key;
  }

  get nextHopGroup(): DeliveryGroupReference {
    return this.#plan.nextHopGroup;
  }

  get path(): SitePath {
    return this.#plan.path;
  }

  get primarySite(): number {
    return this.#plan.primarySite;
  }

  get hubSite(): number {
    return this.#plan.hubSite;
  }

  get tiers(): readonly Tier[] {
    return this.#plan.tiers;
  }

  get maxMessageSizeBytes(): number {
    return this.#plan.maxMessageSizeBytes;
  }

  get proxyServers(): readonly number[] | null {
    return this.#plan.proxyServers;
  }

  get forkSite(): number {
    return this.#plan.forkSite;
  }
}

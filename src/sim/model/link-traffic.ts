import type { Topology } from '../../topology/index.js';
import type { Simulation } from '../kernel/index.js';
import { LinkFlows } from './link-flows.js';
import type { MessageStore } from './message-store.js';
import type { Network } from './network.js';
import type { TransportObserver } from './observer.js';

/**
 * The bytes that cross each site link: those of the cheapest chain that is up (design section 6). Where nothing holds
 * them up they are counted when they arrive, else as `flows` carries them, also of a transfer that breaks.
 */
export class LinkTraffic {
  readonly flows: LinkFlows;
  readonly #simulation: Simulation;
  readonly #siteOf: Int32Array;
  readonly #store: MessageStore;
  readonly #network: Network;
  readonly #observer: TransportObserver;

  constructor(
    simulation: Simulation,
    topology: Topology,
    store: MessageStore,
    network: Network,
    observer: TransportObserver,
  ) {
    this.flows = new LinkFlows(simulation, topology, network);
    this.#simulation = simulation;
    this.#siteOf = Int32Array.from(topology.servers, (server) => server.site);
    this.#store = store;
    this.#network = network;
    this.#observer = observer;
  }

  bytesOf(copy: number): number {
    return this.#store.messageSizeBytes[this.#store.copyMessage[copy]!]!;
  }

  /** A copy has gone from one server to another, held up by nothing. */
  count(copy: number, from: number, to: number): void {
    this.countMessage(this.#store.copyMessage[copy]!, from, to);
  }

  /** As `count`, for something of a message's size. */
  countMessage(message: number, from: number, to: number): void {
    const fromSite = this.#siteOf[from]!;
    const toSite = this.#siteOf[to]!;
    if (fromSite === toSite) return;
    const bytes = this.#store.messageSizeBytes[message]!;
    const links = this.#network.linksBetween(fromSite, toSite);
    for (let index = 0; index < links.length; index++) {
      this.#observer.linkUsed(this.#simulation.nowMs, links[index]!, bytes);
    }
  }
}

import type { Topology } from '../../topology/index.js';
import type { Simulation } from '../kernel/index.js';
import type { MessageStore } from './message-store.js';
import type { Network } from './network.js';
import type { TransportObserver } from './observer.js';

/** Counts the bytes that cross each site link: those of the cheapest chain that is up (design section 6). */
export class LinkTraffic {
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
    this.#simulation = simulation;
    this.#siteOf = Int32Array.from(topology.servers, (server) => server.site);
    this.#store = store;
    this.#network = network;
    this.#observer = observer;
  }

  /** A copy has gone from one server to another. */
  count(copy: number, from: number, to: number): void {
    const fromSite = this.#siteOf[from]!;
    const toSite = this.#siteOf[to]!;
    if (fromSite === toSite) return;
    const bytes = this.#store.messageSizeBytes[this.#store.copyMessage[copy]!]!;
    const links = this.#network.linksBetween(fromSite, toSite);
    for (let index = 0; index < links.length; index++) {
      this.#observer.linkUsed(this.#simulation.nowMs, links[index]!, bytes);
    }
  }
}

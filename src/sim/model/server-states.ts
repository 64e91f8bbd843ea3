import type { Topology } from '../../topology/index.js';

/** The services of a server that a fault can stop. */
export const services = ['front-end', 'transport', 'mailbox-delivery', 'mailbox-submission'] as const;
export type Service = (typeof services)[number];

/** Services as numbers, for columns. */
export const serviceIndex = { frontEnd: 0, transport: 1, mailboxDelivery: 2, mailboxSubmission: 3 } as const;
const serviceCount = services.length;

/**
 * Which servers and services run. Outages and drains are counted, so that those that overlap may end in any order. Every stop
 * begins a new epoch of the service: a session that remembers the epoch it was opened in knows when it has broken.
 */
export class ServerStates {
  readonly #serverOutages: Int32Array;
  readonly #serviceOutages: Int32Array;
  readonly #epochs: Int32Array;
  readonly #drains: Int32Array;
  readonly #listeners: (() => void)[] = [];

  constructor(topology: Topology) {
    this.#serverOutages = new Int32Array(topology.servers.length);
    this.#serviceOutages = new Int32Array(topology.servers.length * serviceCount);
    this.#epochs = new Int32Array(topology.servers.length * serviceCount);
    this.#drains = new Int32Array(topology.servers.length);
  }

  /** Calls `listener` at once after each stop. */
  whenStopped(listener: () => void): void {
    this.#listeners.push(listener);
  }

  isUp(server: number): boolean {
    return this.#serverOutages[server] === 0;
  }

  isRunning(server: number, service: number): boolean {
    return this.#serverOutages[server] === 0 && this.#serviceOutages[server * serviceCount + service] === 0;
  }

  /** Whether a running service takes connections: the Transport service of a server that is drained does not (QU-12). */
  accepts(server: number, service: number): boolean {
    return (
      this.isRunning(server, service) && (service !== serviceIndex.transport || this.#drains[server] === 0)
    );
  }

  beginDrain(server: number): void {
    this.#drains[server]!++;
  }

  endDrain(server: number): void {
    this.#drains[server]!--;
  }

  epoch(server: number, service: number): number {
    return this.#epochs[server * serviceCount + service]!;
  }

  /** Begins an outage of the whole server; returns the services that it stops. */
  stopServer(server: number): readonly Service[] {
    const stopped = this.#running(server);
    this.#serverOutages[server]!++;
    for (const service of stopped) this.#epochs[server * serviceCount + services.indexOf(service)]!++;
    for (const listener of this.#listeners) listener();
    return stopped;
  }

  /** Ends one outage of the server; returns the services that run again. */
  startServer(server: number): readonly Service[] {
    this.#serverOutages[server]!--;
    return this.#running(server);
  }

  /** Begins an outage of one service; true if it ran until now. */
  stopService(server: number, service: number): boolean {
    const ran = this.isRunning(server, service);
    this.#serviceOutages[server * serviceCount + service]!++;
    if (ran) {
      this.#epochs[server * serviceCount + service]!++;
      for (const listener of this.#listeners) listener();
    }
    return ran;
  }

  /** Ends one outage of a service; true if it runs again. */
  startService(server: number, service: number): boolean {
    this.#serviceOutages[server * serviceCount + service]!--;
    return this.isRunning(server, service);
  }

  #running(server: number): Service[] {
    return services.filter((_, service) => this.isRunning(server, service));
  }
}

import type { Topology } from '../../topology/index.js';
import type { Simulation } from '../kernel/index.js';
import { serviceIndex, services } from './server-states.js';
import type { Settings } from './settings.js';

const minute = 60_000;

/**
 * How many connections each Transport and each Front End Transport service takes (TH): so many new ones in a minute of
 * the clock (`maxConnectionRatePerMinute`, assumption A-connection-rate), and in the Transport service so many at a
 * time (`maxInboundConnection`). What comes on top is refused at once.
 */
export class InboundConnections {
  readonly #simulation: Simulation;
  readonly #mostInMinute: Int32Array;
  readonly #mostOpen: Int32Array;
  readonly #minute: Int32Array;
  readonly #inMinute: Int32Array;
  readonly #open: Int32Array;

  constructor(simulation: Simulation, topology: Topology, settingsOf: (server: number) => Settings) {
    this.#simulation = simulation;
    const transport = topology.servers.map((_, server) => settingsOf(server).transport);
    this.#mostInMinute = Int32Array.from(transport, (each) => each.maxConnectionRatePerMinute);
    this.#mostOpen = Int32Array.from(transport, (each) => each.maxInboundConnection);
    this.#minute = new Int32Array(topology.servers.length * services.length).fill(-1);
    this.#inMinute = new Int32Array(topology.servers.length * services.length);
    this.#open = new Int32Array(topology.servers.length);
  }

  /** Counts a new connection to a Transport or Front End Transport service; false if the service refuses it. */
  isTaken(server: number, service: number): boolean {
    const place = server * services.length + service;
    const now = Math.floor(this.#simulation.nowMs / minute);
    if (this.#minute[place] !== now) {
      this.#minute[place] = now;
      this.#inMinute[place] = 0;
    }
    if (this.#inMinute[place]! >= this.#mostInMinute[server]!) return false;
    this.#inMinute[place]!++;
    return true;
  }

  /**
   * Opens a connection to a Transport service until `close`; false if the service refuses it.
   * @param sourceService - Mailbox Transport Submission keeps its connections: they are not new
   */
  open(server: number, sourceService: number): boolean {
    if (this.#open[server]! >= this.#mostOpen[server]!) return false;
    if (sourceService !== serviceIndex.mailboxSubmission && !this.isTaken(server, serviceIndex.transport)) {
      return false;
    }
    this.#open[server]!++;
    return true;
  }

  close(server: number): void {
    this.#open[server]!--;
  }
}

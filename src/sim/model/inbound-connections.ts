import type { Topology } from '../../topology/index.js';
import type { Simulation } from '../kernel/index.js';
import { services } from './server-states.js';
import type { Settings } from './settings.js';

const minute = 60_000;

/**
 * How many connections each Transport and each Front End Transport service takes (TH): so many new ones in a minute of
 * the clock (`maxConnectionRatePerMinute`, assumption A-connection-rate), and so many at a time
 * (`maxInboundConnection`). What comes on top is refused at once.
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
    this.#open = new Int32Array(topology.servers.length * services.length);
  }

  /**
   * Opens a new connection to a Transport or Front End Transport service until `close`; false if the service refuses
   * it.
   */
  openNew(server: number, service: number): boolean {
    const place = server * services.length + service;
    if (this.#open[place]! >= this.#mostOpen[server]!) return false;
    const now = Math.floor(this.#simulation.nowMs / minute);
    if (this.#minute[place] !== now) {
      this.#minute[place] = now;
      this.#inMinute[place] = 0;
    }
    if (this.#inMinute[place]! >= this.#mostInMinute[server]!) return false;
    this.#inMinute[place]!++;
    this.#open[place]!++;
    return true;
  }

  /** As `openNew`, for a connection that has been kept: it is one more at a time, and not new. */
  openKept(server: number, service: number): boolean {
    const place = server * services.length + service;
    if (this.#open[place]! >= this.#mostOpen[server]!) return false;
    this.#open[place]!++;
    return true;
  }

  close(server: number, service: number): void {
    this.#open[server * services.length + service]!--;
  }
}

import type { Topology } from '../../topology/index.js';
import type { Simulation } from '../kernel/index.js';
import { MessageRates } from './message-rates.js';
import { none } from './message-store.js';
import { serviceIndex, services } from './server-states.js';
import type { Settings } from './settings.js';

const minute = 60_000;

/**
 * How many connections each Transport and each Front End Transport service takes (TH): so many new ones in a minute of
 * the clock (`maxConnectionRatePerMinute`, assumption A-connection-rate), so many at a time (`maxInboundConnection`), and of
 * these so many of one source (assumption A-connections-of-a-source). What comes on top is refused at once.
 *
 * A source is a server of the organization, by its index; `none` is anybody outside.
 */
export class InboundConnections {
  readonly messageRates: MessageRates;
  readonly #simulation: Simulation;
  readonly #mostInMinute: Int32Array;
  readonly #mostOpen: Int32Array;
  readonly #minute: Int32Array;
  readonly #inMinute: Int32Array;
  readonly #open: Int32Array;
  /** By place: of one source at a time, in all and as a share of those that are left; Infinity: no limit. */
  readonly #mostOfSource: Float64Array;
  readonly #shareOfSource: Float64Array;
  /** By place: connections of each source, where there is a limit. */
  readonly #openOfSource: readonly Map<number, number>[];

  constructor(simulation: Simulation, topology: Topology, settingsOf: (server: number) => Settings) {
    this.messageRates = new MessageRates(simulation, topology, settingsOf);
    this.#simulation = simulation;
    const { servers } = topology;
    const transport = servers.map((_, server) => settingsOf(server).transport);
    this.#mostInMinute = Int32Array.from(transport, (each) => each.maxConnectionRatePerMinute);
    this.#mostOpen = Int32Array.from(transport, (each) => each.maxInboundConnection);
    const places = servers.length * services.length;
    this.#minute = new Int32Array(places).fill(-1);
    this.#inMinute = new Int32Array(places);
    this.#open = new Int32Array(places);
    this.#mostOfSource = new Float64Array(places).fill(Number.POSITIVE_INFINITY);
    this.#shareOfSource = new Float64Array(places).fill(1);
    for (const { index, isEdge } of servers) {
      // The default connector of Transport on Mailbox servers and hubs has no such limits.
      const service = isEdge ? serviceIndex.transport : serviceIndex.frontEnd;
      const place = index * services.length + service;
      const { maxInboundConnectionPerSource, maxInboundConnectionPercentagePerSource } = transport[index]!;
      this.#mostOfSource[place] = maxInboundConnectionPerSource;
      this.#shareOfSource[place] = maxInboundConnectionPercentagePerSource / 100;
    }
    this.#openOfSource = Array.from({ length: places }, () => new Map());
  }

  /**
   * Opens a new connection of a source to a Transport or Front End Transport service until `close`; false if the service
   * refuses it.
   */
  openNew(server: number, service: number, source: number): boolean {
    const place = server * services.length + service;
    if (!this.#hasRoom(server, place, source)) return false;
    const now = Math.floor(this.#simulation.nowMs / minute);
    if (this.#minute[place] !== now) {
      this.#minute[place] = now;
      this.#inMinute[place] = 0;
    }
    if (this.#inMinute[place]! >= this.#mostInMinute[server]!) return false;
    this.#inMinute[place]!++;
    this.#opened(place, source);
    return true;
  }

  /** As `openNew`, for a connection that has been kept: it is one more at a time, and not new. */
  openKept(server: number, service: number, source: number): boolean {
    const place = server * services.length + service;
    if (!this.#hasRoom(server, place, source)) return false;
    this.#opened(place, source);
    return true;
  }

  close(server: number, service: number, source: number): void {
    const place = server * services.length + service;
    this.#open[place]!--;
    if (source === none || this.#mostOfSource[place] === Number.POSITIVE_INFINITY) return;
    const ofSource = this.#openOfSource[place]!;
    // A source without a connection keeps its place: what comes and goes makes a table anew and anew.
    ofSource.set(source, ofSource.get(source)! - 1);
  }

  #hasRoom(server: number, place: number, source: number): boolean {
    const left = this.#mostOpen[server]! - this.#open[place]!;
    if (left <= 0) return false;
    const most = this.#mostOfSource[place]!;
    if (source === none || most === Number.POSITIVE_INFINITY) return true;
    const share = Math.max(1, Math.floor(left * this.#shareOfSource[place]!));
    return (this.#openOfSource[place]!.get(source) ?? 0) < Math.min(most, share);
  }

  #opened(place: number, source: number): void {
    this.#open[place]!++;
    if (source === none || this.#mostOfSource[place] === Number.POSITIVE_INFINITY) return;
    const ofSource = this.#openOfSource[place]!;
    ofSource.set(source, (ofSource.get(source) ?? 0) + 1);
  }
}

import type { Topology } from '../../topology/index.js';
import type { Simulation } from '../kernel/index.js';
import { services } from './server-states.js';
import type { Settings } from './settings.js';

const minute = 60_000;

/** The source that a sender outside is, by its id in the address book. */
export function messageSourceOutside(sender: number): number {
  return -2 - sender;
}

/**
 * How many messages each Transport and each Front End Transport service takes of one source in a minute of the clock
 * (`messageRateLimit`, TH, assumption A-message-rate); who brings one more is answered at its MAIL FROM `421 4.4.2 Message
 * submission rate for this client has exceeded the configured limit`, and keeps it. A source is a
 * server of the organization, by its index, or a sender outside, as `messageSourceOutside` says. By default only Edges have a limit: elsewhere nothing is counted.
 */
export class MessageRates {
  readonly #simulation: Simulation;
  /** By server; Infinity: no limit. */
  readonly #mostInMinute: Float64Array;
  /** Of services that have a limit: what each source has brought in the minute last counted. */
  readonly #minute: Float64Array;
  readonly #brought: (Map<number, number> | undefined)[] = [];

  constructor(simulation: Simulation, topology: Topology, settingsOf: (server: number) => Settings) {
    this.#simulation = simulation;
    this.#mostInMinute = Float64Array.from(
      topology.servers,
      (_, server) => settingsOf(server).transport.messageRateLimit,
    );
    this.#minute = new Float64Array(topology.servers.length * services.length).fill(-1);
  }

  /** Whether a service takes one more message of a source now; if so, it is counted. */
  admits(server: number, service: number, source: number): boolean {
    const most = this.#mostInMinute[server]!;
    if (most === Number.POSITIVE_INFINITY) return true;
    const brought = this.#broughtTo(server * services.length + service);
    const before = brought.get(source) ?? 0;
    if (before >= most) return false;
    brought.set(source, before + 1);
    return true;
  }

  #broughtTo(place: number): Map<number, number> {
    let brought = this.#brought[place];
    if (brought === undefined) {
      brought = new Map();
      this.#brought[place] = brought;
    }
    const now = Math.floor(this.#simulation.nowMs / minute);
    if (this.#minute[place] !== now) {
      this.#minute[place] = now;
      brought.clear();
    }
    return brought;
  }
}

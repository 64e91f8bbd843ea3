import type { Topology } from '../../topology/index.js';

/**
 * How many times slower than usual each server is now. Slowdowns of one server that overlap multiply, and may end in
 * any order. What is under way when one begins or ends keeps the time that it was given (assumption
 * A-slowdown-begins-with-the-next).
 */
export class ServerSlowdowns {
  /** The factors in force, by server, ascending: their product does not depend on the order in which they came. */
  readonly #active: readonly number[][];
  readonly #factors: Float64Array;

  constructor(topology: Topology) {
    this.#active = topology.servers.map(() => []);
    this.#factors = new Float64Array(topology.servers.length).fill(1);
  }

  /** What every time of the server's own is multiplied by; 1 while it is as fast as ever. */
  factor(server: number): number {
    return this.#factors[server]!;
  }

  begin(server: number, factor: number): void {
    const active = this.#active[server]!;
    active.push(factor);
    active.sort((a, b) => a - b);
    this.#multiply(server);
  }

  /** Ends a slowdown that `begin` began with that factor. */
  end(server: number, factor: number): void {
    const active = this.#active[server]!;
    active.splice(active.indexOf(factor), 1);
    this.#multiply(server);
  }

  #multiply(server: number): void {
    this.#factors[server] = this.#active[server]!.reduce((product, factor) => product * factor, 1);
  }
}

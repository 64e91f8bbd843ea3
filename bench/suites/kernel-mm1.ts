import { counterStream, exponential, Simulation, Station } from '../../src/sim/kernel/index.js';
import type { Suite } from '../suite.js';
import { offTheory } from './off-theory.js';

const serviceMs = 1000;
const utilization = 0.8;
/** The mean wait in mean service times: rho / (1 - rho). */
const theory = 4;
/**
 * Variance of the mean of n waits, times n, from the autocorrelation of the waits (Daley 1968):
 * rho (2 + 5 rho - 4 rho^2 + rho^3) / (1 - rho)^4.
 */
const varianceFactor = 1976;

/** One server, one line: an arrival and an end of service a customer. */
export const kernelMm1: Suite = {
  workload:
    'M/M/1 at utilization 0.8, a million customers of two operations each; mean wait 4 mean service times',
  unit: 'ops/s',
  setup: (quick) => {
    const customers = quick ? 100_000 : 1_000_000;
    let meanWait = 0;
    return {
      operations: 2 * customers,
      run: () => {
        meanWait = new SingleServer(customers).meanWait();
      },
      check: () => offTheory('mean wait', meanWait, theory, 5 * Math.sqrt(varianceFactor / customers)),
    };
  },
};

class SingleServer {
  readonly #customers: number;
  readonly #simulation = new Simulation();
  readonly #draw = counterStream('bench', 0, 'mm1');
  readonly #between = exponential(serviceMs / utilization);
  readonly #service = exponential(serviceMs);
  readonly #arrivedMs: Float64Array;
  readonly #arrival = this.#simulation.addKind((customer) => this.#arrived(customer));
  readonly #station = new Station(this.#simulation, {
    servers: 1,
    serviceTimeMs: (customer) => {
      this.#waitSumMs += this.#simulation.nowMs - this.#arrivedMs[customer]!;
      return this.#service.sample(this.#draw(customer, 1));
    },
    completed: () => {},
  });
  #waitSumMs = 0;

  constructor(customers: number) {
    this.#customers = customers;
    this.#arrivedMs = new Float64Array(customers);
    this.#simulation.schedule(this.#between.sample(this.#draw(0, 0)), this.#arrival, 0);
  }

  /** Serves all customers; their mean wait in mean service times. */
  meanWait(): number {
    this.#simulation.runUntil(Number.POSITIVE_INFINITY);
    return this.#waitSumMs / this.#customers / serviceMs;
  }

  #arrived(customer: number): void {
    this.#arrivedMs[customer] = this.#simulation.nowMs;
    this.#station.arrive(customer);
    const next = customer + 1;
    if (next < this.#customers) {
      this.#simulation.schedule(this.#between.sample(this.#draw(next, 0)), this.#arrival, next);
    }
  }
}

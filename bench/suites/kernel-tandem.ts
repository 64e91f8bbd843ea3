import { counterStream, exponential, Simulation, Station } from '../../src/sim/kernel/index.js';
import type { Suite } from '../suite.js';
import { offTheory } from './off-theory.js';

const serviceMs = 1000;
const stations = 5;
const servers = 4;
const load = 3.2;
/**
 * Each station of a tandem sees Poisson arrivals (Burke), so a stay there is a service and the wait of Erlang C,
 * 0.596432 / (4 - 3.2): five of 1.745540.
 */
const theory = 8.7277;
/** Five standard errors: the mean stay of 300,000 customers spreads by 0.07 over 20 seeds, of 30,000 by 0.22. */
const toleranceAt300000 = 0.35;

/** Five stations of four servers in a row: an arrival and five ends of service a customer. */
export const kernelTandem: Suite = {
  workload:
    'five M/M/4 in tandem at utilization 0.8, 300,000 customers of six operations each; mean stay 8.7277 mean ' +
    'service times',
  unit: 'ops/s',
  setup: (quick) => {
    const customers = quick ? 30_000 : 300_000;
    const tolerance = toleranceAt300000 * Math.sqrt(300_000 / customers);
    let meanStay = 0;
    return {
      operations: (stations + 1) * customers,
      run: () => {
        meanStay = new Tandem(customers).meanStay();
      },
      check: () => offTheory('mean stay', meanStay, theory, tolerance),
    };
  },
};

class Tandem {
  readonly #customers: number;
  readonly #simulation = new Simulation();
  readonly #draw = counterStream('bench', 0, 'tandem');
  readonly #between = exponential(serviceMs / load);
  readonly #service = exponential(serviceMs);
  readonly #arrivedMs: Float64Array;
  readonly #arrival = this.#simulation.addKind((customer) => this.#arrived(customer));
  readonly #stations: readonly Station[] = Array.from(
    { length: stations },
    (_, index) =>
      new Station(this.#simulation, {
        servers,
        serviceTimeMs: (customer) => this.#service.sample(this.#draw(customer, index + 1)),
        completed: (customer) => this.#served(customer, index),
      }),
  );
  #staySumMs = 0;

  constructor(customers: number) {
    this.#customers = customers;
    this.#arrivedMs = new Float64Array(customers);
    this.#simulation.schedule(this.#between.sample(this.#draw(0, 0)), this.#arrival, 0);
  }

  /** Serves all customers; their mean time from arrival to the last end of service, in mean service times. */
  meanStay(): number {
    this.#simulation.runUntil(Number.POSITIVE_INFINITY);
    return this.#staySumMs / this.#customers / serviceMs;
  }

  #arrived(customer: number): void {
    this.#arrivedMs[customer] = this.#simulation.nowMs;
    this.#stations[0]!.arrive(customer);
    const next = customer + 1;
    if (next < this.#customers) {
      this.#simulation.schedule(this.#between.sample(this.#draw(next, 0)), this.#arrival, next);
    }
  }

  #served(customer: number, index: number): void {
    if (index + 1 < stations) this.#stations[index + 1]!.arrive(customer);
    else this.#staySumMs += this.#simulation.nowMs - this.#arrivedMs[customer]!;
  }
}

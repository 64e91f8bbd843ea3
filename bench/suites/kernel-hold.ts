import { counterStream, exponential, Simulation } from '../../src/sim/kernel/index.js';
import type { Suite } from '../suite.js';
import { offTheory } from './off-theory.js';

const pending = 100_000;
const meanMs = 1000;

/** The hold model: every event schedules one, so that as many are always pending. */
export const kernelHold100000: Suite = {
  workload:
    'hold with 100,000 events pending, a million events, each of which schedules one after Exp(1); ten mean delays',
  unit: 'ops/s',
  setup: (quick) => {
    const events = quick ? 200_000 : 1_000_000;
    const hold = new Hold();
    let meanDelays = 0;
    return {
      operations: events,
      run: () => {
        meanDelays = hold.run(events);
      },
      check: () => {
        if (hold.pending !== pending) return `${hold.pending} events are pending, not ${pending}`;
        // The number of events in a time is Poisson, so the time of n events has the relative error 1/sqrt n.
        const theory = events / pending;
        return offTheory('mean delays', meanDelays, theory, (5 * theory) / Math.sqrt(events));
      },
    };
  },
};

class Hold {
  readonly #simulation = new Simulation();
  readonly #draw = counterStream('bench', 0, 'hold');
  readonly #delay = exponential(meanMs);
  readonly #kind = this.#simulation.addKind((subject) => this.#due(subject));
  #drawn = 0;
  #left = 0;

  constructor() {
    for (let i = 0; i < pending; i++) this.#schedule(i);
  }

  get pending(): number {
    return this.#simulation.eventsPending;
  }

  /** Runs so many events; the time they take, in mean delays. */
  run(events: number): number {
    const startMs = this.#simulation.nowMs;
    this.#left = events;
    this.#simulation.runUntil(Number.POSITIVE_INFINITY);
    return (this.#simulation.nowMs - startMs) / meanMs;
  }

  #due(subject: number): void {
    this.#schedule(subject);
    this.#left -= 1;
    if (this.#left === 0) this.#simulation.stop();
  }

  #schedule(subject: number): void {
    this.#drawn += 1;
    this.#simulation.schedule(this.#delay.sample(this.#draw(this.#drawn, 0)), this.#kind, subject);
  }
}

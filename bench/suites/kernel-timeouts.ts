import { counterStream, exponential, noEvent, Simulation } from '../../src/sim/kernel/index.js';
import type { Suite } from '../suite.js';
import { offTheory } from './off-theory.js';

const attemptMs = 1000;
const jobsPerAttempt = 10_000;
/** An attempt outlasts its timer with this probability: exp(-t) at t = -ln 0.05. */
const timeoutShare = 0.05;
const timerMs = -Math.log(timeoutShare) * attemptMs;

/** Attempts against timers: the end of an attempt cancels its timer, a timer its attempt, and the job tries again. */
export const kernelTimeouts: Suite = {
  workload:
    '200,000 jobs, 10,000 in a mean attempt Exp(1), each attempt against a timer of -ln 0.05, the loser cancelled, ' +
    'a timeout tries again; an operation a job and two a try; 5 % of the tries time out',
  unit: 'ops/s',
  setup: (quick) => {
    const jobs = quick ? 50_000 : 200_000;
    // How many tries it takes follows from the seed: counted once, and the same in every run.
    const { tries, timeouts } = new Timeouts(jobs).run();
    let last = { tries: 0, timeouts: 0 };
    return {
      operations: jobs + 2 * tries,
      run: () => {
        last = new Timeouts(jobs).run();
      },
      check: () => {
        if (last.tries !== tries || last.timeouts !== timeouts) return 'two runs of one seed differ';
        if (tries !== jobs + timeouts) return `${jobs} jobs, ${timeouts} timeouts, but ${tries} tries`;
        const standardError = Math.sqrt((timeoutShare * (1 - timeoutShare)) / tries);
        return offTheory('share of timeouts', timeouts / tries, timeoutShare, 5 * standardError);
      },
    };
  },
};

class Timeouts {
  readonly #jobs: number;
  readonly #simulation = new Simulation();
  readonly #draw = counterStream('bench', 0, 'timeouts');
  readonly #between = exponential(attemptMs / jobsPerAttempt);
  readonly #attempt = exponential(attemptMs);
  readonly #attemptEnd: Float64Array;
  readonly #timer: Float64Array;
  readonly #tries: Uint16Array;
  readonly #arrival = this.#simulation.addKind((job) => this.#arrived(job));
  readonly #attemptEnded = this.#simulation.addKind((job) => this.#succeeded(job));
  readonly #timerRanOut = this.#simulation.addKind((job) => this.#timedOut(job));
  #triesMade = 0;
  #timeouts = 0;

  constructor(jobs: number) {
    this.#jobs = jobs;
    this.#attemptEnd = new Float64Array(jobs).fill(noEvent);
    this.#timer = new Float64Array(jobs).fill(noEvent);
    this.#tries = new Uint16Array(jobs);
    this.#simulation.schedule(this.#between.sample(this.#draw(0, 0)), this.#arrival, 0);
  }

  run(): { tries: number; timeouts: number } {
    this.#simulation.runUntil(Number.POSITIVE_INFINITY);
    return { tries: this.#triesMade, timeouts: this.#timeouts };
  }

  #arrived(job: number): void {
    this.#try(job);
    const next = job + 1;
    if (next < this.#jobs) {
      this.#simulation.schedule(this.#between.sample(this.#draw(next, 0)), this.#arrival, next);
    }
  }

  #try(job: number): void {
    this.#triesMade += 1;
    const nth = ++this.#tries[job]!;
    const durationMs = this.#attempt.sample(this.#draw(job, nth));
    this.#attemptEnd[job] = this.#simulation.schedule(durationMs, this.#attemptEnded, job);
    this.#timer[job] = this.#simulation.schedule(timerMs, this.#timerRanOut, job);
  }

  #succeeded(job: number): void {
    this.#simulation.cancel(this.#timer[job]!);
  }

  #timedOut(job: number): void {
    this.#simulation.cancel(this.#attemptEnd[job]!);
    this.#timeouts += 1;
    this.#try(job);
  }
}

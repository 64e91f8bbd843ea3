import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ClearAgenda } from '../../../tests/model/clear-agenda.js';
import { shareOf } from '../../../tests/random-share.js';
import { tickMs } from '../kernel/index.js';
import { Processors } from './processors.js';

test('one core works off its run queue, first come, first served', () => {
  const processors = new Processors([1]);
  expect(processors.run(0, 5, 0)).toBe(5);
  expect(processors.run(0, 5, 0)).toBe(10);
  // At 8 the second still has 2 to go.
  expect(processors.run(0, 5, 8)).toBe(7);
  // At 20 all is done: the core was idle from 15 on.
  expect(processors.run(0, 5, 20)).toBe(5);
  expect(processors.doneMs(0, 20)).toBe(15);
  expect(processors.doneMs(0, 22)).toBe(17);
  expect(processors.doneMs(0, 100)).toBe(20);
});

test('several cores share one run queue: work goes to the core that is free first', () => {
  const processors = new Processors([2, 1]);
  expect(processors.run(0, 10, 0)).toBe(10);
  expect(processors.run(0, 4, 0)).toBe(4);
  // Behind the shorter one: 4 + 3.
  expect(processors.run(0, 3, 0)).toBe(7);
  expect(processors.run(0, 3, 0)).toBe(10);
  // Both cores free at 10.
  expect(processors.run(0, 1, 9)).toBe(2);
  expect(processors.run(0, 1, 9)).toBe(2);
  expect(processors.run(0, 1, 9)).toBe(3);
  // The other server has nothing to do with it.
  expect(processors.run(1, 1, 9)).toBe(1);
});

test('no work takes no time, however long the run queue', () => {
  const processors = new Processors([1]);
  processors.run(0, 1_000, 0);
  expect(processors.run(0, 0, 0)).toBe(0);
});

test('what a stopped server had not done yet is never done', () => {
  const processors = new Processors([2]);
  processors.run(0, 10, 0);
  processors.run(0, 10, 0);
  processors.run(0, 10, 0);
  processors.stop(0, 4);
  expect(processors.doneMs(0, 4)).toBe(8);
  expect(processors.doneMs(0, 50)).toBe(8);
  expect(processors.run(0, 5, 50)).toBe(5);
  expect(processors.doneMs(0, 60)).toBe(13);
});

test('A-longest-work: what lies beyond forty years is never done, however much is handed in', () => {
  const processors = new Processors([1]);
  const year = 365.25 * 86_400_000;
  const waits = Array.from({ length: 20 }, () => processors.run(0, 15 * year, 5 * year) / year);
  expect(waits.slice(0, 4)).toEqual([15, 30, 35, 35]);
  expect(waits.at(-1)).toBe(35);
  expect(processors.doneMs(0, 10 * year)).toBe(5 * year);
  expect(processors.doneMs(0, 20 * year)).toBe(15 * year);
});

/** A piece of work; `startMs` is -1 while it waits for a core, `endMs` is -1 until it is done. */
interface Work {
  readonly workMs: number;
  startMs: number;
  endMs: number;
}

/**
 * The clear version of one server's processors: a run queue, and so many cores that take the first of it whenever they
 * are idle. When a piece of work is done shows when it is done.
 */
class ClearProcessors {
  readonly agenda = new ClearAgenda();
  readonly #cores: number;
  #queue: Work[] = [];
  #working: Work[] = [];
  #doneBeforeMs = 0;

  constructor(cores: number) {
    this.#cores = cores;
  }

  run(workMs: number): Work {
    const work = { workMs, startMs: -1, endMs: -1 };
    // What takes no time takes no core, and waits for none.
    if (workMs === 0) return { ...work, startMs: this.agenda.nowMs, endMs: this.agenda.nowMs };
    this.#queue.push(work);
    this.#startWhoCan();
    return work;
  }

  stop(): void {
    this.#doneBeforeMs = this.doneMs;
    this.#queue = [];
    this.#working = [];
  }

  get doneMs(): number {
    const { nowMs } = this.agenda;
    return this.#working.reduce((sum, { startMs }) => sum + nowMs - startMs, this.#doneBeforeMs);
  }

  #startWhoCan(): void {
    while (this.#working.length < this.#cores) {
      const work = this.#queue.shift();
      if (work === undefined) return;
      work.startMs = this.agenda.nowMs;
      this.#working.push(work);
      this.agenda.at(work.workMs, () => {
        if (!this.#working.includes(work)) return;
        this.#working = this.#working.filter((each) => each !== work);
        this.#doneBeforeMs += work.workMs;
        work.endMs = this.agenda.nowMs;
        this.#startWhoCan();
      });
    }
  }
}

/** Times in whole ticks, few, so that cores become free together, and just when work comes. */
const ticks = fc.oneof(fc.constantFrom(0, 1, 1_024, 2_048, 4_096), fc.nat(6_000));
const deed = fc.oneof(
  { weight: 10, arbitrary: fc.record({ server: fc.nat(2), workTicks: ticks }) },
  { weight: 8, arbitrary: fc.record({ passTicks: ticks }) },
  { weight: 1, arbitrary: fc.record({ stop: fc.nat(2) }) },
);

test('A-run-queue: work is done when cores that take the first of a run queue have done it, stops included', () => {
  fc.assert(
    fc.property(
      fc.tuple(...[1, 2, 3].map(() => fc.integer({ min: 1, max: 5 }))),
      fc.array(deed, { minLength: 30, maxLength: 200, size: 'max' }),
      (cores, deeds) => {
        const tuned = new Processors(cores);
        const clear = cores.map((count) => new ClearProcessors(count));
        /** What was handed in, and when it should be done. */
        const told: { server: number; work: Work; endMs: number }[] = [];
        let nowMs = 0;
        const pass = (durationMs: number) => {
          nowMs += durationMs;
          for (const [server, each] of clear.entries()) {
            each.agenda.runUntil(nowMs);
            expect(tuned.doneMs(server, nowMs)).toBe(each.doneMs);
          }
        };
        for (const each of deeds) {
          if ('passTicks' in each) pass(each.passTicks * tickMs);
          else if ('stop' in each) {
            tuned.stop(each.stop, nowMs);
            clear[each.stop]!.stop();
            // Nobody asks any more for what was under way.
            for (const { server, work, endMs } of told) {
              if (server === each.stop && work.endMs >= 0) expect(work.endMs).toBe(endMs);
            }
            told.splice(0, told.length, ...told.filter(({ server }) => server !== each.stop));
          } else {
            const { server } = each;
            const workMs = each.workTicks * tickMs;
            const endMs = nowMs + tuned.run(server, workMs, nowMs);
            told.push({ server, work: clear[server]!.run(workMs), endMs });
          }
          pass(0);
        }
        pass(10_000_000);
        for (const { work, endMs } of told) expect(work.endMs).toBe(endMs);
      },
    ),
    { seed: 1, numRuns: shareOf(100) },
  );
});

import {
  counterStream,
  createEventList,
  type EventListKind,
  exponential,
  Simulation,
} from '../../src/sim/kernel/index.js';
import { median } from '../compare/slow-down.js';
import type { Suite } from '../suite.js';
import { offTheory } from './off-theory.js';

const inFlight = 1_000;
const serviceMs = 5;
const guardMs = 600_000;
/** Operations that would take longer than their guard allows. */
const hangingShare = 0.001;
const hangsMs = 1_000_000;
/** Pairs of runs that the median ratio to heap-js is taken of. */
const pairs = 5;

/**
 * Timers that are hardly ever needed: the case in which lazy cancelling fills an event list with the dead, and a ladder
 * piles up rungs while its order is right all the time (kernel.md, section 1). The answer is wrong, too, if the default
 * event list is slower here than heap-js in the same process.
 */
export const kernelGuardTimers: Suite = {
  workload:
    'a thousand operations in flight, each a service Exp(5 ms) beside a guard timer of ten minutes, whichever ends first ' +
    'cancelling the other, 0.1 % hanging; an operation is a push of two, a pop and a cancel; no slower than heap-js',
  unit: 'ops/s',
  setup: (quick) => {
    const operations = quick ? 100_000 : 400_000;
    const first = new GuardedOperations('ladder', operations).run();
    let last = first;
    let ratio: number | undefined;
    return {
      operations,
      run: () => {
        last = new GuardedOperations('ladder', operations).run();
      },
      check: () => {
        if (!isSame(last, first)) return 'two runs of one seed differ';
        if (!isSame(new GuardedOperations('heap-js', operations).run(), first))
          return 'heap-js has another order';
        const standardError = Math.sqrt((hangingShare * (1 - hangingShare)) / operations);
        const wrong = offTheory(
          'share that hang',
          first.hanging / operations,
          hangingShare,
          5 * standardError,
        );
        if (wrong !== undefined) return wrong;
        // What hangs ends by its guard, unless the run does before.
        const awaited = first.hanging - first.guardsRanOut;
        if (awaited < 0 || awaited > inFlight)
          return `${first.guardsRanOut} guards ran out of ${first.hanging}`;
        ratio ??= timesHeapJs(operations);
        return ratio >= 1 ? undefined : `only ${ratio.toFixed(2)} times the speed of heap-js`;
      },
      remark: () => `${ratio?.toFixed(1)} times the speed of heap-js`,
    };
  },
};

interface Guarded {
  readonly hanging: number;
  readonly guardsRanOut: number;
  readonly endMs: number;
}

function isSame(one: Guarded, other: Guarded): boolean {
  return (
    one.hanging === other.hanging && one.guardsRanOut === other.guardsRanOut && one.endMs === other.endMs
  );
}

/** How many times as fast the default is as heap-js, by processor time, taking turns. */
function timesHeapJs(operations: number): number {
  const taken = (kind: EventListKind) => {
    const start = process.cpuUsage();
    new GuardedOperations(kind, operations).run();
    const { user, system } = process.cpuUsage(start);
    return user + system;
  };
  return median(Array.from({ length: pairs }, () => taken('heap-js') / taken('ladder')));
}

class GuardedOperations {
  readonly #simulation: Simulation;
  readonly #draw = counterStream('bench', 0, 'guard timers');
  readonly #service = exponential(serviceMs);
  readonly #serviceEnd = new Float64Array(inFlight);
  readonly #guard = new Float64Array(inFlight);
  readonly #serviceEnded: number;
  readonly #guardRanOut: number;
  readonly #operations: number;
  #begun = 0;
  #hanging = 0;
  #guardsRanOut = 0;

  constructor(kind: EventListKind, operations: number) {
    this.#operations = operations;
    this.#simulation = new Simulation({ events: createEventList(kind) });
    this.#serviceEnded = this.#simulation.addKind((place) => {
      this.#simulation.cancel(this.#guard[place]!);
      this.#begin(place);
    });
    this.#guardRanOut = this.#simulation.addKind((place) => {
      this.#simulation.cancel(this.#serviceEnd[place]!);
      this.#guardsRanOut++;
      this.#begin(place);
    });
    for (let place = 0; place < inFlight; place++) this.#begin(place);
  }

  /** Ends when the last operation has begun. */
  run(): Guarded {
    this.#simulation.runUntil(Number.POSITIVE_INFINITY);
    return { hanging: this.#hanging, guardsRanOut: this.#guardsRanOut, endMs: this.#simulation.nowMs };
  }

  #begin(place: number): void {
    const operation = this.#begun++;
    if (operation >= this.#operations) {
      this.#simulation.stop();
      return;
    }
    const hangs = this.#draw(operation, 0) < hangingShare;
    if (hangs) this.#hanging++;
    const tookMs = hangs ? hangsMs : this.#service.sample(this.#draw(operation, 1));
    this.#serviceEnd[place] = this.#simulation.schedule(tookMs, this.#serviceEnded, place);
    this.#guard[place] = this.#simulation.schedule(guardMs, this.#guardRanOut, place);
  }
}

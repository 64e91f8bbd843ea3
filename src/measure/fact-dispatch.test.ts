import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shareOf } from '../../tests/random-share.js';
import type { TransportObserver } from '../sim/model/index.js';
import { dispatchFacts } from './fact-dispatch.js';

type FactName = keyof TransportObserver;

/** What is said with each fact, by the observer's interface: the compiler holds the numbers against it. */
const saidWith: { readonly [F in FactName]-?: Parameters<NonNullable<TransportObserver[F]>>['length'] } = {
  submitted: 3,
  expanded: 3,
  duplicated: 4,
  lost: 4,
  shadowed: 5,
  refusedUnshadowed: 2,
  shadowEnded: 3,
  ended: 9,
  categorized: 2,
  relayed: 3,
  delayNotice: 3,
  redirected: 8,
  fallenBack: 8,
  attempted: 7,
  resubmitted: 4,
  queueLength: 3,
  queueStatus: 3,
  shadowQueueLength: 3,
  submissionQueueLength: 3,
  linkUsed: 3,
  fault: 4,
  leftQueue: 4,
  leftSubmissionQueue: 4,
  refused: 2,
  tarpitted: 3,
  pressure: 4,
  queueDatabaseBytes: 3,
};
const names = Object.keys(saidWith) as FactName[];

interface Told {
  readonly listener: number;
  readonly fact: FactName;
  readonly said: readonly unknown[];
}

/** The clear version: everything that is told is kept, and each listener gets what it wants of it, one after another. */
class ClearDispatch {
  readonly told: Told[] = [];
  readonly #wanted: readonly ReadonlySet<FactName>[];

  constructor(wanted: readonly ReadonlySet<FactName>[]) {
    this.#wanted = wanted;
  }

  tell(fact: FactName, said: readonly unknown[]): void {
    for (const [listener, wants] of this.#wanted.entries()) {
      if (wants.has(fact)) this.told.push({ listener, fact, said });
    }
  }
}

/** A listener that keeps what it is told, and with it whatever else is said to it. */
function listening(listener: number, wants: ReadonlySet<FactName>, told: Told[]): Partial<TransportObserver> {
  const handlers = [...wants].map((fact) => [
    fact,
    (...said: unknown[]) => void told.push({ listener, fact, said }),
  ]);
  return Object.fromEntries(handlers) as Partial<TransportObserver>;
}

/** Tells both of each fact in the order given, with values that no other place and no other fact has. */
function tellBoth(wanted: readonly ReadonlySet<FactName>[], facts: readonly FactName[]) {
  const told: Told[] = [];
  const tuned = dispatchFacts(wanted.map((wants, listener) => listening(listener, wants, told)));
  const clear = new ClearDispatch(wanted);
  for (const [place, fact] of facts.entries()) {
    const said = Array.from({ length: saidWith[fact] }, (_, nth) => place * 10 + nth);
    Reflect.apply(tuned[fact], undefined, said);
    clear.tell(fact, said);
  }
  return { told, clear };
}

test('a fact that nobody, one, or all of several want goes to them in their order, with all that is said', () => {
  for (const fact of names) {
    const others = new Set(names.filter((name) => name !== fact));
    const alone = new Set([fact]);
    for (const wanted of [[], [others], [alone], [others, alone], [alone, others, alone, alone]]) {
      const { told, clear } = tellBoth(wanted, [fact, fact]);
      expect(told).toEqual(clear.told);
    }
  }
});

test('whoever listens to whatever is told as by an observer that keeps all and hands it on', () => {
  const wants = fc.subarray(names).map((chosen) => new Set(chosen));
  fc.assert(
    fc.property(
      fc.array(wants, { maxLength: 6 }),
      fc.array(fc.constantFrom(...names), { maxLength: 80, size: 'max' }),
      (wanted, facts) => {
        const { told, clear } = tellBoth(wanted, facts);
        expect(told).toEqual(clear.told);
      },
    ),
    { seed: 1, numRuns: shareOf(100) },
  );
});

import { factKind, type ObservedFacts } from './observed-facts.js';

/** What is known of a queue when all is over. */
export interface ClearQueue {
  readonly lengthMs: number;
  readonly maxLength: number;
  readonly maxAgeMs: number;
  readonly waitedMs: number;
}

/** The clear version of the metrics: the facts are kept, sorted and gone through when all is over. */
export class ClearMetrics {
  readonly #facts: ObservedFacts;

  constructor(facts: ObservedFacts) {
    this.#facts = facts;
  }

  /** By delivery queue. */
  get queues(): ReadonlyMap<number, ClearQueue> {
    return this.#queues(factKind.queueLength, factKind.leftQueue);
  }

  /** By server. */
  get submissionQueues(): ReadonlyMap<number, ClearQueue> {
    return this.#queues(factKind.submissionLength, factKind.leftSubmission);
  }

  /** By server: messages categorized. */
  get categorized(): ReadonlyMap<number, number> {
    return new Map([...this.#by(factKind.categorized)].map(([server, places]) => [server, places.length]));
  }

  /** By server: the most bytes in its queue database. */
  get mostBytes(): ReadonlyMap<number, number> {
    const { value } = this.#facts;
    return new Map(
      [...this.#by(factKind.databaseBytes)].map(([server, places]) => [
        server,
        Math.max(...places.map((place) => value[place]!)),
      ]),
    );
  }

  /** Of all deliveries, ascending. */
  get latenciesMs(): readonly number[] {
    const { atMs, submittedMs } = this.#facts;
    const places = [...this.#by(factKind.ended).values()].flat();
    return places.map((place) => atMs[place]! - submittedMs[place]!).sort((a, b) => a - b);
  }

  #queues(lengths: number, left: number): ReadonlyMap<number, ClearQueue> {
    const { atMs, value, enteredMs, submittedMs, endMs } = this.#facts;
    const leftOf = this.#by(left);
    const sum = (numbers: readonly number[]) => numbers.reduce((all, each) => all + each, 0);
    return new Map(
      [...this.#by(lengths)].map(([queue, changes]) => {
        const gone = leftOf.get(queue) ?? [];
        return [
          queue,
          {
            lengthMs: sum(
              changes.map((place, n) => {
                const next = changes[n + 1];
                return value[place]! * ((next === undefined ? endMs : atMs[next]!) - atMs[place]!);
              }),
            ),
            maxLength: Math.max(...changes.map((place) => value[place]!)),
            maxAgeMs: Math.max(...gone.map((place) => atMs[place]! - submittedMs[place]!)),
            waitedMs: sum(gone.map((place) => atMs[place]! - enteredMs[place]!)),
          },
        ];
      }),
    );
  }

  /** The places of one kind of facts, by what they are about. */
  #by(kind: number): ReadonlyMap<number, readonly number[]> {
    const places = new Map<number, number[]>();
    this.#facts.kind.forEach((each, place) => {
      if (each !== kind) return;
      const about = this.#facts.id[place]!;
      const known = places.get(about);
      if (known === undefined) places.set(about, [place]);
      else known.push(place);
    });
    return places;
  }
}

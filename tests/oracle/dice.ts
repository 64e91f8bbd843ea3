import { type RandomStream, randomStreams } from '../../src/sim/kernel/index.js';

/** Random choices from one stream; the same name gives the same choices. */
export class Dice {
  readonly #uniform: RandomStream;

  constructor(seed: string, name: string) {
    this.#uniform = randomStreams(seed, 0)(name);
  }

  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number {
    return Math.floor(this.#uniform() * limit);
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  chance(probability: number): boolean {
    return this.#uniform() < probability;
  }

  /** One of a list that is not empty. */
  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  /** The list in random order. */
  shuffle<T>(list: readonly T[]): T[] {
    const left = [...list];
    return list.map(() => left.splice(this.below(left.length), 1)[0]!);
  }

  /** Between `low` and `high` of a list, in random order; fewer when it has not so many. */
  some<T>(list: readonly T[], low: number, high: number): T[] {
    return this.shuffle(list).slice(0, this.between(low, high));
  }

  /** Each of a list by its own chance, in order. */
  each<T>(list: readonly T[], probability: number): T[] {
    return list.filter(() => this.chance(probability));
  }
}

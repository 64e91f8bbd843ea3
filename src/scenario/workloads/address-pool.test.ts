import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shareOf } from '../../../tests/random-share.js';
import { AddressPool, nobody } from './address-pool.js';

/**
 * The clear version of the pool: a list of those who are left. Whoever is drawn leaves it, and the first of it takes the
 * place that is free; for a new message those who have been drawn stand before the others, as they were drawn.
 */
class ClearPool {
  readonly #ids: readonly number[];
  #drawn: number[] = [];
  #left: number[];

  constructor(ids: readonly number[]) {
    this.#ids = ids;
    this.#left = [...ids];
  }

  restart(): void {
    this.#left = [...this.#drawn, ...this.#left];
    this.#drawn = [];
  }

  draw(u: number): number {
    if (this.#left.length === 0) return nobody;
    const place = Math.floor(u * this.#left.length);
    const id = this.#left[place]!;
    const [first, ...others] = this.#left;
    this.#left = others;
    if (place > 0) this.#left[place - 1] = first!;
    this.#drawn.push(id);
    return id;
  }

  pick(u: number): number {
    return this.#ids[Math.floor(u * this.#ids.length)]!;
  }
}

/** The smallest and the largest that a stream gives are among them. */
const u = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom(0, 2 ** -53, 0.5, 1 - 2 ** -53) },
  { weight: 6, arbitrary: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }) },
);
const ids = fc.uniqueArray(fc.nat(10_000), { minLength: 1, maxLength: 12 });
const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ draw: u }) },
  { weight: 3, arbitrary: fc.record({ pick: u }) },
  { weight: 2, arbitrary: fc.constant({ restart: true }) },
);

test('whoever is drawn and picked, message after message, is whom a list of those left gives', () => {
  fc.assert(
    fc.property(ids, fc.array(step, { maxLength: 120, size: 'max' }), (all, steps) => {
      const tuned = new AddressPool(Int32Array.from(all));
      const clear = new ClearPool(all);
      for (const each of steps) {
        if ('draw' in each) expect(tuned.draw(each.draw)).toBe(clear.draw(each.draw));
        else if ('pick' in each) expect(tuned.pick(each.pick)).toBe(clear.pick(each.pick));
        else {
          tuned.restart();
          clear.restart();
        }
      }
    }),
    { seed: 1, numRuns: shareOf(300) },
  );
});

/** All ways to choose one of `widths[0]`, one of `widths[1]`, and so on: a number in the middle of each share. */
function shares(widths: readonly number[]): readonly (readonly number[])[] {
  const [width, ...rest] = widths;
  if (width === undefined) return [[]];
  const others = shares(rest);
  return Array.from({ length: width }, (_, share) => (share + 0.5) / width).flatMap((first) =>
    others.map((more) => [first, ...more]),
  );
}

test.each([0, 1, 2, 4, 5])(
  'every order of five people is drawn by one share of the numbers, after a message to %i of them',
  (before) => {
    const met = new Set<string>();
    for (const numbers of shares([5, 4, 3, 2, 1])) {
      const pool = new AddressPool(Int32Array.of(3, 14, 15, 92, 65));
      for (let each = 0; each < before; each++) pool.draw((each * 0.37) % 1);
      pool.restart();
      met.add(numbers.map((number) => pool.draw(number)).join());
      expect(pool.draw(0.5)).toBe(nobody);
    }
    expect(met.size).toBe(120);
  },
);

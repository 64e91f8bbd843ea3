import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Discipline, fifo, lifo, nonPreemptivePriority } from './disciplines.js';
import { InvariantError } from './invariant.js';

type Waiting = { entity: number; priority: number };

/** Each discipline beside what it must do, said in terms of plain arrays. */
const disciplines: [string, Discipline, (line: Waiting[], one: Waiting) => Waiting[]][] = [
  ['fifo', fifo, (line, one) => [...line, one]],
  ['lifo', lifo, (line, one) => [one, ...line]],
  [
    'nonPreemptivePriority',
    nonPreemptivePriority(3),
    (line, one) => [
      ...line.filter(({ priority }) => priority <= one.priority),
      one,
      ...line.filter(({ priority }) => priority > one.priority),
    ],
  ],
];

/** Where one put back belongs: before all of its own priority. */
function withPutBack(line: Waiting[], one: Waiting, knowsPriorities: boolean): Waiting[] {
  if (!knowsPriorities) return [one, ...line];
  return [
    ...line.filter(({ priority }) => priority < one.priority),
    one,
    ...line.filter(({ priority }) => priority >= one.priority),
  ];
}

test.each(disciplines)('%s serves in its order, whatever comes, goes and is put back', (name, make, add) => {
  const steps = fc.array(fc.tuple(fc.constantFrom('add', 'add', 'add', 'take', 'putBack'), fc.nat(2)), {
    maxLength: 300,
    size: 'max',
  });
  fc.assert(
    fc.property(steps, (chosen) => {
      const line = make();
      let expected: Waiting[] = [];
      let count = 0;
      for (const [what, priority] of chosen) {
        const one = { entity: count, priority };
        if (what === 'add') {
          line.add(count++, priority);
          expected = add(expected, one);
        } else if (what === 'putBack') {
          line.putBack(count++, priority);
          expected = withPutBack(expected, one, name === 'nonPreemptivePriority');
        } else if (expected.length > 0) {
          const next = expected.shift()!;
          expect(line.take()).toBe(next.entity);
          if (name === 'nonPreemptivePriority') expect(line.takenPriority).toBe(next.priority);
        }
        expect(line.length).toBe(expected.length);
      }
      const visited: number[] = [];
      line.forEach((entity) => {
        visited.push(entity);
      });
      expect(visited).toEqual(expected.map(({ entity }) => entity));
    }),
    { numRuns: 100 },
  );
});

test.each(disciplines)('%s: taking from an empty line is an InvariantError', (_, make) => {
  const line = make();
  expect(() => line.take()).toThrow(InvariantError);
  expect(line.length).toBe(0);
});

test('a priority that the line does not have is an InvariantError, and so is a line without any', () => {
  expect(() => nonPreemptivePriority(3)().add(1, 3)).toThrow(InvariantError);
  expect(() => nonPreemptivePriority(3)().add(1, -1)).toThrow(InvariantError);
  expect(() => nonPreemptivePriority(0)).toThrow(InvariantError);
});

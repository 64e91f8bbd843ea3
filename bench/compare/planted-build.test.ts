import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { plants, slowedDown } from './planted-build.js';

const compiled = `class Simulation {
    run(handlers, kind, subject) {
        let calls = 0;
        handlers[kind](subject);
        return calls;
    }
}`;

test('time is lost before or after the place, and the code does what it did', () => {
  const code = slowedDown(compiled, plants.eventLoop, 3);
  expect(code).toMatch(/if \(true\) loseTime\(\);\n +handlers\[kind\]\(subject\);/);
  const run = new Function(`${code}\nreturn [new Simulation(), () => lost];`)() as [
    { run: (handlers: ((subject: number) => void)[], kind: number, subject: number) => number },
    () => number,
  ];
  const seen: number[] = [];
  const before = run[1]();
  run[0].run([() => {}, (subject) => seen.push(subject)], 1, 7);
  expect(seen).toEqual([7]);
  expect(run[1]()).not.toBe(before);
});

test('code without the place is an error, not a plant that nobody would find', () => {
  expect(() => slowedDown(compiled, plants.lookUp, 3)).toThrow('the routing look-up was not found');
});

test.each(Object.values(plants))('the place of $what is in the compiled code', (plant) => {
  // What `npm test` builds first.
  const code = readFileSync(resolve('dist', plant.file), 'utf8');
  expect(slowedDown(code, plant, 1).length).toBeGreaterThan(code.length);
});

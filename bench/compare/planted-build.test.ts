import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { plants, slowedDown } from './planted-build.js';

const compiled = `class Simulation {
    #eventsExecuted = 0;
    run(handler) {
        this.#eventsExecuted += 1;
        handler(this.#eventsExecuted);
    }
}`;

test('time is lost before the place, and the code does what it did', () => {
  const code = slowedDown(compiled, plants.eventLoop, 3);
  expect(code).toMatch(/if \(true\) loseTime\(\);\n +this\.#eventsExecuted/);
  const [simulation, lost] = new Function(`${code}\nreturn [new Simulation(), () => lost];`)() as [
    { run: (handler: (executed: number) => void) => void },
    () => number,
  ];
  const seen: number[] = [];
  const before = lost();
  simulation.run((executed) => seen.push(executed));
  simulation.run((executed) => seen.push(executed));
  expect(seen).toEqual([1, 2]);
  expect(lost()).not.toBe(before);
});

test('code without the place is an error, not a plant that nobody would find', () => {
  expect(() => slowedDown(compiled, plants.lookUp, 3)).toThrow('the routing look-up was not found');
});

test.each(Object.values(plants))('the place of $what is in the compiled code', (plant) => {
  // What `npm test` builds first.
  const code = readFileSync(resolve('dist', plant.file), 'utf8');
  expect(slowedDown(code, plant, 1).length).toBeGreaterThan(code.length);
});

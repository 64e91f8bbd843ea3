import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { simulationFile, withEventList } from './event-list-build.js';

test('the compiled simulation has one default event list, and another can take its place', () => {
  // What `npm test` builds first.
  const code = readFileSync(resolve('dist', simulationFile), 'utf8');
  const other = withEventList(code, 'heap-js');
  expect(other).toContain("options.events ?? createEventList('heap-js')");
  expect(other).not.toContain('new LadderEventList()');
});

test('code without a default event list is an error, not a comparison of a build with itself', () => {
  expect(() => withEventList('this.#events = options.events;', 'heap-js')).toThrow('was not found');
});

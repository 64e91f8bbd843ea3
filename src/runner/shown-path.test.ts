import { join } from 'node:path';
import { expect, test } from 'vitest';
import { shownPath } from './shown-path.js';

test.each([
  ['results/a', join('results', 'a')],
  ['..results', '..results'],
  ['.', process.cwd()],
  ['..', join(process.cwd(), '..')],
  ['../elsewhere', join(process.cwd(), '../elsewhere')],
  ['/', '/'],
])('%s from where the program was called', (path, shown) => {
  expect(shownPath(join(path.startsWith('/') ? '' : process.cwd(), path))).toBe(shown);
});

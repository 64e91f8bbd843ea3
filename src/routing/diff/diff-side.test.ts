import { expect, test } from 'vitest';
import { diamond, sideOf } from '../../../tests/diff/changes-between.js';

test('after 200,000 questions new tables take over, which answer the same', () => {
  const side = sideOf(diamond);
  const first = side.tables;
  const hop = first.nextHop(first.toDatabase(0, 0));
  for (let asked = 2; asked < 200_000; asked++) side.tables;
  // Number 200,000.
  const second = side.tables;
  expect(second).not.toBe(first);
  expect(second.topology).toBe(side.topology);
  expect(second.nextHop(second.toDatabase(0, 0)).path).toEqual(hop.path);
  expect(side.tables).toBe(second);

  const other = sideOf(diamond);
  const tables = other.tables;
  for (let asked = 2; asked < 199_999; asked++) other.tables;
  expect(other.tables).toBe(tables);
});

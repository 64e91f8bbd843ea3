import { expect, test } from 'vitest';
import { topologyOf } from '../../../tests/conformance/organization-builder.js';
import { matchByName, Translation } from './matching.js';

const named = (...names: readonly string[]) => names.map((name, place) => ({ name, index: 10 + place }));

test('UN-02: objects are matched by name without regard to case, and keep the order of names', () => {
  expect(matchByName(named('A', 'b', 'd'), named('B', 'C', 'D', 'E'))).toEqual([
    { name: 'A', before: 10, after: -1 },
    { name: 'B', before: 11, after: 10 },
    { name: 'C', before: -1, after: 11 },
    { name: 'D', before: 12, after: 12 },
    { name: 'E', before: -1, after: 13 },
  ]);
});

test('what only one of two organizations has is matched by nothing', () => {
  expect(matchByName(named('A', 'B'), [])).toEqual([
    { name: 'A', before: 10, after: -1 },
    { name: 'B', before: 11, after: -1 },
  ]);
  expect(matchByName([], named('A', 'B'))).toEqual([
    { name: 'A', before: -1, after: 10 },
    { name: 'B', before: -1, after: 11 },
  ]);
});

test('UN-02: sites and servers are the same where their names are, whatever their indexes', () => {
  const translation = new Translation(
    topologyOf({ servers: ['A1@A', 'B1@B', 'C1@C'] }),
    topologyOf({ servers: ['b1@b', 'c1@c', 'd1@d'] }),
  );
  expect([...translation.sites]).toEqual([-1, 0, 1]);
  expect([...translation.servers]).toEqual([-1, 0, 1]);
  expect(translation.isSameSite(1, 0)).toBe(true);
  expect(translation.isSameSite(1, 1)).toBe(false);
  // No site on both sides, and on one.
  expect(translation.isSameSite(-1, -1)).toBe(true);
  expect(translation.isSameSite(-1, 0)).toBe(false);
  expect(translation.isSameSite(1, -1)).toBe(false);
  // One that is gone.
  expect(translation.isSameSite(0, 0)).toBe(false);
  expect(translation.isSameSite(0, -1)).toBe(false);
  expect(translation.areSameSites([1, 2], [0, 1])).toBe(true);
  expect(translation.areSameSites([1, 2], [1, 0])).toBe(false);
  expect(translation.areSameSites([1, 2], [0])).toBe(false);
  expect(translation.areSameSites([1], [0, 1])).toBe(false);
  expect(translation.areSameServers([2], [1])).toBe(true);
  expect(translation.areSameServers([2], [2])).toBe(false);
});

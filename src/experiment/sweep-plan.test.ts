import { expect, test } from 'vitest';
import { readVariations } from '../scenario/index.js';
import { gridPoints, gridSize, replicationsOfShard } from './sweep-plan.js';

test('a grid has every value with every other, the last changing fastest', () => {
  const variations = readVariations(['a=1,2', 'b=x,y,z']);
  expect(gridSize(variations)).toBe(6);
  expect(gridPoints(variations).map(({ set }) => Object.values(set).join(''))).toEqual([
    ...['1x', '1y', '1z'],
    ...['2x', '2y', '2z'],
  ]);
  expect(gridPoints(variations)[5]!.options).toEqual(['a=2', 'b=z']);
});

test('a path may be called like what every object has', () => {
  const [point] = gridPoints(readVariations(['__proto__=1', 'constructor=2']));
  expect(Object.keys(point!.set)).toEqual(['__proto__', 'constructor']);
});

test.each([1, 2, 3, 8, 50])(
  'each replication of each point is in one of %d shards, which are equally large',
  (count) => {
    const points = [3, 1, 0, 7, 10];
    const shards = Array.from({ length: count }, (_, index) =>
      replicationsOfShard(points, { index: index + 1, count }),
    );
    for (const [point, replications] of points.entries()) {
      const numbers = shards.flatMap((shard) => shard[point]!).sort((a, b) => a - b);
      expect(numbers).toEqual(Array.from({ length: replications }, (_, index) => index + 1));
    }
    const sizes = shards.map((shard) => shard.flat().length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    expect(replicationsOfShard(points, null).map((each) => each.length)).toEqual(points);
  },
);

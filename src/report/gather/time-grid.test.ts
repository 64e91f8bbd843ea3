import { expect, test } from 'vitest';
import { TimeGrid, TimeSeries } from './time-grid.js';

const minute = 60_000;

test('a short run keeps each sample apart; a bucket takes in its end', () => {
  const grid = new TimeGrid(minute, 10 * minute);
  const series = new TimeSeries(grid);
  for (let sample = 1; sample <= 10; sample++) series.add(sample * minute, sample);
  expect(grid.widthMs).toBe(minute);
  expect(series.buckets(10).map((each) => each?.mean)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test('a long run has at most 360 buckets, and each keeps its peak', () => {
  const grid = new TimeGrid(minute, 1_440 * minute);
  const series = new TimeSeries(grid);
  for (let sample = 1; sample <= 1_440; sample++) series.add(sample * minute, sample === 723 ? 1_000 : 1);
  expect(grid.widthMs).toBe(4 * minute);
  const buckets = series.buckets(grid.bucketOf(1_440 * minute) + 1);
  expect(buckets).toHaveLength(360);
  // Samples 721 to 724.
  expect(buckets[180]).toEqual({ mean: 250.75, min: 1, max: 1_000 });
  expect(buckets.filter((each) => each?.max === 1_000)).toHaveLength(1);
});

test('a run longer than was thought doubles the width, and loses nothing', () => {
  const grid = new TimeGrid(minute, minute);
  const series = new TimeSeries(grid);
  const late = new TimeSeries(grid);
  late.add(7 * minute, 70);
  const samples = 5_000;
  for (let sample = 1; sample <= samples; sample++) series.add(sample * minute, sample);
  expect(grid.widthMs).toBe(16 * minute);
  const buckets = series.buckets(grid.bucketOf(samples * minute) + 1);
  expect(buckets.length).toBeLessThanOrEqual(360);
  expect(buckets[0]).toEqual({ mean: 8.5, min: 1, max: 16 });
  expect(buckets.at(-1)).toEqual({ mean: 4_996.5, min: 4_993, max: 5_000 });
  expect(late.buckets(2)).toEqual([{ mean: 70, min: 70, max: 70 }, undefined]);
  expect(series.largest).toBe(samples);
});

test('a value of no weight counts as an extreme and not in the mean', () => {
  const series = new TimeSeries(new TimeGrid(minute, minute));
  series.add(minute, 0, minute);
  series.add(minute, 9, 0);
  expect(series.buckets(1)).toEqual([{ mean: 0, min: 0, max: 9 }]);
});

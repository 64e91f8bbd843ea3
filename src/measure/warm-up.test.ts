import { expect, test } from 'vitest';
import { randomStreams } from '../sim/kernel/index.js';
import { truncateWarmUp } from './warm-up.js';

const noise = (length: number, seed: string) => {
  const draw = randomStreams(seed, 1)('noise');
  return Array.from({ length }, () => draw() - 0.5);
};

test('a start that is lower than the rest is left out, to the batch', () => {
  const series = noise(500, 'step').map((each, index) => (index < 100 ? each : each + 5));
  expect(truncateWarmUp(series)).toEqual({ observations: 100, found: true });
});

test('what builds up to a steady state is left out until little of it is left', () => {
  for (const seed of ['1', '2', '3', '4', '5']) {
    // 10 (1 - e^(-i / 20)): within 0.5, the width of the noise, after 60 observations.
    const series = noise(500, seed).map((each, index) => each + 10 * (1 - Math.exp(-index / 20)));
    const { observations, found } = truncateWarmUp(series);
    expect(found).toBe(true);
    expect(observations).toBeGreaterThanOrEqual(50);
    expect(observations).toBeLessThanOrEqual(200);
  }
});

test('a steady series loses little', () => {
  const cuts = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((seed) => truncateWarmUp(noise(500, seed)));
  expect(cuts.every(({ found }) => found)).toBe(true);
  expect(cuts.map(({ observations }) => observations).sort((a, b) => a - b)[4]).toBeLessThanOrEqual(50);
});

test('a series that does not become steady has no warm-up', () => {
  const rising = noise(500, 'rising').map((each, index) => each + index / 10);
  expect(truncateWarmUp(rising).found).toBe(false);
});

test('neither has one of fewer than ten batches, nor one without observations', () => {
  expect(truncateWarmUp(noise(49, 'short')).found).toBe(false);
  expect(truncateWarmUp(noise(50, 'long enough')).found).toBe(true);
  expect(truncateWarmUp([])).toEqual({ observations: 0, found: false });
});

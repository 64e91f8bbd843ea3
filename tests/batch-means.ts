import { expect } from 'vitest';

/*
 * What tests against closed forms share. Every figure is the mean of `replications` times `batches` batch means, with
 * the confidence interval of Student's t at 99 %.
 */
export const replications = 4;
export const batches = 10;
/** Student's t, two-sided 99 %, 39 degrees of freedom (printed tables: 2.708). */
const studentT = 2.708;

export interface Interval {
  readonly mean: number;
  readonly halfWidth: number;
}

export function interval(samples: readonly number[]): Interval {
  expect(samples.length).toBe(replications * batches);
  const mean = samples.reduce((sum, x) => sum + x, 0) / samples.length;
  const variance = samples.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (samples.length - 1);
  return { mean, halfWidth: studentT * Math.sqrt(variance / samples.length) };
}

/** Theory lies inside the interval, and the interval is narrow enough to tell: at most 6 % of theory. */
export function expectAgreement(samples: readonly number[], theory: number): void {
  const { mean, halfWidth } = interval(samples);
  const found = `${mean} ± ${halfWidth}, theory ${theory}`;
  expect(halfWidth, found).toBeLessThan(0.06 * theory);
  expect(mean, found).toBeGreaterThan(theory - halfWidth);
  expect(mean, found).toBeLessThan(theory + halfWidth);
}

/**
 * Erlang C: the probability that a customer must wait at `servers` servers offered `load` erlangs, through the
 * recursion of Erlang B (the blocking probability): B(0) = 1, B(c) = a B(c-1) / (c + a B(c-1)).
 */
export function erlangC(servers: number, load: number): number {
  let blocking = 1;
  for (let c = 1; c <= servers; c++) blocking = (load * blocking) / (c + load * blocking);
  return blocking / (1 - (load / servers) * (1 - blocking));
}

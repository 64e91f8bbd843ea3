import type { Interval } from '../../measure/index.js';

/**
 * An interval for people, `[5 min 42 s, 6 min 5 s]`; undefined where there is none, or none that has a width in the
 * digits that are shown. It stands
 * beside the figure of all replications together, which is not its centre: its centre is the mean of theirs.
 * @param times - how often the interval's mean is in the figure: of a total, the number of replications
 */
export function formatInterval(
  interval: Interval | undefined,
  format: (value: number) => string,
  times = 1,
): string | undefined {
  if (interval === undefined || interval.halfWidth === 0) return undefined;
  const { mean, halfWidth } = interval;
  // No figure is below 0, whatever the width of the interval.
  const [low, high] = [format(Math.max(0, times * (mean - halfWidth))), format(times * (mean + halfWidth))];
  return low === high ? undefined : `[${low}, ${high}]`;
}

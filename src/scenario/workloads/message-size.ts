import {
  type Distribution,
  deterministic,
  lognormalByQuantile,
  logUniformClasses,
} from '../../sim/kernel/index.js';
import type { SizeModel } from './kind.js';

const kilobyte = 1_024;

/** No message is larger: what Exchange lets an administrator set as the largest size, 2 GB. */
export const largestMessageBytes = 2 * 1_024 ** 3;

/** WL-07: bounds of the size classes in KB (the smallest message is assumption A-smallest-message) … */
const typicalSizeBoundsKilobytes = [0.5, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 2_048, 4_096];
/** … and the share of messages below each bound but the first. */
const typicalSizeShares = [
  0.2353, 0.4917, 0.676, 0.7958, 0.8536, 0.9047, 0.933, 0.9574, 0.9724, 0.9849, 0.9996, 1,
];

/** The distribution of message sizes in bytes, from 1 to `largestMessageBytes`; a sample is to be rounded. */
export function sizeDistribution(size: SizeModel): Distribution {
  switch (size.kind) {
    case 'typical':
      return logUniformClasses(
        typicalSizeBoundsKilobytes.map((bound) => bound * kilobyte),
        typicalSizeShares,
      );
    case 'fixed':
      return deterministic(size.bytes);
    case 'lognormal':
      return lognormalSizes(size.medianBytes, size.p95Bytes);
  }
}

/** WL-08: what is drawn above the size limit has that size, and the mean is that of the sizes as they are drawn. */
function lognormalSizes(medianBytes: number, p95Bytes: number): Distribution {
  const uncut = lognormalByQuantile(medianBytes, p95Bytes);
  const cut = (bytes: number) => Math.min(Math.max(1, bytes), largestMessageBytes);
  const sigma = Math.log(p95Bytes / medianBytes) / normal95;
  // The trapezoidal rule over the normal density, which vanishes with all its derivatives at both ends.
  let mean = 0;
  for (let step = -9 * stepsPerSigma; step <= 9 * stepsPerSigma; step++) {
    const z = step / stepsPerSigma;
    mean += (cut(medianBytes * Math.exp(sigma * z)) * Math.exp((-z * z) / 2)) / stepsPerSigma;
  }
  return { mean: mean / Math.sqrt(2 * Math.PI), sample: (u) => cut(uncut.sample(u)) };
}

/** The 95th percentile of the standard normal distribution. */
const normal95 = 1.6448536269514722;
const stepsPerSigma = 256;

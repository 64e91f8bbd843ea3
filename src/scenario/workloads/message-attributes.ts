import {
  type Distribution,
  deterministic,
  discrete,
  lognormalByQuantile,
  logUniformClasses,
} from '../../sim/kernel/index.js';
import type { TransportModel } from '../../sim/model/index.js';
import type { RecipientsModel, SizeModel } from './kind.js';

const kilobyte = 1_024;

/** WL-07: bounds of the size classes in KB (the smallest message is assumption A-smallest-message) … */
const typicalSizeBoundsKilobytes = [0.5, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 2_048, 4_096];
/** … and the share of messages below each bound but the first. */
const typicalSizeShares = [
  0.2353, 0.4917, 0.676, 0.7958, 0.8536, 0.9047, 0.933, 0.9574, 0.9724, 0.9849, 0.9996, 1,
];

/** The distribution of message sizes in bytes. */
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
      return lognormalByQuantile(size.medianBytes, size.p95Bytes);
  }
}

/** The distribution of recipients a message. */
export function recipientCountDistribution(recipients: RecipientsModel): Distribution {
  if (recipients.kind === 'fixed') return deterministic(recipients.count);
  return discrete(typicalCountWeights());
}

/** How likely a message has so many recipients, by their number. */
export function recipientCountLikelihoods(recipients: RecipientsModel): ReadonlyMap<number, number> {
  if (recipients.kind === 'fixed') return new Map([[recipients.count, 1]]);
  const likelihoods = new Map<number, number>();
  typicalCountWeights().forEach((weight, count) => {
    if (weight > 0) likelihoods.set(count, weight);
  });
  return likelihoods;
}

/** WL-05: 82 % one; of the rest 90 % two to five and 10 % twenty to a hundred and twenty, evenly inside each. */
function typicalCountWeights(): Float64Array {
  const weights = new Float64Array(121);
  weights[1] = 0.82;
  for (let count = 2; count <= 5; count++) weights[count] = (0.18 * 0.9) / 4;
  for (let count = 20; count <= 120; count++) weights[count] = (0.18 * 0.1) / 101;
  return weights;
}

/** The ids of a message's recipients in their order, everybody once however often and in whatever case (UN-02). */
export function internRecipients(
  addresses: readonly string[],
  addressBook: TransportModel['addressBook'],
): Int32Array {
  return Int32Array.from(new Set(addresses.map((address) => addressBook.intern(address))));
}

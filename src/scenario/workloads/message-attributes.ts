import { type Distribution, deterministic, discrete } from '../../sim/kernel/index.js';
import type { TransportModel } from '../../sim/model/index.js';
import type { RecipientsModel } from './kind.js';

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

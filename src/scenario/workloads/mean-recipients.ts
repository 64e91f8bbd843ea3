import type { RecipientsModel } from './kind.js';
import { recipientCountLikelihoods } from './message-attributes.js';

/**
 * Recipients of a message, in the mean, who are among some people: each of its recipients is one of them with the
 * likelihood `share`, and nobody is drawn twice.
 */
export function meanRecipientsAmong(recipients: RecipientsModel, share: number, people: number): number {
  let mean = 0;
  for (const [count, likely] of recipientCountLikelihoods(recipients)) {
    mean += likely * meanAmong(count, share, people);
  }
  return mean;
}

/** The same of a message that is to have so many recipients: the smaller of a binomial number and `people`. */
export function meanAmong(count: number, share: number, people: number): number {
  if (people >= count || share <= 0) return count * Math.max(0, share);
  if (share >= 1) return people;
  let missing = 0;
  let logLikelihood = count * Math.log1p(-share);
  for (let drawn = 0; drawn < people; drawn++) {
    missing += (people - drawn) * Math.exp(logLikelihood);
    logLikelihood += Math.log(((count - drawn) / (drawn + 1)) * (share / (1 - share)));
  }
  return people - missing;
}

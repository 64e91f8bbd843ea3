import type { ReplicationResult } from './results.js';

/**
 * The laws of design section 6 and 7 that what one replication measured breaks, each as a sentence; empty when all
 * hold. A broken law is a bug of ours, never bad input.
 * - Conservation: recipients that began have ended or are pending.
 * - A delivery's stages add up to its latency.
 * - Little's law, on every queue whose messages carry stamps: the length integrated over time is the sum of all waits.
 */
export function brokenLaws(result: ReplicationResult): readonly string[] {
  const broken: string[] = [];
  const { submitted, expanded, generated, delivered, returned, expired, lost, pending } = result.recipients;
  const began = submitted + expanded + generated;
  const found = delivered + returned + expired + lost + pending;
  if (began !== found) broken.push(`${began} recipients began, but ${found} ended or are pending`);
  const { latencyMs, unaccountedMs } = result.deliveryLatency;
  if (unaccountedMs > roundingOf(latencyMs.sum)) {
    broken.push(`${unaccountedMs} ms of deliveries are in no stage, or in two`);
  }
  for (const { server, nextHopDomain, littlesLaw } of result.queues) {
    if (littlesLaw === null) continue;
    const { lengthMs, waitedMs, openMs } = littlesLaw;
    const slack = roundingOf(lengthMs);
    const restMs = lengthMs - waitedMs;
    if (restMs < -slack || restMs > openMs + slack) {
      broken.push(
        `Little's law on ${server}, queue ${nextHopDomain}: length over time is ${lengthMs} message-ms, waits are ` +
          `${waitedMs} ms and at most ${openMs} ms more`,
      );
    }
  }
  return broken;
}

/** What adding up so much may have lost: times are multiples of 1/1024 ms, exact up to 2^43 ms. */
function roundingOf(sumMs: number): number {
  return sumMs > 2 ** 43 ? sumMs * 1e-9 : 0;
}

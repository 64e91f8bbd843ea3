import type { Topology } from '../../topology/index.js';
import { workloadKinds } from './index.js';
import type { Workload, WorkloadKind } from './kind.js';

/** What a kind of workload is going to send, for reckoning instead of running. */
export interface ExpectedMail {
  /** Messages expected between two times, in ms since the start. */
  messagesBetween(fromMs: number, toMs: number): number;
  readonly meanSizeBytes: number;
  readonly message: ExpectedMessage;
}

export type ExpectedMessage =
  /** Always the same: addresses. */
  | { readonly kind: 'certain'; readonly from: string; readonly to: readonly string[] }
  /** Drawn anew for each message, recipients one by one. */
  | {
      readonly kind: 'drawn';
      /** Mailbox ids, equally likely; empty: somebody outside. */
      readonly senders: Int32Array;
      /** Mailbox ids, equally likely. */
      readonly receivers: Int32Array;
      /** Share of recipients in each of these domains outside, … */
      readonly outsideDomains: readonly string[];
      readonly outsideDomainShare: number;
      /** … and of those that nobody has. */
      readonly unknownShare: number;
      /** How likely a message has so many recipients, by their number; of few people not a whole one, but a mean. */
      readonly recipientCounts: ReadonlyMap<number, number>;
    };

/** What a workload's expectations depend on. */
export interface ExpectationContext {
  readonly topology: Topology;
  /** Simulated 0 in ms since 1970 UTC. */
  readonly startUtcMs: number;
}

/** What a workload is expected to send; undefined where nobody can tell without running it. */
export function expectedMail(
  workload: Workload,
  context: ExpectationContext,
): readonly ExpectedMail[] | undefined {
  const kind: WorkloadKind = workloadKinds[workload.kind];
  return kind.expect?.(workload, context);
}

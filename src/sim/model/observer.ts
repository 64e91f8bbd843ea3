import type { NextHopSolutionKey, TierReason } from '../../routing/index.js';
import type { Topology } from '../../topology/index.js';
import type { PressureLevel, PressureResource } from './back-pressure/pressure-thresholds.js';

/** The stages a delivery's latency is split into, in the order a message meets them. */
export const stages = [
  'submission',
  'accept',
  'submissionQueue',
  'categorizer',
  'deliveryQueue',
  'retryWait',
  'connection',
  'transfer',
  'mailboxDelivery',
] as const;
export type Stage = (typeof stages)[number];

/** How a recipient's row ends. A row that has not ended is pending. */
export const endKinds = ['delivered', 'returned', 'expired', 'lost'] as const;
export type EndKind = (typeof endKinds)[number];

/** Queue statuses as Exchange spells them (QU-07). */
export const queueStatuses = ['Active', 'Connecting', 'Ready', 'Retry', 'Suspended'] as const;
export type QueueStatus = (typeof queueStatuses)[number];

/** Why messages of a queue are categorized anew. */
export type ResubmissionCause = 'idle' | 'administrator' | 'routing-change' | 'shadow' | 'safety-net';
export type RedirectCause = 'active-elsewhere' | 'drain';
/** Why no server has a recipient's message any more. */
export const lossCauses = ['queue-database-lost', 'mailbox-lost'] as const;
export type LossCause = (typeof lossCauses)[number];
export type RetryStage = 'glitch' | 'transient' | 'interval' | 'mailbox' | 'message';
export type AttemptOutcome = 'failed' | 'connected';
export type FaultPhase = 'begin' | 'end' | 'effect';

/** A non-delivery decision: the enhanced status code, its text, and the rule that leads to it. */
export interface NdrReason {
  readonly code: string;
  readonly text: string;
  readonly rule: string;
}

/**
 * What a message is: mail of a workload, a delivery status notification made by a server, or mail that Safety Net has sent
 * again.
 */
export type MessageKind = 'mail' | 'ndr' | 'delay-notice' | 'resubmission';

/** Facts of one message, handed to the observer; the same object is reused between calls: copy what is kept. */
export interface MessageFacts {
  /** Counts from 1 within the replication, in order of submission. */
  readonly message: number;
  readonly kind: MessageKind;
  readonly submittedMs: number;
  readonly sizeBytes: number;
}

/**
 * The facts that a running model reports, as they happen. Servers, databases and sites are topology indexes, queues
 * are ids that `ModelView` explains, recipients are ids that `ModelView.recipientAddress` names. An observer must
 * not act on the model.
 */
export interface TransportObserver {
  /** New mail of a workload, or (`kind` other than mail) a notification: `recipients` rows begin. */
  submitted(atMs: number, message: MessageFacts, recipients: number): void;
  /**
   * A group or a deliver-and-forward changed the number of rows by `net` (members less the group's own row), or somebody
   * had two.
   */
  expanded(atMs: number, message: MessageFacts, net: number): void;
  /**
   * One recipient's row has ended.
   * @param server - where it ended; -1 outside the organization
   * @param hops - Transport services that accepted the message on its way
   * @param stageMs - the time spent in each of `stages`, from `offset` on; they add up to `atMs` - `submittedMs` exactly
   * @param reason - why it was returned or expired; null when delivered or lost
   */
  ended(
    atMs: number,
    end: EndKind,
    message: MessageFacts,
    recipient: number,
    server: number,
    hops: number,
    stageMs: Float64Array,
    offset: number,
    reason: NdrReason | null,
  ): void;
  /**
   * Somebody got a message that they have, and no `ended` follows. Inside the organization the store drops it (RR-06,
   * CAP-54), outside they have it twice.
   */
  duplicated(atMs: number, message: MessageFacts, recipient: number, isDropped: boolean): void;
  /** No server has a recipient's message any more; `ended` follows. */
  lost(atMs: number, message: MessageFacts, recipient: number, cause: LossCause): void;
  /**
   * A Transport service has acknowledged a message, or promoted the shadow copy that it had of it, and was to have it
   * shadowed (SH-02, SH-05): it was, or it was not (SH-03).
   * @param message - its number
   */
  shadowed(atMs: number, server: number, hasShadow: boolean, message: number, isPromoted: boolean): void;
  /** A server has refused a message for the moment, because nobody took a shadow copy (SH-03). */
  refusedUnshadowed(atMs: number, server: number): void;
  /** A shadow copy has gone to Shadow Safety Net (SH-04), or was promoted (SH-05). */
  shadowEnded(atMs: number, server: number, isPromoted: boolean): void;
  /** A message left the categorizer of a server. */
  categorized(atMs: number, server: number): void;
  /** A Transport service accepted a message from another Transport service. */
  relayed(atMs: number, from: number, to: number): void;
  delayNotice(atMs: number, message: MessageFacts, server: number): void;
  redirected(
    atMs: number,
    message: MessageFacts,
    recipient: number,
    server: number,
    database: number,
    believedServer: number,
    activeServer: number,
    cause: RedirectCause,
  ): void;
  /** A tier other than the first accepted a message: a back-off (`reason` backoff) or a fallback. */
  fallenBack(
    atMs: number,
    message: MessageFacts,
    server: number,
    nextHopDomain: string,
    tier: number,
    reason: TierReason,
    site: number,
    acceptedBy: number,
  ): void;
  /** An attempt of a queue: number 0 is the first that failed, 1 the first retry. */
  attempted(
    startMs: number,
    queue: number,
    attempt: number,
    stage: RetryStage,
    outcome: AttemptOutcome,
    durationMs: number,
    queueLength: number,
  ): void;
  /** `messages` of a queue went back to the Submission queue; `queue` is -1 for what was in no delivery queue. */
  resubmitted(atMs: number, queue: number, cause: ResubmissionCause, messages: number): void;
  /** A queue's length (waiting and being sent) has become `length`. Queue ids count up from 0. */
  queueLength(atMs: number, queue: number, length: number): void;
  queueStatus(atMs: number, queue: number, status: QueueStatus): void;
  /** Shadow copies in a shadow queue (QU-04), ids of their own: see `ModelView.shadowQueueServer`. */
  shadowQueueLength(atMs: number, queue: number, length: number): void;
  /** Messages in the Submission queue and the categorizer of a server. */
  submissionQueueLength(atMs: number, server: number, length: number): void;
  /** `bytes` crossed a site link in a transfer that nothing held up; see `ModelView.linkCarriedBytes`. */
  linkUsed(atMs: number, link: number, bytes: number): void;
  fault(atMs: number, kind: string, subject: string, phase: FaultPhase): void;
  /**
   * A copy left a delivery queue, for wherever: with `enteredMs`, stamped on the copy, Little's law is checked without
   * the queue's own bookkeeping.
   */
  leftQueue(atMs: number, queue: number, enteredMs: number, submittedMs: number): void;
  /** As `leftQueue`, for the Submission queue and the categorizer of a server. */
  leftSubmissionQueue(atMs: number, server: number, enteredMs: number, submittedMs: number): void;
  /** A Transport service answered MAIL FROM with `452 4.3.1`: it is under back pressure (BP-02). */
  refused(atMs: number, server: number): void;
  /** A Transport service holds up its answer to MAIL FROM for `waitMs` (BP-03). */
  tarpitted(atMs: number, server: number, waitMs: number): void;
  /** A resource of a Transport service has another level than before: `normal` at first, and when the service stops. */
  pressure(atMs: number, server: number, resource: PressureResource, level: PressureLevel): void;
  /** The messages in a server's queue database have come to be so many bytes. */
  queueDatabaseBytes(atMs: number, server: number, bytes: number): void;
}

/** What an observer may ask of the model, for names and samples. */
export interface ModelView {
  readonly topology: Topology;
  readonly queueCount: number;
  readonly shadowQueueCount: number;
  shadowQueueServer(queue: number): number;
  /** The server whose mail it has copies of. */
  shadowQueuePrimary(queue: number): number;
  /** Messages in the model that have not ended. */
  readonly messagesInFlight: number;
  /** Messages waiting or being sent in all delivery queues. */
  readonly messagesQueued: number;
  queueServer(queue: number): number;
  queueKey(queue: number): NextHopSolutionKey;
  queueMessages(queue: number): number;
  queueStatusNow(queue: number): QueueStatus;
  /** Age of the oldest message in a queue since its submission, ms; 0 when empty. */
  queueOldestMs(queue: number): number;
  recipientAddress(recipient: number): string;
  /**
   * Bytes that have crossed a site link until now in transfers that a bandwidth or loss holds up, those under way
   * too; of other transfers `linkUsed` tells.
   */
  linkCarriedBytes(link: number): number;
  /** How long a link would have been busy until now had it always carried its full bandwidth; unlimited it never is. */
  linkBusyMs(link: number): number;
  /** What the cores of a server have worked until now, in ms of one core. */
  processorDoneMs(server: number): number;
  /** Calls `visit` for each recipient's row that has not ended, with its message's facts and its recipient id. */
  forEachPending(visit: (message: MessageFacts, recipient: number, server: number) => void): void;
}

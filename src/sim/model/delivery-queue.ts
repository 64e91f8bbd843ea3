import type { NextHopSolutionKey, Tier } from '../../routing/index.js';
import { type EventHandle, noEvent } from '../kernel/index.js';
import type { QueueStatus, RetryStage } from './observer.js';
import { type PriorityClass, priorityClasses, shortestPriorityTimeMs } from './priority.js';
import { messagesPerSession, sessionLimit } from './queue-sessions.js';
import { RetryClock } from './retry-clock.js';
import { retryStage } from './retry-ladder.js';
import type { Settings } from './settings.js';

/** Kinds of queues that send. */
export type SendingQueueKind = 'mailbox' | 'relay' | 'outside' | 'redirect';
/** What a queue sends to: `redirect` to the servers that an administrator has named (QU-12); the Unreachable and the Poison queue of a server only wait (QU-01, QU-03). */
export type DeliveryQueueKind = SendingQueueKind | 'unreachable' | 'poison';

/**
 * The state of one delivery queue: one server's mail for one NextHopSolutionKey (RT-28). `DeliveryQueues` acts on
 * it; the copies are in four lists: waiting, tried (mailbox queues: refused before, behind those not yet tried,
 * CAP-66), deferred (each refused by itself, in Retry until its own time has come) and being sent.
 */
export class DeliveryQueue {
  readonly id: number;
  readonly server: number;
  readonly kind: DeliveryQueueKind;
  /** A relay queue that leads from an Edge into the organization (RT-60): no other sends to smart hosts. */
  readonly isInbound: boolean;
  /** False for the Unreachable and the Poison queue. */
  readonly sends: boolean;
  readonly key: NextHopSolutionKey;
  /** The database of a mailbox queue, else -1. */
  readonly database: number;
  readonly settings: Settings;
  /** Of a redirect queue: the servers it sends to. */
  readonly redirectTiers: readonly Tier[] | null;
  /** Messages that go over one session before it is closed. */
  readonly messagesPerSession: number;
  /** Sessions it may have at a time, and queued messages for each further one (CAP-20, CAP-21, MD-03). */
  readonly sessionLimit: number;
  readonly messagesPerFurtherSession: number;
  /** Whether its messages have priorities: then the lists of high and low stand beside `waiting`, for normal. */
  readonly hasPriorities: boolean;
  /** By `priorityIndex`; none where its messages have no priorities. */
  readonly priorityClasses: readonly PriorityClass[];
  readonly high: number;
  readonly low: number;
  /** Messages being sent, by priority, and those of normal since the last of low: only where it has priorities. */
  readonly sendingOf: Int32Array;
  normalsInRow = 0;
  /** Messages in all of its lists. */
  length = 0;
  waiting: number;
  tried: number;
  readonly deferred: number;
  readonly sending: number;
  status: QueueStatus = 'Ready';
  /** Sessions it has open or is opening, and how many of them stand. */
  sessions = 0;
  established = 0;
  /** It would have one more session than its server has connections left for. */
  awaitsConnection = false;
  /** An attempt has failed since the last success: no further session is opened while others are still at work. */
  failing = false;
  /** Failed attempts since the last success. */
  failures = 0;
  /** Attempts left in this retry cycle (mailbox queues, CAP-66). */
  attemptsLeft = 0;
  /** Attempts made in it: no message is tried twice in a cycle. */
  attemptsMade = 0;
  /** Since when nothing is in it; -1 while something is. */
  emptySinceMs = -1;
  retryTimer: EventHandle = noEvent;
  /** Of a mailbox queue in Retry: the server that failed, and when its own server asks whether the copy has moved. */
  failedHolder = -1;
  newsTimer: EventHandle = noEvent;
  idleTimer: EventHandle = noEvent;
  /** When the first of the deferred is due. */
  deferredTimer: EventHandle = noEvent;
  /** Of an outside queue: the remotes it sends to, looked up when it first does. */
  remotes: readonly number[] | null = null;
  /** Where equal servers begin their turn next (UN-07); an empty queue that goes keeps it (assumption A-turn-outlives-queue). */
  turn = 0;
  /** When deadlines are looked at next; -1 while the queue is empty. */
  sweepAtMs = -1;
  /** No message has a deadline sooner after its submission. */
  readonly shortestDeadlineMs: number;
  readonly #retryClock = new RetryClock();

  constructor(
    id: number,
    server: number,
    kind: DeliveryQueueKind,
    key: NextHopSolutionKey,
    database: number,
    settings: Settings,
    makeList: () => number,
    redirectTiers: readonly Tier[] | null = null,
  ) {
    this.id = id;
    this.server = server;
    this.kind = kind;
    this.isInbound = kind === 'relay' && key.deliveryType === 'SmartHostConnectorDelivery';
    this.sends = kind !== 'unreachable' && kind !== 'poison';
    this.key = key;
    this.database = database;
    this.settings = settings;
    this.redirectTiers = redirectTiers;
    const { transport } = settings;
    this.messagesPerSession = messagesPerSession(settings, key);
    this.sessionLimit = sessionLimit(settings, key);
    this.messagesPerFurtherSession =
      transport.smtpConnectorQueueMessageCountThresholdForConcurrentConnections;
    this.hasPriorities = transport.priorityQueuingEnabled && kind !== 'poison';
    this.priorityClasses = this.hasPriorities ? priorityClasses(settings) : [];
    this.shortestDeadlineMs = this.hasPriorities
      ? shortestPriorityTimeMs(this.priorityClasses)
      : Math.min(transport.messageExpirationTimeout, transport.delayNotificationTimeout);
    this.high = this.hasPriorities ? makeList() : -1;
    this.low = this.hasPriorities ? makeList() : -1;
    this.sendingOf = new Int32Array(this.hasPriorities ? 3 : 0);
    this.waiting = makeList();
    this.tried = makeList();
    this.deferred = makeList();
    this.sending = makeList();
  }

  /** Visits each list in which copies wait, by its number: those whose turn comes first come first. */
  forEachWaitingList(visit: (list: number) => void): void {
    if (this.hasPriorities) visit(this.high);
    visit(this.waiting);
    if (this.hasPriorities) visit(this.low);
    visit(this.tried);
    visit(this.deferred);
  }

  /**
   * Whether the queue is there for all to see: while it holds something, a delivery queue also for `queueMaxIdleTime`
   * after that (QU-01, QU-02). One that has gone comes back as it was, but for what an empty queue does not have.
   */
  isThere(nowMs: number): boolean {
    if (this.emptySinceMs < 0 || this.sessions > 0) return true;
    return this.sends && nowMs - this.emptySinceMs < this.settings.transport.queueMaxIdleTime;
  }

  /** Whether it has been in Retry since it last held nothing. */
  get hasBeenInRetry(): boolean {
    return this.#retryClock.hasBegun;
  }

  /** How long the queue has been in Retry since `fromMs`, when a message came that is in it still. */
  retryMs(fromMs: number, nowMs: number): number {
    return this.#retryClock.sinceMs(fromMs, nowMs);
  }

  /** Nothing is in it from now on. */
  emptied(nowMs: number): void {
    this.emptySinceMs = nowMs;
    this.#retryClock.forget();
  }

  enterRetry(nowMs: number): void {
    this.#retryClock.begin(nowMs);
    this.status = 'Retry';
  }

  /** Leaves Retry, if it was in it. */
  leaveRetry(nowMs: number, status: QueueStatus): void {
    this.#retryClock.end(nowMs);
    this.status = status;
  }

  /** The stage of the `attempt`-th retry; attempt 0, the first that failed, counts to the stage it begins. */
  stageOf(attempt: number): RetryStage {
    return this.kind === 'mailbox' ? 'mailbox' : retryStage(Math.max(1, attempt), this.settings);
  }

  /**
   * Sessions that `length` messages call for: one, and one more for every so many messages (CAP-21). Until one
   * stands there is only one attempt at a time: a next hop that does not answer is not asked again by every message.
   */
  sessionsFor(length: number): number {
    // Nor does a database that answers to the connection alone: in a retry cycle messages are tried one by one.
    if (this.established === 0 || this.failures > 0) return 1;
    return Math.min(this.sessionLimit, Math.max(1, Math.ceil(length / this.messagesPerFurtherSession)));
  }
}

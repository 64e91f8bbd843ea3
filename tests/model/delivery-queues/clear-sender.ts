import { ClearAgenda, type Due } from '../clear-agenda.js';
import { book, type ClearClass, ClearLines, type ClearMail, type ClearPriority } from './clear-lines.js';

/** What holds for a server that sends to domains outside, or to databases. */
export interface SenderRules {
  readonly hasPriorities: boolean;
  readonly classOf: (priority: ClearPriority) => ClearClass;
  /** Connections at a time: of the server in all, of a queue, and those that a domain takes. */
  readonly ofServer: number;
  readonly ofQueue: number;
  readonly ofDomain: number;
  /** So many queued messages call for one more (CAP-21). */
  readonly messagesPerFurther: number;
  readonly messagesPerSession: number;
  readonly connectTimeoutMs: number;
  readonly messageRetryMs: number;
  /** MI-01: how often, and how long after the failure. */
  readonly glitch: { readonly count: number; readonly afterMs: number };
  readonly transient: { readonly count: number; readonly afterMs: number };
  readonly intervalMs: number;
  /** Of queues to databases: what a retry cycle tries, how long an attempt without an answer lasts (CAP-65, CAP-66). */
  readonly database: {
    readonly attemptsPerCycle: number;
    readonly noAnswerMs: number;
    readonly afterMs: number;
  } | null;
  readonly connectMs: (mail: ClearMail) => number;
  readonly acceptMs: (mail: ClearMail) => number;
}

export type SenderFact =
  | { readonly status: string; readonly queue: number; readonly atMs: number }
  | { readonly delivered: number; readonly atMs: number; readonly bookedMs: ClearMail['bookedMs'] }
  | {
      readonly attempt: number;
      readonly stage: string;
      readonly outcome: 'failed' | 'connected';
      readonly queue: number;
      readonly startedMs: number;
      readonly endedMs: number;
      readonly length: number;
    };

interface ClearSession {
  /** The last number given back is the first to be given out again: who is aborted first follows from it. */
  readonly number: number;
  readonly queue: ClearSendingQueue;
  mail: ClearMail;
  attempt: number;
  startedMs: number;
  sent: number;
  stands: boolean;
  /** The domain has fallen silent meanwhile. */
  isBroken: boolean;
}

interface ClearSendingQueue {
  readonly id: number;
  readonly domain: ClearDomain;
  readonly lines: ClearLines;
  status: 'Ready' | 'Connecting' | 'Active' | 'Retry';
  failing: boolean;
  failures: number;
  /** In this retry cycle. */
  attemptsLeft: number;
  retry: Due | null;
}

interface ClearDomain {
  silent: number;
  notNow: number;
}

/**
 * The clear version of `DeliveryQueues` with `QueueRetries`, `MessageRetries`, `OutboundConnections`, `SessionPool` and
 * `RemoteDomains`, for queues to domains outside or to databases: sessions are objects in one list, what is to happen stands in another
 * in order of time, and whatever is limited is counted each time.
 */
export class ClearSender {
  readonly #rules: SenderRules;
  readonly #tell: (fact: SenderFact) => void;
  readonly queues: readonly ClearSendingQueue[];
  #sessions: ClearSession[] = [];
  readonly #agenda = new ClearAgenda();
  /** Who would have one more connection than the server has left, in order of asking. */
  #awaiting: ClearSendingQueue[] = [];
  readonly #refusals = new Map<ClearMail, number>();
  readonly #freeNumbers: number[] = [];
  #numbers = 0;
  #dnsOutages = 0;
  #runs = true;

  constructor(domains: number, rules: SenderRules, tell: (fact: SenderFact) => void) {
    this.#rules = rules;
    this.#tell = tell;
    const { hasPriorities, classOf } = rules;
    this.queues = Array.from({ length: domains }, (_, id) => ({
      id,
      domain: { silent: 0, notNow: 0 },
      lines: new ClearLines(
        {
          queue: id,
          isMailbox: rules.database !== null,
          hasPriorities,
          largestHighBytes: Number.POSITIVE_INFINITY,
          classOf,
        },
        () => {},
      ),
      status: 'Ready',
      failing: false,
      failures: 0,
      attemptsLeft: 0,
      retry: null,
    }));
  }

  /** How many sessions are open or being opened: in all, and the most of one queue. */
  get open(): { readonly all: number; readonly ofQueue: number } {
    return {
      all: this.#sessions.length,
      ofQueue: Math.max(...this.queues.map((queue) => this.#of(queue).length)),
    };
  }

  get awaitsConnection(): boolean {
    return this.#awaiting.length > 0;
  }

  runUntil(endMs: number): void {
    this.#agenda.runUntil(endMs);
  }

  enqueue(place: number, mail: ClearMail): void {
    const queue = this.queues[place]!;
    queue.lines.enter(mail, this.#agenda.nowMs);
    this.#pump(queue);
  }

  beginSilence(place: number): void {
    const { domain } = this.queues[place]!;
    if (domain.silent++ > 0 || this.#rules.database !== null) return;
    for (const session of this.#sessions) if (session.queue.domain === domain) session.isBroken = true;
  }

  endSilence(place: number): void {
    this.queues[place]!.domain.silent--;
  }

  /** The domain answers "not now" to every message (4xx). */
  beginRefusals(place: number): void {
    this.queues[place]!.domain.notNow++;
  }

  endRefusals(place: number): void {
    this.queues[place]!.domain.notNow--;
  }

  beginDnsOutage(): void {
    this.#dnsOutages++;
  }

  endDnsOutage(): void {
    this.#dnsOutages--;
  }

  stop(): void {
    this.#runs = false;
    for (const session of this.#sessions.toSorted((a, b) => a.number - b.number)) {
      this.#drop(session);
      this.#freeNumbers.push(session.number);
      book(session.mail, 'connection', this.#agenda.nowMs);
      session.queue.lines.putBack(session.mail);
    }
    this.#awaiting = [];
    for (const queue of this.queues) this.#settle(queue);
  }

  start(): void {
    this.#runs = true;
    for (const queue of this.queues) this.#pump(queue);
  }

  #of(queue: ClearSendingQueue): readonly ClearSession[] {
    return this.#sessions.filter((session) => session.queue === queue);
  }

  #pump(queue: ClearSendingQueue): void {
    if (!this.#runs) return;
    while (this.#wantsSession(queue) && this.#open(queue)) {}
  }

  #wantsSession(queue: ClearSendingQueue): boolean {
    const { lines, status, failing } = queue;
    return (
      status !== 'Retry' &&
      !failing &&
      this.#of(queue).length < this.#sessionsFor(queue) &&
      lines.head(this.#agenda.nowMs) !== undefined
    );
  }

  /** Until one session stands there is one attempt at a time (CAP-21). */
  #sessionsFor(queue: ClearSendingQueue): number {
    const { ofQueue, messagesPerFurther } = this.#rules;
    if (queue.failures > 0 || !this.#of(queue).some(({ stands }) => stands)) return 1;
    return Math.min(ofQueue, Math.max(1, Math.ceil(queue.lines.all.length / messagesPerFurther)));
  }

  #open(queue: ClearSendingQueue): boolean {
    if (this.#isFull()) {
      this.#await(queue);
      return false;
    }
    const mail = queue.lines.take(this.#agenda.nowMs);
    if (mail === undefined) {
      this.#settle(queue);
      return false;
    }
    const number = this.#freeNumbers.pop() ?? this.#numbers++;
    const startedMs = this.#agenda.nowMs;
    const attempt = queue.failures;
    const session = { number, queue, mail, attempt, startedMs, sent: 0, stands: false, isBroken: false };
    this.#sessions.push(session);
    if (queue.status !== 'Active') this.#become(queue, 'Connecting');
    this.#connect(session);
    return true;
  }

  #isFull(): boolean {
    return this.#sessions.length >= this.#rules.ofServer;
  }

  #await(queue: ClearSendingQueue): void {
    if (!this.#awaiting.includes(queue)) this.#awaiting.push(queue);
  }

  #connect(session: ClearSession): void {
    const { domain } = session.queue;
    if (this.#dnsOutages > 0) this.#failed(session, 'connection');
    else if (domain.silent > 0 && this.#rules.database === null)
      this.#wait(session, this.#rules.connectTimeoutMs, () => this.#failed(session, 'connection'));
    else this.#wait(session, this.#rules.connectMs(session.mail), () => this.#connected(session));
  }

  /** Something happens to a session in so many ms, if it is still there. */
  #wait(session: ClearSession, delayMs: number, then: () => void): void {
    this.#agenda.at(delayMs, () => {
      if (this.#sessions.includes(session)) then();
    });
  }

  #connected(session: ClearSession): void {
    const { queue } = session;
    const taken = this.#of(queue).filter(({ stands }) => stands).length;
    if (session.isBroken || taken >= this.#rules.ofDomain) {
      this.#failed(session, 'connection');
      return;
    }
    session.stands = true;
    book(session.mail, 'connection', this.#agenda.nowMs);
    // A database's connection says nothing yet.
    if (this.#rules.database === null) this.#gotThrough(session);
    this.#send(session);
    this.#pump(queue);
  }

  #gotThrough({ queue, attempt, startedMs }: ClearSession): void {
    if (attempt > 0) this.#report(queue, attempt, startedMs, 'connected');
    if (queue.failures > 0) this.#forget(queue);
    queue.failing = false;
    this.#become(queue, 'Active');
  }

  #send(session: ClearSession): void {
    const { database } = this.#rules;
    const { queue, startedMs } = session;
    if (database !== null && queue.domain.silent > 0) {
      const leftMs = Math.max(0, database.noAnswerMs - (this.#agenda.nowMs - startedMs));
      this.#wait(session, leftMs, () => this.#failed(session, 'transfer'));
      return;
    }
    if (database !== null) {
      const wasHeldUp = queue.failing || queue.failures > 0;
      this.#gotThrough(session);
      if (wasHeldUp) this.#pump(queue);
    }
    this.#wait(session, this.#rules.acceptMs(session.mail), () => this.#answered(session));
  }

  #answered(session: ClearSession): void {
    const { queue, mail, startedMs } = session;
    if (session.isBroken) {
      this.#failed(session, 'transfer');
      return;
    }
    book(mail, 'transfer', this.#agenda.nowMs);
    const refusals = this.#refusals.get(mail) ?? 0;
    if (queue.domain.notNow > 0) {
      this.#reportMessage(queue, refusals, startedMs, 'failed');
      this.#refusals.set(mail, refusals + 1);
      queue.lines.defer(mail);
      this.#agenda.at(this.#rules.messageRetryMs, () => {
        queue.lines.readmit(mail, this.#agenda.nowMs);
        this.#pump(queue);
      });
    } else {
      if (refusals > 0) this.#reportMessage(queue, refusals, startedMs, 'connected');
      queue.lines.leave(mail, this.#agenda.nowMs);
      this.#tell({ delivered: mail.number, atMs: this.#agenda.nowMs, bookedMs: { ...mail.bookedMs } });
    }
    this.#next(session);
  }

  #next(session: ClearSession): void {
    const { queue } = session;
    const wasFailing = queue.failing;
    queue.failing = false;
    if (
      session.sent + 1 < this.#rules.messagesPerSession &&
      queue.lines.head(this.#agenda.nowMs) !== undefined
    ) {
      session.mail = queue.lines.take(this.#agenda.nowMs)!;
      session.sent++;
      session.attempt = 0;
      session.startedMs = this.#agenda.nowMs;
      this.#send(session);
      if (wasFailing) this.#pump(queue);
      return;
    }
    this.#drop(session);
    this.#freeNumbers.push(session.number);
    this.#passConnectionOn();
    this.#pump(queue);
    if (this.#of(queue).length === 0 && queue.status !== 'Retry') this.#become(queue, 'Ready');
  }

  #drop(session: ClearSession): void {
    this.#sessions = this.#sessions.filter((each) => each !== session);
  }

  #failed(session: ClearSession, stage: 'connection' | 'transfer'): void {
    const { queue, mail, attempt, startedMs } = session;
    book(mail, stage, this.#agenda.nowMs);
    this.#drop(session);
    if (stage === 'transfer') this.#freeNumbers.push(session.number);
    queue.lines.putBack(mail);
    queue.failing = this.#of(queue).length > 0;
    // It is the last connection that decides.
    if (!queue.failing) {
      this.#report(queue, attempt, startedMs, 'failed');
      queue.failures = attempt + 1;
      queue.attemptsLeft--;
      queue.lines.attemptsMade++;
      if (queue.attemptsLeft > 0 && queue.lines.attemptsMade < queue.lines.all.length) this.#open(queue);
      else this.#retryLater(queue, attempt + 1);
    }
    this.#passConnectionOn();
    // What has never stood is closed when all this has been told.
    if (stage === 'connection') this.#freeNumbers.push(session.number);
  }

  #retryLater(queue: ClearSendingQueue, attempt: number): void {
    queue.lines.enterRetry(this.#agenda.nowMs);
    queue.status = 'Retry';
    this.#tell({ status: 'Retry', queue: queue.id, atMs: this.#agenda.nowMs });
    queue.retry = this.#agenda.at(this.#ladder(attempt).afterMs, () => this.#retryDue(queue));
  }

  #retryDue(queue: ClearSendingQueue): void {
    queue.retry = null;
    queue.lines.attemptsMade = 0;
    if (queue.lines.head(this.#agenda.nowMs) === undefined) {
      this.#settle(queue);
      return;
    }
    this.#become(queue, 'Connecting');
    queue.attemptsLeft = this.#rules.database?.attemptsPerCycle ?? 1;
    this.#open(queue);
  }

  #passConnectionOn(): void {
    while (!this.#isFull()) {
      const queue = this.#awaiting.shift();
      if (queue === undefined) return;
      if (this.#wantsSession(queue)) this.#open(queue);
      else if (queue.status === 'Connecting' && this.#of(queue).length === 0) this.#settle(queue);
      if (this.#wantsSession(queue)) this.#await(queue);
    }
  }

  #settle(queue: ClearSendingQueue): void {
    this.#forget(queue);
    this.#become(queue, 'Ready');
  }

  #forget(queue: ClearSendingQueue): void {
    this.#agenda.cancel(queue.retry);
    queue.retry = null;
    queue.failures = 0;
    queue.failing = false;
    queue.attemptsLeft = 0;
  }

  #become(queue: ClearSendingQueue, status: 'Ready' | 'Connecting' | 'Active'): void {
    if (queue.status === status) return;
    if (queue.lines.isInRetry) queue.lines.leaveRetry(this.#agenda.nowMs);
    queue.status = status;
    this.#tell({ status, queue: queue.id, atMs: this.#agenda.nowMs });
  }

  /** MI-01. */
  #ladder(attempt: number): { readonly stage: string; readonly afterMs: number } {
    const { glitch, transient, intervalMs, database } = this.#rules;
    if (database !== null) return { stage: 'mailbox', afterMs: database.afterMs };
    if (attempt <= glitch.count) return { stage: 'glitch', afterMs: glitch.afterMs };
    if (attempt <= glitch.count + transient.count) return { stage: 'transient', afterMs: transient.afterMs };
    return { stage: 'interval', afterMs: intervalMs };
  }

  #report(
    queue: ClearSendingQueue,
    attempt: number,
    startedMs: number,
    outcome: 'failed' | 'connected',
  ): void {
    const { stage } = this.#ladder(Math.max(1, attempt));
    const length = queue.lines.all.length;
    this.#tell({ attempt, stage, outcome, queue: queue.id, startedMs, endedMs: this.#agenda.nowMs, length });
  }

  #reportMessage(
    queue: ClearSendingQueue,
    attempt: number,
    startedMs: number,
    outcome: 'failed' | 'connected',
  ): void {
    const length = queue.lines.all.length;
    this.#tell({
      attempt,
      stage: 'message',
      outcome,
      queue: queue.id,
      startedMs,
      endedMs: this.#agenda.nowMs,
      length,
    });
  }
}

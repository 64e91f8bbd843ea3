/** What a message asks for, or is given (PQ). */
export type ClearPriority = 'high' | 'normal' | 'low';
const bySeniority: readonly ClearPriority[] = ['high', 'normal', 'low'];

/** A message in a delivery queue as one would write it down. */
export interface ClearMail {
  readonly number: number;
  readonly submittedMs: number;
  readonly sizeBytes: number;
  readonly asksFor: ClearPriority;
  /** Its sender has cost the server much (MD-05). */
  readonly isCostly: boolean;
  queuedMs: number;
  /** When what it does now began. */
  sinceMs: number;
  isNoticed: boolean;
  readonly bookedMs: Record<ClearStage, number>;
}

export type ClearStage = 'deliveryQueue' | 'retryWait' | 'connection' | 'transfer';

/** What a message has done until now counts to a stage. */
export function book(mail: ClearMail, stage: ClearStage, nowMs: number): void {
  mail.bookedMs[stage] += nowMs - mail.sinceMs;
  mail.sinceMs = nowMs;
}

/** What holds for all of a queue's mail, or, where it has priorities, for that of one. */
export interface ClearClass {
  readonly delayMs: number;
  readonly expiryMs: number;
  /** So many are sent at a time, of a queue that leads to other servers or domains. */
  readonly connections: number;
}

export interface ClearRules {
  readonly queue: number;
  readonly isMailbox: boolean;
  readonly hasPriorities: boolean;
  readonly largestHighBytes: number;
  readonly classOf: (priority: ClearPriority) => ClearClass;
}

/** What a queue tells, in order. */
export type ClearFact =
  | { readonly left: number; readonly queue: number; readonly atMs: number; readonly queuedMs: number }
  | { readonly length: number; readonly queue: number; readonly atMs: number }
  | { readonly expired: number; readonly atMs: number }
  | { readonly delayed: number; readonly atMs: number };

/** MD-05: then it is the turn of one of low priority. */
const normalsForOneLow = 20;

/**
 * The clear version of `QueueLines`, with `PriorityLines`, `CopyLists`, `QueueDeadlines` and `RetryClock`: who waits
 * stands in an array in order of coming, and whatever is asked is looked for there.
 */
export class ClearLines {
  readonly #rules: ClearRules;
  readonly #tell: (fact: ClearFact) => void;
  #waiting: ClearMail[] = [];
  /** Of a mailbox queue: refused before, behind those not yet tried (CAP-66). */
  #tried: ClearMail[] = [];
  readonly #deferred: ClearMail[] = [];
  readonly #sending: ClearMail[] = [];
  /** When the queue was in Retry. */
  readonly #retries: { readonly fromMs: number; toMs: number }[] = [];
  #normalsInRow = 0;
  /** Attempts of the present retry cycle: no message has two. */
  attemptsMade = 0;

  constructor(rules: ClearRules, tell: (fact: ClearFact) => void) {
    this.#rules = rules;
    this.#tell = tell;
  }

  /** All of them: who waits by priority, then the others. */
  get all(): readonly ClearMail[] {
    return [...this.#waitingInTurn(), ...this.#tried, ...this.#deferred, ...this.#sending];
  }

  get sending(): readonly ClearMail[] {
    return this.#sending;
  }

  get deferred(): readonly ClearMail[] {
    return this.#deferred;
  }

  get isInRetry(): boolean {
    return this.#retries.at(-1)?.toMs === Number.POSITIVE_INFINITY;
  }

  enterRetry(nowMs: number): void {
    this.#retries.push({ fromMs: nowMs, toMs: Number.POSITIVE_INFINITY });
  }

  leaveRetry(nowMs: number): void {
    this.#retries.at(-1)!.toMs = nowMs;
  }

  enter(mail: ClearMail, nowMs: number): void {
    mail.queuedMs = nowMs;
    mail.sinceMs = nowMs;
    this.#waiting.push(mail);
    this.#tellLength(nowMs);
  }

  /** Whether somebody waits who may be sent. */
  get hasNext(): boolean {
    return this.#waiting.length === 0 ? this.#tried.length > 0 : this.#next() !== undefined;
  }

  /** The one to send next. */
  head(nowMs: number): ClearMail | undefined {
    for (;;) {
      if (this.#waiting.length === 0) this.#beginRound();
      const mail = this.#next();
      if (mail === undefined || nowMs < mail.submittedMs + this.#classOf(mail).expiryMs) return mail;
      this.#expire(mail, nowMs);
    }
  }

  take(nowMs: number): ClearMail | undefined {
    const mail = this.head(nowMs);
    if (mail === undefined) return undefined;
    this.#endWait(mail, nowMs);
    this.#sending.push(mail);
    const priority = this.#priorityOf(mail);
    if (priority === 'low' || !this.#waiting.some((each) => this.#priorityOf(each) === 'low'))
      this.#normalsInRow = 0;
    else if (priority === 'normal') this.#normalsInRow++;
    return mail;
  }

  /** One of those being sent could not be; its time is booked up to now, as with the two that follow. */
  putBack(mail: ClearMail): void {
    this.#endSending(mail);
    if (this.#rules.isMailbox) this.#tried.push(mail);
    else this.#waiting.unshift(mail);
  }

  /** One of those being sent was refused by itself. */
  defer(mail: ClearMail): void {
    this.#endSending(mail);
    this.#deferred.push(mail);
  }

  readmit(mail: ClearMail, nowMs: number): void {
    this.#endWait(mail, nowMs);
    this.#waiting.push(mail);
  }

  leave(mail: ClearMail, nowMs: number): void {
    this.#endSending(mail);
    this.#tellLeft(mail, nowMs);
    this.#tellLength(nowMs);
  }

  clear(nowMs: number, take: (mail: ClearMail) => void, stays: (mail: ClearMail) => boolean): number {
    const gone = [...this.#waitingInTurn(), ...this.#tried, ...this.#deferred].filter((mail) => !stays(mail));
    for (const mail of gone) {
      this.#endWait(mail, nowMs);
      this.#tellLeft(mail, nowMs);
      take(mail);
    }
    this.#tellLength(nowMs);
    return gone.length;
  }

  /** Who comes of age until then, each when it does. */
  passUntil(nowMs: number, endMs: number): void {
    for (;;) {
      const [first] = [...this.#waiting, ...this.#tried, ...this.#deferred].sort(
        (a, b) => this.#dueMs(a) - this.#dueMs(b),
      );
      if (first === undefined || this.#dueMs(first) > endMs) return;
      this.#comeOfAge(first, Math.max(nowMs, this.#dueMs(first)));
    }
  }

  /** The server has not run for a while. */
  restarted(nowMs: number): void {
    for (const mail of [...this.#waitingInTurn(), ...this.#tried, ...this.#deferred]) {
      if (this.#dueMs(mail) <= nowMs) this.#comeOfAge(mail, nowMs);
    }
  }

  #comeOfAge(mail: ClearMail, nowMs: number): void {
    if (nowMs >= mail.submittedMs + this.#classOf(mail).expiryMs) {
      this.#expire(mail, nowMs);
      return;
    }
    mail.isNoticed = true;
    this.#tell({ delayed: mail.number, atMs: nowMs });
  }

  #dueMs(mail: ClearMail): number {
    const { delayMs, expiryMs } = this.#classOf(mail);
    return mail.submittedMs + (mail.isNoticed ? expiryMs : Math.min(delayMs, expiryMs));
  }

  #expire(mail: ClearMail, nowMs: number): void {
    this.#endWait(mail, nowMs);
    this.#tellLeft(mail, nowMs);
    this.#tellLength(nowMs);
    this.#tell({ expired: mail.number, atMs: nowMs });
  }

  #priorityOf({ asksFor, isCostly, sizeBytes }: ClearMail): ClearPriority {
    const { isMailbox, hasPriorities, largestHighBytes } = this.#rules;
    if (!hasPriorities) return 'normal';
    if (isMailbox && isCostly) return 'low';
    return asksFor === 'high' && sizeBytes > largestHighBytes ? 'normal' : asksFor;
  }

  #classOf(mail: ClearMail): ClearClass {
    return this.#rules.classOf(this.#priorityOf(mail));
  }

  #waitingInTurn(): ClearMail[] {
    return bySeniority.flatMap((priority) =>
      this.#waiting.filter((mail) => this.#priorityOf(mail) === priority),
    );
  }

  #next(): ClearMail | undefined {
    const { isMailbox, hasPriorities, classOf } = this.#rules;
    if (!hasPriorities) return this.#waiting[0];
    return this.#waitingInTurn().find((mail, _, inTurn) => {
      const priority = this.#priorityOf(mail);
      if (isMailbox) {
        const lowsWait = inTurn.some((each) => this.#priorityOf(each) === 'low');
        return priority !== 'normal' || !lowsWait || this.#normalsInRow < normalsForOneLow;
      }
      const sent = this.#sending.filter((each) => this.#priorityOf(each) === priority).length;
      return sent < classOf(priority).connections;
    });
  }

  /** All have been tried: from the oldest; with priorities, but for those whose turn has been in this cycle. */
  #beginRound(): void {
    const tried = this.#tried;
    const { hasPriorities } = this.#rules;
    const inThisCycle = hasPriorities && this.attemptsMade < tried.length ? this.attemptsMade : 0;
    this.#waiting = tried.slice(0, tried.length - inThisCycle);
    this.#tried = tried.slice(tried.length - inThisCycle);
  }

  #endSending(mail: ClearMail): void {
    this.#sending.splice(this.#sending.indexOf(mail), 1);
  }

  #endWait(mail: ClearMail, nowMs: number): void {
    const waitedMs = nowMs - mail.sinceMs;
    let retryMs = 0;
    if (this.#deferred.includes(mail)) retryMs = waitedMs;
    else
      for (const { fromMs, toMs } of this.#retries)
        retryMs += Math.max(0, Math.min(nowMs, toMs) - Math.max(mail.sinceMs, fromMs));
    mail.bookedMs.retryWait += retryMs;
    mail.bookedMs.deliveryQueue += waitedMs - retryMs;
    mail.sinceMs = nowMs;
    for (const line of [this.#waiting, this.#tried, this.#deferred]) {
      if (line.includes(mail)) line.splice(line.indexOf(mail), 1);
    }
  }

  #tellLeft({ number, queuedMs }: ClearMail, atMs: number): void {
    this.#tell({ left: number, queue: this.#rules.queue, atMs, queuedMs });
  }

  #tellLength(atMs: number): void {
    const length = this.all.length;
    this.#tell({ length, queue: this.#rules.queue, atMs });
  }
}

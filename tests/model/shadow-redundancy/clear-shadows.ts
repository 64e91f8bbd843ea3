/** A shadow copy, and what it stands for. */
interface ClearShadow {
  readonly number: number;
  readonly bytes: number;
  /** Copies that the primary has not handed on (SH-07). */
  copies: number[];
  /** When the last of them was. */
  doneMs: number | null;
  /** Its discard event is there no more, and was never fetched. */
  isMissed: boolean;
}

/** A shadow queue with one queue database on either side. */
interface ClearQueue {
  readonly primary: number;
  readonly holder: number;
  shadows: ClearShadow[];
  /** Discard events that the primary has for the holder (SH-04). */
  discards: ClearShadow[];
  isOpen: boolean;
  isOrphaned: boolean;
  /** Since when the holder could not have reached the primary; null: it could, or is down, or has nothing of it. */
  silentSinceMs: number | null;
}

export type ShadowFact =
  | { readonly discarded: number; readonly bytes: number; readonly holder: number }
  | { readonly promoted: readonly number[]; readonly copies: readonly number[]; readonly holder: number }
  /** One that a holder had. */
  | { readonly expired: number }
  | { readonly lost: number };

export interface ShadowRules {
  readonly heartbeatMs: (server: number) => number;
  readonly silenceMs: (server: number) => number;
  readonly discardsKeptMs: (server: number) => number;
  /** SafetyNetHoldTime and MessageExpirationTimeout (SN-01). */
  readonly expiryMs: (server: number) => number;
  readonly runs: (server: number) => boolean;
  readonly connected: (a: number, b: number) => boolean;
  readonly isPaused: (server: number) => boolean;
}

export interface ShadowClock {
  readonly nowMs: () => number;
  readonly at: (atMs: number, run: () => void) => void;
}

/**
 * The clear version of shadow redundancy (SH-04, SH-05, SH-07, SN-01): lists of shadow copies, gone through each time, and
 * a heartbeat of every shadow queue whenever one is due, as long as there is a clock, whether there is anything to find or
 * not.
 */
export class ClearShadows {
  readonly #rules: ShadowRules;
  readonly #clock: ShadowClock;
  readonly #tell: (fact: ShadowFact, atMs: number) => void;
  readonly #queues: ClearQueue[] = [];
  heartbeats = 0;

  constructor(rules: ShadowRules, clock: ShadowClock, tell: (fact: ShadowFact, atMs: number) => void) {
    this.#rules = rules;
    this.#clock = clock;
    this.#tell = tell;
  }

  /** Shadow copies that a holder has of a primary's, whatever has become of databases (QU-04). */
  length(primary: number, holder: number): number {
    return this.#queues
      .filter((each) => each.primary === primary && each.holder === holder)
      .reduce((sum, { shadows }) => sum + shadows.length, 0);
  }

  /** Whether a queue is to be promoted: its primary is silent, or has another queue database. */
  get hasWaiting(): boolean {
    return this.#queues.some(
      ({ shadows, isOrphaned, silentSinceMs }) =>
        shadows.length > 0 && (isOrphaned || silentSinceMs !== null),
    );
  }

  bytes(holder: number): number {
    return this.#queues
      .filter((each) => each.holder === holder)
      .flatMap(({ shadows }) => shadows)
      .reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** The server that has a shadow copy of a copy; -1: none has. */
  holder(copy: number): number {
    return this.#find(copy)?.[0].holder ?? -1;
  }

  protect(copy: number, number: number, bytes: number, primary: number, holder: number): void {
    const shadow: ClearShadow = { number, bytes, copies: [copy], doneMs: null, isMissed: false };
    this.#open(primary, holder).shadows.push(shadow);
  }

  joined(copy: number, origin: number): void {
    this.#find(origin)?.[1].copies.push(copy);
  }

  left(copy: number): void {
    const found = this.#find(copy);
    if (found === undefined) return;
    const [queue, shadow] = found;
    shadow.copies = shadow.copies.filter((each) => each !== copy);
    if (shadow.copies.length > 0 || queue.isOrphaned) return;
    shadow.doneMs = this.#clock.nowMs();
    queue.discards.push(shadow);
  }

  met(server: number, other: number): void {
    for (const queue of this.#queues) {
      if (queue.isOpen && queue.holder === server && queue.primary === other) this.#fetch(queue);
    }
  }

  databaseLost(server: number): void {
    for (const queue of this.#queues) {
      if (queue.holder === server) {
        // What its primary has still is that one's alone (A-shadow-made-anew).
        const lost = queue.isOrphaned ? queue.shadows.flatMap(({ copies }) => copies) : [];
        for (const copy of lost) this.#say({ lost: copy });
        Object.assign(queue, { shadows: [], discards: [], isOpen: false });
      } else if (queue.primary === server && queue.isOpen) {
        Object.assign(queue, { discards: [], isOpen: false, isOrphaned: true });
      }
    }
    this.review();
  }

  /** Something may have changed: who is silent now, and was not before, or is no longer? */
  review(): void {
    for (const queue of this.#queues) {
      const isSilent = queue.shadows.length > 0 && this.#rules.runs(queue.holder) && !this.#reaches(queue);
      if (!isSilent) queue.silentSinceMs = null;
      if (!isSilent || queue.silentSinceMs !== null) continue;
      queue.silentSinceMs = this.#clock.nowMs();
      this.#promoteAfter(this.#rules.silenceMs(queue.holder), queue, queue.silentSinceMs);
    }
  }

  #promoteAfter(delayMs: number, queue: ClearQueue, sinceMs: number): void {
    this.#clock.at(this.#clock.nowMs() + delayMs, () => {
      // It has been heard meanwhile, even if only for a moment.
      if (queue.silentSinceMs !== sinceMs) return;
      // BP-06: under back pressure nothing is resubmitted.
      if (this.#rules.isPaused(queue.holder))
        this.#promoteAfter(this.#rules.heartbeatMs(queue.holder), queue, sinceMs);
      else this.#promote(queue);
    });
  }

  #find(copy: number): readonly [ClearQueue, ClearShadow] | undefined {
    for (const queue of this.#queues) {
      const shadow = queue.shadows.find(({ copies }) => copies.includes(copy));
      if (shadow !== undefined) return [queue, shadow];
    }
    return undefined;
  }

  #open(primary: number, holder: number): ClearQueue {
    const known = this.#queues.find(
      (each) => each.isOpen && each.primary === primary && each.holder === holder,
    );
    if (known !== undefined) return known;
    const queue: ClearQueue = {
      ...{ primary, holder, shadows: [], discards: [], isOpen: true, isOrphaned: false, silentSinceMs: null },
    };
    this.#queues.push(queue);
    this.#beat(queue, this.#clock.nowMs(), 1);
    return queue;
  }

  /** Heartbeats come at the multiples of their frequency from a time on, this one and all that follow. */
  #beat(queue: ClearQueue, fromMs: number, number: number): void {
    this.#clock.at(fromMs + number * this.#rules.heartbeatMs(queue.holder), () => {
      this.#heartbeat(queue);
      this.#beat(queue, fromMs, number + 1);
    });
  }

  #reaches({ primary, holder }: ClearQueue): boolean {
    const { runs, connected } = this.#rules;
    return runs(holder) && runs(primary) && connected(holder, primary);
  }

  #heartbeat(queue: ClearQueue): void {
    this.heartbeats++;
    if (this.#reaches(queue)) {
      if (!queue.isOrphaned) this.#fetch(queue);
      else if (!this.#rules.isPaused(queue.holder)) this.#promote(queue);
    }
    if (!queue.isOrphaned) this.#expire(queue);
    this.review();
  }

  #fetch(queue: ClearQueue): void {
    const nowMs = this.#clock.nowMs();
    const keptMs = this.#rules.discardsKeptMs(queue.primary);
    const discarded = queue.discards.filter(({ doneMs }) => nowMs - doneMs! <= keptMs);
    for (const shadow of queue.discards) shadow.isMissed = !discarded.includes(shadow);
    queue.discards = [];
    queue.shadows = queue.shadows.filter((each) => !discarded.includes(each));
    const bytes = discarded.reduce((sum, each) => sum + each.bytes, 0);
    if (discarded.length > 0) this.#say({ discarded: discarded.length, bytes, holder: queue.holder });
  }

  #expire(queue: ClearQueue): void {
    const oldestMs = this.#clock.nowMs() - this.#rules.expiryMs(queue.holder);
    const expired = queue.shadows.filter(({ isMissed, doneMs }) => isMissed && doneMs! < oldestMs);
    queue.shadows = queue.shadows.filter((each) => !expired.includes(each));
    for (const _ of expired) this.#say({ expired: queue.holder });
  }

  #promote(queue: ClearQueue): void {
    const { shadows, holder } = queue;
    Object.assign(queue, { shadows: [], discards: [], silentSinceMs: null });
    if (shadows.length === 0) return;
    const copies = shadows.flatMap((each) => each.copies).sort((a, b) => a - b);
    this.#say({ promoted: shadows.map(({ number }) => number), copies, holder });
  }

  #say(fact: ShadowFact): void {
    this.#tell(fact, this.#clock.nowMs());
  }
}

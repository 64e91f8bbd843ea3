import {
  type EventHandle,
  type EventKind,
  type FutureEventList,
  highestPriority,
} from './future-event-list.js';
import { InvariantError, invariant } from './invariant.js';
import { LadderEventList } from './ladder-event-list.js';

const ticksPerMs = 1024;

/**
 * Resolution of simulated time, in ms: 1/1024. A dyadic fraction, so that sums and differences of times are exact
 * in doubles, and do not depend on the order in which they are formed.
 */
export const tickMs = 1 / ticksPerMs;

/** The latest time there can be: 2^53 ticks, 278 years. */
const latestMs = 2 ** 53 / ticksPerMs;
/** One below the event list's mark of a cancelled entry. */
const mostKinds = 0xffff;

export interface SimulationOptions {
  /** Told of every event, just before its handler runs; the clock already stands at `atMs`. */
  readonly onEvent?: (atMs: number, kind: EventKind, subject: number) => void;
  /**
   * Guard: so many events are executed in total, over all calls of `runUntil`, and no more. Default: no limit.
   */
  readonly maxEvents?: number;
  /** Default: a ladder queue. */
  readonly events?: FutureEventList;
}

/**
 * Clock, future event list and run loop. Events due at one instant run by priority, those of one priority in the
 * order in which they were scheduled.
 *
 * An event is a kind, which names a handler, and a subject, a whole number of 32 bits that tells the handler what
 * the event is about. No closures, no event objects: an event allocates nothing but the numbers that the engine
 * boxes between functions it does not inline (two for an event in the kernel benches, gone at once).
 */
export class Simulation {
  readonly #events: FutureEventList;
  readonly #handlers: ((subject: number) => void)[] = [];
  readonly #onEvent: ((atMs: number, kind: EventKind, subject: number) => void) | undefined;
  readonly #maxEvents: number;
  #nowMs = 0;
  #eventsExecuted = 0;
  #running = false;
  #stopRequested = false;

  constructor(options: SimulationOptions = {}) {
    this.#events = options.events ?? new LadderEventList();
    this.#onEvent = options.onEvent;
    this.#maxEvents = options.maxEvents ?? Number.POSITIVE_INFINITY;
    invariant(this.#maxEvents >= 0, 'maxEvents is a number from 0');
  }

  /** Simulated ms since the start, a multiple of `tickMs`. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** Events run so far; a cancelled one is none. */
  get eventsExecuted(): number {
    return this.#eventsExecuted;
  }

  /** Events scheduled and neither run nor cancelled. */
  get eventsPending(): number {
    return this.#events.size;
  }

  /**
   * Adds a kind of event.
   * @param handler - runs when an event of the kind is due, with the event's subject
   * @throws InvariantError if there are 65,535 kinds already
   */
  addKind(handler: (subject: number) => void): EventKind {
    invariant(this.#handlers.length < mostKinds, 'too many kinds of event');
    return this.#handlers.push(handler) - 1;
  }

  /**
   * Puts an event on the future event list.
   * @param delayMs - from now; finite, at least 0; rounded to the nearest tick
   * @param subject - a whole number of 32 bits, given to the handler
   * @param priority - a whole number from -511 to 511, default 0; of the events due at one instant the lower
   *   goes first. An event scheduled for now runs after the present one, whatever its priority
   * @throws InvariantError on any other delay, kind, subject or priority
   */
  schedule(delayMs: number, kind: EventKind, subject: number, priority = 0): EventHandle {
    // The clock stands on a tick, so the rounding of the sum and of the delay are one.
    const atMs = this.#nowMs + Math.round(delayMs * ticksPerMs) / ticksPerMs;
    if (!(delayMs >= 0 && atMs <= latestMs && this.#isSound(kind, subject, priority))) {
      throw this.#unsound(delayMs, kind, subject, priority);
    }
    return this.#events.push(atMs, priority, kind, subject);
  }

  /**
   * As `schedule`, for a point in time.
   * @param atMs - now or later, rounded to the nearest tick
   * @throws InvariantError on a time before now, NaN or Infinity, and as `schedule`
   */
  scheduleAt(atMs: number, kind: EventKind, subject: number, priority = 0): EventHandle {
    const tickAtMs = Math.round(atMs * ticksPerMs) / ticksPerMs;
    if (!(tickAtMs >= this.#nowMs && tickAtMs <= latestMs && this.#isSound(kind, subject, priority))) {
      throw this.#unsound(atMs - this.#nowMs, kind, subject, priority);
    }
    return this.#events.push(tickAtMs, priority, kind, subject);
  }

  /** Takes an event back. False, and nothing happens, for `noEvent` and one already run or cancelled. */
  cancel(handle: EventHandle): boolean {
    return this.#events.cancel(handle);
  }

  /**
   * Runs all events due at or before `endMs`, those scheduled on the way too. The clock then stands at `endMs`;
   * at the last event, if the run was stopped or `endMs` is Infinity.
   * @param endMs - now or later, rounded to the nearest tick; Infinity: until no event is left
   * @param mostEvents - runs so many events at most, and then returns with the clock at the last of them
   * @returns `stopped` by `stop()`, or by `maxEvents` when a further event was due; `paused` by `mostEvents` likewise;
   *   `empty` if no event is left; else `reached`
   * @throws InvariantError if `endMs` is before now or NaN, or when called from a handler
   */
  runUntil(endMs: number, mostEvents = Number.POSITIVE_INFINITY): 'reached' | 'empty' | 'stopped' | 'paused' {
    const lastMs = Math.round(endMs * ticksPerMs) / ticksPerMs;
    invariant(lastMs >= this.#nowMs, () => `cannot run until ${endMs} ms: it is ${this.#nowMs} ms`);
    invariant(!this.#running, 'runUntil was called by an event');
    this.#running = true;
    this.#stopRequested = false;
    try {
      return this.#run(lastMs, this.#eventsExecuted + mostEvents);
    } finally {
      this.#running = false;
    }
  }

  /** Ends `runUntil` after the present event. Without effect outside a run. */
  stop(): void {
    this.#stopRequested = true;
  }

  #run(lastMs: number, pauseAt: number): 'reached' | 'empty' | 'stopped' | 'paused' {
    const events = this.#events;
    const handlers = this.#handlers;
    const onEvent = this.#onEvent;
    const mostExecuted = Math.min(this.#maxEvents, pauseAt);
    for (;;) {
      if (this.#eventsExecuted >= mostExecuted) {
        const dueMs = events.peekMs();
        if (dueMs > lastMs || dueMs === Number.POSITIVE_INFINITY) break;
        return this.#eventsExecuted >= this.#maxEvents ? 'stopped' : 'paused';
      }
      if (!events.popUntil(lastMs)) break;
      const dueMs = events.poppedMs;
      this.#nowMs = dueMs;
      this.#eventsExecuted += 1;
      const kind = events.poppedKind;
      const subject = events.poppedSubject;
      if (onEvent !== undefined) onEvent(dueMs, kind, subject);
      const handler = handlers[kind]!;
      handler(subject);
      if (this.#stopRequested) return 'stopped';
    }
    if (lastMs !== Number.POSITIVE_INFINITY) this.#nowMs = lastMs;
    return events.size === 0 ? 'empty' : 'reached';
  }

  #isSound(kind: EventKind, subject: number, priority: number): boolean {
    return (
      kind >>> 0 === kind &&
      kind < this.#handlers.length &&
      (subject | 0) === subject &&
      (priority | 0) === priority &&
      (priority + highestPriority) >>> 0 <= 2 * highestPriority
    );
  }

  #unsound(delayMs: number, kind: EventKind, subject: number, priority: number): InvariantError {
    return new InvariantError(
      `at ${this.#nowMs} ms no event can be scheduled ${delayMs} ms from now, ` +
        `of kind ${kind}, subject ${subject}, priority ${priority}`,
    );
  }
}

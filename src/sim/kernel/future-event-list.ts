/** The number of an event's kind: an index into the simulation's table of handlers, 0 or more. */
export type EventKind = number;

/**
 * Names one scheduled event, for cancelling it. Never reused: a handle kept after its event ran or was
 * cancelled hits no other event. A whole number below 2^53; keep it in a plain field or a Float64Array.
 */
export type EventHandle = number;

/** The handle that no event has. */
export const noEvent: EventHandle = -1;

/** Priorities are whole numbers between minus this and this, both included; the lower one goes first. */
export const highestPriority = 511;

/**
 * The future event list: the events yet to come, in the total order (time, priority, order of pushing).
 * Knows neither clock nor handlers.
 */
export interface FutureEventList {
  /** Number of events in the list, cancelled ones not counted. */
  readonly size: number;
  /** Time, kind and subject of the event that `pop` took last. */
  readonly poppedMs: number;
  readonly poppedKind: EventKind;
  readonly poppedSubject: number;
  /**
   * Adds an event.
   * @param atMs - any finite time
   * @param priority - a whole number from -`highestPriority` to `highestPriority`
   * @param kind - a whole number from 0 to 65,534
   * @param subject - a whole number of 32 bits
   */
  push(atMs: number, priority: number, kind: EventKind, subject: number): EventHandle;
  /** The time of the earliest event, Infinity if there is none. */
  peekMs(): number;
  /** Takes the earliest event out and shows it in the `popped` fields; false if there is none. */
  pop(): boolean;
  /** Takes an event out unrun; false if it is not in the list (any more), or for `noEvent`. */
  cancel(handle: EventHandle): boolean;
}

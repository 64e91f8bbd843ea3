/** The number of an event's kind: an index into the simulation's table of handlers, 0 or more. */
export type EventKind = number;

/**
 * Names one scheduled event, for cancelling it. Never reused: a handle kept after its event ran or was
 * cancelled hits no other event. A whole number below 2^53; keep it in a plain field or a Float64Array.
 */
export type EventHandle = number;

/** The handle that no event has. */
export const noEvent: EventHandle = -1;

/** How the implementations make a handle of the place that keeps an event and of how many events it has had before. */
export function handleOf(slot: number, generation: number): EventHandle {
  return slot * generationLimit + generation;
}

/**
 * Generations of a slot. So long as slots are below 2^15 a handle is a small integer to the engine, which then needs
 * no memory for it. A slot whose generations are used up is not used again: 32 bytes in 65,535 events.
 */
export const generationLimit = 2 ** 16;
/** More slots there cannot be. */
export const slotLimit = 2 ** 26;

/** An event's place among those of one instant is priority * sequenceLimit + number of the push, exact in a double. */
export const sequenceLimit = 2 ** 43;

/** Priorities are whole numbers between minus this and this, both included; the lower one goes first. */
export const highestPriority = 511;

/**
 * The future event list: the events yet to come, in the total order (time, priority, order of pushing).
 * Knows neither clock nor handlers. A cancelled event is out of it at once, for all that can be seen from outside.
 */
export interface FutureEventList {
  /** Number of events in the list, cancelled ones not counted. */
  readonly size: number;
  /** Time, kind and subject of the event that `popUntil` took last. */
  readonly poppedMs: number;
  readonly poppedKind: EventKind;
  readonly poppedSubject: number;
  /**
   * Adds an event.
   * @param atMs - a whole number of 1/1024 ms, from 0 to 2^43 ms
   * @param priority - a whole number from -`highestPriority` to `highestPriority`
   * @param kind - a whole number from 0 to 65,534
   * @param subject - a whole number of 32 bits
   */
  push(atMs: number, priority: number, kind: EventKind, subject: number): EventHandle;
  /** The time of the earliest event, Infinity if there is none. */
  peekMs(): number;
  /**
   * Takes the earliest event out and shows it in the `popped` fields.
   * @param lastMs - Infinity: whenever it is due
   * @returns false, and nothing happens, if there is no event, or it is due after `lastMs`
   */
  popUntil(lastMs: number): boolean;
  /** Takes an event out unrun; false if it is not in the list (any more), or for `noEvent`. */
  cancel(handle: EventHandle): boolean;
}

import type { DeliveryQueue } from './delivery-queue.js';

/**
 * How one kind of delivery queue sends: to which servers a session is opened, what goes over it, what the other end
 * may answer. Waiting, connecting and retrying are alike in all kinds and the queues' own business.
 */
export interface QueueDelivery {
  /** Whether an attempt has got through as soon as its session stands; else `QueueProgress.gotThrough` says so. */
  readonly connectionDecides: boolean;
  /** Opens a session, of the owner that the queues are, for a copy that has been taken from the line. */
  open(queue: DeliveryQueue, copy: number, attempt: number): void;
  /**
   * Whether the other end takes a message over a session that stands; asked once for each, before an attempt counts as
   * through. If it does not, the next server is tried.
   */
  isTaken?(queue: DeliveryQueue, session: number): boolean;
  /** The session stands: sends its copy. */
  send(queue: DeliveryQueue, session: number): void;
  /** The time that `send` or this method gave to the session is over; the session may be broken by now. */
  proceeded(queue: DeliveryQueue, session: number): void;
  /** The sender's service has stopped: the session is given back and closed after this. */
  aborted?(session: number): void;
  /** Whether the copy at the head may follow over a session that has got a copy through. */
  mayFollow(queue: DeliveryQueue, session: number, head: number): boolean;
}

/** What a delivery tells its queue about the session's copy. */
export interface QueueProgress {
  /** The queue of a number, which is the subject of its sessions. */
  queue(id: number): DeliveryQueue;
  /** The attempt has got through to where it decides; only where `connectionDecides` is false. */
  gotThrough(queue: DeliveryQueue, session: number): void;
  /**
   * The other end took the session, but nobody behind it takes the copy now: the next server is tried, as if this one
   * had refused.
   */
  turnedAway(queue: DeliveryQueue, session: number): void;
  /** The copy has left the queue for good, before it goes elsewhere or ends. */
  leave(queue: DeliveryQueue, session: number): void;
  /** The copy is done with, one way or another: the next may follow. */
  next(queue: DeliveryQueue, session: number): void;
  /** The attempt has failed, the queue's way: the copy goes back into the line. Its time is booked to `stage`. */
  failed(queue: DeliveryQueue, session: number, stage: number): void;
  /**
   * The copy alone was refused for now (4xx to the message): it waits `messageRetryInterval` by itself, the next may
   * follow. Its time is booked to `stage`.
   */
  defer(queue: DeliveryQueue, session: number, stage: number): void;
}

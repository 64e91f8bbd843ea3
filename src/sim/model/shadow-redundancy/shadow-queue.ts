import { type EventHandle, noEvent } from '../../kernel/index.js';
import { none } from '../message-store.js';

/** A shadow queue as administrators know it: on a server, by its primary (QU-04). */
export interface ShownShadowQueue {
  readonly id: number;
  readonly holder: number;
  readonly primary: number;
  length: number;
}

/**
 * The shadow copies that one server has of what another one accepted (SH-04; QU-04 calls the queue by its primary): of
 * all its next hops (SH-07, assumption A-shadow-queue). The discard events stand here, too: they are the primary's, for this server to fetch.
 */
export class ShadowQueue {
  readonly number: number;
  readonly holder: number;
  readonly primary: number;
  /** What those who look from outside see: one queue for each pair of servers, whatever has become of databases. */
  readonly shown: ShownShadowQueue;
  /** Shadow copies in it, those with discard events included. */
  length = 0;
  /** Discard events, as a list of records: the first and the last. */
  firstDiscard = none;
  lastDiscard = none;
  /** When its heartbeats are counted from, ms. */
  readonly phaseMs: number;
  /** The next heartbeat that has something to find; the others are left out. */
  heartbeat: EventHandle = noEvent;
  /** Promotes the copies when the primary has been silent for so long; `noEvent` while it is not. */
  promotion: EventHandle = noEvent;
  /** The primary has lost its queue database: it will never have a discard event for any of this. */
  isOrphaned = false;
  /**
   * The holder has lost its queue database, and the primary has not: the records that are left stand for what has no shadow copy,
   * until the primary makes another one (assumption A-shadow-made-anew).
   */
  isGone = false;
  /** Those records; they do not count in `length`. */
  unprotected = 0;
  /** It holds shadow copies whose discard events were not fetched in time: they wait until they are too old. */
  isStale = false;

  constructor(number: number, shown: ShownShadowQueue, nowMs: number) {
    this.number = number;
    this.shown = shown;
    this.holder = shown.holder;
    this.primary = shown.primary;
    this.phaseMs = nowMs;
  }

  /** There are no discard events any more. */
  forgetDiscards(): void {
    this.firstDiscard = none;
    this.lastDiscard = none;
  }
}

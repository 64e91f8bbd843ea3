import type { Tier } from '../../routing/index.js';
import { noEvent } from '../kernel/index.js';
import { none } from './message-store.js';

const inUse = -2;

/** What is known of each SMTP session, by its number: numbers are reused, and nothing is allocated for a session. */
export class SessionColumns {
  owner = new Uint8Array(0);
  subject = new Int32Array(0);
  source = new Int32Array(0);
  sourceService = new Uint8Array(0);
  targetService = new Uint8Array(0);
  /** 1: the target service is each server's front door, whichever that is. */
  toFrontDoors = new Uint8Array(0);
  target = new Int32Array(0);
  message = new Int32Array(0);
  copy = new Int32Array(0);
  sent = new Int32Array(0);
  phase = new Uint8Array(0);
  established = new Uint8Array(0);
  /** Counts among the inbound connections of its target, a Transport service. */
  isInbound = new Uint8Array(0);
  /** 1 while a message is on its way that nothing holds up. */
  carries = new Uint8Array(0);
  /** 0: all but those believed dead are walked, 1: then these. Only services that queue nothing walk twice. */
  pass = new Uint8Array(0);
  tier = new Int32Array(0);
  tried = new Int32Array(0);
  attempt = new Int32Array(0);
  turn = new Int32Array(0);
  sourceEpoch = new Int32Array(0);
  targetEpoch = new Int32Array(0);
  pathEpoch = new Int32Array(0);
  /** The remote domain that is tried or reached; `none` inside the organization, and before one is tried. */
  remote = new Int32Array(0);
  remoteEpoch = new Int32Array(0);
  startedMs = new Float64Array(0);
  acceptMs = new Float64Array(0);
  event: Float64Array = new Float64Array(0);
  /** Next free session, or -2 for a session in use. */
  #free = new Int32Array(0);
  readonly tiers: (readonly Tier[] | null)[] = [];
  /** What a session to the outside may end at, equal to one another; null inside the organization. */
  readonly remotes: (readonly number[] | null)[] = [];
  /** 1 once the session has left the organization: the remotes are walked now, not the tiers. */
  isOutside = new Uint8Array(0);
  /** The order in which a session walks its present tier, where some of it are believed dead; else empty. */
  readonly order: number[][] = [];
  /** Whom a session that walks twice has tried in vain. */
  readonly failed: number[][] = [];
  #firstFree = none;

  /**
   * A session of an owner for one of its subjects, with a first copy; its target is the opener's to set.
   * @param sourceEpoch - of the source service, now
   */
  make(
    owner: number,
    subject: number,
    source: number,
    sourceService: number,
    targetService: number,
    copy: number,
    message: number,
    sourceEpoch: number,
    nowMs: number,
  ): number {
    if (this.#firstFree === none) this.#grow();
    const session = this.#firstFree;
    this.#firstFree = this.#free[session]!;
    this.#free[session] = inUse;
    this.owner[session] = owner;
    this.subject[session] = subject;
    this.source[session] = source;
    this.sourceService[session] = sourceService;
    this.targetService[session] = targetService;
    this.toFrontDoors[session] = 0;
    this.target[session] = none;
    this.copy[session] = copy;
    this.message[session] = message;
    this.sent[session] = 0;
    this.established[session] = 0;
    this.pass[session] = 0;
    this.tier[session] = 0;
    this.tried[session] = 0;
    this.sourceEpoch[session] = sourceEpoch;
    this.targetEpoch[session] = 0;
    this.remote[session] = none;
    this.startedMs[session] = nowMs;
    this.event[session] = noEvent;
    return session;
  }

  /** Gives the number back. */
  free(session: number): void {
    this.tiers[session] = null;
    this.remotes[session] = null;
    // An empty list stays as it is: to cut one costs its memory.
    if (this.failed[session]!.length > 0) this.failed[session]!.length = 0;
    this.#free[session] = this.#firstFree;
    this.#firstFree = session;
  }

  isInUse(session: number): boolean {
    return this.#free[session] === inUse;
  }

  /** Numbers that sessions have or had: 0 to this less 1. */
  get count(): number {
    return this.#free.length;
  }

  #grow(): void {
    const old = this.#free.length;
    const size = old === 0 ? 256 : old * 2;
    const grow = (column: Int32Array) => {
      const copy = new Int32Array(size);
      copy.set(column);
      return copy;
    };
    const growBytes = (column: Uint8Array) => {
      const copy = new Uint8Array(size);
      copy.set(column);
      return copy;
    };
    const growDoubles = (column: Float64Array) => {
      const copy = new Float64Array(size);
      copy.set(column);
      return copy;
    };
    this.owner = growBytes(this.owner);
    this.sourceService = growBytes(this.sourceService);
    this.targetService = growBytes(this.targetService);
    this.toFrontDoors = growBytes(this.toFrontDoors);
    this.pass = growBytes(this.pass);
    this.phase = growBytes(this.phase);
    this.established = growBytes(this.established);
    this.isInbound = growBytes(this.isInbound);
    this.carries = growBytes(this.carries);
    this.isOutside = growBytes(this.isOutside);
    this.subject = grow(this.subject);
    this.source = grow(this.source);
    this.target = grow(this.target);
    this.message = grow(this.message);
    this.copy = grow(this.copy);
    this.sent = grow(this.sent);
    this.tier = grow(this.tier);
    this.tried = grow(this.tried);
    this.attempt = grow(this.attempt);
    this.turn = grow(this.turn);
    this.sourceEpoch = grow(this.sourceEpoch);
    this.targetEpoch = grow(this.targetEpoch);
    this.pathEpoch = grow(this.pathEpoch);
    this.remote = grow(this.remote);
    this.remoteEpoch = grow(this.remoteEpoch);
    this.startedMs = growDoubles(this.startedMs);
    this.acceptMs = growDoubles(this.acceptMs);
    this.event = growDoubles(this.event);
    this.#free = grow(this.#free);
    for (let session = old; session < size; session++) {
      this.#free[session] = session + 1 < size ? session + 1 : none;
      this.tiers.push(null);
      this.order.push([]);
      this.failed.push([]);
      this.remotes.push(null);
    }
    this.#firstFree = old;
  }
}

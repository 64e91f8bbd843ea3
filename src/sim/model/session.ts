import type { Tier } from '../../routing/index.js';
import { type EventHandle, noEvent } from '../kernel/index.js';
import { none } from './message-store.js';

/**
 * What is known of one SMTP session. Sessions are taken over and over again from a pool, by their numbers: an object, not
 * columns, as one session's fields are needed together.
 */
export class Session {
  readonly number: number;
  isInUse = false;
  owner = 0;
  subject = 0;
  source = 0;
  sourceService = 0;
  targetService = 0;
  /** The target service is each server's front door, whichever that is. */
  toFrontDoors = false;
  target = none;
  message = 0;
  copy = none;
  sent = 0;
  phase = 0;
  established = false;
  /** Counts among the inbound connections of its target, a Transport service. */
  isInbound = false;
  /** A message is on its way that nothing holds up. */
  carries = false;
  /** Bytes of the message that the target, a Transport service, is receiving and has not committed; 0: none. */
  receivingBytes = 0;
  /** 0: all but those believed dead are walked, 1: then these. Only services that queue nothing walk twice. */
  pass = 0;
  tier = 0;
  tried = 0;
  attempt = 0;
  turn = 0;
  sourceEpoch = 0;
  targetEpoch = 0;
  pathEpoch = 0;
  /** The remote domain that is tried or reached; `none` inside the organization, and before one is tried. */
  remote = none;
  remoteEpoch = 0;
  startedMs = 0.5;
  /** Since when it stands. */
  openedMs = 0.5;
  /** What crosses links for it is the shadow copy of its message, which the other end makes. */
  isCrossing = false;
  /** The other end has closed it for its age. */
  isTimedOut = false;
  acceptMs = 0.5;
  event: EventHandle = noEvent;
  tiers: readonly Tier[] | null = null;
  /** What a session to the outside may end at, equal to one another; null inside the organization. */
  remotes: readonly number[] | null = null;
  /** The session has left the organization: the remotes are walked now, not the tiers. */
  isOutside = false;
  /** The order in which a session walks its present tier, where some of it are believed dead; else empty. */
  readonly order: number[] = [];
  /** Whom a session that walks twice has tried in vain. */
  readonly failed: number[] = [];

  constructor(number: number) {
    this.number = number;
  }
}

/** The sessions by number: numbers are reused, and nothing is allocated once there are as many as are open at a time. */
export class SessionPool {
  readonly #sessions: Session[] = [];
  readonly #free: Session[] = [];

  /** The session of a number that has been in use. */
  at(number: number): Session {
    return this.#sessions[number]!;
  }

  /** All that are in use or have been. */
  get all(): readonly Session[] {
    return this.#sessions;
  }

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
  ): Session {
    const session = this.#free.pop() ?? this.#add();
    session.isInUse = true;
    session.owner = owner;
    session.subject = subject;
    session.source = source;
    session.sourceService = sourceService;
    session.targetService = targetService;
    session.toFrontDoors = false;
    session.target = none;
    session.copy = copy;
    session.message = message;
    session.sent = 0;
    session.established = false;
    session.isTimedOut = false;
    session.pass = 0;
    session.tier = 0;
    session.tried = 0;
    session.sourceEpoch = sourceEpoch;
    session.targetEpoch = 0;
    session.remote = none;
    session.startedMs = nowMs;
    return session;
  }

  /** Gives the number back. */
  free(session: Session): void {
    session.isInUse = false;
    session.tiers = null;
    session.remotes = null;
    // An empty list stays as it is: to cut one costs its memory.
    if (session.failed.length > 0) session.failed.length = 0;
    this.#free.push(session);
  }

  #add(): Session {
    const session = new Session(this.#sessions.length);
    this.#sessions.push(session);
    return session;
  }
}

import { noEvent, type Simulation } from '../kernel/index.js';
import { longerFloat64, longerInt32, longerUint8 } from './columns.js';
import type { FlowOwner, LinkFlows } from './link-flows.js';
import type { Network } from './network.js';
import type { ServerStates } from './server-states.js';

/** The sessions whose messages are on their way. */
export interface TransferringSessions {
  stands(session: number): boolean;
  /** How long the other end still keeps the session open, ms: from 0 to Infinity. */
  leftMs(session: number): number;
  /** The other end has closed the session: it does not stand any more. */
  timedOut(session: number): void;
  /** The message has been acknowledged; or the session is broken, as `stands` then says. */
  transferred(session: number): void;
}

/** What a session's transfer is at. */
const at = { nothing: 0, begin: 1, flow: 2, end: 3 } as const;

/**
 * Messages on their way over links that have a bandwidth or lose packets: two one-way latencies for the envelope and
 * the go-ahead, then the content as a flow, then one more until its end has arrived (assumption A-smtp-round-trips),
 * each as long as it is when it begins. Sites that are parted and an end that stops break the session at once, and so does
 * the other end while the content is on its way, when the session has been open for too long (assumption A-session-timeout).
 *
 * A transfer has no object: its state, a byte, and its five numbers stand in columns by the session's number, which is the
 * flow's number as well, as a session sends one message at a time. It has one event at most: of its beginning, of the
 * time-out while it flows (when its bytes have crossed is the business of `LinkFlows`, one event for all), of its end. A
 * stop looks at all of the states, one array of bytes: there are as many as sessions have been open at a time.
 */
export class LimitedTransfers implements FlowOwner {
  readonly #simulation: Simulation;
  readonly #network: Network;
  readonly #flows: LinkFlows;
  readonly #sessions: TransferringSessions;
  readonly #beginKind: number;
  readonly #endKind: number;
  readonly #timeoutKind: number;

  // By session.
  #at = new Uint8Array(0);
  #from = new Int32Array(0);
  #to = new Int32Array(0);
  #bytes = new Float64Array(0);
  #acceptMs = new Float64Array(0);
  #event = new Float64Array(0);

  constructor(
    simulation: Simulation,
    states: ServerStates,
    network: Network,
    flows: LinkFlows,
    sessions: TransferringSessions,
  ) {
    this.#simulation = simulation;
    this.#network = network;
    this.#flows = flows;
    this.#sessions = sessions;
    this.#beginKind = simulation.addKind((session) => this.#beginFlow(session));
    this.#endKind = simulation.addKind((session) => {
      this.#at[session] = at.nothing;
      sessions.transferred(session);
    });
    this.#timeoutKind = simulation.addKind((session) => this.#timedOut(session));
    flows.attach(this);
    states.whenStopped(() => this.#noticeStops());
  }

  /** Sends a message: `workMs` here, its way, `acceptMs` there; then the session is `transferred`. */
  begin(session: number, from: number, to: number, bytes: number, workMs: number, acceptMs: number): void {
    if (session >= this.#at.length) this.#grow(session);
    this.#from[session] = from;
    this.#to[session] = to;
    this.#bytes[session] = bytes;
    this.#acceptMs[session] = acceptMs;
    this.#at[session] = at.begin;
    const delayMs = workMs + 2 * this.#network.latencyMs(from, to);
    this.#event[session] = this.#simulation.schedule(delayMs, this.#beginKind, session);
  }

  /** The session is closed: a transfer that it has under way ends here. */
  drop(session: number): void {
    if (session >= this.#at.length || this.#at[session] === at.nothing) return;
    if (this.#at[session] === at.flow) {
      this.#stopFlowing(session);
      this.#flows.giveUp(session);
    } else {
      this.#simulation.cancel(this.#event[session]!);
    }
    this.#at[session] = at.nothing;
  }

  flowEnded(session: number): void {
    this.#stopFlowing(session);
    const latencyMs = this.#network.latencyMs(this.#from[session]!, this.#to[session]!);
    this.#endAfter(session, latencyMs + this.#acceptMs[session]!);
  }

  flowBroken(session: number): void {
    this.#stopFlowing(session);
    this.#endAfter(session, 0);
  }

  #stopFlowing(session: number): void {
    this.#simulation.cancel(this.#event[session]!);
    this.#event[session] = noEvent;
  }

  #timedOut(session: number): void {
    this.#event[session] = noEvent;
    this.#sessions.timedOut(session);
    this.#flows.giveUp(session);
    this.flowBroken(session);
  }

  #beginFlow(session: number): void {
    this.#event[session] = noEvent;
    if (!this.#sessions.stands(session)) {
      this.#at[session] = at.nothing;
      this.#sessions.transferred(session);
      return;
    }
    if (!this.#network.connected(this.#from[session]!, this.#to[session]!)) {
      // A shadow copy goes another way than its session: there may be none any more.
      this.#endAfter(session, 0);
      return;
    }
    this.#at[session] = at.flow;
    const leftMs = this.#sessions.leftMs(session);
    this.#event[session] =
      leftMs === Number.POSITIVE_INFINITY
        ? noEvent
        : this.#simulation.schedule(leftMs, this.#timeoutKind, session);
    this.#flows.begin(session, this.#from[session]!, this.#to[session]!, this.#bytes[session]!);
  }

  #endAfter(session: number, delayMs: number): void {
    this.#at[session] = at.end;
    this.#event[session] = this.#simulation.schedule(delayMs, this.#endKind, session);
  }

  /** Told in an event of its own, when all that stops at this instant has stopped. */
  #noticeStops(): void {
    for (const [session, state] of this.#at.entries()) {
      if (state !== at.flow || this.#sessions.stands(session)) continue;
      this.#flows.giveUp(session);
      this.flowBroken(session);
    }
  }

  #grow(session: number): void {
    const size = Math.max(64, 2 * this.#at.length, session + 1);
    this.#at = longerUint8(this.#at, size);
    this.#from = longerInt32(this.#from, size);
    this.#to = longerInt32(this.#to, size);
    this.#bytes = longerFloat64(this.#bytes, size);
    this.#acceptMs = longerFloat64(this.#acceptMs, size);
    this.#event = longerFloat64(this.#event, size);
  }
}

import { senders } from './back-pressure/back-pressure.js';
import { none, stageIndex } from './message-store.js';
import type { ModelContext } from './model-context.js';
import { serviceIndex } from './server-states.js';
import { work } from './service-times.js';
import type { SessionOwner } from './smtp-sessions.js';
import { TransportChoice } from './transport-choice.js';
import type { TransportService } from './transport-service.js';

/** What a session that goes through a front end is told of the way behind it. */
export interface PassageEvents {
  /** A Transport service has taken the front end's session. */
  gotThrough(session: number): void;
  /** That service has stored the copy, and `partner` its shadow, and acknowledged it; the copy's stages are booked. */
  accepted(session: number, transportServer: number, partner: number): void;
  /** That service has refused the copy for now, for want of a shadow copy (SH-03). */
  deferred(session: number): void;
  /** That service has refused the copy, which has had too many hops; the copy's stages are booked. */
  refused(session: number, transportServer: number): void;
  /** Nobody takes the message: `451 4.7.0`; or the front end stopped before somebody did. */
  turnedAway(session: number): void;
  /** The way broke while the message was on it. */
  broken(session: number): void;
}

/** What a session behind a front end waits for. */
const phase = { relaying: 0, refusing: 1, tarpitted: 2 } as const;

/**
 * The sessions that Front End Transports open for those of Edges, one for each message: to one Transport service, chosen
 * as for any mail from outside (RT-44 to RT-49). The message stays the Edge's until that service has acknowledged. A
 * passage is known by the number of the Edge's session.
 */
export class FrontEndPassages implements SessionOwner {
  readonly #context: ModelContext;
  readonly #transport: TransportService;
  readonly #events: PassageEvents;
  readonly #choice: TransportChoice;
  readonly #owner: number;
  /** By the Edge's session: the one behind its front end; `none` or absent without. */
  readonly #behind: number[] = [];

  constructor(context: ModelContext, transport: TransportService, events: PassageEvents) {
    this.#context = context;
    this.#transport = transport;
    this.#events = events;
    this.#choice = new TransportChoice(context, 'front-end');
    this.#owner = context.sessions.addOwner(this);
  }

  /** The front end at the other end of a session has worked on its copy, and looks for a Transport service. */
  open(session: number): void {
    const { sessions, store } = this.#context;
    const copy = sessions.copy(session);
    const frontEnd = sessions.target(session);
    const tiers = this.#choice.tiers(copy, frontEnd);
    const turn = this.#choice.turn(frontEnd);
    const message = store.messageNumber[store.copyMessage[copy]!]!;
    const { frontEnd: service } = serviceIndex;
    const owner = this.#owner;
    const behind = sessions.openToTiers(owner, session, frontEnd, service, tiers, turn, copy, message, 0);
    if (behind !== none) this.#behind[session] = behind;
  }

  /** The Edge's session ends before its message is through. */
  drop(session: number): void {
    const { sessions } = this.#context;
    const behind = this.#behind[session] ?? none;
    this.#behind[session] = none;
    if (behind !== none) sessions.close(behind);
  }

  connected(behind: number): void {
    const { sessions, store, simulation, backPressure } = this.#context;
    const session = sessions.subject(behind);
    const copy = sessions.copy(behind);
    store.charge(copy, stageIndex.connection, simulation.nowMs);
    const target = sessions.target(behind);
    const isTaken =
      sessions.inbound.messageRates.admits(target, serviceIndex.transport, sessions.source(behind)) &&
      !backPressure.refuses(target, senders.exchange);
    if (!isTaken) {
      sessions.goOn(behind);
      return;
    }
    this.#events.gotThrough(session);
    const waitMs = backPressure.tarpitMs(target);
    if (waitMs > 0) sessions.proceed(behind, phase.tarpitted, waitMs);
    else this.#transfer(behind);
  }

  /** The Transport service has answered MAIL FROM. */
  #transfer(behind: number): void {
    const { sessions, store, times, backPressure } = this.#context;
    const session = sessions.subject(behind);
    const copy = sessions.copy(behind);
    const message = store.messageNumber[store.copyMessage[copy]!]!;
    const edge = sessions.source(session);
    const workMs = times.timeMs(work.relay, edge, message, store.copyHops[copy]!) + backPressure.readMs(edge);
    const target = sessions.target(behind);
    if (this.#transport.isLoop(copy, target)) {
      const headersMs = this.#transport.headersWayMs(sessions.source(behind), target);
      sessions.proceed(behind, phase.refusing, workMs + headersMs);
    } else {
      sessions.transmit(behind, phase.relaying, workMs, this.#transport.acceptances.begin(behind, target));
    }
  }

  connectFailed(behind: number): void {
    this.#events.turnedAway(this.#end(behind));
  }

  /** The front end has stopped. */
  aborted(behind: number): void {
    const wasThrough = this.#context.sessions.isEstablished(behind);
    if (wasThrough) this.#chargeTarpit(behind);
    const session = this.#end(behind);
    if (wasThrough) this.#events.broken(session);
    else this.#events.turnedAway(session);
  }

  proceeded(behind: number): void {
    const { sessions, store, simulation } = this.#context;
    const isTarpitted = this.#chargeTarpit(behind);
    const session = sessions.subject(behind);
    if (isTarpitted && sessions.stands(behind) && sessions.stands(session)) {
      this.#transfer(behind);
      return;
    }
    const target = sessions.target(behind);
    const { acceptances } = this.#transport;
    const stands = sessions.stands(behind) && sessions.stands(session);
    const isRelayed = stands && sessions.phase(behind) === phase.relaying;
    const accepted = isRelayed ? acceptances.finish(behind, target) : 'stored';
    if (accepted === 'waits') return;
    this.#end(behind);
    if (!stands) {
      sessions.close(behind);
      this.#events.broken(session);
      return;
    }
    if (accepted === 'not-redundant') {
      sessions.close(behind);
      this.#events.deferred(session);
      return;
    }
    const copy = sessions.copy(behind);
    const nowMs = simulation.nowMs;
    if (sessions.phase(behind) === phase.refusing) {
      store.charge(copy, stageIndex.transfer, nowMs);
      sessions.close(behind);
      this.#events.refused(session, target);
      return;
    }
    const transferMs = nowMs - store.enteredMs(copy) - sessions.acceptMs(behind);
    store.chargePart(copy, stageIndex.transfer, transferMs);
    store.charge(copy, stageIndex.accept, nowMs);
    this.#choice.reportFallback(behind);
    const partner = acceptances.partner(behind);
    sessions.close(behind);
    this.#events.accepted(session, target, partner);
  }

  /** Books the time in a tarpit, if that is what a session that stands has waited for. */
  #chargeTarpit(behind: number): boolean {
    const { sessions, store, simulation } = this.#context;
    if (sessions.phase(behind) !== phase.tarpitted) return false;
    store.charge(sessions.copy(behind), stageIndex.connection, simulation.nowMs);
    return true;
  }

  /** Forgets the session behind a front end; returns the Edge's. */
  #end(behind: number): number {
    const session = this.#context.sessions.subject(behind);
    this.#behind[session] = none;
    return session;
  }
}

import type { ProxyService } from '../../routing/index.js';
import { type Sender, senders } from './back-pressure/back-pressure.js';
import { stageIndex } from './message-store.js';
import type { ModelContext, Place } from './model-context.js';
import type { NdrReason } from './observer.js';
import { serviceIndex } from './server-states.js';
import type { SessionOwner } from './smtp-sessions.js';
import { TransportChoice } from './transport-choice.js';
import type { TransportService } from './transport-service.js';

/** What becomes of the messages that a stateless service brings to Transport. */
export interface ProxyEvents {
  /** No Transport service took the copy, now in no list; or the service itself has stopped. */
  giveBack(copy: number, server: number, stopped: boolean): void;
  /** Why the Transport service of `server` will not have a copy at all, null if it will. */
  refusal(copy: number, server: number): NdrReason | null;
  /** The copy, now in no list, has met such a refusal. */
  reject(copy: number, reason: NdrReason): void;
  /** After all of that, or after Transport has acknowledged: `server` has one message less to hold. */
  done(server: number): void;
}

/** What a session that stands waits for: the acknowledgement, or the answer to MAIL FROM. */
const phase = { relaying: 0, tarpitted: 1 } as const;

/**
 * How the two stateless services bring a message to one Transport service: Front End Transport holds its client's
 * session, Mailbox Transport Submission the mailbox's outbox, until Transport has acknowledged (RT-44 to RT-54).
 */
export class ProxySessions implements SessionOwner, Place {
  readonly name: string;
  readonly #context: ModelContext;
  readonly #transport: TransportService;
  readonly #choice: TransportChoice;
  readonly #serviceNumber: number;
  readonly #sender: Sender;
  readonly #events: ProxyEvents;
  readonly #owner: number;
  readonly #held: number;

  constructor(
    context: ModelContext,
    transport: TransportService,
    service: ProxyService,
    serviceNumber: number,
    events: ProxyEvents,
  ) {
    this.name = `sessions of ${service}`;
    this.#context = context;
    this.#transport = transport;
    this.#choice = new TransportChoice(context, service);
    this.#serviceNumber = serviceNumber;
    this.#sender = service === 'front-end' ? senders.outside : senders.submission;
    this.#events = events;
    this.#owner = context.sessions.addOwner(this);
    this.#held = context.lists.make();
  }

  /** Brings a copy, in no list, from `server` to the Transport service that routing selects. */
  open(copy: number, server: number): void {
    const { lists, sessions, store } = this.#context;
    const tiers = this.#choice.tiers(copy, server);
    lists.append(this.#held, copy);
    const message = store.messageNumber[store.copyMessage[copy]!]!;
    const turn = this.#choice.turn(server);
    sessions.openToTiers(this.#owner, server, server, this.#serviceNumber, tiers, turn, copy, message, 0);
  }

  /** The service on `server` has stopped. */
  stopped(server: number): void {
    this.#context.sessions.abortAll(server, this.#serviceNumber);
  }

  connected(session: number): void {
    const { sessions, store, simulation, backPressure } = this.#context;
    const copy = sessions.copy(session);
    store.charge(copy, stageIndex.submission, simulation.nowMs);
    const target = sessions.target(session);
    const isTaken =
      sessions.inbound.messageRates.admits(target, serviceIndex.transport, sessions.source(session)) &&
      !backPressure.refuses(target, this.#sender);
    if (!isTaken) {
      sessions.goOn(session);
      return;
    }
    const waitMs = backPressure.tarpitMs(target);
    if (waitMs > 0) sessions.proceed(session, phase.tarpitted, waitMs);
    else this.#transfer(session);
  }

  /** The Transport service has answered MAIL FROM. */
  #transfer(session: number): void {
    const { sessions, lists } = this.#context;
    const copy = sessions.copy(session);
    const reason = this.#events.refusal(copy, sessions.target(session));
    if (reason !== null) {
      const server = sessions.source(session);
      lists.remove(copy);
      sessions.close(session);
      this.#events.reject(copy, reason);
      this.#events.done(server);
      return;
    }
    const acceptMs = this.#transport.acceptances.begin(session, sessions.target(session));
    sessions.transmit(session, phase.relaying, 0, acceptMs);
  }

  connectFailed(session: number): void {
    this.#release(session, stageIndex.submission, false);
  }

  aborted(session: number): void {
    const { sessions } = this.#context;
    const isTarpitted = sessions.isEstablished(session) && sessions.phase(session) === phase.tarpitted;
    this.#release(session, isTarpitted ? stageIndex.connection : stageIndex.submission, true);
  }

  proceeded(session: number): void {
    const { sessions, store, simulation, lists } = this.#context;
    const isTarpitted = sessions.phase(session) === phase.tarpitted;
    if (!sessions.stands(session)) {
      this.#release(session, isTarpitted ? stageIndex.connection : stageIndex.transfer, false);
      sessions.close(session);
      return;
    }
    const copy = sessions.copy(session);
    const target = sessions.target(session);
    const nowMs = simulation.nowMs;
    if (isTarpitted) {
      store.charge(copy, stageIndex.connection, nowMs);
      this.#transfer(session);
      return;
    }
    const { acceptances } = this.#transport;
    const accepted = acceptances.finish(session, target);
    if (accepted === 'waits') return;
    if (accepted === 'not-redundant') {
      this.#release(session, stageIndex.accept, false);
      sessions.close(session);
      return;
    }
    const partner = acceptances.partner(session);
    const transferMs = nowMs - store.enteredMs(copy) - sessions.acceptMs(session);
    store.chargePart(copy, stageIndex.transfer, transferMs);
    store.charge(copy, stageIndex.accept, nowMs);
    this.#choice.reportFallback(session);
    const server = sessions.source(session);
    lists.remove(copy);
    sessions.close(session);
    this.#transport.accept(copy, target, partner);
    this.#events.done(server);
  }

  forEachCopy(visit: (copy: number) => void): void {
    this.#context.lists.forEach(this.#held, visit);
  }

  #release(session: number, stage: number, stopped: boolean): void {
    const { sessions, store, simulation, lists } = this.#context;
    const copy = sessions.copy(session);
    store.charge(copy, stage, simulation.nowMs);
    lists.remove(copy);
    const server = sessions.source(session);
    this.#events.giveBack(copy, server, stopped);
    this.#events.done(server);
  }
}

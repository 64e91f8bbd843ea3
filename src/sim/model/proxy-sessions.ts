import type { ProxyService } from '../../routing/index.js';
import { stageIndex } from './message-store.js';
import type { ModelContext, Place } from './model-context.js';
import type { NdrReason } from './observer.js';
import type { SessionOwner } from './smtp-sessions.js';
import { TransportChoice } from './transport-choice.js';
import type { TransportService } from './transport-service.js';

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
  readonly #giveBack: (copy: number, server: number, stopped: boolean) => void;
  readonly #refusal: (copy: number, server: number) => NdrReason | null;
  readonly #reject: (copy: number, reason: NdrReason) => void;
  readonly #owner: number;
  readonly #held: number;

  /**
   * @param giveBack - takes a copy, in no list, that no Transport service took or whose own service has stopped
   * @param refusal - why the Transport service of `server` will not have a copy at all, null if it will
   * @param reject - takes a copy, in no list, that has met such a refusal
   */
  constructor(
    context: ModelContext,
    transport: TransportService,
    service: ProxyService,
    serviceNumber: number,
    giveBack: (copy: number, server: number, stopped: boolean) => void,
    refusal: (copy: number, server: number) => NdrReason | null = () => null,
    reject: (copy: number, reason: NdrReason) => void = () => {},
  ) {
    this.name = `sessions of ${service}`;
    this.#context = context;
    this.#transport = transport;
    this.#choice = new TransportChoice(context, service);
    this.#serviceNumber = serviceNumber;
    this.#giveBack = giveBack;
    this.#refusal = refusal;
    this.#reject = reject;
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
    const { sessions, store, simulation, lists } = this.#context;
    const copy = sessions.copy(session);
    store.charge(copy, stageIndex.submission, simulation.nowMs);
    const reason = this.#refusal(copy, sessions.target(session));
    if (reason !== null) {
      lists.remove(copy);
      sessions.close(session);
      this.#reject(copy, reason);
      return;
    }
    sessions.transmit(session, 0, 0, this.#transport.acceptMs(sessions.target(session)));
  }

  connectFailed(session: number): void {
    this.#release(session, stageIndex.submission, false);
  }

  aborted(session: number): void {
    this.#release(session, stageIndex.submission, true);
  }

  proceeded(session: number): void {
    const { sessions, store, simulation, lists } = this.#context;
    if (!sessions.stands(session)) {
      this.#release(session, stageIndex.transfer, false);
      sessions.close(session);
      return;
    }
    const copy = sessions.copy(session);
    const target = sessions.target(session);
    const nowMs = simulation.nowMs;
    const transferMs = nowMs - store.copyEnteredMs[copy]! - sessions.acceptMs(session);
    store.chargePart(copy, stageIndex.transfer, transferMs);
    store.charge(copy, stageIndex.accept, nowMs);
    this.#choice.reportFallback(session);
    lists.remove(copy);
    sessions.close(session);
    this.#transport.accept(copy, target);
  }

  forEachCopy(visit: (copy: number) => void): void {
    this.#context.lists.forEach(this.#held, visit);
  }

  #release(session: number, stage: number, stopped: boolean): void {
    const { sessions, store, simulation, lists } = this.#context;
    const copy = sessions.copy(session);
    store.charge(copy, stage, simulation.nowMs);
    lists.remove(copy);
    this.#giveBack(copy, sessions.source(session), stopped);
  }
}

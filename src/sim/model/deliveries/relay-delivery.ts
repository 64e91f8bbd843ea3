import type { Tier } from '../../../routing/index.js';
import { senders } from '../back-pressure/back-pressure.js';
import type { DeliveryQueue } from '../delivery-queue.js';
import { none, stageIndex } from '../message-store.js';
import type { ModelContext } from '../model-context.js';
import type { QueueDelivery, QueueProgress } from '../queue-delivery.js';
import { serviceIndex } from '../server-states.js';
import { work } from '../service-times.js';
import type { TransportService } from '../transport-service.js';

/**
 * What a session waits for: the acknowledgement, to be refused when the headers have come, or the answer to MAIL FROM. 1 is
 * `InboundDelivery`'s.
 */
const phase = { relaying: 0, refusing: 2, tarpitted: 3 } as const;

/**
 * Sends to another Transport service of the organization, walking the tiers until one accepts (RT-37 to RT-41): those of
 * a message's next hop, or the servers that a drain names (QU-12).
 */
export class RelayDelivery implements QueueDelivery {
  readonly connectionDecides = true;
  readonly #context: ModelContext;
  readonly #transport: TransportService;
  readonly #progress: QueueProgress;
  readonly #owner: number;

  constructor(context: ModelContext, transport: TransportService, progress: QueueProgress, owner: number) {
    this.#context = context;
    this.#transport = transport;
    this.#progress = progress;
    this.#owner = owner;
  }

  open(queue: DeliveryQueue, copy: number, attempt: number): void {
    const { sessions, store } = this.#context;
    const tiers = this.#tiersOf(queue, copy);
    const message = store.messageNumber[store.copyMessage[copy]!]!;
    sessions.openToTiers(
      this.#owner,
      queue.id,
      queue.server,
      serviceIndex.transport,
      tiers,
      queue.turn++,
      copy,
      message,
      attempt,
    );
  }

  isTaken(queue: DeliveryQueue, session: number): boolean {
    const { sessions, backPressure } = this.#context;
    const target = sessions.target(session);
    return (
      sessions.inbound.messageRates.admits(target, serviceIndex.transport, queue.server) &&
      !backPressure.refuses(target, senders.exchange)
    );
  }

  send(queue: DeliveryQueue, session: number): void {
    const { sessions, backPressure } = this.#context;
    const waitMs = backPressure.tarpitMs(sessions.target(session));
    if (waitMs > 0) sessions.proceed(session, phase.tarpitted, waitMs);
    else this.#transfer(queue, session);
  }

  /** The other Transport service has answered MAIL FROM. */
  #transfer(queue: DeliveryQueue, session: number): void {
    const { sessions, store, times, backPressure } = this.#context;
    const copy = sessions.copy(session);
    const target = sessions.target(session);
    const message = store.messageNumber[store.copyMessage[copy]!]!;
    const workMs =
      times.timeMs(work.relay, queue.server, message, store.copyHops[copy]!) +
      backPressure.readMs(queue.server);
    const { acceptances } = this.#transport;
    if (this.#transport.isLoop(copy, target)) {
      sessions.proceed(session, phase.refusing, workMs + this.#transport.headersWayMs(queue.server, target));
    } else {
      sessions.transmit(session, phase.relaying, workMs, acceptances.begin(session, target));
    }
  }

  /** The other Transport service has stored the copy and acknowledged it, or has refused it. */
  proceeded(queue: DeliveryQueue, session: number): void {
    const { sessions, store, simulation } = this.#context;
    const isTarpitted = sessions.phase(session) === phase.tarpitted;
    if (!sessions.stands(session)) {
      this.#progress.failed(queue, session, isTarpitted ? stageIndex.connection : stageIndex.transfer);
      return;
    }
    const copy = sessions.copy(session);
    const target = sessions.target(session);
    const nowMs = simulation.nowMs;
    if (isTarpitted) {
      store.charge(copy, stageIndex.connection, nowMs);
      this.#transfer(queue, session);
      return;
    }
    if (sessions.phase(session) === phase.refusing) {
      store.charge(copy, stageIndex.transfer, nowMs);
      this.#progress.leave(queue, session);
      this.#transport.refuseLoop(copy, queue.server, target);
      this.#progress.next(queue, session);
      return;
    }
    const { acceptances } = this.#transport;
    const accepted = acceptances.finish(session, target);
    if (accepted === 'waits') return;
    if (accepted === 'not-redundant') {
      this.#progress.defer(queue, session, stageIndex.accept);
      return;
    }
    const transferMs = nowMs - store.enteredMs(copy) - sessions.acceptMs(session);
    store.chargePart(copy, stageIndex.transfer, transferMs);
    store.charge(copy, stageIndex.accept, nowMs);
    this.#reportTier(queue, session);
    if (queue.redirectTiers !== null) this.#reportRedirects(queue, session);
    this.#progress.leave(queue, session);
    this.#transport.acceptRelayed(copy, queue.server, target, acceptances.partner(session));
    this.#progress.next(queue, session);
  }

  mayFollow(queue: DeliveryQueue, session: number, head: number): boolean {
    const { sessions, states } = this.#context;
    // One queue may hold messages that prefer different servers of a hub site (RT-35).
    return (
      this.#tiersOf(queue, head) === sessions.tiers(session) &&
      states.accepts(sessions.target(session), serviceIndex.transport) &&
      sessions.leftMs(session) > 0
    );
  }

  #tiersOf({ server, redirectTiers }: DeliveryQueue, copy: number): readonly Tier[] {
    const { routing, store } = this.#context;
    return redirectTiers ?? routing.nextHop(server, store.copyNextHop[copy]!).tiers;
  }

  /** Each recipient of a message that a drain moves is a redirect (QU-12). */
  #reportRedirects(queue: DeliveryQueue, session: number): void {
    const { sessions, store, simulation, observer } = this.#context;
    const copy = sessions.copy(session);
    for (let row = store.copyFirstRow[copy]!; row !== none; row = store.rowNext[row]!) {
      observer.redirected(
        simulation.nowMs,
        store.facts(store.copyMessage[copy]!),
        store.rowRecipient[row]!,
        queue.server,
        none,
        none,
        sessions.target(session),
        'drain',
      );
    }
  }

  #reportTier(queue: DeliveryQueue, session: number): void {
    const { sessions, store, simulation, observer } = this.#context;
    const tier = sessions.tierIndex(session);
    if (tier === 0) return;
    const { reason, site } = sessions.tiers(session)![tier]!;
    observer.fallenBack(
      simulation.nowMs,
      store.facts(store.copyMessage[sessions.copy(session)]!),
      queue.server,
      queue.key.nextHopDomain,
      tier + 1,
      reason,
      site,
      sessions.target(session),
    );
  }
}

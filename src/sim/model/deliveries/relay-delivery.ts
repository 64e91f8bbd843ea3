import type { DeliveryQueue } from '../delivery-queue.js';
import { stageIndex } from '../message-store.js';
import type { ModelContext } from '../model-context.js';
import type { QueueDelivery, QueueProgress } from '../queue-delivery.js';
import { serviceIndex } from '../server-states.js';
import { work } from '../service-times.js';
import type { TransportService } from '../transport-service.js';

const relaying = 0;

/** Sends to another Transport service of the organization, walking the tiers until one accepts (RT-37 to RT-41). */
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
    const { sessions, store, routing } = this.#context;
    const { tiers } = routing.nextHop(queue.server, store.copyNextHop[copy]!);
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

  send(queue: DeliveryQueue, session: number): void {
    const { sessions, store, times } = this.#context;
    const copy = sessions.copy(session);
    const message = store.messageNumber[store.copyMessage[copy]!]!;
    const workMs = times.timeMs(work.relay, queue.server, message, store.copyHops[copy]!);
    const acceptMs = this.#transport.acceptMs(sessions.target(session));
    sessions.transmit(session, relaying, workMs, acceptMs);
  }

  /** The other Transport service has stored the copy and acknowledged it. */
  proceeded(queue: DeliveryQueue, session: number): void {
    const { sessions, store, simulation } = this.#context;
    if (!sessions.stands(session)) {
      this.#progress.failed(queue, session, stageIndex.transfer);
      return;
    }
    const copy = sessions.copy(session);
    const target = sessions.target(session);
    const nowMs = simulation.nowMs;
    const transferMs = nowMs - store.copyEnteredMs[copy]! - sessions.acceptMs(session);
    store.chargePart(copy, stageIndex.transfer, transferMs);
    store.charge(copy, stageIndex.accept, nowMs);
    this.#reportTier(queue, session);
    this.#progress.leave(queue, session);
    this.#transport.acceptRelayed(copy, queue.server, target);
    this.#progress.next(queue, session);
  }

  mayFollow(queue: DeliveryQueue, session: number, head: number): boolean {
    const { sessions, store, routing } = this.#context;
    // One queue may hold messages that prefer different servers of a hub site (RT-35).
    return routing.nextHop(queue.server, store.copyNextHop[head]!).tiers === sessions.tiers(session);
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

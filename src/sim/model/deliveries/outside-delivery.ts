import type { Tier } from '../../../routing/index.js';
import type { BouncingAddresses } from '../bouncing-addresses.js';
import type { DeliveryQueue } from '../delivery-queue.js';
import { none, stageIndex } from '../message-store.js';
import type { ModelContext } from '../model-context.js';
import type { QueueDelivery, QueueProgress } from '../queue-delivery.js';
import type { RecipientEndings } from '../recipient-endings.js';
import { work } from '../service-times.js';

const accepting = 0;

/**
 * Hands messages over to what lies behind a connector of the server: a remote domain, smart hosts, a gateway (RT-12).
 * Where the connector asks for it, by way of a front end of the site, which works on every message, too (RT-43,
 * assumption A-way-out-by-front-ends). What the other side answers to a message takes its accept time, whatever it is
 * (assumption A-remote-outage): accepted, not now, so that the message alone is tried again, or never, which this
 * server reports to the sender (NDR-01).
 */
export class OutsideDelivery implements QueueDelivery {
  readonly connectionDecides = true;
  readonly #context: ModelContext;
  readonly #endings: RecipientEndings;
  readonly #bouncing: BouncingAddresses;
  readonly #progress: QueueProgress;
  readonly #owner: number;
  /** The front ends of a next hop as sessions walk them. */
  readonly #frontEnds = new Map<readonly number[], readonly Tier[]>();

  constructor(
    context: ModelContext,
    endings: RecipientEndings,
    bouncing: BouncingAddresses,
    progress: QueueProgress,
    owner: number,
  ) {
    this.#context = context;
    this.#endings = endings;
    this.#bouncing = bouncing;
    this.#progress = progress;
    this.#owner = owner;
  }

  open(queue: DeliveryQueue, copy: number, attempt: number): void {
    const { sessions, store, routing, remoteDomains } = this.#context;
    const { proxyServers } = routing.nextHop(queue.server, store.copyNextHop[copy]!);
    queue.remotes ??= remoteDomains.of(queue.key);
    sessions.openOutside(
      this.#owner,
      queue.id,
      queue.server,
      queue.remotes,
      proxyServers === null ? null : this.#inOneTier(proxyServers, queue.server),
      queue.turn++,
      copy,
      store.messageNumber[store.copyMessage[copy]!]!,
      attempt,
    );
  }

  send(queue: DeliveryQueue, session: number): void {
    const { sessions, store, times, remoteDomains, backPressure } = this.#context;
    const copy = sessions.copy(session);
    const message = store.messageNumber[store.copyMessage[copy]!]!;
    const hop = store.copyHops[copy]!;
    const frontEnd = sessions.target(session);
    const passMs = frontEnd === none ? 0 : times.timeMs(work.frontEnd, frontEnd, message, hop);
    const acceptMs =
      times.drawnMs(work.outsideAccept, queue.server, message, hop) *
      remoteDomains.factor(sessions.remote(session));
    const readMs = backPressure.readMs(queue.server);
    sessions.proceed(session, accepting, readMs + passMs + times.withProcessorMs(queue.server, acceptMs));
  }

  /** The other side has answered, unless the session broke meanwhile. */
  proceeded(queue: DeliveryQueue, session: number): void {
    const { sessions, store, simulation, remoteDomains } = this.#context;
    if (!sessions.stands(session)) {
      this.#progress.failed(queue, session, stageIndex.transfer);
      return;
    }
    const copy = sessions.copy(session);
    const sizeBytes = store.messageSizeBytes[store.copyMessage[copy]!]!;
    const answer = remoteDomains.answer(sessions.remote(session), sizeBytes);
    if (answer === 'not-now') {
      this.#progress.defer(queue, session, stageIndex.transfer);
      return;
    }
    store.charge(copy, stageIndex.transfer, simulation.nowMs);
    this.#progress.leave(queue, session);
    if (answer === 'accepted') {
      if (!this.#bouncing.isIdle) this.#bouncing.accepted(copy, queue.server);
      this.#endings.endCopy(copy, 'delivered', queue.server, null);
    } else {
      this.#endings.endCopy(copy, 'returned', queue.server, answer);
    }
    this.#progress.next(queue, session);
  }

  /** A message may follow on the same way only; one queue may have several where a change has just been adopted. */
  mayFollow(queue: DeliveryQueue, session: number, head: number): boolean {
    const { sessions, store, routing } = this.#context;
    const { proxyServers } = routing.nextHop(queue.server, store.copyNextHop[head]!);
    return (proxyServers === null) === (sessions.target(session) === none);
  }

  /** Front ends of the site take turns (UN-07); without one the attempt fails. */
  #inOneTier(proxyServers: readonly number[], server: number): readonly Tier[] {
    const known = this.#frontEnds.get(proxyServers);
    if (known !== undefined) return known;
    const { site } = this.#context.topology.servers[server]!;
    const tiers: readonly Tier[] = [{ reason: 'target-servers', site, servers: proxyServers }];
    this.#frontEnds.set(proxyServers, tiers);
    return tiers;
  }
}

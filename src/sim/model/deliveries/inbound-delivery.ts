import type { DeliveryQueue } from '../delivery-queue.js';
import { FrontEndPassages } from '../front-end-passages.js';
import { stageIndex } from '../message-store.js';
import type { ModelContext } from '../model-context.js';
import type { QueueDelivery, QueueProgress } from '../queue-delivery.js';
import { serviceIndex } from '../server-states.js';
import { work } from '../service-times.js';
import type { TransportService } from '../transport-service.js';
import { RelayDelivery } from './relay-delivery.js';

/** A front end is at work on the message; what is not this the relay waits for. */
const working = 1;

/**
 * Sends what an Edge has for the organization to the servers of its site (RT-60, ES-02). A server with both roles takes
 * it at its Front End Transport (DC-13), behind which the message goes on to one Transport service; if nobody takes it
 * there, the next server of the site is tried. Servers without a front end, and all of them from an older Edge, take it
 * at their Transport service.
 */
export class InboundDelivery implements QueueDelivery {
  readonly connectionDecides = false;
  readonly #context: ModelContext;
  readonly #progress: QueueProgress;
  readonly #owner: number;
  readonly #relay: RelayDelivery;
  readonly #passages: FrontEndPassages;

  constructor(context: ModelContext, transport: TransportService, progress: QueueProgress, owner: number) {
    this.#context = context;
    this.#progress = progress;
    this.#owner = owner;
    this.#relay = new RelayDelivery(context, transport, progress, owner);
    const queueOf = (session: number) => progress.queue(context.sessions.subject(session));
    this.#passages = new FrontEndPassages(context, transport, {
      gotThrough: (session) => progress.gotThrough(queueOf(session), session),
      accepted: (session, transportServer, partner) => {
        const queue = queueOf(session);
        const copy = context.sessions.copy(session);
        progress.leave(queue, session);
        transport.acceptRelayed(copy, queue.server, transportServer, partner);
        progress.next(queue, session);
      },
      deferred: (session) => progress.defer(queueOf(session), session, stageIndex.accept),
      refused: (session, transportServer) => {
        const queue = queueOf(session);
        const copy = context.sessions.copy(session);
        progress.leave(queue, session);
        transport.refuseLoop(copy, queue.server, transportServer);
        progress.next(queue, session);
      },
      turnedAway: (session) => progress.turnedAway(queueOf(session), session),
      broken: (session) => progress.failed(queueOf(session), session, stageIndex.transfer),
    });
  }

  open(queue: DeliveryQueue, copy: number, attempt: number): void {
    const { sessions, store, routing } = this.#context;
    const { tiers, proxyServers } = routing.nextHop(queue.server, store.copyNextHop[copy]!);
    if (proxyServers === null) {
      this.#relay.open(queue, copy, attempt);
      return;
    }
    const message = store.messageNumber[store.copyMessage[copy]!]!;
    const { id, server } = queue;
    sessions.openToFrontDoors(this.#owner, id, server, tiers, queue.turn++, copy, message, attempt);
  }

  isTaken(queue: DeliveryQueue, session: number): boolean {
    const { sessions } = this.#context;
    const { frontEnd } = serviceIndex;
    if (sessions.targetService(session) !== frontEnd) return this.#relay.isTaken(queue, session);
    return sessions.inbound.messageRates.admits(sessions.target(session), frontEnd, queue.server);
  }

  send(queue: DeliveryQueue, session: number): void {
    const { sessions, store, times } = this.#context;
    if (sessions.targetService(session) !== serviceIndex.frontEnd) {
      this.#progress.gotThrough(queue, session);
      this.#relay.send(queue, session);
      return;
    }
    const copy = sessions.copy(session);
    const frontEnd = sessions.target(session);
    const message = store.messageNumber[store.copyMessage[copy]!]!;
    const hop = store.copyHops[copy]!;
    sessions.proceed(session, working, times.timeMs(work.frontEnd, frontEnd, message, hop));
  }

  proceeded(queue: DeliveryQueue, session: number): void {
    const { sessions } = this.#context;
    if (sessions.phase(session) !== working) this.#relay.proceeded(queue, session);
    else if (sessions.stands(session)) this.#passages.open(session);
    else this.#progress.turnedAway(queue, session);
  }

  aborted(session: number): void {
    this.#passages.drop(session);
  }

  mayFollow(queue: DeliveryQueue, session: number, head: number): boolean {
    return this.#relay.mayFollow(queue, session, head);
  }
}

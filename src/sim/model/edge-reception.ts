import { noEvent } from '../kernel/index.js';
import { senders } from './back-pressure/back-pressure.js';
import { messageSourceOutside } from './message-rates.js';
import { none, stageIndex } from './message-store.js';
import type { ModelContext, Place } from './model-context.js';
import type { NdrReason } from './observer.js';
import { OrganizationLimits } from './organization-limits.js';
import { RecipientSurplus } from './recipient-surplus.js';
import { serviceIndex } from './server-states.js';
import type { TransportService } from './transport-service.js';

/** What becomes of a message, in no list, that an Edge does not take. */
export interface ReceptionEvents {
  /** The Edge stopped before it had acknowledged, or cannot take it now (`421`, `452`). */
  broken(copy: number): void;
  /** The Edge takes the message without these recipients: the sender sends it once more to them. */
  leftOver(copy: number): void;
  /** A lasting refusal. */
  rejected(copy: number, reason: NdrReason): void;
}

/**
 * Mail that Edges take from outside: their Transport service itself accepts it, no front end stands before it (RT-59,
 * MW-01). Where there are subscribed Edges that run and take one more connection (TH), outside senders offer each message
 * to the next of them (assumption A-edges-take-turns).
 */
export class EdgeReception implements Place {
  readonly name = 'sessions of outside senders with Edges';
  readonly #context: ModelContext;
  readonly #transport: TransportService;
  readonly #events: ReceptionEvents;
  readonly #limits: OrganizationLimits;
  readonly #surplus: RecipientSurplus;
  #edges: readonly number[];
  /** Being accepted, by server. */
  readonly #accepting: readonly number[];
  /** Whose MAIL FROM is not answered yet, by server. */
  readonly #tarpitted: readonly number[];
  readonly #answeredKind: number;
  readonly #acceptedKind: number;
  #turn = 0;

  constructor(context: ModelContext, transport: TransportService, events: ReceptionEvents) {
    this.#context = context;
    this.#transport = transport;
    this.#events = events;
    this.#limits = new OrganizationLimits(context);
    this.#surplus = new RecipientSurplus(context);
    this.#edges = this.#inboundEdges();
    this.#accepting = context.topology.servers.map(() => context.lists.make());
    this.#tarpitted = context.topology.servers.map(() => context.lists.make());
    this.#answeredKind = context.simulation.addKind((copy) => this.#answered(copy));
    this.#acceptedKind = context.simulation.addKind((copy) => this.#accepted(copy));
  }

  /** An outside sender offers a message, in no list; false: there is no Edge that takes its connection. */
  take(copy: number): boolean {
    const { lists, store, simulation, backPressure } = this.#context;
    const edge = this.#nextEdge();
    if (edge === none) return false;
    const isTaken =
      this.#context.sessions.inbound.messageRates.admits(
        edge,
        serviceIndex.transport,
        this.#sourceOf(copy),
      ) && !backPressure.refuses(edge, senders.outside);
    if (!isTaken) {
      this.#closeAt(edge);
      this.#events.broken(copy);
      return true;
    }
    store.copyServer[copy] = edge;
    const waitMs = backPressure.tarpitMs(edge);
    if (waitMs === 0) {
      this.#begin(copy, edge);
    } else {
      lists.append(this.#tarpitted[edge]!, copy);
      store.setTimer(copy, simulation.schedule(waitMs, this.#answeredKind, copy));
    }
    return true;
  }

  /** An Edge has answered MAIL FROM of a copy in no list. */
  #begin(copy: number, edge: number): void {
    const { lists, store, simulation, backPressure } = this.#context;
    const surplus = this.#surplus.takeOff(copy, edge);
    if (surplus !== none) this.#events.leftOver(surplus);
    const refusal = this.#limits.refusalToOutside(copy, edge);
    if (refusal !== null) {
      this.#closeAt(edge);
      this.#events.rejected(copy, refusal);
      return;
    }
    lists.append(this.#accepting[edge]!, copy);
    backPressure.receiving(edge, this.#bytesOf(copy));
    const acceptMs = this.#transport.acceptances.commitMs(edge);
    store.setTimer(copy, simulation.schedule(acceptMs, this.#acceptedKind, copy));
  }

  #answered(copy: number): void {
    const { lists, store, simulation } = this.#context;
    store.setTimer(copy, noEvent);
    lists.remove(copy);
    store.charge(copy, stageIndex.connection, simulation.nowMs);
    this.#begin(copy, store.copyServer[copy]!);
  }

  /** The Transport service of a server has stopped: the sessions that it has with outside senders break. */
  stopped(server: number): void {
    this.#break(server, this.#tarpitted[server]!, stageIndex.connection);
    const { lists, backPressure } = this.#context;
    lists.forEach(this.#accepting[server]!, (copy) => backPressure.received(server, this.#bytesOf(copy)));
    this.#break(server, this.#accepting[server]!, stageIndex.accept);
  }

  /** Ends the sessions of a list; the time in them is booked to `stage`. */
  #break(server: number, list: number, stage: number): void {
    const { lists, simulation, store } = this.#context;
    lists.forEach(list, (copy) => {
      simulation.cancel(store.timer(copy));
      store.setTimer(copy, noEvent);
      lists.remove(copy);
      store.charge(copy, stage, simulation.nowMs);
      this.#closeAt(server);
      this.#events.broken(copy);
    });
  }

  /** A server has new routing tables. */
  adopted(): void {
    this.#edges = this.#inboundEdges();
  }

  forEachCopy(visit: (copy: number) => void): void {
    for (const list of [...this.#tarpitted, ...this.#accepting]) this.#context.lists.forEach(list, visit);
  }

  /** AS-07: a site that takes no inbound mail, as its Edges see it, takes none from them. */
  #inboundEdges(): readonly number[] {
    const { topology, routing } = this.#context;
    return topology.servers
      .filter(({ isEdge, site, index }) => {
        return isEdge && site !== none && routing.of(index).topology.sites[site]!.inboundMail;
      })
      .map(({ index }) => index);
  }

  /** The sender of a copy, as `MessageRates` numbers it. */
  #sourceOf(copy: number): number {
    const { store } = this.#context;
    return messageSourceOutside(store.messageSender[store.copyMessage[copy]!]!);
  }

  /** The next Edge that runs and takes one more connection (TH). */
  #nextEdge(): number {
    for (let tried = 0; tried < this.#edges.length; tried++) {
      const edge = this.#edges[this.#turn++ % this.#edges.length]!;
      const isTaken =
        this.#context.states.isRunning(edge, serviceIndex.transport) &&
        this.#context.sessions.inbound.openNew(edge, serviceIndex.transport, none);
      if (isTaken) return edge;
    }
    return none;
  }

  #closeAt(edge: number): void {
    this.#context.sessions.inbound.close(edge, serviceIndex.transport, none);
  }

  #bytesOf(copy: number): number {
    const { store } = this.#context;
    return store.messageSizeBytes[store.copyMessage[copy]!]!;
  }

  #accepted(copy: number): void {
    const { store, lists, simulation, backPressure } = this.#context;
    store.setTimer(copy, noEvent);
    lists.remove(copy);
    store.charge(copy, stageIndex.accept, simulation.nowMs);
    const edge = store.copyServer[copy]!;
    backPressure.received(edge, this.#bytesOf(copy));
    this.#transport.accept(copy, edge);
    this.#closeAt(edge);
  }
}

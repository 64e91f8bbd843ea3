import { noEvent } from '../kernel/index.js';
import { EdgeReception } from './edge-reception.js';
import { messageSourceOutside } from './message-rates.js';
import { none, stageIndex } from './message-store.js';
import type { ModelContext, Place, WaitingRoom } from './model-context.js';
import { ndrReasons } from './ndr.js';
import type { NdrReason } from './observer.js';
import { OrganizationLimits } from './organization-limits.js';
import { ProxySessions } from './proxy-sessions.js';
import type { RecipientEndings } from './recipient-endings.js';
import { RecipientSurplus } from './recipient-surplus.js';
import { serviceIndex } from './server-states.js';
import { work } from './service-times.js';
import type { TransportService } from './transport-service.js';

/**
 * Front End Transport: a stateless proxy that holds an outside sender's session until one Transport service has
 * accepted the message, or answers `451 4.7.0` when none does; the sender then tries again by its own schedule and
 * gives up by its own (RT-43 to RT-49, assumptions A-outside-retry, A-outside-give-up). Outside senders find a
 * running front end by themselves and take turns (assumption A-front-ends-take-turns), where there is no Edge for them.
 */
export class FrontEndTransport implements Place, WaitingRoom {
  readonly name = 'Front End Transport and outside senders';
  readonly #context: ModelContext;
  readonly #endings: RecipientEndings;
  readonly #proxy: ProxySessions;
  readonly #edges: EdgeReception;
  readonly #surplus: RecipientSurplus;
  /** What the sender offers now: the message, and what is sent once more to recipients that are not taken with it. */
  readonly #toOffer: number[] = [];
  #isOffering = false;
  #frontEnds: readonly number[];
  /** Being worked on, by server. */
  readonly #working: readonly number[];
  readonly #outside: number;
  readonly #workedKind: number;
  readonly #retryKind: number;
  readonly #arrivalKind: number;
  #turn = 0;

  constructor(context: ModelContext, transport: TransportService, endings: RecipientEndings) {
    this.#context = context;
    this.#endings = endings;
    const { topology, lists, simulation } = context;
    const limits = new OrganizationLimits(context);
    this.#proxy = new ProxySessions(context, transport, 'front-end', serviceIndex.frontEnd, {
      giveBack: (copy) => this.#refused(copy),
      refusal: (copy, server) => limits.refusalToOutside(copy, server),
      reject: (copy, reason) => this.#rejected(copy, reason),
      done: (server) => this.#closeAt(server),
    });
    this.#edges = new EdgeReception(context, transport, {
      broken: (copy) => this.#refused(copy),
      leftOver: (copy) => this.receive(copy),
      rejected: (copy, reason) => this.#rejected(copy, reason),
    });
    this.#surplus = new RecipientSurplus(context);
    this.#frontEnds = this.#inboundFrontEnds();
    this.#working = topology.servers.map(() => lists.make());
    this.#outside = lists.make();
    this.#workedKind = simulation.addKind((copy) => this.#worked(copy));
    this.#retryKind = simulation.addKind((copy) => this.#retry(copy));
    this.#arrivalKind = simulation.addKind((copy) => this.#arrived(copy));
  }

  /** An outside sender offers a message, in no list. */
  receive(copy: number): void {
    this.#toOffer.push(copy);
    // One after another: there may be thousands of them.
    if (this.#isOffering) return;
    this.#isOffering = true;
    for (let next = this.#toOffer.pop(); next !== undefined; next = this.#toOffer.pop()) this.#offer(next);
    this.#isOffering = false;
  }

  #offer(copy: number): void {
    const { lists, store, simulation, times, sessions } = this.#context;
    if (this.#edges.take(copy)) return;
    const server = this.#nextFrontEnd();
    if (server === none) {
      this.#refused(copy);
      return;
    }
    const source = messageSourceOutside(store.messageSender[store.copyMessage[copy]!]!);
    if (!sessions.inbound.messageRates.admits(server, serviceIndex.frontEnd, source)) {
      this.#closeAt(server);
      this.#refused(copy);
      return;
    }
    const surplus = this.#surplus.takeOff(copy, server);
    if (surplus !== none) this.receive(surplus);
    store.copyServer[copy] = server;
    lists.append(this.#working[server]!, copy);
    const message = store.messageNumber[store.copyMessage[copy]!]!;
    const workMs = times.timeMs(work.frontEnd, server, message, 0);
    store.setTimer(copy, simulation.schedule(workMs, this.#workedKind, copy));
  }

  /** An outside sender offers a message, in no list, when the time that its session takes to open is over. */
  receiveIn(copy: number, delayMs: number): void {
    const { lists, simulation, store } = this.#context;
    lists.append(this.#outside, copy);
    store.setTimer(copy, simulation.schedule(delayMs, this.#arrivalKind, copy));
  }

  /** A server has new routing tables. */
  adopted(): void {
    this.#edges.adopted();
    this.#frontEnds = this.#inboundFrontEnds();
  }

  /** AS-07: a site that takes no inbound mail, as its servers see it, has no front end for it. */
  #inboundFrontEnds(): readonly number[] {
    const { topology, routing } = this.#context;
    return topology.servers
      .filter(
        ({ isFrontEnd, index, site }) => isFrontEnd && routing.of(index).topology.sites[site]!.inboundMail,
      )
      .map(({ index }) => index);
  }

  /** The service on `server` has stopped: its clients' sessions break. */
  stopped(server: number): void {
    const { lists, simulation, store } = this.#context;
    lists.forEach(this.#working[server]!, (copy) => {
      simulation.cancel(store.timer(copy));
      lists.remove(copy);
      store.charge(copy, stageIndex.submission, simulation.nowMs);
      this.#closeAt(server);
      this.#refused(copy);
    });
    this.#proxy.stopped(server);
  }

  /** The Transport service of a server has stopped: of an Edge, what outside senders were bringing is theirs again. */
  transportStopped(server: number): void {
    this.#edges.stopped(server);
  }

  forEachCopy(visit: (copy: number) => void): void {
    const { lists } = this.#context;
    this.#edges.forEachCopy(visit);
    for (const list of this.#working) lists.forEach(list, visit);
    lists.forEach(this.#outside, visit);
    this.#proxy.forEachCopy(visit);
  }

  findForgotten(found: (what: string) => void): void {
    const { lists, store } = this.#context;
    for (const list of [...this.#working, this.#outside]) {
      lists.forEach(list, (copy) => {
        if (store.timer(copy) === noEvent) found(`message ${copy} from outside will never be offered again`);
      });
    }
  }

  #closeAt(server: number): void {
    this.#context.sessions.inbound.close(server, serviceIndex.frontEnd, none);
  }

  /** The next front end that runs and takes one more connection (TH). */
  #nextFrontEnd(): number {
    const { states, sessions } = this.#context;
    const { frontEnd } = serviceIndex;
    for (let tried = 0; tried < this.#frontEnds.length; tried++) {
      const server = this.#frontEnds[this.#turn++ % this.#frontEnds.length]!;
      if (states.isRunning(server, frontEnd) && sessions.inbound.openNew(server, frontEnd, none))
        return server;
    }
    return none;
  }

  #arrived(copy: number): void {
    const { store, lists, simulation } = this.#context;
    store.setTimer(copy, noEvent);
    lists.remove(copy);
    store.charge(copy, stageIndex.submission, simulation.nowMs);
    this.receive(copy);
  }

  #worked(copy: number): void {
    const { store, lists } = this.#context;
    store.setTimer(copy, noEvent);
    lists.remove(copy);
    this.#proxy.open(copy, store.copyServer[copy]!);
  }

  /** `451 4.7.0`, or no answer at all: the outside sender keeps the message and tries again later. */
  #refused(copy: number): void {
    const { store, lists, simulation, settings } = this.#context;
    store.copyServer[copy] = none;
    lists.append(this.#outside, copy);
    store.setTimer(copy, simulation.schedule(settings.outside.retryInterval, this.#retryKind, copy));
  }

  /** A lasting refusal (5xx): the sender's own server returns the message (NDR-01). */
  #rejected(copy: number, reason: NdrReason): void {
    this.#context.store.copyServer[copy] = none;
    this.#endings.endCopy(copy, 'returned', none, reason);
  }

  #retry(copy: number): void {
    const { store, lists, simulation, settings } = this.#context;
    store.setTimer(copy, noEvent);
    lists.remove(copy);
    store.charge(copy, stageIndex.retryWait, simulation.nowMs);
    const ageMs = simulation.nowMs - store.messageSubmittedMs[store.copyMessage[copy]!]!;
    if (ageMs >= settings.outside.giveUpAfter)
      this.#endings.endCopy(copy, 'returned', none, ndrReasons.outsideGaveUp);
    else this.receive(copy);
  }
}

import { Station } from '../kernel/index.js';
import { none, stageIndex } from './message-store.js';
import type { ModelContext, Place, Storage, WaitingRoom } from './model-context.js';
import { largestHopCount } from './organization-limits.js';
import { serviceIndex } from './server-states.js';
import { work } from './service-times.js';
import { Acceptances } from './shadow-redundancy/acceptances.js';
import { oneWaysPerMessage } from './smtp-sessions.js';

/** The major version of 2010, which has a shadow redundancy of its own. */
const olderHubs = 14;
/** A directory query resolves so many addresses at a time (RR-01). */
const addressesPerBatch = 20;
/** What each further batch adds to a categorization (CAP-64). */
const furtherBatchMs = 10;

/**
 * The Transport service of every server up to the delivery queues: accepting a message, the Submission queue, the
 * categorizer's slots, first come, first served (RT-01, MW-01, MW-02, assumption A-categorizer-order).
 *
 * The hot path, once or more a message on each server: the Submission queue and the categorizer of a server are one `Station`
 * of the kernel, which keeps copies as numbers, the waiting in a ring, and whose functions are made once a server. A copy's
 * time in it is drawn when a slot takes it, by the message's number and hops; the length is what the station counts, told
 * with each change. Limits of hops stand in arrays by server. Stops, poison and lost databases walk the station, and may.
 */
export class TransportService implements Place, Storage, WaitingRoom {
  readonly name = 'Submission queues and categorizers';
  readonly #context: ModelContext;
  readonly #stations: readonly Station[];
  /** What sessions bring, until it is acknowledged. */
  readonly acceptances: Acceptances;
  readonly #largestHopCount: Int32Array;
  readonly #maxHopCount: Int32Array;
  readonly #loops: (copy: number, from: number, to: number) => void;
  readonly #poison: (copy: number) => void;

  /**
   * @param loops - ends a copy, in no list, that has had too many hops: `from` could not hand it on to `to`
   * @param poison - takes a copy, in no list, that is poison
   */
  constructor(
    context: ModelContext,
    categorize: (copy: number) => void,
    loops: (copy: number, from: number, to: number) => void,
    poison: (copy: number) => void,
  ) {
    this.#context = context;
    this.acceptances = new Acceptances(context);
    this.#loops = loops;
    this.#poison = poison;
    this.#largestHopCount = Int32Array.from(context.topology.servers, (_, server) =>
      largestHopCount(context.settingsOf(server)),
    );
    this.#maxHopCount = Int32Array.from(
      context.topology.servers,
      (_, server) => context.settingsOf(server).transport.maxHopCount,
    );
    const { topology, simulation, store, times, settingsOf, observer } = context;
    this.#stations = topology.servers.map((_, server) => {
      const station: Station = new Station(simulation, {
        servers: settingsOf(server).transport.categorizerSlots,
        serviceTimeMs: (copy) => {
          const message = store.messageNumber[store.copyMessage[copy]!]!;
          const furtherBatches = Math.ceil(this.#lookUps(copy, server) / addressesPerBatch) - 1;
          const drawnMs = times.drawnMs(work.categorizer, server, message, store.copyHops[copy]!);
          const furtherMs = furtherBatches > 0 ? furtherBatches * furtherBatchMs * times.factor(server) : 0;
          return times.withProcessorMs(server, drawnMs + furtherMs + context.backPressure.readMs(server));
        },
        started: (copy) => store.charge(copy, stageIndex.submissionQueue, simulation.nowMs),
        completed: (copy) => {
          store.charge(copy, stageIndex.categorizer, simulation.nowMs);
          observer.categorized(simulation.nowMs, server);
          const submittedMs = store.messageSubmittedMs[store.copyMessage[copy]!]!;
          observer.leftSubmissionQueue(simulation.nowMs, server, store.queuedMs(copy), submittedMs);
          categorize(copy);
          this.#changed(server);
        },
      });
      return station;
    });
  }

  /** How long it takes to store what nobody waits to have acknowledged, on `server` alone, ms. */
  commitMs(server: number): number {
    const { times, settingsOf } = this.#context;
    return times.withProcessorMs(server, settingsOf(server).hardware.commitTime * times.factor(server));
  }

  /**
   * Takes over a copy that has come from outside, out of a mailbox or out of a Pickup directory.
   * @param partner - the server that has its shadow copy; `none` if there is none
   */
  accept(copy: number, server: number, partner: number = none): void {
    const { store, queueDatabases, observer, simulation } = this.#context;
    store.copyServer[copy] = server;
    store.setCrashes(copy, 0);
    // SZ-03: each Transport service that accepts a message adds one hop.
    store.copyHops[copy]!++;
    queueDatabases.hold(copy);
    observer.shadowed(simulation.nowMs, server, partner !== none, this.#numberOf(copy), false);
    // Over links with limits it has been carried.
    const isCounted = partner !== none && !this.acceptances.isLimited(server, partner);
    if (partner !== none) this.#protect(copy, server, partner, isCounted);
    this.submit(copy);
  }

  /** A promoted shadow copy is its holder's own: it has one with another server (SH-02, assumption A-promoted-are-shadowed). */
  protectPromoted(copy: number, server: number): void {
    const { observer, simulation } = this.#context;
    const partner = this.acceptances.choosePartner(server);
    observer.shadowed(simulation.nowMs, server, partner !== none, this.#numberOf(copy), true);
    if (partner !== none) this.#protect(copy, server, partner, true);
  }

  #numberOf(copy: number): number {
    const { store } = this.#context;
    return store.messageNumber[store.copyMessage[copy]!]!;
  }

  #protect(copy: number, primary: number, holder: number, isCounted: boolean): void {
    const { shadows, traffic } = this.#context;
    shadows.protect(copy, primary, holder);
    if (isCounted) traffic.count(copy, primary, holder);
    // The primary's connection is one with which it can fetch what it is told in return (SH-04).
    shadows.met(primary, holder);
  }

  /** Whether `to` refuses a copy of another Transport service when its headers have come: it has had too many hops (SZ-03). */
  isLoop(copy: number, to: number): boolean {
    const { store } = this.#context;
    return store.copyHops[copy]! >= this.#largestHopCount[to]! || store.hops(copy) >= this.#maxHopCount[to]!;
  }

  /** How long the headers of a message are on their way, ms: as long as all of one that nothing holds up. */
  headersWayMs(from: number, to: number): number {
    const { network, topology } = this.#context;
    const oneWayMs = network.latencyMs(topology.servers[from]!.site, topology.servers[to]!.site);
    // Without a way the session is broken, and its owner is told at once.
    return oneWayMs === Number.POSITIVE_INFINITY ? 0 : oneWaysPerMessage * oneWayMs;
  }

  /** `to` has refused a copy that has had too many hops; `from` returns it (NDR-01). */
  refuseLoop(copy: number, from: number, to: number): void {
    this.#loops(copy, from, to);
  }

  /** Takes over a copy from the Transport service of another server. */
  acceptRelayed(copy: number, from: number, to: number, partner: number = none): void {
    const { observer, simulation, safetyNetStorage } = this.#context;
    safetyNetStorage.retire(copy);
    observer.relayed(simulation.nowMs, from, to);
    this.accept(copy, to, this.#isShadowedBySender(from, to) ? from : partner);
  }

  /** SH-10: a hub of 2010 has no shadow copy made; the 2013 server of its site that sent the message keeps one. */
  #isShadowedBySender(from: number, to: number): boolean {
    const { topology, settingsOf } = this.#context;
    const [sender, hub] = [topology.servers[from]!, topology.servers[to]!];
    return (
      hub.majorVersion === olderHubs &&
      sender.majorVersion === 15 &&
      !sender.isEdge &&
      sender.site === hub.site &&
      settingsOf(from).transport.shadowRedundancyEnabled
    );
  }

  /** Puts a copy into the Submission queue of its server: new, rerouted, resubmitted, or made by the server itself. */
  submit(copy: number): void {
    const { store, simulation } = this.#context;
    const server = store.copyServer[copy]!;
    store.setQueued(copy, simulation.nowMs);
    this.#stations[server]!.arrive(copy);
    this.#changed(server);
  }

  /** Messages in the Submission queue and the categorizer of a server. */
  messagesAt(server: number): number {
    const station = this.#stations[server]!;
    return station.waiting + station.busy;
  }

  /**
   * The service has stopped, and not as anybody had planned: what was in the categorizer may have been the cause
   * (assumption A-crash-counts).
   */
  stopped(server: number): void {
    const { store } = this.#context;
    const station = this.#stations[server]!;
    let categorizing = station.busy;
    station.forEach((copy) => {
      if (categorizing-- > 0) store.setCrashes(copy, store.crashes(copy) + 1);
    });
    station.stop();
    this.#changed(server);
  }

  /** The service runs again; what has been in the categorizer at too many stops is laid aside first (QU-01). */
  started(server: number): void {
    this.#layPoisonAside(server);
    this.#stations[server]!.start();
    this.#changed(server);
  }

  /** The service does not run and has lost its queue database: takes all copies out, in no list. */
  removeAll(server: number, take: (copy: number) => void): void {
    const removed: number[] = [];
    this.#stations[server]!.removeAll((copy) => removed.push(copy));
    for (const copy of removed) {
      this.#leaveUncategorized(copy, server);
      take(copy);
    }
    this.#changed(server);
  }

  forEachCopy(visit: (copy: number) => void): void {
    for (const station of this.#stations) station.forEach(visit);
  }

  forEachStored(visit: (copy: number, server: number) => void): void {
    for (const [server, station] of this.#stations.entries()) {
      station.forEach((copy) => {
        visit(copy, server);
      });
    }
  }

  findForgotten(found: (what: string) => void): void {
    const { states, topology, backPressure } = this.#context;
    for (const { index, name } of topology.servers) {
      const station = this.#stations[index]!;
      const runs = states.isRunning(index, serviceIndex.transport) && !backPressure.isHeldBack(index);
      if (station.waiting > 0 && runs && !isBusy(station)) {
        found(`${station.waiting} messages wait in the Submission queue of ${name}, its categorizer is idle`);
      }
    }
  }

  /**
   * How many addresses a categorization looks up: the recipients of a copy, and the members, theirs included, of those
   * groups among them that this server expands (RR-01, RR-02). What mailboxes forward to comes with their entries.
   */
  #lookUps(copy: number, server: number): number {
    const { store, ledger, topology, addressBook } = this.#context;
    const { mailboxCount, groupCount } = topology.recipients;
    const recipients = store.rowCount(copy);
    if (groupCount === 0 || topology.servers[server]!.isEdge) return recipients;
    const message = store.copyMessage[copy]!;
    let members = 0;
    for (let row = store.copyFirstRow[copy]!; row !== none; row = store.rowNext[row]!) {
      if (store.rowRecipient[row]! < mailboxCount) continue;
      const recipient = addressBook.meant(store.rowRecipient[row]!);
      const isAgain = !ledger.isAlive(store.rowSerial[row]!);
      if (addressBook.isExpandedAt(recipient, server) && !store.isDone(message, recipient, isAgain)) {
        members += addressBook.members(recipient, server).length;
      }
    }
    return recipients + members;
  }

  #layPoisonAside(server: number): void {
    const { store, settingsOf } = this.#context;
    const { poisonThreshold } = settingsOf(server).transport;
    const station = this.#stations[server]!;
    let isPoisoned = false;
    station.forEach((copy) => {
      isPoisoned ||= store.crashes(copy) >= poisonThreshold;
    });
    if (!isPoisoned) return;
    const waiting: number[] = [];
    station.removeAll((copy) => waiting.push(copy));
    for (const copy of waiting) {
      if (store.crashes(copy) < poisonThreshold) {
        station.arrive(copy);
        continue;
      }
      this.#leaveUncategorized(copy, server);
      this.#poison(copy);
    }
  }

  #leaveUncategorized(copy: number, server: number): void {
    const { store, simulation, observer } = this.#context;
    store.charge(copy, stageIndex.submissionQueue, simulation.nowMs);
    const submittedMs = store.messageSubmittedMs[store.copyMessage[copy]!]!;
    observer.leftSubmissionQueue(simulation.nowMs, server, store.queuedMs(copy), submittedMs);
  }

  #changed(server: number): void {
    const { observer, simulation, backPressure } = this.#context;
    const station = this.#stations[server]!;
    const length = station.waiting + station.busy;
    observer.submissionQueueLength(simulation.nowMs, server, length);
    backPressure.submissionQueue(server, length);
  }
}

function isBusy({ isRunning, busy, servers }: Station): boolean {
  return isRunning && busy === servers;
}

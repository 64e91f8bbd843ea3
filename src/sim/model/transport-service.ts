import type { Topology } from '../../topology/index.js';
import { Station, tickMs } from '../kernel/index.js';
import { none, stageIndex } from './message-store.js';
import type { ModelContext, Place, Storage, WaitingRoom } from './model-context.js';
import { largestHopCount } from './organization-limits.js';
import { serviceIndex } from './server-states.js';
import { work } from './service-times.js';
import type { Settings } from './settings.js';
import { oneWaysPerMessage } from './smtp-sessions.js';

/** A directory query resolves so many addresses at a time (RR-01). */
const addressesPerBatch = 20;
/** What each further batch adds to a categorization (CAP-64). */
const furtherBatchMs = 10;

/**
 * The Transport service of every server up to the delivery queues: accepting a message, the Submission queue, the
 * categorizer's slots, first come, first served (RT-01, MW-01, MW-02, assumption A-categorizer-order). Until shadow redundancy is modelled, the shadow copy is a fixed part of
 * the acceptance (CAP-61, SH-02).
 */
export class TransportService implements Place, Storage, WaitingRoom {
  readonly name = 'Submission queues and categorizers';
  readonly #context: ModelContext;
  readonly #stations: readonly Station[];
  readonly #acceptMs: Float64Array;
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
    // On a tick, so that booking it as one stage of a longer time leaves no remainder.
    this.#acceptMs = Float64Array.from(topology.servers, (_, server) =>
      toTick(acceptTimeMs(context.topology, context.settingsOf(server), server)),
    );
    this.#stations = topology.servers.map((_, server) => {
      const station: Station = new Station(simulation, {
        servers: settingsOf(server).transport.categorizerSlots,
        serviceTimeMs: (copy) => {
          const message = store.messageNumber[store.copyMessage[copy]!]!;
          const furtherBatches = Math.ceil(this.#lookUps(copy, server) / addressesPerBatch) - 1;
          const drawnMs = times.drawnMs(work.categorizer, server, message, store.copyHops[copy]!);
          const furtherMs = furtherBatches > 0 ? furtherBatches * furtherBatchMs * times.factor(server) : 0;
          return times.withProcessorMs(server, drawnMs + furtherMs);
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

  /**
   * Time in ms, on a tick, from the end of a message's data to its acknowledgement by `server`: a fixed wait, and
   * beside it the work of the server's processor. To be asked once for each message, when its sending begins: that is
   * when its place in the run queue is taken (assumption A-run-queue).
   */
  acceptMs(server: number): number {
    const { times } = this.#context;
    const factor = times.factor(server);
    const fixedMs = this.#acceptMs[server]!;
    return times.withProcessorMs(server, factor === 1 ? fixedMs : toTick(fixedMs * factor));
  }

  /** As `acceptMs`, for mail that nobody waits to have acknowledged: until it is stored on `server` alone. */
  commitMs(server: number): number {
    const { times, settingsOf } = this.#context;
    return times.withProcessorMs(server, settingsOf(server).hardware.commitTime * times.factor(server));
  }

  /** Takes over a copy that has come from outside, out of a mailbox or out of a Pickup directory. */
  accept(copy: number, server: number): void {
    const { store, queueDatabases } = this.#context;
    store.copyServer[copy] = server;
    store.setCrashes(copy, 0);
    // SZ-03: each Transport service that accepts a message adds one hop.
    store.copyHops[copy]!++;
    queueDatabases.hold(copy);
    this.submit(copy);
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
  acceptRelayed(copy: number, from: number, to: number): void {
    const { observer, simulation, safetyNetStorage } = this.#context;
    safetyNetStorage.retire(copy);
    observer.relayed(simulation.nowMs, from, to);
    this.accept(copy, to);
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
    const { states, topology } = this.#context;
    for (const { index, name } of topology.servers) {
      const station = this.#stations[index]!;
      if (station.waiting > 0 && states.isRunning(index, serviceIndex.transport) && !isBusy(station)) {
        found(`${station.waiting} messages wait in the Submission queue of ${name}, its categorizer is idle`);
      }
    }
  }

  /**
   * How many addresses a categorization looks up: the recipients of a copy, and the members, theirs included, of those
   * groups among them that this server expands (RR-01, RR-02). What mailboxes forward to comes with their entries.
   */
  #lookUps(copy: number, server: number): number {
    const { store, topology, addressBook } = this.#context;
    const { mailboxCount, groupCount } = topology.recipients;
    const recipients = store.rowCount(copy);
    if (groupCount === 0 || topology.servers[server]!.isEdge) return recipients;
    const message = store.copyMessage[copy]!;
    let members = 0;
    for (let row = store.copyFirstRow[copy]!; row !== none; row = store.rowNext[row]!) {
      if (store.rowRecipient[row]! < mailboxCount) continue;
      const recipient = addressBook.meant(store.rowRecipient[row]!);
      if (addressBook.isExpandedAt(recipient, server) && !store.isDone(message, recipient)) {
        members += addressBook.members(recipient, server).length;
      }
    }
    return recipients + members;
  }

  #layPoisonAside(server: number): void {
    const { store, settingsOf, simulation, observer } = this.#context;
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
      store.charge(copy, stageIndex.submissionQueue, simulation.nowMs);
      const submittedMs = store.messageSubmittedMs[store.copyMessage[copy]!]!;
      observer.leftSubmissionQueue(simulation.nowMs, server, store.queuedMs(copy), submittedMs);
      this.#poison(copy);
    }
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

function toTick(ms: number): number {
  return Math.round(ms / tickMs) * tickMs;
}

/**
 * How long a server takes to acknowledge a message whose data it has, ms, with nothing in its way.
 *
 * The longer of the local commit and the shadow copy (CAP-61). The shadow goes to another member of the server's
 * high-availability boundary: its DAG, in another site if the DAG spans sites, or its site (SH-01, SH-02); without
 * another member there is none (SH-08). Whether the others are up plays no part (assumption A-shadow-time). Edges and
 * older hubs acknowledge what they have committed (assumption A-shadows-of-mailbox-servers).
 */
export function acceptTimeMs(topology: Topology, { hardware }: Settings, server: number): number {
  const self = topology.servers[server]!;
  if (self.isEdge || self.majorVersion !== 15) return hardware.commitTime;
  const partners = topology.servers.filter(
    (other) =>
      other !== self &&
      other.isTransport &&
      other.version === self.version &&
      (self.dag >= 0 ? other.dag === self.dag : other.dag < 0 && other.site === self.site),
  );
  if (partners.length === 0) return hardware.commitTime;
  const remote = partners.some((other) => other.site !== self.site);
  return Math.max(hardware.commitTime, remote ? hardware.shadowCopyTimeRemote : hardware.shadowCopyTime);
}

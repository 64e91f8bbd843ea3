import { noEvent } from '../kernel/index.js';
import { senders } from './back-pressure/back-pressure.js';
import { none, stageIndex } from './message-store.js';
import type { ModelContext, Place, WaitingRoom } from './model-context.js';
import { makeMessageAgain, makeNewMessage } from './new-message.js';
import type { RecipientEndings } from './recipient-endings.js';
import { serviceIndex } from './server-states.js';
import type { TransportService } from './transport-service.js';

/** The directory is looked at so often (MW-03). */
const pollMs = 5_000;
const pollsPerMinute = 60_000 / pollMs;

/**
 * The Pickup directories: files that somebody has put there, which the server's Transport service takes as mail,
 * without a session (CAP-20, MW-03). Each poll takes its share of a minute's number, the oldest files first; twelve
 * polls take that number exactly. A file lies there until its message is stored: a stop of the service costs time, not
 * mail. A server that is drained (QU-12), or under back pressure (BP-02), takes nothing. See assumption A-pickup.
 */
export class PickupDirectories implements Place, WaitingRoom {
  readonly name = 'Pickup directories';
  readonly #context: ModelContext;
  readonly #transport: TransportService;
  readonly #endings: RecipientEndings;
  /** By server: files, the oldest first. Those being stored are at the head. */
  readonly #files: readonly number[];
  /** By server: the oldest file that is not being stored; `none`: all are. */
  readonly #next: Int32Array;
  /** By server: files a minute, while any lie there. */
  readonly #perMinute: Int32Array;
  /** By server: when the service has started; polls are counted from there. */
  readonly #startedMs: Float64Array;
  readonly #polls: Float64Array;
  readonly #pollKind: number;
  readonly #storedKind: number;

  constructor(context: ModelContext, transport: TransportService, endings: RecipientEndings) {
    this.#context = context;
    this.#transport = transport;
    this.#endings = endings;
    const { topology, lists, simulation } = context;
    const count = topology.servers.length;
    this.#files = topology.servers.map(() => lists.make());
    this.#next = new Int32Array(count).fill(none);
    this.#perMinute = new Int32Array(count);
    this.#startedMs = new Float64Array(count);
    this.#polls = new Float64Array(count).fill(noEvent);
    this.#pollKind = simulation.addKind((server) => this.#poll(server));
    this.#storedKind = simulation.addKind((copy) => this.#stored(copy));
  }

  /**
   * Puts a new message into the directory of a server: submitted now, on its way when the server takes it.
   * @param server - has a Transport service
   * @param recipients - address-book ids, at least one
   * @param perMinute - most files a minute that the server takes until the directory is empty, if it may take that many
   * @param isExported - all its recipients have had the message before (CAP-69)
   */
  put(
    server: number,
    sender: number,
    recipients: ArrayLike<number>,
    sizeBytes: number,
    perMinute: number,
    isExported = false,
  ): void {
    const { lists, settingsOf, store } = this.#context;
    const files = this.#files[server]!;
    const before =
      lists.length(files) === 0
        ? settingsOf(server).transport.pickupDirectoryMaxMessagesPerMinute
        : this.#perMinute[server]!;
    this.#perMinute[server] = Math.min(before, perMinute);
    const context = this.#context;
    const copy = isExported
      ? makeMessageAgain(context, this.#endings, sender, recipients, sizeBytes)
      : makeNewMessage(context, this.#endings, sender, recipients, recipients.length, sizeBytes, 'normal');
    store.copyServer[copy] = server;
    lists.append(files, copy);
    if (this.#next[server] === none) this.#next[server] = copy;
    this.#watch(server);
  }

  /** The Transport service has stopped: files that it had not stored wait as before. */
  stopped(server: number): void {
    const { lists, simulation, store, backPressure } = this.#context;
    simulation.cancel(this.#polls[server]!);
    this.#polls[server] = noEvent;
    const files = this.#files[server]!;
    for (let copy = lists.first(files); copy !== this.#next[server]; copy = store.copyNext[copy]!) {
      simulation.cancel(store.timer(copy));
      store.setTimer(copy, noEvent);
      store.charge(copy, stageIndex.accept, simulation.nowMs);
      backPressure.received(server, this.#bytesOf(copy));
    }
    this.#next[server] = lists.first(files);
  }

  started(server: number): void {
    this.#startedMs[server] = this.#context.simulation.nowMs;
    this.#watch(server);
  }

  forEachCopy(visit: (copy: number) => void): void {
    for (const files of this.#files) this.#context.lists.forEach(files, visit);
  }

  findForgotten(found: (what: string) => void): void {
    const { lists, store, topology } = this.#context;
    for (const { index, name } of topology.servers) {
      if (!this.#runs(index)) continue;
      if (this.#next[index] !== none && this.#polls[index] === noEvent) {
        found(`files lie in the Pickup directory of ${name}, which nobody looks at`);
      }
      let copy = lists.first(this.#files[index]!);
      for (; copy !== this.#next[index]; copy = store.copyNext[copy]!) {
        if (store.timer(copy) === noEvent) found(`message ${copy} is never stored from Pickup`);
      }
    }
  }

  #runs(server: number): boolean {
    return this.#context.states.isRunning(server, serviceIndex.transport);
  }

  /** Has the next poll come, if there is anything to poll for. */
  #watch(server: number): void {
    if (this.#next[server] === none || this.#polls[server] !== noEvent || !this.#runs(server)) return;
    const { simulation } = this.#context;
    const sinceMs = simulation.nowMs - this.#startedMs[server]!;
    const dueMs = this.#startedMs[server]! + (Math.floor(sinceMs / pollMs) + 1) * pollMs;
    this.#polls[server] = simulation.scheduleAt(dueMs, this.#pollKind, server);
  }

  #poll(server: number): void {
    this.#polls[server] = noEvent;
    const { simulation, states, backPressure } = this.#context;
    if (states.accepts(server, serviceIndex.transport) && !backPressure.isRefusing(server, senders.pickup)) {
      const poll = Math.round((simulation.nowMs - this.#startedMs[server]!) / pollMs);
      for (let left = share(this.#perMinute[server]!, poll); left > 0; left--) this.#take(server);
    }
    this.#watch(server);
  }

  /** Takes the oldest file that is not being stored, if there is one. */
  #take(server: number): void {
    const copy = this.#next[server]!;
    if (copy === none) return;
    const { simulation, store, backPressure } = this.#context;
    this.#next[server] = store.copyNext[copy]!;
    backPressure.receiving(server, this.#bytesOf(copy));
    store.charge(copy, stageIndex.submission, simulation.nowMs);
    const storeMs = this.#transport.commitMs(server);
    store.setTimer(copy, simulation.schedule(storeMs, this.#storedKind, copy));
  }

  #stored(copy: number): void {
    const { lists, simulation, store, backPressure } = this.#context;
    const server = store.copyServer[copy]!;
    store.setTimer(copy, noEvent);
    lists.remove(copy);
    store.charge(copy, stageIndex.accept, simulation.nowMs);
    backPressure.received(server, this.#bytesOf(copy));
    this.#transport.accept(copy, server);
  }

  #bytesOf(copy: number): number {
    const { store } = this.#context;
    return store.messageSizeBytes[store.copyMessage[copy]!]!;
  }
}

/** What the poll of that number, from 1, may take: so that any twelve of them together take `perMinute`. */
function share(perMinute: number, poll: number): number {
  return (
    Math.floor((poll * perMinute) / pollsPerMinute) - Math.floor(((poll - 1) * perMinute) / pollsPerMinute)
  );
}

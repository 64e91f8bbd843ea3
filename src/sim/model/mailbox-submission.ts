import { noEvent, Station } from '../kernel/index.js';
import type { ModelContext, Place, WaitingRoom } from './model-context.js';
import { ProxySessions } from './proxy-sessions.js';
import { serviceIndex } from './server-states.js';
import { work } from './service-times.js';
import type { TransportService } from './transport-service.js';

/**
 * Mailbox Transport Submission: takes a user's message from the active copy of the mailbox's database, by RPC on the
 * same server, and brings it to one Transport service (RT-50, RT-52 to RT-54). Stateless: until then the message
 * stays in the mailbox's outbox, and waits there while the database or the service is down (assumption
 * A-outbox-waits). A thread is held from the reading of a message to Transport's acknowledgement, attempts included
 * (TH, assumption A-submission-threads).
 */
export class MailboxSubmission implements Place, WaitingRoom {
  readonly name = 'outboxes and Mailbox Transport Submission';
  readonly #context: ModelContext;
  readonly #stations: readonly Station[];
  readonly #proxy: ProxySessions;
  readonly #threads: Int32Array;
  /** Threads that hold a message, by server: from reading it until Transport has acknowledged it (TH). */
  readonly #busyThreads: Int32Array;
  /** Waiting for a thread, by server. */
  readonly #lines: readonly number[];
  /** Waiting for their database or the service, by database. */
  readonly #outboxes: readonly number[];
  /** Waiting to try again because no Transport service took them. */
  readonly #retrying: number;
  readonly #retryKind: number;

  constructor(context: ModelContext, transport: TransportService) {
    this.#context = context;
    const { topology, simulation, settingsOf, store, times, lists } = context;
    this.#proxy = new ProxySessions(context, transport, 'submission', serviceIndex.mailboxSubmission, {
      giveBack: (copy, server, stopped) => this.#givenBack(copy, server, stopped),
      refusal: () => null,
      reject: () => {},
      done: (server) => this.#threadFreed(server),
    });
    this.#outboxes = topology.databases.map(() => lists.make());
    this.#retrying = lists.make();
    this.#retryKind = simulation.addKind((copy) => this.#retry(copy));
    this.#threads = Int32Array.from(
      topology.servers,
      (_, server) => settingsOf(server).mailboxTransport.maxConcurrentMailboxSubmissions,
    );
    this.#busyThreads = new Int32Array(topology.servers.length);
    this.#lines = topology.servers.map(() => lists.make());
    this.#stations = topology.servers.map(
      (_, server) =>
        new Station(simulation, {
          servers: this.#threads[server]!,
          serviceTimeMs: (copy) =>
            times.timeMs(work.submission, server, store.messageNumber[store.copyMessage[copy]!]!, 0),
          completed: (copy) => this.#taken(copy, server),
        }),
    );
  }

  /** Submits a new message, in no list, from the mailbox of its sender. */
  submit(copy: number): void {
    const { store, activeManager, lists, topology } = this.#context;
    const database = topology.recipients.mailboxDatabase[store.messageSender[store.copyMessage[copy]!]!]!;
    const server = activeManager.activeServer(database);
    if (!this.#takes(server, database)) {
      lists.append(this.#outboxes[database]!, copy);
    } else if (this.#busyThreads[server]! < this.#threads[server]!) {
      this.#busyThreads[server]!++;
      this.#stations[server]!.arrive(copy);
    } else {
      lists.append(this.#lines[server]!, copy);
    }
  }

  /** A thread of a server is done with its message: whoever has waited longest is next. */
  #threadFreed(server: number): void {
    const { lists } = this.#context;
    const line = this.#lines[server]!;
    this.#busyThreads[server]!--;
    while (lists.length(line) > 0 && this.#busyThreads[server]! < this.#threads[server]!) {
      const copy = lists.first(line);
      lists.remove(copy);
      this.submit(copy);
    }
  }

  /** Whether the service on a server takes messages from the mailboxes of a database now. */
  #takes(server: number, database: number): boolean {
    const { states, databaseCopies } = this.#context;
    return (
      states.isRunning(server, serviceIndex.mailboxSubmission) &&
      databaseCopies.answer(server, database) === 'accept'
    );
  }

  /** Something has changed for a database: what waits in its mailboxes' outboxes is tried again. */
  release(database: number): void {
    const { lists } = this.#context;
    this.#releaseLines(database);
    let waiting = lists.length(this.#outboxes[database]!);
    for (; waiting > 0; waiting--) {
      const copy = lists.first(this.#outboxes[database]!);
      lists.remove(copy);
      this.submit(copy);
    }
  }

  /** What waits for threads of a server that does not hold the active copy any more is taken where that is now. */
  #releaseLines(database: number): void {
    const { lists, store, activeManager, topology } = this.#context;
    const active = activeManager.activeServer(database);
    const moved: number[] = [];
    for (const [server, line] of this.#lines.entries()) {
      if (server === active) continue;
      lists.forEach(line, (copy) => {
        const sender = store.messageSender[store.copyMessage[copy]!]!;
        if (topology.recipients.mailboxDatabase[sender] !== database) return;
        lists.remove(copy);
        moved.push(copy);
      });
    }
    for (const copy of moved) this.submit(copy);
  }

  /** The service on `server` has stopped; all that it worked on is still in the mailboxes. */
  stopped(server: number): void {
    const station = this.#stations[server]!;
    station.stop();
    const interrupted: number[] = [];
    station.removeAll((copy) => interrupted.push(copy));
    this.#busyThreads[server]! -= interrupted.length;
    const { lists } = this.#context;
    lists.forEach(this.#lines[server]!, (copy) => {
      lists.remove(copy);
      interrupted.push(copy);
    });
    for (const copy of interrupted) this.submit(copy);
    this.#proxy.stopped(server);
  }

  started(server: number): void {
    this.#stations[server]!.start();
    for (const { index } of this.#context.topology.databases) {
      if (this.#context.activeManager.activeServer(index) === server) this.release(index);
    }
  }

  forEachCopy(visit: (copy: number) => void): void {
    const { lists } = this.#context;
    for (const station of this.#stations) station.forEach(visit);
    for (const line of this.#lines) lists.forEach(line, visit);
    for (const outbox of this.#outboxes) lists.forEach(outbox, visit);
    lists.forEach(this.#retrying, visit);
    this.#proxy.forEachCopy(visit);
  }

  findForgotten(found: (what: string) => void): void {
    const { lists, topology, activeManager, store, states } = this.#context;
    for (const { index, name } of topology.databases) {
      const waiting = lists.length(this.#outboxes[index]!);
      const server = activeManager.activeServer(index);
      if (waiting > 0 && this.#takes(server, index)) {
        found(
          `${waiting} messages wait in outboxes of ${name}, which ${topology.servers[server]!.name} serves`,
        );
      }
    }
    for (const { index, name } of topology.servers) {
      const waiting = lists.length(this.#lines[index]!);
      const isIdle = this.#busyThreads[index]! < this.#threads[index]!;
      if (waiting > 0 && isIdle && states.isRunning(index, serviceIndex.mailboxSubmission)) {
        found(`${waiting} messages wait for the idle Mailbox Transport Submission of ${name}`);
      }
    }
    lists.forEach(this.#retrying, (copy) => {
      if (store.timer(copy) === noEvent) found(`message ${copy} will never be submitted again`);
    });
  }

  /** The message has been read from the mailbox: if the database has not been dismounted or moved meanwhile (RT-53). */
  #taken(copy: number, server: number): void {
    const { store, topology, databaseCopies } = this.#context;
    const database = topology.recipients.mailboxDatabase[store.messageSender[store.copyMessage[copy]!]!]!;
    if (databaseCopies.answer(server, database) === 'accept') {
      this.#proxy.open(copy, server);
    } else {
      this.submit(copy);
      this.#threadFreed(server);
    }
  }

  #givenBack(copy: number, server: number, stopped: boolean): void {
    if (stopped) {
      this.submit(copy);
      return;
    }
    const { lists, simulation, settingsOf, store } = this.#context;
    lists.append(this.#retrying, copy);
    const waitMs = settingsOf(server).mailboxTransport.submissionRetryInterval;
    store.setTimer(copy, simulation.schedule(waitMs, this.#retryKind, copy));
  }

  #retry(copy: number): void {
    this.#context.store.setTimer(copy, noEvent);
    this.#context.lists.remove(copy);
    this.submit(copy);
  }
}

import { noEvent, Station } from '../kernel/index.js';
import type { ModelContext, Place } from './model-context.js';
import { ProxySessions } from './proxy-sessions.js';
import { serviceIndex } from './server-states.js';
import { work } from './service-times.js';
import type { TransportService } from './transport-service.js';

/**
 * Mailbox Transport Submission: takes a user's message from the active copy of the mailbox's database, by RPC on the
 * same server, and brings it to one Transport service (RT-50, RT-52 to RT-54). Stateless: until then the message
 * stays in the mailbox's outbox, and waits there while the database or the service is down (assumption
 * A-outbox-waits).
 */
export class MailboxSubmission implements Place {
  readonly name = 'outboxes and Mailbox Transport Submission';
  readonly #context: ModelContext;
  readonly #stations: readonly Station[];
  readonly #proxy: ProxySessions;
  /** Waiting for their database or the service, by database. */
  readonly #outboxes: readonly number[];
  /** Waiting to try again because no Transport service took them. */
  readonly #retrying: number;
  readonly #retryKind: number;

  constructor(context: ModelContext, transport: TransportService) {
    this.#context = context;
    const { topology, simulation, settingsOf, store, times, lists } = context;
    this.#proxy = new ProxySessions(
      context,
      transport,
      'submission',
      serviceIndex.mailboxSubmission,
      (copy, server, stopped) => this.#givenBack(copy, server, stopped),
    );
    this.#outboxes = topology.databases.map(() => lists.make());
    this.#retrying = lists.make();
    this.#retryKind = simulation.addKind((copy) => this.#retry(copy));
    this.#stations = topology.servers.map(
      (_, server) =>
        new Station(simulation, {
          servers: settingsOf(server).mailboxTransport.maxConcurrentMailboxSubmissions,
          serviceTimeMs: (copy) =>
            times.timeMs(work.submission, server, store.messageNumber[store.copyMessage[copy]!]!, 0),
          completed: (copy) => this.#taken(copy, server),
        }),
    );
  }

  /** Submits a new message, in no list, from the mailbox of its sender. */
  submit(copy: number): void {
    const { store, activeManager, databaseCopies, states, lists, topology } = this.#context;
    const database = topology.recipients.mailboxDatabase[store.messageSender[store.copyMessage[copy]!]!]!;
    const server = activeManager.activeServer(database);
    if (
      states.isRunning(server, serviceIndex.mailboxSubmission) &&
      databaseCopies.answer(server, database) === 'accept'
    ) {
      this.#stations[server]!.arrive(copy);
    } else {
      lists.append(this.#outboxes[database]!, copy);
    }
  }

  /** Something has changed for a database: what waits in its mailboxes' outboxes is tried again. */
  release(database: number): void {
    const { lists } = this.#context;
    let waiting = lists.length(this.#outboxes[database]!);
    for (; waiting > 0; waiting--) {
      const copy = lists.first(this.#outboxes[database]!);
      lists.remove(copy);
      this.submit(copy);
    }
  }

  /** The service on `server` has stopped; all that it worked on is still in the mailboxes. */
  stopped(server: number): void {
    const station = this.#stations[server]!;
    station.stop();
    const interrupted: number[] = [];
    station.removeAll((copy) => interrupted.push(copy));
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
    for (const outbox of this.#outboxes) lists.forEach(outbox, visit);
    lists.forEach(this.#retrying, visit);
    this.#proxy.forEachCopy(visit);
  }

  /** The message has been read from the mailbox: if the database has not been dismounted or moved meanwhile (RT-53). */
  #taken(copy: number, server: number): void {
    const { store, topology, databaseCopies } = this.#context;
    const database = topology.recipients.mailboxDatabase[store.messageSender[store.copyMessage[copy]!]!]!;
    if (databaseCopies.answer(server, database) === 'accept') this.#proxy.open(copy, server);
    else this.submit(copy);
  }

  #givenBack(copy: number, server: number, stopped: boolean): void {
    if (stopped) {
      this.submit(copy);
      return;
    }
    const { lists, simulation, settingsOf, store } = this.#context;
    lists.append(this.#retrying, copy);
    const waitMs = settingsOf(server).mailboxTransport.submissionRetryInterval;
    store.copyTimer[copy] = simulation.schedule(waitMs, this.#retryKind, copy);
  }

  #retry(copy: number): void {
    this.#context.store.copyTimer[copy] = noEvent;
    this.#context.lists.remove(copy);
    this.submit(copy);
  }
}

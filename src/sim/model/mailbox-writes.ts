import { noEvent } from '../kernel/index.js';
import { none } from './message-store.js';
import type { ModelContext, WaitingRoom } from './model-context.js';
import { work } from './service-times.js';
import { Write, WriteLine, writeState } from './write-lines.js';

/** Who has opened the sessions, and is told what becomes of their copies. */
export interface WriteOutcomes {
  /** The first of a copy's recipients is being written: the database has taken the message. */
  begun(session: number): void;
  /** A recipient is being written: call `proceeded` in `durationMs`. */
  writing(session: number, durationMs: number): void;
  /** All recipients of the copy have been written. */
  written(session: number): void;
  /** The database's copy accepts no more: its answer is asked for those that are left. */
  withdrawn(session: number): void;
  /** Those that are left are at the limit of deliveries to one recipient. */
  limited(session: number): void;
  /** The session does not stand any more. */
  broken(session: number): void;
}

/**
 * The threads of Mailbox Transport Delivery on all servers: so many deliveries at a time to a database, over all
 * senders, so many of a server, and so many to one recipient (MD-03, CAP-20).
 *
 * A message waits for a thread in the line of its database, first come, first served, and of several databases the
 * one that came first (assumption A-delivery-threads-wait). Its recipients are written one after another; one that
 * is at its limit is passed over, and written when the others are. When only such are left the message gives its
 * thread back and waits `recipientThreadWait` for them at most (assumption A-recipient-thread-wait). A recipient that
 * is being written when the copy is dismounted is written (assumption A-writes-finish).
 *
 * Busy threads are counters by server, line and recipient. A delivery is an object by the number of its session, used again
 * with it, and lines are chained through these objects: they are entered only when no thread is free, and while nobody
 * waits a thread that becomes free looks at nothing.
 */
export class MailboxWrites implements WaitingRoom {
  readonly #context: ModelContext;
  readonly #timerKind: number;
  readonly #withdrawKind: number;
  #outcomes: WriteOutcomes | null = null;

  /** By server. */
  readonly #serverLimit: Int32Array;
  readonly #databaseLimit: Int32Array;
  readonly #recipientLimit: Int32Array;
  readonly #waitMs: Float64Array;
  readonly #serverBusy: Int32Array;
  /** By copy of a database, as `DatabaseCopies` numbers them. */
  readonly #lines: readonly WriteLine[];
  /** By server: the lines of its copies. */
  readonly #linesOf: readonly (readonly WriteLine[])[];
  /** By recipient: deliveries that are writing it now. */
  readonly #recipientBusy: Uint16Array;
  #waitingSessions = 0;
  #arrivals = 0;

  /** By session. */
  readonly #writes: Write[] = [];

  constructor(context: ModelContext) {
    this.#context = context;
    const { topology, settingsOf, databaseCopies, simulation } = context;
    const setting = (of: (server: number) => number) =>
      Int32Array.from(topology.servers, (_, server) => of(server));
    this.#serverLimit = setting(
      (server) => settingsOf(server).mailboxTransport.maxConcurrentMailboxDeliveries,
    );
    this.#databaseLimit = setting((server) => {
      const { deliveriesPerDatabase, databaseHealth } = settingsOf(server).mailboxTransport;
      // MD-04, assumption A-database-health.
      return Math.ceil((deliveriesPerDatabase * databaseHealth) / 100);
    });
    this.#recipientLimit = setting((server) => settingsOf(server).mailboxTransport.recipientThreadLimit);
    this.#waitMs = Float64Array.from(
      topology.servers,
      (_, server) => settingsOf(server).mailboxTransport.recipientThreadWait,
    );
    this.#serverBusy = new Int32Array(topology.servers.length);
    this.#lines = Array.from({ length: databaseCopies.count }, () => new WriteLine());
    const linesOf: WriteLine[][] = topology.servers.map(() => []);
    for (const { index, copies } of topology.databases) {
      for (const server of copies)
        linesOf[server]!.push(this.#lines[databaseCopies.copyNumber(server, index)]!);
    }
    this.#linesOf = linesOf;
    this.#recipientBusy = new Uint16Array(topology.recipients.mailboxCount);
    this.#withdrawKind = simulation.addKind((database) => this.#withdrawnFrom(database));
    this.#timerKind = simulation.addKind((session) => {
      const write = this.#writes[session]!;
      write.timer = noEvent;
      this.#leaveLine(write);
      this.#outcomes!.limited(session);
    });
  }

  /** Names the one who is told of outcomes. */
  tell(outcomes: WriteOutcomes): void {
    this.#outcomes = outcomes;
  }

  /** The copy of a session has reached a server whose own copy of the database accepts it. */
  accept(session: number, server: number, database: number): void {
    while (session >= this.#writes.length) this.#writes.push(new Write(this.#writes.length));
    const write = this.#writes[session]!;
    write.server = server;
    write.database = database;
    write.line = this.#lines[this.#context.databaseCopies.copyNumber(server, database)]!;
    write.lastRow = none;
    write.arrival = this.#arrivals++;
    if (!this.#hasThread(server, write.line)) {
      this.#enterLine(write, writeState.waiting);
    } else if (this.#chooseRow(write)) {
      this.#start(write);
    } else {
      this.#awaitRecipients(write);
    }
  }

  /** The time given to `writing` is over. */
  proceeded(session: number): void {
    const write = this.#writes[session]!;
    // A thread whose service has stopped is gone: the session notices now.
    const isThere = write.state === writeState.writing;
    const { store, sessions, databaseCopies } = this.#context;
    const row = this.#rowAfter(sessions.copy(session), write.lastRow);
    if (isThere) this.#recipientBusy[store.rowRecipient[row]!]!--;
    if (!sessions.stands(session)) {
      if (isThere) this.#releaseThread(write);
      this.#outcomes!.broken(session);
      return;
    }
    write.lastRow = row;
    if (store.rowNext[row] === none) {
      this.#releaseThread(write);
      this.#outcomes!.written(session);
    } else if (databaseCopies.answer(write.server, write.database) !== 'accept') {
      this.#releaseThread(write);
      this.#outcomes!.withdrawn(session);
    } else if (this.#chooseRow(write)) {
      this.#write(write);
      // The recipient that is done with may be what another message waits for.
      this.#dispatch(write, false);
    } else {
      // In the line before another gets the thread: nobody who came later may overtake it.
      const wasFull = this.#isFull(write.server);
      this.#giveThreadBack(write);
      this.#awaitRecipients(write);
      this.#dispatch(write, wasFull);
    }
  }

  /** The last of the rows that have been written; `none` if none has been. */
  lastWrittenRow(session: number): number {
    return this.#writes[session]!.lastRow;
  }

  /** The session ends, its sender having stopped. */
  drop(session: number): void {
    const write = this.#writes[session];
    if (write === undefined || write.state === writeState.idle) return;
    if (write.state === writeState.writing) {
      this.#releaseRecipient(write);
      this.#releaseThread(write);
    } else {
      this.#leaveLine(write);
    }
  }

  /**
   * The copies of a database may have changed: what waits for one that accepts no more is told, after all else that
   * changes at this instant, so that a move without outage is met when it is over.
   */
  withdraw(database: number): void {
    if (this.#waitingSessions > 0) this.#context.simulation.schedule(0, this.#withdrawKind, database);
  }

  #withdrawnFrom(database: number): void {
    const { topology, databaseCopies } = this.#context;
    for (const server of topology.databases[database]!.copies) {
      if (databaseCopies.answer(server, database) === 'accept') continue;
      const told = this.#takeLine(this.#lines[databaseCopies.copyNumber(server, database)]!);
      for (const { session } of told) this.#outcomes!.withdrawn(session);
    }
  }

  /** The service on a server has stopped: its threads are gone, and what waited for them is broken off. */
  stopped(server: number): void {
    for (const write of this.#writes) {
      if (write.state !== writeState.writing || write.server !== server) continue;
      this.#releaseRecipient(write);
      this.#giveThreadBack(write);
      write.state = writeState.idle;
    }
    for (const line of this.#linesOf[server]!) {
      for (const { session } of this.#takeLine(line)) this.#outcomes!.broken(session);
    }
  }

  /** Sites may have been parted: what waits at the other end of a session that has broken gives up. */
  pathsChanged(): void {
    if (this.#waitingSessions === 0) return;
    const broken = this.#writes.filter(
      ({ state, session }) =>
        (state === writeState.waiting || state === writeState.waitingForRecipients) &&
        !this.#context.sessions.stands(session),
    );
    for (const write of broken) this.#leaveLine(write);
    for (const { session } of broken) this.#outcomes!.broken(session);
  }

  findForgotten(found: (what: string) => void): void {
    const { simulation, topology } = this.#context;
    for (const [server, lines] of this.#linesOf.entries()) {
      for (const line of lines) {
        for (let write = line.first; write !== null; write = write.next) {
          const isLate = write.state === writeState.waitingForRecipients && write.timer === noEvent;
          if (!isLate && !(this.#hasThread(server, line) && this.#canWrite(write))) continue;
          const { name } = topology.servers[server]!;
          found(
            `session ${write.session} waits for an idle delivery thread of ${name} at ${simulation.nowMs} ms`,
          );
        }
      }
    }
  }

  /** Whether one of a delivery's recipients is not at its limit. */
  #canWrite(write: Write): boolean {
    const { store, sessions } = this.#context;
    const limit = this.#recipientLimit[write.server]!;
    let row = this.#rowAfter(sessions.copy(write.session), write.lastRow);
    while (row !== none && this.#recipientBusy[store.rowRecipient[row]!]! >= limit) row = store.rowNext[row]!;
    return row !== none;
  }

  #hasThread(server: number, line: WriteLine): boolean {
    return line.busyThreads < this.#databaseLimit[server]! && !this.#isFull(server);
  }

  #isFull(server: number): boolean {
    return this.#serverBusy[server]! >= this.#serverLimit[server]!;
  }

  /** Takes a thread, and writes the chosen row. */
  #start(write: Write): void {
    write.state = writeState.writing;
    this.#serverBusy[write.server]!++;
    write.line!.busyThreads++;
    if (write.lastRow === none) this.#outcomes!.begun(write.session);
    this.#write(write);
  }

  /**
   * Each recipient's mailbox is written by itself (assumption A-write-per-recipient); the processor's work is the
   * message's, and goes with the first.
   */
  #write({ session, server, lastRow }: Write): void {
    const { store, sessions, times } = this.#context;
    const copy = sessions.copy(session);
    this.#recipientBusy[store.rowRecipient[this.#rowAfter(copy, lastRow)]!]!++;
    const message = store.messageNumber[store.copyMessage[copy]!]!;
    const drawnMs = times.drawnMs(work.mailboxDelivery, server, message, store.copyHops[copy]!);
    this.#outcomes!.writing(session, lastRow === none ? times.withProcessorMs(server, drawnMs) : drawnMs);
  }

  #releaseRecipient(write: Write): void {
    const { store, sessions } = this.#context;
    const row = this.#rowAfter(sessions.copy(write.session), write.lastRow);
    this.#recipientBusy[store.rowRecipient[row]!]!--;
  }

  #giveThreadBack(write: Write): void {
    this.#serverBusy[write.server]!--;
    write.line!.busyThreads--;
  }

  #releaseThread(write: Write): void {
    const wasFull = this.#isFull(write.server);
    write.state = writeState.idle;
    this.#giveThreadBack(write);
    this.#dispatch(write, wasFull);
  }

  /**
   * Starts whoever in the lines can be started now that `of` has let go of something: of all databases if the server was
   * full, else of this one.
   */
  #dispatch(of: Write, wasFull: boolean): void {
    if (this.#waitingSessions === 0) return;
    const { server, line } = of;
    for (;;) {
      let chosen: Write | null = null;
      if (!wasFull) {
        chosen = this.#firstAble(server, line!);
      } else {
        for (const each of this.#linesOf[server]!) {
          const able = this.#firstAble(server, each);
          if (able !== null && (chosen === null || able.arrival < chosen.arrival)) chosen = able;
        }
      }
      if (chosen === null) return;
      this.#leaveLine(chosen);
      this.#start(chosen);
    }
  }

  /** The first in a line that can be written now, its row chosen; null if there is none. */
  #firstAble(server: number, line: WriteLine): Write | null {
    if (!this.#hasThread(server, line)) return null;
    for (let write = line.first; write !== null; write = write.next) {
      if (this.#chooseRow(write)) return write;
      if (write.state === writeState.waiting) this.#beginRecipientWait(write);
    }
    return null;
  }

  /** Brings the next row that can be written to the place after those that have been; false if there is none. */
  #chooseRow({ session, server, lastRow }: Write): boolean {
    const { store, sessions } = this.#context;
    const copy = sessions.copy(session);
    const limit = this.#recipientLimit[server]!;
    let before = lastRow;
    for (let row = this.#rowAfter(copy, lastRow); row !== none; before = row, row = store.rowNext[row]!) {
      if (this.#recipientBusy[store.rowRecipient[row]!]! >= limit) continue;
      if (before !== lastRow) {
        store.rowNext[before] = store.rowNext[row]!;
        store.rowNext[row] = this.#rowAfter(copy, lastRow);
        if (lastRow === none) store.copyFirstRow[copy] = row;
        else store.rowNext[lastRow] = row;
      }
      return true;
    }
    return false;
  }

  #rowAfter(copy: number, row: number): number {
    const { store } = this.#context;
    return row === none ? store.copyFirstRow[copy]! : store.rowNext[row]!;
  }

  #awaitRecipients(write: Write): void {
    this.#enterLine(write, writeState.waiting);
    this.#beginRecipientWait(write);
  }

  #beginRecipientWait(write: Write): void {
    write.state = writeState.waitingForRecipients;
    write.timer = this.#context.simulation.schedule(
      this.#waitMs[write.server]!,
      this.#timerKind,
      write.session,
    );
  }

  #enterLine(write: Write, state: number): void {
    write.line!.enter(write);
    write.state = state;
    this.#waitingSessions++;
  }

  #leaveLine(write: Write): void {
    write.line!.leave(write);
    this.#context.simulation.cancel(write.timer);
    write.timer = noEvent;
    write.state = writeState.idle;
    this.#waitingSessions--;
  }

  /** Empties a line and returns who stood in it, in order. */
  #takeLine(line: WriteLine): readonly Write[] {
    const taken: Write[] = [];
    for (let write = line.first; write !== null; write = line.first) {
      this.#leaveLine(write);
      taken.push(write);
    }
    return taken;
  }
}

import { type EventHandle, noEvent } from '../kernel/index.js';
import { none } from './message-store.js';
import type { ModelContext, WaitingRoom } from './model-context.js';
import { work } from './service-times.js';

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

/** Where a session is. */
const idle = 0;
const waiting = 1;
/** In the line, too, but what it waits for are its recipients. */
const waitingForRecipients = 2;
const writing = 3;

/**
 * The threads of Mailbox Transport Delivery on all servers: so many deliveries at a time to a database, over all
 * senders, so many of a server, and so many to one recipient (MD-03, CAP-20).
 *
 * A message waits for a thread in the line of its database, first come, first served, and of several databases the
 * one that came first (assumption A-delivery-threads-wait). Its recipients are written one after another; one that
 * is at its limit is passed over, and written when the others are. When only such are left the message gives its
 * thread back and waits `recipientThreadWait` for them at most (assumption A-recipient-thread-wait). A recipient that
 * is being written when the copy is dismounted is written (assumption A-writes-finish).
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
  /** By copy of a database, as `DatabaseCopies` numbers them: threads in use; the line. */
  readonly #copyBusy: Int32Array;
  readonly #lineFirst: Int32Array;
  readonly #lineLast: Int32Array;
  /** By server: the numbers of its copies. */
  readonly #copiesOf: readonly (readonly number[])[];
  /** By recipient: deliveries that are writing it now. */
  readonly #recipientBusy: Uint16Array;
  #waitingSessions = 0;
  #arrivals = 0;

  // By session.
  #state = new Uint8Array(0);
  #server = new Int32Array(0);
  #database = new Int32Array(0);
  #copyNumber = new Int32Array(0);
  #arrival = new Float64Array(0);
  #next = new Int32Array(0);
  #previous = new Int32Array(0);
  #timer: EventHandle[] = [];
  /** The last row that has been written, or `none`; the next one in the copy is being written. */
  #lastRow = new Int32Array(0);

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
    this.#copyBusy = new Int32Array(databaseCopies.count);
    this.#lineFirst = new Int32Array(databaseCopies.count).fill(none);
    this.#lineLast = new Int32Array(databaseCopies.count).fill(none);
    const copiesOf: number[][] = topology.servers.map(() => []);
    for (const { index, copies } of topology.databases) {
      for (const server of copies) copiesOf[server]!.push(databaseCopies.copyNumber(server, index));
    }
    this.#copiesOf = copiesOf;
    this.#recipientBusy = new Uint16Array(topology.recipients.mailboxCount);
    this.#withdrawKind = simulation.addKind((database) => this.#withdrawnFrom(database));
    this.#timerKind = simulation.addKind((session) => {
      this.#timer[session] = noEvent;
      this.#leaveLine(session);
      this.#outcomes!.limited(session);
    });
  }

  /** Names the one who is told of outcomes. */
  tell(outcomes: WriteOutcomes): void {
    this.#outcomes = outcomes;
  }

  /** The copy of a session has reached a server whose own copy of the database accepts it. */
  accept(session: number, server: number, database: number): void {
    if (session >= this.#state.length) this.#grow(session);
    const number = this.#context.databaseCopies.copyNumber(server, database);
    this.#server[session] = server;
    this.#database[session] = database;
    this.#copyNumber[session] = number;
    this.#lastRow[session] = none;
    this.#arrival[session] = this.#arrivals++;
    if (!this.#hasThread(server, number)) {
      this.#enterLine(session, waiting);
    } else if (this.#chooseRow(session)) {
      this.#start(session);
    } else {
      this.#awaitRecipients(session);
    }
  }

  /** The time given to `writing` is over. */
  proceeded(session: number): void {
    // A thread whose service has stopped is gone: the session notices now.
    const isThere = this.#state[session] === writing;
    if (isThere) this.#releaseRecipient(session);
    if (!this.#context.sessions.stands(session)) {
      if (isThere) this.#releaseThread(session);
      this.#outcomes!.broken(session);
      return;
    }
    const { store, sessions, databaseCopies } = this.#context;
    const copy = sessions.copy(session);
    const last = this.#rowAfter(copy, this.#lastRow[session]!);
    this.#lastRow[session] = last;
    if (store.rowNext[last] === none) {
      this.#releaseThread(session);
      this.#outcomes!.written(session);
    } else if (databaseCopies.answer(this.#server[session]!, this.#database[session]!) !== 'accept') {
      this.#releaseThread(session);
      this.#outcomes!.withdrawn(session);
    } else if (this.#chooseRow(session)) {
      this.#write(session);
      // The recipient that is done with may be what another message waits for.
      this.#dispatch(this.#server[session]!, this.#copyNumber[session]!, false);
    } else {
      // In the line before another gets the thread: nobody who came later may overtake it.
      const wasFull = this.#isFull(this.#server[session]!);
      this.#giveThreadBack(session);
      this.#awaitRecipients(session);
      this.#dispatch(this.#server[session]!, this.#copyNumber[session]!, wasFull);
    }
  }

  /** The last of the rows that have been written; `none` if none has been. */
  lastWrittenRow(session: number): number {
    return this.#lastRow[session]!;
  }

  /** The session ends, its sender having stopped. */
  drop(session: number): void {
    if (session >= this.#state.length) return;
    if (this.#state[session] === writing) {
      this.#releaseRecipient(session);
      this.#releaseThread(session);
    } else if (this.#state[session] !== idle) {
      this.#leaveLine(session);
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
      const told = this.#takeLine(databaseCopies.copyNumber(server, database));
      for (const session of told) this.#outcomes!.withdrawn(session);
    }
  }

  /** The service on a server has stopped: its threads are gone, and what waited for them is broken off. */
  stopped(server: number): void {
    for (let session = 0; session < this.#state.length; session++) {
      if (this.#state[session] !== writing || this.#server[session] !== server) continue;
      this.#releaseRecipient(session);
      this.#giveThreadBack(session);
      this.#state[session] = idle;
    }
    for (const number of this.#copiesOf[server]!) {
      for (const session of this.#takeLine(number)) this.#outcomes!.broken(session);
    }
  }

  /** Sites may have been parted: what waits at the other end of a session that has broken gives up. */
  pathsChanged(): void {
    if (this.#waitingSessions === 0) return;
    const broken: number[] = [];
    for (let session = 0; session < this.#state.length; session++) {
      const state = this.#state[session];
      if (state !== waiting && state !== waitingForRecipients) continue;
      if (!this.#context.sessions.stands(session)) broken.push(session);
    }
    for (const session of broken) this.#leaveLine(session);
    for (const session of broken) this.#outcomes!.broken(session);
  }

  findForgotten(found: (what: string) => void): void {
    const { simulation, topology } = this.#context;
    for (const [server, numbers] of this.#copiesOf.entries()) {
      for (const number of numbers) {
        for (let session = this.#lineFirst[number]!; session !== none; session = this.#next[session]!) {
          const isLate = this.#state[session] === waitingForRecipients && this.#timer[session] === noEvent;
          if (!isLate && !(this.#hasThread(server, number) && this.#canWrite(session))) continue;
          const { name } = topology.servers[server]!;
          found(`session ${session} waits for an idle delivery thread of ${name} at ${simulation.nowMs} ms`);
        }
      }
    }
  }

  /** Whether one of a session's recipients is not at its limit. */
  #canWrite(session: number): boolean {
    const { store, sessions } = this.#context;
    const limit = this.#recipientLimit[this.#server[session]!]!;
    let row = this.#rowAfter(sessions.copy(session), this.#lastRow[session]!);
    while (row !== none && this.#recipientBusy[store.rowRecipient[row]!]! >= limit) row = store.rowNext[row]!;
    return row !== none;
  }

  #hasThread(server: number, number: number): boolean {
    return this.#copyBusy[number]! < this.#databaseLimit[server]! && !this.#isFull(server);
  }

  #isFull(server: number): boolean {
    return this.#serverBusy[server]! >= this.#serverLimit[server]!;
  }

  /** Takes a thread, and writes the chosen row. */
  #start(session: number): void {
    this.#state[session] = writing;
    this.#serverBusy[this.#server[session]!]!++;
    this.#copyBusy[this.#copyNumber[session]!]!++;
    if (this.#lastRow[session] === none) this.#outcomes!.begun(session);
    this.#write(session);
  }

  /**
   * Each recipient's mailbox is written by itself (assumption A-write-per-recipient); the processor's work is the
   * message's, and goes with the first.
   */
  #write(session: number): void {
    const { store, sessions, times } = this.#context;
    const copy = sessions.copy(session);
    const last = this.#lastRow[session]!;
    const server = this.#server[session]!;
    this.#recipientBusy[store.rowRecipient[this.#rowAfter(copy, last)]!]!++;
    const message = store.messageNumber[store.copyMessage[copy]!]!;
    const drawnMs = times.drawnMs(work.mailboxDelivery, server, message, store.copyHops[copy]!);
    this.#outcomes!.writing(session, last === none ? times.withProcessorMs(server, drawnMs) : drawnMs);
  }

  #releaseRecipient(session: number): void {
    const { store, sessions } = this.#context;
    const row = this.#rowAfter(sessions.copy(session), this.#lastRow[session]!);
    this.#recipientBusy[store.rowRecipient[row]!]!--;
  }

  #giveThreadBack(session: number): void {
    this.#serverBusy[this.#server[session]!]!--;
    this.#copyBusy[this.#copyNumber[session]!]!--;
  }

  #releaseThread(session: number): void {
    const server = this.#server[session]!;
    const wasFull = this.#isFull(server);
    this.#state[session] = idle;
    this.#giveThreadBack(session);
    this.#dispatch(server, this.#copyNumber[session]!, wasFull);
  }

  /** Starts whoever in the lines can be started: of all databases if the server was full, else of this one. */
  #dispatch(server: number, number: number, wasFull: boolean): void {
    if (this.#waitingSessions === 0) return;
    for (;;) {
      let chosen = none;
      if (!wasFull) {
        chosen = this.#firstAble(server, number);
      } else {
        for (const each of this.#copiesOf[server]!) {
          const able = this.#firstAble(server, each);
          if (able !== none && (chosen === none || this.#arrival[able]! < this.#arrival[chosen]!))
            chosen = able;
        }
      }
      if (chosen === none) return;
      this.#leaveLine(chosen);
      this.#start(chosen);
    }
  }

  /** The first in a line that can be written now, its row chosen; `none` if there is none. */
  #firstAble(server: number, number: number): number {
    if (!this.#hasThread(server, number)) return none;
    for (let session = this.#lineFirst[number]!; session !== none; session = this.#next[session]!) {
      if (this.#chooseRow(session)) return session;
      if (this.#state[session] === waiting) this.#beginRecipientWait(session);
    }
    return none;
  }

  /** Brings the next row that can be written to the place after those that have been; false if there is none. */
  #chooseRow(session: number): boolean {
    const { store, sessions } = this.#context;
    const copy = sessions.copy(session);
    const limit = this.#recipientLimit[this.#server[session]!]!;
    const last = this.#lastRow[session]!;
    let before = last;
    for (let row = this.#rowAfter(copy, last); row !== none; before = row, row = store.rowNext[row]!) {
      if (this.#recipientBusy[store.rowRecipient[row]!]! >= limit) continue;
      if (before !== last) {
        store.rowNext[before] = store.rowNext[row]!;
        store.rowNext[row] = this.#rowAfter(copy, last);
        if (last === none) store.copyFirstRow[copy] = row;
        else store.rowNext[last] = row;
      }
      return true;
    }
    return false;
  }

  #rowAfter(copy: number, row: number): number {
    const { store } = this.#context;
    return row === none ? store.copyFirstRow[copy]! : store.rowNext[row]!;
  }

  #awaitRecipients(session: number): void {
    this.#enterLine(session, waiting);
    this.#beginRecipientWait(session);
  }

  #beginRecipientWait(session: number): void {
    this.#state[session] = waitingForRecipients;
    const waitMs = this.#waitMs[this.#server[session]!]!;
    this.#timer[session] = this.#context.simulation.schedule(waitMs, this.#timerKind, session);
  }

  /** The line is in order of arrival; one that has been written in part comes back to its place. */
  #enterLine(session: number, state: number): void {
    const number = this.#copyNumber[session]!;
    let previous = this.#lineLast[number]!;
    while (previous !== none && this.#arrival[previous]! > this.#arrival[session]!)
      previous = this.#previous[previous]!;
    const next = previous === none ? this.#lineFirst[number]! : this.#next[previous]!;
    this.#previous[session] = previous;
    this.#next[session] = next;
    if (previous === none) this.#lineFirst[number] = session;
    else this.#next[previous] = session;
    if (next === none) this.#lineLast[number] = session;
    else this.#previous[next] = session;
    this.#state[session] = state;
    this.#waitingSessions++;
  }

  #leaveLine(session: number): void {
    const number = this.#copyNumber[session]!;
    const previous = this.#previous[session]!;
    const next = this.#next[session]!;
    if (previous === none) this.#lineFirst[number] = next;
    else this.#next[previous] = next;
    if (next === none) this.#lineLast[number] = previous;
    else this.#previous[next] = previous;
    this.#context.simulation.cancel(this.#timer[session]!);
    this.#timer[session] = noEvent;
    this.#state[session] = idle;
    this.#waitingSessions--;
  }

  /** Empties a line and returns who stood in it, in order. */
  #takeLine(number: number): readonly number[] {
    const taken: number[] = [];
    for (let session = this.#lineFirst[number]!; session !== none; session = this.#lineFirst[number]!) {
      this.#leaveLine(session);
      taken.push(session);
    }
    return taken;
  }

  #grow(session: number): void {
    const size = Math.max(256, 2 * this.#state.length, session + 1);
    const bytes = new Uint8Array(size);
    bytes.set(this.#state);
    this.#state = bytes;
    const integers = (old: Int32Array) => {
      const column = new Int32Array(size);
      column.set(old);
      return column;
    };
    const arrival = new Float64Array(size);
    arrival.set(this.#arrival);
    this.#arrival = arrival;
    this.#server = integers(this.#server);
    this.#database = integers(this.#database);
    this.#copyNumber = integers(this.#copyNumber);
    this.#next = integers(this.#next);
    this.#previous = integers(this.#previous);
    this.#lastRow = integers(this.#lastRow);
    while (this.#timer.length < size) this.#timer.push(noEvent);
  }
}

import { type EventHandle, noEvent } from '../kernel/index.js';
import { none } from './message-store.js';

/** Where a delivery is. */
export const writeState = {
  idle: 0,
  waiting: 1,
  /** In the line, too, but what it waits for are its recipients. */
  waitingForRecipients: 2,
  writing: 3,
} as const;

/** The delivery of one session's copy to a database: made once for each number of a session. */
export class Write {
  readonly session: number;
  state: number = writeState.idle;
  server = 0;
  database = 0;
  line: WriteLine | null = null;
  /** Which delivery it was, in order of their coming. */
  arrival = 0.5;
  next: Write | null = null;
  previous: Write | null = null;
  /** While it waits for recipients: the end of its patience. */
  timer: EventHandle = noEvent;
  /** The last row that has been written, or `none`; the next one in the copy is being written. */
  lastRow = none;

  constructor(session: number) {
    this.session = session;
  }
}

/** The threads of one copy of a database in use, and who waits for one: in order of arrival. */
export class WriteLine {
  busyThreads = 0;
  #first: Write | null = null;
  #last: Write | null = null;

  get first(): Write | null {
    return this.#first;
  }

  /** One that has been written in part comes back to its place. */
  enter(write: Write): void {
    let previous = this.#last;
    while (previous !== null && previous.arrival > write.arrival) previous = previous.previous;
    const next = previous === null ? this.#first : previous.next;
    write.previous = previous;
    write.next = next;
    if (previous === null) this.#first = write;
    else previous.next = write;
    if (next === null) this.#last = write;
    else next.previous = write;
  }

  leave(write: Write): void {
    const { previous, next } = write;
    if (previous === null) this.#first = next;
    else previous.next = next;
    if (next === null) this.#last = previous;
    else next.previous = previous;
    write.previous = null;
    write.next = null;
  }
}

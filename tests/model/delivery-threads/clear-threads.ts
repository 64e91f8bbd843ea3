import { ClearAgenda, type Due } from '../clear-agenda.js';

/** A message that has come to Mailbox Transport Delivery. */
export interface ClearDelivery {
  readonly subject: number;
  readonly server: number;
  readonly database: number;
  /** Which it was, in order of their coming. */
  readonly arrival: number;
  /** Who is still to be written, the next one first. */
  readonly left: number[];
  written: number;
  state: 'waiting' | 'waiting for recipients' | 'writing' | 'gone';
  /** The end of its patience. */
  patience: Due | null;
  /** An end has stopped, or the sites were parted. */
  isBroken: boolean;
}

export interface ThreadRules {
  readonly ofServer: number;
  readonly ofDatabase: number;
  readonly ofRecipient: number;
  readonly patienceMs: number;
  readonly writeMs: (server: number, subject: number) => number;
}

export type ThreadFact =
  | { readonly begun: number; readonly atMs: number }
  | { readonly writing: number; readonly recipient: number; readonly atMs: number }
  | { readonly ended: number; readonly how: ThreadEnd; readonly written: number; readonly atMs: number };
export type ThreadEnd = 'written' | 'withdrawn' | 'limited' | 'broken';

/**
 * The clear version of `MailboxWrites` and its `WriteLine`s: deliveries are objects in one list, in order of their
 * coming, and who uses which thread or waits for one is counted and looked for there each time (MD-03, CAP-20).
 */
export class ClearThreads {
  readonly #rules: ThreadRules;
  readonly #tell: (fact: ThreadFact) => void;
  readonly #outages = new Set<number>();
  #deliveries: ClearDelivery[] = [];
  readonly #agenda = new ClearAgenda();
  #arrivals = 0;

  constructor(rules: ThreadRules, tell: (fact: ThreadFact) => void) {
    this.#rules = rules;
    this.#tell = tell;
  }

  get deliveries(): readonly ClearDelivery[] {
    return this.#deliveries;
  }

  runUntil(endMs: number): void {
    this.#agenda.runUntil(endMs);
  }

  accept(subject: number, server: number, database: number, recipients: readonly number[]): void {
    const delivery: ClearDelivery = {
      ...{ subject, server, database, arrival: this.#arrivals++, left: [...recipients], written: 0 },
      ...{ state: 'waiting', patience: null, isBroken: false },
    };
    this.#deliveries.push(delivery);
    this.#startWhoCan(server);
  }

  /** Its sender has stopped. */
  drop(subject: number): void {
    const delivery = this.#deliveries.find((each) => each.subject === subject);
    if (delivery === undefined) return;
    this.#take(delivery);
    this.#startWhoCan(delivery.server);
  }

  beginOutage(database: number): void {
    this.#outages.add(database);
    this.#agenda.at(0, () => {
      if (!this.#outages.has(database)) return;
      for (const delivery of this.#waiting((each) => each.database === database))
        this.#end(delivery, 'withdrawn');
    });
  }

  endOutage(database: number): void {
    this.#outages.delete(database);
  }

  /** The service on a server has stopped: its threads are gone. */
  stopped(server: number): void {
    for (const delivery of this.#deliveries) {
      if (delivery.server !== server) continue;
      delivery.isBroken = true;
      if (delivery.state === 'writing') delivery.state = 'gone';
    }
    const waiting = this.#waiting((each) => each.server === server);
    for (const delivery of waiting.sort((a, b) => a.database - b.database)) this.#end(delivery, 'broken');
  }

  /** The sites of the senders and of a server were parted. */
  parted(server: number): void {
    for (const delivery of this.#deliveries) if (delivery.server === server) delivery.isBroken = true;
    for (const delivery of this.#waiting((each) => each.server === server)) this.#end(delivery, 'broken');
  }

  #waiting(which: (delivery: ClearDelivery) => boolean): ClearDelivery[] {
    return this.#deliveries.filter(
      (each) => (each.state === 'waiting' || each.state === 'waiting for recipients') && which(each),
    );
  }

  /** Whoever waits and can be written now is, those who came first before the others. */
  #startWhoCan(server: number): void {
    for (;;) {
      const able = this.#firstAble(server);
      if (able === undefined) return;
      this.#calm(able);
      able.state = 'writing';
      if (able.written === 0) this.#tell({ begun: able.subject, atMs: this.#agenda.nowMs });
      this.#write(able);
    }
  }

  /** Of each database the first who can; of these the one who came first. */
  #firstAble(server: number): ClearDelivery | undefined {
    const able: ClearDelivery[] = [];
    const waiting = this.#waiting((each) => each.server === server).sort((a, b) => a.database - b.database);
    for (const delivery of waiting) {
      if (able.at(-1)?.database === delivery.database || !this.#hasThread(delivery)) continue;
      if (this.#choose(delivery)) able.push(delivery);
      else if (delivery.state === 'waiting') this.#awaitRecipients(delivery);
    }
    return able.sort((a, b) => a.arrival - b.arrival)[0];
  }

  #hasThread({ server, database }: ClearDelivery): boolean {
    const busy = this.#deliveries.filter((each) => each.state === 'writing' && each.server === server);
    return (
      busy.length < this.#rules.ofServer &&
      busy.filter((each) => each.database === database).length < this.#rules.ofDatabase
    );
  }

  /** Those at their limit are passed over: the first that is not stands before them. */
  #choose({ left }: ClearDelivery): boolean {
    const place = left.findIndex((recipient) => {
      const writing = this.#deliveries.filter(
        ({ state, left: [now] }) => state === 'writing' && now === recipient,
      );
      return writing.length < this.#rules.ofRecipient;
    });
    if (place === -1) return false;
    left.unshift(...left.splice(place, 1));
    return true;
  }

  #write(delivery: ClearDelivery): void {
    const { subject, server, left } = delivery;
    this.#tell({ writing: subject, recipient: left[0]!, atMs: this.#agenda.nowMs });
    this.#agenda.at(this.#rules.writeMs(server, subject), () => {
      if (this.#deliveries.includes(delivery)) this.#wrote(delivery);
    });
  }

  #wrote(delivery: ClearDelivery): void {
    const { server, database, left } = delivery;
    if (delivery.isBroken) {
      this.#giveThreadBack(delivery);
      this.#end(delivery, 'broken');
      return;
    }
    left.shift();
    delivery.written++;
    if (left.length === 0 || this.#outages.has(database)) {
      this.#giveThreadBack(delivery);
      this.#end(delivery, left.length === 0 ? 'written' : 'withdrawn');
      return;
    }
    // Nobody is being written in its thread for the moment.
    delivery.state = 'gone';
    if (this.#choose(delivery)) {
      delivery.state = 'writing';
      this.#write(delivery);
    } else {
      this.#awaitRecipients(delivery);
    }
    this.#startWhoCan(server);
  }

  #giveThreadBack(delivery: ClearDelivery): void {
    delivery.state = 'gone';
    this.#startWhoCan(delivery.server);
  }

  #awaitRecipients(delivery: ClearDelivery): void {
    delivery.state = 'waiting for recipients';
    delivery.patience = this.#agenda.at(this.#rules.patienceMs, () => this.#end(delivery, 'limited'));
  }

  #calm(delivery: ClearDelivery): void {
    this.#agenda.cancel(delivery.patience);
    delivery.patience = null;
  }

  #take(delivery: ClearDelivery): void {
    this.#calm(delivery);
    this.#deliveries = this.#deliveries.filter((each) => each !== delivery);
  }

  #end(delivery: ClearDelivery, how: ThreadEnd): void {
    this.#take(delivery);
    this.#tell({ ended: delivery.subject, how, written: delivery.written, atMs: this.#agenda.nowMs });
  }
}

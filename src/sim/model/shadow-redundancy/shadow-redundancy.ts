import { noEvent, tickMs } from '../../kernel/index.js';
import { grown, longerInt32 } from '../columns.js';
import { none } from '../message-store.js';
import type { ModelContext } from '../model-context.js';
import { storedAs } from '../queue-databases.js';
import { serviceIndex } from '../server-states.js';
import { findBrokenShadows } from './broken-shadows.js';
import type { ShadowQueue, ShownShadowQueue } from './shadow-queue.js';
import { ShadowQueues } from './shadow-queues.js';
import { ShadowRecords } from './shadow-records.js';
import { type RenewalParties, renewShadows } from './shadow-renewal.js';

type Needs = Pick<
  ModelContext,
  | 'simulation'
  | 'topology'
  | 'settingsOf'
  | 'observer'
  | 'store'
  | 'queueDatabases'
  | 'states'
  | 'network'
  | 'backPressure'
>;

/** What happens to shadow copies whose primary is gone, or their holder. */
export interface ShadowPromotion extends RenewalParties {
  /**
   * Takes over what a shadow queue has (SH-05): the records, in order, which are let go of after this call. Their
   * copies have been parted from them.
   */
  promote(queue: ShadowQueue, records: readonly number[], copies: readonly number[]): void;
  /** A copy that was nowhere but in a shadow copy is nowhere now. */
  lost(copy: number): void;
  /** Shadow copies of so many bytes go to Shadow Safety Net of the holder (SH-04). */
  retired(holder: number, bytes: number): void;
}

/**
 * Shadow redundancy (SH-01 to SH-10): of what a Mailbox server accepts another one has a copy, until the first has seen
 * it off. Then the first has a discard event, which the other fetches with any connection, or a heartbeat; its copy
 * goes to Shadow Safety Net. A primary that is silent for `shadowResubmitTimeSpan`, or has another queue database than
 * before, is done with: its copies are promoted. Of what a holder has lost the primary makes another copy.
 *
 * On the hot path a message costs a record, a column of copies that knows it, and two look-ups of a shadow queue. All
 * else goes by connections that there are anyway, by those heartbeats that have something to find, and by failures.
 */
export class ShadowRedundancy {
  readonly records = new ShadowRecords();
  readonly #context: Needs;
  readonly #queues: ShadowQueues;
  /** By copy: the record that stands for it; `none`, or nothing, if it has none. */
  #recordOf = new Int32Array(0);
  readonly #heartbeatKind: number;
  readonly #promotionKind: number;
  #promotion: ShadowPromotion | null = null;

  constructor(context: Needs) {
    this.#context = context;
    const { topology, simulation, states, network } = context;
    this.#queues = new ShadowQueues(topology.servers.length);
    this.#heartbeatKind = simulation.addKind((number) => this.#heartbeat(this.#queues.queue(number)));
    this.#promotionKind = simulation.addKind((number) => this.#promotionDue(this.#queues.queue(number)));
    states.whenStopped(() => this.review());
    network.onChange(() => this.review());
  }

  /** The shadow queues that there have been, by id. */
  get shown(): readonly ShownShadowQueue[] {
    return this.#queues.shown;
  }

  /** Names who takes over promoted copies. */
  promoteBy(promotion: ShadowPromotion): void {
    this.#promotion = promotion;
  }

  /** `holder` has a shadow copy, from now on, of a copy that `primary` has accepted just now. */
  protect(copy: number, primary: number, holder: number): void {
    const { store, queueDatabases } = this.#context;
    const message = store.copyMessage[copy]!;
    const queue = this.#queues.open(primary, holder, this.#context.simulation.nowMs);
    const first = store.copyFirstRow[copy]!;
    const record = this.records.make(message, queue.number, store.copyHops[copy]!);
    if (store.rowNext[first] === none) this.records.addressToOne(record, store.rowRecipient[first]!);
    else this.records.addressTo(record, store.recipientsOf(copy));
    store.keep(message);
    this.#join(copy, record);
    queueDatabases.add(holder, storedAs.shadow, store.messageSizeBytes[message]!);
    this.#changeLength(queue, 1);
  }

  /** Whether a server that is not the copy's has a copy of it, too. */
  isProtected(copy: number): boolean {
    return this.holder(copy) !== none;
  }

  /** The server that has the shadow copy of a copy; `none` if there is none. */
  holder(copy: number): number {
    const record = this.#record(copy);
    if (record === none) return none;
    const { holder, isGone } = this.#queues.queue(this.records.queueOf(record));
    return isGone ? none : holder;
  }

  /** As `holder`, `none` too for a report: the shadow copy that stands for it is another message's (SH-07). */
  holderOfMessage(copy: number): number {
    return this.#isOfMessage(copy) ? this.holder(copy) : none;
  }

  /** To whom a copy's message was addressed when its server accepted it; null: to those who are on the copy. */
  envelope(copy: number): readonly number[] | null {
    if (!this.#isOfMessage(copy)) return null;
    const { store } = this.#context;
    const record = this.#record(copy);
    const first = store.copyFirstRow[copy]!;
    const isAlone = first !== none && store.rowNext[first] === none;
    if (isAlone && this.records.isFor(record, store.rowRecipient[first]!)) return null;
    return this.records.envelope(record);
  }

  /** A copy that has come of another one on its server, by a fork or as a report: the same shadow stands for it. */
  joined(copy: number, origin: number): void {
    const record = this.#record(origin);
    if (record !== none) this.#join(copy, record);
  }

  /**
   * Of copies, no server's and with no shadow copy: has those wait for a shadow copy of their message whose primary has lost
   * its queue database, as what was there does. Looks at all records: for what is rare.
   * @param reaches - whether a copy's recipients may get what is addressed to an envelope
   * @returns those that wait from now on
   */
  awaitPromotion(
    copies: readonly number[],
    reaches: (envelope: readonly number[], copy: number) => boolean,
  ): ReadonlySet<number> {
    const { store } = this.#context;
    const found = new Set<number>();
    if (copies.length === 0) return found;
    const byMessage = new Map<number, number[]>();
    for (const record of this.records.ofQueues((number) => this.#queues.queue(number).isOrphaned)) {
      const number = store.messageNumber[this.records.message[record]!]!;
      const others = byMessage.get(number);
      if (others === undefined) byMessage.set(number, [record]);
      else others.push(record);
    }
    for (const copy of copies) {
      const records = byMessage.get(store.messageNumber[store.copyMessage[copy]!]!) ?? [];
      const record = records.find((each) => reaches(this.records.envelope(each), copy));
      if (record === undefined) continue;
      this.#join(copy, record);
      found.add(copy);
    }
    return found;
  }

  /** The copy's server has handed it on, or it has ended there (SH-07): after the last one there is a discard event. */
  left(copy: number): void {
    const record = this.#record(copy);
    if (record === none) return;
    this.#recordOf[copy] = none;
    this.records.part(record);
    if (this.records.copies(record) === 0) this.#discard(record);
  }

  /** `server` has a connection with `other`: it fetches that one's discard events for it (SH-04). */
  met(server: number, other: number): void {
    const queue = this.#queues.find(other, server);
    if (queue !== undefined && queue.firstDiscard !== none) this.#fetchDiscards(queue);
  }

  /** Something runs again, or does not, or can be reached, or cannot: whose primary is silent from now on (SH-05, assumption A-shadow-contact)? */
  review(): void {
    const { simulation, settingsOf } = this.#context;
    for (const queue of this.#queues.all) {
      if (queue.length === 0) continue;
      const isSilent = this.#isRunning(queue.holder) && !this.#reaches(queue);
      if (isSilent && queue.promotion === noEvent) {
        const spanMs = settingsOf(queue.holder).transport.shadowResubmitTimeSpan;
        queue.promotion = simulation.schedule(spanMs, this.#promotionKind, queue.number);
      } else if (!isSilent) {
        this.#endSilence(queue);
      }
    }
  }

  /** The queue database of a server is gone: the shadow copies that it had, and its discard events for others. */
  databaseLost(server: number): void {
    this.#loseCopiesOf(server);
    this.#forgetUnprotected(server);
    for (const queue of this.#queues.closeOf(server)) {
      queue.isOrphaned = true;
      // They are promoted, those too whose discard events were not fetched in time.
      queue.isStale = false;
      this.#awaitHeartbeat(queue);
      queue.forgetDiscards();
    }
  }

  /** Finds what is wrong with the shadow copies, for the audit. */
  findBroken(found: (what: string) => void): void {
    findBrokenShadows(this.#context, this.records, this.#queues.all, this.#recordOf, found);
  }

  #isOfMessage(copy: number): boolean {
    const record = this.#record(copy);
    return record !== none && this.records.message[record] === this.#context.store.copyMessage[copy];
  }

  #record(copy: number): number {
    return copy < this.#recordOf.length ? this.#recordOf[copy]! : none;
  }

  #join(copy: number, record: number): void {
    if (copy >= this.#recordOf.length) {
      const old = this.#recordOf.length;
      this.#recordOf = longerInt32(this.#recordOf, Math.max(grown(old), copy + 1)).fill(none, old);
    }
    this.#recordOf[copy] = record;
    this.records.join(record);
  }

  #changeLength(queue: ShadowQueue, change: number): void {
    const { observer, simulation } = this.#context;
    const { shown } = queue;
    queue.length += change;
    shown.length += change;
    observer.shadowQueueLength(simulation.nowMs, shown.id, shown.length);
  }

  #isRunning(server: number): boolean {
    return this.#context.states.isRunning(server, serviceIndex.transport);
  }

  /** Whether the holder would get through to the primary now. */
  #reaches({ holder, primary }: ShadowQueue): boolean {
    const { network, topology } = this.#context;
    return (
      this.#isRunning(holder) &&
      this.#isRunning(primary) &&
      network.connected(topology.servers[holder]!.site, topology.servers[primary]!.site)
    );
  }

  /** Has the next heartbeat of a queue come that is due. */
  #awaitHeartbeat(queue: ShadowQueue): void {
    if (queue.heartbeat !== noEvent || queue.length + queue.unprotected === 0) return;
    const { simulation, settingsOf } = this.#context;
    const everyMs = settingsOf(queue.holder).transport.shadowHeartbeatFrequency;
    // The first that is later than now once the clock has rounded it to a tick.
    const beats = Math.ceil((simulation.nowMs + tickMs / 2 - queue.phaseMs) / everyMs);
    queue.heartbeat = simulation.scheduleAt(
      queue.phaseMs + beats * everyMs,
      this.#heartbeatKind,
      queue.number,
    );
  }

  #heartbeat(queue: ShadowQueue): void {
    queue.heartbeat = noEvent;
    if (queue.isGone) {
      if (this.#promotion !== null && this.#reaches(queue)) {
        const lengthened = (each: ShadowQueue) => this.#changeLength(each, 1);
        renewShadows(queue, this.#queues, this.records, this.#context, this.#promotion, lengthened);
      }
      this.#awaitHeartbeat(queue);
      return;
    }
    if (this.#reaches(queue)) {
      // SH-05: it has another queue database than the one that this was of.
      if (!queue.isOrphaned) this.#fetchDiscards(queue);
      else if (!this.#isPaused(queue)) this.#promote(queue);
    }
    if (queue.isStale) this.#expireStale(queue);
    if (queue.isOrphaned || queue.isStale || queue.firstDiscard !== none) this.#awaitHeartbeat(queue);
    if (queue.length === 0) this.#endSilence(queue);
  }

  /** BP-06: under back pressure nothing is resubmitted. */
  #isPaused({ holder }: ShadowQueue): boolean {
    return this.#context.backPressure.pausesResubmission(holder);
  }

  /** A primary has been silent for long enough; under back pressure its copies wait for a heartbeat more. */
  #promotionDue(queue: ShadowQueue): void {
    const { simulation, settingsOf } = this.#context;
    queue.promotion = noEvent;
    if (!this.#isPaused(queue)) {
      this.#promote(queue);
      return;
    }
    const waitMs = settingsOf(queue.holder).transport.shadowHeartbeatFrequency;
    queue.promotion = simulation.schedule(waitMs, this.#promotionKind, queue.number);
  }

  #endSilence(queue: ShadowQueue): void {
    this.#context.simulation.cancel(queue.promotion);
    queue.promotion = noEvent;
  }

  #discard(record: number): void {
    const queue = this.#queues.queue(this.records.queueOf(record));
    if (queue.isGone) {
      this.#forget(queue, record);
      return;
    }
    // A primary that has lost its queue database has no discard events for what it had before.
    if (queue.isOrphaned) return;
    this.records.discardedS[record] = this.#context.simulation.nowMs / 1_000;
    if (queue.lastDiscard === none) {
      queue.firstDiscard = record;
      this.#awaitHeartbeat(queue);
    } else {
      this.records.setNextDiscard(queue.lastDiscard, record);
    }
    queue.lastDiscard = record;
  }

  /** The holder learns what the primary is done with; an event that is too old is there no more (SH-04). */
  #fetchDiscards(queue: ShadowQueue): void {
    const { observer, simulation, store, settingsOf } = this.#context;
    const { records } = this;
    const keptS = settingsOf(queue.primary).transport.shadowMessageAutoDiscardInterval / 1_000;
    const nowS = simulation.nowMs / 1_000;
    let record = queue.firstDiscard;
    queue.forgetDiscards();
    let bytes = 0;
    while (record !== none) {
      const next = records.nextDiscard(record);
      if (nowS - records.discardedS[record]! <= keptS) {
        observer.shadowEnded(simulation.nowMs, queue.holder, false);
        bytes += store.messageSizeBytes[records.message[record]!]!;
        this.#end(queue, record);
      } else {
        queue.isStale = true;
      }
      record = next;
    }
    if (bytes > 0) this.#promotion?.retired(queue.holder, bytes);
  }

  /** A shadow copy is no more; its bytes are to be taken off by the caller. */
  #end(queue: ShadowQueue, record: number): void {
    const message = this.records.message[record]!;
    this.#changeLength(queue, -1);
    this.records.free(record);
    this.#context.store.letGo(message);
  }

  /** As `#end`, for records that leave nothing behind. */
  #remove(queue: ShadowQueue, record: number): void {
    const { store, queueDatabases } = this.#context;
    const bytes = store.messageSizeBytes[this.records.message[record]!]!;
    this.#end(queue, record);
    queueDatabases.add(queue.holder, storedAs.shadow, -bytes);
  }

  /** SN-01: copies that were never known to be done with expire. */
  #expireStale(queue: ShadowQueue): void {
    const { simulation, settingsOf } = this.#context;
    const { safetyNetHoldTime, messageExpirationTimeout } = settingsOf(queue.holder).transport;
    const oldestMs = simulation.nowMs - safetyNetHoldTime - messageExpirationTimeout;
    queue.isStale = false;
    const { records } = this;
    const awaited = new Set<number>();
    for (let record = queue.firstDiscard; record !== none; record = records.nextDiscard(record))
      awaited.add(record);
    for (const record of records.ofQueues((number) => number === queue.number)) {
      if (records.copies(record) > 0 || awaited.has(record)) continue;
      if (records.discardedS[record]! * 1_000 < oldestMs) this.#remove(queue, record);
      else queue.isStale = true;
    }
  }

  #promote(queue: ShadowQueue): void {
    const { records } = this;
    const { store } = this.#context;
    const numbers = (record: number) => store.messageNumber[records.message[record]!]!;
    const promoted = [...records.ofQueues((number) => number === queue.number)].sort(
      (a, b) => numbers(a) - numbers(b) || a - b,
    );
    const copies = this.#part((record) => records.queueOf(record) === queue.number);
    queue.forgetDiscards();
    this.#promotion?.promote(queue, promoted, copies);
    for (const record of promoted) this.#remove(queue, record);
  }

  /** The records that `isMeant` chooses stand for no copy any more; returns those that they stood for. */
  #part(isMeant: (record: number) => boolean): readonly number[] {
    const parted: number[] = [];
    for (let copy = 0; copy < this.#recordOf.length; copy++) {
      const record = this.#recordOf[copy]!;
      if (record === none || !isMeant(record)) continue;
      this.#recordOf[copy] = none;
      this.records.part(record);
      parted.push(copy);
    }
    return parted;
  }

  /** The shadow copies that a server had are gone: what they stood for is lost, or its primary's alone. */
  #loseCopiesOf(holder: number): void {
    const { records } = this;
    const { store, queueDatabases } = this.#context;
    const isHeld = (number: number) => {
      const queue = this.#queues.queue(number);
      return queue.holder === holder && !queue.isGone;
    };
    const queueOf = (record: number) => this.#queues.queue(records.queueOf(record));
    const gone = records.ofQueues(isHeld);
    const copies = this.#part((record) => isHeld(records.queueOf(record)) && queueOf(record).isOrphaned);
    for (const record of gone) {
      const queue = queueOf(record);
      if (records.copies(record) === 0) {
        this.#remove(queue, record);
        continue;
      }
      queueDatabases.add(holder, storedAs.shadow, -store.messageSizeBytes[records.message[record]!]!);
      this.#changeLength(queue, -1);
      queue.unprotected++;
    }
    for (const queue of this.#queues.all) {
      if (queue.holder !== holder || queue.isGone) continue;
      queue.isGone = true;
      queue.isStale = false;
      queue.forgetDiscards();
      this.#endSilence(queue);
      this.#queues.close(queue.primary, holder);
      this.#awaitHeartbeat(queue);
    }
    for (const copy of copies) this.#promotion?.lost(copy);
  }

  /** A primary has lost its queue database: what had no shadow copy any more is not there to have one. */
  #forgetUnprotected(primary: number): void {
    const { records } = this;
    const isMeant = (number: number) => {
      const queue = this.#queues.queue(number);
      return queue.isGone && queue.primary === primary;
    };
    const gone = records.ofQueues(isMeant);
    this.#part((record) => isMeant(records.queueOf(record)));
    for (const record of gone) this.#forget(this.#queues.queue(records.queueOf(record)), record);
  }

  /** A record of a queue that is gone is not needed any more. */
  #forget(queue: ShadowQueue, record: number): void {
    const message = this.records.message[record]!;
    queue.unprotected--;
    this.records.free(record);
    this.#context.store.letGo(message);
  }
}

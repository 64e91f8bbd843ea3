import { expect } from 'vitest';
import { counterStream, Simulation } from '../../../src/sim/kernel/index.js';
import { DeliveryQueue, type SendingQueueKind } from '../../../src/sim/model/delivery-queue.js';
import { resolveSettings } from '../../../src/sim/model/index.js';
import { copyFlags, none, stageIndex } from '../../../src/sim/model/message-store.js';
import { priorityIndex } from '../../../src/sim/model/priority.js';
import { QueueLines } from '../../../src/sim/model/queue-lines.js';
import { RecipientEndings } from '../../../src/sim/model/recipient-endings.js';
import { serviceIndex } from '../../../src/sim/model/server-states.js';
import { bareContext } from '../bare-context.js';
import { silent } from '../silent-observer.js';
import { organization } from '../small-organization.js';
import { book, type ClearFact, ClearLines, type ClearMail, type ClearPriority } from './clear-lines.js';

const minute = 60_000;
const largestHighBytes = 1_000;
const priorities: readonly ClearPriority[] = ['low', 'normal', 'high'];

const classes = {
  low: { delayMs: 50 * minute, expiryMs: 300 * minute, connections: 1 },
  normal: { delayMs: 70 * minute, expiryMs: 180 * minute, connections: 3 },
  high: { delayMs: 35 * minute, expiryMs: 90 * minute, connections: 2 },
};
const withoutPriorities = { delayMs: 60 * minute, expiryMs: 150 * minute, connections: 0 };

const settings = (hasPriorities: boolean) =>
  resolveSettings('2013', {
    transport: {
      priorityQueuingEnabled: hasPriorities,
      maxHighPriorityMessageSize: largestHighBytes,
      delayNotificationTimeout: withoutPriorities.delayMs,
      messageExpirationTimeout: withoutPriorities.expiryMs,
      lowPriorityDelayNotificationTimeout: classes.low.delayMs,
      lowPriorityMessageExpirationTimeout: classes.low.expiryMs,
      maxPerDomainLowPriorityConnections: classes.low.connections,
      normalPriorityDelayNotificationTimeout: classes.normal.delayMs,
      normalPriorityMessageExpirationTimeout: classes.normal.expiryMs,
      maxPerDomainNormalPriorityConnections: classes.normal.connections,
      highPriorityDelayNotificationTimeout: classes.high.delayMs,
      highPriorityMessageExpirationTimeout: classes.high.expiryMs,
      maxPerDomainHighPriorityConnections: classes.high.connections,
    },
  });

/** What may happen to queues, each drawn as often as it stands here. */
export const deeds = [
  ...['come', 'come', 'come', 'come one by one', 'take', 'take', 'take', 'take', 'take and leave', 'head'],
  ...['leave', 'leave', 'put back', 'put back', 'defer', 'readmit', 'pass', 'pass', 'pass long', 'clear'],
  ...['clear in part', 'retry', 'retry', 'attempt', 'outage', 'fail late'],
] as const;
type Deed = (typeof deeds)[number];

/** What the random histories have met; a test that meets none of it would say little. */
export const met = {
  expiredAtTheHead: 0,
  expiredByTheClock: 0,
  delayed: 0,
  rounds: 0,
  lowsInTurn: 0,
  heldBack: 0,
  retryWaits: 0,
  agedInOutages: 0,
};

/** Two queues of one server, tuned and clear, which live through the same. */
export class Histories {
  readonly #simulation = new Simulation();
  readonly #facts: ClearFact[] = [];
  readonly #clearFacts: ClearFact[] = [];
  readonly #context = this.#open();
  readonly #endings = new RecipientEndings(this.#context, { nonDelivery: () => {} });
  readonly #queues: readonly DeliveryQueue[];
  readonly #lines: QueueLines;
  readonly #clear: readonly ClearLines[];
  readonly #copyOf = new Map<ClearMail, number>();
  /** No two messages are submitted at the same time, so that a time names one. */
  readonly #numbers = new Map<number, number>();

  constructor(kinds: readonly SendingQueueKind[], hasPriorities: boolean) {
    const { lists } = this.#context;
    this.#queues = kinds.map(
      (kind, id) =>
        new DeliveryQueue(
          id,
          0,
          kind,
          { deliveryType: 'SmtpDeliveryToMailbox', nextHopDomain: `${id}`, nextHopConnector: null },
          kind === 'mailbox' ? 0 : none,
          settings(hasPriorities),
          () => lists.make(),
        ),
    );
    this.#lines = new QueueLines(
      this.#context,
      this.#endings,
      (id) => this.#queues[id]!,
      (copy) => this.#facts.push({ delayed: this.#number(copy), atMs: this.#simulation.nowMs }),
    );
    this.#clear = kinds.map(
      (kind, queue) =>
        new ClearLines(
          {
            queue,
            isMailbox: kind === 'mailbox',
            hasPriorities,
            largestHighBytes,
            classOf: (priority) => (hasPriorities ? classes[priority] : withoutPriorities),
          },
          (fact) => this.#clearFacts.push(fact),
        ),
    );
  }

  #open() {
    const described = organization({
      servers: { A1: 'A' },
      databases: { DBA: ['A1'] },
      mailboxes: { a: 'DBA', b: 'DBA' },
    });
    return bareContext({
      simulation: this.#simulation,
      organization: described,
      settings: settings(false),
      serviceDraws: counterStream('lines', 0, 'service times'),
      observer: {
        ...silent,
        queueLength: (atMs, queue, length) => this.#facts.push({ length, queue, atMs }),
        leftQueue: (atMs, queue, queuedMs, submittedMs) =>
          this.#facts.push({ left: this.#numberOf(submittedMs), queue, atMs, queuedMs }),
        ended: (atMs, end, { message }) => {
          if (end === 'expired') this.#facts.push({ expired: message, atMs });
        },
      },
    });
  }

  #numberOf(submittedMs: number): number {
    return this.#numbers.get(submittedMs)!;
  }

  #number(copy: number): number {
    const { store } = this.#context;
    return store.messageNumber[store.copyMessage[copy]!]!;
  }

  /** Does one thing to both, and compares them. */
  do(deed: Deed, which: number, size: number): void {
    const place = which % this.#queues.length;
    const queue = this.#queues[place]!;
    const clear = this.#clear[place]!;
    const { nowMs } = this.#simulation;
    const { sending, deferred } = clear;
    switch (deed) {
      case 'come':
        for (let each = 0; each <= size % 12; each++) this.#come(place, which + 7 * each);
        break;
      case 'come one by one':
        this.#come(place, size);
        break;
      case 'head':
        this.#isSame(this.#lines.head(queue), clear.head(nowMs));
        break;
      case 'take':
        this.#take(place);
        break;
      case 'take and leave':
        for (let each = 0; each < size % 60; each++) {
          const mail = this.#take(place);
          if (mail === undefined) break;
          this.#end(place, mail);
        }
        break;
      case 'leave':
        if (sending.length > 0) this.#end(place, sending[size % sending.length]!);
        break;
      case 'put back':
      case 'defer':
        if (sending.length > 0) {
          const mail = sending[size % sending.length]!;
          this.#charge(mail);
          if (deed === 'defer') {
            this.#lines.defer(queue, this.#copy(mail));
            clear.defer(mail);
          } else {
            this.#lines.putBack(queue, this.#copy(mail));
            clear.putBack(mail);
          }
        }
        break;
      case 'fail late':
        this.#failLate(place, (size * 53) % (120 * minute));
        break;
      case 'readmit':
        if (deferred.length > 0) {
          const mail = deferred[size % deferred.length]!;
          this.#lines.readmit(queue, this.#copy(mail));
          clear.readmit(mail, nowMs);
        }
        break;
      case 'pass':
        this.#pass(size % (3 * minute));
        break;
      case 'pass long':
        this.#pass((size * 97) % (60 * minute));
        break;
      case 'clear':
        this.#move(place, () => false);
        break;
      case 'clear in part':
        this.#move(place, ({ number }) => (number + size) % 3 === 0);
        break;
      case 'retry':
        if (clear.isInRetry) {
          queue.leaveRetry(nowMs, 'Ready');
          clear.leaveRetry(nowMs);
        } else if (clear.all.length > 0) {
          queue.enterRetry(nowMs);
          clear.enterRetry(nowMs);
        }
        break;
      case 'attempt':
        queue.attemptsMade = size % 4;
        clear.attemptsMade = size % 4;
        break;
      case 'outage':
        this.#outage((size * 31) % (40 * minute));
    }
    this.#compare();
  }

  #come(place: number, size: number): void {
    const { store, queueDatabases } = this.#context;
    const { nowMs } = this.#simulation;
    let submittedMs = Math.max(0, nowMs - ((size * 13) % (20 * minute)));
    while (this.#numbers.has(submittedMs)) submittedMs += 1 / 1_024;
    if (submittedMs > nowMs) return;
    const asksFor = priorities[size % 3]!;
    const sizeBytes = size % 5 === 0 ? largestHighBytes + 1 : largestHighBytes;
    const message = store.makeMessage('mail', 0, sizeBytes, submittedMs, priorityIndex[asksFor]);
    const copy = store.makeCopy(message, submittedMs);
    store.linkRow(copy, this.#endings.begin(1));
    store.copyServer[copy] = 0;
    const isCostly = size % 7 === 0;
    if (isCostly) store.copyFlags[copy]! |= copyFlags.costly;
    queueDatabases.hold(copy);
    store.charge(copy, stageIndex.submissionQueue, nowMs);
    const number = store.messageNumber[message]!;
    this.#numbers.set(submittedMs, number);
    const bookedMs = { deliveryQueue: 0, retryWait: 0, connection: 0, transfer: 0 };
    const times = { submittedMs, queuedMs: nowMs, sinceMs: nowMs };
    const mail: ClearMail = { number, ...times, sizeBytes, asksFor, isCostly, isNoticed: false, bookedMs };
    this.#copyOf.set(mail, copy);
    this.#lines.enter(this.#queues[place]!, copy);
    this.#clear[place]!.enter(mail, nowMs);
  }

  #take(place: number): ClearMail | undefined {
    const queue = this.#queues[place]!;
    const clear = this.#clear[place]!;
    const before = this.#clearFacts.length;
    const triedBefore = queue.tried;
    const waits = clear.all.length - clear.sending.length - clear.deferred.length;
    const mail = clear.take(this.#simulation.nowMs);
    this.#isSame(this.#lines.takeHead(queue), mail);
    if (this.#clearFacts.length > before) met.expiredAtTheHead++;
    if (queue.tried !== triedBefore) met.rounds++;
    if (mail === undefined && waits > 0) met.heldBack++;
    if (mail?.asksFor === 'low' && clear.all.some(({ asksFor }) => asksFor === 'normal')) met.lowsInTurn++;
    return mail;
  }

  /** A message that is being sent has come where it was to go. */
  #end(place: number, mail: ClearMail): void {
    const copy = this.#copy(mail);
    this.#charge(mail);
    this.#lines.leave(this.#queues[place]!, copy);
    this.#clear[place]!.leave(mail, this.#simulation.nowMs);
    this.#compareTimes(mail);
    this.#endings.endCopy(copy, 'delivered', 0, null);
    this.#copyOf.delete(mail);
  }

  /** What is being sent comes back after a long time, and may be too old when its turn comes at once. */
  #failLate(place: number, durationMs: number): void {
    this.#pass(durationMs);
    const clear = this.#clear[place]!;
    for (const mail of [...clear.sending]) {
      this.#charge(mail);
      this.#lines.putBack(this.#queues[place]!, this.#copy(mail));
      clear.putBack(mail);
    }
    this.#take(place);
  }

  #charge(mail: ClearMail): void {
    this.#context.store.charge(this.#copy(mail), stageIndex.transfer, this.#simulation.nowMs);
    book(mail, 'transfer', this.#simulation.nowMs);
  }

  /** What waits in one queue goes to the other. */
  #move(place: number, stays: (mail: ClearMail) => boolean): void {
    const other = (place + 1) % this.#queues.length;
    const { nowMs } = this.#simulation;
    const mailOf = new Map([...this.#copyOf].map(([mail, copy]) => [copy, mail]));
    const taken = this.#lines.clear(
      this.#queues[place]!,
      (copy) => this.#lines.enter(this.#queues[other]!, copy),
      (copy) => stays(mailOf.get(copy)!),
    );
    const clearTaken = this.#clear[place]!.clear(
      nowMs,
      (mail) => this.#clear[other]!.enter(mail, nowMs),
      stays,
    );
    expect(taken).toBe(clearTaken);
  }

  #pass(durationMs: number): void {
    const { nowMs } = this.#simulation;
    const before = this.#clearFacts.length;
    for (const clear of this.#clear) clear.passUntil(nowMs, nowMs + durationMs);
    this.#simulation.runUntil(nowMs + durationMs);
    // What happens in one instant has no order that would matter.
    for (const facts of [this.#facts, this.#clearFacts]) {
      const passed = facts.splice(before).map((fact) => [fact.atMs, JSON.stringify(sorted(fact))] as const);
      passed.sort(([aMs, a], [bMs, b]) => aMs - bMs || (a < b ? -1 : 1));
      facts.push(...passed.map(([, fact]) => JSON.parse(fact) as ClearFact));
    }
    for (const fact of this.#clearFacts.slice(before)) {
      if ('expired' in fact) met.expiredByTheClock++;
      if ('delayed' in fact) met.delayed++;
    }
  }

  /** The server's Transport service stops, what it sends comes back, and it runs again. */
  #outage(durationMs: number): void {
    const { states } = this.#context;
    for (const [place, clear] of this.#clear.entries()) {
      for (const mail of [...clear.sending]) {
        this.#charge(mail);
        this.#lines.putBack(this.#queues[place]!, this.#copy(mail));
        clear.putBack(mail);
      }
    }
    states.stopService(0, serviceIndex.transport);
    this.#simulation.runUntil(this.#simulation.nowMs + durationMs);
    states.startService(0, serviceIndex.transport);
    const before = this.#clearFacts.length;
    for (const [place, clear] of this.#clear.entries()) {
      this.#lines.restarted(this.#queues[place]!);
      clear.restarted(this.#simulation.nowMs);
    }
    if (this.#clearFacts.length > before) met.agedInOutages++;
  }

  #copy(mail: ClearMail): number {
    return this.#copyOf.get(mail)!;
  }

  #isSame(copy: number, mail: ClearMail | undefined): void {
    expect(copy === none ? undefined : this.#number(copy)).toBe(mail?.number);
  }

  #compareTimes(mail: ClearMail): void {
    const { store } = this.#context;
    const copy = this.#copy(mail);
    const stageMs = store.stageMs(copy);
    const { deliveryQueue, retryWait, transfer } = mail.bookedMs;
    if (retryWait > 0) met.retryWaits++;
    isSame(stageMs[stageIndex.deliveryQueue]!, deliveryQueue, 'ms in the queue');
    isSame(stageMs[stageIndex.retryWait]!, retryWait, 'ms in Retry');
    isSame(stageMs[stageIndex.transfer]!, transfer, 'ms under way');
    isSame(store.queuedMs(copy), mail.queuedMs, 'when it came');
    isSame(store.enteredMs(copy), mail.sinceMs, 'since when');
  }

  #compare(): void {
    const { lists } = this.#context;
    if (this.#facts.length + this.#clearFacts.length > 0) expect(this.#facts).toEqual(this.#clearFacts);
    for (const fact of this.#facts) {
      if (!('expired' in fact)) continue;
      for (const mail of this.#copyOf.keys()) if (mail.number === fact.expired) this.#copyOf.delete(mail);
    }
    this.#facts.length = 0;
    this.#clearFacts.length = 0;
    for (const [place, queue] of this.#queues.entries()) {
      const clear = this.#clear[place]!;
      const copies: number[] = [];
      this.#lines.forEachCopy(queue, (copy) => copies.push(this.#number(copy)));
      const mail = clear.all;
      if (copies.join() !== mail.map(({ number }) => number).join())
        expect(copies).toEqual(mail.map(({ number }) => number));
      isSame(queue.length, mail.length, 'messages in the queue');
      isSame(lists.length(queue.sending), clear.sending.length, 'messages being sent');
      isSame(lists.length(queue.deferred), clear.deferred.length, 'messages deferred');
      isSame(Number(this.#lines.hasNext(queue)), Number(clear.hasNext), 'whether there is a next one');
      for (const each of mail) this.#compareTimes(each);
    }
    expect(this.#copyOf.size).toBe(this.#clear.reduce((sum, { all }) => sum + all.length, 0));
    expect(this.#context.store.copiesAlive).toBe(this.#copyOf.size);
  }
}

/** As `expect`, for what is asked a hundred thousand times. */
function isSame(tuned: number, clear: number, what: string): void {
  if (tuned !== clear) expect(tuned, what).toBe(clear);
}

function sorted(fact: ClearFact): object {
  return Object.fromEntries(Object.entries(fact).sort(([a], [b]) => (a < b ? -1 : 1)));
}

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { counterStream, exponential, Simulation } from '../../../src/sim/kernel/index.js';
import { resolveSettings } from '../../../src/sim/model/index.js';
import { MailboxWrites } from '../../../src/sim/model/mailbox-writes.js';
import { none } from '../../../src/sim/model/message-store.js';
import { serviceIndex } from '../../../src/sim/model/server-states.js';
import { work } from '../../../src/sim/model/service-times.js';
import { findByName } from '../../../src/topology/index.js';
import { isWhole, shareOf } from '../../random-share.js';
import { bareContext } from '../bare-context.js';
import { organization } from '../small-organization.js';
import { ClearThreads, type ThreadEnd, type ThreadFact } from './clear-threads.js';

const second = 1_000;
const writeTime = 2 * second;
/** Databases and the server of each; few mailboxes, so that they meet. */
const holders = { D1: 'A1', D2: 'A1', D3: 'A2' } as const;
const databases = Object.keys(holders) as (keyof typeof holders)[];
const mailboxesEach = 4;
const draw = counterStream('threads', 0, 'service times');

interface Limits {
  readonly ofServer: number;
  readonly ofDatabase: number;
  readonly ofRecipient: number;
  readonly patienceMs: number;
}

/** What may happen, each drawn as often as it stands here. */
const deeds = [
  ...['come', 'come', 'come', 'come', 'come', 'come', 'come', 'come many', 'come many', 'come many', 'pass'],
  ...['pass', 'pass', 'pass', 'pass', 'pass', 'pass', 'database', 'delivery', 'sender', 'link'],
] as const;
type Deed = (typeof deeds)[number];

/** What the random histories have met; a test that meets none of it would say little. */
const met = {
  written: 0,
  limited: 0,
  withdrawn: 0,
  broken: 0,
  inPart: 0,
  waiting: 0,
  waitingForRecipients: 0,
  dropped: 0,
  passedOver: 0,
};

/** The threads of two servers, tuned and clear, which live through the same. */
class Histories {
  readonly #simulation = new Simulation();
  readonly #facts: ThreadFact[] = [];
  readonly #clearFacts: ThreadFact[] = [];
  readonly #context;
  readonly #writes: MailboxWrites;
  readonly #clear: ClearThreads;
  readonly #owner: number;
  readonly #sessionOf = new Map<number, number>();
  #subjects = 0;

  constructor(limits: Limits) {
    this.#context = this.#open(limits);
    const { sessions } = this.#context;
    this.#writes = new MailboxWrites(this.#context);
    this.#owner = sessions.addOwner({
      connected: (session) => this.#sessionOf.set(sessions.subject(session), session),
      connectFailed: () => expect.fail('nobody connects where nobody answers'),
      proceeded: (session) => this.#writes.proceeded(session),
      aborted: (session) => {
        const subject = sessions.subject(session);
        met.dropped++;
        this.#writes.drop(session);
        this.#clear.drop(subject);
        this.#forget(session);
      },
    });
    this.#writes.tell({
      begun: (session) =>
        this.#facts.push({ begun: sessions.subject(session), atMs: this.#simulation.nowMs }),
      writing: (session, durationMs) => {
        const fact = { writing: sessions.subject(session), recipient: this.#nextOf(session) };
        this.#facts.push({ ...fact, atMs: this.#simulation.nowMs });
        sessions.proceed(session, 0, durationMs);
      },
      written: (session) => this.#end(session, 'written'),
      withdrawn: (session) => this.#end(session, 'withdrawn'),
      limited: (session) => this.#end(session, 'limited'),
      broken: (session) => this.#end(session, 'broken'),
    });
    this.#clear = new ClearThreads(
      {
        ...limits,
        writeMs: (_, message) => writeTime * exponential(1).sample(draw(message, work.mailboxDelivery)),
      },
      (fact) => this.#clearFacts.push(fact),
    );
  }

  #open({ ofServer, ofDatabase, ofRecipient, patienceMs }: Limits) {
    const described = organization({
      links: { 'A-B': 1 },
      servers: { A1: 'A', A2: 'A', B1: 'B' },
      databases: Object.fromEntries(Object.entries(holders).map(([name, server]) => [name, [server]])),
      mailboxes: Object.fromEntries(
        databases.flatMap((name) =>
          Array.from({ length: mailboxesEach }, (_, each) => [`${name.toLowerCase()}${each}`, name]),
        ),
      ),
    });
    const settings = resolveSettings('2013', {
      hardware: { connectTime: 0, cpuPerMessage: 0, mailboxDeliveryTime: writeTime },
      mailboxTransport: {
        maxConcurrentMailboxDeliveries: ofServer,
        deliveriesPerDatabase: ofDatabase,
        recipientThreadLimit: ofRecipient,
        recipientThreadWait: patienceMs,
      },
    });
    return bareContext({
      simulation: this.#simulation,
      organization: described,
      settings,
      serviceDraws: draw,
    });
  }

  /** Does one thing to both, and compares them. */
  do(deed: Deed, which: number, size: number): void {
    const { states, sessions, network, databaseCopies } = this.#context;
    const server = this.#server(which % 2 === 0 ? 'A1' : 'A2');
    const database = this.#database(databases[which % databases.length]!);
    switch (deed) {
      case 'come':
        this.#come(which, size);
        break;
      case 'come many':
        for (let each = 0; each < 12; each++) this.#come(which + (each % 3), size + 7 * each);
        break;
      case 'pass':
        this.#pass(size % (3 * second));
        break;
      case 'database':
        databaseCopies.beginOutage(database);
        this.#writes.withdraw(database);
        this.#clear.beginOutage(database);
        this.#pass(size % second);
        databaseCopies.endOutage(database);
        this.#clear.endOutage(database);
        break;
      case 'delivery':
        states.stopService(server, serviceIndex.mailboxDelivery);
        this.#writes.stopped(server);
        this.#clear.stopped(server);
        states.startService(server, serviceIndex.mailboxDelivery);
        break;
      case 'sender': {
        const source = this.#server('B1');
        states.stopService(source, serviceIndex.transport);
        sessions.abortAll(source, serviceIndex.transport);
        states.startService(source, serviceIndex.transport);
        break;
      }
      case 'link':
        network.beginLinkOutage(0);
        this.#writes.pathsChanged();
        for (const name of ['A1', 'A2']) this.#clear.parted(this.#server(name));
        // They give up together: in which order is nobody's business.
        for (const facts of [this.#facts, this.#clearFacts])
          facts.sort((a, b) => Number('ended' in a && a.ended) - Number('ended' in b && b.ended));
        network.endLinkOutage(0);
    }
    this.#compare();
  }

  #server(name: string): number {
    return findByName(this.#context.topology.servers, name);
  }

  #database(name: string): number {
    return findByName(this.#context.topology.databases, name);
  }

  /** A message for some mailboxes of a database reaches the server that holds it. */
  #come(which: number, size: number): void {
    const { store, sessions, topology } = this.#context;
    const name = databases[which % databases.length]!;
    const [server, database] = [this.#server(holders[name]), this.#database(name)];
    const subject = ++this.#subjects;
    const { mailboxDatabase, mailboxCount } = topology.recipients;
    const mailboxes = Array.from({ length: mailboxCount }, (_, each) => each).filter(
      (each) => mailboxDatabase[each] === database,
    );
    const chosen = mailboxes.filter(
      (_, place) => ((size >> place) & 1) === 1 || size % mailboxesEach === place,
    );
    const { nowMs } = this.#simulation;
    const copy = store.makeCopy(store.makeMessage('mail', none, 1_000, nowMs), nowMs);
    // Rows are linked at the head.
    for (const recipient of chosen.toReversed()) store.linkRow(copy, store.makeRow(recipient));
    const source = this.#server('B1');
    const { transport, mailboxDelivery } = serviceIndex;
    sessions.openToServer(
      ...([this.#owner, subject, source, transport, server, mailboxDelivery, copy, subject, 0] as const),
    );
    this.#pass(0);
    this.#writes.accept(this.#sessionOf.get(subject)!, server, database);
    this.#clear.accept(subject, server, database, chosen);
  }

  /** Who is being written in a session. */
  #nextOf(session: number): number {
    const { store, sessions } = this.#context;
    const last = this.#writes.lastWrittenRow(session);
    const row = last === none ? store.copyFirstRow[sessions.copy(session)]! : store.rowNext[last]!;
    return store.rowRecipient[row]!;
  }

  #end(session: number, how: ThreadEnd): void {
    const { store, sessions } = this.#context;
    let written = 0;
    const last = this.#writes.lastWrittenRow(session);
    if (last !== none) {
      written = 1;
      for (let row = store.copyFirstRow[sessions.copy(session)]!; row !== last; row = store.rowNext[row]!)
        written++;
    }
    const { nowMs } = this.#simulation;
    this.#facts.push({ ended: sessions.subject(session), how, written, atMs: nowMs });
    this.#forget(session);
    sessions.close(session);
  }

  #forget(session: number): void {
    const { store, sessions } = this.#context;
    const copy = sessions.copy(session);
    for (let row = store.takeRows(copy); row !== none; ) {
      const next = store.rowNext[row]!;
      store.freeRow(row);
      row = next;
    }
    store.freeCopy(copy);
    this.#sessionOf.delete(sessions.subject(session));
  }

  #pass(durationMs: number): void {
    const endMs = this.#simulation.nowMs + durationMs;
    this.#simulation.runUntil(endMs);
    this.#clear.runUntil(endMs);
  }

  #compare(): void {
    this.#note();
    if (this.#facts.length + this.#clearFacts.length > 0) expect(this.#facts).toEqual(this.#clearFacts);
    this.#facts.length = 0;
    this.#clearFacts.length = 0;
    expect([...this.#sessionOf.keys()].sort((a, b) => a - b)).toEqual(
      this.#clear.deliveries.map(({ subject }) => subject).sort((a, b) => a - b),
    );
    this.#writes.findForgotten((what) => expect.fail(what));
  }

  #note(): void {
    const begun = new Set<number>();
    for (const fact of this.#clearFacts) {
      if ('begun' in fact) begun.add(fact.begun);
      if ('ended' in fact) met[fact.how]++;
      if ('ended' in fact && fact.how !== 'written' && fact.written > 0) met.inPart++;
    }
    const { deliveries } = this.#clear;
    met.waiting += deliveries.filter(({ state }) => state === 'waiting').length;
    met.waitingForRecipients += deliveries.filter(({ state }) => state === 'waiting for recipients').length;
    if (deliveries.some(({ left }) => left.some((each, n) => n > 0 && each < left[n - 1]!))) met.passedOver++;
  }
}

const histories = fc.array(fc.tuple(fc.constantFrom(...deeds), fc.nat(1_000), fc.nat(1_000_000)), {
  minLength: 80,
  maxLength: 300,
  size: 'max',
});
const limits = fc.record({
  ofServer: fc.integer({ min: 1, max: 6 }),
  ofDatabase: fc.integer({ min: 1, max: 4 }),
  ofRecipient: fc.integer({ min: 1, max: 3 }),
  patienceMs: fc.integer({ min: 0, max: 4 * second }),
});

it('MD-03, CAP-20: who gets which thread, and who waits for one, is what a list and counts make of it', () => {
  fc.assert(
    fc.property(limits, histories, (drawn, history) => {
      const both = new Histories(drawn);
      for (const [deed, which, size] of history) both.do(deed, which, size);
    }),
    { seed: 1, numRuns: shareOf(60) },
  );
});

it.runIf(isWhole)('the histories have met what threads are for', () => {
  for (const [what, times] of Object.entries(met)) expect(times, what).toBeGreaterThan(30);
});

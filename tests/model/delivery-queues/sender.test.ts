import fc from 'fast-check';
import { expect, it } from 'vitest';
import { counterStream, exponential } from '../../../src/sim/kernel/index.js';
import { stageIndex } from '../../../src/sim/model/message-store.js';
import { work } from '../../../src/sim/model/service-times.js';
import { isWhole, shareOf } from '../../random-share.js';
import { silent } from '../silent-observer.js';
import { type RunningOrganization, run } from '../small-organization.js';
import type { ClearMail, ClearPriority } from './clear-lines.js';
import { ClearSender, type SenderFact, type SenderRules } from './clear-sender.js';

const domains = ['x.com', 'y.com', 'z.com'];
const databases = ['D0', 'D1', 'D2'];
const second = 1_000;
const connectTime = 300;
const acceptTime = 4 * second;
const never = 300 * 86_400 * second;
const workCount = Object.keys(work).length;
const seed = 'sender';
const draw = counterStream(seed, 0, 'service times');
const priorities: readonly ClearPriority[] = ['low', 'normal', 'high'];

interface Limits {
  readonly hasPriorities: boolean;
  /** Of queues to databases; null: they lead to domains outside. */
  readonly attemptsPerCycle: number | null;
  readonly ofServer: number;
  readonly ofQueue: number;
  readonly ofDomain: number;
  readonly messagesPerFurther: number;
  readonly messagesPerSession: number;
}

const connectionsOf = { low: 1, normal: 3, high: 2 };

function rulesOf(limits: Limits): SenderRules {
  return {
    ...limits,
    classOf: (priority) => ({ delayMs: never, expiryMs: never, connections: connectionsOf[priority] }),
    connectTimeoutMs: 21 * second,
    messageRetryMs: 45 * second,
    glitch: { count: 2, afterMs: 10 * second },
    transient: { count: 1, afterMs: 40 * second },
    intervalMs: 120 * second,
    database:
      limits.attemptsPerCycle === null
        ? null
        : { attemptsPerCycle: limits.attemptsPerCycle, noAnswerMs: 6 * second, afterMs: 30 * second },
    connectMs: ({ number }) =>
      limits.attemptsPerCycle === null
        ? connectTime * exponential(1).sample(draw(number, work.outsideConnect))
        : 0,
    // Its server has accepted it: one hop.
    acceptMs: ({ number }) => {
      const kind = limits.attemptsPerCycle === null ? work.outsideAccept : work.mailboxDelivery;
      return acceptTime * exponential(1).sample(draw(number, workCount + kind));
    },
  };
}

function organizationOf(limits: Limits, facts: SenderFact[]): RunningOrganization {
  const { ofServer, ofQueue, ofDomain, messagesPerFurther, messagesPerSession, hasPriorities } = limits;
  return run(
    {
      servers: { A1: 'A' },
      databases: Object.fromEntries(['DBA', ...databases].map((name) => [name, ['A1']])),
      mailboxes: { a: 'DBA', ...Object.fromEntries(databases.map((name) => [`at-${name}`, name])) },
      connectors: [{ name: 'out', sourceServers: ['A1'] }],
    },
    {
      hardware: {
        cpuPerMessage: 0,
        commitTime: 0,
        categorizerTime: 0,
        submissionTime: 0,
        connectTime: 0,
        mailboxDeliveryTime: acceptTime,
      },
      mailboxTransport: {
        deliveriesPerDatabase: ofQueue,
        attemptsPerRetryCycle: limits.attemptsPerCycle ?? 1,
        failedAttemptTime: 6 * second,
        recipientThreadLimit: 1_000,
        maxConcurrentMailboxDeliveries: 256,
      },
      outside: { connectTime, acceptTime, maxSessionsPerDomain: ofDomain },
      transport: {
        shadowRedundancyEnabled: false,
        priorityQueuingEnabled: hasPriorities,
        maxPerDomainLowPriorityConnections: connectionsOf.low,
        maxPerDomainNormalPriorityConnections: connectionsOf.normal,
        maxPerDomainHighPriorityConnections: connectionsOf.high,
        maxOutboundConnections: ofServer,
        maxPerDomainOutboundConnections: ofQueue,
        smtpConnectorQueueMessageCountThresholdForConcurrentConnections: messagesPerFurther,
        smtpMaxMessagesPerConnection: messagesPerSession,
        connectTimeout: 21 * second,
        messageRetryInterval: 45 * second,
        queueGlitchRetryCount: 2,
        queueGlitchRetryInterval: 10 * second,
        transientFailureRetryCount: 1,
        transientFailureRetryInterval: 40 * second,
        mailboxDeliveryQueueRetryInterval: 30 * second,
        outboundConnectionFailureRetryInterval: 120 * second,
        maxIdleTimeBeforeResubmit: never,
        // Nobody gets too old, whatever the priority.
        ...Object.fromEntries(
          ['message', 'lowPriorityMessage', 'normalPriorityMessage', 'highPriorityMessage'].map((of) => [
            `${of}ExpirationTimeout`,
            never,
          ]),
        ),
        ...Object.fromEntries(
          ['delay', 'lowPriorityDelay', 'normalPriorityDelay', 'highPriorityDelay'].map((of) => [
            `${of}NotificationTimeout`,
            never,
          ]),
        ),
      },
    },
    {
      ...silent,
      queueStatus: (atMs, queue, status) => facts.push({ status, queue, atMs }),
      attempted: (startedMs, queue, attempt, stage, outcome, durationMs, length) =>
        facts.push({ attempt, stage, outcome, queue, startedMs, endedMs: startedMs + durationMs, length }),
      ended: (atMs, _end, { message }, _recipient, _server, _hops, stageMs, offset) => {
        const of = (stage: number) => stageMs[offset + stage]!;
        const bookedMs = {
          deliveryQueue: of(stageIndex.deliveryQueue),
          retryWait: of(stageIndex.retryWait),
          connection: of(stageIndex.connection),
          transfer: of(stageIndex.transfer) + of(stageIndex.mailboxDelivery),
        };
        facts.push({ delivered: message, atMs, bookedMs });
      },
    },
    {},
    seed,
  );
}

/** What may happen, each drawn as often as it stands here. */
const deeds = [
  ...['send', 'send', 'send', 'send many', 'pass', 'pass', 'pass', 'pass', 'pass long', 'stop'],
  ...['silence', 'silence', 'refusals', 'refusals', 'dns'],
] as const;
type Deed = (typeof deeds)[number];

/** What the random histories have met; a test that meets none of it would say little. */
const met = {
  serverFull: 0,
  queueAtItsLimit: 0,
  awaitingConnection: 0,
  stoppedAtWork: 0,
  delivered: 0,
  failedMailbox: 0,
  failedGlitch: 0,
  failedTransient: 0,
  failedInterval: 0,
  connectedAgain: 0,
  refusedMessages: 0,
  refusedTwice: 0,
};

/** One server, tuned and clear, which lives through the same. */
class Histories {
  readonly #facts: SenderFact[] = [];
  readonly #clearFacts: SenderFact[] = [];
  readonly #limits: Limits;
  readonly #tuned: RunningOrganization;
  readonly #clear: ClearSender;
  #sent = 0;
  readonly #silent = new Set<string>();
  readonly #refusing = new Set<string>();
  #dnsIsOut = false;

  constructor(limits: Limits) {
    this.#limits = limits;
    this.#tuned = organizationOf(limits, this.#facts);
    this.#clear = new ClearSender(domains.length, rulesOf(limits), (fact) => this.#clearFacts.push(fact));
    // Queues are numbered as they are met first.
    for (const place of domains.keys()) this.#send(place, 1);
  }

  do(deed: Deed, which: number, size: number): void {
    const { model, server } = this.#tuned;
    const { remoteDomains } = model;
    const place = which % domains.length;
    const domain = domains[place]!;
    const isOutside = this.#limits.attemptsPerCycle === null;
    switch (deed) {
      case 'send':
        this.#send(place, size);
        break;
      case 'send many':
        for (let each = 0; each < 1 + (size % 15); each++) this.#send(place, which + each);
        break;
      case 'pass':
        this.#pass(size % (6 * second));
        break;
      case 'pass long':
        this.#pass(size % (150 * second));
        break;
      case 'stop':
        if (this.#clear.open.all > 0) met.stoppedAtWork++;
        model.beginServiceOutage(server('A1'), 'transport');
        this.#clear.stop();
        this.#compare();
        this.#pass(size % (50 * second));
        model.endServiceOutage(server('A1'), 'transport');
        this.#clear.start();
        break;
      case 'silence':
        if (this.#silent.delete(domain)) {
          if (isOutside) remoteDomains.endOutage(domain, 'silent');
          else model.endDatabaseOutage(this.#tuned.database(databases[place]!));
          this.#clear.endSilence(place);
        } else {
          this.#silent.add(domain);
          if (isOutside) remoteDomains.beginOutage(domain, 'silent');
          else model.beginDatabaseOutage(this.#tuned.database(databases[place]!));
          this.#clear.beginSilence(place);
        }
        break;
      case 'refusals':
        if (!isOutside) break;
        if (this.#refusing.delete(domain)) {
          remoteDomains.endOutage(domain, '4xx');
          this.#clear.endRefusals(place);
        } else {
          this.#refusing.add(domain);
          remoteDomains.beginOutage(domain, '4xx');
          this.#clear.beginRefusals(place);
        }
        break;
      case 'dns':
        if (!isOutside) break;
        if (this.#dnsIsOut) {
          remoteDomains.endDnsOutage([server('A1')]);
          this.#clear.endDnsOutage();
        } else {
          remoteDomains.beginDnsOutage([server('A1')]);
          this.#clear.beginDnsOutage();
        }
        this.#dnsIsOut = !this.#dnsIsOut;
    }
    this.#compare();
  }

  #send(place: number, size: number): void {
    const { model, simulation } = this.#tuned;
    const { nowMs } = simulation;
    const asksFor = priorities[size % 3]!;
    const isOutside = this.#limits.attemptsPerCycle === null;
    const address = isOutside ? `somebody@${domains[place]}` : `at-${databases[place]}@contoso.com`;
    const to = model.addressBook.intern(address);
    model.submit(model.addressBook.intern('a@contoso.com'), [to], 1, 1_000, asksFor);
    // Submission and the categorizer take no time, but come after what is due now.
    simulation.runUntil(nowMs);
    this.#clear.runUntil(nowMs);
    const mail: ClearMail = {
      number: ++this.#sent,
      submittedMs: nowMs,
      sizeBytes: 1_000,
      asksFor,
      isCostly: false,
      queuedMs: nowMs,
      sinceMs: nowMs,
      isNoticed: false,
      bookedMs: { deliveryQueue: 0, retryWait: 0, connection: 0, transfer: 0 },
    };
    this.#clear.enqueue(place, mail);
    this.#clear.runUntil(nowMs);
  }

  #pass(durationMs: number): void {
    const endMs = this.#tuned.simulation.nowMs + durationMs;
    this.#tuned.simulation.runUntil(endMs);
    this.#clear.runUntil(endMs);
  }

  #compare(): void {
    const { model } = this.#tuned;
    this.#note();
    if (JSON.stringify(this.#facts.map(entriesOf)) !== JSON.stringify(this.#clearFacts.map(entriesOf)))
      expect(this.#facts).toEqual(this.#clearFacts);
    this.#facts.length = 0;
    this.#clearFacts.length = 0;
    for (const { id, lines, status } of this.#clear.queues) {
      expect([model.queueMessages(id), model.queueStatusNow(id)]).toEqual([lines.all.length, status]);
    }
    model.audit();
  }

  #note(): void {
    const { all, ofQueue } = this.#clear.open;
    if (all === this.#limits.ofServer) met.serverFull++;
    if (ofQueue === this.#limits.ofQueue) met.queueAtItsLimit++;
    if (this.#clear.awaitsConnection) met.awaitingConnection++;
    for (const fact of this.#clearFacts) {
      if ('delivered' in fact) met.delivered++;
      if (!('attempt' in fact)) continue;
      const { outcome, stage, attempt } = fact;
      if (stage === 'message') met.refusedMessages++;
      if (stage === 'message' && attempt > 1) met.refusedTwice++;
      if (outcome === 'connected') met.connectedAgain++;
      else if (stage === 'mailbox') met.failedMailbox++;
      else if (stage === 'glitch') met.failedGlitch++;
      else if (stage === 'transient') met.failedTransient++;
      else if (stage === 'interval') met.failedInterval++;
    }
  }
}

function entriesOf(fact: SenderFact): readonly (readonly [string, unknown])[] {
  return Object.entries(fact).sort(([a], [b]) => (a < b ? -1 : 1));
}

const histories = fc.array(fc.tuple(fc.constantFrom(...deeds), fc.nat(1_000), fc.nat(1_000_000)), {
  minLength: 80,
  maxLength: 300,
  size: 'max',
});
const connections = {
  ofServer: fc.integer({ min: 1, max: 9 }),
  ofQueue: fc.integer({ min: 1, max: 5 }),
  ofDomain: fc.integer({ min: 1, max: 5 }),
  messagesPerFurther: fc.integer({ min: 1, max: 4 }),
  messagesPerSession: fc.integer({ min: 1, max: 6 }),
};

it.each([
  {
    to: 'domains outside (MI-01)',
    limits: fc.record({ ...connections, hasPriorities: fc.boolean(), attemptsPerCycle: fc.constant(null) }),
    runs: 60,
  },
  {
    to: 'databases (CAP-65, CAP-66)',
    limits: fc.record({
      ...connections,
      // A database has no limit of its own beyond that of its queue.
      ofDomain: fc.constant(Number.POSITIVE_INFINITY),
      hasPriorities: fc.constant(false),
      attemptsPerCycle: fc.integer({ min: 1, max: 4 }),
    }),
    runs: 30,
  },
])(
  'CAP-20, CAP-21, PQ: queues, retries, connections to $to are what lists and counts make of them',
  ({ limits, runs }) => {
    fc.assert(
      fc.property(limits, histories, (drawn, history) => {
        const both = new Histories(drawn);
        for (const [deed, which, size] of history) both.do(deed, which, size);
      }),
      { seed: 1, numRuns: shareOf(runs) },
    );
  },
);

it.runIf(isWhole)('the histories have met what queues are for', () => {
  for (const [what, times] of Object.entries(met)) expect(times, what).toBeGreaterThan(30);
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { counterStream, Simulation, tickMs } from '../../../src/sim/kernel/index.js';
import { resolveSettings, type SettingOverrides } from '../../../src/sim/model/index.js';
import { none } from '../../../src/sim/model/message-store.js';
import { storedAs } from '../../../src/sim/model/queue-databases.js';
import { serviceIndex } from '../../../src/sim/model/server-states.js';
import { isWhole, shareOf } from '../../random-share.js';
import { bareContext } from '../bare-context.js';
import { silent } from '../silent-observer.js';
import { organization } from '../small-organization.js';
import { ClearShadows, type ShadowFact } from './clear-shadows.js';
import { second } from './held-mail.js';

const names = ['P1', 'P2', 'Q1'];
const described = organization({
  links: { 'P-Q': 10 },
  servers: { P1: 'P', P2: 'P', Q1: 'Q' },
  databases: { DB: ['P1'] },
  mailboxes: { a: 'DB' },
  behavior: '2016',
});

/*
 * Whole seconds, in which discard events know their time, so that heartbeats, ages and what happens meet at one instant.
 * Silences end between two of them: at one instant it would be chance which of the two is first. So would be whether a
 * poll of back pressure has ended already.
 */
const seconds = (min: number, max: number) => fc.integer({ min, max }).map((count) => count * second);
const server = fc.record({
  heartbeatMs: fc.oneof(fc.constantFrom(second, 5 * second, 1_000.0003, 3_333.333), seconds(3, 40)),
  silenceMs: seconds(20, 300).map((ms) => ms + 0.5 * second),
  discardsKeptMs: seconds(5, 60),
  holdMs: seconds(0, 60),
  expirationMs: seconds(5, 90),
});
type ServerRules = typeof server extends fc.Arbitrary<infer T> ? T : never;

/** So much of the queue disk others use that nothing is resubmitted (BP-06). */
const full = 0.999;

/** What may happen, each drawn as often as it stands here. */
const deeds = [
  ...[
    'accept',
    'accept',
    'accept',
    'accept',
    'accept',
    'accept',
    'accept',
    'accept',
    'fork',
    'fork',
    'leave',
  ],
  ...[
    'leave',
    'leave',
    'leave',
    'leave',
    'leave all',
    'leave all',
    'leave all',
    'meet',
    'pass',
    'pass',
    'pass',
  ],
  ...['pass', 'pass', 'pass', 'stop', 'start', 'start', 'start', 'start', 'start', 'cut', 'mend', 'mend'],
  ...['mend', 'lose', 'press', 'relieve', 'relieve', 'relieve'],
] as const;
type Deed = (typeof deeds)[number];

/** What the random histories have met; a test that meets none of it would say little. */
const met = { discarded: 0, promoted: 0, expired: 0, lost: 0, orphaned: 0, paused: 0, leftOut: 0 };

interface TimedFact {
  readonly atMs: number;
  readonly fact: ShadowFact;
}

/** Shadow redundancy of three servers, tuned and clear, to which the same happens at the same times. */
class Both {
  readonly #simulation: Simulation;
  readonly #context;
  readonly #clear: ClearShadows;
  readonly #facts: TimedFact[] = [];
  readonly #clearFacts: TimedFact[] = [];
  /** Copies that servers have, by their server. */
  readonly #copies = new Map<number, number>();
  readonly #fills: number[] = [];
  readonly #outages: number[] = [];
  #cuts = 0;
  /** Events of the tuned version. */
  #events = 0;
  readonly #lengths = new Map<number, number>();
  /** Shadow copies that are about to leave a queue, as has been told. */
  #leaving = 0;
  #discarded = 0;
  #isLosing = false;

  constructor(rules: readonly ServerRules[]) {
    const clearRuns: (() => void)[] = [];
    const simulation = new Simulation({
      onEvent: (_, kind) => {
        if (kind !== clearKind) this.#events++;
      },
    });
    const clearKind = simulation.addKind((place) => clearRuns[place]!());
    this.#simulation = simulation;
    const settings = rules.map((each) => resolveSettings('2016', settingsOf(each)));
    this.#context = bareContext({
      ...{ simulation, organization: described, settings: settings[0]!, settingsOf: (at) => settings[at]! },
      serviceDraws: counterStream('heartbeats', 0, 'service times'),
      observer: {
        ...silent,
        shadowEnded: () => {
          this.#leaving++;
          this.#discarded++;
        },
        shadowQueueLength: (_, queue, length) => this.#changed(queue, length),
      },
    });
    this.#listen();
    const { states, network, topology, backPressure } = this.#context;
    const siteOf = (at: number) => topology.servers[at]!.site;
    this.#clear = new ClearShadows(
      {
        heartbeatMs: (at) => rules[at]!.heartbeatMs,
        silenceMs: (at) => rules[at]!.silenceMs,
        discardsKeptMs: (at) => rules[at]!.discardsKeptMs,
        expiryMs: (at) => rules[at]!.holdMs + rules[at]!.expirationMs,
        runs: (at) => states.isRunning(at, serviceIndex.transport),
        connected: (a, b) => network.connected(siteOf(a), siteOf(b)),
        isPaused: (at) => backPressure.pausesResubmission(at),
      },
      {
        nowMs: () => simulation.nowMs,
        at: (atMs, run) => simulation.scheduleAt(atMs, clearKind, clearRuns.push(run) - 1),
      },
      (fact, atMs) => this.#clearFacts.push({ atMs, fact }),
    );
  }

  #listen(): void {
    const { shadows, store, queueDatabases } = this.#context;
    shadows.promoteBy({
      promote: ({ holder, isOrphaned }, records, copies) => {
        if (records.length === 0) return;
        this.#leaving += records.length;
        const promoted = records.map((record) => store.messageNumber[shadows.records.message[record]!]!);
        this.#tell({ promoted, copies: [...copies].sort((a, b) => a - b), holder });
        if (isOrphaned) met.orphaned++;
      },
      lost: (copy) => this.#tell({ lost: copy }),
      // Nobody takes a copy anew: the clear version knows of none (A-shadow-made-anew; `renewal.test.ts`).
      heardFrom: () => {},
      choosePartner: () => none,
      sent: () => {},
      renewed: () => {},
      retired: (holder, bytes) => {
        queueDatabases.add(holder, storedAs.shadow, -bytes);
        this.#tell({ discarded: this.#discarded, bytes, holder });
        this.#discarded = 0;
      },
    });
  }

  /** Shadow copies that leave a queue with nothing told have expired. */
  #changed(queue: number, length: number): void {
    const before = this.#lengths.get(queue) ?? 0;
    this.#lengths.set(queue, length);
    if (length > before || this.#isLosing) return;
    if (this.#leaving > 0) this.#leaving--;
    else this.#tell({ expired: this.#context.shadows.shown[queue]!.holder });
  }

  #tell(fact: ShadowFact): void {
    this.#facts.push({ atMs: this.#simulation.nowMs, fact });
  }

  /** Does one thing to both, and compares them. */
  do(deed: Deed, which: number, size: number): void {
    const { shadows, states, network, backPressure } = this.#context;
    const clear = this.#clear;
    const at = which % names.length;
    const other = (at + 1 + (size % (names.length - 1))) % names.length;
    const copies = [...this.#copies.keys()];
    const copy = copies[size % Math.max(1, copies.length)];
    switch (deed) {
      case 'accept':
        for (let each = 0; each < 3 && this.#reach(at, other); each++) this.#accept(at, other, 1 + size);
        break;
      case 'fork':
        if (copy !== undefined) this.#fork(copy);
        break;
      case 'leave':
        if (copy !== undefined && this.#runs(this.#copies.get(copy)!)) this.#leave(copy);
        break;
      case 'leave all':
        for (const each of copies) if (this.#runs(this.#copies.get(each)!)) this.#leave(each);
        break;
      case 'meet':
        if (!this.#reach(at, other)) break;
        shadows.met(at, other);
        clear.met(at, other);
        break;
      case 'pass':
        this.#pass((size % (which % 8 === 0 ? 300 : 40)) * second);
        break;
      case 'stop':
        this.#stop(at);
        break;
      case 'start': {
        const stopped = this.#outages.shift();
        if (stopped === undefined || !states.startService(stopped, serviceIndex.transport)) break;
        shadows.review();
        backPressure.started(stopped);
        clear.review();
        break;
      }
      case 'cut':
        this.#cuts++;
        network.beginLinkOutage(0);
        clear.review();
        break;
      case 'mend':
        if (this.#cuts === 0) break;
        this.#cuts--;
        network.endLinkOutage(0);
        clear.review();
        break;
      case 'lose':
        this.#stop(at);
        this.#isLosing = true;
        shadows.databaseLost(at);
        this.#isLosing = false;
        clear.databaseLost(at);
        break;
      case 'press':
        this.#fills.push(at);
        backPressure.beginFill(at, full);
        break;
      case 'relieve': {
        const relieved = this.#fills.shift();
        if (relieved !== undefined) backPressure.endFill(relieved, full);
      }
    }
    if (clear.hasWaiting && names.some((_, each) => backPressure.pausesResubmission(each))) met.paused++;
    this.compare();
  }

  #runs(at: number): boolean {
    return this.#context.states.isRunning(at, serviceIndex.transport);
  }

  #reach(a: number, b: number): boolean {
    const { network, topology } = this.#context;
    return (
      this.#runs(a) &&
      this.#runs(b) &&
      network.connected(topology.servers[a]!.site, topology.servers[b]!.site)
    );
  }

  #stop(at: number): void {
    const { states, backPressure } = this.#context;
    this.#outages.push(at);
    if (!states.stopService(at, serviceIndex.transport)) return;
    backPressure.stopped(at);
    this.#clear.review();
  }

  #accept(primary: number, holder: number, bytes: number): void {
    const { store, shadows } = this.#context;
    const message = store.makeMessage('mail', none, bytes, this.#simulation.nowMs);
    const copy = store.makeCopy(message, this.#simulation.nowMs);
    store.linkRow(copy, store.makeRow(0));
    this.#copies.set(copy, primary);
    shadows.protect(copy, primary, holder);
    this.#clear.protect(copy, store.messageNumber[message]!, bytes, primary, holder);
  }

  #fork(copy: number): void {
    const { store, shadows } = this.#context;
    const fork = store.forkCopy(copy);
    this.#copies.set(fork, this.#copies.get(copy)!);
    shadows.joined(fork, copy);
    this.#clear.joined(fork, copy);
  }

  #leave(copy: number): void {
    const { store, shadows } = this.#context;
    shadows.left(copy);
    this.#clear.left(copy);
    this.#copies.delete(copy);
    const row = store.takeRows(copy);
    if (row !== none) store.freeRow(row);
    store.freeCopy(copy);
  }

  #pass(durationMs: number): void {
    // Whoever sends heartbeats without end would never come to it.
    expect(this.#simulation.runUntil(this.#simulation.nowMs + durationMs, 1_000_000)).not.toBe('paused');
  }

  compare(): void {
    this.#note();
    if (this.#facts.length + this.#clearFacts.length > 0)
      expect(inOrder(this.#facts)).toEqual(inOrder(this.#clearFacts));
    this.#facts.length = 0;
    this.#clearFacts.length = 0;
    const { shadows, queueDatabases } = this.#context;
    const clear = this.#clear;
    const copies = [...this.#copies.keys()];
    const servers = [...names.keys()];
    const found = [
      copies.map((copy) => shadows.holder(copy)),
      shadows.shown.map(({ length }) => length),
      servers.map((at) => queueDatabases.bytes(at, storedAs.shadow)),
    ];
    const right = [
      copies.map((copy) => clear.holder(copy)),
      shadows.shown.map(({ primary, holder }) => clear.length(primary, holder)),
      servers.map((at) => clear.bytes(at)),
    ];
    expect(found.join(' / ')).toBe(right.join(' / '));
    shadows.findBroken((what) => expect.fail(what));
  }

  #note(): void {
    for (const { fact } of this.#clearFacts) {
      if ('discarded' in fact) met.discarded++;
      else if ('promoted' in fact) met.promoted++;
      else if ('expired' in fact) met.expired++;
      else met.lost++;
    }
  }

  /** Time for all that is under way. */
  end(): void {
    this.#pass(400 * second);
    this.compare();
    met.leftOut += Math.max(0, this.#clear.heartbeats - this.#events);
  }
}

/** Which of two queues is first at one instant is nobody's business. */
function inOrder(facts: readonly TimedFact[]): readonly string[] {
  return facts.map(({ atMs, fact }) => `${atMs / second} s: ${JSON.stringify(fact)}`).sort();
}

function settingsOf(rules: ServerRules): SettingOverrides {
  return {
    transport: {
      shadowHeartbeatFrequency: rules.heartbeatMs,
      shadowResubmitTimeSpan: rules.silenceMs,
      shadowMessageAutoDiscardInterval: rules.discardsKeptMs,
      safetyNetHoldTime: rules.holdMs,
      messageExpirationTimeout: rules.expirationMs,
      resourceMonitoringInterval: 2 * second + tickMs,
    },
  };
}

const histories = fc.array(fc.tuple(fc.constantFrom(...deeds), fc.nat(1_000), fc.nat(1_000_000)), {
  minLength: 80,
  maxLength: 160,
  size: 'max',
});

it('SH-04, SH-05, SN-01: discards, promotions and ends come as with a heartbeat of every shadow queue whenever one is due', () => {
  fc.assert(
    fc.property(fc.tuple(server, server, server), histories, (rules, history) => {
      const both = new Both(rules);
      for (const [deed, which, size] of history) both.do(deed, which, size);
      both.end();
    }),
    { seed: 1, numRuns: shareOf(25) },
  );
});

it('SH-05: what expires while its primary is silent leaves no promotion behind for what comes later', () => {
  const rules = {
    ...{ heartbeatMs: 10 * second, silenceMs: 100.5 * second, discardsKeptMs: 5 * second },
    ...{ holdMs: 0, expirationMs: 20 * second },
  };
  const both = new Both([rules, rules, rules]);
  const [p1, p2] = [0, 0];
  both.do('accept', p1, p2);
  both.do('leave all', p1, p2);
  // The heartbeat at 10 s is too late for the discard events, that at 30 s ends the copies.
  both.do('pass', 0, 11);
  both.do('stop', p1, 0);
  both.do('pass', 0, 25);
  both.do('start', p1, 0);
  both.do('accept', p1, p2);
  both.end();
});

it('SH-04: a heartbeat that falls between two ticks of the clock comes once', () => {
  const rules = {
    ...{ heartbeatMs: 1_000.0003, silenceMs: 300.5 * second, discardsKeptMs: 60 * second },
    ...{ holdMs: 0, expirationMs: 90 * second },
  };
  const both = new Both([rules, rules, rules]);
  both.do('accept', 0, 0);
  both.do('leave all', 0, 0);
  // Its discard events wait, and it cannot fetch them.
  both.do('stop', 0, 0);
  both.do('pass', 0, 60);
  both.end();
});

it.runIf(isWhole)('the histories have met what heartbeats are for', () => {
  for (const [what, times] of Object.entries(met)) expect(times, what).toBeGreaterThan(10);
});

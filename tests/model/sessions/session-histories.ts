import { expect } from 'vitest';
import type { Tier } from '../../../src/routing/index.js';
import { counterStream, exponential, Simulation } from '../../../src/sim/kernel/index.js';
import { resolveSettings } from '../../../src/sim/model/index.js';
import { none } from '../../../src/sim/model/message-store.js';
import { services } from '../../../src/sim/model/server-states.js';
import { work } from '../../../src/sim/model/service-times.js';
import { findByName } from '../../../src/topology/index.js';
import { bareContext } from '../bare-context.js';
import { organization } from '../small-organization.js';
import { type ClearService, ClearSessions, type ClearTiers, type SessionFact } from './clear-sessions.js';

const second = 1_000;
const sites = { A1: 'A', A2: 'A', B1: 'B', B2: 'B', B3: 'B', C1: 'C' } as const;
const names = Object.keys(sites);
const links = ['A-B', 'A-C'] as const;
const latencyMs = { 'A-B': 20, 'A-C': 55 } as const;
/** What sessions are opened to. */
const tiersTo: readonly ClearTiers[] = [
  [['B1', 'B2', 'B3'], ['C1']],
  [['A1', 'A2'], ['B3', 'B1'], ['C1']],
  [['C1'], ['B2', 'A2']],
];
const connectTime = 3 * second;
const connectionTimeout = 90 * second;
const draw = counterStream('sessions', 0, 'service times');

interface Limits {
  readonly perMinute: number;
  readonly atATime: number;
  readonly ofSource: number;
  readonly percentOfSource: number;
}

/** What may happen, each drawn as often as it stands here. */
export const deeds = [
  ...['open', 'open', 'open', 'open', 'open', 'open to one', 'open to one', 'open to one', 'outsider'],
  ...['outsider', 'outsider leaves', 'pass', 'pass', 'pass', 'pass', 'pass long', 'close', 'close'],
  ...['go on', 'go on', 'next', 'proceed', 'service', 'server', 'drain', 'link'],
] as const;
type Deed = (typeof deeds)[number];

/** What the random histories have met; a test that meets none of it would say little. */
export const met = {
  connected: 0,
  laterTier: 0,
  failed: 0,
  aborted: 0,
  beliefs: 0,
  full: 0,
  sourceFull: 0,
  minuteFull: 0,
  broken: 0,
  timedOut: 0,
  goneOn: 0,
};

/** The sessions of six servers, tuned and clear, which live through the same. */
export class Histories {
  readonly #limits: Limits;
  readonly #simulation = new Simulation();
  readonly #facts: SessionFact[] = [];
  readonly #clearFacts: SessionFact[] = [];
  readonly #context;
  readonly #clear: ClearSessions;
  readonly #owner: number;
  readonly #tiers: readonly (readonly Tier[])[];
  /** By subject: the number of a session that stands. */
  readonly #numbers = new Map<number, number>();
  readonly #outsiders: { readonly name: string; readonly service: ClearService }[] = [];
  #subjects = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
    this.#context = this.#open();
    const { sessions, topology } = this.#context;
    const server = (name: string) => findByName(topology.servers, name);
    this.#tiers = tiersTo.map((tiers) =>
      tiers.map((servers): Tier => ({ reason: 'target-servers', site: 0, servers: servers.map(server) })),
    );
    const subject = (session: number) => sessions.subject(session);
    this.#owner = sessions.addOwner({
      connected: (session) => {
        this.#numbers.set(subject(session), session);
        const target = topology.servers[sessions.target(session)]!.name;
        const [tier, atMs] = [sessions.tierIndex(session), this.#simulation.nowMs];
        this.#facts.push({ connected: subject(session), target, tier, atMs });
      },
      connectFailed: (session) =>
        this.#facts.push({ failed: subject(session), atMs: this.#simulation.nowMs }),
      proceeded: (session) => this.#facts.push({ proceeded: subject(session), atMs: this.#simulation.nowMs }),
      aborted: (session) => this.#facts.push({ aborted: subject(session) }),
    });
    const { perMinute, atATime, ofSource, percentOfSource } = limits;
    const ways: Readonly<Record<string, number>> = { AB: 20, AC: 55, BC: 75 };
    this.#clear = new ClearSessions(
      sites,
      links.map((link) => link.split('-') as [string, string]),
      {
        connectTimeoutMs: 21 * second,
        probeMs: 40 * second,
        perMinute,
        atATime,
        ofSource,
        shareOfSource: percentOfSource / 100,
        connectMs: (_, message) => connectTime * exponential(1).sample(draw(message, work.connect)),
        oneWayMs: (from, to) => ways[[siteOf(from), siteOf(to)].sort().join('')] ?? 0,
      },
      (fact) => this.#clearFacts.push(fact),
    );
  }

  #open() {
    const { perMinute, atATime, ofSource, percentOfSource } = this.#limits;
    const described = organization({
      links: Object.fromEntries(links.map((link) => [link, { cost: 1, latencyMs: latencyMs[link] }])),
      servers: sites,
      databases: { DBA: ['A1'] },
    });
    const settings = resolveSettings('2013', {
      hardware: { connectTime },
      transport: {
        connectTimeout: 21 * second,
        livenessProbeInterval: 40 * second,
        connectionTimeout,
        maxConnectionRatePerMinute: perMinute,
        maxInboundConnection: atATime,
        maxInboundConnectionPerSource: ofSource,
        maxInboundConnectionPercentagePerSource: percentOfSource,
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
    const { sessions } = this.#context;
    const standing = this.#clear.sessions.filter(({ stands }) => stands);
    const session = standing[which % Math.max(1, standing.length)];
    const name = names[which % names.length]!;
    switch (deed) {
      case 'open':
        this.#openToTiers(name, size);
        break;
      case 'open to one':
        this.#openToOne(name, size);
        break;
      case 'outsider':
        this.#outsider(name, size % 2 === 0 ? 'front-end' : 'transport');
        break;
      case 'outsider leaves':
        this.#outsiderLeaves(size);
        break;
      case 'pass':
        this.#pass(size % (4 * second));
        break;
      case 'pass long':
        this.#pass(size % (100 * second));
        break;
      case 'close':
        if (session !== undefined) {
          sessions.close(this.#numbers.get(session.subject)!);
          this.#clear.close(session);
        }
        break;
      case 'go on':
        if (session !== undefined) {
          met.goneOn++;
          sessions.goOn(this.#numbers.get(session.subject)!);
          this.#clear.goOn(session);
        }
        break;
      case 'next':
        if (session !== undefined) {
          sessions.continueWith(this.#numbers.get(session.subject)!, size);
          session.copy = size;
          session.sent++;
          session.startedMs = this.#simulation.nowMs;
        }
        break;
      case 'proceed':
        // A session waits for one thing at a time: it is closed when this has come.
        if (session !== undefined) {
          const delayMs = size % (2 * second);
          sessions.proceed(this.#numbers.get(session.subject)!, 0, delayMs);
          this.#clear.proceed(session, delayMs);
          this.#pass(delayMs);
        }
        break;
      case 'service':
        this.#switchService(name, services[size % services.length]!);
        break;
      case 'server':
        this.#switchServer(name);
        break;
      case 'drain':
        this.#switchDrain(name);
        break;
      case 'link':
        this.#switchLink(size % links.length);
    }
    this.#compare();
  }

  #index(name: string): number {
    return findByName(this.#context.topology.servers, name);
  }

  #openToTiers(name: string, size: number): void {
    const sources = ['transport', 'front-end', 'mailbox-submission'] as const;
    const service = sources[size % sources.length]!;
    if (!this.#clear.runs(name, service)) return;
    const subject = ++this.#subjects;
    const place = size % tiersTo.length;
    const turn = size % 7;
    this.#context.sessions.openToTiers(
      this.#owner,
      subject,
      this.#index(name),
      services.indexOf(service),
      this.#tiers[place]!,
      turn,
      size,
      subject,
      0,
    );
    this.#clear.open(subject, [name, service], 'transport', tiersTo[place]!, turn, size);
  }

  #openToOne(name: string, size: number): void {
    if (!this.#clear.runs(name, 'transport')) return;
    const subject = ++this.#subjects;
    const target = names[size % names.length]!;
    // Those of front ends have limits of their own.
    const service = size % 4 === 0 ? 'mailbox-delivery' : 'front-end';
    this.#context.sessions.openToServer(
      this.#owner,
      subject,
      this.#index(name),
      services.indexOf('transport'),
      this.#index(target),
      services.indexOf(service),
      size,
      subject,
      0,
    );
    this.#clear.open(subject, [name, 'transport'], service, target, 0, size);
  }

  #outsider(name: string, service: ClearService): void {
    const isTaken = this.#context.sessions.inbound.openNew(
      this.#index(name),
      services.indexOf(service),
      none,
    );
    expect(isTaken).toBe(this.#clear.takesOutsider(name, service));
    if (isTaken) this.#outsiders.push({ name, service });
  }

  #outsiderLeaves(size: number): void {
    const [outsider] = this.#outsiders.splice(size % Math.max(1, this.#outsiders.length), 1);
    if (outsider === undefined) return;
    const { name, service } = outsider;
    this.#context.sessions.inbound.close(this.#index(name), services.indexOf(service), none);
    this.#clear.outsiderLeaves(name, service);
  }

  #pass(durationMs: number): void {
    const endMs = this.#simulation.nowMs + durationMs;
    this.#simulation.runUntil(endMs);
    this.#clear.runUntil(endMs);
  }

  #stopped(name: string, stopped: readonly ClearService[]): void {
    for (const service of stopped) this.#clear.stopped(name, service);
    for (const service of stopped) {
      this.#context.sessions.abortAll(this.#index(name), services.indexOf(service));
      this.#clear.abortAll(name, service);
    }
  }

  #switchService(name: string, service: ClearService): void {
    const { states } = this.#context;
    const { serviceOutages } = this.#clear.server(name);
    const index = services.indexOf(service);
    if (serviceOutages[service] > 0) {
      serviceOutages[service]--;
      states.startService(this.#index(name), index);
      return;
    }
    const ran = this.#clear.runs(name, service);
    serviceOutages[service]++;
    expect(states.stopService(this.#index(name), index)).toBe(ran);
    if (ran) this.#stopped(name, [service]);
  }

  #switchServer(name: string): void {
    const { states } = this.#context;
    const server = this.#clear.server(name);
    if (server.outages > 0) {
      server.outages--;
      states.startServer(this.#index(name));
      return;
    }
    const ran = services.filter((service) => this.#clear.runs(name, service));
    server.outages++;
    expect(states.stopServer(this.#index(name))).toEqual(ran);
    this.#stopped(name, ran);
  }

  #switchDrain(name: string): void {
    const { states } = this.#context;
    const server = this.#clear.server(name);
    if (server.drains > 0) {
      server.drains--;
      states.endDrain(this.#index(name));
    } else {
      server.drains++;
      states.beginDrain(this.#index(name));
    }
  }

  #switchLink(link: number): void {
    const { network, topology } = this.#context;
    const index = findByName(topology.siteLinks, links[link]!);
    if (this.#clear.isLinkDown(link)) {
      network.endLinkOutage(index);
      this.#clear.joinLink(link);
    } else {
      network.beginLinkOutage(index);
      this.#clear.cutLink(link);
    }
  }

  #compare(): void {
    this.#note();
    if (this.#facts.length + this.#clearFacts.length > 0)
      expect(this.#facts.map(inOrder)).toEqual(this.#clearFacts.map(inOrder));
    this.#facts.length = 0;
    this.#clearFacts.length = 0;
    const { sessions } = this.#context;
    for (const clear of this.#clear.sessions) {
      if (!clear.stands) continue;
      const session = this.#numbers.get(clear.subject)!;
      const { targetService, openedMs } = clear;
      const leftMs = Math.max(0, openedMs + connectionTimeout - this.#simulation.nowMs);
      if (leftMs === 0) met.timedOut++;
      if (clear.isBroken) met.broken++;
      expect({
        subject: sessions.subject(session),
        source: names[sessions.source(session)],
        target: names[sessions.target(session)],
        targetService: services[sessions.targetService(session)],
        tier: sessions.tierIndex(session),
        startedMs: sessions.startedMs(session),
        copy: sessions.copy(session),
        sent: sessions.sentCount(session),
        isEstablished: sessions.isEstablished(session),
        remote: sessions.remote(session),
        stands: sessions.stands(session),
        leftMs: sessions.leftMs(session),
      }).toEqual({
        subject: clear.subject,
        source: clear.source,
        target: clear.target,
        targetService,
        tier: clear.tier,
        startedMs: clear.startedMs,
        copy: clear.copy,
        sent: clear.sent,
        isEstablished: true,
        remote: none,
        stands: !clear.isBroken,
        leftMs: targetService === 'mailbox-delivery' ? Number.POSITIVE_INFINITY : leftMs,
      });
    }
    for (const from of names) {
      for (const peer of names) {
        for (const service of services) {
          const isDead = sessions.liveness.believesDead(
            this.#index(from),
            this.#index(peer),
            services.indexOf(service),
          );
          if (isDead !== this.#clear.believesDead(from, peer, service))
            expect.fail(`${from} believes ${isDead ? '' : 'not '}that ${service} of ${peer} is dead`);
        }
      }
    }
  }

  #note(): void {
    if (this.#clear.beliefs > 0) met.beliefs++;
    for (const name of names) {
      for (const service of ['transport', 'front-end'] as const) {
        const full = this.#clear.fullness(name, service);
        if (full === 'all') met.full++;
        if (full === 'source') met.sourceFull++;
        if (full === 'minute') met.minuteFull++;
      }
    }
    for (const fact of this.#clearFacts) {
      if ('connected' in fact) met.connected++;
      if ('connected' in fact && fact.tier > 0) met.laterTier++;
      if ('failed' in fact) met.failed++;
      if ('aborted' in fact) met.aborted++;
    }
  }
}

function siteOf(server: string): string {
  return (sites as Readonly<Record<string, string>>)[server]!;
}

/** Who is aborted first is nobody's business. */
function inOrder(fact: SessionFact, _place: number, all: readonly SessionFact[]): SessionFact {
  if (!('aborted' in fact)) return fact;
  const aborted = all.filter((each) => 'aborted' in each);
  return aborted.toSorted((a, b) => a.aborted - b.aborted)[aborted.indexOf(fact)]!;
}

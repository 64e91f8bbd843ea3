import { ClearAgenda } from '../clear-agenda.js';

/** Where a session leads: the servers of each tier are equal. */
export type ClearTiers = readonly (readonly string[])[];
export type ClearService = 'front-end' | 'transport' | 'mailbox-delivery' | 'mailbox-submission';

/** A session as one would write it down: made when it is opened, thrown away when it is closed. */
export interface ClearSession {
  readonly subject: number;
  readonly source: string;
  readonly sourceService: ClearService;
  readonly targetService: ClearService;
  startedMs: number;
  readonly walk: Iterator<string>;
  /** Whom it has tried in vain. */
  readonly failed: string[];
  /** Whether the one it tries is one of several equals of a tier; null: there are no tiers. */
  isAmongEquals: boolean | null;
  tier: number;
  target: string | null;
  /** Counts among the connections that its target has taken. */
  isInbound: boolean;
  stands: boolean;
  /** An end has stopped, or the sites were parted. */
  isBroken: boolean;
  openedMs: number;
  sent: number;
  copy: number;
}

export interface ClearServer {
  readonly name: string;
  readonly site: string;
  /** Outages of the whole server, of each service, and drains. */
  outages: number;
  readonly serviceOutages: Record<ClearService, number>;
  drains: number;
  /** Those who are no server of the organization and are connected, by service. */
  readonly outsiders: ClearService[];
  /** When connections began, by service. */
  readonly begun: { readonly service: ClearService; readonly atMs: number }[];
}

export interface SessionRules {
  readonly connectTimeoutMs: number;
  readonly probeMs: number;
  readonly perMinute: number;
  readonly atATime: number;
  /** Of one source at a time, at a front end: so many, and such a share of those that are left. */
  readonly ofSource: number;
  readonly shareOfSource: number;
  readonly connectMs: (source: string, subject: number) => number;
  readonly oneWayMs: (from: string, to: string) => number;
}

export type SessionFact =
  | { readonly connected: number; readonly target: string; readonly tier: number; readonly atMs: number }
  | { readonly failed: number; readonly atMs: number }
  | { readonly proceeded: number; readonly atMs: number }
  | { readonly aborted: number };

/**
 * The clear version of `SmtpSessions` with `SessionAttempts`, `SessionPool`, `InboundConnections` and `PeerLiveness`:
 * each session is an object of its own, each limit is a count of what is there, who is believed dead stands in a list.
 */
export class ClearSessions {
  readonly #rules: SessionRules;
  readonly #tell: (fact: SessionFact) => void;
  readonly #servers: ReadonlyMap<string, ClearServer>;
  readonly #links: readonly (readonly [string, string])[];
  readonly #linksDown = new Set<number>();
  #sessions: ClearSession[] = [];
  #dead: { readonly from: string; readonly peer: string; readonly service: ClearService }[] = [];
  readonly #agenda = new ClearAgenda();

  constructor(
    sites: Readonly<Record<string, string>>,
    links: readonly (readonly [string, string])[],
    rules: SessionRules,
    tell: (fact: SessionFact) => void,
  ) {
    this.#rules = rules;
    this.#tell = tell;
    this.#links = links;
    const serviceOutages = { 'front-end': 0, transport: 0, 'mailbox-delivery': 0, 'mailbox-submission': 0 };
    this.#servers = new Map(
      Object.entries(sites).map(([name, site]) => [
        name,
        {
          name,
          site,
          outages: 0,
          serviceOutages: { ...serviceOutages },
          drains: 0,
          outsiders: [],
          begun: [],
        },
      ]),
    );
  }

  get sessions(): readonly ClearSession[] {
    return this.#sessions;
  }

  get beliefs(): number {
    return this.#dead.length;
  }

  server(name: string): ClearServer {
    return this.#servers.get(name)!;
  }

  runUntil(endMs: number): void {
    this.#agenda.runUntil(endMs);
  }

  /** @param to - one server, or tiers of equals, whose turn begins with the `turn`-th */
  open(
    subject: number,
    [source, sourceService]: readonly [string, ClearService],
    targetService: ClearService,
    to: string | ClearTiers,
    turn: number,
    copy: number,
  ): void {
    const failed: string[] = [];
    const session: ClearSession = {
      ...{ subject, source, sourceService, targetService, startedMs: this.#agenda.nowMs, failed, copy },
      walk: this.#walk(() => session, to, turn),
      ...{ isAmongEquals: null, tier: 0, target: null, isInbound: false, stands: false, isBroken: false },
      ...{ openedMs: 0, sent: 0 },
    };
    this.#sessions.push(session);
    this.#advance(session);
  }

  /** The target took the session, but not its message. */
  goOn(session: ClearSession): void {
    session.stands = false;
    if (queuesNothing(session)) session.failed.push(session.target!);
    this.#advance(session);
  }

  proceed(session: ClearSession, delayMs: number): void {
    this.#agenda.at(delayMs, () => {
      if (this.#sessions.includes(session))
        this.#tell({ proceeded: session.subject, atMs: this.#agenda.nowMs });
    });
  }

  close(session: ClearSession): void {
    this.#sessions = this.#sessions.filter((each) => each !== session);
  }

  /** A source outside the organization connects. */
  takesOutsider(name: string, service: ClearService): boolean {
    if (!this.#hasRoom(name, service, null) || !this.#hasMinute(name, service)) return false;
    this.server(name).outsiders.push(service);
    this.server(name).begun.push({ service, atMs: this.#agenda.nowMs });
    return true;
  }

  outsiderLeaves(name: string, service: ClearService): void {
    const { outsiders } = this.server(name);
    outsiders.splice(outsiders.indexOf(service), 1);
  }

  /** A service has stopped: who was connected to it, or from it, is not any more. */
  stopped(name: string, service: ClearService): void {
    for (const session of this.#sessions) {
      if (session.target === name && session.targetService === service) session.isBroken = true;
    }
  }

  /** What a service has opened is given back: it has stopped, and its server's beliefs were in memory. */
  abortAll(name: string, service: ClearService): void {
    this.#dead = this.#dead.filter(({ from }) => from !== name);
    for (const session of this.#sessions.filter(
      (each) => each.source === name && each.sourceService === service,
    )) {
      this.#tell({ aborted: session.subject });
      this.close(session);
    }
  }

  cutLink(link: number): void {
    const before = this.#sessions.filter(
      ({ source, target }) => target !== null && this.#joined(source, target),
    );
    this.#linksDown.add(link);
    for (const session of before) if (!this.#joined(session.source, session.target!)) session.isBroken = true;
  }

  joinLink(link: number): void {
    this.#linksDown.delete(link);
  }

  isLinkDown(link: number): boolean {
    return this.#linksDown.has(link);
  }

  believesDead(server: string, peer: string, service: ClearService): boolean {
    return this.#dead.some((each) => each.from === server && each.peer === peer && each.service === service);
  }

  /** Which limit of a service keeps somebody out now: of all, of this minute, or of a source that is connected. */
  fullness(name: string, service: ClearService): 'all' | 'minute' | 'source' | null {
    if (!this.#hasRoom(name, service, null)) return 'all';
    if (!this.#hasMinute(name, service)) return 'minute';
    return this.#sessions.some(({ source }) => !this.#hasRoom(name, service, source)) ? 'source' : null;
  }

  runs(name: string, service: ClearService): boolean {
    const { outages, serviceOutages } = this.server(name);
    return outages === 0 && serviceOutages[service] === 0;
  }

  /** Whom a session tries, one after another; what is believed of each is asked when its turn comes. */
  *#walk(of: () => ClearSession, to: string | ClearTiers, turn: number): Generator<string, undefined> {
    if (typeof to === 'string') {
      yield to;
      return;
    }
    const session = of();
    // RT-44: who queues nothing passes the dead over, and comes back to them when nobody else is left.
    for (const passesDeadOver of queuesNothing(session) ? [true, false] : [false]) {
      for (const [tier, servers] of to.entries()) {
        session.tier = tier;
        session.isAmongEquals = servers.length > 1;
        for (const server of this.#inTurn(session, servers, turn)) {
          if (session.failed.includes(server) && queuesNothing(session)) continue;
          if (passesDeadOver && this.#isDead(session, server)) continue;
          yield server;
        }
      }
    }
  }

  /** UN-07, AS-14: the living by turns, then the dead by turns. */
  #inTurn(session: ClearSession, servers: readonly string[], turn: number): readonly string[] {
    const byTurns = (some: readonly string[]) => some.map((_, n) => some[(turn + n) % some.length]!);
    return [
      ...byTurns(servers.filter((server) => !this.#isDead(session, server))),
      ...byTurns(servers.filter((server) => this.#isDead(session, server))),
    ];
  }

  #isDead({ source, targetService }: ClearSession, server: string): boolean {
    return this.believesDead(source, server, targetService);
  }

  #advance(session: ClearSession): void {
    session.isInbound = false;
    for (;;) {
      const next = session.walk.next();
      if (next.done === true) break;
      if (this.#try(session, next.value)) return;
      this.#refused(session);
    }
    this.#tell({ failed: session.subject, atMs: this.#agenda.nowMs });
    this.close(session);
  }

  /** Begins an attempt; false if it is refused at once. */
  #try(session: ClearSession, target: string): boolean {
    const { source, targetService, sourceService } = session;
    session.target = target;
    session.isBroken = false;
    if (this.server(target).outages > 0 || !this.#joined(source, target)) {
      this.#wait(session, this.#rules.connectTimeoutMs, () => this.#lost(session));
      return true;
    }
    if (!this.#accepts(target, targetService)) return false;
    if (targetService === 'transport' || targetService === 'front-end') {
      // Mailbox Transport Submission keeps its connections (A-connection-rate).
      const isNew = sourceService !== 'mailbox-submission';
      if (!this.#hasRoom(target, targetService, source)) return false;
      if (isNew && !this.#hasMinute(target, targetService)) return false;
      session.isInbound = true;
      if (isNew) this.server(target).begun.push({ service: targetService, atMs: this.#agenda.nowMs });
    }
    const lastsMs = this.#rules.connectMs(source, session.subject) + 2 * this.#rules.oneWayMs(source, target);
    this.#wait(session, lastsMs, () => this.#connected(session));
    return true;
  }

  #wait(session: ClearSession, delayMs: number, then: () => void): void {
    this.#agenda.at(delayMs, () => {
      if (this.#sessions.includes(session)) then();
    });
  }

  #connected(session: ClearSession): void {
    const { subject, source, target, targetService, tier } = session;
    if (session.isBroken || !this.#accepts(target!, targetService)) {
      this.#lost(session);
      return;
    }
    session.stands = true;
    session.openedMs = this.#agenda.nowMs;
    this.#dead = this.#dead.filter(
      ({ from, peer, service }) => from !== source || peer !== target || service !== targetService,
    );
    this.#tell({ connected: subject, target: target!, tier, atMs: this.#agenda.nowMs });
  }

  #lost(session: ClearSession): void {
    this.#believeDead(session);
    this.#advance(session);
  }

  /** Who has no room now is not dead, for those who prefer the next tier. */
  #refused(session: ClearSession): void {
    const isAnswering =
      this.#accepts(session.target!, session.targetService) && this.#joined(session.source, session.target!);
    if (queuesNothing(session) && isAnswering) session.failed.push(session.target!);
    else this.#believeDead(session);
  }

  #believeDead(session: ClearSession): void {
    const { source: from, targetService: service, isAmongEquals, failed } = session;
    const peer = session.target!;
    if (isAmongEquals === null) return;
    if (queuesNothing(session)) failed.push(peer);
    else if (!isAmongEquals) return;
    if (this.#isDead(session, peer)) return;
    const belief = { from, peer, service };
    this.#dead.push(belief);
    const probe = () => {
      if (!this.#dead.includes(belief)) return;
      if (this.#accepts(peer, service) && this.#joined(from, peer))
        this.#dead = this.#dead.filter((each) => each !== belief);
      else this.#agenda.at(this.#rules.probeMs, probe);
    };
    this.#agenda.at(this.#rules.probeMs, probe);
  }

  #accepts(name: string, service: ClearService): boolean {
    return this.runs(name, service) && (service !== 'transport' || this.server(name).drains === 0);
  }

  /** Whether a chain of links that are up joins the sites of two servers. */
  #joined(from: string, to: string): boolean {
    const reached = new Set([this.server(from).site]);
    for (let size = 0; size < reached.size; ) {
      size = reached.size;
      for (const [link, ends] of this.#links.entries()) {
        if (!this.#linksDown.has(link) && ends.some((site) => reached.has(site)))
          for (const site of ends) reached.add(site);
      }
    }
    return reached.has(this.server(to).site);
  }

  /** Whether a service takes one more connection at a time. */
  #hasRoom(name: string, service: ClearService, source: string | null): boolean {
    const { atATime, ofSource, shareOfSource } = this.#rules;
    const inside = this.#sessions.filter(
      (each) => each.isInbound && each.target === name && each.targetService === service,
    );
    const outside = this.server(name).outsiders.filter((each) => each === service);
    const left = atATime - inside.length - outside.length;
    if (left <= 0) return false;
    if (service !== 'front-end' || source === null) return true;
    const ofThis = inside.filter((each) => each.source === source).length;
    return ofThis < Math.min(ofSource, Math.max(1, Math.floor(left * shareOfSource)));
  }

  /** Whether it takes one more new connection in this minute of the clock. */
  #hasMinute(name: string, service: ClearService): boolean {
    const minuteOf = (ms: number) => Math.floor(ms / 60_000);
    const inMinute = this.server(name).begun.filter(
      (each) => each.service === service && minuteOf(each.atMs) === minuteOf(this.#agenda.nowMs),
    );
    return inMinute.length < this.#rules.perMinute;
  }
}

/** Front End Transport and Mailbox Transport Submission (RT-44, RT-52). */
function queuesNothing({ sourceService }: ClearSession): boolean {
  return sourceService === 'front-end' || sourceService === 'mailbox-submission';
}

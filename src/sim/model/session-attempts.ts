import type { Tier } from '../../routing/index.js';
import type { Topology } from '../../topology/index.js';
import { noEvent, type Simulation } from '../kernel/index.js';
import { InboundConnections } from './inbound-connections.js';
import { none } from './message-store.js';
import type { Network } from './network.js';
import { PeerLiveness } from './peer-liveness.js';
import type { RemoteDomains } from './remote-domains.js';
import type { ServerStates } from './server-states.js';
import { serviceIndex } from './server-states.js';
import { longestWorkMs, type ServiceTimes, work } from './service-times.js';
import type { Session, SessionPool } from './session.js';
import type { Settings } from './settings.js';

/** What attempts lead to. */
export interface AttemptOutcomes {
  /** The session stands. */
  connected(session: Session): void;
  /** Nobody is left to try: the session is to be closed. */
  connectFailed(session: Session): void;
  /** Whether neither end has stopped since the attempt began, nor the way between them. */
  stands(session: Session): boolean;
  /** The same, what lies outside the organization left out. */
  standsInside(session: Session): boolean;
}

/**
 * Attempts of sessions to connect: who is tried in which order and how long it takes. Equal servers take turns (UN-07),
 * those believed dead after all others (AS-14): a tier is left only when each of its servers has been tried. A silent
 * server costs the connect time-out; one that refuses costs nothing; the tiers are walked until one accepts (RT-37 to
 * RT-41). The services that queue nothing have to find one healthy server quickly (RT-44): they walk all tiers past those
 * believed dead, and only then try these, tier by tier.
 *
 * The hot path, an attempt or more a message: all that an attempt knows stands in its `Session`, one object of the pool
 * (`session.ts`), which events carry by number, so that none has a closure. What settings and the topology say of a server
 * stands in arrays by server. As long as nobody believes anybody dead (`areAllAlive`, nearly always) the equal servers of a
 * tier are walked in the list that routing keeps, from the session's turn on; only then is an order worked out, into a list
 * that the session keeps.
 */
export class SessionAttempts {
  readonly inbound: InboundConnections;
  readonly liveness: PeerLiveness;
  readonly #outcomes: AttemptOutcomes;
  readonly #simulation: Simulation;
  readonly #states: ServerStates;
  readonly #network: Network;
  readonly #remoteDomains: RemoteDomains;
  readonly #times: ServiceTimes;
  readonly #connectTimeoutMs: Float64Array;
  readonly #siteOf: Int32Array;
  /** By server: the service that takes mail from an Edge of Exchange 2013 (RT-60, DC-13). */
  readonly #frontDoorOf: Uint8Array;
  readonly #connectedKind: number;
  readonly #timedOutKind: number;

  constructor(
    pool: SessionPool,
    outcomes: AttemptOutcomes,
    simulation: Simulation,
    topology: Topology,
    states: ServerStates,
    network: Network,
    remoteDomains: RemoteDomains,
    times: ServiceTimes,
    settingsOf: (server: number) => Settings,
  ) {
    this.#outcomes = outcomes;
    this.#simulation = simulation;
    this.#states = states;
    this.#network = network;
    this.#remoteDomains = remoteDomains;
    this.#times = times;
    this.inbound = new InboundConnections(simulation, topology, settingsOf);
    this.#connectTimeoutMs = Float64Array.from(
      topology.servers,
      (_, server) => settingsOf(server).transport.connectTimeout,
    );
    this.#siteOf = Int32Array.from(topology.servers, (server) => server.site);
    this.#frontDoorOf = Uint8Array.from(topology.servers, ({ isFrontEnd }) =>
      isFrontEnd ? serviceIndex.frontEnd : serviceIndex.transport,
    );
    this.liveness = new PeerLiveness(simulation, topology.servers.length, settingsOf, (from, peer, service) =>
      this.#isAnswering(from, peer, service),
    );
    this.#connectedKind = simulation.addKind((session) => this.#connectDue(pool.at(session)));
    this.#timedOutKind = simulation.addKind((session) => this.#timedOut(pool.at(session)));
  }

  /** The target has one inbound connection less. */
  leaveInbound(session: Session): void {
    session.isInbound = false;
    this.inbound.close(session.target, session.targetService, session.source);
  }

  /** The target took a session, but not its message: on to the next server, not back to this one. */
  goOn(session: Session): void {
    session.established = false;
    if (this.#queuesNothing(session)) session.failed.push(session.target);
    this.advance(session);
  }

  /** Begins the next attempt; the outcome may come at once. */
  advance(session: Session): void {
    // What goes outside by a front end goes on through it.
    if (session.isInbound && !session.isOutside) this.leaveInbound(session);
    const { tiers } = session;
    if (session.isOutside) {
      if (this.#advanceOutside(session)) return;
    } else if (tiers === null) {
      if (session.tried === 0) {
        session.tried = 1;
        if (this.#try(session, session.target)) return;
      }
    } else if (this.#queuesNothing(session)) {
      if (this.#advanceProxy(session, tiers)) return;
    } else {
      for (let tier = session.tier; tier < tiers.length; tier = ++session.tier) {
        const { servers } = tiers[tier]!;
        while (session.tried < servers.length) {
          const server = this.#nextOf(session, servers);
          session.tried++;
          if (this.#try(session, server)) return;
          this.#failed(session);
        }
        session.tried = 0;
      }
    }
    this.#outcomes.connectFailed(session);
  }

  /** Begins the next attempt of a session that walks the tiers twice; false if nobody is left to try. */
  #advanceProxy(session: Session, tiers: readonly Tier[]): boolean {
    for (; session.pass < 2; session.pass++) {
      for (; session.tier < tiers.length; session.tier++) {
        const { servers } = tiers[session.tier]!;
        for (;;) {
          const server = this.#nextOfPass(session, servers);
          if (server === none) break;
          if (this.#try(session, server)) return true;
          this.#refused(session);
        }
        session.tried = 0;
      }
      session.tier = 0;
    }
    return false;
  }

  /** The next server of a tier in the present pass: past the dead in the first, those left out then in the second. */
  #nextOfPass(session: Session, servers: readonly number[]): number {
    while (session.tried < servers.length) {
      const server = this.#nextOf(session, servers);
      session.tried++;
      if (session.failed.includes(server)) continue;
      if (
        session.pass === 0 &&
        !this.liveness.areAllAlive &&
        this.liveness.believesDead(session.source, server, this.#serviceAt(session, server))
      )
        continue;
      return server;
    }
    return none;
  }

  /** Whether the session is one of Front End Transport or Mailbox Transport Submission (RT-44, RT-52). */
  #queuesNothing(session: Session): boolean {
    const service = session.sourceService;
    return service === serviceIndex.frontEnd || service === serviceIndex.mailboxSubmission;
  }

  /** The source looks up where to, before it asks a front end to pass the session on. */
  isAnyResolved(remotes: readonly number[], source: number): boolean {
    for (let place = 0; place < remotes.length; place++) {
      if (this.#remoteDomains.isResolved(remotes[place]!, source)) return true;
    }
    return false;
  }

  /** Begins an attempt at the next of the remotes; false if there is none left, or the front end has stopped. */
  #advanceOutside(session: Session): boolean {
    const { remotes } = session;
    if (remotes === null || !this.#outcomes.standsInside(session)) return false;
    while (session.tried < remotes.length) {
      const remote = remotes[(session.turn + session.tried) % remotes.length]!;
      session.tried++;
      if (this.#tryRemote(session, remote)) return true;
    }
    return false;
  }

  /** Begins an attempt at one remote; false if it cannot be found. */
  #tryRemote(session: Session, remote: number): boolean {
    const { source } = session;
    if (!this.#remoteDomains.isResolved(remote, source)) return false;
    session.remote = remote;
    session.remoteEpoch = this.#remoteDomains.epoch(remote);
    if (this.#remoteDomains.isSilent(remote)) {
      const timeoutMs = this.#connectTimeoutMs[source]!;
      session.event = this.#simulation.schedule(timeoutMs, this.#timedOutKind, session.number);
      return true;
    }
    const connectMs = this.#times.timeMs(work.outsideConnect, source, session.message, 0);
    const delayMs = Math.min(connectMs * this.#remoteDomains.connectFactor(remote), longestWorkMs);
    session.event = this.#simulation.schedule(delayMs, this.#connectedKind, session.number);
    return true;
  }

  /** Whose turn it is among the equal servers of a tier: the living by turns, then those believed dead (AS-14). */
  #nextOf(session: Session, servers: readonly number[]): number {
    const { tried, order } = session;
    if (tried === 0) {
      // An empty list stays as it is: to cut one costs its memory.
      if (order.length > 0) order.length = 0;
      // Fixed for this walk, as beliefs may change meanwhile.
      if (!this.liveness.areAllAlive && session.remotes === null) {
        this.liveness.putInOrder(session.source, servers, session.turn, order, (server) =>
          this.#serviceAt(session, server),
        );
      }
    }
    if (order.length > 0) return order[tried]!;
    return servers[(session.turn + tried) % servers.length]!;
  }

  /**
   * An attempt has failed. Where a tier has one server only there is nobody to prefer: no belief is kept, but for those
   * who prefer the next tier.
   */
  #failed(session: Session): void {
    if (session.remotes !== null) return;
    const tier = session.tiers?.[session.tier];
    if (tier === undefined) return;
    if (this.#queuesNothing(session)) session.failed.push(session.target);
    else if (tier.servers.length < 2) return;
    this.liveness.failed(session.source, session.target, session.targetService);
  }

  /** A server has refused a session that walks the tiers twice: one that only has no room for it now is not dead. */
  #refused(session: Session): void {
    if (this.#isAnswering(session.source, session.target, session.targetService))
      session.failed.push(session.target);
    else this.#failed(session);
  }

  /** The service that a session asks for at a server. */
  #serviceAt(session: Session, server: number): number {
    return session.toFrontDoors ? this.#frontDoorOf[server]! : session.targetService;
  }

  /** Whether a probe of a server's service would be answered now. */
  #isAnswering(from: number, peer: number, service: number): boolean {
    return (
      this.#states.accepts(peer, service) && this.#network.connected(this.#siteOf[from]!, this.#siteOf[peer]!)
    );
  }

  /** Begins an attempt at one server; false if it refused at once. */
  #try(session: Session, target: number): boolean {
    const { source } = session;
    const service = this.#serviceAt(session, target);
    session.targetService = service;
    const from = this.#siteOf[source]!;
    const to = this.#siteOf[target]!;
    session.target = target;
    if (!this.#states.isUp(target) || !this.#network.connected(from, to)) {
      const timeoutMs = this.#connectTimeoutMs[source]!;
      session.event = this.#simulation.schedule(timeoutMs, this.#timedOutKind, session.number);
      return true;
    }
    if (!this.#states.accepts(target, service)) return false;
    if (service === serviceIndex.transport || service === serviceIndex.frontEnd) {
      // Mailbox Transport Submission keeps its connections (A-connection-rate).
      const isKept = session.sourceService === serviceIndex.mailboxSubmission;
      const isTaken = isKept
        ? this.inbound.openKept(target, service, source)
        : this.inbound.openNew(target, service, source);
      if (!isTaken) return false;
      session.isInbound = true;
    }
    session.targetEpoch = this.#states.epoch(target, service);
    session.pathEpoch = this.#network.epoch(from, to);
    const connectMs =
      this.#times.timeMs(work.connect, source, session.message, 0) + 2 * this.#network.latencyMs(from, to);
    session.event = this.#simulation.schedule(connectMs, this.#connectedKind, session.number);
    return true;
  }

  #connectDue(session: Session): void {
    session.event = noEvent;
    if (
      !this.#outcomes.stands(session) ||
      this.#hasBegunToDrain(session) ||
      (session.remotes !== null && !this.#isAdmitted(session))
    ) {
      this.#failed(session);
      this.advance(session);
      return;
    }
    session.established = true;
    session.openedMs = this.#simulation.nowMs;
    if (!this.liveness.areAllAlive && session.target !== none)
      this.liveness.answered(session.source, session.target, session.targetService);
    this.#outcomes.connected(session);
  }

  /** A server that is drained takes none of the connections that were under way when its drain began (QU-12). */
  #hasBegunToDrain(session: Session): boolean {
    const { target } = session;
    return target !== none && !this.#states.accepts(target, session.targetService);
  }

  /** Whether a session that goes outside has got there: not if a front end has let it in, nor if the remote has not. */
  #isAdmitted(session: Session): boolean {
    if (session.isOutside) return this.#remoteDomains.admit(session.remote);
    session.isOutside = true;
    session.tried = 0;
    return false;
  }

  #timedOut(session: Session): void {
    session.event = noEvent;
    this.#failed(session);
    this.advance(session);
  }
}

import type { Tier } from '../../routing/index.js';
import type { Topology } from '../../topology/index.js';
import { noEvent, type Simulation } from '../kernel/index.js';
import type { BackPressure } from './back-pressure/back-pressure.js';
import type { InboundConnections } from './inbound-connections.js';
import { LimitedTransfers } from './limited-transfers.js';
import type { LinkTraffic } from './link-traffic.js';
import { none } from './message-store.js';
import type { Network } from './network.js';
import type { PeerLiveness } from './peer-liveness.js';
import type { RemoteDomains } from './remote-domains.js';
import type { ServerStates } from './server-states.js';
import { serviceIndex } from './server-states.js';
import type { ServiceTimes } from './service-times.js';
import { type Session, SessionPool } from './session.js';
import { SessionAttempts } from './session-attempts.js';
import type { Settings } from './settings.js';

/**
 * A message over SMTP arrives three one-way latencies after its sender begins: the pipelined envelope, the go-ahead,
 * the content (assumption A-smtp-round-trips). The acknowledgement's way back is not charged.
 */
export const oneWaysPerMessage = 3;

/** Whoever opens sessions; told by number, as the sessions themselves are. */
export interface SessionOwner {
  /** The session stands, with `target(session)`. */
  connected(session: number): void;
  /** No server took the session; it is closed right after this call. */
  connectFailed(session: number): void;
  /** The time given to `proceed` is over. */
  proceeded(session: number): void;
  /** The source service has stopped: give back what the session holds; it is closed right after this call. */
  aborted(session: number): void;
}

/**
 * Outbound SMTP sessions of all servers: opened to the first server that takes one, used for one message after another,
 * broken when an end stops or the way between them does.
 *
 * A session is an object of a pool, used again when it has ended: an event needs ten fields of one session, which as
 * thirty columns lay on as many lines of the cache. Owners and events know it by its number. Nothing is told to a session
 * that breaks: it remembers the epochs of its ends and its way, which a stop raises, and compares them when it is used.
 */
export class SmtpSessions {
  readonly inbound: InboundConnections;
  /** Whom servers believe dead. */
  readonly liveness: PeerLiveness;
  readonly #pool = new SessionPool();
  readonly #simulation: Simulation;
  readonly #states: ServerStates;
  readonly #network: Network;
  readonly #remoteDomains: RemoteDomains;
  readonly #siteOf: Int32Array;
  readonly #traffic: LinkTraffic;
  readonly #backPressure: BackPressure;
  readonly #transfers: LimitedTransfers;
  readonly #owners: SessionOwner[] = [];
  readonly #attempts: SessionAttempts;
  readonly #proceedKind: number;
  readonly #connectionTimeoutMs: Float64Array;

  constructor(
    simulation: Simulation,
    topology: Topology,
    states: ServerStates,
    network: Network,
    remoteDomains: RemoteDomains,
    times: ServiceTimes,
    traffic: LinkTraffic,
    settingsOf: (server: number) => Settings,
    backPressure: BackPressure,
  ) {
    this.#simulation = simulation;
    this.#backPressure = backPressure;
    this.#states = states;
    this.#network = network;
    this.#remoteDomains = remoteDomains;
    this.#siteOf = Int32Array.from(topology.servers, (server) => server.site);
    this.#traffic = traffic;
    this.#connectionTimeoutMs = Float64Array.from(
      topology.servers,
      (_, server) => settingsOf(server).transport.connectionTimeout,
    );
    this.#transfers = new LimitedTransfers(simulation, states, network, traffic.flows, {
      stands: (session) => this.stands(session),
      leftMs: (session) =>
        this.#pool.at(session).isCrossing ? Number.POSITIVE_INFINITY : this.leftMs(session),
      timedOut: (session) => {
        this.#pool.at(session).isTimedOut = true;
      },
      transferred: (session) => {
        this.#received(this.#pool.at(session));
        this.#owners[this.#pool.at(session).owner]!.proceeded(session);
      },
    });
    this.#attempts = new SessionAttempts(
      this.#pool,
      {
        connected: (session) => this.#owners[session.owner]!.connected(session.number),
        connectFailed: (session) => {
          this.#owners[session.owner]!.connectFailed(session.number);
          this.close(session.number);
        },
        stands: (session) => this.#stands(session),
        standsInside: (session) => this.#standsInside(session),
      },
      simulation,
      topology,
      states,
      network,
      remoteDomains,
      times,
      settingsOf,
    );
    this.inbound = this.#attempts.inbound;
    this.liveness = this.#attempts.liveness;
    this.#proceedKind = simulation.addKind((number) => {
      const session = this.#pool.at(number);
      session.event = noEvent;
      if (session.carries) this.#carried(session);
      this.#received(session);
      this.#owners[session.owner]!.proceeded(number);
    });
  }

  addOwner(owner: SessionOwner): number {
    return this.#owners.push(owner) - 1;
  }

  /** What the owner gave as `subject`. */
  subject(session: number): number {
    return this.#pool.at(session).subject;
  }

  source(session: number): number {
    return this.#pool.at(session).source;
  }

  /** The server at the other end, or the front end that stands between (RT-43); else `none` outside the organization. */
  target(session: number): number {
    return this.#pool.at(session).target;
  }

  /** The service of `target` that the session is tried or stands with. */
  targetService(session: number): number {
    return this.#pool.at(session).targetService;
  }

  /** The remote domain at the other end; `none` inside the organization. */
  remote(session: number): number {
    return this.#pool.at(session).remote;
  }

  /** The place of the target's tier in the list, from 0. */
  tierIndex(session: number): number {
    return this.#pool.at(session).tier;
  }

  tiers(session: number): readonly Tier[] | null {
    return this.#pool.at(session).tiers;
  }

  /** When the attempt to send the present copy began. */
  startedMs(session: number): number {
    return this.#pool.at(session).startedMs;
  }

  /** Whether the other end has accepted the session. */
  isEstablished(session: number): boolean {
    return this.#pool.at(session).established;
  }

  /** What the owner waits for, in the owner's own numbering. */
  phase(session: number): number {
    return this.#pool.at(session).phase;
  }

  /** The copy being sent. */
  copy(session: number): number {
    return this.#pool.at(session).copy;
  }

  /** The number that the owner gave to the present attempt; 0 for all but a session's first copy. */
  attempt(session: number): number {
    return this.#pool.at(session).attempt;
  }

  /** Copies that were sent before the present one. */
  sentCount(session: number): number {
    return this.#pool.at(session).sent;
  }

  /** Goes on with a further copy over the same session: an attempt that did not begin as a retry. */
  continueWith(number: number, copy: number): void {
    const session = this.#pool.at(number);
    session.copy = copy;
    session.sent++;
    session.attempt = 0;
    session.startedMs = this.#simulation.nowMs;
  }

  /**
   * Opens a session to the first server of `tiers` that accepts one; `turn` says where equal servers begin.
   * The owner is told at once when nobody can be reached without delay.
   * @returns the session; `none` when the owner has been told so
   */
  openToTiers(
    owner: number,
    subject: number,
    source: number,
    sourceService: number,
    tiers: readonly Tier[],
    turn: number,
    copy: number,
    message: number,
    attempt: number,
  ): number {
    const session = this.#make(owner, subject, source, sourceService, serviceIndex.transport, copy, message);
    session.attempt = attempt;
    session.tiers = tiers;
    session.turn = turn;
    this.#attempts.advance(session);
    return session.isInUse ? session.number : none;
  }

  /** As `openToTiers`, to the Front End Transport of the servers that have one, the Transport of the others. */
  openToFrontDoors(
    owner: number,
    subject: number,
    source: number,
    tiers: readonly Tier[],
    turn: number,
    copy: number,
    message: number,
    attempt: number,
  ): void {
    const { transport } = serviceIndex;
    const session = this.#make(owner, subject, source, transport, transport, copy, message);
    session.toFrontDoors = true;
    session.attempt = attempt;
    session.tiers = tiers;
    session.turn = turn;
    this.#attempts.advance(session);
  }

  /**
   * The other end has taken the session, but cannot take its message now: goes on to the next server, as after an attempt
   * that was refused. The owner hears of it as of a new session.
   */
  goOn(number: number): void {
    this.#attempts.goOn(this.#pool.at(number));
  }

  /** Opens a session to one server's service. */
  openToServer(
    owner: number,
    subject: number,
    source: number,
    sourceService: number,
    target: number,
    targetService: number,
    copy: number,
    message: number,
    attempt: number,
  ): void {
    const session = this.#make(owner, subject, source, sourceService, targetService, copy, message);
    session.attempt = attempt;
    session.tiers = null;
    session.target = target;
    this.#attempts.advance(session);
  }

  /**
   * Opens a session to the first of `remotes` that takes one, `turn` telling where these equals begin; by way of the
   * first front end that does, where there are any to pass (RT-43). One of these that stops breaks the session.
   * @param frontEnds - null: the source sends by itself
   */
  openOutside(
    owner: number,
    subject: number,
    source: number,
    remotes: readonly number[],
    frontEnds: readonly Tier[] | null,
    turn: number,
    copy: number,
    message: number,
    attempt: number,
  ): void {
    const session = this.#make(
      owner,
      subject,
      source,
      serviceIndex.transport,
      serviceIndex.frontEnd,
      copy,
      message,
    );
    session.attempt = attempt;
    session.tiers = frontEnds;
    session.remotes = remotes;
    session.isOutside = frontEnds === null || !this.#attempts.isAnyResolved(remotes, source);
    session.turn = turn;
    this.#attempts.advance(session);
  }

  /** Calls the owner's `proceeded` after `delayMs`; `phase` tells the owner what it waited for. */
  proceed(number: number, phase: number, delayMs: number): void {
    this.#proceed(this.#pool.at(number), phase, delayMs);
  }

  #proceed(session: Session, phase: number, delayMs: number): void {
    session.phase = phase;
    session.event = this.#simulation.schedule(delayMs, this.#proceedKind, session.number);
  }

  /**
   * Sends a message to the other end: `workMs` here, then its way, then `acceptMs` there until it is
   * acknowledged. Calls the owner's `proceeded` after all of it, or as soon as the sites are parted.
   */
  transmit(number: number, phase: number, workMs: number, acceptMs: number): void {
    const session = this.#pool.at(number);
    session.isCrossing = false;
    session.acceptMs = acceptMs;
    if (session.targetService === serviceIndex.transport) {
      session.receivingBytes = this.#traffic.bytesOf(session.copy);
      if (session.receivingBytes > 0) this.#backPressure.receiving(session.target, session.receivingBytes);
    }
    if (this.#isLimited(session)) {
      session.phase = phase;
      const from = this.#siteOf[session.source]!;
      const to = this.#siteOf[session.target]!;
      this.#transfers.begin(number, from, to, this.#traffic.bytesOf(session.copy), workMs, acceptMs);
      return;
    }
    session.carries = true;
    const lastsMs = workMs + this.#wayMs(session) + acceptMs;
    // Without a way the session is broken, as `stands` says.
    this.#proceed(session, phase, lastsMs === Number.POSITIVE_INFINITY ? 0 : lastsMs);
  }

  /** The other end needs longer to acknowledge a message: calls the owner's `proceeded` again. */
  prolong(number: number, acceptMs: number): void {
    const session = this.#pool.at(number);
    session.acceptMs += acceptMs;
    this.#proceed(session, session.phase, acceptMs);
  }

  /** A part of what has passed was the other end's. */
  addAcceptMs(number: number, acceptMs: number): void {
    this.#pool.at(number).acceptMs += acceptMs;
  }

  /**
   * The message of a session crosses links with limits between two other servers: calls the owner's `proceeded` again
   * when it has, or when it cannot.
   */
  cross(number: number, from: number, to: number): void {
    const session = this.#pool.at(number);
    session.isCrossing = true;
    const [fromSite, toSite] = [this.#siteOf[from]!, this.#siteOf[to]!];
    this.#transfers.begin(number, fromSite, toSite, this.#traffic.bytesOf(session.copy), 0, 0);
  }

  /** The part of what `transmit` took that was the other end's, at its end. */
  acceptMs(session: number): number {
    return this.#pool.at(session).acceptMs;
  }

  /** As `transmit` without work here or there, where that takes no time. False: nothing was sent. */
  transmitAtOnce(number: number): boolean {
    const session = this.#pool.at(number);
    if (this.#wayMs(session) !== 0 || this.#isLimited(session)) return false;
    this.#carried(session);
    return true;
  }

  /** A message has reached the other end, if the session stands. */
  #carried(session: Session): void {
    session.carries = false;
    const { source, target } = session;
    if (target !== none && source !== target && this.#stands(session))
      this.#traffic.count(session.copy, source, target);
  }

  /** The message that the target was receiving is committed, or will not come. */
  #received(session: Session): void {
    if (session.receivingBytes === 0) return;
    this.#backPressure.received(session.target, session.receivingBytes);
    session.receivingBytes = 0;
  }

  /** Whether a link on the way to the other end has a bandwidth or loses packets. */
  #isLimited({ source, target }: Session): boolean {
    return target !== none && this.#network.isLimited(this.#siteOf[source]!, this.#siteOf[target]!);
  }

  #wayMs({ source, target }: Session): number {
    if (target === none) return 0;
    return oneWaysPerMessage * this.#network.latencyMs(this.#siteOf[source]!, this.#siteOf[target]!);
  }

  /** False once an end has stopped or fallen silent or the two sites were parted, even if all is well again. */
  stands(session: number): boolean {
    return this.#stands(this.#pool.at(session));
  }

  #stands(session: Session): boolean {
    const { remote } = session;
    if (remote !== none && this.#remoteDomains.epoch(remote) !== session.remoteEpoch) return false;
    return this.#standsInside(session);
  }

  #standsInside(session: Session): boolean {
    const { source, target } = session;
    if (session.isTimedOut) return false;
    if (this.#states.epoch(source, session.sourceService) !== session.sourceEpoch) return false;
    if (target === none) return true;
    return (
      this.#states.epoch(target, session.targetService) === session.targetEpoch &&
      this.#network.epoch(this.#siteOf[source]!, this.#siteOf[target]!) === session.pathEpoch
    );
  }

  /**
   * How long the Transport or Front End Transport service at the other end still keeps a session that stands open
   * (`connectionTimeout`, assumption A-session-timeout), ms; 0 if no longer, Infinity where there is no limit.
   */
  leftMs(number: number): number {
    const { target, targetService, openedMs } = this.#pool.at(number);
    if (target === none || targetService === serviceIndex.mailboxDelivery) return Number.POSITIVE_INFINITY;
    return Math.max(0, openedMs + this.#connectionTimeoutMs[target]! - this.#simulation.nowMs);
  }

  close(number: number): void {
    const session = this.#pool.at(number);
    if (session.event !== noEvent) {
      this.#simulation.cancel(session.event);
      session.event = noEvent;
    }
    session.carries = false;
    this.#received(session);
    this.#transfers.drop(number);
    if (session.isInbound) this.#attempts.leaveInbound(session);
    if (session.remotes !== null) this.#leaveOutside(session);
    this.#pool.free(session);
  }

  /** Ends all sessions that a service of `source` has open: it has stopped. */
  abortAll(source: number, sourceService: number): void {
    this.#attempts.liveness.forgetAll(source);
    for (const session of this.#pool.all) {
      if (!session.isInUse || session.source !== source || session.sourceService !== sourceService) continue;
      this.#owners[session.owner]!.aborted(session.number);
      this.close(session.number);
    }
  }

  #leaveOutside(session: Session): void {
    if (session.established) this.#remoteDomains.closed(session.remote);
    session.isOutside = false;
    session.remote = none;
  }

  #make(
    owner: number,
    subject: number,
    source: number,
    sourceService: number,
    targetService: number,
    copy: number,
    message: number,
  ): Session {
    return this.#pool.make(
      owner,
      subject,
      source,
      sourceService,
      targetService,
      copy,
      message,
      this.#states.epoch(source, sourceService),
      this.#simulation.nowMs,
    );
  }
}

import type { Tier } from '../../routing/index.js';
import type { Topology } from '../../topology/index.js';
import { noEvent, type Simulation } from '../kernel/index.js';
import type { InboundConnections } from './inbound-connections.js';
import { LimitedTransfers } from './limited-transfers.js';
import type { LinkTraffic } from './link-traffic.js';
import { none } from './message-store.js';
import type { Network } from './network.js';
import type { RemoteDomains } from './remote-domains.js';
import type { ServerStates } from './server-states.js';
import { serviceIndex } from './server-states.js';
import type { ServiceTimes } from './service-times.js';
import { SessionAttempts } from './session-attempts.js';
import { SessionColumns } from './session-columns.js';
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
 */
export class SmtpSessions {
  readonly inbound: InboundConnections;
  readonly #columns = new SessionColumns();
  readonly #simulation: Simulation;
  readonly #states: ServerStates;
  readonly #network: Network;
  readonly #remoteDomains: RemoteDomains;
  readonly #siteOf: Int32Array;
  readonly #traffic: LinkTraffic;
  readonly #transfers: LimitedTransfers;
  readonly #owners: SessionOwner[] = [];
  readonly #attempts: SessionAttempts;
  readonly #proceedKind: number;

  constructor(
    simulation: Simulation,
    topology: Topology,
    states: ServerStates,
    network: Network,
    remoteDomains: RemoteDomains,
    times: ServiceTimes,
    traffic: LinkTraffic,
    settingsOf: (server: number) => Settings,
  ) {
    this.#simulation = simulation;
    this.#states = states;
    this.#network = network;
    this.#remoteDomains = remoteDomains;
    this.#siteOf = Int32Array.from(topology.servers, (server) => server.site);
    this.#traffic = traffic;
    this.#transfers = new LimitedTransfers(simulation, states, network, traffic.flows, {
      stands: (session) => this.stands(session),
      transferred: (session) => this.#owners[this.#columns.owner[session]!]!.proceeded(session),
    });
    this.#attempts = new SessionAttempts(
      this.#columns,
      {
        connected: (session) => this.#owners[this.#columns.owner[session]!]!.connected(session),
        connectFailed: (session) => {
          this.#owners[this.#columns.owner[session]!]!.connectFailed(session);
          this.close(session);
        },
        stands: (session) => this.stands(session),
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
    this.#proceedKind = simulation.addKind((session) => {
      this.#columns.event[session] = noEvent;
      if (this.#columns.carries[session] === 1) this.#carried(session);
      this.#owners[this.#columns.owner[session]!]!.proceeded(session);
    });
  }

  addOwner(owner: SessionOwner): number {
    return this.#owners.push(owner) - 1;
  }

  /** What the owner gave as `subject`. */
  subject(session: number): number {
    return this.#columns.subject[session]!;
  }

  source(session: number): number {
    return this.#columns.source[session]!;
  }

  /** The server at the other end, or the front end that stands between (RT-43); else `none` outside the organization. */
  target(session: number): number {
    return this.#columns.target[session]!;
  }

  /** The service of `target` that the session is tried or stands with. */
  targetService(session: number): number {
    return this.#columns.targetService[session]!;
  }

  /** The remote domain at the other end; `none` inside the organization. */
  remote(session: number): number {
    return this.#columns.remote[session]!;
  }

  /** The place of the target's tier in the list, from 0. */
  tierIndex(session: number): number {
    return this.#columns.tier[session]!;
  }

  tiers(session: number): readonly Tier[] | null {
    return this.#columns.tiers[session]!;
  }

  /** When the attempt to send the present copy began. */
  startedMs(session: number): number {
    return this.#columns.startedMs[session]!;
  }

  /** Whether the other end has accepted the session. */
  isEstablished(session: number): boolean {
    return this.#columns.established[session] === 1;
  }

  /** What the owner waits for, in the owner's own numbering. */
  phase(session: number): number {
    return this.#columns.phase[session]!;
  }

  /** The copy being sent. */
  copy(session: number): number {
    return this.#columns.copy[session]!;
  }

  /** The number that the owner gave to the present attempt; 0 for all but a session's first copy. */
  attempt(session: number): number {
    return this.#columns.attempt[session]!;
  }

  /** Copies that were sent before the present one. */
  sentCount(session: number): number {
    return this.#columns.sent[session]!;
  }

  /** Goes on with a further copy over the same session: an attempt that did not begin as a retry. */
  continueWith(session: number, copy: number): void {
    this.#columns.copy[session] = copy;
    this.#columns.sent[session]!++;
    this.#columns.attempt[session] = 0;
    this.#columns.startedMs[session] = this.#simulation.nowMs;
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
    this.#columns.attempt[session] = attempt;
    this.#columns.tiers[session] = tiers;
    this.#columns.turn[session] = turn;
    this.#attempts.advance(session);
    return this.#columns.isInUse(session) ? session : none;
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
    this.#columns.toFrontDoors[session] = 1;
    this.#columns.attempt[session] = attempt;
    this.#columns.tiers[session] = tiers;
    this.#columns.turn[session] = turn;
    this.#attempts.advance(session);
  }

  /**
   * The other end has taken the session, but cannot take its message now: goes on to the next server, as after an attempt
   * that was refused. The owner hears of it as of a new session.
   */
  goOn(session: number): void {
    this.#columns.established[session] = 0;
    this.#attempts.advance(session);
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
    this.#columns.attempt[session] = attempt;
    this.#columns.tiers[session] = null;
    this.#columns.target[session] = target;
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
    this.#columns.attempt[session] = attempt;
    this.#columns.tiers[session] = frontEnds;
    this.#columns.remotes[session] = remotes;
    this.#columns.isOutside[session] =
      frontEnds === null || !this.#attempts.isAnyResolved(remotes, source) ? 1 : 0;
    this.#columns.turn[session] = turn;
    this.#attempts.advance(session);
  }

  /** Calls the owner's `proceeded` after `delayMs`; `phase` tells the owner what it waited for. */
  proceed(session: number, phase: number, delayMs: number): void {
    this.#columns.phase[session] = phase;
    this.#columns.event[session] = this.#simulation.schedule(delayMs, this.#proceedKind, session);
  }

  /**
   * Sends a message to the other end: `workMs` here, then its way, then `acceptMs` there until it is
   * acknowledged. Calls the owner's `proceeded` after all of it, or as soon as the sites are parted.
   */
  transmit(session: number, phase: number, workMs: number, acceptMs: number): void {
    this.#columns.acceptMs[session] = acceptMs;
    if (this.#isLimited(session)) {
      this.#columns.phase[session] = phase;
      const from = this.#siteOf[this.#columns.source[session]!]!;
      const to = this.#siteOf[this.#columns.target[session]!]!;
      const bytes = this.#traffic.bytesOf(this.#columns.copy[session]!);
      this.#transfers.begin(session, from, to, bytes, workMs, acceptMs);
      return;
    }
    this.#columns.carries[session] = 1;
    const lastsMs = workMs + this.#wayMs(session) + acceptMs;
    // Without a way the session is broken, as `stands` says.
    this.proceed(session, phase, lastsMs === Number.POSITIVE_INFINITY ? 0 : lastsMs);
  }

  /** The part of what `transmit` took that was the other end's, at its end. */
  acceptMs(session: number): number {
    return this.#columns.acceptMs[session]!;
  }

  /** As `transmit` without work here or there, where that takes no time. False: nothing was sent. */
  transmitAtOnce(session: number): boolean {
    if (this.#wayMs(session) !== 0 || this.#isLimited(session)) return false;
    this.#carried(session);
    return true;
  }

  /** A message has reached the other end, if the session stands. */
  #carried(session: number): void {
    this.#columns.carries[session] = 0;
    const target = this.#columns.target[session]!;
    if (target !== none && this.stands(session))
      this.#traffic.count(this.#columns.copy[session]!, this.#columns.source[session]!, target);
  }

  /** Whether a link on the way to the other end has a bandwidth or loses packets. */
  #isLimited(session: number): boolean {
    const target = this.#columns.target[session]!;
    if (target === none) return false;
    return this.#network.isLimited(this.#siteOf[this.#columns.source[session]!]!, this.#siteOf[target]!);
  }

  #wayMs(session: number): number {
    const target = this.#columns.target[session]!;
    if (target === none) return 0;
    return (
      oneWaysPerMessage *
      this.#network.latencyMs(this.#siteOf[this.#columns.source[session]!]!, this.#siteOf[target]!)
    );
  }

  /** False once an end has stopped or fallen silent or the two sites were parted, even if all is well again. */
  stands(session: number): boolean {
    const remote = this.#columns.remote[session]!;
    if (remote !== none && this.#remoteDomains.epoch(remote) !== this.#columns.remoteEpoch[session])
      return false;
    return this.#standsInside(session);
  }

  #standsInside(session: number): boolean {
    const source = this.#columns.source[session]!;
    if (
      this.#states.epoch(source, this.#columns.sourceService[session]!) !== this.#columns.sourceEpoch[session]
    )
      return false;
    const target = this.#columns.target[session]!;
    if (target === none) return true;
    return (
      this.#states.epoch(target, this.#columns.targetService[session]!) ===
        this.#columns.targetEpoch[session] &&
      this.#network.epoch(this.#siteOf[source]!, this.#siteOf[target]!) === this.#columns.pathEpoch[session]
    );
  }

  close(session: number): void {
    this.#simulation.cancel(this.#columns.event[session]!);
    this.#columns.event[session] = noEvent;
    this.#columns.carries[session] = 0;
    this.#transfers.drop(session);
    if (this.#columns.isInbound[session] === 1) this.#attempts.leaveInbound(session);
    if (this.#columns.remotes[session] !== null) this.#leaveOutside(session);
    this.#columns.free(session);
  }

  /** Ends all sessions that a service of `source` has open: it has stopped. */
  abortAll(source: number, sourceService: number): void {
    this.#attempts.liveness.forgetAll(source);
    for (let session = 0; session < this.#columns.count; session++) {
      if (!this.#columns.isInUse(session)) continue;
      if (this.#columns.source[session] !== source || this.#columns.sourceService[session] !== sourceService)
        continue;
      this.#owners[this.#columns.owner[session]!]!.aborted(session);
      this.close(session);
    }
  }

  #leaveOutside(session: number): void {
    if (this.#columns.established[session] === 1) this.#remoteDomains.closed(this.#columns.remote[session]!);
    this.#columns.isOutside[session] = 0;
    this.#columns.remote[session] = none;
  }

  #make(
    owner: number,
    subject: number,
    source: number,
    sourceService: number,
    targetService: number,
    copy: number,
    message: number,
  ): number {
    return this.#columns.make(
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

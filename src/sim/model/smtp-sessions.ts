import type { Tier } from '../../routing/index.js';
import type { Topology } from '../../topology/index.js';
import { noEvent, type Simulation } from '../kernel/index.js';
import { InboundConnections } from './inbound-connections.js';
import { LimitedTransfers } from './limited-transfers.js';
import type { LinkTraffic } from './link-traffic.js';
import { none } from './message-store.js';
import type { Network } from './network.js';
import { PeerLiveness } from './peer-liveness.js';
import type { RemoteDomains } from './remote-domains.js';
import type { ServerStates } from './server-states.js';
import { serviceIndex } from './server-states.js';
import { type ServiceTimes, work } from './service-times.js';
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
 * Outbound SMTP sessions of all servers: who tries which servers in which order, how long an attempt takes, and
 * whether a session still stands. Equal servers take turns (UN-07), those believed dead after all others (AS-14): a
 * tier is left only when each of its servers has been tried. A silent server costs the connect time-out; one that
 * refuses costs nothing; the tiers are walked until one accepts (RT-37 to RT-41).
 */
export class SmtpSessions {
  readonly inbound: InboundConnections;
  readonly #simulation: Simulation;
  readonly #states: ServerStates;
  readonly #network: Network;
  readonly #remoteDomains: RemoteDomains;
  readonly #times: ServiceTimes;
  readonly #connectTimeoutMs: Float64Array;
  readonly #siteOf: Int32Array;
  /** By server: the service that takes mail from an Edge of Exchange 2013 (RT-60, DC-13). */
  readonly #frontDoorOf: Uint8Array;
  readonly #traffic: LinkTraffic;
  readonly #transfers: LimitedTransfers;
  readonly #owners: SessionOwner[] = [];
  readonly #liveness: PeerLiveness;
  readonly #connectedKind: number;
  readonly #timedOutKind: number;
  readonly #proceedKind: number;

  // Columns, by session.
  #owner = new Uint8Array(0);
  #subject = new Int32Array(0);
  #source = new Int32Array(0);
  #sourceService = new Uint8Array(0);
  #targetService = new Uint8Array(0);
  /** 1: the target service is each server's front door, whichever that is. */
  #toFrontDoors = new Uint8Array(0);
  #target = new Int32Array(0);
  #message = new Int32Array(0);
  #copy = new Int32Array(0);
  #sent = new Int32Array(0);
  #phase = new Uint8Array(0);
  #established = new Uint8Array(0);
  /** Counts among the inbound connections of its target, a Transport service. */
  #isInbound = new Uint8Array(0);
  /** 1 while a message is on its way that nothing holds up. */
  #carries = new Uint8Array(0);
  #tier = new Int32Array(0);
  #tried = new Int32Array(0);
  #attempt = new Int32Array(0);
  #turn = new Int32Array(0);
  #sourceEpoch = new Int32Array(0);
  #targetEpoch = new Int32Array(0);
  #pathEpoch = new Int32Array(0);
  /** The remote domain that is tried or reached; `none` inside the organization, and before one is tried. */
  #remote = new Int32Array(0);
  #remoteEpoch = new Int32Array(0);
  #startedMs = new Float64Array(0);
  #acceptMs = new Float64Array(0);
  #event: Float64Array = new Float64Array(0);
  /** Next free session, or -2 for a session in use. */
  #free = new Int32Array(0);
  readonly #tiers: (readonly Tier[] | null)[] = [];
  /** What a session to the outside may end at, equal to one another; null inside the organization. */
  readonly #remotes: (readonly number[] | null)[] = [];
  /** 1 once the session has left the organization: the remotes are walked now, not the tiers. */
  #isOutside = new Uint8Array(0);
  /** The order in which a session walks its present tier, where some of it are believed dead; else empty. */
  readonly #order: number[][] = [];
  #firstFree = none;

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
    this.inbound = new InboundConnections(simulation, topology, settingsOf);
    this.#times = times;
    this.#connectTimeoutMs = Float64Array.from(
      topology.servers,
      (_, server) => settingsOf(server).transport.connectTimeout,
    );
    this.#siteOf = Int32Array.from(topology.servers, (server) => server.site);
    this.#frontDoorOf = Uint8Array.from(topology.servers, ({ isFrontEnd }) =>
      isFrontEnd ? serviceIndex.frontEnd : serviceIndex.transport,
    );
    this.#traffic = traffic;
    this.#transfers = new LimitedTransfers(simulation, states, network, traffic.flows, {
      stands: (session) => this.stands(session),
      transferred: (session) => this.#owners[this.#owner[session]!]!.proceeded(session),
    });
    this.#liveness = new PeerLiveness(simulation, topology.servers.length, settingsOf, (from, peer) =>
      this.#isAnswering(from, peer),
    );
    this.#connectedKind = simulation.addKind((session) => this.#connectDue(session));
    this.#timedOutKind = simulation.addKind((session) => this.#timedOut(session));
    this.#proceedKind = simulation.addKind((session) => {
      this.#event[session] = noEvent;
      if (this.#carries[session] === 1) this.#carried(session);
      this.#owners[this.#owner[session]!]!.proceeded(session);
    });
  }

  addOwner(owner: SessionOwner): number {
    return this.#owners.push(owner) - 1;
  }

  /** What the owner gave as `subject`. */
  subject(session: number): number {
    return this.#subject[session]!;
  }

  source(session: number): number {
    return this.#source[session]!;
  }

  /** The server at the other end, or the front end that stands between (RT-43); else `none` outside the organization. */
  target(session: number): number {
    return this.#target[session]!;
  }

  /** The service of `target` that the session is tried or stands with. */
  targetService(session: number): number {
    return this.#targetService[session]!;
  }

  /** The remote domain at the other end; `none` inside the organization. */
  remote(session: number): number {
    return this.#remote[session]!;
  }

  /** The place of the target's tier in the list, from 0. */
  tierIndex(session: number): number {
    return this.#tier[session]!;
  }

  tiers(session: number): readonly Tier[] | null {
    return this.#tiers[session]!;
  }

  /** When the attempt to send the present copy began. */
  startedMs(session: number): number {
    return this.#startedMs[session]!;
  }

  /** Whether the other end has accepted the session. */
  isEstablished(session: number): boolean {
    return this.#established[session] === 1;
  }

  /** What the owner waits for, in the owner's own numbering. */
  phase(session: number): number {
    return this.#phase[session]!;
  }

  /** The copy being sent. */
  copy(session: number): number {
    return this.#copy[session]!;
  }

  /** The number that the owner gave to the present attempt; 0 for all but a session's first copy. */
  attempt(session: number): number {
    return this.#attempt[session]!;
  }

  /** Copies that were sent before the present one. */
  sentCount(session: number): number {
    return this.#sent[session]!;
  }

  /** Goes on with a further copy over the same session: an attempt that did not begin as a retry. */
  continueWith(session: number, copy: number): void {
    this.#copy[session] = copy;
    this.#sent[session]!++;
    this.#attempt[session] = 0;
    this.#startedMs[session] = this.#simulation.nowMs;
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
    this.#attempt[session] = attempt;
    this.#tiers[session] = tiers;
    this.#turn[session] = turn;
    this.#advance(session);
    return this.#free[session] === inUse ? session : none;
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
    this.#toFrontDoors[session] = 1;
    this.#attempt[session] = attempt;
    this.#tiers[session] = tiers;
    this.#turn[session] = turn;
    this.#advance(session);
  }

  /**
   * The other end has taken the session, but cannot take its message now: goes on to the next server, as after an attempt
   * that was refused. The owner hears of it as of a new session.
   */
  goOn(session: number): void {
    this.#established[session] = 0;
    this.#advance(session);
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
    this.#attempt[session] = attempt;
    this.#tiers[session] = null;
    this.#target[session] = target;
    this.#advance(session);
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
    this.#attempt[session] = attempt;
    this.#tiers[session] = frontEnds;
    this.#remotes[session] = remotes;
    this.#isOutside[session] = frontEnds === null || !this.#isAnyResolved(remotes, source) ? 1 : 0;
    this.#turn[session] = turn;
    this.#advance(session);
  }

  /** Calls the owner's `proceeded` after `delayMs`; `phase` tells the owner what it waited for. */
  proceed(session: number, phase: number, delayMs: number): void {
    this.#phase[session] = phase;
    this.#event[session] = this.#simulation.schedule(delayMs, this.#proceedKind, session);
  }

  /**
   * Sends a message to the other end: `workMs` here, then its way, then `acceptMs` there until it is
   * acknowledged. Calls the owner's `proceeded` after all of it, or as soon as the sites are parted.
   */
  transmit(session: number, phase: number, workMs: number, acceptMs: number): void {
    this.#acceptMs[session] = acceptMs;
    if (this.#isLimited(session)) {
      this.#phase[session] = phase;
      const from = this.#siteOf[this.#source[session]!]!;
      const to = this.#siteOf[this.#target[session]!]!;
      const bytes = this.#traffic.bytesOf(this.#copy[session]!);
      this.#transfers.begin(session, from, to, bytes, workMs, acceptMs);
      return;
    }
    this.#carries[session] = 1;
    const lastsMs = workMs + this.#wayMs(session) + acceptMs;
    // Without a way the session is broken, as `stands` says.
    this.proceed(session, phase, lastsMs === Number.POSITIVE_INFINITY ? 0 : lastsMs);
  }

  /** The part of what `transmit` took that was the other end's, at its end. */
  acceptMs(session: number): number {
    return this.#acceptMs[session]!;
  }

  /** As `transmit` without work here or there, where that takes no time. False: nothing was sent. */
  transmitAtOnce(session: number): boolean {
    if (this.#wayMs(session) !== 0 || this.#isLimited(session)) return false;
    this.#carried(session);
    return true;
  }

  /** A message has reached the other end, if the session stands. */
  #carried(session: number): void {
    this.#carries[session] = 0;
    const target = this.#target[session]!;
    if (target !== none && this.stands(session))
      this.#traffic.count(this.#copy[session]!, this.#source[session]!, target);
  }

  /** Whether a link on the way to the other end has a bandwidth or loses packets. */
  #isLimited(session: number): boolean {
    const target = this.#target[session]!;
    if (target === none) return false;
    return this.#network.isLimited(this.#siteOf[this.#source[session]!]!, this.#siteOf[target]!);
  }

  #wayMs(session: number): number {
    const target = this.#target[session]!;
    if (target === none) return 0;
    return (
      oneWaysPerMessage *
      this.#network.latencyMs(this.#siteOf[this.#source[session]!]!, this.#siteOf[target]!)
    );
  }

  /** False once an end has stopped or fallen silent or the two sites were parted, even if all is well again. */
  stands(session: number): boolean {
    const remote = this.#remote[session]!;
    if (remote !== none && this.#remoteDomains.epoch(remote) !== this.#remoteEpoch[session]) return false;
    return this.#standsInside(session);
  }

  #standsInside(session: number): boolean {
    const source = this.#source[session]!;
    if (this.#states.epoch(source, this.#sourceService[session]!) !== this.#sourceEpoch[session])
      return false;
    const target = this.#target[session]!;
    if (target === none) return true;
    return (
      this.#states.epoch(target, this.#targetService[session]!) === this.#targetEpoch[session] &&
      this.#network.epoch(this.#siteOf[source]!, this.#siteOf[target]!) === this.#pathEpoch[session]
    );
  }

  close(session: number): void {
    this.#simulation.cancel(this.#event[session]!);
    this.#event[session] = noEvent;
    this.#carries[session] = 0;
    this.#transfers.drop(session);
    this.#tiers[session] = null;
    if (this.#isInbound[session] === 1) this.#leaveInbound(session);
    if (this.#remotes[session] !== null) this.#leaveOutside(session);
    this.#free[session] = this.#firstFree;
    this.#firstFree = session;
  }

  /** Ends all sessions that a service of `source` has open: it has stopped. */
  abortAll(source: number, sourceService: number): void {
    this.#liveness.forgetAll(source);
    for (let session = 0; session < this.#free.length; session++) {
      if (this.#free[session] !== inUse) continue;
      if (this.#source[session] !== source || this.#sourceService[session] !== sourceService) continue;
      this.#owners[this.#owner[session]!]!.aborted(session);
      this.close(session);
    }
  }

  /** The target has one inbound connection less. */
  #leaveInbound(session: number): void {
    this.#isInbound[session] = 0;
    this.inbound.close(this.#target[session]!);
  }

  #leaveOutside(session: number): void {
    if (this.#established[session] === 1) this.#remoteDomains.closed(this.#remote[session]!);
    this.#remotes[session] = null;
    this.#isOutside[session] = 0;
    this.#remote[session] = none;
  }

  #advance(session: number): void {
    if (this.#isInbound[session] === 1) this.#leaveInbound(session);
    const tiers = this.#tiers[session]!;
    if (this.#isOutside[session] === 1) {
      if (this.#advanceOutside(session)) return;
    } else if (tiers === null) {
      if (this.#tried[session]! === 0) {
        this.#tried[session] = 1;
        if (this.#try(session, this.#target[session]!)) return;
      }
    } else {
      for (let tier = this.#tier[session]!; tier < tiers.length; tier = ++this.#tier[session]!) {
        const { servers } = tiers[tier]!;
        while (this.#tried[session]! < servers.length) {
          const server = this.#nextOf(session, servers);
          this.#tried[session]!++;
          if (this.#try(session, server)) return;
          this.#failed(session);
        }
        this.#tried[session] = 0;
      }
    }
    this.#owners[this.#owner[session]!]!.connectFailed(session);
    this.close(session);
  }

  /** The source looks up where to, before it asks a front end to pass the session on. */
  #isAnyResolved(remotes: readonly number[], source: number): boolean {
    for (let place = 0; place < remotes.length; place++) {
      if (this.#remoteDomains.isResolved(remotes[place]!, source)) return true;
    }
    return false;
  }

  /** Begins an attempt at the next of the remotes; false if there is none left, or the front end has stopped. */
  #advanceOutside(session: number): boolean {
    if (!this.#standsInside(session)) return false;
    const remotes = this.#remotes[session]!;
    while (this.#tried[session]! < remotes.length) {
      const remote = remotes[(this.#turn[session]! + this.#tried[session]!) % remotes.length]!;
      this.#tried[session]!++;
      if (this.#tryRemote(session, remote)) return true;
    }
    return false;
  }

  /** Begins an attempt at one remote; false if it cannot be found. */
  #tryRemote(session: number, remote: number): boolean {
    const source = this.#source[session]!;
    if (!this.#remoteDomains.isResolved(remote, source)) return false;
    this.#remote[session] = remote;
    this.#remoteEpoch[session] = this.#remoteDomains.epoch(remote);
    if (this.#remoteDomains.isSilent(remote)) {
      const timeoutMs = this.#connectTimeoutMs[source]!;
      this.#event[session] = this.#simulation.schedule(timeoutMs, this.#timedOutKind, session);
      return true;
    }
    const connectMs = this.#times.timeMs(work.outsideConnect, source, this.#message[session]!, 0);
    const delayMs = connectMs * this.#remoteDomains.connectFactor(remote);
    this.#event[session] = this.#simulation.schedule(delayMs, this.#connectedKind, session);
    return true;
  }

  /** Whose turn it is among the equal servers of a tier: the living by turns, then those believed dead (AS-14). */
  #nextOf(session: number, servers: readonly number[]): number {
    const tried = this.#tried[session]!;
    const order = this.#order[session]!;
    if (tried === 0) {
      order.length = 0;
      // Fixed for this walk, as beliefs may change meanwhile.
      if (!this.#liveness.areAllAlive && this.#remotes[session] === null) {
        this.#liveness.putInOrder(this.#source[session]!, servers, this.#turn[session]!, order);
      }
    }
    if (order.length > 0) return order[tried]!;
    return servers[(this.#turn[session]! + tried) % servers.length]!;
  }

  /** An attempt has failed. Where a tier has one server only there is nobody to prefer: no belief is kept. */
  #failed(session: number): void {
    if (this.#remotes[session] !== null) return;
    const tier = this.#tiers[session]?.[this.#tier[session]!];
    if (tier === undefined || tier.servers.length < 2) return;
    this.#liveness.failed(this.#source[session]!, this.#target[session]!);
  }

  /** Whether a probe of a server's Transport service would be answered now. */
  #isAnswering(from: number, peer: number): boolean {
    return (
      this.#states.accepts(peer, serviceIndex.transport) &&
      this.#network.connected(this.#siteOf[from]!, this.#siteOf[peer]!)
    );
  }

  /** Begins an attempt at one server; false if it refused at once. */
  #try(session: number, target: number): boolean {
    const source = this.#source[session]!;
    if (this.#toFrontDoors[session] === 1) this.#targetService[session] = this.#frontDoorOf[target]!;
    const service = this.#targetService[session]!;
    const from = this.#siteOf[source]!;
    const to = this.#siteOf[target]!;
    this.#target[session] = target;
    if (!this.#states.isUp(target) || !this.#network.connected(from, to)) {
      const timeoutMs = this.#connectTimeoutMs[source]!;
      this.#event[session] = this.#simulation.schedule(timeoutMs, this.#timedOutKind, session);
      return true;
    }
    if (!this.#states.accepts(target, service)) return false;
    if (service === serviceIndex.transport) {
      if (!this.inbound.open(target, this.#sourceService[session]!)) return false;
      this.#isInbound[session] = 1;
    } else if (service === serviceIndex.frontEnd && !this.inbound.isTaken(target, service)) {
      return false;
    }
    this.#targetEpoch[session] = this.#states.epoch(target, service);
    this.#pathEpoch[session] = this.#network.epoch(from, to);
    const connectMs =
      this.#times.timeMs(work.connect, source, this.#message[session]!, 0) +
      2 * this.#network.latencyMs(from, to);
    this.#event[session] = this.#simulation.schedule(connectMs, this.#connectedKind, session);
    return true;
  }

  #connectDue(session: number): void {
    this.#event[session] = noEvent;
    if (!this.stands(session) || (this.#remotes[session] !== null && !this.#isAdmitted(session))) {
      this.#failed(session);
      this.#advance(session);
      return;
    }
    this.#established[session] = 1;
    if (!this.#liveness.areAllAlive && this.#targetService[session] === serviceIndex.transport) {
      this.#liveness.answered(this.#source[session]!, this.#target[session]!);
    }
    this.#owners[this.#owner[session]!]!.connected(session);
  }

  /** Whether a session that goes outside has got there: not if a front end has let it in, nor if the remote has not. */
  #isAdmitted(session: number): boolean {
    if (this.#isOutside[session] === 1) return this.#remoteDomains.admit(this.#remote[session]!);
    this.#isOutside[session] = 1;
    this.#tried[session] = 0;
    return false;
  }

  #timedOut(session: number): void {
    this.#event[session] = noEvent;
    this.#failed(session);
    this.#advance(session);
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
    if (this.#firstFree === none) this.#grow();
    const session = this.#firstFree;
    this.#firstFree = this.#free[session]!;
    this.#free[session] = inUse;
    this.#owner[session] = owner;
    this.#subject[session] = subject;
    this.#source[session] = source;
    this.#sourceService[session] = sourceService;
    this.#targetService[session] = targetService;
    this.#toFrontDoors[session] = 0;
    this.#target[session] = none;
    this.#copy[session] = copy;
    this.#message[session] = message;
    this.#sent[session] = 0;
    this.#established[session] = 0;
    this.#tier[session] = 0;
    this.#tried[session] = 0;
    this.#sourceEpoch[session] = this.#states.epoch(source, sourceService);
    this.#targetEpoch[session] = 0;
    this.#remote[session] = none;
    this.#startedMs[session] = this.#simulation.nowMs;
    this.#event[session] = noEvent;
    return session;
  }

  #grow(): void {
    const old = this.#free.length;
    const size = old === 0 ? 256 : old * 2;
    const grow = (column: Int32Array) => {
      const copy = new Int32Array(size);
      copy.set(column);
      return copy;
    };
    const growBytes = (column: Uint8Array) => {
      const copy = new Uint8Array(size);
      copy.set(column);
      return copy;
    };
    const growDoubles = (column: Float64Array) => {
      const copy = new Float64Array(size);
      copy.set(column);
      return copy;
    };
    this.#owner = growBytes(this.#owner);
    this.#sourceService = growBytes(this.#sourceService);
    this.#targetService = growBytes(this.#targetService);
    this.#toFrontDoors = growBytes(this.#toFrontDoors);
    this.#phase = growBytes(this.#phase);
    this.#established = growBytes(this.#established);
    this.#isInbound = growBytes(this.#isInbound);
    this.#carries = growBytes(this.#carries);
    this.#isOutside = growBytes(this.#isOutside);
    this.#subject = grow(this.#subject);
    this.#source = grow(this.#source);
    this.#target = grow(this.#target);
    this.#message = grow(this.#message);
    this.#copy = grow(this.#copy);
    this.#sent = grow(this.#sent);
    this.#tier = grow(this.#tier);
    this.#tried = grow(this.#tried);
    this.#attempt = grow(this.#attempt);
    this.#turn = grow(this.#turn);
    this.#sourceEpoch = grow(this.#sourceEpoch);
    this.#targetEpoch = grow(this.#targetEpoch);
    this.#pathEpoch = grow(this.#pathEpoch);
    this.#remote = grow(this.#remote);
    this.#remoteEpoch = grow(this.#remoteEpoch);
    this.#startedMs = growDoubles(this.#startedMs);
    this.#acceptMs = growDoubles(this.#acceptMs);
    this.#event = growDoubles(this.#event);
    this.#free = grow(this.#free);
    for (let session = old; session < size; session++) {
      this.#free[session] = session + 1 < size ? session + 1 : none;
      this.#tiers.push(null);
      this.#order.push([]);
      this.#remotes.push(null);
    }
    this.#firstFree = old;
  }
}

const inUse = -2;

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
import { type ServiceTimes, work } from './service-times.js';
import type { SessionColumns } from './session-columns.js';
import type { Settings } from './settings.js';

/** What attempts lead to. */
export interface AttemptOutcomes {
  /** The session stands. */
  connected(session: number): void;
  /** Nobody is left to try: the session is to be closed. */
  connectFailed(session: number): void;
  /** Whether neither end has stopped since the attempt began, nor the way between them. */
  stands(session: number): boolean;
  /** The same, what lies outside the organization left out. */
  standsInside(session: number): boolean;
}

/**
 * Attempts of sessions to connect: who is tried in which order and how long it takes. Equal servers take turns (UN-07),
 * those believed dead after all others (AS-14): a tier is left only when each of its servers has been tried. A silent
 * server costs the connect time-out; one that refuses costs nothing; the tiers are walked until one accepts (RT-37 to
 * RT-41). The services that queue nothing have to find one healthy server quickly (RT-44): they walk all tiers past those
 * believed dead, and only then try these, tier by tier.
 */
export class SessionAttempts {
  readonly inbound: InboundConnections;
  readonly liveness: PeerLiveness;
  readonly #columns: SessionColumns;
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
    columns: SessionColumns,
    outcomes: AttemptOutcomes,
    simulation: Simulation,
    topology: Topology,
    states: ServerStates,
    network: Network,
    remoteDomains: RemoteDomains,
    times: ServiceTimes,
    settingsOf: (server: number) => Settings,
  ) {
    this.#columns = columns;
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
    this.#connectedKind = simulation.addKind((session) => this.#connectDue(session));
    this.#timedOutKind = simulation.addKind((session) => this.#timedOut(session));
  }

  /** The target has one inbound connection less. */
  leaveInbound(session: number): void {
    this.#columns.isInbound[session] = 0;
    this.inbound.close(this.#columns.target[session]!, this.#columns.targetService[session]!);
  }

  /** Begins the next attempt; the outcome may come at once. */
  advance(session: number): void {
    // What goes outside by a front end goes on through it.
    if (this.#columns.isInbound[session] === 1 && this.#columns.isOutside[session] === 0)
      this.leaveInbound(session);
    const tiers = this.#columns.tiers[session]!;
    if (this.#columns.isOutside[session] === 1) {
      if (this.#advanceOutside(session)) return;
    } else if (tiers === null) {
      if (this.#columns.tried[session]! === 0) {
        this.#columns.tried[session] = 1;
        if (this.#try(session, this.#columns.target[session]!)) return;
      }
    } else if (this.#queuesNothing(session)) {
      if (this.#advanceProxy(session, tiers)) return;
    } else {
      for (
        let tier = this.#columns.tier[session]!;
        tier < tiers.length;
        tier = ++this.#columns.tier[session]!
      ) {
        const { servers } = tiers[tier]!;
        while (this.#columns.tried[session]! < servers.length) {
          const server = this.#nextOf(session, servers);
          this.#columns.tried[session]!++;
          if (this.#try(session, server)) return;
          this.#failed(session);
        }
        this.#columns.tried[session] = 0;
      }
    }
    this.#outcomes.connectFailed(session);
  }

  /** Begins the next attempt of a session that walks the tiers twice; false if nobody is left to try. */
  #advanceProxy(session: number, tiers: readonly Tier[]): boolean {
    const { pass, tier } = this.#columns;
    for (; pass[session]! < 2; pass[session]!++) {
      for (; tier[session]! < tiers.length; tier[session]!++) {
        const { servers } = tiers[tier[session]!]!;
        for (;;) {
          const server = this.#nextOfPass(session, servers);
          if (server === none) break;
          if (this.#try(session, server)) return true;
          this.#refused(session);
        }
        this.#columns.tried[session] = 0;
      }
      tier[session] = 0;
    }
    return false;
  }

  /** The next server of a tier in the present pass: past the dead in the first, those left out then in the second. */
  #nextOfPass(session: number, servers: readonly number[]): number {
    const { failed, pass, source, tried } = this.#columns;
    while (tried[session]! < servers.length) {
      const server = this.#nextOf(session, servers);
      tried[session]!++;
      if (failed[session]!.includes(server)) continue;
      if (
        pass[session] === 0 &&
        !this.liveness.areAllAlive &&
        this.liveness.believesDead(source[session]!, server, this.#serviceAt(session, server))
      )
        continue;
      return server;
    }
    return none;
  }

  /** Whether the session is one of Front End Transport or Mailbox Transport Submission (RT-44, RT-52). */
  #queuesNothing(session: number): boolean {
    const service = this.#columns.sourceService[session];
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
  #advanceOutside(session: number): boolean {
    if (!this.#outcomes.standsInside(session)) return false;
    const remotes = this.#columns.remotes[session]!;
    while (this.#columns.tried[session]! < remotes.length) {
      const remote =
        remotes[(this.#columns.turn[session]! + this.#columns.tried[session]!) % remotes.length]!;
      this.#columns.tried[session]!++;
      if (this.#tryRemote(session, remote)) return true;
    }
    return false;
  }

  /** Begins an attempt at one remote; false if it cannot be found. */
  #tryRemote(session: number, remote: number): boolean {
    const source = this.#columns.source[session]!;
    if (!this.#remoteDomains.isResolved(remote, source)) return false;
    this.#columns.remote[session] = remote;
    this.#columns.remoteEpoch[session] = this.#remoteDomains.epoch(remote);
    if (this.#remoteDomains.isSilent(remote)) {
      const timeoutMs = this.#connectTimeoutMs[source]!;
      this.#columns.event[session] = this.#simulation.schedule(timeoutMs, this.#timedOutKind, session);
      return true;
    }
    const connectMs = this.#times.timeMs(work.outsideConnect, source, this.#columns.message[session]!, 0);
    const delayMs = connectMs * this.#remoteDomains.connectFactor(remote);
    this.#columns.event[session] = this.#simulation.schedule(delayMs, this.#connectedKind, session);
    return true;
  }

  /** Whose turn it is among the equal servers of a tier: the living by turns, then those believed dead (AS-14). */
  #nextOf(session: number, servers: readonly number[]): number {
    const tried = this.#columns.tried[session]!;
    const order = this.#columns.order[session]!;
    if (tried === 0) {
      order.length = 0;
      // Fixed for this walk, as beliefs may change meanwhile.
      if (!this.liveness.areAllAlive && this.#columns.remotes[session] === null) {
        this.liveness.putInOrder(
          this.#columns.source[session]!,
          servers,
          this.#columns.turn[session]!,
          order,
          (server) => this.#serviceAt(session, server),
        );
      }
    }
    if (order.length > 0) return order[tried]!;
    return servers[(this.#columns.turn[session]! + tried) % servers.length]!;
  }

  /**
   * An attempt has failed. Where a tier has one server only there is nobody to prefer: no belief is kept, but for those
   * who prefer the next tier.
   */
  #failed(session: number): void {
    if (this.#columns.remotes[session] !== null) return;
    const tier = this.#columns.tiers[session]?.[this.#columns.tier[session]!];
    if (tier === undefined) return;
    const { source, target, targetService } = this.#columns;
    if (this.#queuesNothing(session)) this.#columns.failed[session]!.push(target[session]!);
    else if (tier.servers.length < 2) return;
    this.liveness.failed(source[session]!, target[session]!, targetService[session]!);
  }

  /** A server has refused a session that walks the tiers twice: one that only has no room for it now is not dead. */
  #refused(session: number): void {
    const { failed, source, target, targetService } = this.#columns;
    if (this.#isAnswering(source[session]!, target[session]!, targetService[session]!))
      failed[session]!.push(target[session]!);
    else this.#failed(session);
  }

  /** The service that a session asks for at a server. */
  #serviceAt(session: number, server: number): number {
    return this.#columns.toFrontDoors[session] === 1
      ? this.#frontDoorOf[server]!
      : this.#columns.targetService[session]!;
  }

  /** Whether a probe of a server's service would be answered now. */
  #isAnswering(from: number, peer: number, service: number): boolean {
    return (
      this.#states.accepts(peer, service) && this.#network.connected(this.#siteOf[from]!, this.#siteOf[peer]!)
    );
  }

  /** Begins an attempt at one server; false if it refused at once. */
  #try(session: number, target: number): boolean {
    const source = this.#columns.source[session]!;
    const service = this.#serviceAt(session, target);
    this.#columns.targetService[session] = service;
    const from = this.#siteOf[source]!;
    const to = this.#siteOf[target]!;
    this.#columns.target[session] = target;
    if (!this.#states.isUp(target) || !this.#network.connected(from, to)) {
      const timeoutMs = this.#connectTimeoutMs[source]!;
      this.#columns.event[session] = this.#simulation.schedule(timeoutMs, this.#timedOutKind, session);
      return true;
    }
    if (!this.#states.accepts(target, service)) return false;
    if (service === serviceIndex.transport || service === serviceIndex.frontEnd) {
      // Mailbox Transport Submission keeps its connections (A-connection-rate).
      const isKept = this.#columns.sourceService[session] === serviceIndex.mailboxSubmission;
      const isTaken = isKept ? this.inbound.openKept(target, service) : this.inbound.openNew(target, service);
      if (!isTaken) return false;
      this.#columns.isInbound[session] = 1;
    }
    this.#columns.targetEpoch[session] = this.#states.epoch(target, service);
    this.#columns.pathEpoch[session] = this.#network.epoch(from, to);
    const connectMs =
      this.#times.timeMs(work.connect, source, this.#columns.message[session]!, 0) +
      2 * this.#network.latencyMs(from, to);
    this.#columns.event[session] = this.#simulation.schedule(connectMs, this.#connectedKind, session);
    return true;
  }

  #connectDue(session: number): void {
    this.#columns.event[session] = noEvent;
    if (
      !this.#outcomes.stands(session) ||
      this.#hasBegunToDrain(session) ||
      (this.#columns.remotes[session] !== null && !this.#isAdmitted(session))
    ) {
      this.#failed(session);
      this.advance(session);
      return;
    }
    this.#columns.established[session] = 1;
    const target = this.#columns.target[session]!;
    if (!this.liveness.areAllAlive && target !== none) {
      const service = this.#columns.targetService[session]!;
      this.liveness.answered(this.#columns.source[session]!, target, service);
    }
    this.#outcomes.connected(session);
  }

  /** A server that is drained takes none of the connections that were under way when its drain began (QU-12). */
  #hasBegunToDrain(session: number): boolean {
    const target = this.#columns.target[session]!;
    return target !== none && !this.#states.accepts(target, this.#columns.targetService[session]!);
  }

  /** Whether a session that goes outside has got there: not if a front end has let it in, nor if the remote has not. */
  #isAdmitted(session: number): boolean {
    if (this.#columns.isOutside[session] === 1)
      return this.#remoteDomains.admit(this.#columns.remote[session]!);
    this.#columns.isOutside[session] = 1;
    this.#columns.tried[session] = 0;
    return false;
  }

  #timedOut(session: number): void {
    this.#columns.event[session] = noEvent;
    this.#failed(session);
    this.advance(session);
  }
}

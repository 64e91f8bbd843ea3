import type { NextHopSolutionKey, SiteConnections } from '../routing/index.js';
import { acceptTimesMs, messagesPerSession, oneWaysPerMessage, type Settings } from '../sim/model/index.js';
import type { Topology } from '../topology/index.js';

/**
 * How long one message holds the session of its queue, in the mean, with nothing in its way: what the sender and the
 * receiver do for it, its way, and its part of the connecting of a session that carries as many messages as it may.
 */
export class OfferedSessions {
  readonly #topology: Topology;
  readonly #settingsOf: (server: number) => Settings;
  readonly #connections: SiteConnections;
  #acceptMs: readonly number[] | null = null;
  /** By two sites: the smallest bandwidth on the way, bit/s. */
  readonly #narrowest = new Map<number, number>();

  constructor(topology: Topology, settingsOf: (server: number) => Settings, connections: SiteConnections) {
    this.#topology = topology;
    this.#settingsOf = settingsOf;
    this.#connections = connections;
  }

  /** Sent to another Transport service, and acknowledged by it. */
  relayMs(from: number, to: number, sizeBytes: number): number {
    const { hardware } = this.#settingsOf(from);
    const workMs = Math.max(hardware.relayTime, hardware.cpuPerMessage);
    return workMs + this.wayMs(from, to, sizeBytes) + this.acceptMs(to);
  }

  /** Sent to the server that holds a database, what is written there left out. */
  wayMs(from: number, to: number, sizeBytes: number): number {
    const messages = this.#settingsOf(from).transport.smtpMaxMessagesPerConnection;
    const latencyMs = this.latencyMs(from, to);
    const connectMs = (this.#settingsOf(from).hardware.connectTime + 2 * latencyMs) / messages;
    return connectMs + oneWaysPerMessage * latencyMs + this.#contentMs(from, to, sizeBytes);
  }

  /**
   * Handed over to the outside (assumptions A-gateways, A-way-out-by-front-ends).
   * @param frontEnd - that it goes by; -1: by none
   * @returns how long the other side has the session for it, and how long this side
   */
  outside(from: number, key: NextHopSolutionKey, frontEnd: number): { remoteMs: number; sessionMs: number } {
    const { hardware, outside } = this.#settingsOf(from);
    const passMs = frontEnd < 0 ? 0 : this.#withProcessor(frontEnd, 'frontEndTime');
    const remoteMs = passMs + Math.max(outside.acceptTime, hardware.cpuPerMessage);
    const connectMs =
      (key.deliveryType === 'NonSmtpGatewayDelivery' ? 0 : outside.connectTime) +
      (frontEnd < 0 ? 0 : hardware.connectTime);
    return { remoteMs, sessionMs: remoteMs + connectMs / this.messagesPerSession(from, key) };
  }

  /** CAP-21: as many as go over one, where they wait for each other. */
  messagesPerSession(server: number, key: NextHopSolutionKey): number {
    return messagesPerSession(this.#settingsOf(server), key);
  }

  /** From the end of a message's data until a Transport service has acknowledged it. */
  acceptMs(server: number): number {
    this.#acceptMs ??= acceptTimesMs(this.#topology, this.#settingsOf);
    return Math.max(this.#acceptMs[server]!, this.#settingsOf(server).hardware.cpuPerMessage);
  }

  /** One way; an Edge that nobody has subscribed is nowhere. */
  latencyMs(from: number, to: number): number {
    const { servers, sites } = this.#topology;
    const [fromSite, toSite] = [servers[from]!.site, servers[to]!.site];
    return fromSite < 0 || toSite < 0 ? 0 : this.#connections.latencyMs[fromSite * sites.length + toSite]!;
  }

  /** Over the narrowest link of its way, if the message has that for itself. */
  #contentMs(from: number, to: number, sizeBytes: number): number {
    const { servers, siteLinks } = this.#topology;
    const [fromSite, toSite] = [servers[from]!.site, servers[to]!.site];
    if (fromSite === toSite || fromSite < 0 || toSite < 0) return 0;
    const pair = fromSite * this.#topology.sites.length + toSite;
    let narrowest = this.#narrowest.get(pair);
    if (narrowest === undefined) {
      const links = this.#connections.linksOf(fromSite, toSite);
      narrowest = Math.min(...links.map((link) => siteLinks[link]!.bandwidthBitsPerSecond));
      this.#narrowest.set(pair, narrowest);
    }
    return (sizeBytes * 8_000) / narrowest;
  }

  #withProcessor(server: number, time: 'frontEndTime'): number {
    const { hardware } = this.#settingsOf(server);
    return Math.max(hardware[time], hardware.cpuPerMessage);
  }
}

/** The remote domain, or the equal smart hosts, that a queue sends to; nobody whose sessions are limited behind a gateway. */
export function remoteHosts({ deliveryType, nextHopDomain }: NextHopSolutionKey): readonly string[] {
  switch (deliveryType) {
    case 'SmartHostConnectorDelivery':
      return nextHopDomain.split(',').map((host) => host.trim());
    case 'DeliveryAgent':
    case 'NonSmtpGatewayDelivery':
      return [];
    default:
      return [nextHopDomain];
  }
}

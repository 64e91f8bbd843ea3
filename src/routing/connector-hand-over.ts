import { type Connector, normalizeName, type Topology } from '../topology/index.js';
import { receiversInSite } from './delivery-group.js';
import type { DeliveryGroupReference, NextHopSolutionKey, Tier } from './next-hop.js';
import type { HopPlan } from './next-hop-pool.js';

/**
 * What a server does that sends for a connector itself, or passes mail to the Edges that do: the next hop is the
 * destination (RT-16), not another server of a delivery group.
 */
export class ConnectorHandOver {
  readonly #topology: Topology;
  /** Interned, so that equal keys are one object: by connector and queue name. */
  readonly #keys = new Map<string, NextHopSolutionKey>();

  constructor(topology: Topology) {
    this.#topology = topology;
  }

  /** RT-16, RT-22: a source server sends by the connector; on an Edge likewise (RT-56). */
  atSource(server: number, connector: Connector, group: DeliveryGroupReference, queueName: string): HopPlan {
    const { site } = this.#topology.servers[server]!;
    return {
      ...this.#inSite(site, group),
      key: this.#key(connector, deliveryTypeAtSource(connector), queueName),
      tiers: [{ reason: 'target-servers', site, servers: [server] }],
      proxyServers: this.#frontEnds(server, connector),
    };
  }

  /** RT-23, RT-58: a server of the site that Edges are subscribed to relays to them; DC-13 does not matter here. */
  toEdges(connector: Connector, group: DeliveryGroupReference): HopPlan {
    const site = connector.edgeSite;
    return {
      ...this.#inSite(site, group),
      key: this.#key(connector, 'SmtpRelayWithinAdSiteToEdge', connector.name),
      tiers: [{ reason: 'target-servers', site, servers: connector.sourceServers }],
      proxyServers: null,
    };
  }

  /**
   * RT-60: what is for the organization goes from an Edge to the transport servers of its site. Those with both roles
   * take it at their Front End Transport (DC-13), but from an Edge of 2007 or 2010.
   */
  fromEdge(edge: number, connector: Connector, group: DeliveryGroupReference): HopPlan {
    const { site, majorVersion } = this.#topology.servers[edge]!;
    const servers = receiversInSite(this.#topology, site);
    const tiers: readonly Tier[] = servers.length > 0 ? [{ reason: 'target-servers', site, servers }] : [];
    const atFrontEnd = servers.filter((server) => this.#topology.servers[server]!.isFrontEnd);
    return {
      ...this.#inSite(site, group),
      key: this.#key(connector, 'SmartHostConnectorDelivery', connector.smartHosts.join(',')),
      tiers,
      proxyServers: majorVersion === 15 && atFrontEnd.length > 0 ? atFrontEnd : null,
    };
  }

  /** RT-43: any front end of the own site; only Exchange 2013 knows the way. */
  #frontEnds(server: number, { frontEndProxy }: Connector): readonly number[] | null {
    const { servers, sites } = this.#topology;
    const { site, majorVersion } = servers[server]!;
    if (!frontEndProxy || majorVersion !== 15) return null;
    return sites[site]!.servers.filter((each) => servers[each]!.isFrontEnd);
  }

  #inSite(site: number, group: DeliveryGroupReference) {
    return {
      nextHopGroup: group,
      path: { sites: [site], cost: 0, hops: 0 },
      primarySite: site,
      hubSite: -1,
      maxMessageSizeBytes: Number.POSITIVE_INFINITY,
      forkSite: -1,
    } as const;
  }

  #key(
    { index, name }: Connector,
    deliveryType: NextHopSolutionKey['deliveryType'],
    nextHopDomain: string,
  ): NextHopSolutionKey {
    const identity = `${index} ${deliveryType} ${normalizeName(nextHopDomain)}`;
    let key = this.#keys.get(identity);
    if (key === undefined) {
      key = { deliveryType, nextHopDomain, nextHopConnector: name };
      this.#keys.set(identity, key);
    }
    return key;
  }
}

/** QU-04. */
function deliveryTypeAtSource({ kind, smartHosts }: Connector): NextHopSolutionKey['deliveryType'] {
  if (kind === 'delivery-agent') return 'DeliveryAgent';
  if (kind === 'foreign') return 'NonSmtpGatewayDelivery';
  return smartHosts.length > 0 ? 'SmartHostConnectorDelivery' : 'DnsConnectorDelivery';
}

/**
 * The queue of a source server (QU-04): the smart hosts, or the address space; by DNS each recipient domain has a queue
 * of its own (QU-06).
 */
export function queueNameAtSource(connector: Connector, space: string, domain: string): string {
  switch (deliveryTypeAtSource(connector)) {
    case 'SmartHostConnectorDelivery':
      return connector.smartHosts.map(bracketIfAddress).join(',');
    case 'DnsConnectorDelivery':
      // Only SMTP addresses have a domain; spaces of other types begin with their type.
      return space.includes(':') ? space : domain;
    default:
      return space;
  }
}

/** Exchange writes the addresses among smart hosts in brackets. */
function bracketIfAddress(host: string): string {
  const isAddress = /^\d{1,3}(\.\d{1,3}){3}$/.test(host) || (host.includes(':') && !host.startsWith('['));
  return isAddress ? `[${host}]` : host;
}

/** The queue types of Exchange, as it spells them (QU-04). */
export type DeliveryType =
  | 'SmtpDeliveryToMailbox'
  /** Older hubs only (IV-01): their store driver writes to a database of their version. */
  | 'MapiDelivery'
  /** Likewise: other hubs of their site. */
  | 'SmtpRelayWithinAdSite'
  | 'SmtpRelayToDag'
  | 'SmtpRelayToMailboxDeliveryGroup'
  | 'SmtpRelayToConnectorSourceServers'
  | 'SmtpRelayToServers'
  | 'SmtpRelayToRemoteActiveDirectorySite'
  | 'SmtpRelayWithinAdSiteToEdge'
  | 'DnsConnectorDelivery'
  | 'SmartHostConnectorDelivery'
  | 'DeliveryAgent'
  | 'NonSmtpGatewayDelivery'
  | 'Unreachable'
  /** The Submission and the Poison queue. */
  | 'Undefined';

/** What tells one delivery queue from another (RT-28, QU-04). */
export interface NextHopSolutionKey {
  readonly deliveryType: DeliveryType;
  /** The queue's name. */
  readonly nextHopDomain: string;
  /** The object's name where Exchange has its GUID; null where Exchange leaves it blank or zero. */
  readonly nextHopConnector: string | null;
}

/** Why a tier of servers may take a message, in the order in which tiers can occur. */
export type TierReason =
  | 'target-servers'
  | 'hub-site-servers'
  | 'other-group-servers'
  | 'primary-site-servers'
  | 'backoff'
  | 'local-site-servers'
  | 'local-group-servers';

/** Equal servers of one site, in name order; the model draws among those that are up. */
export interface Tier {
  readonly reason: TierReason;
  readonly site: number;
  readonly servers: readonly number[];
}

export type DeliveryGroupKindName =
  | 'routable-dag'
  | 'mailbox-delivery-group'
  | 'connector-source-servers'
  | 'ad-site'
  | 'server-list';

/** A delivery group by kind and name. */
export interface DeliveryGroupReference {
  readonly kind: DeliveryGroupKindName;
  readonly name: string;
}

/** Where a message goes in the end (RT-10): a database, a connector or an expansion server. */
export interface RoutingDestination {
  readonly kind: 'mailbox-database' | 'connector' | 'expansion-server';
  readonly name: string;
  /** Its index in the topology: a database, a connector or a server. */
  readonly index: number;
}

export interface SitePath {
  /** From the source's site to the last, both included. */
  readonly sites: readonly number[];
  readonly cost: number;
  readonly hops: number;
}

/**
 * Where a server sends mail for one destination, decided by configuration alone. Next hops are interned:
 * `RoutingTables.nextHop(id)` gives the one object of an id.
 */
export interface NextHop {
  readonly id: number;
  readonly server: number;
  readonly key: NextHopSolutionKey;
  /**
   * Equal for next hops of one server whose keys are equal: these share a delivery queue (RT-28). Ids count up from
   * 0 over all servers, so one id stands for one delivery queue.
   */
  readonly queue: number;
  /**
   * What the queue sends to: `mailbox` the Mailbox Transport of the server with the active copy (or, for 2007 and
   * 2010, this hub's store driver), `relay` another Transport service of `tiers`, an Edge's too, `outside` what lies behind a
   * connector of this server.
   */
  readonly kind: 'mailbox' | 'relay' | 'outside';
  readonly destination: RoutingDestination;
  readonly destinationGroup: DeliveryGroupReference;
  readonly nextHopGroup: DeliveryGroupReference;
  /** To the primary site of the destination group. */
  readonly path: SitePath;
  readonly primarySite: number;
  /** The next hub on the path; -1 if there is none. */
  readonly hubSite: number;
  /**
   * The servers to try, in order. Kind `mailbox`: one tier with all holders of a copy, in preference order. Next hops
   * of kind `relay` that share a queue have the same object here if their tiers are equal.
   */
  readonly tiers: readonly Tier[];
  /** The cost of the address space that matched, for a connector. */
  readonly addressSpaceCost: number | null;
  /** The smallest limit of the links on the path (AS-05); Infinity without one. A larger message gets 5.3.4. */
  readonly maxMessageSizeBytes: number;
  /**
   * The Front End Transports that stand between: for a connector those of the own site, any of which passes the message
   * on (RT-43); from an Edge those of the target servers that have one (RT-60, DC-13). Null: nobody stands between.
   */
  readonly proxyServers: readonly number[] | null;
  /** The site where the ways of a message's copies part, if this next hop is there (RT-24); else -1. */
  readonly forkSite: number;
}

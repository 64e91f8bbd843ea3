/**
 * An organization as its file describes it, decoded: units are converted, defaults filled in, references still
 * names. Whether the references hold is checked by `checkOrganization`; `buildTopology` indexes the result.
 */
export interface Organization {
  /** The organization's DNS name, also its default accepted domain. */
  readonly name: string;
  readonly behavior: Behavior;
  readonly network: NetworkRule;
  readonly acceptedDomains: readonly AcceptedDomainDescription[];
  readonly sites: readonly SiteDescription[];
  readonly siteLinks: readonly SiteLinkDescription[];
  readonly servers: readonly ServerDescription[];
  readonly dags: readonly DagDescription[];
  readonly databases: readonly DatabaseDescription[];
  readonly connectors: readonly ConnectorDescription[];
  readonly edgeSubscriptions: readonly EdgeSubscriptionDescription[];
  readonly distributionGroups: readonly DistributionGroupDescription[];
  readonly mailboxes: readonly MailboxDescription[];
  readonly contacts: readonly ContactDescription[];
}

/** The profile that decides where versions differ (DC-05, BP-06, CAP-20). */
export type Behavior = '2013' | '2016';

/** When two sites count as connected: while any chain of links is up, or only while their least-cost path is. */
export type NetworkRule = 'any-path' | 'least-cost-path';

export type AcceptedDomainType = 'authoritative' | 'internal-relay' | 'external-relay';

export interface AcceptedDomainDescription {
  readonly name: string;
  readonly type: AcceptedDomainType;
}

/** An AD site as a file has it. */
export interface SiteDescription {
  readonly name: string;
  /** HubSiteEnabled (AS-06). */
  readonly hub: boolean;
  /** InboundMailEnabled (AS-07). */
  readonly inboundMail: boolean;
}

/** An IP site link as a file has it. */
export interface SiteLinkDescription {
  readonly name: string;
  /** Two or more sites, all of them adjacent at this link's cost (AS-01). */
  readonly sites: readonly string[];
  /** The Active Directory cost, 1 to 99 999 (AS-02). */
  readonly cost: number;
  /** Replaces `cost` for routing (AS-03). */
  readonly exchangeCost?: number | undefined;
  /** Infinity: no limit (AS-05). */
  readonly maxMessageSizeBytes: number;
  /** One way. */
  readonly latencyMs: number;
  /** Absent: unlimited. */
  readonly bandwidthBitsPerSecond?: number | undefined;
}

export type ExchangeVersion = '2007' | '2010' | '2013';
export type ServerRole = 'mailbox' | 'client-access' | 'hub-transport' | 'edge';

/** A server as a file has it. */
export interface ServerDescription {
  readonly name: string;
  /** An Edge has none of its own: it belongs to the site it is subscribed to (RT-57). */
  readonly site?: string | undefined;
  readonly version: ExchangeVersion;
  readonly roles: readonly ServerRole[];
  /** Of its processor; absent: 8. */
  readonly cores?: number | undefined;
  /** Absent: 64 GB. */
  readonly memoryBytes?: number | undefined;
  /** The disk of its queue database; absent: 200 GB. */
  readonly queueDiskBytes?: number | undefined;
  /** Share of that disk that others use, 0 to 1; absent: 0. */
  readonly queueDiskUsed?: number | undefined;
}

/** A database availability group as a file has it. */
export interface DagDescription {
  readonly name: string;
  readonly members: readonly string[];
  /** Where the witness stands; matters to nothing but failover. */
  readonly witnessSite?: string | undefined;
  readonly automaticFailover: boolean;
}

/** A mailbox database as a file has it; copies in activation preference order. */
export interface DatabaseDescription {
  readonly name: string;
  /** Servers in activation preference order; the first holds the active copy. */
  readonly copies: readonly string[];
}

export type ConnectorKind = 'send' | 'delivery-agent' | 'foreign';

export interface AddressSpace {
  /** `SMTP` or another address type, upper case. */
  readonly type: string;
  /** `*`, `*.domain` or `domain` for SMTP; free text for other types; lower case. */
  readonly space: string;
  /** 1 to 100 (CN-05). */
  readonly cost: number;
}

/** A Send, Delivery Agent or Foreign connector as a file has it. */
export interface ConnectorDescription {
  readonly name: string;
  readonly kind: ConnectorKind;
  readonly addressSpaces: readonly AddressSpace[];
  readonly sourceServers: readonly string[];
  /** IsScopedConnector (CN-06). */
  readonly scoped: boolean;
  readonly enabled: boolean;
  /** Infinity: no limit. */
  readonly maxMessageSizeBytes: number;
  /** Empty: DNS routing (CN-07). */
  readonly smartHosts: readonly string[];
  /** FrontendProxyEnabled: out through a Front End Transport of the source server's site (RT-43). */
  readonly frontEndProxy: boolean;
}

/** Makes an Edge the way out and in of a site, with connectors of its own (RT-57, ES-02). */
export interface EdgeSubscriptionDescription {
  readonly edgeServer: string;
  readonly site: string;
}

/** A distribution group as a file has it. */
export interface DistributionGroupDescription {
  readonly address: string;
  readonly members: readonly string[];
  readonly expansionServer?: string | undefined;
}

/** A mailbox, or many by a pattern, as a file has them. */
export interface MailboxDescription {
  /** An address; with `count`, a pattern that holds `{n}` once. */
  readonly address: string;
  /** Absent: one mailbox. Else the pattern's mailboxes 1 to `count`. */
  readonly count?: number | undefined;
  readonly database: string;
  readonly quotaExceeded: boolean;
  /** Infinity: no limit of its own. */
  readonly maxReceiveSizeBytes: number;
  /** Where its mail goes instead, or besides with `deliverAndForward` (RR-07). */
  readonly forwardTo?: string | undefined;
  readonly deliverAndForward: boolean;
  /** The only senders it takes mail from; absent: everybody. */
  readonly acceptOnlyFrom?: readonly string[] | undefined;
}

export interface ContactDescription {
  readonly address: string;
  readonly target: string;
}

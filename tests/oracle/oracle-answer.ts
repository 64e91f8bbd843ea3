/**
 * A `route/1` answer as the oracle gives it: everything of design section 5 but `rules`, the text of a non-delivery
 * report (its code counts) and the order of recipients and queues.
 */
export interface OracleAnswer {
  readonly mailflow: 'route/1';
  readonly from: { readonly server: string; readonly service: Service; readonly site: string | null };
  readonly messageSizeBytes: number;
  readonly recipients: readonly OracleRow[];
  readonly queues?: readonly (QueueKey & { readonly recipients: readonly string[] })[];
  readonly selected?: {
    readonly consideredRecipients: readonly string[];
    readonly tiers: readonly OracleTier[];
    readonly accepted?: Acceptance | null;
  };
}

export type Service = 'transport' | 'front-end' | 'submission';

export interface QueueKey {
  readonly deliveryType: string;
  readonly nextHopDomain: string;
  readonly nextHopConnector: string | null;
}

export interface OracleTier {
  readonly reason: string;
  readonly site: string;
  readonly servers: readonly string[];
}

export interface Named {
  readonly kind: string;
  readonly name: string;
}

export interface Acceptance {
  readonly server: string;
  readonly tier: number;
}

export interface RouteFacts {
  readonly nextHopGroup: Named | null;
  readonly queue: QueueKey | null;
  readonly path: { readonly sites: readonly string[]; readonly cost: number; readonly hops: number } | null;
  readonly addressSpaceCost?: number;
  readonly primarySite: string | null;
  readonly hubSite: string | null;
  readonly tiers: readonly OracleTier[];
  readonly proxy?: { readonly service: 'front-end'; readonly servers: readonly string[] };
}

/** Where a recipient's mail goes from one server, before anybody asks who is up. */
export interface Decision extends RouteFacts {
  readonly outcome: 'route' | 'ndr' | 'unreachable';
  readonly ndr?: { readonly code: string };
  readonly destination: Named | null;
  readonly destinationGroup: Named | null;
}

export interface OracleRow extends Partial<RouteFacts> {
  readonly address: string;
  readonly expandedFrom?: string;
  readonly outcome: 'route' | 'ndr' | 'unreachable';
  readonly ndr?: { readonly code: string };
  readonly destination: Named | null;
  readonly destinationGroup: Named | null;
  readonly accepted?: Acceptance | null;
  readonly journey?: readonly {
    readonly server: string;
    readonly queue: QueueKey;
    readonly accepted: Acceptance | null;
  }[];
  readonly end?: { readonly outcome: string; readonly server: string };
}

export type FanOut = 'next-hop' | 'fork-site' | 'fork-site-without-dags';

/** A question to `mailflow route`, by names. */
export interface OracleQuestion {
  readonly server: string;
  readonly service: Service;
  readonly recipients: readonly string[];
  readonly sizeBytes: number;
  readonly sender?: string | undefined;
  /** Absent: nobody asks who accepts. */
  readonly outage?: Outage | undefined;
  /** Databases that are not active on their first copy. */
  readonly active: readonly { readonly database: string; readonly server: string }[];
  readonly follow: boolean;
  readonly fanOut: FanOut;
  /** DC-02. */
  readonly submissionReach: 'any-site' | 'own-site';
}

export interface Outage {
  readonly servers: readonly string[];
  readonly sites: readonly string[];
  readonly links: readonly string[];
}

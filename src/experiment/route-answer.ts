import type { DeliveryGroupReference, NextHopSolutionKey, RuleOutcome, Tier } from '../routing/index.js';

/** The service that has the message: Transport routes each recipient, the other two choose one server for all. */
export type RouteService = 'transport' | 'front-end' | 'submission';

/** A tier by names. */
export interface NamedTier {
  readonly reason: Tier['reason'];
  readonly site: string;
  readonly servers: readonly string[];
}

/** Who takes the message: of equal servers the first by name. The tier counts from 1. */
export interface Acceptance {
  readonly server: string;
  readonly tier: number;
}

/** A server that queues the message on its way; null: it stays there in Retry. */
export interface JourneyStop {
  readonly server: string;
  readonly queue: NextHopSolutionKey;
  readonly accepted: Acceptance | null;
}

export interface JourneyEnd {
  readonly outcome: 'delivered' | 'retry' | 'ndr' | 'unreachable';
  readonly server: string;
}

export interface NamedDestination {
  readonly kind: 'mailbox-database' | 'connector' | 'expansion-server';
  readonly name: string;
}

/** What the three services answer alike for a recipient. */
export interface RecipientAnswer {
  readonly address: string;
  /** The group that this member stands for, where it was expanded here. */
  readonly expandedFrom?: string;
  /** The mailbox that forwards to this one besides keeping the message (RR-07). */
  readonly forwardedFrom?: string;
  /** Where the mail for the address goes instead (RR-07). */
  readonly forwardedTo?: string;
  readonly outcome: 'route' | 'ndr' | 'unreachable';
  readonly ndr?: { readonly code: string; readonly text: string };
  readonly destination: NamedDestination | null;
  readonly destinationGroup: DeliveryGroupReference | null;
  readonly journey?: readonly JourneyStop[];
  readonly end?: JourneyEnd;
}

/** A recipient as Transport routes it. What could not be determined is null. */
export interface RoutedRecipient extends RecipientAnswer {
  readonly nextHopGroup: DeliveryGroupReference | null;
  readonly queue: NextHopSolutionKey | null;
  readonly path: { readonly sites: readonly string[]; readonly cost: number; readonly hops: number } | null;
  readonly addressSpaceCost?: number;
  readonly primarySite: string | null;
  readonly hubSite: string | null;
  readonly tiers: readonly NamedTier[];
  /**
   * The Front End Transports in between: any of them for a proxied connector (RT-43); from an Edge those of the target
   * servers that take the message there (RT-60, DC-13).
   */
  readonly proxy?: { readonly service: 'front-end'; readonly servers: readonly string[] };
  /** The rules that decided. */
  readonly rules: readonly string[];
  /** Each rule considered, with its outcome. */
  readonly explanation?: readonly RuleOutcome[];
  readonly accepted?: Acceptance | null;
}

/** A delivery queue of the server asked, with the recipients that share it, in name order. */
export interface QueueAnswer extends NextHopSolutionKey {
  readonly recipients: readonly string[];
}

/** What `mailflow route --json` prints (design section 5). */
export interface RouteAnswer {
  readonly mailflow: 'route/1';
  readonly from: { readonly server: string; readonly service: RouteService; readonly site: string | null };
  readonly messageSizeBytes: number;
  readonly recipients: readonly (RoutedRecipient | RecipientAnswer)[];
  /** Transport only. */
  readonly queues?: readonly QueueAnswer[];
  /** Front end and submission only: the one choice for the message. */
  readonly selected?: {
    /** The mailbox recipients that count: the first 20 (RT-48, UN-13). */
    readonly consideredRecipients: readonly string[];
    readonly tiers: readonly NamedTier[];
    readonly explanation?: readonly RuleOutcome[];
    readonly accepted?: Acceptance | null;
  };
}

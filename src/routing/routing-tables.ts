import type { Topology } from '../topology/index.js';
import type { RouteExplainer } from './explanation/route-explainer.js';
import type { DelayedFanOut } from './fan-out.js';
import type { SitePaths } from './least-cost-path.js';
import type { DeliveryGroupReference, NextHop, Tier } from './next-hop.js';

/** Answers of `RoutingTables` that are not next hops; a next hop's id is 0 or more. */
export const noRoute = {
  /** No way to the destination: the message goes to the Unreachable queue (CN-04, QU-01). */
  unreachable: -1,
  /** No connector takes this type of address: NDR 5.1.2 (CN-04). */
  noConnectorForType: -2,
  /** Every connector that matches is too small: NDR 5.3.4 (CN-04). */
  connectorsTooSmall: -3,
} as const;

/** Of more mailbox recipients so many, those that come first, choose the Transport service (RT-48, UN-13). */
export const consideredRecipients = 20;

/** The service that chooses a Transport service for a message it does not queue itself. */
export type ProxyService = 'front-end' | 'submission';

/** Which servers Mailbox Transport Submission chooses from: all, or those of its own site (RT-52, DC-02). */
export type SubmissionReach = 'any-site' | 'own-site';

/** Choices that the documents leave open or answer in two ways, by server. */
export interface RoutingOptions {
  /** DC-02; absent: `any-site`. */
  readonly submissionReach?: (server: number) => SubmissionReach;
}

/** The one choice of Front End Transport or Mailbox Transport Submission for a message (RT-47 to RT-49, RT-54). */
export interface TransportSelection {
  /** Tried in order. */
  readonly tiers: readonly Tier[];
  /** What the tiers aim at: the name of the delivery group, or of the local site or group without mailbox recipients. */
  readonly groupName: string;
}

/**
 * Every routing decision of an organization, compiled once and never changed: a pure function of the topology.
 * Look-ups take topology indexes and give interned ids. Ids of next hops and queues are handed out on first use, so
 * that a run that asks in the same order gets the same ids.
 */
export interface RoutingTables {
  readonly topology: Topology;
  /** The least-cost paths between all sites. */
  readonly paths: SitePaths;
  readonly nextHopCount: number;
  /** Delivery queues known so far; their ids are 0 to `queueCount` - 1. */
  readonly queueCount: number;
  nextHop(id: number): NextHop;
  /** Says why a route is as it is. */
  readonly explainer: RouteExplainer;
  /** The delivery group that serves a mailbox database (RT-14, RT-27). */
  groupOfDatabase(database: number): DeliveryGroupReference;
  /** From a Transport service to a mailbox database: a next hop's id, or `noRoute.unreachable`. */
  toDatabase(server: number, database: number): number;
  /** From a Transport service to the server that expands a group; never called on that server (RT-17). */
  toExpansionServer(server: number, expansionServer: number): number;
  /** Interns an address space: the type in upper case, the part after `@` (or the whole non-SMTP address). */
  internDomain(type: string, domain: string): number;
  /** From a Transport service to an outside address of a domain: a next hop's id, or one of `noRoute`. */
  toOutside(server: number, domain: number, sizeBytes: number): number;
  /**
   * Where the copies of one message part (RT-24, AS-11): its recipients' next hops on a server, as they are with
   * delayed fan-out. With `next-hop` these are the same; else the next hops of recipients that share part of their way
   * are replaced by those to the site where their ways part, and so share a queue.
   */
  fanOut(server: number, nextHops: readonly number[], reading: DelayedFanOut): readonly number[];
  /**
   * The tiers that Front End Transport or Mailbox Transport Submission on `server` tries for a message.
   * @param databases - the databases of the first 20 mailbox recipients (RT-48, UN-13); repeats allowed
   * @param count - how many of them count; 0: no mailbox recipient (RT-49, RT-54)
   */
  selectTransport(
    service: ProxyService,
    server: number,
    databases: Int32Array,
    count: number,
  ): TransportSelection;
}

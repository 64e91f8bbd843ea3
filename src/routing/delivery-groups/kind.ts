import type { Topology } from '../../topology/index.js';
import type { NextHopSolutionKey } from '../next-hop.js';

/** What a delivery group is responsible for (RT-14), as topology indexes. */
export interface ServedDestinations {
  readonly databases: readonly number[];
  readonly connectors: readonly number[];
  readonly expansionServers: readonly number[];
  /** Sites that mail passes through by this group: no final destinations (RT-23). */
  readonly sites: readonly number[];
}

/** A delivery group as its kind makes it: the transport servers responsible for some destinations (RT-14). */
export interface DeliveryGroupDescription {
  readonly name: string;
  /** Transport servers, in name order; empty where an organization has none that could serve the destinations. */
  readonly members: readonly number[];
  readonly serves: ServedDestinations;
  /** The queue of a server outside the group, for mail that goes straight to the group (QU-04). */
  readonly relayKey: NextHopSolutionKey;
}

/** One way of grouping transport servers (RT-19 to RT-25). */
export interface DeliveryGroupKind {
  /** All groups of the kind that an organization has, in name order of what they are named after. */
  build(topology: Topology): readonly DeliveryGroupDescription[];
}

export const servesNothing: ServedDestinations = {
  databases: [],
  connectors: [],
  expansionServers: [],
  sites: [],
};

export type {
  DeliveryGroupKindName,
  DeliveryGroupReference,
  DeliveryType,
  NextHop,
  NextHopSolutionKey,
  RoutingDestination,
  SitePath,
  Tier,
  TierReason,
} from './next-hop.js';
export { noRoute, type ProxyService, type RoutingTables, type TransportSelection } from './routing-tables.js';

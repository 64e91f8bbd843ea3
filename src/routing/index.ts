export { compileRoutingTables } from './compile-routing-tables.js';
export {
  expandGroup,
  isExpandedOn,
  type ResolvedAddress,
  resolveAddress,
  resolveRecipient,
} from './destination.js';
export type { RouteExplainer } from './explanation/route-explainer.js';
export { decidingRules, type RouteAspect, type RuleOutcome } from './explanation/rule-outcome.js';
export type { DelayedFanOut } from './fan-out.js';
export { forwardedDeliveries, hasDeliveryRules } from './forwarding.js';
export { comparePaths, SitePaths } from './least-cost-path.js';
export { addressOf, type MessageRecipient, resolveMessage, resolveOnEdge } from './message-recipients.js';
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
export { type NonDelivery, nonDeliveries } from './non-delivery.js';
export {
  noRoute,
  type ProxyService,
  type RoutingOptions,
  type RoutingTables,
  type SubmissionReach,
  type TransportSelection,
} from './routing-tables.js';
export { connectSites, type SiteConnections } from './site-connections.js';

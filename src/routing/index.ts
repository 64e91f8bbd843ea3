export { compileRoutingTables } from './compile-routing-tables.js';
export {
  expandGroup,
  isExpandedOn,
  type ResolvedAddress,
  resolveAddress,
  resolveRecipient,
} from './destination.js';
export type { DiffDestination } from './diff/diff-destinations.js';
export type { ChangeReason } from './diff/reason-list.js';
export type { ChangedAspect } from './diff/route-comparison.js';
export { type RouteChange, RoutingDiff, type SourceChanges } from './diff/routing-diff.js';
export type { SizedAnswer, SizedAnswers } from './diff/sized-answers.js';
export type { RouteExplainer } from './explanation/route-explainer.js';
export { decidingRules, type RouteAspect, type RuleOutcome } from './explanation/rule-outcome.js';
export type { DelayedFanOut } from './fan-out.js';
export { type ForwardedDelivery, forwardedDeliveries, hasDeliveryRules } from './forwarding.js';
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
  consideredRecipients,
  noRoute,
  type ProxyService,
  type RoutingOptions,
  type RoutingTables,
  type SubmissionReach,
  type TransportSelection,
} from './routing-tables.js';
export { connectSites, connectSitesWithout, type SiteConnections } from './site-connections.js';

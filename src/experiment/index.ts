export {
  type Capacity,
  type CapacityLimit,
  type CapacityQuestion,
  type CapacityStep,
  findCapacity,
  firstReplications,
  type JudgedValue,
  mostReplicationsAStep,
  verdictOnAll,
} from './capacity.js';
export {
  type CapacityRange,
  type CapacityValue,
  formatCapacityValue,
  readCapacityValue,
} from './capacity-values.js';
export {
  type ComparedResult,
  type Comparison,
  type ComparisonVerdict,
  compareResults,
  type FigureComparison,
  type MetricComparison,
  wantedPairs,
} from './compare.js';
export { compileOrganization, compileScenario } from './compile-scenario.js';
export type { RouteDifference } from './diff-difference.js';
export type { RouteChangeGroup } from './diff-group.js';
export { type GroupedDiff, groupRouteChanges } from './diff-groups.js';
export type { DiffedRoute } from './diff-route.js';
export { type ChangedRoute, type DiffSummary, diffRoutes } from './diff-routes.js';
export { findFailures, findFailuresInSteps } from './failures.js';
export type {
  FailureAnswer,
  FailureFinding,
  FailureOptions,
  FailureSummary,
  UnreachableDestination,
} from './failures-answer.js';
export type { Component, ComponentKind } from './failures-components.js';
export { faultsFor, withFaults } from './failures-simulation.js';
export { warnOfLossyFailovers } from './lossy-failovers.js';
export { offeredLoad, type StageLoad, warnOfOverload } from './offered-load.js';
export type { OfferedStage } from './offered-work.js';
export { isPreciseEnough, type PrecisionScenario, watchPrecision } from './precision.js';
export { warnOfPressure } from './pressure-at-rest.js';
export { warnOfQueues } from './queue-names.js';
export { type QueueVolumeInputs, queueVolumeBytes } from './queue-volume.js';
export type { RouteAnswer } from './route-answer.js';
export { noOutages, type Outages } from './route-outages.js';
export { answerRouteQuestion, type RouteQuestion, runsService } from './route-query.js';
export {
  checkThresholds,
  type ExperimentOptions,
  type ExperimentOutcome,
  replicationKey,
  runExperiment,
  runFacts,
} from './run-experiment.js';
export {
  type KernelParts,
  type ProgressAnswer,
  type ReplicationOptions,
  type ReplicationOutcome,
  type ReplicationProgress,
  type RunGuards,
  runReplication,
} from './run-replication.js';
export { type SaturatedTier, saturatedTier } from './saturated-tier.js';
export { warnOfMissingPartners } from './shadow-partners.js';
export {
  gridPoints,
  gridSize,
  mostJobs,
  mostPoints,
  mostShards,
  planPoints,
  replicationsOfShard,
  type Shard,
  type SweepPoint,
} from './sweep-plan.js';
export {
  findWarmUp,
  type PilotSeries,
  runPilot,
  type WarmScenario,
  warmUpFrom,
  warmUpPilots,
  warmUpSearchEndMs,
  withWarmUp,
} from './warm-up.js';

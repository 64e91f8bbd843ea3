/**
 * mailflow as a library: what the commands are made of. Decode and check files, compile routing tables, answer routing
 * questions, compare organizations, ask what Setup would refuse, run scenarios, compare results, turn results into text.
 */
export {
  answerRouteQuestion,
  type ChangedRoute,
  type ComparedResult,
  type Comparison,
  compareResults,
  compileScenario,
  type DiffSummary,
  diffRoutes,
  type ExperimentOptions,
  type ExperimentOutcome,
  findWarmUp,
  type GroupedDiff,
  groupRouteChanges,
  isPreciseEnough,
  type OfferedStage,
  type Outages,
  offeredLoad,
  type QueueVolumeInputs,
  queueVolumeBytes,
  type ReplicationOptions,
  type ReplicationOutcome,
  type RouteAnswer,
  type RouteQuestion,
  runExperiment,
  runReplication,
  type StageLoad,
  type WarmScenario,
  watchPrecision,
} from './experiment/index.js';
export type {
  BatchMeans,
  Interval,
  LatencyBatch,
  LatencySample,
  ReplicationResult,
  RowSink,
  RunSummary,
  TableName,
  ThresholdResult,
  Truncation,
} from './measure/index.js';
export {
  batchMeans,
  confidenceInterval,
  latencyBatches,
  tableColumns,
  tableNames,
  truncateWarmUp,
} from './measure/index.js';
export {
  csvHeader,
  csvRows,
  formatCompareText,
  formatDiffText,
  formatJson,
  formatRouteText,
  formatSummaryText,
} from './report/index.js';
export {
  compileRoutingTables,
  type DelayedFanOut,
  decidingRules,
  type NextHop,
  type RouteExplainer,
  type RoutingOptions,
  type RoutingTables,
  type RuleOutcome,
} from './routing/index.js';
export { type Assumption, assumptions, findAssumption, findRule, type Rule, rules } from './rules/index.js';
export {
  loadOrganization,
  loadResult,
  loadScenario,
  merge,
  type RunProgress,
  type SimulateOptions,
  type SimulateOutcome,
  type SweepOptions,
  type SweepOutcome,
  type SweptPoint,
  simulate,
  sweep,
} from './runner/index.js';
export {
  type DecodedOrganization,
  type DecodedScenario,
  decodeOrganization,
  decodeScenario,
  organizationJsonSchema,
  type Problem,
  type Scenario,
  ScenarioError,
  scenarioJsonSchema,
} from './scenario/index.js';
export { type Settings, settingDefinitions, type TransportObserver } from './sim/model/index.js';
export {
  buildTopology,
  examineReadiness,
  type Organization,
  type ReadinessFinding,
  type ReadinessLanguage,
  type Topology,
  withActiveCopies,
} from './topology/index.js';

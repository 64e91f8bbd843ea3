export { type DecodedInput, decodeInput } from './decode-input.js';
export { type DecodedOrganization, decodeOrganization } from './decode-organization.js';
export {
  decodePlan,
  type PlannedPoint,
  type PlannedValue,
  readVariations,
  type Variation,
  variationFile,
} from './decode-plan.js';
export { type DecodedScenario, type DecodeScenarioOptions, decodeScenario } from './decode-scenario.js';
export { FileError, type ReadFile } from './decoding.js';
export type { DatabaseMoveFault } from './faults/database-move.js';
export type { DatabaseOutageFault } from './faults/database-outage.js';
export type { DrainFault } from './faults/drain.js';
export { injectFault, injectFaults } from './faults/inject-fault.js';
export type { Fault, FaultSpan } from './faults/kind.js';
export type { QueueResubmissionFault } from './faults/queue-resubmission.js';
export type { RoutingChangeFault } from './faults/routing-change.js';
export type { ServerOutageFault } from './faults/server-outage.js';
export type { ServiceOutageFault } from './faults/service-outage.js';
export type { SiteLinkOutageFault } from './faults/site-link-outage.js';
export { formatProblem, type Problem, ScenarioError } from './problem.js';
export type { Scenario, Threshold, ThresholdLimit } from './scenario.js';
export { organizationJsonSchema, scenarioJsonSchema } from './schema/json-schema.js';
export { splitPath } from './source/path.js';
export { parseDurationMs, parseSizeBytes, UnitError } from './units.js';
export type { ArrivalsWorkload } from './workloads/arrivals.js';
export { type ExpectedMail, type ExpectedMessage, expectedMail } from './workloads/expected-mail.js';
export type { InternetInboundWorkload } from './workloads/internet-inbound.js';
export type {
  DayShape,
  RecipientsModel,
  SizeModel,
  Workload,
  WorkloadWindow,
} from './workloads/kind.js';
export type { MailboxSelector, MailboxUsersWorkload } from './workloads/mailbox-users.js';
export type { ReplayMessage, ReplayWorkload } from './workloads/replay.js';
export { startWorkload } from './workloads/start-workload.js';

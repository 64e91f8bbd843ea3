export { AnswerFolder } from './answer-folder.js';
export { breathEveryMs, breathe } from './breath.js';
export { type CapacityOptions, type CapacityOutcome, capacity } from './capacity.js';
export { type CheckedFile, check } from './check.js';
export {
  type InitOptions,
  type InitOutcome,
  init,
  type Template,
  type TemplateName,
  templates,
} from './init.js';
export type { JobProgress } from './job.js';
export type { RunProgress, RunStage, StoppedBy } from './job-run.js';
export {
  type LoadOptions,
  type LoadScenarioOptions,
  loadInput,
  loadOrganization,
  loadScenario,
} from './load-file.js';
export { loadResult } from './load-result.js';
export { type MergeOptions, merge } from './merge.js';
export type { AnswerCommand } from './own-files.js';
export { readReport } from './read-report.js';
export { ResultFolderError } from './result-folder-error.js';
export { shownPath } from './shown-path.js';
export { defaultWorkers, type SimulateOutcome, simulate } from './simulate.js';
export {
  type SimulatedFailures,
  type SimulateFailuresOptions,
  simulateFailures,
} from './simulate-failures.js';
export type { FailedReplication, SimulateOptions, WantedPrecision } from './simulation-task.js';
export { type SweepOptions, type SweepOutcome, sweep } from './sweep.js';
export { packageVersion } from './version.js';
export {
  type ReportFormat,
  reportFormats,
  type WriteReportOptions,
  type WrittenReport,
  writeReport,
} from './write-report.js';
export type { SweptPoint } from './write-sweep.js';

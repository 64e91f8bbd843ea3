export {
  type LoadOptions,
  type LoadScenarioOptions,
  loadInput,
  loadOrganization,
  loadScenario,
} from './load-file.js';
export { ResultFolderError } from './result-folder.js';
export {
  type SimulateOptions,
  type SimulateOutcome,
  type SimulationProgress,
  type StoppedBy,
  simulate,
} from './simulate.js';

export {
  type LoadOptions,
  type LoadScenarioOptions,
  loadInput,
  loadOrganization,
  loadScenario,
} from './load-file.js';

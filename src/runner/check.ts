import {
  checkThresholds,
  compileScenario,
  warnOfLossyFailovers,
  warnOfMissingPartners,
  warnOfOverload,
  warnOfPressure,
  warnOfQueues,
} from '../experiment/index.js';
import { type DecodedInput, type DecodedScenario, type Problem, ScenarioError } from '../scenario/index.js';
import { type LoadOptions, loadInput } from './load-file.js';

/** What there is to say of a file. */
export interface CheckedFile {
  readonly errors: readonly Problem[];
  /** What hardly was meant: of a scenario also load above capacity, and what its settings lead to. */
  readonly warnings: readonly Problem[];
  /** What the file holds; null where there are errors. */
  readonly input: DecodedInput | null;
}

/**
 * Reads an organization or a scenario, and finds all that is wrong with it, or hardly was meant, at once. What Setup
 * would say of the organization is asked of `examineReadiness`.
 */
export function check(file: string, options: LoadOptions = {}): CheckedFile {
  try {
    const input = loadInput(file, options);
    const warnings = input.kind === 'scenario' ? warningsOf(input, file) : input.organization.warnings;
    return { errors: [], warnings, input };
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    return { errors: error.problems, warnings: error.warnings, input: null };
  }
}

/** @throws ScenarioError when a threshold is about what the organization does not have */
function warningsOf({ scenario, warnings }: DecodedScenario, file: string): readonly Problem[] {
  checkThresholds(scenario, file);
  const tables = compileScenario(scenario);
  return [
    ...warnings,
    ...warnOfQueues(scenario, tables, file),
    ...warnOfOverload(scenario, tables, file),
    ...warnOfPressure(scenario, tables, file),
    ...warnOfMissingPartners(scenario, tables, file),
    ...warnOfLossyFailovers(scenario, tables, file),
  ];
}

import { checkThresholds } from '../../experiment/index.js';
import { loadInput } from '../../runner/index.js';
import { formatProblem, type Problem, ScenarioError } from '../../scenario/index.js';
import { plainLine } from '../../topology/index.js';
import { defineCommand, exitCodes } from '../command.js';

/** `mailflow check <file>`: what is wrong with an organization or scenario, and what hardly was meant. */
export const command = defineCommand({
  positionals: {
    file: { type: 'string', demandOption: true, describe: 'an organization or a scenario (YAML or JSON)' },
  },
  options: {},
  async run({ file }, context) {
    const { errors, warnings, verdict } = examine(file, context.root);
    // Which rules of Setup the organization is held against is for a later issue: readiness is empty until then.
    if (context.json) context.answerJson({ mailflow: 'check/1', errors, warnings, readiness: [] });
    else {
      for (const error of errors) context.answer(`${formatProblem(error)}\n`);
      for (const warning of warnings) context.answer(`warning: ${formatProblem(warning)}\n`);
      context.answer(`${plainLine(file)}: ${verdict}\n`);
    }
    return errors.length === 0 ? exitCodes.fine : exitCodes.invalidInput;
  },
});

interface Findings {
  readonly errors: readonly Problem[];
  readonly warnings: readonly Problem[];
  readonly verdict: string;
}

function examine(file: string, root: string | undefined): Findings {
  try {
    const input = loadInput(file, { root });
    if (input.kind === 'scenario') checkThresholds(input.scenario, file);
    const warnings = input.kind === 'scenario' ? input.warnings : input.organization.warnings;
    return { errors: [], warnings, verdict: `a sound ${input.kind}, ${counted(warnings.length, 'warning')}` };
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    const { problems, warnings } = error;
    const verdict = `${counted(problems.length, 'error')}, ${counted(warnings.length, 'warning')}`;
    return { errors: problems, warnings, verdict };
  }
}

function counted(count: number, what: string): string {
  return `${count === 0 ? 'no' : count} ${what}${count === 1 ? '' : 's'}`;
}

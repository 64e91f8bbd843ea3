import { organizationJsonSchema, scenarioJsonSchema } from '../../scenario/index.js';
import { defineCommand, exitCodes } from '../command.js';

/** `mailflow schema <kind>`: the JSON Schema of a kind of file, for editors; made from the validator itself. */
export const command = defineCommand({
  positionals: {
    kind: {
      choices: ['organization', 'scenario'],
      demandOption: true,
      describe: 'which kind of file',
    },
  },
  options: {},
  async run({ kind }, context) {
    context.answerJson(kind === 'organization' ? organizationJsonSchema() : scenarioJsonSchema());
    return exitCodes.fine;
  },
});

import { formatJson, formatReadiness, readinessNotExamined } from '../../report/index.js';
import { type CheckedFile, check } from '../../runner/index.js';
import { formatProblem, ScenarioError } from '../../scenario/index.js';
import {
  examineReadiness,
  hintAt,
  normalizeName,
  type Organization,
  plainLine,
  type ReadinessFinding,
  readinessLanguages,
  type ServerDescription,
} from '../../topology/index.js';
import { defineCommand, exitCodes } from '../command.js';
import { answering, outOption } from '../command-answer.js';

/**
 * `mailflow check <file>`: what is wrong with an organization or scenario, what hardly was meant, and what Setup would
 * say, of the organization as it stands or of the removal of a server (SR-01 to SR-10). Exit 3 when there are errors, and
 * when Setup would refuse.
 */
export const command = defineCommand({
  positionals: {
    file: { type: 'string', demandOption: true, describe: 'an organization or a scenario (YAML or JSON)' },
  },
  options: {
    'remove-server': { type: 'string', describe: 'would Setup let this server go?' },
    lang: {
      choices: readinessLanguages,
      default: 'en' as const,
      describe: 'the language of what Setup would say',
    },
    out: outOption,
  },
  async run({ file, removeServer, lang, out }, context) {
    const checked = check(file, { root: context.root });
    const { errors, warnings } = checked;
    const organization = checked.input?.organization.organization;
    const removed =
      organization === undefined || removeServer === undefined
        ? undefined
        : findServer(organization, removeServer);
    const readiness =
      organization === undefined
        ? []
        : examineReadiness(organization, { removeServer: removed?.name, language: lang });
    const document = {
      mailflow: 'check/1',
      errors,
      warnings,
      removeServer: removed?.name ?? null,
      readiness: readiness.map(toJson),
    };
    const text = () => {
      const setup = formatReadiness(readiness, removed, lang);
      const isUnknown = removeServer !== undefined && organization === undefined;
      return [
        ...errors.map((error) => `${formatProblem(error)}\n`),
        ...warnings.map((warning) => `warning: ${formatProblem(warning)}\n`),
        `${plainLine(file)}: ${verdictOn(checked)}\n`,
        ...(setup === '' ? [] : [`\n${setup}`]),
        ...(isUnknown ? [`${readinessNotExamined(lang)}\n`] : []),
      ].join('');
    };
    return answering('check', out, context, async (give) => {
      give({ json: () => [formatJson(document)], text });
      const isFine = errors.length === 0 && !readiness.some(({ blocking }) => blocking);
      return isFine ? exitCodes.fine : exitCodes.invalidInput;
    });
  },
});

function verdictOn({ errors, warnings, input }: CheckedFile): string {
  if (input !== null) return `a sound ${input.kind}, ${counted(warnings.length, 'warning')}`;
  return `${counted(errors.length, 'error')}, ${counted(warnings.length, 'warning')}`;
}

/** @throws ScenarioError when the organization has no such server */
function findServer({ servers }: Organization, wanted: string): ServerDescription {
  const found = servers.find(({ name }) => normalizeName(name) === normalizeName(wanted));
  if (found !== undefined) return found;
  const message = `no server ${JSON.stringify(wanted)}`;
  const known = servers.map(({ name }) => name);
  throw new ScenarioError([
    { file: '--remove-server', line: 1, column: 1, path: '', message, hint: hintAt(wanted, known) },
  ]);
}

/** All but the statement, which is in the text. */
function toJson({ rule, setupRule, blocking, leftOut, ...rest }: ReadinessFinding) {
  const { id, parameters, text, remedy, commands } = rest;
  return { rule, setupRule, blocking, leftOut, id, parameters, text, remedy, commands };
}

function counted(count: number, what: string): string {
  return `${count === 0 ? 'no' : count} ${what}${count === 1 ? '' : 's'}`;
}

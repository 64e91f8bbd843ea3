import { type InitOutcome, init, type TemplateName, templates } from '../../runner/index.js';
import { closestName, plainLine } from '../../topology/index.js';
import { defineCommand, exitCodes } from '../command.js';
import { UsageError } from '../errors.js';

const names = Object.keys(templates) as readonly TemplateName[];

/** `mailflow init [folder] --template <name>`: an organization and a scenario to start from, with comments. */
export const command = defineCommand({
  positionals: {
    folder: { type: 'string', default: '.', describe: 'where to write; nothing there is written over' },
  },
  options: {
    template: {
      type: 'string',
      describe: names.map((name) => `${name}: ${templates[name].about}`).join('\n'),
    },
  },
  async run({ folder, template }, context) {
    const outcome = init(folder, { template: findTemplate(template) });
    const next = nextSteps(outcome);
    if (context.json) {
      const { organization, scenario } = outcome;
      context.answerJson({
        mailflow: 'init/1',
        template: outcome.template,
        folder,
        files: [organization, scenario],
        next: next.map(({ args }) => ['mailflow', ...args]),
      });
      return exitCodes.fine;
    }
    context.answer(`${plainLine(outcome.organization)}\n${plainLine(outcome.scenario)}\n`);
    const invocation = process.env['npm_lifecycle_event'] === 'mailflow' ? 'npm run mailflow --' : 'mailflow';
    context.tell('\nThey say in their comments what to change first, and what to ask. What to do next:\n\n');
    for (const { what, args } of next) {
      context.tell(`# ${what}\n${plainLine([invocation, ...args.map(quoted)].join(' '))}\n`);
    }
    return exitCodes.fine;
  },
});

/** @throws UsageError that names all of them */
function findTemplate(wanted: string | undefined): TemplateName {
  const found = names.find((name) => name === wanted?.toLowerCase());
  if (found !== undefined) return found;
  const known = `there are ${names.join(', ')}`;
  if (wanted === undefined) throw new UsageError(`--template is needed: ${known}`);
  const closest = closestName(wanted, names);
  const hint = closest === undefined ? '' : `; did you mean ${closest}?`;
  throw new UsageError(`--template: no template ${JSON.stringify(wanted)}: ${known}${hint}`);
}

interface NextStep {
  readonly what: string;
  readonly args: readonly string[];
}

/** The first questions to ask: whether it is sound, which way mail goes, what happens, how that looks. */
function nextSteps({ template, organization, scenario }: InitOutcome): readonly NextStep[] {
  const { from, to } = templates[template];
  return [
    { what: 'is it sound?', args: ['check', scenario] },
    {
      what: 'which way does mail go, and why?',
      args: ['route', organization, '--from', from, '--to', to, '--explain'],
    },
    { what: 'what happens under this load, with this outage?', args: ['simulate', scenario] },
    { what: 'how does that look?', args: ['report', `results/${template}`] },
    { what: 'which failure hurts most?', args: ['failures', scenario] },
  ];
}

function quoted(arg: string): string {
  return /^[\w@%+=:,./-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", "'\\''")}'`;
}

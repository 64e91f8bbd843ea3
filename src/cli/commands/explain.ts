import { findMetricMeaning, metricMeanings } from '../../measure/index.js';
import { assumptions, findAssumption, findRule, ruleSections, rules } from '../../rules/index.js';
import { ScenarioError } from '../../scenario/index.js';
import { hintAt } from '../../topology/index.js';
import { defineCommand, exitCodes } from '../command.js';
import { exitCodeMeanings } from '../exit-code-meanings.js';

/** What `mailflow explain --json` prints; what a kind of topic does not have is null. */
interface Explanation {
  readonly mailflow: 'explain/1';
  readonly kind: 'rule' | 'assumption' | 'metric' | 'exit-code';
  readonly id: string;
  readonly statement: string;
  readonly source: string;
  readonly state: 'modelled' | 'assumed' | 'left-out' | null;
  readonly note: string | null;
  /** Where the documentation of the project has it. */
  readonly docs: string;
}

const stateTexts = {
  modelled: 'modelled',
  assumed: 'assumed: our choice, where nothing is documented or documents disagree',
  'left-out': 'left out',
} as const;

/** `mailflow explain <topic>`: what a rule, an assumption, a metric or an exit code means, and where it comes from. */
export const command = defineCommand({
  positionals: {
    topic: {
      type: 'string',
      demandOption: true,
      describe: 'a rule, an assumption, a metric or an exit code',
    },
  },
  options: {},
  async run({ topic }, context) {
    const explanation = explain(topic.trim());
    if (context.json) context.answerJson(explanation);
    else context.answer(formatExplanation(explanation));
    return exitCodes.fine;
  },
});

/** @throws ScenarioError if nothing is known by that name */
function explain(topic: string): Explanation {
  const found =
    explainRule(topic) ?? explainAssumption(topic) ?? explainMetric(topic) ?? explainExitCode(topic);
  if (found !== undefined) return found;
  const message = `nothing is known of ${JSON.stringify(topic)}`;
  throw new ScenarioError([
    { file: 'topic', line: 1, column: 1, path: '', message, hint: hintAtTopic(topic) },
  ]);
}

function explainRule(topic: string): Explanation | undefined {
  const rule = findRule(topic);
  if (rule === undefined) return undefined;
  const section = ruleSections.find((each) => each.rules.includes(rule))!;
  const { id, statement, source, state, note } = rule;
  const docs = `docs/rules.md, ${section.title}`;
  return { mailflow: 'explain/1', kind: 'rule', id, statement, source, state, note: note ?? null, docs };
}

function explainAssumption(topic: string): Explanation | undefined {
  const assumption = findAssumption(topic);
  if (assumption === undefined) return undefined;
  const { id, statement, reason } = assumption;
  const source = 'chosen for the simulator: no document says it';
  const rest = { source, state: 'assumed', note: reason, docs: 'docs/rules.md, Assumptions' } as const;
  return { mailflow: 'explain/1', kind: 'assumption', id, statement, ...rest };
}

function explainMetric(topic: string): Explanation | undefined {
  const found = findMetricMeaning(topic);
  if (found === undefined) return undefined;
  const { metric, unit, meaning, covers } = found;
  const statement = `${meaning[0]!.toUpperCase()}${meaning.slice(1)}.`;
  const rest = { source: 'summary.json of a run', state: null, docs: 'docs/model.md, Metrics' } as const;
  const note = `In ${unit}; covers ${covers}.`;
  return { mailflow: 'explain/1', kind: 'metric', id: metric, statement, note, ...rest };
}

function explainExitCode(topic: string): Explanation | undefined {
  const code = /^(?:exit-code-)?(\d+)$/i.exec(topic)?.[1];
  const found = exitCodeMeanings.find((each) => String(each.code) === code);
  if (found === undefined) return undefined;
  const rest = { source: 'mailflow', state: null, note: null, docs: 'README.md, Results' } as const;
  const id = `exit-code-${found.code}`;
  return { mailflow: 'explain/1', kind: 'exit-code', id, statement: found.meaning, ...rest };
}

/** `RT1`, `rt-1` and `RT-23b` lead to the rule; else what begins alike is listed. */
function hintAtTopic(topic: string): string {
  const [, letters = '', digits = ''] = /^([a-z]+)[- _]?(\d+)/i.exec(topic) ?? [];
  const rule = findRule(`${letters}-${digits.padStart(2, '0')}`);
  if (rule !== undefined) return `did you mean ${JSON.stringify(rule.id)}?`;
  const codes = exitCodeMeanings.map(({ code }) => `exit-code-${code}`);
  if (/^(exit|\d+$)/i.test(topic)) return hintAt(topic, codes);
  const ids = [...rules, ...assumptions].map(({ id }) => id);
  const metrics = metricMeanings.map(({ metric }) => metric);
  const list = metrics.filter((metric) => metric.toUpperCase().startsWith(`${topic.toUpperCase()}.`));
  if (list.length > 0) return `known: ${list.join(', ')}`;
  if (topic.includes('.')) return hintAt(topic, metrics);
  const prefix = `${letters.toUpperCase()}-`;
  const alike = letters === '' ? [] : ids.filter((id) => id.startsWith(prefix));
  if (alike.length > 0) return `known: ${alike[0]} to ${alike.at(-1)}`;
  return hintAt(topic, [...ids, ...codes, ...metrics]);
}

function formatExplanation({ id, statement, source, state, note, docs }: Explanation): string {
  const lines = [
    ['source', source],
    ['state', state === null ? null : stateTexts[state]],
    ['note', note],
    ['see', docs],
  ] as const;
  const rest = lines.flatMap(([name, text]) => (text === null ? [] : [name.padEnd(8) + wrap(text, 8)]));
  return `${[id, wrap(statement, 0), '', ...rest].join('\n')}\n`;
}

const columns = 100;

/** Breaks a text that begins at column `indent` between words, all its lines below one another. */
function wrap(text: string, indent: number): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!;
    if (line === '') lines[lines.length - 1] = word;
    else if (indent + line.length + 1 + word.length <= columns) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines.join(`\n${' '.repeat(indent)}`);
}

import {
  type ChangedRoute,
  type DiffSummary,
  diffRoutes,
  groupRouteChanges,
} from '../../experiment/index.js';
import { formatDiffText } from '../../report/index.js';
import { compileRoutingTables, type RoutingTables } from '../../routing/index.js';
import { loadOrganization } from '../../runner/index.js';
import { type Problem, ScenarioError } from '../../scenario/index.js';
import { buildTopology } from '../../topology/index.js';
import { defineCommand, exitCodes } from '../command.js';
import { answering, outOption } from '../command-answer.js';
import { UsageError } from '../errors.js';

/** Groups that the text shows unless told. */
const groupsShown = 40;

/** `mailflow diff`: what changes in routing from one organization to another, for whom, by which rule. */
export const command = defineCommand({
  positionals: {
    a: { type: 'string', demandOption: true, describe: 'an organization or scenario file, as it is before' },
    b: { type: 'string', demandOption: true, describe: 'the same, as it is after' },
  },
  options: {
    'fail-on-change': { type: 'boolean', default: false, describe: 'exit with 5 if a route changes' },
    limit: {
      type: 'string',
      describe: `how many groups the text shows (default ${groupsShown}), or with --json how many changes are listed (default all)`,
    },
    out: outOption,
  },
  async run({ a, b, limit, failOnChange, out }, context) {
    const most = limit === undefined ? undefined : readLimit(limit);
    const [before, after] = loadBoth([a, b], context.root);
    let isChange = false;
    const note = ({ changed, added, removed }: DiffSummary): void => {
      isChange = changed + added + removed > 0;
    };
    return answering('diff', out, context, async (give) => {
      give({
        json: () => formatChanges(before, after, { a, b }, most ?? Number.POSITIVE_INFINITY, note),
        text: () => {
          const diff = groupRouteChanges(before, after, most ?? groupsShown);
          note(diff.summary);
          return formatDiffText(diff);
        },
      });
      return isChange && failOnChange ? exitCodes.comparisonFound : exitCodes.fine;
    });
  },
});

/** @throws ScenarioError with the problems of both files */
function loadBoth(
  files: readonly [string, string],
  root: string | undefined,
): [RoutingTables, RoutingTables] {
  const problems: Problem[] = [];
  const tables = files.flatMap((file) => {
    try {
      return [compileRoutingTables(buildTopology(loadOrganization(file, { root }).organization))];
    } catch (error) {
      if (!(error instanceof ScenarioError)) throw error;
      problems.push(...error.problems);
      return [];
    }
  });
  const [before, after] = tables;
  if (before === undefined || after === undefined) throw new ScenarioError(problems);
  return [before, after];
}

/** Characters put out at a time. */
const portion = 1 << 16;

/**
 * A `diff/1` document in pieces while the changes are worked out, a line each: there can be more of them than fit into
 * memory.
 * @param note - told of all changes, listed or not
 */
function* formatChanges(
  before: RoutingTables,
  after: RoutingTables,
  files: { readonly a: string; readonly b: string },
  limit: number,
  note: (summary: DiffSummary) => void,
): Generator<string> {
  let text = `${JSON.stringify({ mailflow: 'diff/1', ...files }).slice(0, -1)},"changes":[`;
  let listed = 0;
  const changes = diffRoutes(before, after);
  let next: IteratorResult<ChangedRoute, DiffSummary> = changes.next();
  for (; next.done !== true && listed < limit; next = changes.next()) {
    text += `${listed++ === 0 ? '' : ','}\n${JSON.stringify(next.value)}`;
    if (text.length < portion) continue;
    yield text;
    text = '';
  }
  const summary = next.done === true ? next.value : groupRouteChanges(before, after, 0).summary;
  note(summary);
  yield `${text}\n],"summary":${JSON.stringify({ ...summary, listed })}}\n`;
}

function readLimit(text: string): number {
  if (/^\d{1,15}$/.test(text) && Number(text) >= 1) return Number(text);
  throw new UsageError(`--limit: expected a whole number from 1, got ${JSON.stringify(text)}`);
}

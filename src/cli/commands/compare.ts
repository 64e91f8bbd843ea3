import { compareResults } from '../../experiment/index.js';
import { formatCompareText, formatJson } from '../../report/index.js';
import { loadResult } from '../../runner/index.js';
import { plainLine } from '../../topology/index.js';
import { defineCommand, exitCodes } from '../command.js';
import { answering, outOption } from '../command-answer.js';
import { UsageError } from '../errors.js';

/** `mailflow compare`: is b better than a, or is that noise? */
export const command = defineCommand({
  positionals: {
    a: { type: 'string', demandOption: true, describe: 'the folder of a result, as it is before' },
    b: { type: 'string', demandOption: true, describe: 'the same, as it is after' },
  },
  options: {
    tolerance: {
      type: 'string',
      default: '2 %',
      describe: 'a difference that does not matter, as a percentage of what it is in a',
    },
    out: outOption,
  },
  async run({ a, b, tolerance, out }, context) {
    const share = readTolerance(tolerance);
    const comparison = await answering('compare', out, context, async (give) => {
      const compared = compareResults(loadResult(a), loadResult(b), share);
      give({
        json: () => [formatJson({ ...compared, a, b })],
        text: () => formatCompareText(compared),
      });
      return compared;
    });
    for (const warning of comparison.warnings) context.warn(`warning: ${plainLine(warning)}\n`);
    if (comparison.leftOut.a.length + comparison.leftOut.b.length > 0) {
      context.warn(`warning: left out, as one side has them alone: ${leftOutText(comparison.leftOut)}\n`);
    }
    const isWorse = comparison.metrics.some(({ verdict }) => verdict === 'worse');
    return isWorse ? exitCodes.comparisonFound : exitCodes.fine;
  },
});

function leftOutText({ a, b }: { readonly a: readonly number[]; readonly b: readonly number[] }): string {
  const list = (side: string, numbers: readonly number[]) => {
    if (numbers.length === 0) return [];
    const shown = numbers.slice(0, 5).join(', ');
    return [`replications ${shown}${numbers.length > 5 ? `, … (${numbers.length})` : ''} of ${side}`];
  };
  return [...list('a', a), ...list('b', b)].join('; ');
}

/** @returns a share */
function readTolerance(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*%?$/.exec(text.trim());
  const percent = match === null ? Number.NaN : Number(match[1]);
  if (percent >= 0 && percent <= 100) return percent / 100;
  throw new UsageError(`--tolerance: expected a percentage from 0 to 100, got ${JSON.stringify(text)}`);
}

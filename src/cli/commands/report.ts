import { formatCount, type QueueCounter, queueBounds, queueCounters } from '../../report/index.js';
import { reportFormats, writeReport } from '../../runner/index.js';
import { hintAt, plainLine } from '../../topology/index.js';
import { defineCommand, exitCodes } from '../command.js';
import { UsageError } from '../errors.js';

/** `mailflow report <result>`: a result to look at, or for a CI system to show (docs/report.md). */
export const command = defineCommand({
  positionals: {
    result: { type: 'string', demandOption: true, describe: 'the folder that simulate wrote' },
  },
  options: {
    format: { choices: reportFormats, default: 'html', describe: 'a page, or text for CI systems' },
    out: {
      type: 'string',
      describe: 'file of the report, a folder for it, or - for standard output; default: the result folder',
    },
    bound: {
      type: 'string',
      array: true,
      describe: `<counter>=<messages>: another queue bound than that of CAP-30, as largestDelivery=500`,
    },
  },
  async run(args, context) {
    const format = reportFormats.find((each) => each === args.format) ?? 'html';
    const toOutput = args.out === '-';
    if (toOutput && context.json) throw new UsageError('--out - and --json both want standard output');
    const { report, file, text, bytes } = await writeReport(args.result, {
      format,
      out: toOutput ? null : args.out,
      bounds: readBounds(args.bound ?? []),
    });
    const { summary, figures } = report;
    const incomplete = summary.incomplete === true;
    if (toOutput) context.answer(text);
    else if (context.json) {
      const count = (wanted: string) => summary.thresholds.filter(({ verdict }) => verdict === wanted).length;
      context.answerJson({
        mailflow: 'report/1',
        format,
        file,
        bytes,
        incomplete,
        verdicts: { pass: count('pass'), fail: count('fail'), undecided: count('undecided') },
        queueBounds: figures.queueBounds.map(({ counter, bound, most, shareAbove }) => ({
          counter,
          bound,
          most,
          shareAbove,
        })),
      });
    } else context.answer(`${plainLine(file ?? '')}: ${formatCount(bytes)} bytes\n`);
    if (incomplete) context.warn('warning: the result is incomplete: its run was stopped before its end\n');
    return exitCodes.fine;
  },
});

function readBounds(texts: readonly string[]): { readonly [counter in QueueCounter]?: number } {
  const bounds: { [counter in QueueCounter]?: number } = {};
  for (const text of texts) {
    const [, name = text, digits = ''] = /^([^=]*)=(\d{1,12})$/.exec(text) ?? [];
    const counter = queueCounters.find((each) => each.toUpperCase() === name.toUpperCase());
    if (digits === '') {
      const example = `largestDelivery=${queueBounds.largestDelivery.bound}`;
      throw new UsageError(
        `--bound: expected <counter>=<messages>, as ${example}, got ${JSON.stringify(text)}`,
      );
    }
    if (counter === undefined) {
      throw new UsageError(`--bound: no counter ${JSON.stringify(name)} (${hintAt(name, queueCounters)})`);
    }
    if (bounds[counter] !== undefined) throw new UsageError(`--bound: ${counter} is given more than once`);
    bounds[counter] = Number(digits);
  }
  return bounds;
}

import { join } from 'node:path';
import { formatSweepText, type ReportedPoint } from '../../report/index.js';
import { merge, shownPath } from '../../runner/index.js';
import { plainLine } from '../../topology/index.js';
import { answerFile } from '../answer-file.js';
import { defineCommand, exitCodes } from '../command.js';
import { reportedPoint } from '../sweep-answer.js';

/** `mailflow merge <result…>`: the shards of a sweep as one result, the same bytes as if it had been run as a whole. */
export const command = defineCommand({
  positionals: {
    result: { type: 'string', array: true, demandOption: true, describe: 'the folders of all shards' },
  },
  options: {
    out: { type: 'string', describe: 'folder of the result; default: results/<scenario name>-sweep' },
  },
  async run(args, context) {
    const points: ReportedPoint[] = [];
    const folder = merge(args.result, { out: args.out }, (point) => points.push(reportedPoint(point)));
    if (context.json) answerFile(join(folder, 'sweep.json'), context);
    else context.answer(`${formatSweepText('merged', points)}\nresult: ${plainLine(shownPath(folder))}\n`);
    return exitCodes.fine;
  },
});

import { createReadStream, existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CsvReader,
  gatheredTables,
  type Outline,
  type QueueBoundChanges,
  ResultGatherer,
  type RunReport,
} from '../report/index.js';
import { type Problem, ScenarioError } from '../scenario/index.js';
import { isOutline, isRunSummary } from './result-shapes.js';
import { whyUnreadable } from './unreadable.js';

/** A summary is some hundred bytes a queue. */
const mostDocumentBytes = 256 * 1_024 ** 2;

/** Where the samples lie in a result without an outline. */
const defaultSampleEveryMs = 60_000;

/**
 * Reads what a report shows of a result folder. Tables are streamed: their length costs time, no memory.
 * @param folder - of `simulate`, a partial one too
 * @throws ScenarioError when it is no result of a run, or one of another version
 */
export async function readReport(folder: string, bounds: QueueBoundChanges = {}): Promise<RunReport> {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw unreadable(
      folder,
      'there is no such folder',
      existsSync(`${folder}.partial`) ? `is it ${folder}.partial?` : null,
    );
  }
  const summary = await readDocument(folder, 'summary.json');
  if (summary === undefined) {
    throw unreadable(
      folder,
      'is no result: it holds no summary.json',
      'the folder that simulate wrote is wanted',
    );
  }
  if (!isRunSummary(summary)) {
    throw unreadable(
      join(folder, 'summary.json'),
      'is not the summary of a run, or of a run of another version',
      'simulate the scenario again',
    );
  }
  const found = await readDocument(folder, 'outline.json');
  let outline: Outline | null = null;
  if (found !== undefined) {
    if (!isOutline(found)) throw unreadable(join(folder, 'outline.json'), 'is not the outline of a run');
    outline = found;
  }
  const gatherer = new ResultGatherer(summary, outline?.sampleEveryMs ?? defaultSampleEveryMs, bounds);
  for (const table of gatheredTables) {
    const path = join(folder, `${table}.csv`);
    if (!existsSync(path)) continue;
    gatherer.begin();
    let isHeader = true;
    const reader = new CsvReader((cells) => {
      if (!isHeader) gatherer.addRow(table, cells);
      isHeader = false;
    });
    try {
      const stream = createReadStream(path, { encoding: 'utf8', highWaterMark: 1 << 18 });
      for await (const chunk of stream) reader.push(String(chunk));
    } catch (error) {
      throw unreadable(path, `cannot be read: ${whyUnreadable(error)}`);
    }
    reader.end();
  }
  return { summary, outline, figures: gatherer.close() };
}

async function readDocument(folder: string, name: string): Promise<unknown> {
  const path = join(folder, name);
  if (!existsSync(path)) return undefined;
  try {
    if (statSync(path).size > mostDocumentBytes) throw new RangeError('it is too large');
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw unreadable(path, `cannot be read: ${whyUnreadable(error)}`);
  }
}

function unreadable(file: string, message: string, hint: string | null = null): ScenarioError {
  const problem: Problem = { file, line: 1, column: 1, path: '', message, hint };
  return new ScenarioError([problem]);
}

import { type RunFacts, type RunSummary, summarize } from '../../src/measure/index.js';
import { gatheredTables, type Outline, ResultGatherer, type RunReport } from '../../src/report/index.js';
import { busyRun } from '../measure/busy-run.js';
import { runFacts, ScriptedRun } from '../measure/scripted-run.js';

const outline: Outline = {
  mailflow: 'outline/1',
  startUtcMs: 0,
  durationMs: 120_000,
  sampleEveryMs: 60_000,
  sites: [
    { name: 'Berlin', hub: true },
    { name: 'Frankfurt', hub: false },
  ],
  siteLinks: [{ name: 'Berlin-Frankfurt', sites: ['Berlin', 'Frankfurt'], cost: 10 }],
  servers: [
    { name: 'B1', site: 'Berlin', edge: false },
    { name: 'F1', site: 'Frankfurt', edge: false },
  ],
};

/**
 * The report of two minutes told by hand (`busyRun`), as read from a result folder.
 * @param changes - of the summary, after all was counted
 */
export function scriptedReport(
  thresholds: RunFacts['thresholds'] = [],
  changes: Partial<RunSummary> = {},
): RunReport {
  const run = new ScriptedRun();
  const summary: RunSummary = { ...summarize([busyRun(1, run)], runFacts({ thresholds })), ...changes };
  const gatherer = new ResultGatherer(summary, 60_000);
  for (const table of gatheredTables) {
    gatherer.begin();
    for (const row of run.rows[table] ?? []) gatherer.addRow(table, row.map(String));
  }
  return { summary, outline, figures: gatherer.close() };
}

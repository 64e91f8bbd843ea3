import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import {
  formatHtml,
  formatJunit,
  formatMarkdown,
  type PageAssets,
  type QueueBoundChanges,
  type RunReport,
} from '../report/index.js';
import { reportFiles } from './own-files.js';
import { packageFile } from './package-file.js';
import { readReport } from './read-report.js';
import { replaceFile } from './replace-file.js';

/** What a report can be. */
export type ReportFormat = keyof typeof reportFiles;
/** What a report can be: a page, Markdown, JUnit XML. */
export const reportFormats = Object.keys(reportFiles) as readonly ReportFormat[];

/** What a report of a result is to be, and where it goes. */
export interface WriteReportOptions {
  readonly format: ReportFormat;
  /** A file, a folder that is there, or null: only the text is wanted. Default: the result folder. */
  readonly out?: string | null | undefined;
  /** Queue bounds other than those of CAP-30. */
  readonly bounds?: QueueBoundChanges | undefined;
}

/** A report, and where it was written. */
export interface WrittenReport {
  readonly report: RunReport;
  /** Null when none was wanted. */
  readonly file: string | null;
  readonly text: string;
  readonly bytes: number;
}

/**
 * Makes a report of a result folder: HTML is one page that needs nothing else. A file is written whole or not at all.
 * @throws ScenarioError when the folder holds no result, ResultFolderError when the report cannot be written
 */
export async function writeReport(
  folder: string,
  { format, out = folder, bounds }: WriteReportOptions,
): Promise<WrittenReport> {
  const report = await readReport(folder, bounds);
  const text = await render(report, format);
  const bytes = Buffer.byteLength(text);
  if (out === null) return { report, file: null, text, bytes };
  const isFolder = existsSync(out) && statSync(out).isDirectory();
  const file = isFolder ? join(out, reportFiles[format]) : out;
  replaceFile(file, text, 'choose another file, or a folder that is there, with --out');
  return { report, file, text, bytes };
}

function render(report: RunReport, format: ReportFormat): string | Promise<string> {
  switch (format) {
    case 'html':
      return formatHtml(report, readPageAssets());
    case 'markdown':
      return formatMarkdown(report);
    case 'junit':
      return formatJunit(report);
  }
}

/** What stands in every page: the chart library as it is installed, and our own script and style. */
function readPageAssets(): PageAssets {
  const require = createRequire(import.meta.url);
  return {
    chartScript: readFileSync(require.resolve('uplot/dist/uPlot.iife.min.js'), 'utf8'),
    chartStyle: readFileSync(require.resolve('uplot/dist/uPlot.min.css'), 'utf8'),
    pageScript: readFileSync(packageFile('src/report/page/page.js'), 'utf8'),
    pageStyle: readFileSync(packageFile('src/report/page/page.css'), 'utf8'),
  };
}

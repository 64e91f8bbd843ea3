import { createHash } from 'node:crypto';
import { chartsOf, type TitledChart } from '../page/charts.js';
import { boundSection, lossSection, protectionSection, tableSection } from '../page/detail-sections.js';
import { headSection, latencySection, verdictSection } from '../page/head-sections.js';
import { html, type Markup, nothing, scriptData, trusted } from '../page/html-text.js';
import { scrolling } from '../page/sortable-table.js';
import { drawTopology } from '../page/topology-picture.js';
import type { RunReport } from '../run-report.js';
import { faultSpans } from './fault-spans.js';
import { formatCount, formatSpan, plainText } from './quantities.js';
import { SimulatedClock } from './simulated-clock.js';

/** What stands in every page: files of ours and of the chart library. */
export interface PageAssets {
  /** uPlot, as a classic script that defines `uPlot`. */
  readonly chartScript: string;
  readonly chartStyle: string;
  readonly pageScript: string;
  readonly pageStyle: string;
}

const mostFaultsMarked = 40;

/**
 * A run as one page that needs nothing else: scripts and styles stand in it, it asks for nothing, and its policy would
 * let it load nothing; only scripts and styles of these very bytes run. Its size hardly grows with the run's length.
 */
export async function formatHtml(report: RunReport, assets: PageAssets): Promise<string> {
  const { summary, outline, figures } = report;
  const clock = SimulatedClock.of(report);
  const charts = chartsOf(figures, clock);
  const faults = faultSpans(figures.faults);
  const endMs = Math.max(figures.endMs, summary.simulatedMs);
  const data = {
    charts: charts.map(({ id, unit, log, x, lines }) => ({ id, unit, log, x, lines })),
    faults: faults.slice(0, mostFaultsMarked).map(({ fromMs, toMs }, index) => ({
      mark: String(index + 1),
      from: fromMs / 1_000,
      to: (toMs ?? endMs) / 1_000,
    })),
    quiet: quietSpans(report, endMs),
    endS: endMs / 1_000,
    startS: clock.midnightUtcMs === undefined ? null : clock.startMs / 1_000,
    midnightUtcMs: clock.hasDate ? clock.midnightUtcMs : null,
  };
  const style = `${assets.chartStyle}\n${assets.pageStyle}`;
  const { chartScript, pageScript } = assets;
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(chartScript)} ${hashOf(pageScript)}`,
    `style-src ${hashOf(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const picture = outline === null ? nothing : await drawTopology(outline, summary);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${plainText(summary.scenario.name, 120)} – mailflow</title>
<style>${trusted(style)}</style>
</head>
<body>
${headSection(report)}
<main>
${verdictSection(report)}
${latencySection(report)}
<section id="time"><h2>Over time</h2>
${faultList(report, clock)}
${spreadNote(report, charts)}<div class="charts">${charts.map(chartFigure)}</div>${
    charts.length === 0
      ? html`<p class="soft">The result has no samples in which anything happened.</p>`
      : nothing
  }</section>
<section id="topology"><h2>Topology</h2>${
    picture.markup === ''
      ? html`<p class="soft">The result says nothing of its organization (no outline.json).</p>`
      : picture
  }</section>
${lossSection(report)}
${protectionSection(report)}
${boundSection(report)}
${tableSection(report)}
</main>
<footer>mailflow ${plainText(summary.version)} · fingerprint ${plainText(summary.fingerprint, 80)} · scenario ${plainText(summary.scenario.sha256, 80)}</footer>
<noscript><p class="warning">Charts and sorting need JavaScript; all else is here.</p></noscript>
<script type="application/json" id="report-data">${scriptData(data)}</script>
<script>${trusted(chartScript)}</script>
<script>${trusted(pageScript)}</script>
</body>
</html>
`;
  return page.markup;
}

function chartFigure({ id, title, note, words }: TitledChart): Markup {
  return html`<figure id="chart-${id}"><figcaption><b>${title}</b><span class="note">${note}</span></figcaption><div class="plot" data-words="${words}"></div></figure>`;
}

/** Times that charts show but figures leave out, or in which no new mail comes. */
function quietSpans({ summary, outline }: RunReport, endMs: number) {
  const spans: { text: string; from: number; to: number }[] = [];
  const add = (text: string, fromMs: number, toMs: number) => {
    if (toMs > fromMs) spans.push({ text, from: fromMs / 1_000, to: toMs / 1_000 });
  };
  add('warm-up', 0, Math.min(endMs, summary.warmUpMs));
  if (outline !== null) add('no new mail', outline.durationMs, endMs);
  return spans;
}

function faultList({ figures, summary }: RunReport, clock: SimulatedClock): Markup {
  const faults = faultSpans(figures.faults);
  if (faults.length === 0) return html`<p class="soft">No faults.</p>`;
  const rows = faults.slice(0, mostFaultsMarked).map(({ kind, subject, fromMs, toMs }, index) => {
    const end =
      toMs === undefined ? 'to the end' : toMs === fromMs ? 'at once' : `for ${formatSpan(toMs - fromMs)}`;
    return html`<tr><td class="n">${index + 1}</td><td>${plainText(kind)} ${plainText(subject, 80)}</td><td class="time">at ${clock.at(fromMs)}</td><td class="time">${end}</td></tr>`;
  });
  const more = faults.length - mostFaultsMarked;
  return html`<p>Faults${summary.replications > 1 ? ' of the first replication' : ''}, marked in the charts by their numbers:</p>${scrolling('Faults', html`<table><tbody>${rows}</tbody></table>`)}${
    more > 0 || figures.moreFaults > 0
      ? html`<p class="note">${formatCount(Math.max(0, more))} more are not marked; <code>faults.csv</code> has all.</p>`
      : nothing
  }`;
}

function spreadNote({ summary, outline, figures }: RunReport, charts: readonly TitledChart[]): Markup {
  if (charts.length === 0) return nothing;
  const spread = charts.some(({ lines }) => lines.some(({ low }) => low !== undefined));
  const sampleMs = outline?.sampleEveryMs;
  const quiet =
    summary.warmUpMs > 0
      ? ' Grey are the warm-up, which latencies and rates of the summary leave out, and times without new mail.'
      : ' Grey are times without new mail.';
  const samples = sampleMs === undefined ? '' : `, sampled every ${formatSpan(sampleMs)}`;
  const merged = `Each point covers ${formatSpan(figures.grid.widthMs)}${summary.replications > 1 ? ` of ${formatCount(summary.replications)} replications` : ''}${samples}.`;
  return html`<p class="note">${merged}${spread ? ' A line with a band is the mean of these, and the band goes from the least to the most.' : ''}${quiet}</p>`;
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;
}

import { findMetricMeaning, type RunSummary, type Verdict } from '../../measure/index.js';
import { formatInterval } from '../formats/interval-text.js';
import {
  formatCount,
  formatCounted,
  formatLimit,
  formatShare,
  formatSpan,
  plainText,
  threeDigits,
} from '../formats/quantities.js';
import { SimulatedClock } from '../formats/simulated-clock.js';
import { originOfGenerated } from '../formats/summary-text.js';
import { thresholdFigure, verdictReason, worstFirst, wouldBeDecided } from '../formats/threshold-figures.js';
import { noSteadyState, warmUpText } from '../formats/warm-up-text.js';
import type { RunReport } from '../run-report.js';
import { html, type Markup, nothing } from './html-text.js';
import { scrolling } from './sortable-table.js';

/** What the run was; and, if so, that it did not come to its end. */
export function headSection(report: RunReport): Markup {
  const { summary, outline } = report;
  const { scenario, replications, simulatedMs, seed, incomplete } = summary;
  const runs = replications === 1 ? 'One replication' : `${formatCount(replications)} replications`;
  const unsteady = noSteadyState(summary);
  const size =
    outline === null
      ? ''
      : ` ${formatCounted(outline.sites.length, 'site')}, ${formatCounted(outline.servers.length, 'server')}.`;
  const { fromStart } = SimulatedClock.of(report);
  return html`<header><h1>${plainText(scenario.name, 120)}</h1>
<p class="soft">${runs} of ${formatSpan(simulatedMs)}${fromStart === '' ? '' : ` ${fromStart}`}${warmUpText(summary)}; seed ${plainText(seed, 40)}.${size}</p>${
    incomplete
      ? html`<p class="warning" role="alert">Incomplete: the run was stopped before its end. All figures cover only what had happened by then.</p>`
      : nothing
  }${unsteady === undefined ? nothing : html`<p class="warning" role="alert">${unsteady}</p>`}
<nav aria-label="Sections"><a href="#verdicts">Verdicts</a><a href="#latency">Latency</a><a href="#time">Over time</a><a href="#topology">Topology</a><a href="#losses">Lost or returned</a><a href="#protection">Protection</a><a href="#bounds">Queue bounds</a><a href="#tables">Tables</a></nav></header>`;
}

const verdictTexts: Readonly<Record<Verdict, string>> = {
  pass: 'pass',
  fail: 'FAIL',
  undecided: 'undecided',
};

export function verdictSection({ summary }: RunReport): Markup {
  const { thresholds } = summary;
  const count = (wanted: Verdict) => thresholds.filter(({ verdict }) => verdict === wanted).length;
  const counts = (['fail', 'undecided', 'pass'] as const)
    .filter((verdict) => count(verdict) > 0)
    .map(
      (verdict) =>
        html`<span class="verdict ${verdict}">${formatCount(count(verdict))} ${verdictTexts[verdict]}</span> `,
    );
  const rows = worstFirst(thresholds)
    .slice(0, mostThresholds)
    .map((threshold) => {
      const reason = verdictReason(threshold);
      const why = reason === undefined ? nothing : html`<br><span class="soft">${reason}</span>`;
      return html`<tr><td><span class="verdict ${threshold.verdict}">${verdictTexts[threshold.verdict]}</span></td><td>${breakable(plainText(threshold.metric, 100))}${meaningOf(threshold.metric)}</td><td>${formatLimit(threshold.metric, threshold.limit)}</td><td class="n">${thresholdFigure(threshold, summary)}${why}</td></tr>`;
    });
  const body =
    thresholds.length === 0
      ? html`<p class="soft">The scenario has no thresholds: nothing was judged.</p>`
      : html`<p>${counts}</p>${scrolling('Thresholds', html`<table class="verdicts"><thead><tr><th scope="col">verdict</th><th scope="col">metric</th><th scope="col">limit</th><th scope="col" class="n">value</th></tr></thead><tbody>${rows}</tbody></table>`)}`;
  const more =
    thresholds.length > mostThresholds
      ? html`<p class="note">The first ${formatCount(mostThresholds)} of ${formatCount(thresholds.length)}, the worst on top.</p>`
      : nothing;
  const undecided = thresholds.some(wouldBeDecided)
    ? html`<p class="note">In brackets: the 95 % confidence interval of the replications' mean. More replications would decide what is undecided by it.</p>`
    : nothing;
  return html`<section id="verdicts"><h2>Verdicts</h2>${body}${more}${undecided}${cards(summary)}</section>`;
}

const mostThresholds = 200;

/** A dotted path that may break after its dots. */
function breakable(path: string): readonly Markup[] {
  return path.split('.').map((part, index) => (index === 0 ? html`${part}` : html`.<wbr>${part}`));
}

function meaningOf(metric: string): Markup {
  const found = findMetricMeaning(metric);
  return found === undefined ? nothing : html` <span class="note">${found.meaning}</span>`;
}

function cards(summary: RunSummary): Markup {
  const { recipients, deliveryLatency, throughput } = summary;
  const measured = deliveryLatency.count > 0;
  const list: readonly (readonly [string, string])[] = [
    ['recipients submitted', formatCount(recipients.submitted)],
    ...(recipients.expanded === 0 ? [] : [['by expansion', formatCount(recipients.expanded)] as const]),
    ...(recipients.generated === 0
      ? []
      : [[originOfGenerated(summary), formatCount(recipients.generated)] as const]),
    ['delivered', formatCount(recipients.delivered)],
    ['returned', formatCount(recipients.returned)],
    ['expired', formatCount(recipients.expired)],
    ['lost', formatCount(recipients.lost)],
    ['pending at the end', formatCount(recipients.pending)],
    ['half delivered within', measured ? formatSpan(deliveryLatency.p50Ms) : '–'],
    ['95 % delivered within', measured ? formatSpan(deliveryLatency.p95Ms) : '–'],
    ['recipients delivered a second', threeDigits(throughput.deliveredPerSecond)],
    ['a second, at the peak', threeDigits(throughput.peakDeliveredPerSecond)],
  ];
  return html`<div class="cards">${list.map(([what, value]) => html`<div class="card"><b>${value}</b><span>${what}</span></div>`)}</div>`;
}

export function latencySection({ summary }: RunReport): Markup {
  const { deliveryLatency, intervals } = summary;
  const { count, meanMs, maxMs, byStage, oldestPendingMs } = deliveryLatency;
  const pending =
    oldestPendingMs > 0
      ? html`<p>The oldest message that had not ended when the run did was ${formatSpan(oldestPendingMs)} old.</p>`
      : nothing;
  if (count === 0) {
    return html`<section id="latency"><h2>Latency</h2><p class="soft">Nothing was delivered that could be measured.</p>${pending}</section>`;
  }
  const quantiles = (
    [
      ['mean', 'meanMs', meanMs],
      ['half take no longer than', 'p50Ms', deliveryLatency.p50Ms],
      ['90 %', 'p90Ms', deliveryLatency.p90Ms],
      ['95 %', 'p95Ms', deliveryLatency.p95Ms],
      ['99 %', 'p99Ms', deliveryLatency.p99Ms],
      ['the longest', 'maxMs', maxMs],
    ] as const
  ).map(([title, name, ms]) => {
    const spread = formatInterval(intervals[`deliveryLatency.${name}`], formatSpan) ?? '';
    return html`<tr><th scope="row">${title}</th><td class="n">${formatSpan(ms)}</td><td class="soft">${spread}</td></tr>`;
  });
  const stages = Object.entries(byStage).map(([stage, ms]) => {
    const share = meanMs > 0 ? ms / meanMs : 0;
    return html`<tr><th scope="row">${stage}</th><td class="n">${ms > 0 ? formatSpan(ms) : '0'}</td><td class="n">${formatShare(share)}</td><td><svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect class="back" width="100" height="10"/><rect class="bar" width="${(share * 100).toFixed(1)}" height="10"/></svg></td></tr>`;
  });
  return html`<section id="latency"><h2>Latency</h2><p>From submission to delivery, of ${formatCounted(count, 'recipient')} whose mail was submitted after the warm-up.${
    summary.replications > 1 ? " In brackets: the 95 % confidence interval of the replications' mean." : ''
  }</p>
<div class="halves"><div><h3>Overall</h3>${scrolling('Latency overall', html`<table><tbody>${quantiles}</tbody></table>`)}${pending}</div>
<div><h3>Where the mean comes from</h3>${scrolling('Parts of the mean latency', html`<table class="bars"><tbody>${stages}</tbody></table>`)}<p class="note"><code>mailflow explain deliveryLatency.byStage.retryWait</code> says what a stage is.</p></div></div></section>`;
}

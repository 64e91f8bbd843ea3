import type { RunSummary } from '../../measure/index.js';
import { queueName } from '../page/charts.js';
import type { RunReport } from '../run-report.js';
import { faultSpans } from './fault-spans.js';
import { formatInterval } from './interval-text.js';
import {
  formatBytes,
  formatCount,
  formatLimit,
  formatShare,
  formatSpan,
  plainText,
  threeDigits,
} from './quantities.js';
import { SimulatedClock } from './simulated-clock.js';
import { originOfGenerated } from './summary-text.js';
import { thresholdFigure, verdictReason, worstFirst } from './threshold-figures.js';
import { noSteadyState, warmUpText } from './warm-up-text.js';

/** What a step page of a CI system takes: more makes it refuse the whole. */
export const mostMarkdownBytes = 900 * 1_024;

const cutNote = '\n_Cut here: a step page takes no more._\n';
const mostRows = 10;
const mostFaults = 20;

/**
 * A run as Markdown for the step page of a CI system, at most `mostMarkdownBytes`: the verdicts first, then what was
 * delivered and what was not, latency, the longest queues, faults.
 */
export function formatMarkdown(report: RunReport): string {
  const { summary } = report;
  const { scenario, replications, simulatedMs, seed } = summary;
  const runs = replications === 1 ? 'One replication' : `${formatCount(replications)} replications`;
  const unsteady = noSteadyState(summary);
  const { fromStart } = SimulatedClock.of(report);
  const started = fromStart === '' ? '' : ` ${fromStart}`;
  return withinBytes([
    `# ${asText(scenario.name)}\n`,
    ...(summary.incomplete
      ? [
          '**INCOMPLETE: the run was stopped before its end.** All figures cover only what had happened by then.\n',
        ]
      : []),
    `${runs} of ${formatSpan(simulatedMs)}${started}${warmUpText(summary)}; seed ${asText(seed)}.\n`,
    ...(unsteady === undefined ? [] : [`**${unsteady}**\n`]),
    ...verdicts(summary),
    ...mail(summary),
    ...latency(summary),
    ...queues(summary),
    ...bounds(report),
    ...links(summary),
    ...faults(report),
    `_mailflow ${asText(summary.version)}, fingerprint ${asText(summary.fingerprint)}_\n`,
  ]);
}

const marks = { pass: '✅ pass', fail: '❌ **fail**', undecided: '⚠️ undecided' } as const;

function* verdicts(summary: RunSummary): Generator<string> {
  yield '## Verdicts\n';
  if (summary.thresholds.length === 0) {
    yield 'The scenario has no thresholds: nothing was judged.\n';
    return;
  }
  yield* table(['verdict', 'metric', 'limit', 'value'], '---:', [3], () =>
    worstFirst(summary.thresholds).map((threshold) => [
      marks[threshold.verdict],
      asText(threshold.metric),
      asText(formatLimit(threshold.metric, threshold.limit)),
      withReason(thresholdFigure(threshold, summary), verdictReason(threshold)),
    ]),
  );
}

function withReason(figure: string, reason: string | undefined): string {
  return reason === undefined ? figure : `${figure}<br>${reason}`;
}

function* mail(summary: RunSummary): Generator<string> {
  const { recipients, redirects, ndrs, retries, fallbacks, backoffs, lost, throughput } = summary;
  yield '## Mail\n';
  const rows: (readonly [string, number, Readonly<Record<string, number>>])[] = [
    ['submitted', recipients.submitted, {}],
    ...(recipients.expanded === 0 ? [] : [['by expansion', recipients.expanded, {}] as const]),
    ...(recipients.generated === 0 ? [] : [[originOfGenerated(summary), recipients.generated, {}] as const]),
    ['delivered', recipients.delivered, {}],
    ['returned or expired', ndrs.total, ndrs.byCode],
    ['lost', lost.total, lost.byCause],
    ['pending', recipients.pending, {}],
    ['redirected', redirects.total, redirects.byCause],
    ['retries of queues', retries.connections, {}],
    ['retries of messages', retries.messages, {}],
    ['fallbacks', fallbacks.total, fallbacks.byReason],
    ['back-offs', backoffs.total, backoffs.bySite],
  ];
  yield* table(['', 'count', 'of which'], '---:', [1], () =>
    rows.map(([what, count, parts]) => [
      what,
      formatCount(count),
      Object.entries(parts)
        .sort(([, a], [, b]) => b - a)
        .slice(0, mostRows)
        .map(([name, each]) => `${asText(name)}: ${formatCount(each)}`)
        .join(', '),
    ]),
  );
  yield `${threeDigits(throughput.deliveredPerSecond)} recipients a second delivered, ${threeDigits(throughput.peakDeliveredPerSecond)} at the peak.\n`;
}

function* latency({ deliveryLatency, intervals }: RunSummary): Generator<string> {
  yield '## Latency\n';
  if (deliveryLatency.count === 0) {
    yield 'Nothing was delivered that could be measured.\n';
    return;
  }
  const names = ['meanMs', 'p50Ms', 'p90Ms', 'p95Ms', 'p99Ms', 'maxMs'] as const;
  yield* table(
    names.map((name) => name.slice(0, -2)),
    '---:',
    [0, 1, 2, 3, 4, 5],
    () => [
      names.map((name) => {
        const spread = formatInterval(intervals[`deliveryLatency.${name}`], formatSpan);
        return `${formatSpan(deliveryLatency[name])}${spread === undefined ? '' : ` ${spread}`}`;
      }),
    ],
  );
  const stages = Object.entries(deliveryLatency.byStage)
    .filter(([, ms]) => ms >= 0.5)
    .sort(([, a], [, b]) => b - a)
    .map(([stage, ms]) => `${stage} ${formatSpan(ms)}`);
  if (stages.length > 0) yield `The mean by stage: ${stages.join(', ')}.\n`;
}

function* queues(summary: RunSummary): Generator<string> {
  const longest = summary.queues
    .filter(({ maxLength, deliveryType }) => maxLength > 0 && deliveryType !== 'ShadowRedundancy')
    .sort((a, b) => b.maxLength - a.maxLength || b.meanLength - a.meanLength)
    .slice(0, mostRows);
  if (longest.length === 0) return;
  yield `## Longest queues\n`;
  yield* table(['queue', 'most', 'mean', 'oldest', 'in Retry'], '---:', [1, 2, 3, 4], () =>
    longest.map((queue) => [
      asText(queueName(queue), 120),
      formatCount(queue.maxLength),
      threeDigits(queue.meanLength),
      formatSpan(queue.maxAgeMs),
      queue.retryMs > 0 ? formatSpan(queue.retryMs / summary.replications) : '',
    ]),
  );
}

function* bounds(report: RunReport): Generator<string> {
  const clock = SimulatedClock.of(report);
  const { figures } = report;
  const above = figures.queueBounds.filter(({ most, bound }) => most > bound);
  if (above.length === 0) return;
  yield '## Queue bounds of a healthy server that were exceeded (CAP-30)\n';
  yield* table(
    ['messages of a server', 'bound', 'most', 'where and when', 'time above'],
    '---:',
    [1, 2, 4],
    () =>
      above.map(({ title, bound, most, server, timeMs, shareAbove }) => [
        title,
        formatCount(bound),
        formatCount(most),
        `${asText(server)} at ${clock.at(timeMs)}`,
        formatShare(shareAbove),
      ]),
  );
}

function* links(summary: RunSummary): Generator<string> {
  const busiest = summary.links
    .filter(({ bytes }) => bytes > 0)
    .sort((a, b) => b.utilization - a.utilization || b.bytes - a.bytes)
    .slice(0, mostRows);
  if (busiest.length === 0) return;
  yield '## Busiest site links\n';
  yield* table(['link', 'carried', 'of its bandwidth'], '---:', [1, 2], () =>
    busiest.map(({ link, bytes, utilization }) => [
      asText(link),
      formatBytes(bytes),
      formatShare(utilization),
    ]),
  );
}

function* faults(report: RunReport): Generator<string> {
  const clock = SimulatedClock.of(report);
  const { figures } = report;
  const spans = faultSpans(figures.faults);
  if (spans.length === 0) return;
  yield '## Faults\n';
  const lines = spans.slice(0, mostFaults).map(({ kind, subject, fromMs, toMs }) => {
    const end =
      toMs === undefined ? ' to the end' : toMs === fromMs ? '' : ` for ${formatSpan(toMs - fromMs)}`;
    return `- ${asText(kind)} ${asText(subject)} at ${clock.at(fromMs)}${end}`;
  });
  if (spans.length > mostFaults) lines.push(`- … and ${formatCount(spans.length - mostFaults)} more`);
  yield `${lines.join('\n')}\n`;
}

/** The rows one by one, so that a long table can be cut. */
function* table(
  heads: readonly string[],
  right: string,
  figures: readonly number[],
  rows: () => readonly (readonly string[])[],
): Generator<string> {
  yield `| ${heads.join(' | ')} |\n| ${heads.map((_, index) => (figures.includes(index) ? right : '---')).join(' | ')} |`;
  for (const row of rows()) yield `| ${row.join(' | ')} |`;
  yield '';
}

function withinBytes(lines: readonly string[]): string {
  let left = mostMarkdownBytes - Buffer.byteLength(cutNote);
  const kept: string[] = [];
  for (const line of lines) {
    left -= Buffer.byteLength(line) + 1;
    if (left < 0) return `${kept.join('\n')}\n${cutNote}`;
    kept.push(line);
  }
  return `${kept.join('\n')}\n`;
}

/** Text of others that is text: no markup, no link, nobody mentioned. */
function asText(text: string, longest = 80): string {
  return plainText(text, longest)
    .replace(/[\\`*_{}[\]()#+!|<>&@~:=$"']/g, (each) => `&#${each.charCodeAt(0)};`)
    .replace(/www\./gi, (each) => `${each.slice(0, 3)}&#46;`);
}

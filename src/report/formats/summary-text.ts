import type { RunSummary } from '../../measure/index.js';
import { type FaultRow, faultSpans } from './fault-spans.js';
import { formatInterval } from './interval-text.js';
import { formatCount, formatCounted, formatSpan, plainText, threeDigits } from './quantities.js';
import { thresholdFigure, verdictReason, worstFirst } from './threshold-figures.js';
import { warmUpText } from './warm-up-text.js';

const mostQueues = 4;
const mostFaults = 4;
const mostThresholds = 6;
const mostNames = 4;

/**
 * A run for people: what was delivered and what was not, how long it took, where it waited, and the verdicts. At most
 * some 35 lines of plain text, ended by LF.
 * @param faults - those of one replication, in order of time
 */
export function formatSummaryText(summary: RunSummary, faults: readonly FaultRow[]): string {
  return [
    headline(summary),
    '',
    ...mail(summary),
    ...latency(summary),
    ...busiestQueues(summary),
    ...listOfFaults(faults),
    ...verdicts(summary),
    '',
  ].join('\n');
}

function headline(summary: RunSummary): string {
  const { scenario, replications, simulatedMs, seed } = summary;
  const runs = replications === 1 ? 'one replication' : `${formatCount(replications)} replications`;
  const what = summary.incomplete ? ' INCOMPLETE: stopped before its end;' : '';
  return `${plainText(scenario.name)}:${what} ${runs} of ${formatSpan(simulatedMs)}${warmUpText(summary)}, seed ${plainText(seed, 20)}`;
}

/** What the recipients are of that the transport itself made. */
export function originOfGenerated({ resubmissions }: RunSummary): string {
  return resubmissions.safetyNet > 0 ? 'of notifications and lost mailboxes' : 'of notifications';
}

function mail(summary: RunSummary): string[] {
  const { messages, recipients, redirects, ndrs, retries, fallbacks, backoffs, resubmissions, throughput } =
    summary;
  const ends = (['delivered', 'returned', 'expired', 'lost', 'pending'] as const)
    .filter((end) => end === 'delivered' || recipients[end] > 0)
    .map((end) => `${formatCount(recipients[end])} ${end}`);
  const expanded = recipients.expanded === 0 ? '' : `, ${formatCount(recipients.expanded)} by expansion`;
  const generated =
    recipients.generated === 0 ? '' : `, ${formatCount(recipients.generated)} ${originOfGenerated(summary)}`;
  const notices =
    summary.delayNotices === 0 ? '' : `, ${formatCounted(summary.delayNotices, 'delay notice')}`;
  const again = resubmissions.idle + resubmissions.shadow + resubmissions.safetyNet;
  const resubmitted = again === 0 ? '' : `, ${formatCounted(again, 'message')} resubmitted`;
  const twice = recipients.duplicates === 0 ? [] : [`${formatCount(recipients.duplicates)} twice`];
  return [
    line(
      'messages',
      `${formatCount(messages.submitted)} submitted, ${formatCounted(messages.relayed, 'relay')}`,
    ),
    line(
      'recipients',
      `${formatCount(recipients.submitted)} submitted${expanded}${generated}: ${[...ends, ...twice].join(', ')}`,
    ),
    line('redirects', withParts(redirects.total, redirects.byCause)),
    line('NDRs', `${withParts(ndrs.total, ndrs.byCode)}${notices}`),
    line('back-offs', withParts(backoffs.total, backoffs.bySite)),
    line('fallbacks', withParts(fallbacks.total, fallbacks.byReason)),
    line(
      'retries',
      `${formatCount(retries.connections)} of queues, ${formatCount(retries.messages)} of messages${resubmitted}`,
    ),
    line(
      'throughput',
      `${threeDigits(throughput.submittedPerSecond)} recipients/s submitted, ` +
        `${threeDigits(throughput.deliveredPerSecond)} delivered, ` +
        `${threeDigits(throughput.peakDeliveredPerSecond)} at the peak`,
    ),
  ];
}

function latency({ deliveryLatency, intervals }: RunSummary): string[] {
  const { count, meanMs, maxMs, byStage, oldestPendingMs } = deliveryLatency;
  const pending = oldestPendingMs > 0 ? `, oldest pending ${formatSpan(oldestPendingMs)}` : '';
  if (count === 0) return [line('latency', `no deliveries to measure${pending}`)];
  const percentiles = (['p50Ms', 'p90Ms', 'p95Ms', 'p99Ms'] as const).map(
    (name) => `${name.slice(0, -2)} ${formatSpan(deliveryLatency[name])}`,
  );
  const interval = formatInterval(intervals['deliveryLatency.meanMs'], formatSpan);
  const spread = interval === undefined ? '' : ` ${interval}`;
  const slowest = Object.entries(byStage)
    .filter(([, ms]) => ms >= 0.5)
    .sort(([, a], [, b]) => b - a)
    .map(([stage, ms]) => `${stage} ${formatSpan(ms)}`);
  return [
    line('latency', `${percentiles.join(', ')}, max ${formatSpan(maxMs)}${pending}`),
    line(
      '',
      `mean ${formatSpan(meanMs)}${spread} of ${formatCount(count)} ${count === 1 ? 'delivery' : 'deliveries'}`,
    ),
    ...(slowest.length === 0 ? [] : wrapped('by stage', slowest)),
  ];
}

/** The queues that held most, on the average, but for shadow queues, in which nothing waits to go anywhere. */
function busiestQueues({ queues: all, replications }: RunSummary): string[] {
  const queues = all.filter(({ deliveryType }) => deliveryType !== 'ShadowRedundancy');
  const busiest = [...queues]
    .sort((a, b) => b.meanLength - a.meanLength || b.maxLength - a.maxLength)
    .slice(0, mostQueues);
  if (busiest.length === 0) return [];
  const rows = busiest.map(
    ({ server, deliveryType, nextHopDomain, meanLength, maxLength, maxAgeMs, retryMs }) => [
      `${plainText(server, 20)}: ${nextHopDomain === deliveryType ? '' : `${deliveryType} `}${plainText(nextHopDomain, 30)}`,
      `mean ${threeDigits(meanLength)}`,
      `max ${formatCount(maxLength)}`,
      maxAgeMs > 0 ? `oldest ${formatSpan(maxAgeMs)}` : '',
      retryMs > 0 ? `in Retry ${formatSpan(retryMs / replications)}` : '',
    ],
  );
  return ['', `busiest queues (of ${formatCount(queues.length)})`, ...aligned(rows)];
}

function listOfFaults(faults: readonly FaultRow[]): string[] {
  if (faults.length === 0) return [];
  const begun = faultSpans(faults);
  const rows = begun
    .slice(0, mostFaults)
    .map(({ kind, subject, fromMs, toMs }) => [
      `at ${formatSpan(fromMs)}`,
      `${kind} ${plainText(subject)}`,
      toMs === undefined ? 'to the end' : toMs === fromMs ? '' : `for ${formatSpan(toMs - fromMs)}`,
    ]);
  return ['', 'faults', ...aligned(rows), ...more(begun.length - mostFaults)];
}

function verdicts(summary: RunSummary): string[] {
  const { thresholds } = summary;
  if (thresholds.length === 0) return [];
  // What failed must not be what is left out.
  const rows = worstFirst(thresholds)
    .slice(0, mostThresholds)
    .map((threshold) => [
      threshold.verdict,
      `${plainText(threshold.metric)} ${plainText(threshold.limit)}`,
      thresholdFigure(threshold, summary),
      verdictReason(threshold) ?? '',
    ]);
  return ['', 'thresholds', ...aligned(rows), ...more(thresholds.length - mostThresholds)];
}

function withParts(total: number, parts: Readonly<Record<string, number>>): string {
  const largest = Object.entries(parts).sort(([, a], [, b]) => b - a);
  if (largest.length === 0) return formatCount(total);
  const named = largest
    .slice(0, mostNames)
    .map(([name, count]) => `${plainText(name, 30)} ${formatCount(count)}`);
  return `${formatCount(total)} (${named.join(', ')}${largest.length > mostNames ? ', …' : ''})`;
}

const labelWidth = 12;

function line(label: string, text: string): string {
  return `${label.padEnd(labelWidth)}${text}`;
}

function wrapped(label: string, parts: readonly string[]): string[] {
  const lines = [''];
  for (const part of parts) {
    const last = lines.at(-1)!;
    if (last === '') lines[lines.length - 1] = part;
    else if (last.length + part.length < 90) lines[lines.length - 1] = `${last}, ${part}`;
    else lines.push(part);
  }
  return lines.map((text, index) => line(index === 0 ? label : '', text));
}

/** Cells in columns, indented by two. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, column) => Math.max(widest[column] ?? 0, cell.length)),
    [],
  );
  return rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')}`.trimEnd(),
  );
}

function more(count: number): string[] {
  return count > 0 ? [`  … and ${formatCount(count)} more`] : [];
}

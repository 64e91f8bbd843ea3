import type { QueueSummary } from '../../measure/index.js';
import {
  formatBytes,
  formatCount,
  formatShare,
  formatSpan,
  plainText,
  threeDigits,
} from '../formats/quantities.js';
import { SimulatedClock } from '../formats/simulated-clock.js';
import type { Tally } from '../gather/tally.js';
import type { RunReport } from '../run-report.js';
import { html, type Markup, nothing } from './html-text.js';
import { type Figure, plainTable, scrolling, sortableTable, type TableCell } from './sortable-table.js';

const count = (value: number): Figure => ({ shown: formatCount(value), value });
const span = (ms: number): Figure => ({ shown: ms > 0 ? formatSpan(ms) : '0', value: ms });
const share = (value: number): Figure => ({ shown: formatShare(value), value });
const bytes = (value: number): Figure => ({ shown: formatBytes(value), value });
const rate = (value: number): Figure => ({ shown: threeDigits(value), value });
const time = (clock: SimulatedClock, ms: number): Figure => ({ shown: clock.exactly(ms), value: ms });

export function lossSection(report: RunReport): Markup {
  const { summary, figures } = report;
  const { recipients, lost, ndrs, delayNotices } = summary;
  const ends = plainTable('Lost or returned', [
    ['returned with a report', formatCount(recipients.returned), 'recipients'],
    ['expired (4.4.7)', formatCount(recipients.expired), 'recipients'],
    ['lost: no server has the message any more', formatCount(recipients.lost), 'recipients'],
    ['pending when the run ended', formatCount(recipients.pending), 'recipients'],
    ['delivered more than once, outside', formatCount(recipients.duplicates), 'deliveries beyond the first'],
    ['delay notices', formatCount(delayNotices), 'sent to senders'],
  ]);
  const causes = sortableTable(
    'Lost, by cause',
    [{ title: 'cause' }, { title: 'recipients lost', figures: true }],
    byCount(lost.byCause),
    'summary.json',
    1,
  );
  const reports = ndrTable(summary.ndrs.byCode, figures.ndrs, SimulatedClock.of(report));
  const fine = lost.total === 0 && ndrs.total === 0;
  return html`<section id="losses"><h2>Lost or returned, and why</h2>${fine ? html`<p>Nothing was lost or returned.</p>` : nothing}${ends}
${lost.total > 0 ? html`<h3>Lost</h3>${causes}` : nothing}${ndrs.total > 0 ? html`<h3>Non-delivery reports</h3>${reports}` : nothing}</section>`;
}

function ndrTable(byCode: Readonly<Record<string, number>>, tally: Tally, clock: SimulatedClock): Markup {
  const rows = tally
    .entries()
    .map(({ cells: [code = '', text = '', rule = ''], count: times, firstMs, lastMs }) => [
      plainText(code),
      plainText(text, 160),
      plainText(rule),
      count(times),
      time(clock, firstMs),
      time(clock, lastMs),
    ]);
  const columns = [
    { title: 'code' },
    { title: 'text' },
    { title: 'rule' },
    { title: 'recipients', figures: true },
    { title: 'first at', figures: true },
    { title: 'last at', figures: true },
  ] as const;
  const name = 'Non-delivery reports';
  if (rows.length > 0) return html`${sortableTable(name, columns, rows, 'ndrs.csv', 3)}${others(tally)}`;
  return sortableTable(
    name,
    [{ title: 'code' }, { title: 'recipients', figures: true }],
    byCount(byCode),
    'summary.json',
    1,
  );
}

export function protectionSection({ summary }: RunReport): Markup {
  const { protection, resubmissions, backPressure } = summary;
  return html`<section id="protection"><h2>Protection and back pressure</h2>${plainTable(
    'Protection and back pressure',
    [
      ['shadowed', formatCount(protection.shadowed), 'messages that a second server kept a copy of'],
      ['not shadowed', formatCount(protection.unshadowed), 'messages accepted without one'],
      ['refused for want of one', formatCount(protection.refused), 'attempts to submit'],
      ['discarded', formatCount(protection.discarded), 'shadow copies that were no longer needed'],
      [
        'promoted',
        formatCount(protection.promoted),
        'shadow copies that were sent, their primary being lost',
      ],
      ['resubmitted from Safety Net', formatCount(resubmissions.safetyNet), 'messages'],
      ['resubmitted from shadow queues', formatCount(resubmissions.shadow), 'messages'],
      ['resubmitted from idle queues', formatCount(resubmissions.idle), 'messages'],
      [
        'duplicates dropped',
        formatCount(protection.duplicatesDropped),
        'deliveries that a mailbox had already',
      ],
      ['refused by back pressure', formatCount(backPressure.rejected), 'attempts to submit'],
      ['tarpitted', span(backPressure.tarpitMs).shown, 'delays that back pressure put in, added up'],
      ['under high pressure', span(backPressure.highMs).shown, 'time that servers were, added up'],
    ],
  )}</section>`;
}

export function boundSection(report: RunReport): Markup {
  const { figures } = report;
  const clock = SimulatedClock.of(report);
  const above = figures.queueBounds.filter(({ most, bound }) => most > bound);
  const rows = figures.queueBounds.map(({ title, bound, most, server, timeMs, shareAbove }) => {
    const isAbove = most > bound;
    const where = most === 0 ? '' : `${plainText(server, 30)} at ${clock.at(timeMs)}`;
    return html`<tr><td><span class="verdict ${isAbove ? 'undecided' : 'pass'}">${isAbove ? 'above' : 'within'}</span></td><td>${title}</td><td class="n">${formatCount(bound)}</td><td class="n">${formatCount(most)}</td><td class="where">${where}</td><td class="n">${isAbove ? formatShare(shareAbove) : ''}</td></tr>`;
  });
  const head =
    above.length === 0
      ? 'Every server stayed within them.'
      : `${formatCount(above.length)} of ${formatCount(rows.length)} were exceeded.`;
  return html`<section id="bounds"><h2>Queue bounds of a healthy server</h2><p>What a server may hold before somebody should look (CAP-30), at the samples of the run. ${head} They are no thresholds of the scenario; <code>--bound</code> sets others.</p>
${scrolling('Queue bounds', html`<table><thead><tr><th scope="col">verdict</th><th scope="col">messages of a server</th><th scope="col" class="n">bound</th><th scope="col" class="n">most</th><th scope="col">where and when</th><th scope="col" class="n">time above</th></tr></thead><tbody>${rows}</tbody></table>`)}</section>`;
}

export function tableSection(report: RunReport): Markup {
  const { summary, figures } = report;
  const { retriesByQueue, backoffsByTier, redirectsByCause } = figures;
  const clock = SimulatedClock.of(report);
  const longestFirst = [...summary.queues].sort(
    (a, b) => b.maxLength - a.maxLength || b.meanLength - a.meanLength,
  );
  const queues = longestFirst.filter(({ deliveryType }) => deliveryType !== 'ShadowRedundancy');
  const shadows = longestFirst.filter(({ deliveryType }) => deliveryType === 'ShadowRedundancy');
  const part = (title: string, rows: number, table: Markup, tally?: Tally) =>
    rows === 0
      ? nothing
      : html`<h3>${title} <span class="count">${formatCount(rows)}</span></h3>${table}${tally === undefined ? nothing : others(tally)}`;
  return html`<section id="tables"><h2>Tables</h2><p class="note">The head of a column sorts by it. A table that is longer than its frame scrolls; on paper it is whole.</p>
${part('Queues', queues.length, queueTable(queues, summary.replications))}
${part('Servers', summary.servers.length, serverTable(report))}
${part('Site links', summary.links.length, linkTable(report))}
${part('Retries', retriesByQueue.size, retryTable(retriesByQueue, clock), retriesByQueue)}
${part('Fallbacks and back-offs', backoffsByTier.size, backoffTable(backoffsByTier, clock), backoffsByTier)}
${part('Shadow queues', shadows.length, shadowTable(shadows))}
${part('Redirects', redirectsByCause.size, redirectTable(redirectsByCause, clock), redirectsByCause)}</section>`;
}

function shadowTable(queues: readonly QueueSummary[]): Markup {
  const rows = queues.map(({ server, nextHopDomain, meanLength, maxLength }) => [
    ...[plainText(server, 64), plainText(nextHopDomain, 80)],
    ...[rate(meanLength), count(maxLength)],
  ]);
  return sortableTable(
    'Shadow queues',
    [
      { title: 'server' },
      { title: 'primary server' },
      { title: 'mean length', figures: true },
      { title: 'most', figures: true },
    ],
    rows,
    'summary.json',
    3,
  );
}

function queueTable(queues: readonly QueueSummary[], replications: number): Markup {
  const rows = queues.map((queue) => [
    plainText(queue.server, 64),
    queue.deliveryType === 'Undefined' ? '' : plainText(queue.deliveryType),
    plainText(queue.nextHopDomain, 80),
    rate(queue.meanLength),
    count(queue.maxLength),
    span(queue.maxAgeMs),
    span(queue.retryMs / replications),
  ]);
  return sortableTable(
    'Queues',
    [
      { title: 'server' },
      { title: 'delivery type' },
      { title: 'next hop' },
      { title: 'mean length', figures: true },
      { title: 'most', figures: true },
      { title: 'oldest message', figures: true },
      { title: 'in Retry', figures: true },
    ],
    rows,
    'summary.json',
    4,
  );
}

function serverTable({ summary, outline }: RunReport): Markup {
  const sites = new Map(outline?.servers.map(({ name, site }) => [name, site ?? '']));
  const rows = [...summary.servers]
    .sort((a, b) => b.utilization - a.utilization)
    .map(({ server, utilization, messagesPerSecond, queueDatabaseMaxBytes }): TableCell[] => [
      plainText(server, 64),
      plainText(sites.get(server) ?? '', 64),
      share(utilization),
      rate(messagesPerSecond),
      bytes(queueDatabaseMaxBytes),
    ]);
  return sortableTable(
    'Servers',
    [
      { title: 'server' },
      { title: 'site' },
      { title: 'processor', figures: true },
      { title: 'messages a second', figures: true },
      { title: 'queue database at most', figures: true },
    ],
    rows,
    'summary.json',
    2,
  );
}

function linkTable({ summary, outline }: RunReport): Markup {
  const links = new Map(outline?.siteLinks.map((link) => [link.name, link]));
  const rows = [...summary.links]
    .sort((a, b) => b.utilization - a.utilization || b.bytes - a.bytes)
    .map(({ link, bytes: carried, utilization }): TableCell[] => {
      const outlined = links.get(link);
      return [
        plainText(link, 64),
        plainText(outlined?.sites.join(' – ') ?? '', 100),
        outlined === undefined ? '' : count(outlined.cost),
        bytes(carried),
        carried > 0 && utilization === 0 ? { shown: 'unlimited', value: 0 } : share(utilization),
      ];
    });
  return sortableTable(
    'Site links',
    [
      { title: 'site link' },
      { title: 'sites' },
      { title: 'cost', figures: true },
      { title: 'carried', figures: true },
      { title: 'of its bandwidth', figures: true },
    ],
    rows,
    'summary.json',
    4,
  );
}

function retryTable(tally: Tally, clock: SimulatedClock): Markup {
  const rows = tally
    .entries()
    .map(
      ({
        cells: [server = '', type = '', hop = '', stage = '', outcome = ''],
        count: times,
        firstMs,
        lastMs,
      }) => [
        plainText(server, 64),
        plainText(type),
        plainText(hop, 80),
        plainText(stage),
        plainText(outcome),
        count(times),
        time(clock, firstMs),
        time(clock, lastMs),
      ],
    );
  return sortableTable(
    'Retries',
    [
      { title: 'server' },
      { title: 'delivery type' },
      { title: 'next hop' },
      { title: 'stage' },
      { title: 'outcome' },
      { title: 'attempts', figures: true },
      { title: 'first at', figures: true },
      { title: 'last at', figures: true },
    ],
    rows,
    'retries.csv',
    5,
  );
}

function backoffTable(tally: Tally, clock: SimulatedClock): Markup {
  const rows = tally
    .entries()
    .map(({ cells: [tier = '', reason = '', site = ''], count: times, firstMs, lastMs }) => [
      { shown: plainText(tier), value: Number(tier) },
      plainText(reason),
      plainText(site, 64),
      count(times),
      time(clock, firstMs),
      time(clock, lastMs),
    ]);
  return sortableTable(
    'Fallbacks and back-offs',
    [
      { title: 'tier', figures: true },
      { title: 'reason' },
      { title: 'site' },
      { title: 'messages', figures: true },
      { title: 'first at', figures: true },
      { title: 'last at', figures: true },
    ],
    rows,
    'backoffs.csv',
    3,
  );
}

function redirectTable(tally: Tally, clock: SimulatedClock): Markup {
  const rows = tally
    .entries()
    .map(
      ({ cells: [cause = '', database = '', believed = '', active = ''], count: times, firstMs, lastMs }) => [
        plainText(cause),
        plainText(database, 64),
        plainText(believed, 64),
        plainText(active, 64),
        count(times),
        time(clock, firstMs),
        time(clock, lastMs),
      ],
    );
  return sortableTable(
    'Redirects',
    [
      { title: 'cause' },
      { title: 'database' },
      { title: 'believed at' },
      { title: 'active at' },
      { title: 'recipients', figures: true },
      { title: 'first at', figures: true },
      { title: 'last at', figures: true },
    ],
    rows,
    'redirects.csv',
    4,
  );
}

function byCount(parts: Readonly<Record<string, number>>): TableCell[][] {
  return Object.entries(parts)
    .sort(([, a], [, b]) => b - a)
    .map(([name, value]) => [plainText(name), count(value)]);
}

/** Counting stops at so many different rows. */
function others({ others: rest }: Tally): Markup {
  return rest === 0
    ? nothing
    : html`<p class="note">${formatCount(rest)} further rows of other kinds are not counted here.</p>`;
}

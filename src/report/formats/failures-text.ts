import { formatCount, formatCounted, plainText } from './quantities.js';

type Kind = 'site' | 'server' | 'edge-server' | 'site-link' | 'connector';

interface ReportedThreshold {
  readonly metric: string;
  readonly limit: string;
  readonly verdict: string;
}

interface ReportedUnreachable {
  readonly kind: 'mailbox-database' | 'connector' | 'expansion-server';
  readonly name: string;
  readonly everywhere: boolean;
  readonly from: readonly string[];
}

interface ReportedFailure {
  readonly failed: readonly { readonly kind: Kind; readonly name: string }[];
  readonly unreachable: readonly ReportedUnreachable[];
  readonly detours: number;
  readonly mailboxesCutOff: number;
  readonly outsideCutOff: number;
  readonly worseTogether: boolean | null;
  readonly why: readonly string[];
  readonly thresholds: readonly ReportedThreshold[] | null;
}

/** What a text of failures is made from: `failures/1`. */
export interface ReportedFailures {
  readonly thresholdsBefore: readonly ReportedThreshold[] | null;
  readonly failures: readonly ReportedFailure[];
  readonly summary: {
    readonly failures: number;
    readonly harmful: number;
    readonly sources: number;
    readonly routes: number;
    readonly lostBefore: number;
  };
}

const kindNames: Readonly<Record<Kind, string>> = {
  site: 'site',
  server: 'server',
  'edge-server': 'Edge',
  'site-link': 'site link',
  connector: 'connector',
};

const destinationNames: Readonly<Record<ReportedUnreachable['kind'], string>> = {
  'mailbox-database': 'databases',
  connector: 'connectors',
  'expansion-server': 'expansion servers',
};

/** So many names stand in one line. */
const namesShown = 8;
/** So many different reasons are told of one failure. */
const reasonsShown = 3;

/** An answer for people: what to fear most comes first, each with what is cut off and why. Ended by LF. */
export function formatFailuresText({ failures, thresholdsBefore, summary }: ReportedFailures): string {
  const { failures: all, harmful, sources, routes, lostBefore } = summary;
  const harmless = all - harmful;
  const lines = [
    `${formatCounted(all, 'failure')} looked at: ${formatCount(harmful)} cut mail off, ${formatCount(harmless)} do not`,
    `(${formatCounted(routes, 'route')} from ${formatCounted(sources, 'server')}${lostBefore === 0 ? '' : `; ${formatCount(lostBefore)} lead nowhere even before, and do not count`})`,
    ...(thresholdsBefore === null ? [] : [`nothing failed: ${verdictText(thresholdsBefore)}`]),
  ];
  for (const [place, finding] of failures.entries()) lines.push('', ...describe(finding, place + 1));
  const unlisted = all - failures.length;
  if (unlisted > 0)
    lines.push('', `${formatCounted(unlisted, 'failure')} more, no worse than these: --limit lists more`);
  return `${lines.join('\n')}\n`;
}

/** A failure by name: `site Berlin and site link B-F`. */
export function nameFailure(failed: ReportedFailure['failed']): string {
  return failed.map(({ kind, name }) => `${kindNames[kind]} ${plainText(name)}`).join(' and ');
}

function describe(finding: ReportedFailure, place: number): string[] {
  const { failed, unreachable, detours, mailboxesCutOff, outsideCutOff, worseTogether, why, thresholds } =
    finding;
  const row = (label: string, text: string) => `   ${label.padEnd(9)} ${text}`;
  const rows = [
    `${place}. ${nameFailure(failed)}${worseTogether === true ? ' (worse together than alone)' : ''}`,
  ];
  if (unreachable.length > 0) {
    rows.push(
      row(
        'cut off',
        `${percent(mailboxesCutOff)} of mailboxes, ${percent(outsideCutOff)} of routes outwards`,
      ),
    );
  }
  for (const [at, reason] of why.slice(0, reasonsShown).entries()) {
    rows.push(row(at === 0 ? 'why' : '', plainText(reason, 200)));
  }
  if (why.length > reasonsShown)
    rows.push(row('', `and ${formatCounted(why.length - reasonsShown, 'reason')} more`));
  for (const kind of ['mailbox-database', 'connector', 'expansion-server'] as const) {
    for (const everywhere of [true, false]) {
      const these = unreachable.filter((each) => each.kind === kind && each.everywhere === everywhere);
      if (these.length === 0) continue;
      const from = everywhere ? 'from everywhere' : `from ${names(sitesOf(these))}`;
      rows.push(row('lost', `${destinationNames[kind]} ${names(these.map(({ name }) => name))}: ${from}`));
    }
  }
  rows.push(row('detours', detours === 0 ? 'none' : formatCounted(detours, 'route')));
  if (thresholds !== null) rows.push(row('simulated', verdictText(thresholds)));
  return rows;
}

function sitesOf(these: readonly ReportedUnreachable[]): readonly string[] {
  return [...new Set(these.flatMap(({ from }) => from))];
}

function names(all: readonly string[]): string {
  const shown = all.slice(0, namesShown).map((each) => plainText(each));
  const more = all.length - namesShown;
  return `${shown.join(', ')}${more > 0 ? ` and ${formatCount(more)} more` : ''}`;
}

function verdictText(thresholds: readonly ReportedThreshold[]): string {
  if (thresholds.length === 0) return 'the scenario has no thresholds';
  const failed = thresholds.filter(({ verdict }) => verdict === 'fail');
  const open = thresholds.filter(({ verdict }) => verdict === 'undecided');
  if (failed.length + open.length === 0) {
    return thresholds.length === 1 ? 'the threshold holds' : `all ${thresholds.length} thresholds hold`;
  }
  const told = (these: typeof thresholds, what: string) =>
    these.length === 0
      ? []
      : [`${what}: ${these.map(({ metric, limit }) => plainText(`${metric} ${limit}`)).join(', ')}`];
  return [...told(failed, 'fails'), ...told(open, 'undecided')].join('; ');
}

/** Never `0 %` of something, nor `100 %` of less than all. */
function percent(share: number): string {
  if (share === 0 || share === 1) return `${share * 100} %`;
  return `${Math.min(99.9, Math.max(0.1, Number((share * 100).toPrecision(3))))} %`;
}

import { differenceLines, type ReportedDifference } from './diff-difference-text.js';
import { formatCount, formatCounted, plainText } from './quantities.js';

interface Named {
  readonly kind: string;
  readonly name: string;
}

interface ReportedBlock {
  readonly sources: readonly {
    readonly site: string | null;
    readonly servers: readonly string[];
    readonly isWhole: boolean;
  }[];
  readonly destinations: readonly {
    readonly kind: string;
    readonly group: string | null;
    readonly names: readonly string[];
    readonly isWhole: boolean;
  }[];
  readonly routes: number;
}

interface ReportedRange {
  readonly lowest: number;
  readonly highest: number;
}

interface ReportedCosts {
  readonly before: ReportedRange;
  readonly after: ReportedRange;
}

interface ReportedConsequence {
  readonly routes: number;
  readonly differences: readonly ReportedDifference[];
  readonly costs: ReportedCosts | null;
  readonly example: {
    readonly from: string;
    readonly destination: string;
    readonly reasons: readonly {
      readonly rule: string;
      readonly aspects: readonly string[];
      readonly text: string;
    }[];
  };
}

interface ReportedGroup {
  readonly kind: string;
  readonly routes: number;
  readonly differences: readonly ReportedDifference[];
  readonly costs: ReportedCosts | null;
  readonly consequences: readonly ReportedConsequence[];
  /** With consequences besides these. */
  readonly otherRoutes: number;
  readonly rules: readonly string[];
  readonly blocks: readonly ReportedBlock[];
}

/** What the text form shows of a comparison of two organizations. */
export interface DiffReport {
  readonly summary: {
    readonly sources: number;
    readonly destinations: number;
    readonly routes: number;
    readonly changed: number;
    readonly added: number;
    readonly removed: number;
    readonly addedSources: readonly string[];
    readonly removedSources: readonly string[];
    readonly addedDestinations: readonly Named[];
    readonly removedDestinations: readonly Named[];
  };
  readonly groups: readonly ReportedGroup[];
  /** Smaller groups, left out. */
  readonly others: { readonly groups: number; readonly routes: number };
}

/** How much of a long list is written out. */
const shown = { sites: 4, servers: 4, destinations: 4, sets: 4, blocks: 5, names: 12 } as const;

/** One labelled part of a group; further lines stand under the first. */
type Part = readonly [label: string, lines: readonly string[]];

/** Writes a comparison as plain text: a summary, then the changes, equal ones together. Lines end in `\n`; no colours. */
export function formatDiffText({ summary, groups, others }: DiffReport): string {
  const blocks = [headLines(summary), ...groups.map(groupLines)];
  if (others.groups > 0) {
    const count = `${formatCounted(others.groups, 'smaller group')} of ${formatCounted(others.routes, 'route')}`;
    blocks.push([`and ${count}; --limit ${groups.length + others.groups} shows all`]);
  }
  return `${blocks.map((lines) => lines.map(oneLine).join('\n')).join('\n\n')}\n`;
}

function headLines({ routes, changed, added, removed, ...summary }: DiffReport['summary']): string[] {
  const compared = `${formatCounted(summary.sources, 'source server')}, ${formatCounted(summary.destinations, 'destination')}`;
  const changes = `${formatCount(changed)} of ${formatCounted(routes, 'route')} ${changed === 1 ? 'changes' : 'change'}`;
  const named = (list: readonly Named[]) => list.map(({ kind, name }) => `${words(kind)} ${name}`);
  const lists: readonly Part[] = [
    ['new source servers', someNames(summary.addedSources)],
    ['source servers gone', someNames(summary.removedSources)],
    ['new destinations', someNames(named(summary.addedDestinations))],
    ['destinations gone', someNames(named(summary.removedDestinations))],
  ];
  return [
    `${changes}, ${formatCount(added)} new, ${formatCount(removed)} gone (${compared})`,
    ...partLines(lists, '  '),
  ];
}

function someNames(names: readonly string[]): string[] {
  return names.length === 0 ? [] : [someOf(names, shown.names)];
}

function groupLines(group: ReportedGroup, place: number): string[] {
  const { rules, routes, differences, costs, consequences } = group;
  const [consequence, ...others] = consequences;
  const common = differences.map((difference) => differenceLines(difference, costsText(costs)));
  const following = consequence!.differences.map((difference) =>
    differenceLines(difference, costsText(consequence!.costs)),
  );
  const why: Part = ['why', reasonLines(consequence!.example)];
  const parts: Part[] = [...blockParts(group), ...common];
  if (others.length === 0 && group.otherRoutes === 0)
    parts.push(...following, why, ['such as', exampleLines(group, consequence!)]);
  else parts.push(why, ['so', [followingText(group, consequence!)]], ...following);
  const indent = ' '.repeat(String(place + 1).length + 2);
  const title = `${place + 1}. ${formatCounted(routes, kinds[group.kind] ?? 'route')}`;
  return [rules.length === 0 ? title : `${title}: ${rules.join(', ')}`, ...partLines(parts, indent)];
}

function blockParts({ blocks }: ReportedGroup): Part[] {
  const parts = blocks.slice(0, shown.blocks).flatMap(({ sources, destinations }): Part[] => [
    ['from', [sourcesText(sources)]],
    ['to', destinationsTexts(destinations)],
  ]);
  if (blocks.length > shown.blocks) {
    const rest = blocks.slice(shown.blocks).reduce((sum, { routes }) => sum + routes, 0);
    parts.push(['', [`and ${formatCounted(rest, 'route')} between other servers and destinations`]]);
  }
  return parts;
}

function reasonLines({ reasons }: ReportedConsequence['example']): string[] {
  return reasons
    .filter(({ rule, aspects }) => !(saidAbove.has(rule) && aspects.every((each) => shownWhole.has(each))))
    .map(({ rule, text }) => `${rule}: ${text}`);
}

/** The route that the reasons are those of, where there are several. */
function exampleLines({ routes, kind }: ReportedGroup, { example }: ReportedConsequence): string[] {
  return routes === 1 || kind !== 'changed' ? [] : [`${example.from} to ${example.destination}`];
}

/** Which routes the rest is said of: what follows from one change differs from place to place. */
function followingText(
  { routes, consequences, otherRoutes }: ReportedGroup,
  { routes: own, example }: ReportedConsequence,
): string {
  const ways = formatCounted(consequences.length - 1, 'other way');
  const rest = `${formatCount(routes - own)} in ${otherRoutes > 0 ? 'more than ' : ''}${ways}`;
  return `in ${formatCounted(own, 'route')}, such as ${example.from} to ${example.destination} (the other ${rest}):`;
}

const kinds: Readonly<Record<string, string>> = { added: 'new route', removed: 'former route' };

/** Aspects whose difference is shown with all that these rules say of it. */
const shownWhole: ReadonlySet<string> = new Set(['tiers', 'queue', 'group', 'proxy']);
const saidAbove: ReadonlySet<string> = new Set([
  ...['RT-05', 'RT-19', 'RT-20', 'RT-22', 'RT-23', 'RT-25', 'RT-34', 'RT-35', 'RT-37', 'RT-38', 'RT-39'],
  ...['RT-40', 'RT-41', 'RT-43', 'RT-56', 'RT-60', 'DC-13', 'QU-04', 'QU-05', 'QU-06', 'UN-05'],
]);

function costsText(costs: ReportedCosts | null): string {
  if (costs === null) return '';
  const [before, after] = [rangeText(costs.before), rangeText(costs.after)];
  return before === after ? `cost ${after} as before` : `cost ${before} becomes ${after}`;
}

function rangeText({ lowest, highest }: ReportedRange): string {
  return lowest === highest ? String(lowest) : `${lowest} to ${highest}`;
}

/** Whole sites together, where their servers are too many to be named. */
function sourcesText(sources: ReportedBlock['sources']): string {
  const { whole, parts, count } = split(sources, ({ servers }) => servers.length);
  const texts = parts.map(({ site, servers }) => {
    const place = site === null ? 'without a site' : `in ${site}`;
    return `${someOf(servers, shown.servers)} ${place}`;
  });
  if (whole.length > 0) {
    const places = whole.map(({ site }) => site ?? 'no site');
    texts.unshift(`all ${formatCounted(count, 'server')} in ${someOf(places, shown.sites, ', ', 'sites')}`);
  }
  return someOf(texts, shown.sites, '; ', 'sites');
}

/** Likewise whole delivery groups. */
function destinationsTexts(destinations: ReportedBlock['destinations']): string[] {
  const { whole, parts, count } = split(destinations, ({ names }) => names.length);
  const lines = parts.slice(0, shown.sets).map(({ kind, group, names }) => {
    const of = group === null ? '' : ` of ${group}`;
    if (names.length === 1) return `${words(kind)} ${names[0]}${of}`;
    return `${formatCounted(names.length, words(kind))}${of}: ${someOf(names, shown.destinations)}`;
  });
  if (whole.length > 0) {
    const groups = whole.map(({ group }) => group ?? '');
    const all = `all ${formatCounted(count, words(whole[0]!.kind))}`;
    lines.unshift(`${all} of ${someOf(groups, shown.sets, ', ', 'groups')}`);
  }
  if (parts.length > shown.sets) {
    const rest = parts.slice(shown.sets);
    const more = rest.reduce((sum, { names }) => sum + names.length, 0);
    lines.push(
      `and ${formatCounted(more, 'destination')} of ${formatCounted(rest.length, 'other delivery group')}`,
    );
  }
  return lines;
}

/** Takes the sets that are whole apart, if they have more members together than would be named. */
function split<S extends { readonly isWhole: boolean }>(
  sets: readonly S[],
  sizeOf: (set: S) => number,
): { readonly whole: readonly S[]; readonly parts: readonly S[]; readonly count: number } {
  const whole = sets.filter(({ isWhole }) => isWhole);
  const count = whole.reduce((sum, set) => sum + sizeOf(set), 0);
  if (count <= shown.servers) return { whole: [], parts: sets, count: 0 };
  return { whole, parts: sets.filter(({ isWhole }) => !isWhole), count };
}

function someOf(names: readonly string[], most: number, separator = ', ', what = ''): string {
  if (names.length <= most + 1) return names.join(separator);
  const rest = `and ${formatCount(names.length - most)} more${what === '' ? '' : ` ${what}`}`;
  return `${names.slice(0, most).join(separator)} ${rest}`;
}

function words(kind: string): string {
  return kind === 'address-space' ? 'address space' : kind.replaceAll('-', ' ');
}

/** Parts without lines are left out; labels are padded to one width. */
function partLines(parts: readonly Part[], indent: string): string[] {
  const filled = parts.filter(([, lines]) => lines.length > 0);
  const width = Math.max(0, ...filled.map(([label]) => label.length));
  return filled.flatMap(([label, lines]) =>
    lines.map((line, place) => `${indent}${(place === 0 ? label : '').padEnd(width)}  ${line}`),
  );
}

/** Names are other people's text. */
function oneLine(text: string): string {
  return plainText(text, Number.POSITIVE_INFINITY);
}

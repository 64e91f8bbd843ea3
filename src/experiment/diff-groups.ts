import {
  type ChangedAspect,
  type ChangeReason,
  type RouteChange,
  RoutingDiff,
  type RoutingTables,
} from '../routing/index.js';
import { causesAmong, type Differences, differencesOf } from './diff-difference.js';
import { Census, Gathering } from './diff-gathering.js';
import type { RouteChangeGroup } from './diff-group.js';
import { type DiffSummary, SummaryCount } from './diff-routes.js';

/** The changes of `diffRoutes`, alike ones together. */
export interface GroupedDiff {
  readonly summary: DiffSummary;
  /** The largest first. */
  readonly groups: readonly RouteChangeGroup[];
  /** What is left out, being smaller. */
  readonly others: { readonly groups: number; readonly routes: number };
}

/**
 * All changes between two organizations, equal ones together, for people to read.
 * @param most - how many groups to give; absent: all. Where there are very many, they are counted first, and those
 * that are given are put together in a second round, so that memory holds out.
 */
export function groupRouteChanges(
  before: RoutingTables,
  after: RoutingTables,
  most = Number.POSITIVE_INFINITY,
): GroupedDiff {
  const diff = new RoutingDiff(before, after);
  const summary = new SummaryCount(diff);
  const sizes = new Map<string, number>();
  let gatherings: Map<string, Gathering> | null = new Map();
  let kinds = 0;
  for (const changes of diff.changes()) {
    summary.add(changes);
    for (const change of changes.changes) {
      const sorted = sortChange(before, after, change);
      const routes = change.sources.length * change.destinations.length;
      sizes.set(sorted.key, (sizes.get(sorted.key) ?? 0) + routes);
      if (gatherings === null) continue;
      kinds += Number(gather(gatherings, change, sorted));
      if (kinds > mostKinds && most < Number.POSITIVE_INFINITY) gatherings = null;
    }
  }
  const inOrder = [...sizes].sort(([, a], [, b]) => b - a);
  const place = Math.min(most, inOrder.length);
  const others = inOrder.slice(place);
  const wanted = inOrder.slice(0, place).map(([key]) => key);
  const gathered = gatherings ?? gatherOnly(diff, before, after, new Set(wanted));
  const census = new Census(before, after, diff);
  return {
    summary: summary.total(),
    groups: wanted.map((key) => gathered.get(key)!.group(census)),
    others: { groups: others.length, routes: others.reduce((sum, [, routes]) => sum + routes, 0) },
  };
}

/** Kinds of changes and consequences that are kept while it is not known which will be wanted. */
const mostKinds = 50_000;

/** A change with the group it belongs to. */
interface SortedChange extends Differences {
  readonly key: string;
  /** Of what its group has in common. */
  readonly rules: readonly string[];
}

function sortChange(before: RoutingTables, after: RoutingTables, change: RouteChange): SortedChange {
  const differences = differencesOf(before, after, change);
  const rules = rulesOf(change.reasons, causesAmong(change.changed));
  const key = JSON.stringify([kindOf(change), whatIsNew(change), rules, differences.causes]);
  return { ...differences, key, rules };
}

/** @returns whether it is the first of its kind */
function gather(
  gatherings: Map<string, Gathering>,
  change: RouteChange,
  { key, rules, causes, consequences, costs }: SortedChange,
): boolean {
  let found = gatherings.get(key);
  if (found === undefined) {
    found = new Gathering(kindOf(change), causes, rules);
    gatherings.set(key, found);
  }
  return found.add(change, consequences, costs);
}

function gatherOnly(
  diff: RoutingDiff,
  before: RoutingTables,
  after: RoutingTables,
  wanted: ReadonlySet<string>,
): Map<string, Gathering> {
  const gatherings = new Map<string, Gathering>();
  for (const { changes } of wanted.size === 0 ? [] : diff.changes()) {
    for (const change of changes) {
      const sorted = sortChange(before, after, change);
      if (wanted.has(sorted.key)) gather(gatherings, change, sorted);
    }
  }
  return gatherings;
}

function kindOf({ before, after }: RouteChange): RouteChangeGroup['kind'] {
  return before === null ? 'added' : after === null ? 'removed' : 'changed';
}

/** The rules that decided some aspects. */
function rulesOf(reasons: readonly ChangeReason[], aspects: readonly ChangedAspect[]): readonly string[] {
  const own = reasons.filter((reason) => reason.aspects.some((aspect) => aspects.includes(aspect)));
  return [...new Set(own.map(({ rule }) => rule))];
}

/** Tells routes of new servers from routes to new destinations. */
function whatIsNew({ sources, destinations, before, after }: RouteChange): string {
  if (before !== null && after !== null) return '';
  const side = before === null ? 'before' : 'after';
  const [source] = sources;
  const [destination] = destinations;
  if (source![side] === -1) return 'source';
  return destination!.kind !== 'address-space' && destination![side] === -1 ? 'destination' : 'pair';
}

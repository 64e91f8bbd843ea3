import { checkOrganization, type Organization } from '../topology/index.js';
import { readOrganization } from './decode-organization.js';
import { childOf, type PathSegment, PathWriter, splitPath, valueAt } from './source/path.js';
import type { ProblemSink } from './source/problem-list.js';
import { followSteps } from './source/set-option.js';
import { replaceAt } from './source/source-tree.js';

/** One value of an organization that a change of the configuration replaces. */
export interface ConfigurationEdit {
  /** From the organization on: a list, an element's index, a key, perhaps an index in that. */
  readonly path: readonly PathSegment[];
  readonly value: unknown;
}

/** Notes what is wrong with a change; the path is relative to its `set`. */
type NoteProblem = (path: readonly PathSegment[], message: string, hint?: string | null) => void;

/** What a change may set: what routing reads, and nothing that would make servers, databases or recipients others. */
const changeable: Readonly<Record<string, readonly string[]>> = {
  sites: ['hub', 'inboundMail'],
  siteLinks: ['cost', 'exchangeCost', 'maxMessageSize'],
  connectors: [
    ...['addressSpaces', 'sourceServers', 'scoped', 'enabled', 'maxMessageSize'],
    ...['smartHosts', 'frontEndProxy'],
  ],
};

/** What to take for the rest of an organization, by list, or by list and key. */
const instead: Readonly<Record<string, string>> = {
  servers:
    'servers stay what they are in a run; `server-outage`, `service-outage`, `drain` take one out of it',
  databases: 'take `database-move` to move a database',
  dags: 'members stay what they are in a run; compare two scenarios',
  mailboxes: 'recipients stay what they are in a run; compare two scenarios',
  contacts: 'recipients stay what they are in a run; compare two scenarios',
  distributionGroups: 'recipients stay what they are in a run; compare two scenarios',
  acceptedDomains: 'recipients stay what they are in a run; compare two scenarios',
  edgeSubscriptions: 'subscriptions stay what they are in a run; `server-outage` takes an Edge out of it',
  organization: 'paths begin in the organization, such as `siteLinks.BF.cost`',
  settings: 'settings hold for the whole run: take `settings` of the scenario, or `--set`',
  'siteLinks.sites': 'take `site-link-outage` to part sites',
  'siteLinks.bandwidth': 'take `site-link-slowdown`',
  'siteLinks.latency': 'take `site-link-slowdown`',
  'connectors.kind': 'describe a second connector with `enabled: false`, and change `enabled` of both',
  'connectors.name': 'describe a second connector with `enabled: false`, and change `enabled` of both',
};

/** A sound organization as its file has it, for changes to be held against. */
export interface ConfigurationSource {
  readonly value: unknown;
  readonly purpose: 'routing' | 'simulation';
}

/**
 * Decodes the `set` of a change: paths and values as those of `--set`, from the organization on. The organization so
 * changed is read again, so that a value is wrong here where it would be wrong there.
 * @returns the edits, in the order of `set`; whatever is wrong was noted
 */
export function decodeConfigurationChange(
  { value, purpose }: ConfigurationSource,
  set: Readonly<Record<string, unknown>>,
  note: NoteProblem,
): ConfigurationEdit[] {
  const found = Object.keys(set).flatMap((text) => {
    const path = pathOf(value, text, note);
    return path === undefined ? [] : [{ text, path }];
  });
  for (const [place, { text, path }] of found.entries()) {
    const other = found
      .slice(0, place)
      .find((each) => startsWith(path, each.path) || startsWith(each.path, path));
    if (other !== undefined) note([text], `sets what ${JSON.stringify(other.text)} sets, too`);
  }
  let changed = value;
  for (const { text, path } of found) changed = replaceAt(changed, path, childOf(set, text));

  const writer = new PathWriter();
  const place = (path: readonly PathSegment[], message: string, hint: string | null) => {
    const culprit = found.find((each) => startsWith(path, each.path) || startsWith(each.path, path));
    if (culprit !== undefined) note([culprit.text, ...path.slice(culprit.path.length)], message, hint);
    else note([], `${writer.write(changed, path)}: ${message}`, hint);
  };
  const problems: ProblemSink = {
    add: (path, message, hint = null) => place(path, message, hint),
    addShape: (base, problem) => place([...base, ...problem.path], problem.message, problem.hint),
  };
  const unheard: ProblemSink = { add: () => {}, addShape: () => {} };
  const part = readOrganization({ value: changed, broken: false }, [], problems, unheard, purpose);
  if (part === undefined) return [];
  return found.map(({ path }) => {
    const decoded = path.map((segment, depth) => (depth === 2 ? decodedKey(segment) : segment));
    return { path: decoded, value: valueAt(part.organization, decoded) };
  });
}

/** The organization with the edits of several changes, in order. */
export function changedOrganization(
  organization: Organization,
  edits: readonly ConfigurationEdit[],
): Organization {
  // The edits were read from organizations of this very shape.
  return edits.reduce<unknown>(
    (changed, { path, value }) => replaceAt(changed, path, value),
    organization,
  ) as Organization;
}

/** What of a scenario's changes is needed to know which are in force when. */
export interface ScheduledChange {
  readonly beginMs: number;
  readonly endMs: number;
  readonly edits: readonly ConfigurationEdit[];
}

/**
 * Notes what is wrong with changes that are in force together though each by itself would do.
 * @param changes - in file order
 * @param note - told of the one that began last
 */
export function checkOverlaps<C extends ScheduledChange>(
  organization: Organization,
  changes: readonly C[],
  note: (change: C, message: string, hint: string | null) => void,
): void {
  const inOrder = changes.toSorted((a, b) => a.beginMs - b.beginMs);
  const times = new Set(changes.flatMap(({ beginMs, endMs }) => [beginMs, endMs]));
  const said = new Set<string>();
  for (const atMs of [...times].sort((a, b) => a - b)) {
    const inForce = inOrder.filter(({ beginMs, endMs }) => beginMs <= atMs && atMs < endMs);
    const last = inForce.at(-1);
    if (last === undefined || inForce.length === 1) continue;
    const changed = changedOrganization(
      organization,
      inForce.flatMap(({ edits }) => edits),
    );
    const writer = new PathWriter();
    for (const { path, message, hint } of checkOrganization(changed, {}).errors) {
      const text = `together with the changes before it: ${writer.write(changed, path)}: ${message}`;
      if (!said.has(text)) note(last, text, hint);
      said.add(text);
    }
  }
}

function pathOf(root: unknown, text: string, note: NoteProblem): readonly PathSegment[] | undefined {
  const example = 'such as `siteLinks.BF.cost`';
  const steps = splitPath(text);
  if (steps === undefined) {
    const message =
      'the path is wrong: expected keys with dots between them, a key that holds dots in double quotes';
    note([text], message, example);
    return undefined;
  }
  const list = steps[0]!;
  const other = Object.hasOwn(instead, list) ? instead[list] : undefined;
  if (other !== undefined || !Object.hasOwn(changeable, list)) {
    const lists = Object.keys(changeable).map((each) => `\`${each}\``);
    note(
      [text],
      `a routing change cannot set ${JSON.stringify(list)}: ${other ?? `it changes ${lists.join(', ')}`}`,
    );
    return undefined;
  }
  const found = followSteps(root, steps);
  if ('message' in found) {
    note([text], found.message, found.hint);
    return undefined;
  }
  const [, element, key] = found.path;
  const keys = changeable[list]!;
  if (typeof element !== 'number' || key === undefined) {
    note(
      [text],
      `expected the path of a key of one element: ${keys.map((each) => `\`${each}\``).join(', ')}`,
      example,
    );
    return undefined;
  }
  if (!keys.includes(String(key))) {
    const what = `${list}.${String(key)}`;
    const reason = Object.hasOwn(instead, what)
      ? instead[what]
      : `of ${list} it changes ${keys.map((each) => `\`${each}\``).join(', ')}`;
    note([text], `a routing change cannot set ${JSON.stringify(key)}: ${reason}`);
    return undefined;
  }
  if (found.missing.length > 0) {
    note([text], `${steps.slice(0, 3).join('.')} has no keys and no elements`, null);
    return undefined;
  }
  return found.path;
}

/** What the organization calls a key of its file. */
function decodedKey(segment: PathSegment): PathSegment {
  return segment === 'maxMessageSize' ? 'maxMessageSizeBytes' : segment;
}

function startsWith(path: readonly PathSegment[], prefix: readonly PathSegment[]): boolean {
  return prefix.length <= path.length && prefix.every((segment, index) => segment === path[index]);
}

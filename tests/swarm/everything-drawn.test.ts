import { expect, test } from 'vitest';
import { scenarioJsonSchema } from '../../src/scenario/index.js';
import { type SettingDefinition, settingDefinitions } from '../../src/sim/model/index.js';
import { type Leaf, leavesOf } from '../schema/leaves.js';
import { distributionRows, kindRows, organizationRows, scenarioRows } from '../schema/rows.js';
import { drawScenario } from './random-scenario.js';

/** At the most: it ends when nothing is missing any more. */
const draws = 3_000;

/**
 * What changes nothing in a replication, and the organization in a file of its own. `warmUp: auto` has become a time
 * when a replication begins.
 */
const leftOut = /^(description|warmUp<0>="auto"|seed<1>|replications|thresholds\[\].*|organization<0>)$/;

const settings: Readonly<Record<string, Readonly<Record<string, SettingDefinition>>>> = settingDefinitions;

/** Whether a leaf says something that leaving it out does not say, and that is built. */
function matters({ id, path, kind, fixed }: Leaf): boolean {
  if (path.includes('settings')) {
    const ofSetting = distributionRows[id.slice(id.indexOf('settings.') + 'settings.'.length)];
    if (ofSetting !== undefined) return ofSetting.effect === 'changes';
    const [group, name] = path.slice(path.indexOf('settings') + 1).map(String);
    const { notYetBuilt, default: value } = settings[group!]![name!]!;
    const said = fixed?.value === 'unlimited' ? Number.POSITIVE_INFINITY : fixed?.value;
    return notYetBuilt === undefined && said !== value;
  }
  if (kind !== undefined) {
    const rows = kindRows[kind];
    if (path.at(-1) === 'kind') return rows !== undefined;
    return rows?.[id.slice(id.indexOf('].') + 2)]?.effect === 'changes';
  }
  const inOrganization = 'organization<1>.';
  const row = id.startsWith(inOrganization)
    ? organizationRows[id.slice(inOrganization.length)]
    : scenarioRows[id];
  return row?.effect === 'changes';
}

/** Whether a file says it. */
function says(document: unknown, leaf: Leaf): boolean {
  const { path, kind, fixed, schema } = leaf;
  const [key, ...rest] = path;
  if (key === undefined) {
    if (fixed !== undefined) return document === fixed.value;
    const { type } = schema;
    if (type === 'string') return typeof document === 'string';
    if (type === 'number' || type === 'integer') return typeof document === 'number';
    return true;
  }
  const further = { ...leaf, path: rest };
  if (typeof key === 'number') {
    return Array.isArray(document) && document.some((each) => isOfKind(each, kind) && says(each, further));
  }
  if (!isMapping(document) || !Object.hasOwn(document, key)) return false;
  return says(document[key], further);
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** Whether an element of a list may be of that kind: not where it is of another. */
function isOfKind(element: unknown, kind: string | undefined): boolean {
  return kind === undefined || !isMapping(element) || element['kind'] === kind;
}

test('the swarm draws whatever a scenario can say that is built', () => {
  let missing = leavesOf(scenarioJsonSchema()).filter((leaf) => matters(leaf) && !leftOut.test(leaf.id));
  for (let number = 0; number < draws && missing.length > 0; number++) {
    const document: unknown = JSON.parse(drawScenario(number).file);
    missing = missing.filter((leaf) => !says(document, leaf));
  }
  expect(missing.map(({ id }) => id)).toEqual([]);
});

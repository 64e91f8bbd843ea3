import { describe, expect, test } from 'vitest';
import {
  decodeOrganization,
  decodeScenario,
  organizationJsonSchema,
  type Scenario,
  ScenarioError,
  scenarioJsonSchema,
} from '../src/scenario/index.js';
import { type SettingDefinition, settingDefinitions } from '../src/sim/model/index.js';
import { thresholdOf } from './pressure-threshold-order.js';
import { changed, organization, replayTable, scenarioWith, withValue } from './schema/documents.js';
import { type JsonSchema, type Leaf, leavesOf } from './schema/leaves.js';
import { distributionRows, kindRows, organizationRows, type Row, scenarioRows } from './schema/rows.js';

/*
 * Every leaf of both schemas, each property, union member and word, against a row of a table: it changes what is
 * decoded, or it is refused by name as not built yet, the organization's only in a scenario. A key that is added to a
 * schema without a row fails here.
 */

const files: Readonly<Record<string, string>> = {
  'replay.csv': replayTable,
  'other.csv': replayTable.replace('1000', '1500'),
  'other.yaml': JSON.stringify({ ...organization, organization: 'other.example' }),
};

function decode(document: unknown): Scenario {
  const readFile = (name: string) => ({ name, content: new TextEncoder().encode(files[name]!) });
  return decodeScenario(JSON.stringify(document), 'leaf.json', { readFile }).scenario;
}

/** What is decoded, but for the hash, which any change of the file changes. */
function resultOf(document: unknown): object {
  try {
    const { sha256: _, replicationSha256: _replicationSha256, serverSettings, ...rest } = decode(document);
    return { ...rest, serverSettings: Object.fromEntries(serverSettings) };
  } catch (error) {
    // What can be routed but not simulated is decoded by itself.
    if (!(error instanceof ScenarioError) || !problemsOf(document).every(isRefusal)) throw error;
    return { organization: decodeOrganization(organizationOf(document), 'leaf.json').organization };
  }
}

function organizationOf(document: unknown): string {
  return JSON.stringify((document as { readonly organization: unknown }).organization);
}

const refusal = /`[^`]+` is not built yet: (it comes with|nothing in a scenario) /;

function isRefusal(problem: string): boolean {
  return refusal.test(problem);
}

function problemsOf(document: unknown): string[] {
  return problemsIn(() => decode(document));
}

function problemsOfOrganization(document: unknown): string[] {
  return problemsIn(() => decodeOrganization(organizationOf(document), 'leaf.json'));
}

function problemsIn(decoding: () => unknown): string[] {
  try {
    decoding();
    return [];
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    return error.problems.map(({ path, message }) => `${path}: ${message}`);
  }
}

/** Holds a leaf against its row, in a scenario whose paths begin with `prefix` where the leaf's own path does not. */
function hold(leaf: Leaf, row: Row, base: unknown, prefix: readonly string[]): void {
  const at = (changes: Row['from']) =>
    Object.fromEntries(
      Object.entries(changes ?? {}).map(([path, value]) => [
        path.startsWith('organization.') ? path : [...prefix, path].join('.'),
        value,
      ]),
    );
  const path = [...prefix, ...leaf.path];
  const before = changed(base, at(row.from));
  const value = leaf.fixed === undefined ? row.value : leaf.fixed.value;
  const after = changed(withValue(before, path, value), at(row.with));
  switch (row.effect) {
    case 'refused':
      expect(problemsOf(after)).toEqual([expect.stringMatching(refusal)]);
      break;
    case 'simulation-only':
      holdNotSimulated(leaf, after);
      break;
    case 'needed':
      expect(problemsOf(after)).toEqual([]);
      expect(problemsOf(withValue(before, path, undefined))).not.toEqual([]);
      break;
    case 'changes':
      expect(problemsOf(after)).toEqual([]);
      expect(resultOf(after)).not.toEqual(resultOf(before));
      if (row.with !== undefined) expect(row.gives, 'a row with `with` says what it gives').toBeDefined();
      if (row.gives !== undefined) {
        expect(resultOf(after)).toMatchObject(prefix.length > 0 ? { organization: row.gives } : row.gives);
      }
      break;
    case 'default':
    case 'nothing':
      expect(resultOf(after)).toEqual(resultOf(withValue(before, leafKey(path), undefined)));
      break;
  }
}

/** What a scenario refuses is sound in an organization file, and the schema says both. */
function holdNotSimulated({ path, schema }: Leaf, after: unknown): void {
  const refusals = problemsOf(after);
  expect(refusals.filter((problem) => !isRefusal(problem))).toEqual([]);
  expect(refusals.some((problem) => problem.startsWith(`organization.${path[0]}.`))).toBe(true);
  expect(problemsOfOrganization(after)).toEqual([]);
  expect(schema['description']).toMatch(/refused in a scenario, for simulations do not have it yet/);
}

/** The path of the key that holds a leaf: without the index of a list's element. */
function leafKey(path: readonly (string | number)[]): readonly (string | number)[] {
  return typeof path.at(-1) === 'number' ? path.slice(0, -1) : path;
}

const isSetting = ({ path }: Leaf) => path.includes('settings');
const organizationLeaves = leavesOf(organizationJsonSchema());
const scenarioLeaves = leavesOf(scenarioJsonSchema());
/** The scenario's schema holds the organization's once more, as the second way to write `organization`. */
const inline = scenarioLeaves.filter(({ id }) => id.startsWith('organization<1>'));
const ownLeaves = scenarioLeaves.filter((leaf) => !inline.includes(leaf));

test('the schema of a scenario holds that of an organization whole', () => {
  expect(inline.map(({ id }) => id.replace('organization<1>.', ''))).toEqual(
    organizationLeaves.map(({ id }) => id),
  );
});

test('every row of the tables is a leaf of a schema', () => {
  const ids = new Set([...organizationLeaves, ...ownLeaves].map(({ id }) => id));
  const kinds = Object.entries(kindRows).flatMap(([kind, rows]) =>
    Object.keys(rows).flatMap((id) =>
      ids.has(`workloads[${kind}].${id}`) || ids.has(`faults[${kind}].${id}`) ? [] : id,
    ),
  );
  expect(kinds).toEqual([]);
  expect(
    [...Object.keys(organizationRows), ...Object.keys(scenarioRows)].filter((id) => !ids.has(id)),
  ).toEqual([]);
});

test('the walk refuses a keyword that it does not know', () => {
  expect(() => leavesOf({ type: 'object', patternProperties: {} })).toThrow('patternProperties');
  expect(() =>
    leavesOf({ type: 'object', properties: {}, additionalProperties: { type: 'string' } }),
  ).toThrow();
});

describe('organization', () => {
  test.each(organizationLeaves.filter((leaf) => !isSetting(leaf)).map((leaf) => [leaf.id, leaf] as const))(
    '%s',
    (id, leaf) => {
      const row = organizationRows[id];
      expect(row, 'every leaf of the schema has a row').toBeDefined();
      hold(leaf, row!, scenarioWith(undefined, ''), ['organization']);
    },
  );

  test('a value of the wrong shape is told by its place, of what routing does without, too', () => {
    for (const { id, path } of organizationLeaves) {
      const problems = problemsOfOrganization(
        withValue({ organization }, ['organization', ...path], { neither: 1 }),
      );
      const key = String(leafKey(path).at(-1));
      expect(
        problems.some((problem) => problem.split(':')[0]!.split('.').includes(key)),
        id,
      ).toBe(true);
    }
  });
});

describe('scenario', () => {
  const plain = ownLeaves.filter((leaf) => !isSetting(leaf) && leaf.kind === undefined);
  test.each(plain.map((leaf) => [leaf.id, leaf] as const))('%s', (id, leaf) => {
    const row = scenarioRows[id];
    expect(row, 'every leaf of the schema has a row').toBeDefined();
    hold(leaf, row!, scenarioWith(undefined, ''), []);
  });
});

describe('workloads and faults', () => {
  const leaves = ownLeaves.filter((leaf) => leaf.kind !== undefined);
  test.each(leaves.map((leaf) => [leaf.id, leaf] as const))('%s', (id, leaf) => {
    const kind = leaf.kind!;
    const list = String(leaf.path[0]);
    const base = scenarioWith(kind, list);
    const rows = kindRows[kind];
    if (rows === undefined) {
      // Whatever else it says, a kind that is not built is refused by its name.
      const document = withValue(base, leaf.path, leaf.fixed === undefined ? sample(leaf) : leaf.fixed.value);
      const refusal = new RegExp(`^${list}\\..*kind: \`${kind}\` is not built yet: it comes with `);
      // A leaf inside a mapping may leave its neighbours missing.
      const problems = problemsOf(document).filter((problem) => !problem.includes('" is missing: expected'));
      expect(problems).toEqual([expect.stringMatching(refusal)]);
    } else if (leaf.path.at(-1) === 'kind') {
      expect(resultOf(base)).not.toEqual(resultOf(withValue(base, [list], undefined)));
    } else {
      const row = rows[id.slice(id.indexOf('].') + 2)];
      expect(row, 'every leaf of the schema has a row').toBeDefined();
      hold(leaf, row!, base, []);
    }
  });

  /** A value that has the shape of a leaf. */
  function sample({ path, schema }: Leaf): unknown {
    const { pattern, type } = schema as { readonly pattern?: string; readonly type?: string };
    if (pattern?.includes('min')) return '1 s';
    if (pattern?.includes('KB')) return '1 KB';
    if (pattern?.includes('bit')) return '1 Mbit/s';
    if (type === 'number' || type === 'integer') return 1;
    if (type === 'object') return {};
    const key = String(leafKey(path).at(-1));
    if (['at', 'start', 'end'].includes(key)) return '+1 s';
    return ['from', 'to', 'sender'].includes(key) && !path.includes('drain') ? 'u1@contoso.com' : 'S1';
  }
});

describe('settings', () => {
  const places = [
    ['organization', organizationLeaves.filter((leaf) => leaf.path[0] === 'settings'), ['organization']],
    [
      'server',
      organizationLeaves.filter((leaf) => leaf.path[0] === 'servers' && isSetting(leaf)),
      ['organization'],
    ],
    ['scenario', ownLeaves.filter(isSetting), []],
  ] as const;

  test.each(places)(
    'of %s: every one changes what is decoded, or is refused by name',
    (place, leaves, prefix) => {
      const base = scenarioWith(undefined, '');
      const seen = new Set<string>();
      for (const leaf of leaves) {
        const [group, name] = leaf.path.slice(leaf.path.indexOf('settings') + 1).map(String);
        const id = leaf.id.slice(leaf.id.indexOf('settings.') + 'settings.'.length);
        seen.add(`${group}.${name}`);
        hold(leaf, distributionRows[id] ?? rowOfSetting(definitionOf(group!, name!), leaf), base, prefix);
      }
      const known = Object.entries(settingDefinitions).flatMap(([group, definitions]) =>
        group === 'outside' && place === 'server'
          ? []
          : Object.keys(definitions).map((name) => `${group}.${name}`),
      );
      expect([...seen].sort()).toEqual(known.sort());
    },
  );

  function definitionOf(group: string, name: string): SettingDefinition {
    const groups: Readonly<Record<string, Readonly<Record<string, SettingDefinition>>>> = settingDefinitions;
    return groups[group]![name]!;
  }

  /** What follows from a setting's definition: a value other than its default, in its unit. */
  function rowOfSetting({ unit, default: value, range, notYetBuilt }: SettingDefinition, leaf: Leaf): Row {
    if (notYetBuilt !== undefined) {
      const effect = ownLeaves.includes(leaf) ? 'refused' : 'simulation-only';
      return { effect, value: written(unit, range?.[0] ?? 0) };
    }
    const threshold = thresholdOf(String(leaf.path.at(-1)));
    // They stand in order: those above or below it have a value before that it may have as well.
    const beforehand = (names: readonly string[], said: unknown) =>
      Object.fromEntries(names.map((each) => [[...leaf.path.slice(0, -1), each].join('.'), said]));
    if (leaf.fixed !== undefined) {
      const isUnlimited = leaf.fixed.value === 'unlimited';
      const said = isUnlimited ? Number.POSITIVE_INFINITY : leaf.fixed.value;
      if (said === value) return { effect: 'default' };
      const above = isUnlimited ? (threshold?.above ?? []) : [];
      return { effect: 'changes', from: beforehand(above, 'unlimited') };
    }
    if (threshold?.level === 'normal') return { effect: 'changes', value: 1 };
    if (threshold !== undefined) {
      return { effect: 'changes', value: 2, from: beforehand(threshold.below, 1) };
    }
    return { effect: 'changes', value: written(unit, range![0] === value ? range![1] : range![0]) };
  }

  function written(unit: SettingDefinition['unit'], value: number): unknown {
    return unit === 'duration' ? `${value} ms` : unit === 'size' ? `${value} B` : value;
  }
});

test('a schema says what is required, so that an editor can', () => {
  const required = (schema: JsonSchema) => schema['required'];
  expect(required(organizationJsonSchema())).toEqual(['organization', 'sites', 'servers']);
  expect(required(scenarioJsonSchema())).toEqual(['mailflow', 'duration', 'organization']);
});

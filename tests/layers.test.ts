import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, posix, sep } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

/** What each layer may import of the others: the table of docs/architecture.md, held here. */
const layers: Readonly<Record<string, readonly string[]>> = {
  topology: [],
  rules: [],
  'sim/kernel': [],
  routing: ['topology'],
  'sim/model': ['sim/kernel', 'routing', 'topology'],
  scenario: ['sim/kernel', 'sim/model', 'topology'],
  measure: ['sim/model'],
  report: ['measure'],
  importing: ['topology', 'scenario'],
  experiment: ['topology', 'sim/kernel', 'sim/model', 'routing', 'scenario', 'measure'],
  runner: ['experiment', 'measure', 'scenario', 'report'],
  cli: [
    ...['topology', 'sim/kernel', 'sim/model', 'routing', 'scenario', 'measure', 'report', 'importing'],
    ...['experiment', 'runner', 'rules'],
  ],
};

/** Each package has one home. */
const homes: Readonly<Record<string, string>> = {
  'heap-js': 'sim/kernel',
  seedrandom: 'sim/kernel',
  yaml: 'scenario',
  zod: 'scenario',
  'csv-parse': 'scenario',
  'csv-stringify': 'report',
  '@viz-js/viz': 'report',
  // Not imported: its file becomes a part of the page, and is read by who touches files.
  uplot: 'report',
  piscina: 'runner',
  yargs: 'cli',
};

/** Layers that may touch files, workers and the wall clock. */
const outward = new Set(['runner', 'cli']);
/** What Node.js gives to everybody else: pure functions. */
const pureBuiltins = new Set(['node:crypto', 'node:assert']);

/** The layer of a path below src/; undefined for the package's own door, src/index.ts. */
function layerOf(path: string): string | undefined {
  return Object.keys(layers).find((layer) => path.startsWith(`${layer}/`));
}

/** What is wrong with the imports of a source file; `path` is below src/. */
function violationsOf(path: string, text: string): string[] {
  const own = layerOf(path);
  if (own === undefined && path !== 'index.ts') return [`${path}: is in no layer`];
  const imports = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
  const wrong = imports.flatMap(
    (name) => (name.startsWith('.') ? relativeImport(name) : packageImport(name)) ?? [],
  );
  if (own !== undefined && !outward.has(own) && /\b(Date\.now|performance\.now|new Date\(\))/.test(text)) {
    wrong.push('reads the wall clock');
  }
  return wrong.map((each) => `${path}: ${each}`);

  function relativeImport(name: string): string | undefined {
    const target = posix.join(posix.dirname(path), name);
    const other = layerOf(target);
    if (other === undefined) return `imports ${target}, which is in no layer`;
    const isDoor = target === `${other}/index.js`;
    if (other === own) return isDoor ? 'imports the door of its own layer' : undefined;
    if (!isDoor) return `imports ${target}, which is not the door of ${other}`;
    return own === undefined || layers[own]!.includes(other) ? undefined : `${own} may not import ${other}`;
  }

  function packageImport(name: string): string | undefined {
    if (isBuiltin(name)) {
      if (!name.startsWith('node:')) return `imports ${name} without node:`;
      return outward.has(own ?? '') || pureBuiltins.has(name) ? undefined : `${own} may not import ${name}`;
    }
    const [scope = '', rest] = name.split('/');
    const home = homes[scope.startsWith('@') ? `${scope}/${rest}` : scope];
    if (home === undefined) return `imports ${name}, which has no home`;
    return home === own ? undefined : `imports ${name}, whose home is ${home}`;
  }
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => path.split(sep).join('/'))
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'));
}

const root = join(import.meta.dirname, '..');
const src = join(root, 'src');

test('every import in src/ keeps to the layers, goes through doors, and uses a package where it is at home', () => {
  const files = sourceFiles(src);
  expect(files.length).toBeGreaterThan(50);
  const violations = files.flatMap((path) => violationsOf(path, readFileSync(join(src, path), 'utf8')));
  expect(violations).toEqual([]);
});

test('every folder of src/ is a layer, and every layer with code has a door', () => {
  const files = sourceFiles(src);
  const used = new Set(files.map(layerOf));
  for (const layer of used) {
    if (layer !== undefined && layer !== 'cli') expect(files, layer).toContain(`${layer}/index.ts`);
  }
});

test('every runtime dependency has a home', () => {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  expect(Object.keys(dependencies).filter((name) => homes[name] === undefined)).toEqual([]);
});

describe('the test itself finds', () => {
  test.each([
    [
      'an import upwards',
      'routing/a.ts',
      `import { x } from '../sim/kernel/index.js';`,
      'routing may not import sim/kernel',
    ],
    [
      'a type import upwards',
      'routing/a.ts',
      `import type { X } from '../measure/index.js';`,
      'routing may not import measure',
    ],
    [
      'a dynamic import upwards',
      'topology/a.ts',
      `await import('../routing/index.js');`,
      'topology may not import routing',
    ],
    [
      'a re-export upwards',
      'topology/index.ts',
      `export * from '../routing/index.js';`,
      'topology may not import routing',
    ],
    [
      'an import past a door',
      'routing/a.ts',
      `import { x } from '../topology/names.js';`,
      'imports topology/names.js, which is not the door of topology',
    ],
    [
      'an import of the own door',
      'routing/sub/a.ts',
      `import { x } from '../index.js';`,
      'imports the door of its own layer',
    ],
    [
      'a package away from home',
      'routing/a.ts',
      `import { z } from 'zod';`,
      'imports zod, whose home is scenario',
    ],
    [
      'a part of a package away from home',
      'cli/a.ts',
      `import { parse } from 'csv-parse/sync';`,
      'imports csv-parse/sync, whose home is scenario',
    ],
    ['an unknown package', 'cli/a.ts', `import x from '@left/pad';`, 'imports @left/pad, which has no home'],
    [
      'files below runner',
      'scenario/a.ts',
      `import { readFileSync } from 'node:fs';`,
      'scenario may not import node:fs',
    ],
    ['the wall clock below runner', 'scenario/a.ts', `const now = Date.now();`, 'reads the wall clock'],
    ['code in no layer', 'misc/a.ts', '', 'is in no layer'],
  ])('%s', (_what, path, text, expected) => {
    expect(violationsOf(path, text)).toEqual([`${path}: ${expected}`]);
  });

  test.each([
    ['a door below', 'sim/model/a.ts', `import { x } from '../../routing/index.js';`],
    ['a file of the same layer', 'scenario/faults/a.ts', `import { x } from '../decoding.js'; import 'zod';`],
    ['the index of a registry inside the layer', 'scenario/a.ts', `import { x } from './faults/index.js';`],
    ["any door from the package's own", 'index.ts', `export * from './runner/index.js';`],
  ])('nothing wrong with %s', (_what, path, text) => {
    expect(violationsOf(path, text)).toEqual([]);
  });
});

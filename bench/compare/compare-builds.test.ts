import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Comparison } from './comparison.js';

/** As `npm run bench:compare` runs it; `npm test` builds it before. */
const program = resolve('dist/bench/compare.js');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'compare-builds-'));
  writeBuild('plain', 100_000);
  writeBuild('slow', 200_000);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A build with one bench, of so many roots, that uses a package; its check fails where a module is shared. */
function writeBuild(name: string, roots: number): void {
  const write = (path: string, text: string) => {
    mkdirSync(join(folder, name, path, '..'), { recursive: true });
    writeFileSync(join(folder, name, path), text);
  };
  write('package.json', '{ "type": "module" }');
  write('node_modules/rooting/package.json', '{ "main": "index.js" }');
  write('node_modules/rooting/index.js', 'exports.root = (n) => Math.sqrt(n);');
  write('dist/src/sum.js', 'export { root } from "rooting"; export const users = [];');
  write(
    'dist/bench/suites/index.js',
    `import { root, users } from '../../src/sum.js';
     const setup = () => {
       users.push('one more');
       globalThis.rooting ??= [];
       globalThis.rooting.push(root);
       let sum = 0;
       return {
         operations: ${roots},
         run: () => { sum = 0; for (let n = 1; n <= ${roots}; n++) sum += root(n); },
         check: () => users.length > 1 ? 'the builds share a module'
           : new Set(globalThis.rooting).size < globalThis.rooting.length ? 'the builds share a package'
           : sum > ${roots} ? undefined : 'the sum is ' + sum,
       };
     };
     export const suites = { 'sum/roots': { workload: 'roots', unit: 'ops/s', setup } };`,
  );
}

function compare(...args: readonly string[]) {
  const { status, stderr } = spawnSync(
    process.execPath,
    [program, ...args, '--quick', '--rounds', '4', '--out', folder],
    {
      encoding: 'utf8',
    },
  );
  const { cases } = JSON.parse(readFileSync(join(folder, 'compare.json'), 'utf8')) as Comparison;
  return { status, stderr, cases };
}

test('a build with twice the work is slower: exit code 5', () => {
  const { status, cases } = compare(join(folder, 'plain'), join(folder, 'slow', 'dist'));
  expect(cases).toMatchObject([{ name: 'sum/roots', verdict: 'slower' }]);
  expect(status).toBe(5);
});

test('two builds in one process share no module and no package, not even a build with itself', () => {
  const { stderr, cases } = compare(join(folder, 'plain'), join(folder, 'plain'));
  expect(stderr).not.toContain('share');
  expect(cases[0]!.verdict).not.toBe('failed');
});

import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const examples = readdirSync(join(root, 'examples')).filter((name) => name.endsWith('.ts'));
let folder: string;
// The compiler reads all types of the package; the example simulates twice.
vi.setConfig({ testTimeout: 240_000 });

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mailflow-examples-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the compiler says of a program of a user, who has the package as it is built and its types. */
function complaintsAbout(file: string): string[] {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2023,
    lib: ['lib.es2023.d.ts'],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noEmit: true,
  };
  const program = ts.createProgram([file], options);
  const { resolvedModule } = ts.resolveModuleName(
    'mailflow',
    file,
    options,
    ts.sys,
    undefined,
    undefined,
    ts.ModuleKind.ESNext,
  );
  expect(resolvedModule?.resolvedFileName).toBe(join(root, 'dist/src/index.d.ts'));
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

test.each(examples)('examples/%s needs nothing but the package and its types', (name) => {
  expect(complaintsAbout(join(root, 'examples', name))).toEqual([]);
});

test('the small program of docs/library.md is one, and prints a route', () => {
  const page = readFileSync(join(root, 'docs/library.md'), 'utf8');
  const [, program = ''] = /```ts\n([\s\S]*?)```/.exec(page) ?? [];
  // A folder of a user, who has installed the package.
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules/mailflow'), 'dir');
  const file = join(folder, 'small.mts');
  writeFileSync(file, program);
  expect(complaintsAbout(file)).toEqual([]);
  const script = join(folder, 'small.mjs');
  writeFileSync(script, program);
  const cwd = join(root, 'templates/single-site');
  expect(execFileSync(process.execPath, [script], { cwd, encoding: 'utf8' })).toContain(
    'Transport on MBX1 (site Berlin)',
  );
});

describe('examples/place-of-the-witness.ts', () => {
  test('finds that the witness belongs into a third site, and writes a report', () => {
    const work = join(folder, 'witness');
    const printed = execFileSync(
      process.execPath,
      [join(root, 'dist/examples/place-of-the-witness.js'), work],
      {
        encoding: 'utf8',
      },
    );
    const [, third = '', majority = ''] = printed.split('\nThe witness ');
    expect(third).toMatch(/^in a third site: the worst is connector /);
    expect(third).toContain('\npass  deliveryLatency.p95Ms below 30 s\n');
    expect(majority).toMatch(/^in the site of the majority: the worst is site Berlin\n/);
    expect(majority).toContain('\nfail  deliveryLatency.p95Ms below 30 s\n');
    expect(majority).toMatch(/^ {2}worse +deliveryLatency\.p95Ms /m);
    expect(existsSync(join(work, 'results/Cologne/report.html'))).toBe(true);
  });

  test('says what is wrong with its folder', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect(() =>
      execFileSync(process.execPath, [join(root, 'dist/examples/place-of-the-witness.js'), file], {
        stdio: 'pipe',
      }),
    ).toThrow('a folder on the way to it is a file');
  });
});

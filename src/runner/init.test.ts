import { spawn } from 'node:child_process';
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
import { afterEach, beforeEach, expect, test } from 'vitest';
import { init, type TemplateName, templates } from './init.js';
import { ResultFolderError } from './result-folder-error.js';

const shipped = fileURLToPath(new URL('../../templates', import.meta.url));
const both = ['organization.yaml', 'scenario.yaml'];
let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'mailflow-init-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

test('every folder of templates/ is one to start from', () => {
  expect(readdirSync(shipped).sort()).toEqual(Object.keys(templates).sort());
});

test('what is written is the template, byte for byte, and nothing beside it', () => {
  const folder = join(home, 'new', 'deeper');
  const outcome = init(folder, { template: 'edge' });
  expect(outcome).toEqual({
    template: 'edge',
    folder,
    organization: join(folder, 'organization.yaml'),
    scenario: join(folder, 'scenario.yaml'),
  });
  expect(readdirSync(folder).sort()).toEqual(both);
  expect(readdirSync(join(home, 'new'))).toEqual(['deeper']);
  for (const name of both) {
    expect(readFileSync(join(folder, name))).toEqual(readFileSync(join(shipped, 'edge', name)));
  }
});

test('a folder with other things in it keeps them', () => {
  writeFileSync(join(home, 'notes.txt'), 'mine');
  init(home, { template: 'single-site' });
  expect(readdirSync(home).sort()).toEqual(['notes.txt', ...both]);
  expect(readFileSync(join(home, 'notes.txt'), 'utf8')).toBe('mine');
});

test.each(both)('a %s that is there stays as it is, and nothing is written beside it', (name) => {
  writeFileSync(join(home, name), 'mine');
  expect(() => init(home, { template: 'single-site' })).toThrow(
    `${join(home, name)} exists, and is not written over: give another folder, or move the file away`,
  );
  expect(readdirSync(home)).toEqual([name]);
  expect(readFileSync(join(home, name), 'utf8')).toBe('mine');
});

test('a link that leads nowhere is in the way like a file: what it names is not made', () => {
  const elsewhere = join(home, 'elsewhere');
  const folder = join(home, 'folder');
  mkdirSync(folder);
  symlinkSync(elsewhere, join(folder, 'scenario.yaml'));
  expect(() => init(folder, { template: 'single-site' })).toThrow(ResultFolderError);
  expect(existsSync(elsewhere)).toBe(false);
  expect(readdirSync(folder)).toEqual(['scenario.yaml']);
});

test('no folder can be where a file is, nor below one', () => {
  const file = join(home, 'file');
  writeFileSync(file, 'mine');
  expect(() => init(file, { template: 'edge' })).toThrow(`${file} exists and is no folder`);
  expect(() => init(join(file, 'below'), { template: 'edge' })).toThrow(ResultFolderError);
  expect(readdirSync(home)).toEqual(['file']);
  expect(readFileSync(file, 'utf8')).toBe('mine');
});

test.each(['a new folder', 'a folder that is there'])(
  'of two at once for %s one writes all, the other nothing',
  async (which) => {
    const folder = join(home, 'folder');
    if (which === 'a folder that is there') mkdirSync(folder);
    const program = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));
    const ends = await Promise.all(
      (['edge', 'stretched-dag'] as const).map(
        (template) =>
          new Promise<{ template: TemplateName; code: number | null }>((resolve) => {
            spawn(process.execPath, [program, 'init', folder, '--template', template], {
              stdio: 'ignore',
            }).on('close', (code) => resolve({ template, code }));
          }),
      ),
    );
    expect(ends.map(({ code }) => code).sort()).toEqual([0, 2]);
    const { template } = ends.find(({ code }) => code === 0)!;
    expect(readdirSync(folder).sort()).toEqual(both);
    for (const name of both) {
      expect(readFileSync(join(folder, name))).toEqual(readFileSync(join(shipped, template, name)));
    }
    expect(readdirSync(home)).toEqual(['folder']);
  },
);

import { spawnSync } from 'node:child_process';
import {
  lstatSync,
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
import { afterEach, beforeEach, expect, test } from 'vitest';
import { processTag } from './living-process.js';
import { leftHalfWritten, replaceFile } from './replace-file.js';
import { ResultFolderError } from './result-folder-error.js';

let home: string;
let file: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'mailflow-replace-'));
  file = join(home, 'report.html');
});

afterEach(() => rmSync(home, { recursive: true, force: true }));

const gone = () => processTag().replace(/\d+$/, String(spawnSync(process.execPath, ['--version']).pid));

test('what a killed process left half written is removed, and nothing else', () => {
  const left = `report.html.${gone()}-0123abcd.partial`;
  const living = `report.html.${processTag()}-0123abcd.partial`;
  const other = `other.html.${gone()}-0123abcd.partial`;
  const foreign = 'report.html.partial';
  for (const name of [left, living, other, foreign]) writeFileSync(join(home, name), '<html');
  expect([left, living, other, foreign].map(leftHalfWritten)).toEqual([
    'report.html',
    undefined,
    'other.html',
    undefined,
  ]);
  replaceFile(file, 'whole', 'no advice');
  expect(readdirSync(home).sort()).toEqual(['report.html', living, other, foreign].sort());
  expect(readFileSync(file, 'utf8')).toBe('whole');
});

test('a link stays one: what it leads to is replaced', () => {
  const target = join(home, 'target');
  writeFileSync(target, 'old');
  symlinkSync(target, file);
  replaceFile(file, 'new', 'no advice');
  expect([lstatSync(file).isSymbolicLink(), readFileSync(target, 'utf8')]).toEqual([true, 'new']);
});

test('nothing but a file is replaced, and where none can be it is said why, and what to do', () => {
  const refused = (path: string, message: string) => {
    const write = () => replaceFile(path, 'x', 'choose another');
    expect(write).toThrow(ResultFolderError);
    expect(write).toThrow(`cannot write ${path}: ${message}: choose another`);
  };
  refused(join(home, 'nodir', 'x.html'), `there is no folder ${join(home, 'nodir')}`);
  writeFileSync(file, 'a file');
  refused(join(file, 'x.html'), 'a folder on the way to it is a file');
  mkdirSync(join(home, 'folder'));
  refused(join(home, 'folder'), 'it exists and is no file');
  refused('/dev/null', 'it exists and is no file');
  refused(join(home, 'x'.repeat(300)), 'the name is too long');
  expect(readdirSync(home).sort()).toEqual(['folder', 'report.html']);
});

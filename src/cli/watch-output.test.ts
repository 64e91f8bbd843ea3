import { closeSync, createWriteStream, existsSync, openSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { watchOutput } from './watch-output.js';

test.skipIf(!existsSync('/dev/full'))('a full disk is said on standard error: exit 2', async () => {
  const full = openSync('/dev/full', 'w');
  const stdout = createWriteStream('', { fd: full, autoClose: false });
  const stderr = new PassThrough({ encoding: 'utf8' });
  const exitCode = await new Promise((resolve) => {
    watchOutput(stdout, stderr, resolve);
    stdout.write('an answer\n');
  });
  closeSync(full);
  expect(exitCode).toBe(2);
  expect(stderr.read()).toMatch(/^cannot write to standard output: ENOSPC.*\n$/);
});

test('a reader that has seen enough is no failure', async () => {
  const stdout = new PassThrough();
  const stderr = new PassThrough({ encoding: 'utf8' });
  const exitCode = await new Promise((resolve) => {
    watchOutput(stdout, stderr, resolve);
    stdout.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
  });
  expect(exitCode).toBe(0);
  expect(stderr.read()).toBeNull();
});

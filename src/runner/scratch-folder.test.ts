import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isProcessGone, processTag } from './living-process.js';
import { inScratchFolder } from './scratch-folder.js';

let home: string;
const before = process.env['TMPDIR'];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'mailflow-scratch-'));
  process.env['TMPDIR'] = home;
});

afterEach(() => {
  if (before === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = before;
  rmSync(home, { recursive: true, force: true });
});

/** The tag of a process that has ended. */
function goneTag(): string {
  const { pid } = spawnSync(process.execPath, ['--version']);
  return processTag().replace(/\d+$/, String(pid));
}

function leave(tag: string, file = 'k-r000001.json'): string {
  const folder = join(home, `mailflow-capacity-${tag}-abc123`);
  mkdirSync(folder);
  writeFileSync(join(folder, file), '{}');
  return folder;
}

test('a process is known to be gone only by its own machine', () => {
  expect(isProcessGone(processTag())).toBe(false);
  expect(isProcessGone(goneTag())).toBe(true);
  expect(isProcessGone(goneTag().replace(/^.{8}/, '00000000'))).toBe(false);
});

test('what a killed process left is removed; what belongs to a living one, or may, stays', async () => {
  const gone = leave(goneTag());
  const own = leave(processTag());
  const elsewhere = leave(goneTag().replace(/^.{8}/, '00000000'));
  await inScratchFolder('failures', async (folder) => {
    expect(
      readdirSync(home)
        .map((name) => join(home, name))
        .sort(),
    ).toEqual([own, elsewhere, folder].sort());
  });
  expect([existsSync(gone), existsSync(own), existsSync(elsewhere)]).toEqual([false, true, true]);
  expect(readdirSync(home)).toHaveLength(2);
});

test('what is not ours in such a folder is left alone, and so is where a link leads', async () => {
  const withMore = leave(goneTag(), 'thesis.txt');
  const target = join(home, 'elsewhere');
  mkdirSync(target);
  const link = join(home, `mailflow-capacity-${goneTag()}-zzz999`);
  symlinkSync(target, link);
  await inScratchFolder('capacity', async () => undefined);
  expect([existsSync(withMore), existsSync(target), existsSync(link)]).toEqual([true, true, true]);
});

test('where none can be made it is said what to do', async () => {
  process.env['TMPDIR'] = join(home, 'nowhere');
  await expect(inScratchFolder('capacity', async () => undefined)).rejects.toThrow(
    `a temporary folder is needed, and cannot be made in ${join(home, 'nowhere')}: there is no folder ` +
      `${join(home, 'nowhere')} (the environment variable TMPDIR says where)`,
  );
});

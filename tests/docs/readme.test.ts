import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

it('the README shows what `npm start` prints', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mailflow-readme-'));
  try {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts: { start: string };
    };
    const [, ...start] = scripts.start.split(' ');
    const printed = execFileSync(process.execPath, [...start, '--no-color', '--out', join(folder, 'out')], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [shown] =
      /(?<=^```\n)two-site-morning: [^`]*(?=\n```$)/m.exec(readFileSync(join(root, 'README.md'), 'utf8')) ??
      [];
    const lines = (text: string | undefined) =>
      text?.split('\n').filter((line) => !line.startsWith('result: '));
    expect(lines(shown)).toEqual(lines(printed.trim()));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

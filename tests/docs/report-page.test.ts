import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { main } from '../../src/cli/main.js';
import { mostMarkdownBytes, queueBounds } from '../../src/report/index.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const page = readFileSync(join(root, 'docs/report.md'), 'utf8');

test('every command of docs/report.md works, one after another', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mailflow-docs-'));
  try {
    const commands = [...page.matchAll(/^npm run mailflow -- (.+)$/gm)].map(([, command]) => command!);
    expect(commands.length).toBeGreaterThan(2);
    for (const command of commands) {
      const args = command
        .split(' ')
        .map((arg) => (arg.startsWith('scenarios/') ? join(root, arg) : arg.replace(/^results/, folder)));
      let stderr = '';
      const code = await main(args, {
        stdout: { write: () => true },
        stderr: { write: (text) => (stderr += text) },
      });
      expect(code, `${command}\n${stderr}`).toBe(0);
    }
    expect(existsSync(join(folder, 'morning/report.html'))).toBe(true);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('docs/report.md has every queue bound, and the pictures are there', () => {
  const rows = page.split('\n').filter((line) => /^\| `/.test(line));
  for (const [counter, { bound }] of Object.entries(queueBounds)) {
    const row = rows.find((each) => each.includes(`\`${counter}\``));
    expect(row?.split('|')[2]?.replace(' each', '').replace(',', '').trim(), counter).toBe(String(bound));
  }
  expect(page).toContain(`at most ${mostMarkdownBytes / 1_024} KB`);
  for (const [, path] of page.matchAll(/\]\((report\/[^)]+)\)/g)) {
    expect(existsSync(join(root, 'docs', path!)), path).toBe(true);
  }
});

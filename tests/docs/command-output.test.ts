import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { main } from '../../src/cli/main.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A command in a block of its own, and the block after it with what it prints. */
const pairs = /^```sh\nnpm run --silent mailflow -- (.+)\n```\n\n```text\n([^`]*)```$/gm;

async function outputOf(commandLine: string): Promise<string> {
  let stdout = '';
  // Paths on a page are those of a clone, from its root.
  const args = commandLine.split(' ').map((arg) => (arg.endsWith('.yaml') ? join(root, arg) : arg));
  const code = await main(args, {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: () => true },
  });
  expect(code).toBe(0);
  return stdout;
}

test.each(['docs/routing.md', 'docs/answers.md'])(
  '%s shows what its commands print; `npm run docs` writes it anew',
  async (name) => {
    const file = join(root, name);
    const page = readFileSync(file, 'utf8');
    const shown = [...page.matchAll(pairs)];
    expect(shown.length).toBeGreaterThan(0);
    let printed = page;
    for (const [block, commandLine, output] of shown) {
      const present = await outputOf(commandLine!);
      printed = printed.replace(block, () =>
        block.replace(`\`\`\`text\n${output}`, () => `\`\`\`text\n${present}`),
      );
    }
    if (process.env['MAILFLOW_UPDATE'] === 'docs') writeFileSync(file, printed);
    expect(readFileSync(file, 'utf8')).toBe(printed);
  },
);

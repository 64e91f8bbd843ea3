import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Clone, elision, isShown, type RanBlock, readShownBlocks, withOutputs } from './shown-commands.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const tutorials = readdirSync(join(root, 'docs/tutorials'))
  .filter((name) => name !== 'README.md')
  .map((name) => `docs/tutorials/${name}`);

test.each(['docs/routing.md', 'docs/answers.md', ...tutorials])(
  '%s: its commands work one after another and print what it shows; `npm run docs` writes it anew',
  async (name) => {
    const file = join(root, name);
    const page = readFileSync(file, 'utf8');
    const blocks = readShownBlocks(page);
    expect(blocks.some(({ output }) => output !== undefined)).toBe(true);
    const clone = new Clone();
    const ran: RanBlock[] = [];
    try {
      for (const block of blocks) {
        const result = await clone.run(block);
        const wanted = block.commands.map((_, place) =>
          place === block.commands.length - 1 ? block.exitCode : 0,
        );
        expect(result.exitCodes, `${block.commands.join('\n')}\n${result.told}`).toEqual(wanted);
        ran.push(result);
      }
    } finally {
      clone.remove();
    }
    const printed = withOutputs(page, ran);
    if (process.env['MAILFLOW_UPDATE'] === 'docs') writeFileSync(file, printed);
    expect(readFileSync(file, 'utf8')).toBe(printed);
    for (const { block, printed: present } of ran) {
      const { output } = block;
      // What is shown whole has been compared with the page.
      if (output?.includes(elision)) expect(isShown(output, present) || present).toBe(true);
    }
  },
  180_000,
);

test('every fence of a tutorial is one that is run, printed or written', () => {
  for (const name of tutorials) {
    const page = readFileSync(join(root, name), 'utf8');
    const fences = [...page.matchAll(/^```(\w*)$/gm)]
      .map(([, language]) => language!)
      .filter((_, at) => at % 2 === 0);
    const blocks = readShownBlocks(page);
    const known =
      blocks.length +
      blocks.filter(({ output }) => output !== undefined).length +
      blocks.reduce((sum, { files }) => sum + files.length, 0);
    expect([name, fences.length]).toEqual([name, known]);
  }
});

test('a tutorial shows every command of its question with what it prints, that of two builds too', () => {
  const page = readFileSync(join(root, 'docs/tutorials/bench.md'), 'utf8');
  const run = readShownBlocks(page).flatMap(({ commands }) => commands);
  for (const script of ['bench', 'bench:compare']) {
    expect(run.filter((each) => each.startsWith(`npm run --silent ${script} -- `))).not.toEqual([]);
  }
});

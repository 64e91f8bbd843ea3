import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { sourceFiles } from './rule-citations.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

it('docs/architecture.md has each file of the model once on its map, and no other', () => {
  const page = readFileSync(`${root}/docs/architecture.md`, 'utf8');
  const [, section = ''] = /^## The model$([\s\S]*?)^## /m.exec(page) ?? [];
  const map = section
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .join('\n');
  const named = [...map.matchAll(/`([a-z-]+\.ts)`/g)].map(([, name]) => name!);
  const files = sourceFiles(`${root}/src/sim/model`)
    .map(({ path }) => basename(path))
    .filter((name) => !name.endsWith('.test.ts') && name !== 'index.ts');
  // In the text above it, where entities are explained.
  const apart = ['copy-lists.ts', 'message-store.ts'];
  expect([...named, ...apart].sort()).toEqual(files.sort());
});

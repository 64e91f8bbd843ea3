import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

it('every assumption that the code names has a row in docs/rules.md, and every row is used', () => {
  const files = readdirSync(`${root}/src`, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const named = new Set(
    files.flatMap((file) => ids(readFileSync(`${root}/src/${file}`, 'utf8'), /\bA-[a-z]{3,}(?:-[a-z]+)*/g)),
  );
  const listed = new Set(ids(readFileSync(`${root}/docs/rules.md`, 'utf8'), /^\| (A-[a-z-]+) \|/gm));
  expect([...listed].sort()).toEqual([...named].sort());
});

function ids(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map((match) => match[1] ?? match[0]);
}

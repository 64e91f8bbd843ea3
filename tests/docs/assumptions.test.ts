import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { assumptions, rules } from '../../src/rules/index.js';
import { sourceFiles } from './rule-citations.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

it('every assumption that the code names is in the catalogue once, and every one there is named', () => {
  const code = sourceFiles(`${root}/src`).filter(({ path }) => !path.startsWith('rules'));
  const named = new Set(code.flatMap(({ text }) => namedIn(text)));
  expect(assumptions.map(({ id }) => id)).toEqual([...named].sort());
});

it('each file of the catalogue is in name order', () => {
  for (const { path, text } of sourceFiles(`${root}/src/rules/assumptions`)) {
    const ids = [...text.matchAll(/^ {4}'(A-[a-z-]+)',$/gm)].map(([, id]) => id!);
    expect(ids.length, path).toBeGreaterThan(0);
    expect(ids, path).toEqual([...ids].sort());
  }
});

it('what other texts of the catalogue name is there, too', () => {
  const known = new Set(assumptions.map(({ id }) => id));
  const texts = [...rules.map(({ note }) => note ?? ''), ...assumptions.map(({ reason }) => reason)];
  expect(texts.flatMap(namedIn).filter((id) => !known.has(id))).toEqual([]);
});

it('each says why', () => {
  for (const { id, statement, reason } of assumptions) {
    expect(statement, id).toMatch(/\.$/);
    expect(reason, id).toMatch(/\S.*\.$/s);
  }
});

function namedIn(text: string): string[] {
  return text.match(/\bA-[a-z]{3,}(?:-[a-z]+)*/g) ?? [];
}

import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { busyRun } from '../../../tests/measure/busy-run.js';
import { metricKinds, metricNames } from './index.js';
import type { MetricKind } from './kind.js';

const window = { warmUpMs: 0, durationMs: 60_000, endsMs: [120_000, 120_000, 120_000] };
const runs = [busyRun(1), busyRun(2), busyRun(3)];

test.each(metricNames)('%s is in the file of its name', (name) => {
  const file = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  expect(existsSync(new URL(`./${file}.ts`, import.meta.url))).toBe(true);
});

test.each(metricNames)('%s of a run in which nothing happens is all zeros', (name) => {
  const kind = metricKinds[name] as MetricKind<unknown, unknown>;
  const summary = kind.summarize(kind.merge([]), { ...window, endsMs: [] });
  expect(numbersOf(summary).every((value) => value === 0)).toBe(true);
});

test.each(metricNames)('%s measures finite numbers that survive JSON', (name) => {
  const part = runs[0]![name];
  expect(JSON.parse(JSON.stringify(part))).toEqual(part);
  expect(numbersOf(part).every(Number.isFinite)).toBe(true);
});

test.each(metricNames)('%s merges step by step as it does at once', (name) => {
  const kind = metricKinds[name] as MetricKind<unknown, unknown>;
  const [a, b, c] = runs.map((run): unknown => run[name]);
  expect(kind.merge([kind.merge([a, b]), c])).toEqual(kind.merge([a, b, c]));
});

test.each(metricNames)('%s says the same of the same facts', (name) => {
  expect(JSON.stringify(busyRun(2)[name])).toBe(JSON.stringify(runs[1]![name]));
});

function numbersOf(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersOf) : [];
}

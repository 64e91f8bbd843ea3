import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { wantedPairs } from '../../src/experiment/index.js';
import { metricDirections } from '../../src/measure/index.js';

const page = readFileSync(fileURLToPath(new URL('../../docs/statistics.md', import.meta.url)), 'utf8');

it('docs/statistics.md has the direction of every metric that has one', () => {
  const [, table = ''] = /<!-- directions -->\n([\s\S]*?)<!-- end -->/.exec(page) ?? [];
  const rows = Object.entries(metricDirections).map(([metric, better]) => `| \`${metric}\` | ${better} |`);
  expect(table.trim().split('\n').slice(2)).toEqual(rows);
});

it('docs/statistics.md says how many replications a comparison should have', () => {
  expect(wantedPairs).toBe(20);
  expect(page).toContain(`--replications ${wantedPairs}`);
  expect(page).toContain('**Twenty replications**');
});

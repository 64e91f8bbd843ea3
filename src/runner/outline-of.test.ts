import { expect, test } from 'vitest';
import { hubAndSpoke } from '../../tests/browser/report-scenarios.js';
import { compileScenario } from '../experiment/index.js';
import { decodeScenario, FileError } from '../scenario/index.js';
import { outlineOf } from './outline-of.js';
import { isOutline } from './result-shapes.js';

test('an outline has sites, links and servers in name order, by name, and is what a report takes', () => {
  const text = new TextEncoder().encode(hubAndSpoke(3, 2, 12));
  const { scenario } = decodeScenario(text, 'hub.yaml', {
    readFile: () => {
      throw new FileError('no other file');
    },
  });
  const outline = outlineOf(scenario, compileScenario(scenario));
  expect(outline).toMatchObject({
    mailflow: 'outline/1',
    startUtcMs: Date.UTC(2024, 3, 2),
    durationMs: 12 * 3_600_000,
    sampleEveryMs: 60_000,
  });
  expect(outline.sites).toEqual([
    { name: 'Site-0', hub: true },
    { name: 'Site-1', hub: false },
    { name: 'Site-2', hub: false },
  ]);
  expect(outline.siteLinks).toEqual([
    { name: 'Hub-1', sites: ['Site-0', 'Site-1'], cost: 10 },
    { name: 'Hub-2', sites: ['Site-0', 'Site-2'], cost: 11 },
  ]);
  expect(outline.servers.map(({ name, site }) => `${name} ${site}`)).toEqual([
    ...['MBX-01 Site-0', 'MBX-02 Site-1', 'MBX-03 Site-2', 'MBX-04 Site-0', 'MBX-05 Site-1', 'MBX-06 Site-2'],
  ]);
  expect(isOutline(JSON.parse(JSON.stringify(outline)))).toBe(true);
  expect(isOutline({ ...outline, sampleEveryMs: 0 })).toBe(false);
});

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/runner/index.js';
import type { Scenario } from '../../src/scenario/index.js';
import { largeDayFiles } from '../large-day/large-day.js';
import { windowOf } from '../large-day/window.js';
import { countWork, type WorkCounts } from './count-work.js';

const root = new URL('../../', import.meta.url);
const load = (path: string): Scenario => loadScenario(fileURLToPath(new URL(path, root))).scenario;
const hourMs = 3_600_000;

/** The golden scenarios, and those of the benches; of the large day what comes in two minutes at noon. */
const scenarios: Readonly<Record<string, () => Scenario>> = {
  'two-site-morning': () => load('scenarios/two-site-morning/scenario.yaml'),
  'real-outage': () => load('scenarios/real-outage/scenario.yaml'),
  'whatif-01-move-of-an-active-copy': () => load('scenarios/whatif-01-move-of-an-active-copy/scenario.yaml'),
  'whatif-04-wan-cut': () => load('scenarios/whatif-04-wan-cut/scenario.yaml'),
  'small-day': () => load('bench/scenarios/small-day.yaml'),
  'large-day at noon': () => windowOf(load(largeDayFiles.scenario), 12 * hourMs, hourMs / 30),
};

const file = fileURLToPath(new URL('work-counts.json', import.meta.url));

describe('a run costs as much work as it did, to the last event and draw; `npm run work` takes new counts', () => {
  const update = process.env['MAILFLOW_UPDATE'] === 'work';
  const known = JSON.parse(readFileSync(file, 'utf8')) as Record<string, WorkCounts>;
  const counted: Record<string, WorkCounts> = {};

  for (const [name, scenario] of Object.entries(scenarios)) {
    it(name, async () => {
      const counts = await countWork(scenario());
      counted[name] = counts;
      // Whatever is put on the list is counted, or this does not come out.
      expect(counts.events + counts.cancelled + counts.left).toBe(counts.scheduled);
      expect(counts.deliveries).toBeGreaterThan(0);
      if (!update) expect(counts).toEqual(known[name]);
      else if (name === Object.keys(scenarios).at(-1)) {
        writeFileSync(file, `${JSON.stringify(counted, null, 2)}\n`);
      }
    });
  }

  it('knows no scenario that is gone', () => {
    expect(Object.keys(update ? counted : known)).toEqual(Object.keys(scenarios));
  });
});

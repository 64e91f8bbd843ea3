import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventListKinds } from '../../sim/kernel/index.js';
import { main } from '../main.js';

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'mailflow-'));
});

afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

/** Simulates a scenario of the project; the bytes of the result but for the file that tells of the machine. */
async function simulated(scenario: string, eventList: string): Promise<Record<string, string>> {
  const out = join(home, eventList);
  const path = fileURLToPath(new URL(`../../../scenarios/${scenario}/scenario.yaml`, import.meta.url));
  const args = ['simulate', path, '--event-list', eventList, '--messages', '--quiet', '--out', out];
  const sink = { write: () => {}, isTTY: false };
  expect(await main(args, { stdout: sink, stderr: sink })).toBe(0);
  const names = readdirSync(out).filter((name) => name !== 'engine.json');
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(out, name), 'utf8')]));
}

test.each(['real-outage', 'whatif-01-move-of-an-active-copy'])(
  '%s gives the same bytes on every future event list',
  async (scenario) => {
    const byHeapJs = await simulated(scenario, 'heap-js');
    expect(Object.keys(byHeapJs)).toContain('messages.csv');
    for (const eventList of eventListKinds) {
      if (eventList !== 'heap-js') expect(await simulated(scenario, eventList)).toEqual(byHeapJs);
    }
  },
);

test('an unknown event list is a usage error', async () => {
  let text = '';
  const stderr = { write: (line: string) => (text += line), isTTY: false };
  const code = await main(['simulate', 'x.yaml', '--event-list', 'calendar'], { stdout: stderr, stderr });
  expect(code).toBe(2);
  expect(text).toContain('ladder');
});

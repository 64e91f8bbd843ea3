import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compileScenario, runExperiment } from '../../src/experiment/index.js';
import { loadScenario } from '../../src/runner/index.js';

const folder = fileURLToPath(new URL('../../scenarios', import.meta.url));

/** Runs a scenario of the project, changed by `set`; its verdicts by metric and limit. */
async function verdicts(
  name: string,
  set: readonly string[] = [],
): Promise<Readonly<Record<string, string>>> {
  const { scenario } = loadScenario(`${folder}/${name}/scenario.yaml`, { set });
  const { summary } = await runExperiment(scenario, compileScenario(scenario), {
    version: 'test',
    sink: () => {},
    recordMessages: false,
  });
  return Object.fromEntries(
    summary.thresholds.map(({ metric, limit, verdict }) => [`${metric} ${limit}`, verdict]),
  );
}

describe('every scenario holds its thresholds', () => {
  for (const name of readdirSync(folder)) {
    it(name, async () => {
      const found = await verdicts(name);
      expect(Object.keys(found)).not.toEqual([]);
      expect(new Set(Object.values(found))).toEqual(new Set(['pass']));
    });
  }
});

describe('thresholds can fail: the same question with the fault taken away', () => {
  it('WHATIF-01: without moves nobody is redirected and nobody waits', async () => {
    const found = await verdicts('whatif-01-move-of-an-active-copy', ['faults=[]']);
    expect(found['redirects.total equals 2']).toBe('fail');
    expect(found['deliveryLatency.maxMs at-least 300 s']).toBe('fail');
    expect(found['ndrs.total equals 0']).toBe('pass');
  });

  it('WHATIF-04: without the cut nothing backs off', async () => {
    const found = await verdicts('whatif-04-wan-cut', ['faults=[]']);
    expect(found['backoffs.total at-least 7150']).toBe('fail');
    expect(found['retries.connections equals 18']).toBe('fail');
  });

  it('the real outage: without the outage nobody is told of a delay', async () => {
    const found = await verdicts('real-outage', ['faults=[]']);
    expect(found['delayNotices equals 9']).toBe('fail');
    expect(found['retries.connections equals 109']).toBe('fail');
  });
});

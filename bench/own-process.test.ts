import { expect, test } from 'vitest';
import { measureForParent } from './own-process.js';
import type { Suite } from './suite.js';

const suite = (wrong: string | undefined): Suite => ({
  workload: 'nothing',
  unit: 'ops/s',
  setup: () => ({ operations: 1, run: () => {}, check: () => wrong }),
});

test('a suite measured for another process gives its result, or says what is wrong, as JSON', async () => {
  const suites = {
    right: suite(undefined),
    wrong: suite('2 and 2 is 5'),
    broken: {
      ...suite(undefined),
      setup: () => {
        throw new Error('no setup');
      },
    } satisfies Suite,
  };
  const answerOf = async (name: string) =>
    JSON.parse(await measureForParent([name, 'quick', 'here'], suites)) as Record<string, unknown>;
  expect(await answerOf('right')).toMatchObject({
    result: { name: 'right', unit: 'ops/s', extra: expect.stringMatching(/; here$/) },
  });
  expect(await answerOf('wrong')).toEqual({ wrong: expect.stringContaining('2 and 2 is 5') });
  expect(await answerOf('broken')).toEqual({ failed: expect.stringContaining('no setup') });
});

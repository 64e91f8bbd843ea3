import { expect, test } from 'vitest';
import { busyRun } from '../../../tests/measure/busy-run.js';
import { formatJson, formatReplicationsJson } from './json.js';

const head = {
  version: '1.2.3',
  scenario: { name: 'scripted', sha256: 'abc' },
  seed: '42',
  warmUpMs: 1_000,
  durationMs: 60_000,
  key: 'def',
};

test('documents end with a line end', () => {
  expect(formatJson({ mailflow: 'run/1', list: [1] })).toBe(
    '{\n  "mailflow": "run/1",\n  "list": [\n    1\n  ]\n}\n',
  );
});

test.each([0, 1, 3])('replications.json of %d replications reads back', (count) => {
  const replications = Array.from({ length: count }, (_, index) => busyRun(index + 1));
  const text = [...formatReplicationsJson(head, replications)].join('');
  expect(JSON.parse(text)).toEqual({ mailflow: 'replications/1', ...head, replications });
  expect(text.trimEnd().split('\n')).toHaveLength(count + 2);
});

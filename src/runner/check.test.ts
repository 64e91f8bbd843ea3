import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { check } from './check.js';

const folder = mkdtempSync(join(tmpdir(), 'mailflow-check-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A scenario of one server, which nothing is wrong with. */
function checked({ server = '', settings = '', perSecond = 1, metric = 'recipients.lost' }) {
  const file = join(folder, 'scenario.yaml');
  writeFileSync(
    file,
    `mailflow: 1
duration: 1 h
organization:
  organization: contoso.com
  sites: [{ name: A }]
  servers: [{ name: A1, site: A${server} }]
  databases: [{ name: DA, copies: [A1] }]
  mailboxes: [{ address: a@contoso.com, database: DA }]
settings: { transport: {${settings}} }
workloads:
  - { kind: arrivals, arrival: poisson, messagesPerSecond: ${perSecond}, from: a@contoso.com, to: [a@contoso.com] }
thresholds:
  - { metric: "${metric}", at-most: 5 }
`,
  );
  const { errors, warnings, input } = check(file);
  return {
    errors: errors.map(({ message }) => message),
    warnings: warnings.map(({ path, message }) => `${path}: ${message}`),
    kind: input?.kind,
  };
}

test('a scenario that nothing is to be said of', () => {
  expect(checked({})).toEqual({ errors: [], warnings: [], kind: 'scenario' });
});

test.each([
  [{ metric: 'queues.A1/DB.maxLength' }, /^thresholds\.0\.metric: .*"DB", which no server ever has$/],
  [{ perSecond: 1_000 }, /^organization\.servers\.A1: offered load above capacity: /],
  [
    { server: ', queueDisk: 40 GB, queueDiskUsed: 0.99' },
    /^organization\.servers\.A1: queue-disk is at High/,
  ],
  [{ settings: 'rejectMessageOnShadowFailure: true' }, /^organization\.servers\.A1: it refuses all mail/],
])('what its settings lead to is a warning: %j', (change, warning) => {
  const { errors, warnings } = checked(change);
  expect(errors).toEqual([]);
  expect(warnings).toContainEqual(expect.stringMatching(warning));
});

test('a threshold of what the organization does not have is an error', () => {
  expect(checked({ metric: 'servers.A2.utilization' })).toMatchObject({
    errors: [expect.stringContaining('"A2"')],
    kind: undefined,
  });
});

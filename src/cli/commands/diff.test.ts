import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { main } from '../main.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const organization = join(root, 'tests/conformance/organizations/we-08.yaml');
const folder = mkdtempSync(join(tmpdir(), 'mailflow-diff-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The organization with one text in place of another. */
function changed(name: string, from: string, to: string): string {
  const path = join(folder, `${name}.yaml`);
  const text = readFileSync(organization, 'utf8');
  expect(text).toContain(from);
  writeFileSync(path, text.replace(from, to));
  return path;
}

const nearer = changed('nearer', 'cost: 50', 'cost: 5');

async function run(...args: readonly string[]) {
  let stdout = '';
  let stderr = '';
  const code = await main(['diff', ...args], {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
  });
  return { code, stdout, stderr };
}

describe('mailflow diff', () => {
  test('RT-33: answers in text that names the change, for whom, and why', async () => {
    const { code, stdout, stderr } = await run(organization, nearer);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(`\
1 of 6 routes changes, 0 new, 0 gone (6 source servers, 1 destination)

1. 1 route: RT-33, RT-30, RT-37, RT-38, RT-40, RT-41
   from     S1 in S
   to       mailbox database DB1 of DAG1
   primary  P becomes Q
   path     S > X > P becomes S > Q; cost 20 becomes 5
   tries    target servers: P1, P2 in P becomes Q1 in Q
            group servers elsewhere: Q1 in Q becomes P1, P2 in P
            other servers of the primary site: N1 in P becomes none
            back-off: X1 in X becomes none
   why      RT-33: Q is the nearest site of DAG1: at cost 5, P at cost 20
            RT-30: Q is at cost 5, by S > Q
`);
  });

  test('answers a change for each source server and destination, in the words of route', async () => {
    const { code, stdout, stderr } = await run(organization, nearer, '--json');
    expect([code, stderr]).toEqual([0, '']);
    const answer = JSON.parse(stdout);
    expect(Object.keys(answer)).toEqual(['mailflow', 'a', 'b', 'changes', 'summary']);
    expect(answer.mailflow).toBe('diff/1');
    expect(answer.summary).toMatchObject({ routes: 6, changed: 1, added: 0, removed: 0, listed: 1 });
    expect(answer.changes).toHaveLength(1);
    const [{ from, destination, before, after, rules }] = answer.changes;
    expect([from, destination]).toEqual(['S1', { kind: 'mailbox-database', name: 'DB1' }]);
    expect(before.path).toEqual({ sites: ['S', 'X', 'P'], cost: 20, hops: 2 });
    expect(after).toMatchObject({
      outcome: 'route',
      destinationGroup: { kind: 'routable-dag', name: 'DAG1' },
      queue: { deliveryType: 'SmtpRelayToDag', nextHopDomain: 'DAG1', nextHopConnector: 'DAG1' },
      path: { sites: ['S', 'Q'], cost: 5, hops: 1 },
      primarySite: 'Q',
      hubSite: null,
    });
    expect(rules).toEqual(['RT-33', 'RT-30', 'RT-37', 'RT-38', 'RT-40', 'RT-41']);
  });

  test('what is on one side only has null on the other', async () => {
    const without = changed('without', '  - name: N1\n    site: P\n', '');
    const [there, back] = [
      await run(organization, without, '--json'),
      await run(without, organization, '--json'),
    ];
    const ofN1 = (stdout: string) =>
      JSON.parse(stdout).changes.filter(({ from }: { from: string }) => from === 'N1');
    expect(ofN1(there.stdout)).toMatchObject([{ before: { primarySite: 'P' }, after: null }]);
    expect(ofN1(back.stdout)).toMatchObject([{ before: null, after: { primarySite: 'P' } }]);
    expect((await run(organization, without)).stdout).toContain('source servers gone  N1');
  });

  test('--fail-on-change exits with 5 where a route changes, and with 0 where none does', async () => {
    expect((await run(organization, nearer, '--fail-on-change')).code).toBe(5);
    expect((await run(organization, nearer, '--fail-on-change', '--json')).code).toBe(5);
    expect((await run(organization, organization, '--fail-on-change')).code).toBe(0);
    expect(JSON.parse((await run(organization, organization, '--json')).stdout).changes).toEqual([]);
  });

  test('takes scenario files for their organizations', async () => {
    const scenario = join(root, 'scenarios/two-site-morning/scenario.yaml');
    const { code, stdout } = await run(scenario, join(root, 'scenarios/two-site-morning/organization.yaml'));
    expect(code).toBe(0);
    expect(stdout).toMatch(/^0 of \d+ routes change, 0 new, 0 gone/);
  });

  test('the example of docs/diff.md is what the command prints', async () => {
    const page = readFileSync(join(root, 'docs/diff.md'), 'utf8');
    const files = /^npm run mailflow -- diff (\S+) (\S+)$/m.exec(page)!.slice(1);
    const { stdout } = await run(...files.map((file) => join(root, file)));
    expect(page).toContain(`\`\`\`\n${stdout}\`\`\`\n`);
  });

  test('--limit says how many changes or groups are listed; the summary counts all', async () => {
    const other = changed('other', 'members: [P1, P2, Q1]', 'members: [P1, P2, N1, Q1]');
    const all = JSON.parse((await run(organization, other, '--json')).stdout);
    expect(all.changes.length).toBeGreaterThan(2);
    const some = JSON.parse((await run(organization, other, '--json', '--limit', '2')).stdout);
    expect(some.changes).toEqual(all.changes.slice(0, 2));
    expect(some.summary).toEqual({ ...all.summary, listed: 2 });
    const whole = JSON.parse((await run(organization, other, '--json', '--limit', '99')).stdout);
    expect(whole).toEqual(all);
    expect((await run(organization, nearer, '--limit', '1')).stdout).not.toContain('smaller group');
  });

  test('the problems of both files are reported at once', async () => {
    const broken = changed('broken', 'site: X\n', 'site: Nowhere\n');
    const { code, stdout } = await run(broken, join(folder, 'missing.yaml'), '--json');
    expect(code).toBe(3);
    const { mailflow, errors } = JSON.parse(stdout);
    expect(mailflow).toBe('error/1');
    expect(errors.map(({ file }: { file: string }) => file)).toEqual(
      expect.arrayContaining([broken, join(folder, 'missing.yaml')]),
    );
  });

  test.each([
    ['one file only', [organization]],
    ['a limit that is none', [organization, nearer, '--limit', 'some']],
    ['a limit of nothing', [organization, nearer, '--limit', '0']],
  ])('%s is a wrong use', async (_what, args) => {
    const { code, stdout } = await run(...args);
    expect([code, stdout]).toEqual([2, '']);
  });
});

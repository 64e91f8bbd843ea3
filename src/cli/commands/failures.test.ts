import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { main } from '../main.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const morning = join(root, 'scenarios/two-site-morning/scenario.yaml');
const partner = join(root, 'scenarios/whatif-05-one-destination/scenario.yaml');

async function run(...args: readonly string[]) {
  let stdout = '';
  let stderr = '';
  const code = await main(['failures', ...args], {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
  });
  return { code, stdout, stderr };
}

describe('mailflow failures', () => {
  test('A-majority: on a stretched DAG the loss of the site with the majority comes first, and why', async () => {
    const { code, stdout, stderr } = await run(morning, '--limit', '2');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(`\
9 failures looked at: 4 cut mail off, 5 do not
(30 routes from 5 servers)

1. site Berlin
   cut off   100 % of mailboxes, 0 % of routes outwards
   why       DAG1 is without a majority (2 of 5 votes, 2 of 4 members and the witness in Berlin are down): its databases are dismounted
             its only server B9 is down
   lost      databases DB1, DB2, DB3, DB4, Projects: from everywhere
   detours   none

2. connector Internet
   cut off   0 % of mailboxes, 100 % of routes outwards
   why       connector Internet itself has failed: routing does not turn to another
   lost      connectors Internet: from everywhere
   detours   none

7 failures more, no worse than these: --limit lists more
`);
  });

  test('A-majority: of the template stretched-dag the loss of the majority site ranks first, and why', async () => {
    const stretchedDag = join(root, 'templates/stretched-dag/scenario.yaml');
    const why =
      'DAG1 is without a majority (2 of 5 votes, 2 of 4 members and the witness in Berlin are down): its databases are dismounted';
    const text = await run(stretchedDag, '--limit', '1');
    expect([text.code, text.stderr]).toEqual([0, '']);
    expect(text.stdout).toContain(`
1. site Berlin
   cut off   100 % of mailboxes, 0 % of routes outwards
   why       ${why}
   lost      databases DB1, DB2, DB3: from everywhere
`);
    const { failures } = JSON.parse((await run(stretchedDag, '--json')).stdout);
    expect(failures[0]).toMatchObject({
      failed: [{ kind: 'site', name: 'Berlin' }],
      mailboxesCutOff: 1,
      outsideCutOff: 0,
      why: [why],
    });
    expect(failures[1].mailboxesCutOff + failures[1].outsideCutOff).toBeLessThanOrEqual(1);
    // The other site is missed by nobody, and so is a majority site whose witness is elsewhere.
    const of = (all: typeof failures, wanted: string) =>
      all.find(({ failed: [{ kind, name }] }: typeof failures) => kind === 'site' && name === wanted);
    expect(of(failures, 'Frankfurt')).toMatchObject({ unreachable: [], mailboxesCutOff: 0 });
    const witnessed = await run(join(root, 'templates/two-site-dag/scenario.yaml'), '--json');
    expect(of(JSON.parse(witnessed.stdout).failures, 'Berlin')).toMatchObject({ mailboxesCutOff: 0 });
  });

  test('answers as design section 3 says', async () => {
    const { code, stdout } = await run(morning, '--json');
    expect(code).toBe(0);
    const answer = JSON.parse(stdout);
    expect(answer.mailflow).toBe('failures/1');
    expect(answer.failures).toHaveLength(9);
    expect(answer.failures[0]).toMatchObject({
      failed: [{ kind: 'site', name: 'Berlin' }],
      detours: 0,
      thresholds: null,
    });
    expect(answer.failures[0].unreachable).toContainEqual({
      kind: 'mailbox-database',
      name: 'DB4',
      everywhere: true,
      from: ['Frankfurt'],
      mailboxes: 501,
      why: 'DAG1 is without a majority (2 of 5 votes, 2 of 4 members and the witness in Berlin are down): its databases are dismounted',
    });
  });

  test('--simulate runs the worst, and says what the thresholds say with nothing failed, too', async () => {
    const { code, stdout, stderr } = await run(partner, '--simulate', '1', '--json', '--quiet');
    expect([code, stderr]).toEqual([0, '']);
    const { thresholdsBefore, failures } = JSON.parse(stdout);
    expect(thresholdsBefore.length).toBeGreaterThan(0);
    expect(failures[0].thresholds).toHaveLength(thresholdsBefore.length);
    expect(failures[0].thresholds.some(({ verdict }: { verdict: string }) => verdict === 'fail')).toBe(true);
    expect(failures[1].thresholds).toBeNull();
  });

  test.each([
    [['--limit', '0'], 2, '--limit: expected a whole number from 1, got "0"'],
    [['--simulate', 'all'], 2, '--simulate: expected a whole number from 1, got "all"'],
  ])('refuses %j', async (args, code, message) => {
    const ran = await run(morning, ...args);
    expect(ran.code).toBe(code);
    expect(ran.stderr).toContain(message);
  });

  test('an organization by itself cannot be simulated', async () => {
    const { code } = await run(join(root, 'scenarios/two-site-morning/organization.yaml'), '--simulate', '1');
    expect(code).toBe(3);
  });
});

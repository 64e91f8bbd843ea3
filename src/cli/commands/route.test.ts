import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { main } from '../main.js';

const organization = (name: string) =>
  fileURLToPath(new URL(`../../../tests/conformance/organizations/${name}.yaml`, import.meta.url));

async function run(...args: readonly string[]) {
  let stdout = '';
  let stderr = '';
  const code = await main(['route', ...args], {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
  });
  return { code, stdout, stderr };
}

const question = [organization('we-08'), '--from', 'S1', '--to', 'u1@contoso.com'];

describe('mailflow route', () => {
  test('answers in text that names the queue, the tries and who takes the message', async () => {
    const { code, stdout, stderr } = await run(...question, '--down', 'P1', 'P2');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('queue     SmtpRelayToDag "DAG1"');
    expect(stdout).toContain('accepted  Q1, try 2');
  });

  test('ends with 0 whatever the outcome', async () => {
    const { code, stdout } = await run(
      organization('we-08'),
      '--from',
      'S1',
      '--to',
      'nobody@contoso.com',
      'x@y',
    );
    expect(code).toBe(0);
    expect(stdout).toContain('5.1.1');
    expect(stdout).toContain('Unreachable');
  });

  test('takes several recipients, and an option twice', async () => {
    const { code, stdout } = await run(
      ...question,
      '--to',
      'x@y',
      'y@z',
      '--down',
      'P1',
      '--down',
      'P2',
      '--json',
    );
    const answer = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(answer.recipients.map((each: { address: string }) => each.address)).toEqual([
      'u1@contoso.com',
      'x@y',
      'y@z',
    ]);
    expect(answer.recipients[0].accepted).toEqual({ server: 'Q1', tier: 2 });
  });

  test('a message has 100 KB unless told', async () => {
    expect(JSON.parse((await run(...question, '--json')).stdout).messageSizeBytes).toBe(102_400);
    expect(JSON.parse((await run(...question, '--size', '1 MB', '--json')).stdout).messageSizeBytes).toBe(
      1_048_576,
    );
  });

  test('--active moves the active copy', async () => {
    const args = [
      organization('we-10'),
      '--from',
      'A1',
      '--to',
      'u2@contoso.com',
      '--active',
      'db2=a1',
      '--json',
    ];
    expect(JSON.parse((await run(...args)).stdout).recipients[0].tiers[0].servers).toEqual(['A1']);
  });

  test('names that there is none of are refused all at once, each with what would do', async () => {
    const { code, stdout } = await run(
      organization('we-10'),
      ...['--from', 'A11', '--to', 'u2@contoso.com', '--down', 'A9', 'zzzz'],
      ...['--active', 'DB=A1', 'DB2=A9', '--json'],
    );
    expect(code).toBe(3);
    const { mailflow, exitCode, errors } = JSON.parse(stdout);
    expect([mailflow, exitCode]).toEqual(['error/1', 3]);
    expect(
      errors.map((each: { file: string; line: number; message: string; hint: string }) => [
        each.file,
        each.line,
        each.message,
        each.hint,
      ]),
    ).toEqual([
      ['--from', 1, 'no server "A11"', expect.stringContaining('A1')],
      ['--down', 2, 'no server "zzzz"', 'known: A1, A9, B1, C1'],
      ['--active', 1, 'no database "DB"', expect.stringContaining('DB2')],
      ['--active', 2, 'server "A9" has no copy of DB2', expect.stringContaining('A1')],
    ]);
  });

  test('RT-45, RT-53: the front end and submission are services of Exchange 2013 servers', async () => {
    const mixed = [organization('we-16'), '--from', 'H10a', '--to', 'u10@contoso.com'];
    expect((await run(...mixed)).code).toBe(0);
    for (const service of ['front-end', 'submission']) {
      const { code, stderr } = await run(...mixed, '--service', service);
      expect(code).toBe(3);
      expect(stderr).toContain(`server "H10a" has no ${service} service (known: M13)`);
    }
  });

  test.each([
    ['no recipient', [organization('we-08'), '--from', 'S1']],
    ['a service that is none', [...question, '--service', 'edge']],
    ['a size without a unit', [...question, '--size', '10']],
    ['an active copy without a server', [...question, '--active', 'DB1']],
    ['a size that is none', [...question, '--size', '3 parsecs']],
  ])('%s is a wrong use', async (_what, args) => {
    const { code, stdout } = await run(...args);
    expect([code, stdout]).toEqual([2, '']);
  });

  test('sites and links that are down count like servers that are', async () => {
    const accepted = async (...outage: string[]) => {
      const { stdout } = await run(...question, ...outage, '--json');
      return JSON.parse(stdout).recipients[0].accepted;
    };
    expect(await accepted('--down-site', 'P')).toEqual({ server: 'Q1', tier: 2 });
    expect(await accepted('--down-link', 'X-P')).toEqual({ server: 'Q1', tier: 2 });
    expect(await accepted('--down-link', 'X-P', 'S-Q')).toEqual({ server: 'X1', tier: 4 });
    // The links of a site that is down are down: behind it nobody is to be had.
    expect(await accepted('--down-site', 'X', 'Q')).toBeNull();
  });

  test('sites and links that there are none of are refused', async () => {
    const { code, stderr } = await run(...question, '--down-site', 'PP', '--down-link', 'X_P');
    expect(code).toBe(3);
    expect(stderr).toContain('--down-site:1:1: no site "PP"');
    expect(stderr).toContain('--down-link:1:1: no site link "X_P"');
  });

  test('--explain says of each rule considered what came of it, by the names of the organization', async () => {
    const { stdout } = await run(...question, '--explain', '--json');
    const { explanation, rules } = JSON.parse(stdout).recipients[0];
    expect(rules).toEqual(['RT-33', 'RT-37', 'RT-38', 'RT-40', 'RT-41']);
    expect(explanation).toContainEqual({
      rule: 'RT-40',
      aspect: 'tiers',
      decided: true,
      text: 'then the other transport servers of P: N1 in P',
    });
    expect(JSON.parse((await run(...question, '--json')).stdout).recipients[0]).not.toHaveProperty(
      'explanation',
    );
  });

  test('a file that is not there is invalid input', async () => {
    const { code, stderr } = await run('nowhere.yaml', '--from', 'S1', '--to', 'x@y');
    expect(code).toBe(3);
    expect(stderr).toContain('nowhere.yaml');
  });
});

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { smallScenario } from '../../../tests/measure/small-scenario.js';
import { main } from '../main.js';

let home: string;
let out: string;
const listenersBefore = new Set(process.listeners('SIGINT'));

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'mailflow-'));
  out = join(home, 'out');
});

afterEach(() => {
  rmSync(home, { recursive: true, force: true });
  // A command takes SIGINT over for the rest of the process.
  for (const listener of process.listeners('SIGINT')) {
    if (!listenersBefore.has(listener)) process.removeListener('SIGINT', listener);
  }
});

async function run(changes: Readonly<Record<string, unknown>>, args: readonly string[] = [], isTTY = false) {
  const scenario = join(home, 'scenario.json');
  writeFileSync(scenario, smallScenario(changes));
  let stdout = '';
  let stderr = '';
  const code = await main(['simulate', scenario, '--out', out, ...args], {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text), isTTY },
  });
  return { code, stdout, stderr };
}

const summary = () => JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8'));
const lost = { metric: 'recipients.lost', equals: 0 };
const tooMany = { metric: 'recipients.delivered', below: 10 };

test('prints a summary and where the result is, and ends with 0', async () => {
  const { code, stdout, stderr } = await run({});
  expect(code).toBe(0);
  expect(stdout).toMatch(/^small: one replication of 1\d min.*, seed 42\n/);
  expect(stdout).toContain('  pass  recipients.lost equals 0  0\n');
  expect(stdout).toMatch(new RegExp(`\nresult: ${out}\n$`));
  expect(stderr).toBe('simulating small\n');
});

test('--json prints summary.json and nothing else', async () => {
  const { code, stdout } = await run({}, ['--json']);
  expect(code).toBe(0);
  expect(stdout).toBe(readFileSync(join(out, 'summary.json'), 'utf8'));
});

test('on a terminal progress is one line that is taken away', async () => {
  const { stderr } = await run({}, [], true);
  expect(stderr).toMatch(/^simulating small\n\r\d+ % of 10 min, \d+ in flight, /);
  expect(stderr.endsWith('\r\u001b[K')).toBe(true);
  expect((await run({}, ['--quiet'], true)).stderr).toBe('');
});

test('options override the scenario', async () => {
  await run({}, ['--seed', '007', '--replications', '2', '--set', 'duration=5 min', 'name=other']);
  expect(summary()).toMatchObject({
    seed: '007',
    replications: 2,
    scenario: { name: 'other' },
  });
  expect(summary().messages.submitted).toBeLessThan(700);
  expect(existsSync(join(out, 'messages.csv'))).toBe(false);
  await run({}, ['--until', '30 s', '--messages']);
  expect(summary().simulatedMs).toBe(30_000);
  expect(existsSync(join(out, 'messages.csv'))).toBe(true);
});

describe('exit codes', () => {
  test('4: a threshold failed; the result is written all the same', async () => {
    const { code, stdout } = await run({ thresholds: [lost, tooMany] });
    expect(code).toBe(4);
    expect(stdout).toContain('fail  recipients.delivered below 10');
    expect(summary().thresholds.map((each: { verdict: string }) => each.verdict)).toEqual(['pass', 'fail']);
  });

  test('an undecided threshold is a warning; with --strict it is 4', async () => {
    await run({ replications: 2 });
    const { mean } = summary().intervals['deliveryLatency.meanMs'];
    const thresholds = [{ metric: 'deliveryLatency.meanMs', below: mean }];
    const undecided = await run({ replications: 2, thresholds });
    expect(undecided.code).toBe(0);
    expect(undecided.stderr).toMatch(
      /warning: deliveryLatency\.meanMs below \S+ is undecided: the limit lies in the interval; more replications would tell/,
    );
    expect((await run({ replications: 2, thresholds }, ['--strict'])).code).toBe(4);
  });

  test('3: bad input, with every problem and no result', async () => {
    const { code, stderr, stdout } = await run({ duration: '-1', sead: 1 });
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toContain('sead');
    expect(stderr).toContain('duration');
    expect(readdirSync(home)).toEqual(['scenario.json']);
  });

  test('7: a guard stopped it; the partial result is named', async () => {
    const { code, stderr } = await run({}, ['--max-events', '100']);
    expect(code).toBe(7);
    expect(stderr).toContain(`stopped by --max-events: the result so far is in ${out}.partial\n`);
    expect((await run({}, ['--max-in-flight', '1', '--json'])).code).toBe(7);
    expect((await run({}, ['--max-wall', '0 s'])).code).toBe(7);
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('130: %s stops it cleanly', async (signal) => {
    const before = process.listenerCount(signal);
    const running = run({ replications: 500 });
    setTimeout(() => process.emit(signal), 50);
    const { code, stderr } = await running;
    expect(process.listenerCount(signal)).toBe(before);
    expect(code).toBe(130);
    expect(stderr).toContain(`interrupted: the result so far is in ${out}.partial\n`);
    expect(JSON.parse(readFileSync(join(`${out}.partial`, 'summary.json'), 'utf8')).incomplete).toBe(true);
  });

  test.each([
    [['--max-events', 'many'], '--max-events: expected a whole number from 1, got "many"'],
    [['--replications', '0'], '--replications: expected a whole number from 1 to 100,000, got "0"'],
    [['--replications', '100001'], '--replications: expected a whole number from 1 to 100,000, got "100001"'],
    [['--replications', '1e3'], '--replications: expected a whole number from 1 to 100,000, got "1e3"'],
    [['--replications', ''], '--replications: expected a whole number from 1 to 100,000, got ""'],
    [['--seed', ''], '--seed: expected a text of 1 to 200 characters, got ""'],
    [['--seed', 'x'.repeat(201)], '--seed: expected a text of 1 to 200 characters, got 201'],
    [['--max-events', '9007199254740993'], '--max-events: expected a whole number from 1, got'],
    [['--max-wall', '5'], '--max-wall: expected a time with a unit'],
    [['--until', 'noon'], '--until: expected a time with a unit'],
    [['--seed', '1', '--seed', '2'], '--seed is given more than once'],
  ])('2: %j makes no sense', async (args, message) => {
    const { code, stderr } = await run({}, args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(readdirSync(home)).toEqual(['scenario.json']);
  });

  test('as many replications, and as long a seed, as a scenario takes are no usage error', async () => {
    const most = ['--replications', '100000', '--seed', 'x'.repeat(200), '--max-events', '100'];
    expect((await run({}, most)).code).toBe(7);
    expect((await run({ replications: 100_001 })).code).toBe(3);
    expect((await run({ seed: 'x'.repeat(201) })).code).toBe(3);
  });

  test('2: the result cannot be written where something else is', async () => {
    writeFileSync(out, 'thesis');
    const { code, stderr } = await run({});
    expect(code).toBe(2);
    expect(stderr).toContain(`${out} exists and is no folder`);
    expect(readFileSync(out, 'utf8')).toBe('thesis');
  });
});

describe('what an earlier run came to is not lost without a word', () => {
  const jobs = () => join(`${out}.partial`, 'jobs');
  const shortly = { duration: '2 min', faults: [], replications: 3 };
  /** Stops a run in the middle of its second replication of three. */
  const stop = async () => {
    await run(shortly);
    const { events } = JSON.parse(readFileSync(join(out, 'engine.json'), 'utf8'));
    rmSync(out, { recursive: true });
    const { code } = await run(shortly, ['--max-events', String(Math.round(events / 2))]);
    expect([code, existsSync(join(jobs(), 'r000001.json'))]).toEqual([7, true]);
  };

  test('a table that is torn is named, and all is run again', async () => {
    await run(shortly);
    writeFileSync(join(out, 'queues.csv'), 'torn');
    const { code, stderr } = await run(shortly, ['--resume', '--quiet']);
    const file = join(out, 'queues.csv');
    expect([code, stderr]).toEqual([
      0,
      `warning: ${file} is not as it was written: all replications are run again\n`,
    ]);
  });

  test('of replications that are there, one whose rows are torn is run again', async () => {
    await stop();
    const file = join(jobs(), 'r000001.timeline.csv');
    writeFileSync(file, 'torn');
    const { code, stderr } = await run(shortly, ['--resume', '--quiet']);
    expect([code, stderr]).toEqual([
      0,
      `warning: ${file} is not as it was written: replication 1 is run again\n`,
    ]);
  });

  test('without --resume it is told how many are removed', async () => {
    await stop();
    const { code, stderr } = await run(shortly, ['--quiet']);
    expect([code, stderr]).toEqual([
      0,
      'warning: finished replications of an interrupted run are removed: 1; --resume would have gone on from them\n',
    ]);
  });

  test('2: of another scenario they are in the way', async () => {
    await stop();
    const { code, stderr } = await run({ ...shortly, seed: '7' }, ['--resume']);
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining(`${out}.partial holds one replication of an interrupted run of something else`),
    ]);
    expect(existsSync(join(jobs(), 'r000001.json'))).toBe(true);
  });
});

test('the result is shown from the folder that the program was called in, if it lies there', async () => {
  const before = process.cwd();
  process.chdir(home);
  try {
    expect((await run({})).stdout).toMatch(/\nresult: out\n$/);
    expect((await run({}, ['--max-events', '100'])).stderr).toContain('result so far is in out.partial\n');
  } finally {
    process.chdir(before);
  }
});

test('a server with the name of a formula is harmless', async () => {
  const organization = JSON.parse(smallScenario()).organization;
  const [first, second] = organization.servers;
  const [dba, dbb] = organization.databases;
  const { code, stdout } = await run({
    organization: {
      ...organization,
      servers: [first, { ...second, name: '=cmd()' }],
      databases: [dba, { ...dbb, copies: ['=cmd()'] }],
    },
  });
  expect(code).toBe(0);
  expect(readFileSync(join(out, 'queues.csv'), 'utf8')).toContain(",'=cmd(),SmtpDeliveryToMailbox,DBB,");
  expect(readFileSync(join(out, 'queues.csv'), 'utf8')).not.toContain(',=cmd()');
  expect(stdout).toContain('=cmd()');
});

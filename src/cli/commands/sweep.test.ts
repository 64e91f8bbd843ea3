import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { smallScenario } from '../../../tests/measure/small-scenario.js';
import { shortRun } from '../../../tests/runs/result-bytes.js';
import { main } from '../main.js';

let home: string;
let scenario: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'mailflow-sweep-'));
  scenario = join(home, 'scenario.json');
  writeFileSync(scenario, smallScenario(shortRun));
});

afterEach(() => rmSync(home, { recursive: true, force: true }));

const at = (name: string) => join(home, name);

async function run(...args: readonly string[]) {
  let stdout = '';
  let stderr = '';
  const code = await main(args, {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
  });
  return { code, stdout, stderr };
}

const sweep = (...args: readonly string[]) => run('sweep', scenario, '--workers', '1', ...args);
const twoPoints = ['--vary', 'workloads.0.messagesPerSecond=1,2'];
const sweepFile = (folder: string) => readFileSync(join(folder, 'sweep.json'), 'utf8');

test('prints a row a point, and where the result is', async () => {
  const { code, stdout, stderr } = await sweep(...twoPoints, '--out', at('out'));
  expect(code).toBe(0);
  expect(stderr).toBe('sweeping small: points: 2, replications: 2\n');
  expect(stdout).toMatch(
    /^small: 2 points\n\n {2}workloads\.0\.messagesPerSecond {2}mean .*\n {2}1 .*\n {2}2 .*\n/,
  );
  expect(stdout).toContain(`result: ${at('out')}\n`);
  expect(readdirSync(at('out')).sort()).toEqual(['engine.json', 'plan.json', 'points', 'sweep.json']);
  expect(readdirSync(join(at('out'), 'points', '0002')).sort()).toEqual([
    'replications.json',
    'summary.json',
  ]);
});

test('--json prints sweep.json, of merged shards the same', async () => {
  const whole = await sweep(...twoPoints, '--out', at('out'), '--json');
  expect(whole.stdout).toBe(sweepFile(at('out')));
  expect(JSON.parse(whole.stdout)).toMatchObject({
    mailflow: 'sweep/1',
    points: [
      { set: { 'workloads.0.messagesPerSecond': 1 }, summary: { mailflow: 'run/1', replications: 1 } },
      { set: { 'workloads.0.messagesPerSecond': 2 }, summary: { mailflow: 'run/1' } },
    ],
  });
  for (const index of [1, 2])
    await sweep(...twoPoints, '--shard', `${index}/2`, '--out', at(`shard${index}`));
  const merged = await run('merge', at('shard1'), at('shard2'), '--out', at('merged'), '--json');
  expect(merged).toEqual({ code: 0, stdout: whole.stdout, stderr: '' });
});

test('a point in which nothing is delivered says so, and shows no latency', async () => {
  const rates = ['--vary', 'workloads.0.messagesPerSecond=1,0.0001'];
  const { stdout } = await sweep(...rates, '--out', at('out'));
  expect(stdout).toMatch(/\n {2}1 +\d.*\n {2}0\.0001 +- +- +0 +0 +0 /);
  const [some, none] = JSON.parse(sweepFile(at('out'))).points;
  expect([some.noDeliveries, none.noDeliveries]).toEqual([undefined, true]);
  expect(none.summary.deliveryLatency).toMatchObject({ count: 0, meanMs: 0 });
});

test('a plan in CSV', async () => {
  writeFileSync(at('plan.csv'), 'workloads.0.messagesPerSecond,duration\n1,1 min\n2,2 min\n');
  const { code, stdout } = await sweep('--plan', at('plan.csv'), '--out', at('out'));
  expect(code).toBe(0);
  expect(stdout).toMatch(/ {2}1 +1 min /);
});

test('names that were chosen to do harm do none', async () => {
  const painted = await sweep('--vary', 'workloads.0.name="\u001b[31mred"', '--out', at('out'));
  expect(painted.code).toBe(3);
  expect(painted.stderr).not.toContain('\u001b');
  const { code, stdout } = await sweep('--vary', 'workloads.0.name="=cmd()",<script>', '--out', at('out'));
  expect(code).toBe(0);
  expect(stdout).toContain('=cmd()');
});

test('--resume of a whole sweep leaves it as it is', async () => {
  await sweep(...twoPoints, '--out', at('out'));
  const before = sweepFile(at('out'));
  const { code, stderr } = await sweep(...twoPoints, '--out', at('out'), '--resume');
  expect([code, stderr]).toEqual([
    0,
    'sweeping small: points: 2, replications: 2\nreplications that are there already: 2\n',
  ]);
  expect(sweepFile(at('out'))).toBe(before);
  expect(existsSync(`${at('out')}.partial`)).toBe(false);
});

describe('3: what leads nowhere is said before anything is written', () => {
  test.each<[readonly string[], RegExp]>([
    [['--vary', 'organization.siteLinks.AC.cost=1'], /--vary:1:1 .*no element "AC".*\(known: AB\)/],
    [['--vary', 'seed=1', 'wurst=1'], /--vary:2:1 wurst: unknown key "wurst"/],
    [['--set', 'seed=3', '--vary', '__proto__.polluted=1'], /--vary:1:1 __proto__\.polluted: unknown key/],
    [['--set', 'wurst=3', '--vary', 'seed=1'], /--set:1:7 wurst: unknown key/],
    [['--vary', 'organization.siteLinks.AB.cost=1,-2'], /--vary:1:1 .*expected a whole number.*got -2/],
    [['--vary', 'organization=../../../etc/passwd'], /expected a file under the root folder/],
    [['--vary', 'seed'], /--vary:1:1 seed: expected `<path>=<v1,v2,…>`/],
    [['--plan', '/nowhere/plan.csv'], /\/nowhere\/plan\.csv:1:1: there is no such file/],
    [['--plan', '/dev/zero'], /expected a file, but this is none/],
  ])('%j', async (args, message) => {
    const { code, stderr } = await sweep(...args, '--out', at('out'));
    expect(stderr).toMatch(message);
    expect(code).toBe(3);
    expect(readdirSync(home)).toEqual(['scenario.json']);
  });

  test('a plan: by its line', async () => {
    writeFileSync(at('plan.yaml'), '# none\n- { duration: 1 min }\n- { wurst: 1 }\n');
    const { code, stderr } = await sweep('--plan', at('plan.yaml'));
    expect(code).toBe(3);
    expect(stderr).toMatch(/plan\.yaml:3:3 wurst: unknown key "wurst"/);
  });

  test('too many points, or replications', async () => {
    const values = Array.from({ length: 101 }, (_, index) => index + 1).join(',');
    const grid = ['--vary', `seed=${values}`, `organization.siteLinks.AB.cost=${values}`];
    expect(await sweep(...grid)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('the grid has 10201 points: expected at most 10000'),
    });
    expect(await sweep(...twoPoints, '--replications', '60000')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('have 120000 replications together: expected at most 100000'),
    });
  });
});

describe('2: what makes no sense', () => {
  test.each<[readonly string[], string]>([
    [[], 'give either --vary <path>=<v1,v2,…> or --plan <file>'],
    [['--vary', 'seed=1', '--plan', 'x.csv'], 'give either --vary'],
    [['--vary', 'seed=1', '--shard', '0/2'], '--shard: expected <i>/<n>, such as 2/4'],
    [['--vary', 'seed=1', '--shard', '3/2'], '--shard: expected <i>/<n>'],
    [['--vary', 'seed=1', '--shard', '1/1001'], 'with n up to 1,000'],
    [['--vary', 'seed=1', '--worker-memory', '7'], '--worker-memory: expected a size with a unit'],
    [['--vary', 'seed=1', '--precision', '5'], 'Unknown argument: precision'],
  ])('%j', async (args, message) => {
    const { code, stderr } = await sweep(...args);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });

  test('--workers 0', async () => {
    const { code, stderr } = await run('sweep', scenario, '--vary', 'seed=1', '--workers', '0');
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining('--workers: expected a whole number from 1 to'),
    ]);
  });

  test('a folder with something else in it', async () => {
    writeFileSync(at('out'), 'thesis');
    expect((await sweep('--vary', 'seed=1', '--out', at('out'))).code).toBe(2);
    expect(readFileSync(at('out'), 'utf8')).toBe('thesis');
  });
});

describe('merge refuses', () => {
  beforeEach(async () => {
    for (const index of [1, 2]) {
      await sweep(...twoPoints, '--shard', `${index}/2`, '--out', at(`s${index}`), '--quiet');
    }
  });

  const merge = (...names: readonly string[]) => run('merge', ...names.map(at), '--out', at('merged'));

  test('a shard that is missing, or there twice', async () => {
    expect(await merge('s2')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('shard 1 is missing of 2'),
    });
    expect(await merge('s1', 's1', 's2')).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/is shard 1 of 2, and so is .*s1/),
    });
  });

  test('a target that is one of the shards, or a result of another kind', async () => {
    const before = readdirSync(at('s1'), { recursive: true });
    const into = await run('merge', at('s1'), at('s2'), '--out', at('s1'));
    expect([into.code, into.stderr]).toEqual([3, expect.stringContaining('is one of the shards')]);
    expect(readdirSync(at('s1'), { recursive: true })).toEqual(before);
    await run('simulate', scenario, '--out', at('simulated'), '--quiet');
    const simulated = readdirSync(at('simulated'));
    for (const other of [
      await run('merge', at('s1'), at('s2'), '--out', at('simulated')),
      await sweep('--vary', 'seed=1', '--out', at('simulated')),
      await run('simulate', scenario, '--out', at('s1')),
    ]) {
      expect([other.code, other.stderr]).toEqual([2, expect.stringContaining('that could be replaced')]);
    }
    expect(readdirSync(at('simulated'))).toEqual(simulated);
    expect(readdirSync(at('s1'), { recursive: true })).toEqual(before);
  });

  test.each([
    ['another seed', ['--seed', 'x'], 'seed x, not 42'],
    ['another scenario', ['--set', 'duration=1 min'], 'another scenario at point 1'],
  ])('a shard of %s', async (_, args, message) => {
    await sweep(...twoPoints, ...args, '--shard', '2/2', '--out', at('other'), '--quiet');
    expect(await merge('s1', 'other')).toMatchObject({ code: 3, stderr: expect.stringContaining(message) });
  });

  test('shards of other numbers, whole sweeps, and what is none', async () => {
    await sweep(...twoPoints, '--shard', '2/3', '--out', at('third'), '--quiet');
    expect((await merge('s1', 'third')).stderr).toContain('is shard 2 of 3, but');
    await sweep(...twoPoints, '--out', at('whole'), '--quiet');
    expect((await merge('whole')).stderr).toContain('is a whole sweep already, and no shard');
    expect((await merge('nowhere')).stderr).toContain('is no result of `mailflow sweep --shard`');
    expect(existsSync(at('merged'))).toBe(false);
  });

  test('a shard with a file that was changed, cut off or taken away', async () => {
    const folder = join(at('s1'), 'points', readdirSync(join(at('s1'), 'points'))[0]!);
    const file = join(folder, 'replications.json');
    const text = readFileSync(file, 'utf8');
    for (const damaged of [text.replace('"endMs":', '"endMs":1'), text.slice(0, 500), '{}', '']) {
      writeFileSync(file, damaged);
      expect((await merge('s1', 's2')).code).toBe(3);
    }
    rmSync(file);
    expect((await merge('s1', 's2')).code).toBe(3);
    for (const document of ['{}', '[]', 'null', '{"mailflow":"sweep/1","points":[null]}', 'x']) {
      writeFileSync(join(at('s2'), 'sweep.json'), document);
      expect((await merge('s1', 's2')).code).toBe(3);
    }
    expect(existsSync(at('merged'))).toBe(false);
  });
});

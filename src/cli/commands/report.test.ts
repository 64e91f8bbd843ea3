import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { smallScenario } from '../../../tests/measure/small-scenario.js';
import { simulate } from '../../runner/index.js';
import { processTag } from '../../runner/living-process.js';
import { main } from '../main.js';

let home: string;
let result: string;
let incomplete: string;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'mailflow-'));
  const scenario = join(home, 'scenario.json');
  const thresholds = [
    { metric: 'recipients.lost', equals: 0 },
    { metric: 'recipients.delivered', below: 10 },
  ];
  writeFileSync(scenario, smallScenario({ thresholds }));
  result = (await simulate(scenario, { version: '0.0.0', out: join(home, 'result') })).folder;
  const stopped = await simulate(scenario, { version: '0.0.0', out: join(home, 'stopped'), maxEvents: 500 });
  incomplete = stopped.folder;
}, 60_000);

beforeEach(() => {
  for (const name of ['report.html', 'report.md', 'report.xml']) rmSync(join(result, name), { force: true });
});

afterAll(() => rmSync(home, { recursive: true, force: true }));

async function report(...args: string[]) {
  let stdout = '';
  let stderr = '';
  const code = await main(['report', ...args], {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
  });
  return { code, stdout, stderr };
}

test('writes a page into the result folder, and ends with 0 even where a threshold failed', async () => {
  const { code, stdout, stderr } = await report(result);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const page = readFileSync(join(result, 'report.html'), 'utf8');
  expect(page).toMatch(/^<!doctype html>/);
  expect(page).toContain('1 FAIL');
  const bytes = String(Buffer.byteLength(page)).replace(/(?=(\d{3})+$)/g, ',');
  expect(stdout).toBe(`${join(result, 'report.html')}: ${bytes.replace(/^,/, '')} bytes\n`);
});

test.each([
  ['markdown', 'report.md', /^# small\n/],
  ['junit', 'report.xml', /^<\?xml version="1\.0"/],
])('--format %s writes %s', async (format, name, start) => {
  expect((await report(result, '--format', format)).code).toBe(0);
  expect(readFileSync(join(result, name), 'utf8')).toMatch(start);
});

test('--out takes a file, a folder, or - for standard output', async () => {
  const file = join(home, 'page.html');
  await report(result, '--out', file);
  expect(existsSync(file)).toBe(true);
  await report(result, '--format', 'junit', '--out', home);
  expect(existsSync(join(home, 'report.xml'))).toBe(true);
  const { stdout } = await report(result, '--format', 'markdown', '--out', '-');
  expect(stdout).toContain('## Verdicts');
  expect(existsSync(join(result, 'report.md'))).toBe(false);
});

test('--json tells the file, its size and the verdicts', async () => {
  const { code, stdout } = await report(result, '--json', '--format', 'junit', '--bound', 'submission=0');
  expect(code).toBe(0);
  const answer = JSON.parse(stdout);
  expect(answer).toMatchObject({
    mailflow: 'report/1',
    format: 'junit',
    file: join(result, 'report.xml'),
    incomplete: false,
    verdicts: { pass: 1, fail: 1, undecided: 0 },
  });
  expect(answer.bytes).toBe(readFileSync(join(result, 'report.xml')).length);
  const bounds = new Map(
    answer.queueBounds.map((each: { counter: string; bound: number }) => [each.counter, each.bound]),
  );
  expect([bounds.get('submission'), bounds.get('largestDelivery')]).toEqual([0, 200]);
});

test('an incomplete result is said to be one, at the top and on standard error', async () => {
  expect(incomplete).toMatch(/\.partial$/);
  const { code, stdout, stderr } = await report(incomplete, '--format', 'markdown', '--out', '-');
  expect(code).toBe(0);
  expect(stdout.split('\n')[2]).toContain('INCOMPLETE');
  expect(stderr).toContain('the result is incomplete');
});

test('a result with a report in it can be replaced by another run', async () => {
  await report(result);
  const again = await simulate(join(home, 'scenario.json'), { version: '0.0.0', out: result });
  expect(again.stoppedBy).toBeNull();
  expect(existsSync(join(result, 'report.html'))).toBe(false);
});

test("what a killed report left in a result is in nobody's way; what a living one writes is", async () => {
  const { pid } = spawnSync(process.execPath, ['--version']);
  const left = (tag: string) => join(result, `report.html.${tag}-0123abcd.partial`);
  const gone = processTag().replace(/\d+$/, String(pid));
  writeFileSync(left(gone), '<html');
  const options = { version: '0.0.0', out: result };
  await simulate(join(home, 'scenario.json'), options);
  expect(existsSync(left(gone))).toBe(false);
  writeFileSync(left(gone), '<html');
  expect((await report(result)).code).toBe(0);
  expect(existsSync(left(gone))).toBe(false);
  writeFileSync(left(processTag()), '<html');
  await expect(simulate(join(home, 'scenario.json'), options)).rejects.toThrow(
    /holds report\.html.*partial beside/,
  );
  rmSync(left(processTag()));
  rmSync(`${result}.partial`, { recursive: true, force: true });
});

test('a result of a version without outline.json and latency.csv has a page, too', async () => {
  const old = join(home, 'old');
  const { folder } = await simulate(join(home, 'scenario.json'), { version: '0.0.0', out: old });
  for (const name of ['outline.json', 'latency.csv']) rmSync(join(folder, name));
  expect((await report(old)).code).toBe(0);
  expect(readFileSync(join(old, 'report.html'), 'utf8')).toContain('no outline.json');
});

test('what is no result is bad input; what cannot be meant is wrong usage', async () => {
  const missing = await report(join(home, 'nowhere'));
  expect(missing).toMatchObject({ code: 3, stdout: '' });
  expect(missing.stderr).toContain('there is no such folder');
  expect((await report(home)).stderr).toContain('it holds no summary.json');
  const broken = join(home, 'broken');
  await simulate(join(home, 'scenario.json'), { version: '0.0.0', out: broken });
  const summary = JSON.parse(readFileSync(join(broken, 'summary.json'), 'utf8'));
  for (const text of ['{', '[]', JSON.stringify({ ...summary, queues: [{ server: 1 }] })]) {
    writeFileSync(join(broken, 'summary.json'), text);
    expect(await report(broken)).toMatchObject({ code: 3 });
  }
  const nowhere = join(home, 'nowhere');
  expect((await report(result, '--out', join(nowhere, 'page.html'))).stderr).toBe(
    `cannot write ${join(nowhere, 'page.html')}: there is no folder ${nowhere}: choose another file, or a folder that is ` +
      'there, with --out\n',
  );
  expect((await report(result, '--bound', 'sumbission=3')).stderr).toContain('submission');
  for (const wrong of [
    ['--bound', 'submission'],
    ['--bound', 'submission=-1'],
    ['--bound', 'submission=1', 'submission=2'],
    ['--format', 'pdf'],
    ['--json', '--out', '-'],
    ['--out', join(home, 'nowhere', 'page.html')],
    ['--out', join(result, 'summary.json', 'page.html')],
    ['--out', '/dev/null'],
  ]) {
    expect((await report(result, ...wrong)).code, wrong.join(' ')).toBe(2);
  }
});

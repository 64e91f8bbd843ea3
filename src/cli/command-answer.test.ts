import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { smallScenario } from '../../tests/measure/small-scenario.js';
import { shortRun } from '../../tests/runs/result-bytes.js';
import { answerCommands } from '../runner/own-files.js';
import { answering } from './command-answer.js';
import { UnkeptAnswerError } from './errors.js';
import { main } from './main.js';
import { reportFailure } from './report-failure.js';

let fixed: string;
let home: string;
let out: string;

async function run(...args: readonly string[]) {
  let stdout = '';
  let stderr = '';
  const code = await main(args, {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
  });
  return { code, stdout, stderr };
}

beforeAll(async () => {
  fixed = mkdtempSync(join(tmpdir(), 'mailflow-answers-'));
  const scenario = JSON.parse(smallScenario(shortRun));
  writeFileSync(join(fixed, 'scenario.json'), JSON.stringify(scenario));
  scenario.organization.siteLinks[0].cost = 20;
  writeFileSync(join(fixed, 'changed.json'), JSON.stringify(scenario));
  await run('simulate', join(fixed, 'scenario.json'), '--out', join(fixed, 'result'));
  return () => rmSync(fixed, { recursive: true, force: true });
}, 60_000);

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'mailflow-answer-'));
  out = join(home, 'deep', 'answer');
});

afterEach(() => rmSync(home, { recursive: true, force: true }));

const file = (name: string) => join(fixed, name);
const rate = ['--vary', 'workloads.0.messagesPerSecond', '--between', '1', '2', '--replications', '1'];

/** A command line of each command, without `--out`. */
const lines = (): Readonly<Record<(typeof answerCommands)[number], readonly string[]>> => ({
  capacity: ['capacity', file('scenario.json'), ...rate, '--workers', '1'],
  check: ['check', file('scenario.json')],
  compare: ['compare', file('result'), file('result')],
  diff: ['diff', file('scenario.json'), file('changed.json')],
  failures: ['failures', file('scenario.json')],
  route: ['route', file('scenario.json'), '--from', 'A1', '--to', 'b@contoso.com'],
});

describe.each(answerCommands)('%s --out', (command) => {
  test('writes what it answers, as a document and as text', async () => {
    const text = await run(...lines()[command]);
    const json = await run(...lines()[command], '--json');
    const kept = await run(...lines()[command], '--out', out);
    expect(kept).toMatchObject({ code: text.code, stdout: text.stdout });
    expect(kept.stderr).toContain(`written to ${out}\n`);
    expect(readdirSync(out).sort()).toEqual([`${command}.json`, `${command}.txt`]);
    expect(readFileSync(join(out, `${command}.json`), 'utf8')).toBe(json.stdout);
    expect(readFileSync(join(out, `${command}.txt`), 'utf8')).toBe(text.stdout);
    // An older answer is replaced, and with --json standard output holds the document alone.
    writeFileSync(join(out, `${command}.txt`), 'old');
    const again = await run(...lines()[command], '--out', out, '--json', '--quiet');
    expect(again.stdout).toBe(json.stdout);
    expect(readFileSync(join(out, `${command}.txt`), 'utf8')).toBe(text.stdout);
    expect(readdirSync(join(home, 'deep'))).toEqual(['answer']);
  }, 60_000);

  test('2: leaves what is something else alone, and says so before it begins', async () => {
    mkdirSync(out, { recursive: true });
    writeFileSync(join(out, 'thesis.txt'), 'years of work');
    const refused = await run(...lines()[command], '--out', out, '--json');
    expect(refused.code).toBe(2);
    expect(JSON.parse(refused.stdout).errors[0].message).toContain('holds something else than a result');
    expect([readdirSync(out), existsSync(`${out}.partial`)]).toEqual([['thesis.txt'], false]);
  });
});

describe('an answer', () => {
  test.each([false, true])(
    'that cannot be written is on standard output, the reason on standard error (json: %s)',
    async (json) => {
      const given: string[] = [];
      const context = {
        json,
        answer: (text: string) => void given.push(text),
        tell: () => {},
        warn: () => {},
      };
      const answer = { json: () => ['{ "mailflow": ', '"check/1" }\n'], text: () => 'all is well\n' };
      const giving = answering('check', out, context, async (give) => {
        mkdirSync(join(out, 'in the way'), { recursive: true });
        give(answer);
      });
      await expect(giving).rejects.toThrow(UnkeptAnswerError);
      await expect(giving).rejects.toThrow(`the new result stays in ${out}.partial`);
      expect(given.join('')).toBe(json ? '{ "mailflow": "check/1" }\n' : 'all is well\n');
      expect(readdirSync(`${out}.partial`).sort()).toEqual(['check.json', 'check.txt']);
      expect(readdirSync(out)).toEqual(['in the way']);

      let [stdout, stderr] = ['', ''];
      const code = await reportFailure(new UnkeptAnswerError('no space is left'), json, {
        stdout: { write: (text) => (stdout += text) },
        stderr: { write: (text) => (stderr += text) },
      });
      expect([code, stdout, stderr]).toEqual([2, '', 'no space is left\n']);
    },
  );

  test("takes the place of no other command's, of no result, and of nothing that has more in it", async () => {
    await run(...lines().check, '--out', out);
    const other = await run(...lines().route, '--out', out);
    expect([other.code, other.stderr]).toEqual([
      2,
      `${out} holds an answer of \`mailflow check\`, not an answer of \`mailflow route\` that could be replaced: ` +
        'choose another folder with --out\n',
    ]);
    const result = await run(...lines().route, '--out', file('result'));
    expect([result.code, result.stderr]).toEqual([
      2,
      expect.stringContaining('holds the result of a simulation'),
    ]);
    const over = await run('simulate', file('scenario.json'), '--out', out);
    expect([over.code, over.stderr]).toEqual([
      2,
      expect.stringContaining('holds an answer of `mailflow check`'),
    ]);
    writeFileSync(join(out, 'notes.txt'), '');
    const more = await run(...lines().check, '--out', out);
    expect([more.code, more.stderr]).toEqual([2, expect.stringContaining('holds notes.txt beside a result')]);
  });

  test('with errors in it is one: exit 3, and written', async () => {
    const broken = join(home, 'broken.json');
    writeFileSync(broken, smallScenario({ sead: 1 }));
    expect((await run('check', broken, '--out', out)).code).toBe(3);
    expect(JSON.parse(readFileSync(join(out, 'check.json'), 'utf8')).errors).toHaveLength(1);
  });

  test('that a command does not come to leaves the older one', async () => {
    await run(...lines().route, '--out', out);
    const before = readFileSync(join(out, 'route.json'), 'utf8');
    const unknown = await run(
      'route',
      file('scenario.json'),
      '--from',
      'Z9',
      '--to',
      'b@contoso.com',
      '--out',
      out,
    );
    expect(unknown.code).toBe(3);
    const stopped = await run(...lines().capacity, '--max-wall', '0 s', '--out', `${out}2`);
    expect(stopped.code).toBe(7);
    expect(readFileSync(join(out, 'route.json'), 'utf8')).toBe(before);
    expect(readdirSync(join(home, 'deep'))).toEqual(['answer']);
  });

  test('that is not whole is told, and not written', async () => {
    const long = join(home, 'long.json');
    writeFileSync(long, smallScenario({ duration: '5 h', replications: 3 }));
    let [stdout, stderr] = ['', ''];
    const code = await main(['failures', long, '--simulate', '1', '--workers', '1', '--json', '--out', out], {
      stdout: { write: (text) => (stdout += text) },
      stderr: {
        write: (text) => {
          stderr += text;
          if (text.startsWith('simulating')) process.emit('SIGINT');
        },
      },
    });
    expect([code, JSON.parse(stdout).incomplete]).toEqual([130, true]);
    expect(stderr).toContain(`warning: nothing is written to ${out}, as the answer is not whole\n`);
    expect(readdirSync(join(home, 'deep'))).toEqual([]);
  }, 60_000);

  test('half written by a run that was killed is cleared away by the next', async () => {
    mkdirSync(`${out}.partial`, { recursive: true });
    writeFileSync(join(`${out}.partial`, 'check.json'), '{"mailf');
    expect((await run(...lines().check, '--out', out)).code).toBe(0);
    expect(readdirSync(join(home, 'deep'))).toEqual(['answer']);
  });

  test('of diff lists all changes as a document, whatever the text shows', async () => {
    await run(...lines().diff, '--out', out);
    const { changes, summary } = JSON.parse(readFileSync(join(out, 'diff.json'), 'utf8'));
    expect([changes.length > 0, summary.listed]).toEqual([true, changes.length]);
    const limited = await run(...lines().diff, '--out', out, '--limit', '1', '--fail-on-change');
    expect(limited.code).toBe(5);
    expect(JSON.parse(readFileSync(join(out, 'diff.json'), 'utf8')).changes).toHaveLength(1);
  });
});

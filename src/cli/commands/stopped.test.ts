import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { smallScenario } from '../../../tests/measure/small-scenario.js';
import { main } from '../main.js';

const large = fileURLToPath(new URL('../../../bench/scenarios/large-organization.yaml', import.meta.url));

let home: string;
let scenario: string;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'mailflow-stopped-'));
  scenario = join(home, 'scenario.json');
  writeFileSync(scenario, smallScenario());
});

afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Runs a command line; `act` is called once: when it says what `when` matches, or as soon as it takes signals over. */
async function run(
  args: readonly string[],
  when: RegExp | 'signals are taken over',
  act = () => void process.emit('SIGINT'),
) {
  let stdout = '';
  let stderr = '';
  let hasActed = false;
  const once = () => {
    if (!hasActed) act();
    hasActed = true;
  };
  const listeners = process.listenerCount('SIGINT');
  const timer = setInterval(() => {
    if (!(when instanceof RegExp) && process.listenerCount('SIGINT') > listeners) once();
  }, 1);
  const code = await main(args, {
    stdout: { write: (text) => (stdout += text) },
    stderr: {
      write: (text) => {
        stderr += text;
        if (when instanceof RegExp && when.test(stderr)) once();
      },
    },
  });
  clearInterval(timer);
  expect(process.listenerCount('SIGINT')).toBe(listeners);
  return { code, stdout, stderr };
}

/** The one document on standard output: what went wrong, with the exit code. */
function errorsIn({ code, stdout }: { readonly code: number; readonly stdout: string }): readonly string[] {
  const { mailflow, exitCode, errors } = JSON.parse(stdout);
  expect([mailflow, exitCode]).toEqual(['error/1', code]);
  return errors.map(({ message }: { message: string }) => message);
}

const rate = ['--vary', 'workloads.0.messagesPerSecond', '--between', '1', '8'] as const;

describe('what was stopped before it came to an answer has one JSON document', () => {
  test('130: capacity, interrupted', async () => {
    const args = ['capacity', scenario, ...rate, '--workers', '1', '--replications', '1'];
    const stopped = await run([...args, '--json'], /trying 8/);
    expect(stopped.code).toBe(130);
    expect(errorsIn(stopped)).toEqual(['interrupted: no value found; tried so far: 1 pass']);
    const told = await run(args, /trying 1/);
    expect([told.code, told.stdout]).toEqual([130, '']);
    expect(told.stderr).toMatch(/\ninterrupted: no value found; tried so far: none to its end\n$/);
  }, 60_000);

  test('7: capacity, stopped by --max-wall', async () => {
    const stopped = await run(['capacity', scenario, ...rate, '--max-wall', '0 s', '--json'], /nothing/);
    expect(stopped.code).toBe(7);
    expect(errorsIn(stopped)).toEqual([
      'stopped by --max-wall: no value found; tried so far: none to its end',
    ]);
  });

  test('6: capacity, of which a replication failed', async () => {
    // Its folder is taken away from under it: what it measures cannot be written.
    const before = process.env['TMPDIR'];
    const own = mkdtempSync(join(home, 'tmp-'));
    process.env['TMPDIR'] = own;
    try {
      const args = ['capacity', scenario, ...rate, '--workers', '1', '--replications', '2', '--json'];
      const stopped = await run(args, /trying 1/, () => {
        const [folder] = readdirSync(own);
        rmSync(join(own, folder!), { recursive: true });
      });
      expect(stopped.code).toBe(6);
      expect(errorsIn(stopped)).toEqual([
        expect.stringMatching(/^replication 1 failed: /),
        expect.stringMatching(/^replication 2 failed: /),
        'no value found; tried so far: none to its end',
      ]);
    } finally {
      if (before === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = before;
    }
  }, 60_000);

  test('130: a sweep, while it reads its points', async () => {
    const values = Array.from({ length: 10_000 }, (_, index) => index + 1).join(',');
    const out = join(home, 'out');
    const stopped = await run(
      ['sweep', scenario, '--vary', `workloads.0.messagesPerSecond=${values}`, '--out', out, '--json'],
      'signals are taken over',
    );
    expect(stopped.code).toBe(130);
    expect(errorsIn(stopped)).toEqual([
      expect.stringMatching(/^interrupted: \d+ of 10000 points had been read, and nothing was run$/),
    ]);
  }, 60_000);

  test('130: failures --pairs, while it looks at them', async () => {
    const stopped = await run(['failures', large, '--pairs', '--json'], 'signals are taken over');
    expect(stopped.code).toBe(130);
    expect(errorsIn(stopped)).toEqual([
      expect.stringMatching(/^interrupted: [\d,]+ failures had been looked at, and nothing was simulated$/),
    ]);
  }, 60_000);

  test('130: failures --simulate has its answer as far as it is, and says that it is not all', async () => {
    const long = join(home, 'long.json');
    writeFileSync(long, smallScenario({ duration: '5 h', replications: 3 }));
    const stopped = await run(['failures', long, '--simulate', '3', '--json'], /simulating/);
    expect(stopped.code).toBe(130);
    expect(JSON.parse(stopped.stdout)).toMatchObject({
      mailflow: 'failures/1',
      incomplete: true,
      thresholdsBefore: null,
    });
    expect(stopped.stderr).toContain('interrupted: 0 of 3 failures have been simulated\n');
  }, 60_000);
});

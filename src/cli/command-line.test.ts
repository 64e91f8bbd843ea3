import { expect, test } from 'vitest';
import { type CommandEntry, defineCommand, exitCodes } from './command.js';
import { runCommandLine } from './command-line.js';
import { UsageError } from './errors.js';
import { commands, main } from './main.js';

const probe = defineCommand({
  positionals: { file: { type: 'string', demandOption: true } },
  options: {
    seed: { type: 'string' },
    'max-events': { type: 'string' },
    down: { type: 'string', array: true },
    fail: { choices: ['usage', 'bug'] },
  },
  async run(args, context) {
    if (args.fail === 'usage') throw new UsageError('--down and --seed do not go together');
    if (args.fail === 'bug') throw new TypeError('x is not a function');
    const { json, quiet, root } = context;
    context.tell('working\n');
    context.warn('look\n');
    const { file, seed, maxEvents, down } = args;
    context.answerJson({ file, seed, maxEvents, down, json, quiet, root });
    return exitCodes.thresholdFailed;
  },
});

const entries: readonly CommandEntry[] = [
  { usage: 'probe <file>', describe: 'probes', load: async () => ({ command: probe }) },
  {
    usage: 'never',
    describe: 'is never loaded',
    load: () => {
      throw new Error('loaded');
    },
  },
];

async function run(...argv: string[]) {
  const written = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof written) => ({
    write: (text: string) => {
      written[name] += text;
    },
  });
  const exitCode = await runCommandLine(entries, argv, {
    stdout: stream('stdout'),
    stderr: stream('stderr'),
  });
  return { exitCode, ...written };
}

test('arguments reach the command as they were typed: numbers stay text, lists follow one another', async () => {
  const { exitCode, stdout, stderr } = await run(
    'probe',
    '12e1',
    '--seed',
    '007',
    '--max-events',
    '1e3',
    '--down',
    'A',
    'B',
    '--root',
    '.',
  );
  expect(exitCode).toBe(4);
  expect(JSON.parse(stdout)).toEqual({
    file: '12e1',
    seed: '007',
    maxEvents: '1e3',
    down: ['A', 'B'],
    json: false,
    quiet: false,
    root: '.',
  });
  expect(stderr).toBe('working\nlook\n');
});

test.each([
  [['probe', ''], 'file: expected the name of a file or a folder, got ""'],
  [['probe', 'x', '--root', ''], '--root: expected the name of a file or a folder, got ""'],
  [['probe', 'x', '--root', 'nowhere'], '--root: expected a folder that is there, got "nowhere"'],
  [['probe', 'x', '--root', 'package.json'], '--root: expected a folder that is there, got "package.json"'],
])('2: %j names no file or folder', async (argv, message) => {
  expect(await run(...argv)).toMatchObject({
    exitCode: 2,
    stdout: '',
    stderr: expect.stringContaining(message) as unknown,
  });
});

test.each(['simulate', 'sweep', 'merge', 'report'])('2: %s --out ""', async (command) => {
  let told = '';
  const stream = { write: (text: string) => (told += text) };
  const argv = [command, 'x', '--out', '', ...(command === 'sweep' ? ['--vary', 'seed=1'] : [])];
  expect(await main(argv, { stdout: stream, stderr: stream })).toBe(2);
  expect(told).toContain('--out: expected the name of a file or a folder, got ""');
});

test('--quiet silences prose, not warnings', async () => {
  expect((await run('probe', 'x', '--quiet')).stderr).toBe('look\n');
});

test('--help lists the commands without loading them, whatever stands beside it', async () => {
  const alone = await run('--help');
  expect(alone).toEqual({ exitCode: 0, stdout: expect.any(String), stderr: '' });
  expect(alone.stdout).toContain(
    '\n  mailflow probe <file>  probes\n  mailflow never         is never loaded\n',
  );
  expect(alone.stdout).toContain('\n  --json     one JSON document on standard output');
  for (const argv of [
    ['--json', '--help'],
    ['--root', 'x', '--help'],
    ['--help', '--quiet'],
  ]) {
    expect(await run(...argv)).toEqual(alone);
  }
});

test('--help after a command is about that', async () => {
  const { exitCode, stdout, stderr } = await run('probe', '--help');
  expect([exitCode, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^mailflow probe <file>\n/);
  for (const option of ['--json ', '--max-events ']) expect(stdout).toContain(`\n  ${option}`);
});

test('what --help says fits a terminal', async () => {
  let help = '';
  await main(['--help'], { stdout: { write: (text) => (help += text) }, stderr: { write: () => true } });
  expect(Math.max(...help.split('\n').map((line) => line.length))).toBeLessThanOrEqual(110);
  for (const { usage, describe } of Object.values(commands)) {
    expect(help).toContain(`  mailflow ${usage} `);
    expect(help).toContain(`  ${describe}\n`);
  }
});

test.each([
  [[], 'a command is needed'],
  [['prob'], 'unknown command "prob" (did you mean "probe"?)'],
  [['nonsense'], 'unknown command "nonsense" (known: never, probe)'],
  [['probe'], 'Not enough non-option arguments'],
  [['probe', 'a', 'b'], 'Unknown argument: b'],
  [['probe', 'a', '--bogus'], 'Unknown argument: bogus'],
  [['probe', 'a', '--max-bogus', '1'], 'Unknown argument: max-bogus\n'],
  [['probe', 'a', '--max-bogus', '--more-bogus', '--odd'], 'Unknown arguments: max-bogus, more-bogus, odd\n'],
  [['probe', 'a', '--seed'], 'Not enough arguments following: seed'],
  [['probe', 'a', '--seed', '1', '--seed', '2'], '--seed is given more than once'],
  [['probe', 'a', '--root', '1', '--root', '2'], '--root is given more than once'],
  [['probe', 'a', '--fail', 'often'], 'Choices: "usage", "bug"'],
  [['probe', 'a', '--fail', 'usage'], '--down and --seed do not go together'],
])('%j is a usage error: exit 2, said on standard error', async (argv, expected) => {
  const { exitCode, stdout, stderr } = await run(...argv);
  expect(exitCode).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toContain(expected);
  expect(stderr).not.toContain('    at ');
});

test('with --json an error is one document on standard output', async () => {
  const { exitCode, stdout, stderr } = await run('probe', '--json');
  expect(exitCode).toBe(2);
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual({
    mailflow: 'error/1',
    exitCode: 2,
    errors: [{ file: null, line: null, column: null, path: null, message: expect.any(String), hint: null }],
  });
});

test('our own bug is exit 1, asks to be reported, and shows no stack', async () => {
  const { exitCode, stderr } = await run('probe', 'a', '--fail', 'bug');
  expect(exitCode).toBe(1);
  expect(stderr).toBe(
    'internal error: TypeError: x is not a function (this is a bug in mailflow: please report it with the command line and the input files)\n',
  );
});

test('a command that does not load is our own bug, not a usage error', async () => {
  expect((await run('never')).exitCode).toBe(1);
});

test('what follows -- is what is asked about, whatever stands before it and however it begins', async () => {
  const of = async (...argv: string[]) => {
    const { exitCode, stdout } = await run(...argv);
    expect(exitCode).toBe(4);
    return JSON.parse(stdout);
  };
  expect(await of('probe', '--', 'a.yaml')).toMatchObject({ file: 'a.yaml' });
  expect(await of('probe', '--down', 'A', 'B', '--', 'c.yaml')).toMatchObject({
    file: 'c.yaml',
    down: ['A', 'B'],
  });
  expect(await of('probe', '--seed', '1', '--', '--json')).toMatchObject({
    file: './--json',
    seed: '1',
    json: false,
  });
  expect(await of('probe', '--', '-x')).toMatchObject({ file: './-x' });
  expect(await of('probe', '--', '-')).toMatchObject({ file: './-' });
  expect(await of('probe', 'a.yaml', '--')).toMatchObject({ file: 'a.yaml' });
  const tooMany = await run('probe', 'a.yaml', '--', 'b.yaml');
  expect([tooMany.exitCode, tooMany.stderr]).toEqual([2, expect.stringContaining('b.yaml')]);
});

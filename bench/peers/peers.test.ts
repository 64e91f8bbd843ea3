import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { comparePeers } from './compare-peers.js';
import type { Engine } from './engine.js';
import { main } from './main.js';
import { type Peer, peers } from './peers.js';
import { peersTables } from './peers-table.js';
import { parseReply } from './reply.js';
import { peerWorkloads } from './workloads.js';

/** An engine whose every run takes so long and says so; `reply` is the text of a function of n, seed and workload. */
const engine = (name: string, reply: string): Engine => ({
  name,
  command: (workload) => ({
    program: process.execPath,
    args: [
      '-e',
      `const reply = ${reply};
      require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
        console.log(JSON.stringify(reply(...line.split(' ').map(Number), process.argv[1])));
      });`,
      workload,
    ],
  }),
});
const theory = '{ mm1: 4, tandem: 8.7277, hold: n / 100000, timeouts: 0.05 }';
const right = (seconds: string) =>
  `(n, seed, workload) => ({ operations: 2 * n, seconds: ${seconds}, answer: (${theory})[workload] })`;

describe('a reply', () => {
  test('is a line with operations, seconds and an answer, or what is wrong', () => {
    expect(parseReply('{"operations":20,"seconds":0.5,"answer":4}')).toEqual({
      operations: 20,
      seconds: 0.5,
      outcome: { answer: 4 },
    });
    expect(parseReply('{"operations":20,"seconds":0.5,"wrong":null}').outcome).toEqual({ wrong: null });
    expect(parseReply('{"operations":20,"seconds":0.5,"wrong":"far off"}').outcome).toEqual({
      wrong: 'far off',
    });
  });

  test.each([
    'Traceback (most recent call last):',
    '4',
    'null',
    '{"operations":20,"seconds":0.5}',
    '{"operations":20,"seconds":0.5,"answer":"4"}',
    '{"operations":20,"seconds":0.5,"answer":null}',
    '{"operations":"20","seconds":0.5,"answer":4}',
    '{"operations":20,"seconds":0,"answer":4}',
    '{"operations":0,"seconds":1,"answer":4}',
  ])('that is none is refused, and quoted: %s', (line) => {
    expect(() => parseReply(`${line}\n`)).toThrow(`got ${line}`);
  });
});

test.each([
  ['mm1', 1_000_000, 4, 0.2223],
  ['tandem', 300_000, 8.7277, 0.35],
  ['hold', 1_000_000, 10, 0.05],
  ['timeouts', 200_000, 0.05, 0.002437],
])(
  '%s: an answer is right within the tolerance of its size, which grows as the size falls',
  (name, size, value, tolerance) => {
    const { check } = peerWorkloads.find((workload) => workload.name === name)!;
    expect(check(value, size)).toBeUndefined();
    for (const sign of [1, -1]) {
      expect(check(value + sign * 0.99 * tolerance, size)).toBeUndefined();
      expect(check(value + sign * 1.01 * tolerance, size)).toContain(`by theory ${value}`);
    }
    expect(check(Number.NaN, size)).toBeDefined();
    if (name !== 'hold') expect(check(value + 1.9 * tolerance, size / 4)).toBeUndefined();
  },
);

describe('a comparison', () => {
  const workloads = peerWorkloads.filter(({ name }) => name === 'mm1' || name === 'hold');
  const compare = (engines: readonly Engine[]) =>
    comparePeers(engines, workloads, { rounds: 3, quick: true }, () => {});

  test('has a rate for each round but the first, which warms up', async () => {
    const { figures, failures } = await compare([engine('one', right('seed')), engine('two', right('0.5'))]);
    expect(failures).toEqual([]);
    expect(figures).toEqual([
      { engine: 'one', workload: 'mm1', rates: [100_000, 200_000 / 3, 50_000] },
      { engine: 'two', workload: 'mm1', rates: [400_000, 400_000, 400_000] },
      { engine: 'one', workload: 'hold', rates: [200_000, 400_000 / 3, 100_000] },
      { engine: 'two', workload: 'hold', rates: [800_000, 800_000, 800_000] },
    ]);
  });

  test('gives a slow engine the size of a quick run, and checks its answer by that', async () => {
    const ofSize = '(n) => ({ operations: n, seconds: 1, answer: n / 100000 })';
    const { figures, failures } = await comparePeers(
      [engine('quick', ofSize), { ...engine('slow', ofSize), isSlow: true }],
      peerWorkloads.filter(({ name }) => name === 'hold'),
      { rounds: 1, quick: false },
      () => {},
    );
    expect(failures).toEqual([]);
    expect(figures.map(({ rates }) => rates)).toEqual([[1_000_000], [200_000]]);
  });

  test('leaves out an engine that is wrong, ends or cannot be started, and says which', async () => {
    const wrong = `(n, seed) => ({ operations: n, seconds: 1, answer: seed < 3 ? 4 : 5 })`;
    const { figures, failures } = await comparePeers(
      [
        engine('right', right('1')),
        engine('wrong later', wrong),
        engine('its own judge', `() => ({ operations: 1, seconds: 1, wrong: 'two runs differ' })`),
        engine('ends', '() => process.exit(7)'),
        { name: 'not there', command: () => ({ program: 'no-such-program-at-all', args: [] }) },
      ],
      workloads.slice(0, 1),
      { rounds: 3, quick: true },
      () => {},
    );
    expect(figures.map(({ engine: name, rates }) => [name, rates.length])).toEqual([['right', 3]]);
    expect(failures.toSorted()).toEqual([
      'ends, mm1: it ended with 7',
      'its own judge, mm1: two runs differ',
      expect.stringMatching(/^not there, mm1: .*ENOENT/),
      expect.stringMatching(/^wrong later, mm1: mean wait 5, by theory 4 /),
    ]);
  });
});

test('loops written by hand come to the answers of theory in all four workloads', async () => {
  const places = { python: undefined, compiler: '', simjs: undefined, scratch: '' };
  const byHand = peers.find(({ name }) => name === 'JavaScript by hand')!.find(places);
  expect(byHand).toHaveLength(2);
  const { figures, failures } = await comparePeers(
    byHand,
    peerWorkloads,
    { rounds: 1, quick: true },
    () => {},
  );
  expect(failures).toEqual([]);
  expect(figures).toHaveLength(8);
}, 30_000);

test('the tables have the median rates, and the median, lowest and highest ratio of the rounds', () => {
  const workloads = [
    { name: 'mm1', title: 'M/M/1' },
    { name: 'hold', title: 'hold' },
  ];
  const figures = [
    { engine: 'ours', workload: 'mm1', rates: [20e6, 30e6, 10e6, 40e6] },
    { engine: 'ours', workload: 'hold', rates: [10e6, 10e6, 10e6, 10e6] },
    { engine: 'std::a|b', workload: 'mm1', rates: [10e6, 10e6, 10e6, 10e6] },
    { engine: 'slow', workload: 'hold', rates: [10e3, 20e3, 40e3, 50e3] },
  ];
  expect(peersTables(figures, workloads, 'ours')).toBe(`\
| million operations a second | M/M/1 |   hold |
| --------------------------- | ----: | -----: |
| ours                        |  25.0 |   10.0 |
| std::a\\|b                   |  10.0 |      – |
| slow                        |     – | 0.0300 |

| ours against |              M/M/1 |             hold |
| ------------ | -----------------: | ---------------: |
| std::a\\|b    | 2.50 × (1.00–4.00) |                – |
| slow         |                  – | 375 × (200–1000) |
`);
});

describe('the program', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'peers-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const own = engine('mailflow', right('0.1'));
  const there: Peer = {
    name: 'Another',
    install: 'nothing to do',
    find: () => [engine('Another 1.2', right('0.2'))],
  };
  const missing: Peer = { name: 'Absent', install: 'fetch it from the moon', find: () => [] };
  const run = async (args: readonly string[], peers: readonly Peer[]) => {
    const text = { out: '', err: '' };
    const exitCode = await main(['--out', folder, '--rounds', '2', ...args], own, peers, {
      out: (chunk) => {
        text.out += chunk;
      },
      err: (chunk) => {
        text.err += chunk;
      },
    });
    return { exitCode, ...text };
  };

  test('names the peers that are missing and how they are installed, and compares the others', async () => {
    const { exitCode, out, err } = await run(['--only', 'mm1', '--quick'], [missing, there]);
    expect(exitCode).toBe(0);
    expect(err).toContain('missing: Absent; to install it: fetch it from the moon\n');
    expect(err).not.toContain('Another');
    expect(out).toContain('2.00 × (2.00–2.00)');
    expect(out).toMatch(
      /\nProcessor time, 2 rounds, quick; .+, \d+ cores?, \w+, Node\.js [\d.]+, \d{4}-\d\d-\d\d\.\n$/,
    );
    expect(out).not.toContain(hostname());
    expect(readFileSync(join(folder, 'peers.md'), 'utf8')).toBe(out);
    const json = JSON.parse(readFileSync(join(folder, 'peers.json'), 'utf8')) as { figures: unknown };
    expect(json).toMatchObject({ rounds: 2, quick: true });
    expect(json.figures).toEqual([
      { engine: 'mailflow', workload: 'mm1', rates: [2e6, 2e6] },
      { engine: 'Another 1.2', workload: 'mm1', rates: [1e6, 1e6] },
    ]);
  });

  test('without any peer there are the own rates alone', async () => {
    const { exitCode, out } = await run(['--only', 'mm1', '--quick', '--rounds', '1'], [missing]);
    expect(exitCode).toBe(0);
    expect(out).toContain('| mailflow ');
    expect(out).not.toContain('against');
    expect(out).toContain('\nProcessor time, 1 round, quick; ');
  });

  test('a wrong answer is exit code 1', async () => {
    const liar = {
      ...there,
      find: () => [engine('Liar', '() => ({ operations: 1, seconds: 1, answer: 3 })')],
    };
    const { exitCode, err } = await run(['--only', 'mm1', '--quick'], [liar]);
    expect(exitCode).toBe(1);
    expect(err).toContain('FAILED Liar, mm1: mean wait 3, by theory 4 ');
  });

  test.each([
    ['an unknown option', ['--fast'], '--fast'],
    ['no whole number of rounds', ['--rounds', '1.5'], '1.5'],
    ['no round', ['--rounds', '0'], '--rounds'],
    ['an unknown workload', ['--only', 'mm2'], '"mm2"'],
  ])('%s is exit code 2', async (_, args, named) => {
    const { exitCode, err } = await run(args, [missing]);
    expect(exitCode).toBe(2);
    expect(err.split('\n')[0]).toContain(named);
    expect(err).not.toContain('Absent');
  });
});

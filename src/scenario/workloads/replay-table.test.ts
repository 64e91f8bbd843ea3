import { expect, test } from 'vitest';
import { decodeScenario } from '../decode-scenario.js';
import { ScenarioError } from '../problem.js';
import type { ReplayWorkload } from './replay.js';

function replay(table: string, { start = '2024-04-02T06:00Z', more = '' } = {}): ReplayWorkload['messages'] {
  const text = `mailflow: 1
organization: { organization: contoso.com, sites: [{ name: A }], servers: [{ name: A1, site: A }] }
start: ${start}
duration: 1 h
workloads: [{ kind: replay, file: day.csv${more} }]
`;
  const readFile = () => ({ name: 'dir/day.csv', content: new TextEncoder().encode(table) });
  const [workload] = decodeScenario(text, 's.yaml', { readFile }).scenario.workloads;
  return (workload as ReplayWorkload).messages;
}

function problemsOf(...args: Parameters<typeof replay>): string[] {
  try {
    replay(...args);
    return [];
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    return error.message.split('\n');
  }
}

test('rows become messages in order of time, equal times in the order of the file', () => {
  const table = `\ufeffsize_bytes,To,from,time
10,u2@contoso.com u3@contoso.com,a@b.example,2024-04-02T06:00:05.250Z
20,"u1@contoso.com",a@b.example,1000

30,u2@contoso.com,a@b.example,2024-04-02T08:00:01+02:00
`;
  expect(replay(table)).toEqual([
    { atMs: 1_000, from: 'a@b.example', to: ['u1@contoso.com'], sizeBytes: 20 },
    { atMs: 1_000, from: 'a@b.example', to: ['u2@contoso.com'], sizeBytes: 30 },
    { atMs: 5_250, from: 'a@b.example', to: ['u2@contoso.com', 'u3@contoso.com'], sizeBytes: 10 },
  ]);
});

test("only rows in the workload's window are sent", () => {
  const row = (ms: number) => `${ms},a@b.example,u1@contoso.com,1\n`;
  const table = `time,from,to,size_bytes\n${[59_999, 60_000, 119_999, 120_000].map(row).join('')}`;
  const times = replay(table, { more: ', start: +1 min, end: +2 min' }).map(({ atMs }) => atMs);
  expect(times).toEqual([60_000, 119_999]);
});

test('what is wrong with a row has the file, the line and the column', () => {
  expect(
    problemsOf(
      'time,from,to,size_bytes\n1,a@b.example,"u1@contoso.com\nu2@contoso.com",5\nnoon,a,,1e3\n5,"a@b.example",u1@contoso.com\n',
    ),
  ).toEqual([
    'dir/day.csv:4:1 time: expected an ISO time (`2024-04-02T06:00:00Z`) or ms since the start, got "noon"',
    'dir/day.csv:4:6 from: expected an address, got "a"',
    'dir/day.csv:4:8 to: expected one or more addresses, separated by spaces, got nothing',
    'dir/day.csv:4:9 size_bytes: expected a number of bytes from 1 to 2147483648, got "1e3"',
    'dir/day.csv:5:1 size_bytes: expected a number of bytes from 1 to 2147483648, got nothing',
  ]);
});

test('a row with more fields than columns is wrong, whatever they hold', () => {
  const row = '5,a@b.example,u1@contoso.com,1';
  expect(problemsOf(`time,from,to,size_bytes\n${row}\n${row},7\n${row},,\n`)).toEqual([
    'dir/day.csv:3:32: expected 4 fields, got 5 (a field with a comma stands in double quotes)',
    'dir/day.csv:4:32: expected 4 fields, got 6 (a field with a comma stands in double quotes)',
  ]);
});

test('the header names each column once', () => {
  expect(problemsOf('time,from,to,size\n')).toEqual([
    'dir/day.csv:1:1 size_bytes: the column "size_bytes" is missing',
    'dir/day.csv:1:14 size: unknown column "size" (known: from, size_bytes, time, to)',
  ]);
  expect(problemsOf('time,time,from,to,size_bytes\n')).toEqual([
    'dir/day.csv:1:6 time: the column "time" is here a second time',
  ]);
  expect(problemsOf('')).toHaveLength(4);
});

test('times are not before the start, and days need a start that names one', () => {
  const table = 'time,from,to,size_bytes\n2024-04-02T05:59:59Z,a@b.example,u1@contoso.com,1\n';
  expect(problemsOf(table)).toEqual([
    expect.stringContaining("a time that is not before the scenario's start"),
  ]);
  expect(problemsOf(table, { start: '06:00' })).toEqual([
    expect.stringContaining("the scenario's start names no day"),
  ]);
});

test('a file that is no CSV, or wrong throughout, gets a readable answer', () => {
  expect(problemsOf('time,from,to,size_bytes\n1,"a')).toEqual([
    expect.stringMatching(/^dir\/day\.csv:2:1: this is not CSV: /),
  ]);
  const problems = problemsOf(`time,from,to,size_bytes\n${'x,a@b.example,u1@contoso.com,1\n'.repeat(1_000)}`);
  expect(problems).toHaveLength(101);
  expect(problems.at(-1)).toBe('dir/day.csv:1001:1: there are 900 more problems in this file');
});

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { smallScenario } from '../../tests/measure/small-scenario.js';
import type { RunSummary } from '../measure/index.js';
import { ScenarioError } from '../scenario/index.js';
import { simulate } from './simulate.js';
import type { SimulateOptions } from './simulation-task.js';

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'mailflow-'));
});

afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

async function run(changes: Readonly<Record<string, unknown>>, options: Partial<SimulateOptions> = {}) {
  const scenario = join(home, 'scenario.json');
  writeFileSync(scenario, smallScenario(changes));
  const out = join(home, 'out');
  const outcome = await simulate(scenario, { version: '1.2.3', out, ...options });
  const read = (name: string) => readFileSync(join(outcome.folder, name), 'utf8');
  return { ...outcome, out, read };
}

/** The cells of a table that has no quoted ones, by column. */
function rowsOf(text: string): Record<string, string>[] {
  const [header, ...lines] = text.trimEnd().split('\n');
  const columns = header!.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(columns.map((column, index) => [column, cells[index]!]));
  });
}

test('a run writes the folder of design section 8', async () => {
  const { folder, read, summary, stoppedBy } = await run({});
  expect(stoppedBy).toBeNull();
  expect(readdirSync(folder).sort()).toEqual([
    'backoffs.csv',
    'engine.json',
    'faults.csv',
    'latency.csv',
    'links.csv',
    'ndrs.csv',
    'outline.json',
    'queues.csv',
    'redirects.csv',
    'replications.json',
    'retries.csv',
    'summary.json',
    'timeline.csv',
  ]);
  expect(JSON.parse(read('summary.json'))).toEqual(summary);
  expect(JSON.parse(read('replications.json'))).toMatchObject({
    mailflow: 'replications/1',
    replications: [{ replication: 1, recipients: summary.recipients.delivered > 0 ? {} : null }],
  });
  const engine = JSON.parse(read('engine.json'));
  expect(Object.keys(engine)).toEqual([
    'mailflow',
    'wallMs',
    'loadMs',
    'events',
    'eventsPerSecond',
    'deliveriesPerSecond',
    'peakRssBytes',
    'workers',
    'node',
    'tables',
  ]);
  expect(engine.peakRssBytes).toBeGreaterThan(2 ** 24);
  expect(engine.events).toBeGreaterThan(summary.messages.submitted);
  // Nothing happened in this one, but it is there.
  expect(read('redirects.csv').trimEnd().split('\n')).toHaveLength(1);
});

test('the summary counts what the tables list, over all replications', async () => {
  const { read, summary } = await run({ replications: 2 }, { messages: true });
  const table = (name: string) => rowsOf(read(`${name}.csv`));
  const sum = (name: string, column: string) =>
    table(name).reduce((total, row) => total + Number(row[column]), 0);
  const { recipients } = summary;
  expect(recipients.returned).toBeGreaterThan(100);
  expect(table('ndrs')).toHaveLength(summary.ndrs.total);
  expect(table('retries').filter((row) => Number(row['attempt']) >= 1)).toHaveLength(
    summary.retries.connections + summary.retries.messages,
  );
  expect(summary.retries.connections).toBeGreaterThan(0);
  expect(sum('timeline', 'submitted')).toBe(recipients.submitted);
  expect(sum('timeline', 'delivered')).toBe(recipients.delivered);
  expect(sum('timeline', 'returned')).toBe(recipients.returned);
  expect(sum('timeline', 'retries')).toBe(summary.retries.connections + summary.retries.messages);
  const messages = table('messages');
  expect(messages).toHaveLength(recipients.submitted + recipients.generated);
  for (const end of ['delivered', 'returned', 'expired', 'lost', 'pending'] as const) {
    expect(messages.filter((row) => row['end'] === end)).toHaveLength(recipients[end]);
  }
  expect(new Set(messages.map((row) => row['replication']))).toEqual(new Set(['1', '2']));
});

test('every queue knows how old its mail became, and is 0 ms old when it is empty', async () => {
  const { read, summary } = await run({ sampleEvery: '5 s' });
  expect(summary.queues.map(({ deliveryType }) => deliveryType)).toContain('Undefined');
  for (const { maxAgeMs } of summary.queues) expect(maxAgeMs).toBeGreaterThan(0);
  const rows = rowsOf(read('queues.csv'));
  const empty = rows.filter((row) => row['length'] === '0');
  expect(new Set(empty.map((row) => row['deliveryType']))).toContain('Undefined');
  expect(empty.filter((row) => row['oldestMs'] !== '0')).toEqual([]);
  const unknown = rows.filter((row) => row['oldestMs'] === '');
  expect(unknown.filter((row) => row['deliveryType'] !== 'Undefined')).toEqual([]);
});

test('every row of messages.csv adds up, and the median is that of its rows', async () => {
  const { read, summary } = await run({}, { messages: true });
  const rows = rowsOf(read('messages.csv'));
  const micros = (text: string) => Math.round(Number(text) * 1_000);
  for (const row of rows) {
    const stages = Object.keys(row).slice(8);
    const total = stages.reduce((sum, stage) => sum + micros(row[stage]!), 0);
    expect(total).toBe(micros(row['endMs']!) - micros(row['submittedMs']!));
  }
  const latencies = rows
    .filter((row) => row['end'] === 'delivered' && row['recipient'] === 'b@contoso.com')
    .map((row) => Number(row['endMs']) - Number(row['submittedMs']))
    .sort((a, b) => a - b);
  const { deliveryLatency } = summary;
  expect(deliveryLatency.count).toBe(latencies.length);
  const median = latencies[Math.ceil(latencies.length / 2) - 1]!;
  expect(Math.abs(deliveryLatency.p50Ms / median - 1)).toBeLessThan(0.002);
  expect(deliveryLatency.maxMs).toBeCloseTo(latencies.at(-1)!, 2);
  const mean = latencies.reduce((sum, each) => sum + each, 0) / latencies.length;
  expect(deliveryLatency.meanMs).toBeCloseTo(mean, 2);
});

test('the same scenario, seed and version give the same bytes; another seed others', async () => {
  const files = [
    'summary.json',
    'replications.json',
    'queues.csv',
    'timeline.csv',
    'messages.csv',
    'retries.csv',
  ];
  const bytes = async (options: Partial<SimulateOptions>) => {
    const { read } = await run({ replications: 2 }, { messages: true, ...options });
    return files.map(read);
  };
  const first = await bytes({});
  expect(await bytes({})).toEqual(first);
  const other = await bytes({ set: ['seed="43"'] });
  expect(files.filter((_, index) => other[index] === first[index])).toEqual([]);
});

test('replications differ, and give intervals', async () => {
  const { summary } = await run({ replications: 3 });
  expect(summary.replications).toBe(3);
  expect(summary.intervals['deliveryLatency.meanMs']!.halfWidth).toBeGreaterThan(0);
});

test('measuring more does not change a run', async () => {
  const plain = (await run({})).summary;
  const recorded = (await run({}, { messages: true })).summary;
  expect(recorded.fingerprint).toBe(plain.fingerprint);
  // Samples at other times see other lengths, but the model goes the same way.
  const sampled = (await run({ sampleEvery: '7 s' })).summary;
  expect(sampled.deliveryLatency).toEqual(plain.deliveryLatency);
  expect(sampled.recipients).toEqual(plain.recipients);
});

test('--until ends a run early, and is another run', async () => {
  const whole = (await run({})).summary;
  const { summary } = await run({}, { untilMs: 240_000 });
  expect(summary.simulatedMs).toBe(240_000);
  // The link is down since the third minute.
  expect(summary.recipients.pending).toBeGreaterThan(30);
  expect(summary.scenario.sha256).not.toBe(whole.scenario.sha256);
});

test.each([
  ['max-events', { maxEvents: 500 }],
  ['max-in-flight', { maxInFlight: 20 }],
  ['max-wall', { maxWallMs: 0 }],
] as const)('%s stops a run, with a readable partial result beside the older one', async (guard, options) => {
  const older = await run({});
  const { stoppedBy, folder, read, summary } = await run({}, { ...options, messages: true });
  expect(stoppedBy).toBe(guard);
  expect(folder).toBe(`${older.out}.partial`);
  expect(summary.incomplete).toBe(true);
  expect((JSON.parse(read('summary.json')) as RunSummary).incomplete).toBe(true);
  expect(summary.thresholds[0]!.verdict).toBe('undecided');
  const { submitted, expanded, generated, delivered, returned, expired, lost, pending } = summary.recipients;
  expect(submitted + expanded + generated).toBe(delivered + returned + expired + lost + pending);
  expect(rowsOf(read('messages.csv'))).toHaveLength(submitted + generated);
  expect(existsSync(join(older.out, 'summary.json'))).toBe(true);
  expect(JSON.parse(readFileSync(join(older.out, 'summary.json'), 'utf8'))).toEqual(older.summary);
});

test('max-events counts over replications', async () => {
  const { events } = JSON.parse((await run({})).read('engine.json'));
  const { summary, stoppedBy } = await run({ replications: 3 }, { maxEvents: events + 500 });
  expect(stoppedBy).toBe('max-events');
  expect(summary.replications).toBe(2);
});

test('an interrupt stops a run, with a partial result', async () => {
  const controller = new AbortController();
  controller.abort();
  const { stoppedBy, folder, read } = await run({}, { signal: controller.signal });
  expect(stoppedBy).toBe('interrupt');
  expect(folder).toMatch(/\.partial$/);
  expect(JSON.parse(read('summary.json')).incomplete).toBe(true);
});

test('an interrupt that comes as a signal gets in while a run is on', async () => {
  const controller = new AbortController();
  // What a signal handler does, from the event loop.
  setTimeout(() => controller.abort(), 10);
  const { stoppedBy } = await run({ replications: 500 }, { signal: controller.signal });
  expect(stoppedBy).toBe('interrupt');
});

test('bad input leaves an older result alone, and makes no folder', async () => {
  const { out, summary } = await run({});
  await expect(run({ duration: '10 parsecs' })).rejects.toThrow(ScenarioError);
  await expect(run({ thresholds: [{ metric: 'servers.A9.utilization', below: 1 }] })).rejects.toThrow(
    /scenario\.json:1:1 thresholds\.0\.metric: no server "A9" in "servers\.A9\.utilization" \(known: A1, B1\)/,
  );
  expect(readdirSync(home).sort()).toEqual(['out', 'scenario.json']);
  expect(JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8'))).toEqual(summary);
});

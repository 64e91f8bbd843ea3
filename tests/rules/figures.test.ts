import { expect, test } from 'vitest';
import { compileScenario, runExperiment } from '../../src/experiment/index.js';
import { decodeScenario } from '../../src/scenario/index.js';
import { DailyArrivals } from '../../src/scenario/workloads/day-shape.js';
import { recipientCountDistribution } from '../../src/scenario/workloads/message-attributes.js';
import { sizeDistribution } from '../../src/scenario/workloads/message-size.js';
import { run, type SmallOrganization } from '../model/small-organization.js';

const hour = 3_600_000;
const kilobyte = 1_024;

/** The stages of one message from outside, with all work at its mean. */
function stagesIn(small: Omit<SmallOrganization, 'databases'>, to = 'u1', from = 'x@outside.example') {
  const { simulation, recorder, at, send } = run({
    ...small,
    databases: { DB1: [Object.keys(small.servers)[0]!] },
    mailboxes: { u1: 'DB1' },
  });
  at(0, () => send(from, [to]));
  simulation.runUntil(hour);
  return recorder.ended_[0]!.stageMs;
}

test('CAP-61: accepting takes as long as the local commit, or as the shadow copy, in another site longer', () => {
  const accept = (small: Omit<SmallOrganization, 'databases'>) => stagesIn(small)['accept'];
  const links = { 'A-B': { cost: 10, latencyMs: 0 } };
  expect(accept({ servers: { S1: 'A' } })).toBe(100);
  expect(accept({ servers: { S1: 'A', S2: 'A' } })).toBe(130);
  // Outside a DAG the shadow stays in the site; in a DAG over two sites it goes to the other.
  expect(accept({ links, servers: { S1: 'A', S2: 'B' } })).toBe(100);
  expect(accept({ links, servers: { S1: 'A', S2: 'B' }, dags: { DAG1: ['S1', 'S2'] } })).toBe(310);
});

test('CAP-62, CAP-64: front end 20 ms, connecting 10, categorizer 75, writing 80; outside 200 and 100', () => {
  expect(stagesIn({ servers: { S1: 'A' } })).toMatchObject({
    submission: 20 + 10,
    categorizer: 75,
    connection: 10,
    mailboxDelivery: 80,
  });
  const connectors = [{ name: 'Internet', sourceServers: ['S1'] }];
  expect(stagesIn({ servers: { S1: 'A' }, connectors }, 'x@partner.example', 'u1')).toMatchObject({
    submission: 20 + 10,
    connection: 200,
    transfer: 100,
  });
});

test('WL-03: office hours weigh 1, other hours 0.12, weekends 0.15 of all', () => {
  // 2024-04-01 was a Monday. 13.44 office hours' worth of mail a day: 13,440 messages are 1,000 an office hour.
  const arrivals = new DailyArrivals('office-day', Date.UTC(2024, 3, 1), 13_440);
  const counts = new Array<number>(7 * 24).fill(0);
  // Evenly spread draws in place of random ones: each gap has the mean of its hour, all but for rounding.
  const median = 1 - Math.exp(-1);
  for (let atMs = arrivals.next(0, median); atMs < 7 * 24 * hour; atMs = arrivals.next(atMs, median)) {
    counts[Math.floor(atMs / hour)]!++;
  }
  const hourly = (day: number, of: number) => counts[day * 24 + of]!;
  for (const [day, share] of [
    [0, 1],
    [4, 1],
    [5, 0.15],
    [6, 0.15],
  ] as const) {
    for (const office of [6, 12, 17])
      expect(Math.abs(hourly(day, office) - 1_000 * share)).toBeLessThanOrEqual(1);
    for (const other of [0, 5, 18, 23])
      expect(Math.abs(hourly(day, other) - 120 * share)).toBeLessThanOrEqual(1);
  }
});

test('WL-05: 82 % of messages have one recipient, of the rest 90 % have 2 to 5 and 10 % have 20 to 120', () => {
  const recipients = recipientCountDistribution({ kind: 'typical' });
  const draws = Array.from({ length: 100_000 }, (_, n) => recipients.sample((n + 0.5) / 100_000));
  const share = (least: number, most: number) =>
    draws.filter((count) => count >= least && count <= most).length / draws.length;
  expect(share(1, 1)).toBeCloseTo(0.82, 4);
  expect(share(2, 5)).toBeCloseTo(0.18 * 0.9, 4);
  expect(share(20, 120)).toBeCloseTo(0.18 * 0.1, 4);
  expect(share(2, 2)).toBeCloseTo(share(5, 5), 4);
});

test('WL-07: sizes have the measured shares below 2 KB, 4 KB and so on', () => {
  const sizes = sizeDistribution({ kind: 'typical' });
  const shares = [
    [2, 0.2353],
    [4, 0.4917],
    [8, 0.676],
    [16, 0.7958],
    [32, 0.8536],
    [64, 0.9047],
    [128, 0.933],
    [256, 0.9574],
    [512, 0.9724],
    [1_024, 0.9849],
    [2_048, 0.9996],
  ] as const;
  for (const [bound, share] of shares) {
    expect(sizes.sample(share - 1e-6)).toBeLessThan(bound * kilobyte);
    expect(sizes.sample(share + 1e-6)).toBeGreaterThan(bound * kilobyte);
  }
  expect(sizes.sample(1 - 1e-12)).toBeLessThanOrEqual(4_096 * kilobyte);
});

test('WL-14: runs that differ in a setting have the same messages: when, and to whom', async () => {
  const submitted = async (settings: string) => {
    const { scenario } = decodeScenario(
      `mailflow: 1
name: streams
organization: { organization: contoso.com, sites: [{ name: A }], servers: [{ name: A1, site: A }],
  databases: [{ name: DB1, copies: [A1] }], mailboxes: [{ address: "u{n}@contoso.com", count: 50, database: DB1 }] }
duration: 1 h
settings: { ${settings} }
workloads: [{ kind: mailbox-users, sentPerDay: 100, unknownShare: 0 }]
`,
      'streams.yaml',
      { readFile: () => Promise.reject() as never },
    );
    const rows: string[] = [];
    const latencies: string[] = [];
    await runExperiment(scenario, compileScenario(scenario), {
      version: 'test',
      recordMessages: true,
      sink: (table, cells) => {
        if (table === 'messages') {
          // Replication, message, recipient, time of submission.
          rows.push(cells.slice(0, 4).join(','));
          latencies.push(cells.join(','));
        }
      },
    });
    return { rows: rows.sort(), latencies };
  };
  const before = await submitted('');
  const after = await submitted('hardware: { categorizerTime: 300 ms, distribution: deterministic }');
  expect(before.rows.length).toBeGreaterThan(100);
  expect(after.rows).toEqual(before.rows);
  expect(after.latencies).not.toEqual(before.latencies);
});

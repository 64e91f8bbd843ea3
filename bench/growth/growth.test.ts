import { expect, test } from 'vitest';
import { type Growth, goalsOf, growthMarkdown, growthPlot } from './growth-report.js';
import { growthScenario } from './growth-scenario.js';
import { type GrowthPoint, measureGrowth, measureQueued } from './measure-growth.js';

test('messages come in as many as asked for, and are delivered through several sites', async () => {
  const { submitted, delivered, events } = await measureGrowth({ servers: 12, messages: 2_000 }, 10);
  // Five standard errors of a Poisson number.
  expect(Math.abs(submitted - 2_000)).toBeLessThan(5 * Math.sqrt(2_000));
  expect(delivered).toBeGreaterThan(0.97 * submitted);
  // Submission, acceptance, categorizer, queue and mailbox delivery at least.
  expect(events / submitted).toBeGreaterThan(5);
});

test('the load of a server is the same in every size', () => {
  const perServerAndSecond = ([servers, messages]: readonly [number, number]) => {
    const { durationMs, organization, workloads } = growthScenario({ servers, messages });
    const workload = workloads[0]!;
    if (workload.kind !== 'mailbox-users') throw new Error('another workload');
    const mailboxes = organization.mailboxes.reduce((sum, { count = 1 }) => sum + count, 0);
    expect(organization.servers).toHaveLength(servers);
    expect((mailboxes * workload.sentPerDay * durationMs) / 86_400_000).toBeCloseTo(messages, 6);
    return (mailboxes * workload.sentPerDay) / 86_400 / servers;
  };
  const loads = (
    [
      [10, 1_000],
      [10, 50_000],
      [43, 1_000],
    ] as const
  ).map(perServerAndSecond);
  expect(loads).toEqual([1, 1, 1]);
});

test('waiting messages are all there when their memory is measured, and take more the more there are', async () => {
  // As many as fill the columns, which grow to the double while they are small, equally.
  const few = await measureQueued({ messages: 3_900, recipients: 1, isShadowed: true });
  const many = await measureQueued({ messages: 31_200, recipients: 1, isShadowed: true });
  expect([few.messages, many.messages]).toEqual([3_900, 31_200]);
  expect(many.bytes - few.bytes).toBeGreaterThan(27_300 * 30);
  expect(many.bytes / many.messages).toBeLessThan(1_000);
});

const point = (servers: number, messages: number, eventsPerSecond: number): GrowthPoint => ({
  servers,
  messages,
  submitted: messages,
  delivered: messages,
  events: 7 * messages,
  cpuMs: (7_000 * messages) / eventsPerSecond,
  eventsPerSecond,
  peakRssBytes: 2 ** 27,
});
const growth: Growth = {
  mailflow: 'bench-growth/1',
  date: '2026-11-21',
  machine: 'a <small> machine',
  rounds: 1,
  byMessages: [point(40, 1_000, 200_000), point(40, 100_000, 1_000_000), point(40, 1_000_000, 600_000)],
  byServers: [point(10, 1_000_000, 900_000), point(1_000, 1_000_000, 400_000)],
  queued: [
    {
      messages: 1_000_000,
      bytes: 160e6,
      rssBytes: 170e6,
      peakRssBytes: 2 ** 28,
      events: 5e6,
      cpuMs: 5_000,
      eventsPerSecond: 1e6,
    },
  ],
};

test('the goals are held against the points, those below 100,000 messages left out', () => {
  expect(goalsOf(growth)).toEqual([
    'met: events a second within ±50 % from 100,000 to 1,000,000 messages: 75 % to 125 % of their median',
    'NOT MET: within 2× from 10 to 1000 servers: 2.25×',
    'NOT MET: at most 150 bytes for a message in flight: 160 among a million',
  ]);
  expect(growthMarkdown(growth)).toMatch(
    /\| +40 \| +100,000 \| +100,000 \| +700,000 \| +0\.70 \| +1,000,000 \|/,
  );
});

test('the plot has every point at its place: decades evenly apart, speeds by their height', () => {
  const svg = growthPlot(growth);
  const circles = [...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g)].map(([, x, y]) => [
    Number(x),
    Number(y),
  ]);
  expect(circles).toHaveLength(5);
  const [first, second, third] = circles as [number[], number[], number[]];
  // 1,000 to 100,000 is twice as far as 100,000 to 1,000,000.
  expect((second[0]! - first[0]!) / (third[0]! - second[0]!)).toBeCloseTo(2, 1);
  // Heights count from the axis at the bottom: 200,000 and 600,000 of 1,000,000.
  const axis = 250;
  expect((axis - first[1]!) / (axis - second[1]!)).toBeCloseTo(0.2, 2);
  expect((axis - third[1]!) / (axis - second[1]!)).toBeCloseTo(0.6, 2);
  expect(svg).toContain('a &lt;small> machine');
  // The band ends at 1,200,000: six steps of 200,000.
  expect([...svg.matchAll(/text-anchor="end">([^<]+)</g)].map(([, label]) => label).slice(0, 4)).toEqual([
    '0',
    '200k',
    '400k',
    '600k',
  ]);
});

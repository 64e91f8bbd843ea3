import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compileScenario, warnOfOverload } from '../../src/experiment/index.js';
import { decodeScenario, type Scenario } from '../../src/scenario/index.js';
import { largeDay, largeDayFiles } from './large-day.js';
import { largeOrganization } from './large-organization.js';
import { windowOf } from './window.js';

const decoded = (() => {
  const { scenario, organization } = largeDay();
  const readFile = (name: string) => ({ name, content: new TextEncoder().encode(organization) });
  return decodeScenario(scenario, 'large-day.yaml', { readFile });
})();

test.each(['scenario', 'organization'] as const)('the %s file is what the generator writes', (file) => {
  expect(largeDay()[file]).toBe(readFileSync(largeDayFiles[file], 'utf8'));
});

test('the organization has the sizes of the design: 40 sites, 200 servers, 100,000 mailboxes', () => {
  const { sites, servers, mailboxes, databases, dags } = decoded.scenario.organization;
  expect(sites).toHaveLength(40);
  expect(servers).toHaveLength(200);
  expect(mailboxes.reduce((sum, { count }) => sum + (count ?? 1), 0)).toBe(100_000);
  expect(databases).toHaveLength(428);
  expect(dags.map(({ members }) => members.length).toSorted((a, b) => a - b)).toEqual([
    ...Array<number>(18).fill(3),
    ...Array<number>(10).fill(6),
    ...Array<number>(4).fill(14),
  ]);
});

test('another seed gives another organization of the same sizes', () => {
  const one = largeOrganization('1').text;
  const other = largeOrganization('2').text;
  expect(other).not.toBe(one);
  expect(other.split('\n')).toHaveLength(one.split('\n').length);
});

test('there is nothing to warn of, and no stage is offered more than it can do', () => {
  const { scenario, warnings } = decoded;
  expect(warnings).toEqual([]);
  // Each beginning of a workload makes an hour to look at: the probes', which are even, begin together here.
  const workloads = scenario.workloads.map((each) =>
    each.name.startsWith('probe-') ? { ...each, startMs: 0 } : each,
  );
  const evenly = { ...scenario, workloads };
  expect(warnOfOverload(evenly, compileScenario(evenly), 'large-day.yaml')).toEqual([]);
}, 300_000);

test('a window has the workloads of its time, which come when they came in the day', () => {
  const hourMs = 3_600_000;
  const part = (fromHour: number, minutes: number) =>
    windowOf(decoded.scenario, fromHour * hourMs, minutes * 60_000);
  const named = ({ workloads }: Scenario, name: string) => workloads.find((each) => each.name === name);
  const noon = part(12, 20);
  expect(noon.startUtcMs).toBe(Date.UTC(2024, 3, 2, 12));
  expect(noon.durationMs).toBe(1_200_000);
  expect(named(noon, 'people')).toMatchObject({ startMs: 0, endMs: 1_200_000 });
  expect(named(noon, 'to-managers-fra')).toMatchObject({ startMs: 0, endMs: 1_200_000 });
  expect(named(noon, 'to-management')).toBeUndefined();
  expect(named(part(8.75, 20), 'to-management')).toMatchObject({ arrival: { timesMs: [900_000] } });
  expect(named(part(17.75, 20), 'to-managers-fra')).toMatchObject({ startMs: 0, endMs: 900_000 });
  expect(named(part(19, 20), 'to-managers-fra')).toBeUndefined();
  // Every 25 s from 0.134 s on: the first after 110 s is at 125.134 s.
  const probe = named(windowOf(decoded.scenario, 110_000, 60_000), 'probe-FRA02');
  expect(named(decoded.scenario, 'probe-FRA02')).toMatchObject({ startMs: 134 });
  expect(probe!.startMs).toBeCloseTo(15_134, 6);
});

test('a window is refused where a part of the day means nothing', () => {
  const { scenario } = decoded;
  expect(() => windowOf({ ...scenario, warmUpMs: 1 }, 0, 1)).toThrow('neither faults nor warm-up');
});

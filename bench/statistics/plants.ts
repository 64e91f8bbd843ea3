import { fileURLToPath } from 'node:url';
import { loadScenario } from '../../src/runner/index.js';
import type { Scenario } from '../../src/scenario/index.js';
import type { Plant } from './detection.js';
import { queueScenario, slownessFor } from './queue-scenario.js';

const load = 0.8;

/** M/M/1 at 80 % load, replications of 10,000 mean service times; planted: service so much slower that the mean is 5 % longer. */
export const queuePlant: Plant = {
  before: (seed) => queue(seed, 1),
  after: (seed) => queue(seed, slownessFor(load, 1.05)),
};

function queue(seed: string, slowness: number): Scenario {
  return queueScenario({ load, slowness, length: 10_000, seed, replications: 20, warmUp: 500 });
}

/** From bench/statistics in the sources, from dist/bench/statistics when built. */
const root = fileURLToPath(
  new URL(import.meta.url.includes('/dist/') ? '../../..' : '../..', import.meta.url),
);
const twoSites = `${root}/scenarios/two-site-morning/scenario.yaml`;

/**
 * The two-site example, scaled down to the 80 minutes around the outage of its link: from 09:20 to 10:40 in place of
 * 06:00 to 12:00, with all its mail of that time. Its mean latency is that of what waits for the link; planted: an
 * outage that lasts 58 seconds longer, which makes the mean 4.98 % longer, averaged over tries 1 to 100.
 */
export const twoSitePlant: Plant = {
  before: (seed) => twoSite(seed, []),
  after: (seed) => twoSite(seed, ['faults.0.for=3658 s']),
};

const aroundTheOutage = [
  'start="2024-04-02T09:20Z"',
  'duration=80 min',
  'warmUp=5 min',
  'workloads.1.at=["09:20"]',
];

function twoSite(seed: string, set: readonly string[]): Scenario {
  const { scenario } = loadScenario(twoSites, {
    set: [`seed=${JSON.stringify(seed)}`, ...aroundTheOutage, ...set],
  });
  return scenario;
}

import {
  type ComparedResult,
  compileScenario,
  findWarmUp,
  runReplication,
  wantedPairs,
} from '../../src/experiment/index.js';
import type { ReplicationResult } from '../../src/measure/index.js';
import type { Scenario } from '../../src/scenario/index.js';

/** Runs as many replications as a comparison should have, and gives them as `compare` takes a result. */
export async function runForComparison(
  scenario: Scenario,
  replications = wantedPairs,
): Promise<ComparedResult> {
  const tables = compileScenario(scenario);
  const warm = await findWarmUp(scenario, tables);
  if (warm === null) throw new Error('nothing stops a pilot here');
  const results: ReplicationResult[] = [];
  for (let replication = 1; replication <= replications; replication++) {
    const ran = await runReplication(warm, tables, replication, { sink: () => {}, recordMessages: false });
    results.push(ran.result);
  }
  return {
    version: 'this build',
    scenario: { name: scenario.name, sha256: scenario.sha256 },
    seed: scenario.seed,
    warmUpMs: warm.warmUpMs,
    warmUpFound: warm.foundWarmUp?.found,
    durationMs: scenario.durationMs,
    thresholdMetrics: [],
    replications: results,
    latency: [],
  };
}

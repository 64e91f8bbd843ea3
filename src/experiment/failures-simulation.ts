import { createHash } from 'node:crypto';
import type { ThresholdResult } from '../measure/index.js';
import type { RoutingTables } from '../routing/index.js';
import type { Fault, Scenario } from '../scenario/index.js';
import { type Connector, findByName, type Topology } from '../topology/index.js';
import type { FailureAnswer, FailureFinding } from './failures.js';
import { type ExperimentOptions, runExperiment } from './run-experiment.js';

type Failed = FailureFinding['failed'];

/**
 * The faults that stand for a failure, from the start of a run to the end of its new mail: a drain begins with everything
 * repaired. A connector fails with the smart hosts behind it, or, where it has none, with the name service of its source
 * servers, which other connectors without smart hosts on them share.
 * @returns null where a connector has neither: delivery agents, foreign connectors, and the way in from Edges
 */
export function faultsFor(failed: Failed, topology: Topology, durationMs: number): readonly Fault[] | null {
  const span = { beginMs: 0, endMs: durationMs };
  const faults: Fault[] = [];
  for (const { kind, name } of failed) {
    switch (kind) {
      case 'site':
        faults.push({ kind: 'site-outage', ...span, site: name });
        break;
      case 'server':
      case 'edge-server':
        faults.push({ kind: 'server-outage', ...span, server: name, queueDatabase: 'kept' });
        break;
      case 'site-link':
        faults.push({ kind: 'site-link-outage', ...span, link: name });
        break;
      case 'connector': {
        const connector = topology.connectors[findByName(topology.connectors, name)]!;
        const found = faultsOfConnector(connector, topology, span);
        if (found === null) return null;
        faults.push(...found);
      }
    }
  }
  return faults;
}

function faultsOfConnector(
  { kind, origin, smartHosts, sourceServers }: Connector,
  { servers }: Topology,
  span: { readonly beginMs: number; readonly endMs: number },
): readonly Fault[] | null {
  if (kind !== 'send' || origin === 'edge-inbound') return null;
  if (smartHosts.length > 0) {
    return smartHosts.map((domain) => ({ kind: 'remote-domain-outage', ...span, domain, answer: 'silent' }));
  }
  return [{ kind: 'dns-outage', ...span, servers: sourceServers.map((server) => servers[server]!.name) }];
}

/** How the worst failures are run. */
export interface FailureSimulationOptions
  extends Pick<ExperimentOptions, 'version' | 'guards' | 'onProgress'> {
  /** So many of the worst are simulated. */
  readonly most: number;
  /** Told before each run: null before the one in which nothing fails. */
  readonly onRun?: ((failed: Failed | null, place: number) => void) | undefined;
}

/** What thresholds say when nothing has failed, and of the worst failures. */
export interface SimulatedFailures {
  readonly answer: FailureAnswer;
  readonly outcome: 'complete' | 'stopped';
}

/**
 * Runs the worst failures of an answer, each for as long as new mail arrives, and the scenario as it is, for comparison.
 * The scenario's own faults come on top.
 * @throws ScenarioError when a threshold's metric names what the organization does not have
 */
export async function simulateFailures(
  answer: FailureAnswer,
  scenario: Scenario,
  tables: RoutingTables,
  { most, onRun, ...options }: FailureSimulationOptions,
): Promise<SimulatedFailures> {
  const judge = async (faults: readonly Fault[]): Promise<readonly ThresholdResult[] | null> => {
    const run = withFaults(scenario, faults);
    const { summary, outcome } = await runExperiment(run, tables, {
      ...options,
      sink: () => undefined,
      recordMessages: false,
    });
    return outcome === 'complete' ? summary.thresholds : null;
  };
  onRun?.(null, 0);
  const intact = await judge([]);
  const failures = [...answer.failures];
  let outcome: SimulatedFailures['outcome'] = intact === null ? 'stopped' : 'complete';
  for (const [place, finding] of failures.slice(0, most).entries()) {
    if (outcome === 'stopped') break;
    const faults = faultsFor(finding.failed, tables.topology, scenario.durationMs);
    if (faults === null) continue;
    onRun?.(finding.failed, place + 1);
    const thresholds = await judge(faults);
    if (thresholds === null) outcome = 'stopped';
    failures[place] = { ...finding, thresholds };
  }
  return { answer: { ...answer, thresholdsBefore: intact, failures }, outcome };
}

function withFaults(scenario: Scenario, faults: readonly Fault[]): Scenario {
  if (faults.length === 0) return scenario;
  const hash = (sha256: string) =>
    createHash('sha256').update(JSON.stringify({ sha256, faults })).digest('hex');
  return {
    ...scenario,
    faults: [...scenario.faults, ...faults],
    sha256: hash(scenario.sha256),
    replicationSha256: hash(scenario.replicationSha256),
  };
}

import { createHash } from 'node:crypto';
import {
  brokenLaws,
  type ReplicationResult,
  type RowSink,
  type RunFacts,
  type RunSummary,
  summarize,
  unknownMetricName,
} from '../measure/index.js';
import type { RoutingTables } from '../routing/index.js';
import { type Scenario, ScenarioError } from '../scenario/index.js';
import { invariant } from '../sim/kernel/index.js';
import { hintAt } from '../topology/index.js';
import { type ReplicationOptions, type RunGuards, runReplication } from './run-replication.js';
import { findWarmUp, type WarmScenario } from './warm-up.js';

/** How the replications of a scenario are run in this thread. */
export interface ExperimentOptions {
  /** The version of the program, for the summary. */
  readonly version: string;
  /** Takes the rows of the CSV tables. */
  readonly sink: RowSink;
  /** Rows for every recipient, too. */
  readonly recordMessages: boolean;
  /** Each replication ends here at the latest, simulated ms. */
  readonly untilMs?: number | undefined;
  /** `maxEvents` counts over all replications. */
  readonly guards?: RunGuards | undefined;
  readonly eventList?: ReplicationOptions['eventList'];
  readonly onProgress?: ReplicationOptions['onProgress'];
}

/** What the replications of a scenario came to. */
export interface ExperimentOutcome {
  readonly summary: RunSummary;
  /** The scenario with its warm-up; null when the run was stopped before that was found. */
  readonly warm: WarmScenario | null;
  /** In order; of a stopped run the last one is what it had come to. */
  readonly replications: readonly ReplicationResult[];
  readonly outcome: 'complete' | 'stopped';
  readonly events: number;
}

/**
 * Runs the replications of a scenario one after another, and summarizes them.
 * @param tables - of the scenario's organization
 * @throws ScenarioError when a threshold's metric names what the organization does not have
 * @throws InvariantError when a law of the model is broken, which is a bug of ours
 */
export async function runExperiment(
  scenario: Scenario,
  tables: RoutingTables,
  options: ExperimentOptions,
): Promise<ExperimentOutcome> {
  checkThresholds(scenario);
  const { guards, untilMs } = options;
  const found = await findWarmUp(scenario, tables, {
    untilMs,
    guards,
    eventList: options.eventList,
    onProgress: options.onProgress,
  });
  const warm: WarmScenario = found ?? { ...scenario, warmUpMs: 0 };
  const replications: ReplicationResult[] = [];
  let events = 0;
  let outcome: ExperimentOutcome['outcome'] = found === null ? 'stopped' : 'complete';
  for (let replication = 1; replication <= scenario.replications && outcome === 'complete'; replication++) {
    const eventsLeft = guards?.maxEvents === undefined ? undefined : guards.maxEvents - events;
    if (eventsLeft !== undefined && eventsLeft <= 0 && replication > 1) {
      outcome = 'stopped';
      break;
    }
    const ran = await runReplication(warm, tables, replication, {
      sink: options.sink,
      recordMessages: options.recordMessages,
      untilMs,
      guards: { ...guards, maxEvents: eventsLeft },
      eventList: options.eventList,
      onProgress: options.onProgress,
    });
    const broken = brokenLaws(ran.result);
    invariant(broken.length === 0, () => `replication ${replication}: ${broken.join('; ')}`);
    replications.push(ran.result);
    events += ran.events;
    outcome = ran.outcome;
  }
  const summary = summarize(replications, {
    ...runFacts(warm, { version: options.version, untilMs }),
    incomplete: outcome === 'stopped',
  });
  return { summary, warm: found, replications, outcome, events };
}

/** What the summary of a scenario's run says beside its figures. */
export function runFacts(
  scenario: WarmScenario,
  { version, untilMs }: { readonly version: string; readonly untilMs?: number | undefined },
): Omit<RunFacts, 'incomplete'> {
  return {
    version,
    scenario: { name: scenario.name, sha256: hashOf(scenario.sha256, untilMs) },
    seed: scenario.seed,
    warmUpMs: scenario.warmUpMs,
    foundWarmUp: scenario.foundWarmUp,
    durationMs: scenario.durationMs,
    thresholds: scenario.thresholds,
  };
}

/**
 * Names all that a replication of a scenario depends on but its number: two runs with the same key have the same
 * replications.
 */
export function replicationKey(
  scenario: Scenario,
  { version, untilMs }: { readonly version: string; readonly untilMs?: number | undefined },
): string {
  const sha256 = hashOf(scenario.replicationSha256, untilMs);
  return createHash('sha256').update(JSON.stringify({ version, sha256 })).digest('hex');
}

/**
 * Refuses thresholds whose metric names a server, link, site, cause, reason or code that does not exist: its number
 * would be 0 in every run.
 * @param file - how problems call the scenario's file
 * @throws ScenarioError with all of them
 */
export function checkThresholds(scenario: Scenario, file = scenario.name): void {
  const { servers, sites, siteLinks } = scenario.organization;
  const names = {
    servers: servers.map(({ name }) => name),
    sites: sites.map(({ name }) => name),
    links: siteLinks.map(({ name }) => name),
  };
  const problems = scenario.thresholds.flatMap(({ metric, metricPath }, index) => {
    const unknown = unknownMetricName(metricPath, names);
    if (unknown === null) return [];
    const wanted = metricPath[unknown.place] ?? '';
    return {
      file,
      line: 1,
      column: 1,
      path: `thresholds.${index}.metric`,
      message: `${unknown.message} in ${JSON.stringify(metric)}`,
      hint: unknown.form ?? hintAt(wanted, unknown.known),
    };
  });
  if (problems.length > 0) throw new ScenarioError(problems);
}

/** A run that `untilMs` cuts short is another run. */
function hashOf(sha256: string, untilMs: number | undefined): string {
  if (untilMs === undefined) return sha256;
  return createHash('sha256').update(JSON.stringify({ sha256, untilMs })).digest('hex');
}

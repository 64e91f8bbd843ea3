import { openMetrics, type ReplicationResult, type RowSink } from '../measure/index.js';
import type { RoutingTables } from '../routing/index.js';
import { injectFaults, type Scenario, startWorkload } from '../scenario/index.js';
import {
  counterStream,
  createEventList,
  type EventListKind,
  invariant,
  randomStreams,
  Simulation,
  type SimulationOptions,
  tickMs,
} from '../sim/kernel/index.js';
import { type Fate, TransportModel } from '../sim/model/index.js';
import { compileWithSettings } from './compile-scenario.js';

/** `drain: until-empty` ends at the latest so long after the last new mail (assumption A-drain-limit). */
const longestDrainMs = 7 * 86_400_000;

/** Guards and signals are looked at after so many events at the latest, however long a sample interval is. */
const eventsPerSlice = 100_000;

/** Limits that end a run early, with what it has found so far. */
export interface RunGuards {
  /** Events of one replication. */
  readonly maxEvents?: number | undefined;
  /** Messages in flight, looked at after each sample interval and every 100,000 events. */
  readonly maxInFlight?: number | undefined;
}

/** How far a replication is, told after every sample interval and every 100,000 events. */
export interface ReplicationProgress {
  readonly replication: number;
  readonly nowMs: number;
  /** It is one that the warm-up is looked for in. */
  readonly isPilot?: true;
  /** When new mail ends, or the run before that; the drain comes on top. */
  readonly durationMs: number;
  readonly events: number;
  readonly messagesInFlight: number;
}

/** How one replication is run. */
export interface ReplicationOptions {
  /** Takes the rows of the CSV tables. */
  readonly sink: RowSink;
  /** Rows for every recipient, too. */
  readonly recordMessages: boolean;
  /** The run ends here at the latest, simulated ms. */
  readonly untilMs?: number | undefined;
  readonly guards?: RunGuards | undefined;
  /** The future event list to run on, which changes no result. Default: the first of `eventListKinds`. */
  readonly eventList?: EventListKind | undefined;
  /** Called after every sample interval and every 100,000 events; `stop` ends the run. A promise is awaited: signals get in meanwhile. */
  readonly onProgress?:
    | ((progress: ReplicationProgress) => ProgressAnswer | Promise<ProgressAnswer>)
    | undefined;
  /** Given the model before its first event, for audits while it runs; it must not act on it. */
  readonly onStart?: ((model: TransportModel) => void) | undefined;
  /** Told of every event, for fingerprints. */
  readonly onEvent?: ((atMs: number, kind: number, subject: number) => void) | undefined;
  /** Stands in for parts of the kernel, to count what they are asked for; what they do stays the same. */
  readonly kernel?: Partial<KernelParts> | undefined;
}

/** What a replication takes from the kernel. */
export interface KernelParts {
  readonly simulation: (options: SimulationOptions) => Simulation;
  readonly randomStreams: typeof randomStreams;
  readonly counterStream: typeof counterStream;
}

const kernelParts: KernelParts = {
  simulation: (options) => new Simulation(options),
  randomStreams,
  counterStream,
};

/** What a watcher answers to a report of progress. */
export type ProgressAnswer = 'continue' | 'stop';

/** What one replication came to. */
export interface ReplicationOutcome {
  readonly result: ReplicationResult;
  readonly outcome: 'complete' | 'stopped';
  readonly events: number;
}

/**
 * Runs one replication of a scenario: the program on one screen. The conservation law is audited, recipient by
 * recipient, at the end (design section 6).
 * @param scenario - its warm-up known: where it says `auto`, as `findWarmUp` found it
 * @param replication - counts from 1; it and the seed give all random streams
 * @throws InvariantError when a law is violated, which is a bug of ours
 */
export async function runReplication(
  scenario: Scenario,
  tables: RoutingTables,
  replication: number,
  options: ReplicationOptions,
): Promise<ReplicationOutcome> {
  const { guards, onProgress, onEvent } = options;
  const { warmUpMs: wantedMs } = scenario;
  if (wantedMs === 'auto')
    throw new RangeError('the warm-up of this scenario is to be found first: findWarmUp');
  const kernel = { ...kernelParts, ...options.kernel };
  const simulation = kernel.simulation({
    ...(onEvent && { onEvent }),
    ...(guards?.maxEvents !== undefined && { maxEvents: guards.maxEvents }),
    ...(options.eventList !== undefined && { events: createEventList(options.eventList) }),
  });
  const serverSettings = tables.topology.servers.map(
    (server) => scenario.serverSettings.get(server.name) ?? scenario.settings,
  );
  const settingsOf = (server: number) => serverSettings[server]!;
  const metrics = openMetrics({
    replication,
    warmUpMs: wantedMs,
    sampleEveryMs: scenario.sampleEveryMs,
    recordMessages: options.recordMessages,
    sink: options.sink,
  });
  const model = new TransportModel({
    simulation,
    tables,
    organization: scenario.organization,
    compile: (topology) => compileWithSettings(scenario, topology),
    settings: scenario.settings,
    settingsOf,
    serviceDraws: kernel.counterStream(scenario.seed, replication, 'service times'),
    observer: metrics.observer,
  });
  metrics.attach(model);
  const streams = kernel.randomStreams(scenario.seed, replication);
  const { startUtcMs, durationMs, sampleEveryMs } = scenario;
  for (const workload of scenario.workloads) startWorkload(workload, { model, startUtcMs, streams });
  injectFaults(scenario.faults, model, streams);
  options.onStart?.(model);

  const drainMs = scenario.drain === 'until-empty' ? longestDrainMs : scenario.drain;
  const endMs = onTick(Math.min(durationMs + drainMs, options.untilMs ?? Number.POSITIVE_INFINITY));
  const warmUpMs = onTick(wantedMs);
  let outcome: ReplicationOutcome['outcome'] = 'complete';
  let isWarm = warmUpMs === 0;
  while (simulation.nowMs < endMs) {
    const sampleMs = nextSampleMs(simulation.nowMs, sampleEveryMs, endMs);
    const sliceEndMs = isWarm ? sampleMs : Math.min(sampleMs, warmUpMs);
    const ran = simulation.runUntil(sliceEndMs, eventsPerSlice);
    if (ran === 'stopped') {
      outcome = 'stopped';
      break;
    }
    if (ran !== 'paused' && sliceEndMs === warmUpMs && !isWarm) {
      isWarm = true;
      metrics.warmedUp();
    }
    if (ran !== 'paused' && sliceEndMs === sampleMs) {
      metrics.sample(sampleMs);
      if (scenario.drain === 'until-empty' && sampleMs >= durationMs && model.isAtRest) break;
    }
    const answer = onProgress?.({
      replication,
      nowMs: simulation.nowMs,
      durationMs: Math.min(durationMs, endMs),
      events: simulation.eventsExecuted,
      messagesInFlight: model.messagesInFlight,
    });
    const tooMany = model.messagesInFlight > (guards?.maxInFlight ?? Number.POSITIVE_INFINITY);
    if (tooMany || (answer instanceof Promise ? await answer : answer) === 'stop') {
      outcome = 'stopped';
      break;
    }
  }

  const result = metrics.close(simulation.nowMs);
  const fates = model.audit();
  holdAgainst(result.recipients, fates);
  return { result, outcome, events: simulation.eventsExecuted };
}

/**
 * The metrics counted what they were told; the audit found what there is. Design section 6: submitted + expanded +
 * generated = delivered + returned + expired + lost + pending.
 */
function holdAgainst(counted: ReplicationResult['recipients'], fates: Readonly<Record<Fate, number>>): void {
  for (const fate of ['delivered', 'returned', 'expired', 'lost'] as const) {
    invariant(
      counted[fate] === fates[fate],
      () => `${fates[fate]} recipients ${fate}, ${counted[fate]} counted`,
    );
  }
  const begun = counted.submitted + counted.expanded + counted.generated;
  const accounted = fates.delivered + fates.returned + fates.expired + fates.lost + fates.alive;
  invariant(begun === accounted, () => `${begun} recipients began, ${accounted} are accounted for`);
}

/** The end of the sample interval that a time is in: a multiple of the interval, or the end of the run. */
function nextSampleMs(nowMs: number, sampleEveryMs: number, endMs: number): number {
  const whole = Math.floor(nowMs / sampleEveryMs);
  const nextMs = onTick((whole + 1) * sampleEveryMs);
  // The clock stands on ticks: an end of an interval between two of them may have been passed already.
  return Math.min(endMs, nextMs > nowMs ? nextMs : onTick((whole + 2) * sampleEveryMs));
}

/** As the simulation rounds times. */
function onTick(ms: number): number {
  return Math.round(ms / tickMs) * tickMs;
}

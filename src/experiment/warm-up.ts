import { type FoundWarmUp, type Truncation, truncateWarmUp } from '../measure/index.js';
import type { RoutingTables } from '../routing/index.js';
import type { Scenario } from '../scenario/index.js';
import { type ReplicationOptions, runReplication } from './run-replication.js';

/** Replications that the warm-up is looked for in: the first five, however many there will be. */
export const warmUpPilots = 5;
/** Observations of a series: 100 batches of MSER-5, each a hundredth of the time looked at. */
const observations = 500;

/** How long recipients had waited who were delivered in each of equal intervals, of one pilot. */
export interface PilotSeries {
  readonly delivered: readonly number[];
  /** Their latencies added up. */
  readonly latencyMs: readonly number[];
}

/** A scenario whose warm-up is known: as its file says it, or as pilots showed it. */
export interface WarmScenario extends Scenario {
  readonly warmUpMs: number;
  /** Where the file says `auto`. */
  readonly foundWarmUp?: FoundWarmUp;
}

/** Where the search ends: when new mail does, or the first fault begins, which ends any steady state. */
export function warmUpSearchEndMs(
  { durationMs, faults }: Pick<Scenario, 'durationMs' | 'faults'>,
  untilMs = Number.POSITIVE_INFINITY,
): number {
  const begins = faults.filter(({ kind }) => kind !== 'random-failures').map(({ beginMs }) => beginMs);
  return Math.min(durationMs, untilMs, ...begins.filter((beginMs) => beginMs > 0));
}

/**
 * Runs a replication to see how its latencies develop: until `endMs`, from `warmUpSearchEndMs`. It writes no rows and
 * changes nothing in the replications that are measured. Plain data, so that it can be a job of its own.
 * @returns null when `options` stopped it
 */
export async function runPilot(
  scenario: Scenario,
  tables: RoutingTables,
  replication: number,
  endMs: number,
  options: Pick<ReplicationOptions, 'guards' | 'eventList' | 'onProgress'> = {},
): Promise<PilotSeries | null> {
  const delivered: number[] = [];
  const latencyMs: number[] = [];
  const { onProgress } = options;
  const { outcome } = await runReplication(
    { ...scenario, warmUpMs: 0, sampleEveryMs: endMs / observations },
    tables,
    replication,
    {
      ...options,
      onProgress: onProgress && ((progress) => onProgress({ ...progress, isPilot: true })),
      untilMs: endMs,
      recordMessages: false,
      sink: (table, [, , count, meanMs]) => {
        if (table !== 'latency') return;
        delivered.push(Number(count));
        latencyMs.push(Number(count) * Number(meanMs));
      },
    },
  );
  return outcome === 'stopped' ? null : { delivered, latencyMs };
}

/** The warm-up that pilots show: MSER-5 on their latencies, averaged interval by interval over all of them. */
export function warmUpFrom(pilots: readonly PilotSeries[], endMs: number): FoundWarmUp {
  const means: number[] = [];
  /** The intervals that have a mean; in others nothing was delivered. */
  const places: number[] = [];
  for (let place = 0; place < observations; place++) {
    const delivered = pilots.reduce((sum, pilot) => sum + (pilot.delivered[place] ?? 0), 0);
    if (delivered === 0) continue;
    means.push(pilots.reduce((sum, pilot) => sum + (pilot.latencyMs[place] ?? 0), 0) / delivered);
    places.push(place);
  }
  const { observations: cut, found }: Truncation = truncateWarmUp(means);
  return {
    method: 'MSER-5',
    pilots: pilots.length,
    warmUpMs: found ? ((cut === 0 ? 0 : places[cut]!) / observations) * endMs : endMs / 2,
    found,
  };
}

/**
 * A scenario with its warm-up.
 * @param found - where it says `auto`; else undefined
 * @throws RangeError when it says `auto`, and nothing was found
 */
export function withWarmUp(scenario: Scenario, found: FoundWarmUp | undefined): WarmScenario {
  if (found !== undefined) return { ...scenario, warmUpMs: found.warmUpMs, foundWarmUp: found };
  const { warmUpMs } = scenario;
  if (warmUpMs === 'auto') throw new RangeError('the warm-up of this scenario is to be found first');
  return { ...scenario, warmUpMs };
}

/**
 * Finds the warm-up of a scenario that says `auto`; any other is given back as it is. What is found depends on the
 * scenario and its seed alone: not on how many replications there are, so that more of them can be added, and a part
 * of them is the same anywhere.
 * @returns null when `options` stopped it
 */
export async function findWarmUp(
  scenario: Scenario,
  tables: RoutingTables,
  options: Pick<ReplicationOptions, 'untilMs' | 'guards' | 'eventList' | 'onProgress'> = {},
): Promise<WarmScenario | null> {
  const { warmUpMs } = scenario;
  if (warmUpMs !== 'auto') return { ...scenario, warmUpMs };
  const { untilMs, ...rest } = options;
  const endMs = warmUpSearchEndMs(scenario, untilMs);
  const pilots: PilotSeries[] = [];
  for (let replication = 1; replication <= warmUpPilots; replication++) {
    const pilot = await runPilot(scenario, tables, replication, endMs, rest);
    if (pilot === null) return null;
    pilots.push(pilot);
  }
  return withWarmUp(scenario, warmUpFrom(pilots, endMs));
}

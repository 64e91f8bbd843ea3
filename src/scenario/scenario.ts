import type { Settings } from '../sim/model/index.js';
import type { Organization } from '../topology/index.js';
import type { Fault } from './faults/kind.js';
import type { Workload } from './workloads/kind.js';

/**
 * One question to the simulator, decoded and checked: units converted, defaults filled in, references sound. Times
 * are milliseconds since the scenario's start.
 */
export interface Scenario {
  readonly name: string;
  readonly description: string;
  readonly organization: Organization;
  /** Text: `1` and `1.0` are different seeds. */
  readonly seed: string;
  /** What simulated 0 is, in ms since 1970 UTC. A bare clock time (`08:00`) takes the day 1970-01-01. */
  readonly startUtcMs: number;
  /** New mail arrives for so long. */
  readonly durationMs: number;
  /** How long the run goes on without new mail. */
  readonly drain: 'until-empty' | number;
  /** Mail submitted before that is not measured; `auto`: it is to be found in pilots. */
  readonly warmUpMs: number | 'auto';
  readonly replications: number;
  /** Between two rows of a time series. */
  readonly sampleEveryMs: number;
  /** For every server that has none of its own in `serverSettings`, and for the outside. */
  readonly settings: Settings;
  /** By the server's name as the organization spells it: Edges, and servers with settings of their own. */
  readonly serverSettings: ReadonlyMap<string, Settings>;
  /** In file order; their names are unique. */
  readonly workloads: readonly Workload[];
  /** In file order. */
  readonly faults: readonly Fault[];
  readonly thresholds: readonly Threshold[];
  /** Of the scenario as run: canonical JSON (keys sorted), organization and `--set` resolved, replay files hashed. */
  readonly sha256: string;
  /**
   * The same without what no single replication depends on: `name`, `description`, `replications` and `thresholds`.
   * Replications of scenarios that have it in common are the same.
   */
  readonly replicationSha256: string;
}

/** What a threshold holds a metric against: of the kinds that a scenario writes. */
export type ThresholdLimit = 'below' | 'at-most' | 'above' | 'at-least' | 'equals';

/** A number of `summary.json` held against a limit. */
export interface Threshold {
  /** Dotted path of the number, as written. */
  readonly metric: string;
  /** The same path, split. */
  readonly metricPath: readonly string[];
  readonly limit: ThresholdLimit;
  /** In the metric's unit: ms where its name ends in `Ms`, bytes where it ends in `Bytes`. */
  readonly value: number;
  /** As the file says it: `below 90 s`. */
  readonly text: string;
}

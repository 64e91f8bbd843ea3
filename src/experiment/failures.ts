import type { RoutingTables } from '../routing/index.js';
import { FailureAnalysis } from './failures-analysis.js';
import type { FailureAnswer, FailureOptions } from './failures-answer.js';

/**
 * Looks at every single failure, or every pair, of servers, sites, site links, Edges and connectors: which destinations
 * mail from the servers still up does not get to any more, and how many routes lead another way. Static: routing knows no
 * outages (AS-09), databases have failed over as far as majority and `automaticFailover` allow, and nobody has changed the
 * configuration. Ranked by the share of mailboxes and the share of routes outwards that are cut off, added up; where these
 * sums are equal by the share of mailboxes, then by the number of unreachable destinations and of detours, then by kind and
 * name.
 */
export function findFailures(
  tables: RoutingTables,
  { pairs = false, ...options }: FailureOptions = {},
): FailureAnswer {
  return new FailureAnalysis(tables, { pairs }).run(options);
}

/**
 * As `findFailures`, a piece at a time, for whoever has to look at something else meanwhile. Yields how many failures have
 * been looked at, every fifty at least.
 */
export function findFailuresInSteps(
  tables: RoutingTables,
  { pairs = false, most }: Omit<FailureOptions, 'onProgress'> = {},
): Generator<number, FailureAnswer> {
  return new FailureAnalysis(tables, { pairs }).steps({ most });
}

import type { RoutingTables } from '../routing/index.js';
import type { Problem, Scenario } from '../scenario/index.js';
import { findByName, type Topology } from '../topology/index.js';

const hourMs = 3_600_000;

/**
 * A warning for each `database-failover` that asks Safety Net for more than it keeps (SN-01), and for each that may come when
 * the run is over, because all mail has arrived.
 * @param file - how problems call the scenario's file
 */
export function warnOfLossyFailovers(
  { faults, settings, serverSettings, drain, durationMs }: Scenario,
  { topology }: RoutingTables,
  file: string,
): readonly Problem[] {
  const holdMs = (server: number) =>
    (serverSettings.get(topology.servers[server]!.name) ?? settings).transport.safetyNetHoldTime;
  return faults.flatMap((fault, index): Problem[] => {
    if (fault.kind !== 'database-failover') return [];
    const problem = (field: string, message: string, hint: string): Problem => ({
      ...{ file, line: 1, column: 1, path: `faults.${index}.${field}` },
      ...{ message, hint },
    });
    const found: Problem[] = [];
    const longestMs = Math.max(0, ...mayHaveIt(topology, fault.database).map(holdMs));
    // Before the start there is no mail.
    const oldestMs = Math.min(fault.lostWindowMs, fault.beginMs) + fault.endMs - fault.beginMs;
    if (oldestMs > longestMs) {
      found.push(
        problem(
          'lostWindow',
          `mail that was delivered ${inHours(longestMs)} and more before is lost: no Safety Net keeps it for longer`,
          'see `transport.safetyNetHoldTime`',
        ),
      );
    }
    if (drain === 'until-empty' && fault.beginMs >= durationMs) {
      found.push(
        problem(
          'at',
          'the run may be over by then: it ends when all mail has arrived',
          'give `drain` a time instead of `until-empty`',
        ),
      );
    }
    return found;
  });
}

/** The servers whose Safety Nets are asked for the mail of a database: its DAG's, outside a DAG its site's (SH-01, SN-06). */
function mayHaveIt({ servers, databases }: Topology, name: string): readonly number[] {
  const { dag, copies, majorVersion } = databases[findByName(databases, name)]!;
  if (majorVersion !== 15) return [];
  const { site } = servers[copies[0]!]!;
  return servers
    .filter((server) => server.isTransport && server.majorVersion === 15 && !server.isEdge)
    .filter((server) => (dag >= 0 ? server.dag === dag : server.site === site))
    .map(({ index }) => index);
}

function inHours(ms: number): string {
  return ms % hourMs === 0 ? `${ms / hourMs} h` : `${ms / 1_000} s`;
}

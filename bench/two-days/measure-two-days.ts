import { compileScenario, runReplication } from '../../src/experiment/index.js';
import { loadScenario } from '../../src/runner/index.js';
import type { Scenario } from '../../src/scenario/index.js';
import type { TransportModel } from '../../src/sim/model/index.js';
import { bytesInUse } from '../weigh.js';
import type { Hour, TwoDays } from './two-days-report.js';

const hourMs = 3_600_000;
/** How long the mail of a site waits at the end of a run in which some does. */
export const waitingHours = 12;

/**
 * The large day again and again, after which every database may fail over and lose all of it. In the last hours of it no server
 * in Frankfurt delivers to mailboxes, if mail is to wait: it does so in the delivery queues there, each message with its
 * shadow copy.
 */
export function longScenario(hours: number, waits: boolean): Scenario {
  const { scenario } = loadScenario('bench/scenarios/large-day.yaml', { set: [`duration=${hours} h`] });
  const { databases, servers } = scenario.organization;
  const beginMs = (hours + 1) * hourMs;
  const failovers = databases.map(({ name: database, copies }) => ({
    kind: 'database-failover' as const,
    beginMs,
    endMs: beginMs,
    database,
    to: copies[0]!,
    lostWindowMs: beginMs,
  }));
  const outages = servers
    .filter(({ site, roles }) => waits && site === 'Frankfurt' && roles.includes('mailbox'))
    .map(({ name: server }) => ({
      kind: 'service-outage' as const,
      beginMs: (hours - waitingHours) * hourMs,
      endMs: beginMs,
      server,
      service: 'mailbox-delivery' as const,
    }));
  return { ...scenario, faults: [...failovers, ...outages] };
}

/** Simulates so many hours and weighs the process at the end of each. Some five minutes and a gigabyte. */
export async function measureTwoDays(hours: number, waits: boolean): Promise<TwoDays> {
  const scenario = longScenario(hours, waits);
  const tables = compileScenario(scenario);
  const used = bytesInUse();
  const found: Hour[] = [];
  let model: TransportModel | null = null;
  let copiesInFlight = 0;
  let nextMs = hourMs;
  await runReplication(scenario, tables, 1, {
    sink: () => {},
    recordMessages: false,
    onStart: (started) => {
      model = started;
    },
    onProgress: ({ nowMs, messagesInFlight }) => {
      if (nowMs < nextMs || model === null) return 'continue';
      nextMs += hourMs;
      const hour = { inFlight: messagesInFlight, retained: model.safetyNet.retained, bytes: used() };
      found.push(hour);
      process.stderr.write(`${waits ? 'waiting' : 'healthy'}, ${found.length} h: ${JSON.stringify(hour)}\n`);
      if (nowMs < hours * hourMs) return 'continue';
      copiesInFlight = model.copiesInFlight;
      return 'stop';
    },
  });
  return { hours: found, copiesInFlight };
}

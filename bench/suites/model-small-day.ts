import { resolve } from 'node:path';
import { type ReplicationOutcome, runReplication } from '../../src/experiment/index.js';
import { compileRoutingTables } from '../../src/routing/index.js';
import { loadScenario } from '../../src/runner/index.js';
import { buildTopology } from '../../src/topology/index.js';
import type { Suite } from '../suite.js';

/** From the project's root, where `npm run bench` runs. */
const file = 'bench/scenarios/small-day.yaml';
/** The same in every run: the scenario's seed is fixed. */
const quickUntilMs = 2 * 3_600_000;

/** The whole model with full metrics, one core: events of the event loop a second of wall time. */
export const modelSmallDay: Suite = {
  workload:
    'a working day of 2,000 mailboxes of profile 100 on eight servers in four sites, with a link outage and a move of ' +
    'an active copy, all metrics on; an operation is an event, and every delivery of a run must be the same',
  unit: 'ops/s',
  setup: async (quick) => {
    const { scenario } = loadScenario(resolve(file));
    const tables = compileRoutingTables(buildTopology(scenario.organization));
    const run = () =>
      runReplication(scenario, tables, 1, {
        sink: () => {},
        recordMessages: false,
        untilMs: quick ? quickUntilMs : undefined,
      });
    const first = await run();
    let last: ReplicationOutcome = first;
    return {
      operations: first.events,
      isAsync: true,
      run: async () => {
        last = await run();
      },
      check: () => {
        const { delivered, lost, expired } = last.result.recipients;
        if (last.outcome !== 'complete') return 'the run was stopped';
        if (delivered === 0 || lost !== 0 || expired !== 0)
          return `${delivered} delivered, ${lost} lost, ${expired} expired`;
        return last.events === first.events && delivered === first.result.recipients.delivered
          ? undefined
          : `${last.events} events and ${delivered} deliveries, first ${first.events} and ${first.result.recipients.delivered}`;
      },
    };
  },
};

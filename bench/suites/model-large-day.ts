import { resolve } from 'node:path';
import { compileScenario, type ReplicationOutcome, runReplication } from '../../src/experiment/index.js';
import { loadScenario } from '../../src/runner/index.js';
import { largeDayFiles } from '../large-day/large-day.js';
import { windowOf } from '../large-day/window.js';
import type { Suite } from '../suite.js';

const hourMs = 3_600_000;
/** The part of the day that `quick` takes. */
const quickFromMs = 12 * hourMs;
const quickLengthMs = hourMs / 3;
/**
 * What there is to deliver: 8 million to mailboxes (CAP-06), 1.3 million outside (WL-05, a quarter of the recipients of
 * 2 million messages), 0.6 million probes, reports and mail to groups; in 20 minutes of the twelve busy hours (WL-03) a
 * third of 7.4 % of that but for the probes. The tolerance is that of the recipient counts.
 */
const deliveries = { day: 10_000_000, quick: 242_000, tolerance: 0.03 };

/** The whole model with full metrics, one core: deliveries a second of wall time, the design's goal for the model. */
export const modelLargeDay: Suite = {
  workload:
    'a working day of 100,000 mailboxes of profile 100 on 200 servers in 40 sites, all metrics on (quick: the mail of ' +
    '20 minutes at noon alone); an operation is a delivery, none may be lost, and every run must do the same',
  unit: 'ops/s',
  setup: (quick) => {
    const beganMs = performance.now();
    const { scenario: day } = loadScenario(resolve(largeDayFiles.scenario));
    const loadedMs = performance.now();
    const tables = compileScenario(day);
    const compiledMs = performance.now();
    const scenario = quick ? windowOf(day, quickFromMs, quickLengthMs) : day;
    let first: ReplicationOutcome | undefined;
    let last: ReplicationOutcome | undefined;
    return {
      get operations() {
        return first?.result.recipients.delivered ?? 0;
      },
      isAsync: true,
      samples: quick ? 3 : 5,
      run: async () => {
        last = await runReplication(scenario, tables, 1, { sink: () => {}, recordMessages: false });
        first ??= last;
      },
      check: () => {
        if (first === undefined || last === undefined || last.outcome !== 'complete')
          return 'the run was stopped';
        const { delivered, lost, expired, pending } = last.result.recipients;
        const expected = quick ? deliveries.quick : deliveries.day;
        if (Math.abs(delivered / expected - 1) > deliveries.tolerance || lost + expired + pending > 0)
          return `${delivered} delivered, ${lost} lost, ${expired} expired, ${pending} pending`;
        return last.events === first.events && delivered === first.result.recipients.delivered
          ? undefined
          : `${last.events} events and ${delivered} deliveries, first ${first.events} and ${first.result.recipients.delivered}`;
      },
      remark: () => {
        const { events, result } = first!;
        const { delivered } = result.recipients;
        const setUp = `read in ${Math.round(loadedMs - beganMs)} ms, compiled in ${Math.round(compiledMs - loadedMs)} ms`;
        return `${delivered} deliveries, ${(events / delivered).toFixed(2)} events each; before: ${setUp}`;
      },
    };
  },
};

import { compileScenario, type ReplicationOutcome, runReplication } from '../../src/experiment/index.js';
import { type GrowthSize, growthScenario } from '../growth/growth-scenario.js';
import { measureQueued, measureRetained } from '../growth/measure-growth.js';
import type { Suite } from '../suite.js';

/** The same load a server in an organization of two sites and in one of two hundred: a share of `bench:growth`. */
export const growth10Servers: Suite = growthSuite({ servers: 10, messages: 200_000 });
export const growth1000Servers: Suite = growthSuite({ servers: 1_000, messages: 200_000 });

/** A share of the messages is enough to show that it works. */
const quickShare = 0.1;
/** Standard errors that the number of arrivals may be off. */
const tolerance = 5;

function growthSuite(size: GrowthSize): Suite {
  return {
    workload:
      `${size.servers} servers in sites of five, a message a server and second to anybody in the organization, ` +
      `${size.messages} messages in the mean, all metrics on; an operation is an event`,
    unit: 'ops/s',
    setup: async (quick) => {
      const messages = quick ? size.messages * quickShare : size.messages;
      const scenario = growthScenario({ ...size, messages });
      const tables = compileScenario(scenario);
      const run = () => runReplication(scenario, tables, 1, { sink: () => {}, recordMessages: false });
      const first = await run();
      let last: ReplicationOutcome = first;
      return {
        operations: first.events,
        isAsync: true,
        run: async () => {
          last = await run();
        },
        check: () => {
          const { submitted, delivered, pending } = last.result.recipients;
          if (Math.abs(submitted - messages) > tolerance * Math.sqrt(messages))
            return `${submitted} submitted`;
          if (delivered + pending !== submitted) return `${submitted} submitted, ${delivered} delivered`;
          return last.events === first.events ? undefined : `${last.events} events, first ${first.events}`;
        },
      };
    },
  };
}

/** Memory of a message that waits in a delivery queue, whatever of it is where: alone, with its shadow copy, to several. */
export const memoryMessageInFlight: Suite = waitingSuite(1, false);
export const memoryMessageInFlightShadowed: Suite = waitingSuite(1, true);
export const memoryMessageToFourShadowed: Suite = waitingSuite(4, true);

function waitingSuite(recipients: number, isShadowed: boolean): Suite {
  return {
    workload:
      `a message of ${recipients === 1 ? 'one recipient' : `${recipients} recipients`} that waits in a delivery queue, ` +
      `${isShadowed ? 'with a shadow copy on another server, ' : ''}among a million: what the heap and the array ` +
      'buffers of the process grow by, garbage collected before and after',
    unit: 'bytes',
    setup: (quick) => {
      // With fewer messages what a run takes anyway would count for more.
      const messages = quick ? 125_000 : 1_000_000;
      let bytes = 0;
      return {
        weigh: async () => {
          bytes = (await measureQueued({ messages, recipients, isShadowed })).bytes / messages;
          return bytes;
        },
        // Less than its recipient, sender, size and time is impossible.
        check: () => (bytes > 20 ? undefined : `a message takes ${bytes} bytes`),
      };
    },
  };
}

/** Memory of a message that Safety Net keeps by itself, because its database may fail over with loss. */
export const memorySafetyNetRetained: Suite = {
  workload:
    'a message of one recipient that Safety Net retains, among a million on ten servers: what the heap and the array ' +
    'buffers of the process grow by, garbage collected before and after',
  unit: 'bytes',
  setup: (quick) => {
    const messages = quick ? 200_000 : 1_000_000;
    let bytes = 0;
    let wrong: string | undefined;
    return {
      weigh: async () => {
        const point = await measureRetained(messages);
        bytes = point.bytes / point.deliveries;
        const isFar = Math.abs(point.deliveries - messages) > tolerance * Math.sqrt(messages) + 100;
        wrong = isFar ? `${point.deliveries} messages were delivered, not ${messages}` : undefined;
        return bytes;
      },
      // Less than its number, recipient, sender, size, time and servers is impossible.
      check: () => wrong ?? (bytes > 30 ? undefined : `a message takes ${bytes} bytes`),
    };
  },
};

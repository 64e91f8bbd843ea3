import {
  compileRoutingTables,
  type RoutingTables,
  type TransportSelection,
} from '../../src/routing/index.js';
import { randomStreams } from '../../src/sim/kernel/index.js';
import { buildTopology } from '../../src/topology/index.js';
import { ClearRouting } from '../clear-routing.js';
import { ClearSelection, describeSelection } from '../clear-selection.js';
import { drawOrganization, large } from '../organizations.js';
import type { Suite } from '../suite.js';

/** RT-48. */
const recipientsConsidered = 20;
/** How many recipients a message has: from and to, of how many messages in twenty. */
const mix = [
  { from: 1, to: 1, share: 10 },
  { from: 2, to: 5, share: 5 },
  { from: 6, to: 20, share: 3 },
  { from: 21, to: 40, share: 2 },
] as const;
/** One recipient in so many is outside the organization. */
const outsideEvery = 10;
const outside = -1;
const messagesChecked = 200;

/** The one choice for a message (RT-46 to RT-48): from its recipients to the tiers of servers that a front end tries. */
export const routeFrontEndSelection: Suite = {
  workload:
    '100,000 messages of 1 to 40 recipients (half of them 1, a tenth more than 20), a tenth of these outside, the others ' +
    'random mailboxes of 100,000, at random front ends of 200 in 40 sites, tables warm; an operation is a message; each ' +
    'choice as at first, 200 as a clear implementation has them',
  unit: 'ops/s',
  setup: (quick) => {
    const count = quick ? 10_000 : 100_000;
    const topology = buildTopology(drawOrganization(large));
    const tables = compileRoutingTables(topology);
    const messages = drawMessages(count, topology.recipients.mailboxCount);
    const { mailboxDatabase } = topology.recipients;
    const chosen = new Array<TransportSelection>(count);
    const selectAll = () => {
      for (let message = 0; message < count; message++) {
        chosen[message] = select(tables, messages, message, mailboxDatabase);
      }
    };
    selectAll();
    const first = [...chosen];
    const clear = new ClearSelection(topology, new ClearRouting(topology));
    return {
      operations: count,
      run: selectAll,
      check: () => {
        const changed = chosen.findIndex((selection, message) => selection !== first[message]);
        if (changed !== -1) return `message ${changed} goes elsewhere than at first`;
        for (let message = 0; message < messagesChecked; message++) {
          const { frontEnd, firstRecipient, recipients } = messages;
          const databases = [...recipients.subarray(firstRecipient[message]!, firstRecipient[message + 1]!)]
            .filter((recipient) => recipient !== outside)
            .map((recipient) => mailboxDatabase[recipient]!);
          const expected = clear.frontEnd(frontEnd[message]!, databases);
          const answer = describeSelection(tables, chosen[message]!);
          if (answer !== expected) return `message ${message}: expected ${expected}, got ${answer}`;
        }
        return undefined;
      },
    };
  },
};

interface Messages {
  /** By message: the server it is at. */
  readonly frontEnd: Int32Array;
  /** By message: where its recipients begin in `recipients`; they go on to where the next message's begin. */
  readonly firstRecipient: Int32Array;
  /** Mailboxes, or `outside`. */
  readonly recipients: Int32Array;
}

function drawMessages(count: number, mailboxes: number): Messages {
  const uniform = randomStreams('bench', 0)('front ends');
  const below = (limit: number) => Math.floor(uniform() * limit);
  const shares = mix.flatMap(({ from, to, share }) => Array.from({ length: share }, () => ({ from, to })));
  const frontEnd = Int32Array.from({ length: count }, () => below(large.servers));
  const firstRecipient = new Int32Array(count + 1);
  for (let message = 0; message < count; message++) {
    const { from, to } = shares[below(shares.length)]!;
    firstRecipient[message + 1] = firstRecipient[message]! + from + below(to - from + 1);
  }
  const recipients = Int32Array.from({ length: firstRecipient[count]! }, () =>
    below(outsideEvery) === 0 ? outside : below(mailboxes),
  );
  return { frontEnd, firstRecipient, recipients };
}

const databases = new Int32Array(recipientsConsidered);

function select(
  tables: RoutingTables,
  { frontEnd, firstRecipient, recipients }: Messages,
  message: number,
  mailboxDatabase: Int32Array,
): TransportSelection {
  const end = firstRecipient[message + 1]!;
  let considered = 0;
  for (let n = firstRecipient[message]!; n < end && considered < recipientsConsidered; n++) {
    const recipient = recipients[n]!;
    if (recipient !== outside) databases[considered++] = mailboxDatabase[recipient]!;
  }
  return tables.selectTransport('front-end', frontEnd[message]!, databases, considered);
}

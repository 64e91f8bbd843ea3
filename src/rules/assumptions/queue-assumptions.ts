import { type Assumption, assumption } from '../rule.js';

/** Queues, retry and expiry; in name order. */
export const queueAssumptions: readonly Assumption[] = [
  assumption(
    'A-age-from-submission',
    `The age of a message, for delay notices and expiry, counts from when its sender submitted it: waits in the outbox,
    in a Pickup directory and with an outside sender are part of it.`,
    `MI-05 has the maximum time since submission, and does not say to which service.`,
  ),
  assumption(
    'A-crash-counts',
    `Whenever a Transport service stops, by \`service-outage\` or with its server, each message in a categorizer
    slot counts one crash. A message with as many as \`poisonThreshold\` goes to the Poison queue when the
    service starts again.`,
    `A service that stops unplanned cannot tell which of the messages it worked on was the cause. A server that
    accepts the message later begins to count anew.`,
  ),
  assumption(
    'A-drain-leaves-unreachable',
    `A drain leaves the Unreachable queue alone, and a server counts as empty without it.`,
    `QU-12 redirects active delivery queues; it names shadow and Poison queues as those that stay. What is unreachable
    here is so elsewhere.`,
  ),
  assumption(
    'A-edge-defaults',
    `The retry intervals of an Edge are defaults of its role: they replace those of the behaviour profile, and
    whatever anybody sets, for the organization too, replaces them.`,
    `MI-01 has other defaults for Edges; what an administrator sets for all servers he means for all.`,
  ),
  assumption(
    'A-rerouting-keeps-timers',
    `A queue in Retry whose messages keep their next hop when the configuration changes waits for its timer.`,
    `CN-12 names what is resubmitted: the mail of other connectors. Nothing is said of the rest.`,
  ),
  assumption(
    'A-restart-tries-at-once',
    `A Transport service that starts again tries all its queues at once, from the beginning of the retry
    ladder.`,
    `Queue states are memory, the queue database is not (QU-02).`,
  ),
  assumption(
    'A-retries-counted',
    `A queue is tried again when it had nobody to send by any more: attempts are numbered from the failure of its
    last session on. A further session that fails while others send is none of these: it has no row in
    \`retries.csv\`, and the next one is no retry. Nor are attempts of Submission and of outside senders, which have
    no queue. A connection that is refused counts as an attempt at a server like any other that fails.`,
    `QU-07: a queue is in Retry when its last connection has failed; design section 6 counts further attempts of a
    queue, not of a session.`,
  ),
  assumption(
    'A-retry-follows-move',
    `A mailbox queue in Retry does not wait for its timer when another copy than the one that failed is active: its
    server asks Active Manager once more, as soon as its last answer has aged out, and tries again at once if it is told
    of another server. If it can ask nobody, or is told the same, the timer stays. Such an attempt is a retry like any
    other, and begins a cycle (CAP-66).`,
    `CAP-52 does not say how routing learns the new server of a copy that was moved. A server asks when its answer is
    old (MD-01).`,
  ),
  assumption(
    'A-turn-outlives-queue',
    `Which of equal servers has its turn goes on where it was when a queue comes back that had been empty for
    longer than \`queueMaxIdleTime\`.`,
    `A queue that is rarely used would otherwise send to the first server only. Where Exchange keeps the turn
    is not documented (UN-07).`,
  ),
];

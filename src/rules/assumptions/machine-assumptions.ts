import { type Assumption, assumption } from '../rule.js';

/** Machines, and the times of their work; in name order. */
export const machineAssumptions: readonly Assumption[] = [
  assumption(
    'A-categorizer-slots',
    `A server categorizes 8 messages at a time.`,
    `A categorization takes 75 ms (CAP-64): 8 slots are about 100 messages a second, above any published
    load of one server.`,
  ),
  assumption(
    'A-longest-work',
    `No work lasts longer than twenty years, whatever its mean, its distribution and the slowdowns of servers and remote
    domains make of it; a core never finishes what it would finish later than forty years after the start.`,
    `The longest run, with its drain, takes twenty: what would last longer ends in no run, and sums of times stay within
    what the clock can show.`,
  ),
  assumption(
    'A-processor-beside',
    `Each stage of a message at a server (Front End Transport, submission, acceptance, categorizer, relay or hand-over to
    the outside, writing to a database) needs \`hardware.cpuPerMessage\` of its processor; the stage ends when its own time
    and that work are both over. Opening a connection needs none, and of what is sent to a database the receiver's writing
    is the one stage: the sender needs none.`,
    `UN-08 names the work of a message, not its place; most of a stage's time is waiting for disks and networks. CAP-64
    has one time for a delivery to a mailbox, that of writing.`,
  ),
  assumption(
    'A-random-failures',
    `Times between random failures, from the end of one to the beginning of the next, and times to repair are
    exponential; each object fails by itself and never while it has failed already.`,
    `The usual model of failure and repair; other faults may overlap with them.`,
  ),
  assumption(
    'A-run-queue',
    `The cores of a server are equal and work off one run queue, first come, first served, for all services; a message
    that is sent takes its place in the receiver's run queue when its sending begins. A service that stops leaves its
    work there, a server that stops drops it.`,
    `Time slices of an operating system are far shorter than a message's work is long; with equal work both give the
    same throughput.`,
  ),
  assumption(
    'A-service-distribution',
    `Service times are exponential around their means.`,
    `The usual choice where only means are known; \`deterministic\` and \`lognormal\` can be chosen.`,
  ),
  assumption(
    'A-slowdown-begins-with-the-next',
    `A server that becomes slower or faster takes the new time for what it begins from then on.`,
    `What is under way has its end already; a stage lasts a fraction of a second.`,
  ),
];

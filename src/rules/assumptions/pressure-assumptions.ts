import { type Assumption, assumption } from '../rule.js';

/** Back pressure; in name order. */
export const pressureAssumptions: readonly Assumption[] = [
  assumption(
    'A-all-memory',
    `All memory that is used is that of the Transport service and a fixed share for everybody else
    (\`hardware.otherMemory\`, 20 %). In 2013 it has no Medium, and is back at Normal below the threshold of High.`,
    `What the store caches shrinks when others need memory; no share of others is published. The documentation names
    94 % alone.`,
  ),
  assumption(
    'A-batch-points',
    `Each message is one batch point from when its sending to a Transport service begins until it is committed there.`,
    `The documentation says that messages are grouped for their commit, and that large ones may be several; not how.`,
  ),
  assumption(
    'A-boot-scanning',
    `A service that starts has all it holds in its queues at once. Where its memory is under pressure at that moment (2016),
    it neither categorizes nor sends anything until that is over: what was in its queues takes no memory so long.`,
    `Of the resources that hold the scan back none but the memory can be above Normal when a service has just started. What
    comes in meanwhile waits with the rest.`,
  ),
  assumption(
    'A-checkpoint-depth',
    `The log of a queue database runs ahead of its file by what was received, less \`hardware.checkpointSpeed\` (100 MB)
    a second; the thresholds count MB.`,
    `CAP-41 has the thresholds without their unit; 384 MB are the most that a database is set to (CAP-25).`,
  ),
  assumption(
    'A-dehydration',
    `Under the pressure that drops the content of messages from memory, what is queued at a poll takes none; what is
    categorized or sent is read from the database, which takes \`hardware.dehydratedReadTime\` (20 ms) more, whatever
    its size and slowdowns. Flushing the DNS cache, and collecting garbage, change nothing.`,
    `20 ms are the most that a read from a healthy disk is said to take. Look-ups of names take no time in the model.`,
  ),
  assumption(
    'A-pressure-falls',
    `A level rises at a poll that reads the threshold or more, and falls at one that reads the lower threshold or less;
    in 2013 High falls to Medium where Medium begins. Several levels may be passed at once; a reading at which a level would
    rise does not let it fall, whatever thresholds are set.`,
    `The tables of 2016 say the same of each direction with thresholds of their own (BP-06); those of 2013 name
    three.`,
  ),
  assumption(
    'A-pressure-grid',
    `Servers poll at the multiples of \`resourceMonitoringInterval\` from the start of the run, a service that starts
    at once, too; a fault that fills a disk at such an instant is seen by that poll. Polls that could find nothing are left
    out.`,
    `When a service polls first is not published.`,
  ),
  assumption(
    'A-pressure-of-later-versions',
    `Behavior 2016: sessions with the queue database and checkpoint depth are answered as version buckets are, by the
    tarpit and then by refusals, after as many polls. All memory refuses nobody, and drops the content of messages from
    Medium on, as the memory of the service does. Under whatever else refuses mail resubmission waits, and no shadow copies
    are taken.`,
    `The documentation of 2016 has these actions of the resources that it names; sessions and checkpoint depth are known
    from a live server alone (CAP-41), which had all memory at High and its use as a whole at Low.`,
  ),
  assumption(
    'A-pressure-refusals',
    `Who is refused at MAIL FROM is answered at once, without the tarpit. A front end, another server and Mailbox
    Transport Submission ask the next server; a sender outside who is refused by an Edge tries again after
    \`outside.retryInterval\`. Once a resource that is answered by the tarpit refuses mail, its tarpit ends, for those it does
    not refuse, too.`,
    `So the documentation: the delay stops and mail is rejected until the resource is back at Normal. Many sending
    systems keep a message that was refused for now, whoever else may take it.`,
  ),
  assumption(
    'A-process-memory',
    `The Transport service needs \`hardware.transportMemory\` (1 GB), the bytes of the messages that it is receiving, and
    \`hardware.cachedContent\` (a tenth) of those in its queues. Mail is refused after \`privateBytesHistoryDepth\` polls in a row above
    Normal, without a tarpit.`,
    `Complete messages are said to be cached, typically; how many is not published. The cache of the database is 512 MB (CAP-25). The
    table of actions has refusals at Medium, the text beside it has them after the history: the text is followed.`,
  ),
  assumption(
    'A-queue-disk',
    `On the disk of a queue database, and of its logs, are the database and what others have there
    (\`queueDiskUsed\`, or \`disk-full\`): live bytes, as free space in the file counts as free (CAP-13). What
    indexes and logs take is not counted.`,
    `The shares of Exchange's own files beside the content of messages are not published; the reserve that the thresholds leave is
    for the logs.`,
  ),
  assumption(
    'A-sessions-with-database',
    `A Transport service has one session with its queue database for each message that it is receiving, and one for each that
    it is categorizing.`,
    `CAP-41 has thresholds of these sessions, and nothing of what they are for.`,
  ),
  assumption(
    'A-tarpit',
    `The wait at MAIL FROM is one for all senders over SMTP of a server. It gets a step longer at each poll at which a resource
    calls for it; when all are back at Normal a step shorter at each poll, and below its start it ends.`,
    `The documentation says that the delay is reduced gradually, not how fast.`,
  ),
  assumption(
    'A-version-buckets',
    `A version bucket holds \`hardware.versionBucketSize\` (64 KB) of messages that a Transport service is receiving: from when the sending
    of a message begins until it is committed.`,
    `The documentation says that they are transactions in memory that are not committed yet; 64 KB is the size of a bucket of the
    database engine, on some of its platforms.`,
  ),
];

import { stages } from '../sim/model/index.js';

/** What a number of `summary.json` means. */
export interface MetricMeaning {
  /** The number's path; a part in angle brackets stands for any name. */
  readonly metric: string;
  readonly unit: string;
  readonly meaning: string;
  /** What it covers: the whole run, or what came after the warm-up. */
  readonly covers: string;
}

const wholeRun = 'the whole run, all replications added up';
const afterWarmUp = 'messages submitted after the warm-up, all replications together';
const timeAfterWarmUp = 'the time after the warm-up, averaged over replications';

function total(metric: string, meaning: string, unit = 'recipients'): MetricMeaning {
  return { metric, unit, meaning, covers: wholeRun };
}

function latency(metric: string, meaning: string): MetricMeaning {
  return { metric: `deliveryLatency.${metric}`, unit: 'ms', meaning, covers: afterWarmUp };
}

const stageMeanings: Readonly<Record<(typeof stages)[number], string>> = {
  submission:
    'from the sender until a Transport service is connected: Mailbox Transport Submission, Front End Transport or a Pickup directory',
  accept:
    'from the end of the data until a Transport service has acknowledged it: commit and shadow copy, at each hop',
  submissionQueue: 'waiting in Submission queues',
  categorizer: 'in categorizers',
  deliveryQueue: 'waiting in delivery queues that were not in Retry',
  retryWait:
    'waiting in queues in Retry, as a message to be retried, or with an outside sender until the next attempt',
  connection: 'attempts to connect, those that fail included',
  transfer: 'sending from server to server, or to a remote domain',
  mailboxDelivery: 'in Mailbox Transport Delivery: writing to the mailbox, and waiting for its answer',
};

/** Every number that `summary.json` can have, in its order. What thresholds and `mailflow explain` know as metrics. */
export const metricMeanings: readonly MetricMeaning[] = [
  {
    metric: 'replications',
    unit: 'replications',
    meaning: 'how many replications there were',
    covers: 'the whole run',
  },
  {
    metric: 'simulatedMs',
    unit: 'ms',
    meaning: 'the length of one replication, drain included; the mean where they differ',
    covers: 'the whole run',
  },
  {
    metric: 'warmUpMs',
    unit: 'ms',
    meaning: 'the time at the start that latencies, throughput, means and utilizations leave out',
    covers: 'the whole run',
  },
  total('messages.submitted', 'messages that workloads submitted; notifications are none', 'messages'),
  total('messages.categorized', 'categorizations, at every hop and after every resubmission', 'messages'),
  total('messages.relayed', 'acceptances by a Transport service from another one', 'messages'),
  total('recipients.submitted', 'recipients of submitted messages; a group is one'),
  total(
    'recipients.expanded',
    'recipients that expansion and forwarding added, net: members less the group itself, one more where a mailbox keeps what it forwards, one less for each further row of one recipient',
  ),
  total(
    'recipients.generated',
    'recipients of what servers made: non-delivery reports and delay notices; and those who have to get again what a lossy failover took from their mailbox',
  ),
  total(
    'recipients.delivered',
    'recipients whose mailbox has the message, or whose remote domain has accepted it',
  ),
  total('recipients.returned', 'recipients that ended with a non-delivery report other than 4.4.7'),
  total('recipients.expired', 'recipients that ended because their message grew too old (4.4.7)'),
  total('recipients.lost', 'recipients whose message no server has any more'),
  total('recipients.pending', 'recipients that had not ended when the run did'),
  total(
    'recipients.duplicates',
    'deliveries beyond the first to somebody outside, who has the message twice; no other figure counts them',
  ),
  total(
    'redirects.total',
    'messages, by recipient, that a server refused or sent away because the mailbox is active elsewhere, or that a drain moved',
  ),
  total('redirects.byCause.<cause>', 'the same with one cause: active-elsewhere or drain'),
  total('ndrs.total', 'recipients returned or expired: each row of ndrs.csv'),
  total(
    'ndrs.byCode.<code>',
    'the same with one enhanced status code, in double quotes: ndrs.byCode."5.1.1"',
  ),
  total(
    'retries.connections',
    'further attempts of queues to connect, or of mailbox queues to deliver',
    'attempts',
  ),
  total('retries.messages', 'further attempts of single messages', 'attempts'),
  total(
    'fallbacks.total',
    'messages that a later tier than the first accepted, back-offs not counted',
    'messages',
  ),
  total(
    'fallbacks.byReason.<reason>',
    'the same with one reason of the tier, such as other-group-servers',
    'messages',
  ),
  total('backoffs.total', 'messages that a server nearer to the sender accepted instead (RT-41)', 'messages'),
  total('backoffs.bySite.<site>', 'the same in one site', 'messages'),
  total('delayNotices', 'delay notices to senders (MI-04)', 'notices'),
  total(
    'resubmissions.idle',
    'messages categorized anew because their queue had delivered nothing for long (MI-03)',
    'messages',
  ),
  total('resubmissions.shadow', 'messages resubmitted from shadow queues', 'messages'),
  total('resubmissions.safetyNet', 'messages resubmitted from Safety Net', 'messages'),
  total('lost.total', 'recipients.lost again'),
  total(
    'lost.byCause.<cause>',
    'the same with one cause: queue-database-lost, with no shadow copy left; mailbox-lost, in a lossy failover, with nothing in Safety Net',
  ),
  total(
    'protection.shadowed',
    'messages that a Transport service acknowledged with a shadow copy (SH-02)',
    'messages',
  ),
  total('protection.unshadowed', 'messages that one acknowledged without (SH-03, SH-08)', 'messages'),
  total(
    'protection.refused',
    'messages that one refused for the moment, 451 4.4.0, because nobody took a shadow copy, each as often as it was (SH-03)',
    'messages',
  ),
  total('protection.discarded', 'shadow copies that went to Shadow Safety Net (SH-04)', 'messages'),
  total('protection.promoted', 'shadow copies that were promoted (SH-05)', 'messages'),
  total(
    'protection.duplicatesDropped',
    'deliveries that the store of a mailbox dropped because it had the message (RR-06, CAP-54)',
  ),
  total(
    'backPressure.rejected',
    'messages refused under back pressure, each as often as it was (BP-02)',
    'messages',
  ),
  total(
    'backPressure.tarpitMs',
    'time that senders were made to wait for the answer to MAIL FROM (BP-03)',
    'ms',
  ),
  total('backPressure.highMs', 'time that servers had a resource at High, however many of it', 'ms'),
  {
    metric: 'deliveryLatency.count',
    unit: 'recipients',
    meaning: 'deliveries that the latencies are of, inside and outside, notifications left out',
    covers: afterWarmUp,
  },
  latency('meanMs', 'from submission to delivery, the mean'),
  latency('p50Ms', 'from submission to delivery: half of the deliveries take no longer'),
  latency('p90Ms', 'from submission to delivery: 90 % take no longer'),
  latency('p95Ms', 'from submission to delivery: 95 % take no longer'),
  latency('p99Ms', 'from submission to delivery: 99 % take no longer'),
  latency('maxMs', 'from submission to delivery: the longest'),
  ...stages.map((stage) =>
    latency(
      `byStage.${stage}`,
      `the part of the mean that is ${stageMeanings[stage]}; all stages add up to it`,
    ),
  ),
  latency('oldestPendingMs', 'the age of the oldest message that had not ended when the run did'),
  {
    metric: 'throughput.submittedPerSecond',
    unit: 'recipients a second',
    meaning: 'recipients of mail submitted after the warm-up, over the time in which new mail arrives',
    covers: timeAfterWarmUp,
  },
  {
    metric: 'throughput.deliveredPerSecond',
    unit: 'recipients a second',
    meaning:
      'of these, and of whom they were expanded to, those delivered; over all the time, drain included',
    covers: timeAfterWarmUp,
  },
  {
    metric: 'throughput.peakDeliveredPerSecond',
    unit: 'recipients a second',
    meaning: 'recipients delivered in the busiest sample interval',
    covers: 'the time after the warm-up, the largest of all replications',
  },
  {
    metric: 'queues.<server>/<queue>.meanLength',
    unit: 'messages',
    meaning: 'messages in the queue, waiting and being sent',
    covers: timeAfterWarmUp,
  },
  {
    metric: 'queues.<server>/<queue>.maxLength',
    unit: 'messages',
    meaning: 'the most messages that were in the queue at a time',
    covers: 'the whole run, the largest of all replications',
  },
  {
    metric: 'queues.<server>/<queue>.maxAgeMs',
    unit: 'ms',
    meaning: 'the largest age of a message in the queue, counted from its submission',
    covers: 'the whole run, the largest of all replications',
  },
  {
    metric: 'queues.<server>/<queue>.retryMs',
    unit: 'ms',
    meaning: 'time that the queue was in Retry',
    covers: wholeRun,
  },
  {
    metric: 'servers.<server>.utilization',
    unit: 'share from 0 to 1',
    meaning: "busy share of the server's processor cores",
    covers: timeAfterWarmUp,
  },
  {
    metric: 'servers.<server>.messagesPerSecond',
    unit: 'messages a second',
    meaning: 'messages that the server categorized',
    covers: timeAfterWarmUp,
  },
  {
    metric: 'servers.<server>.queueDatabaseMaxBytes',
    unit: 'bytes',
    meaning: 'the most that the messages in the queue database took up',
    covers: 'the whole run, the largest of all replications',
  },
  total('links.<link>.bytes', 'bytes that crossed the site link, both directions together', 'bytes'),
  {
    metric: 'links.<link>.utilization',
    unit: 'share from 0 to 1',
    meaning: "share of the link's bandwidth that was used; 0 where it is unlimited",
    covers: 'the whole run, averaged over replications',
  },
];

/**
 * Finds what the path of a metric means, whatever names stand in it.
 * @param path - as a threshold has it: `recipients.lost`, `queues.B1/DB1.maxLength`, `servers.B1.utilization`; the part
 *   of a list's element may be left out
 */
export function findMetricMeaning(path: string): MetricMeaning | undefined {
  const wanted = path.toUpperCase();
  return metricMeanings.find(({ metric }) => patterns.get(metric)!.test(wanted));
}

const patterns: ReadonlyMap<string, RegExp> = new Map(
  metricMeanings.map(({ metric }) => {
    const parts = metric.split(/(\.?<[^.]*>)/).map((part, place) => {
      if (place % 2 === 0) return part.toUpperCase().replaceAll('.', '\\.');
      return part.startsWith('.') ? '(?:\\..+)?' : '.+';
    });
    return [metric, new RegExp(`^${parts.join('')}$`)];
  }),
);

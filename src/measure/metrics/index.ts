import type { MetricSummaries } from '../metric-summaries.js';
import { backPressure } from './back-pressure.js';
import { backoffs } from './backoffs.js';
import { delayNotices } from './delay-notices.js';
import { deliveryLatency } from './delivery-latency.js';
import { fallbacks } from './fallbacks.js';
import type { MetricKind } from './kind.js';
import { links } from './links.js';
import { lost } from './lost.js';
import { messages } from './messages.js';
import { ndrs } from './ndrs.js';
import { protection } from './protection.js';
import { queues } from './queues.js';
import { recipients } from './recipients.js';
import { redirects } from './redirects.js';
import { resubmissions } from './resubmissions.js';
import { retries } from './retries.js';
import { servers } from './servers.js';
import { throughput } from './throughput.js';

/** Every metric, in the order of the summary. */
export const metricKinds = {
  messages,
  recipients,
  redirects,
  ndrs,
  retries,
  fallbacks,
  backoffs,
  delayNotices,
  resubmissions,
  backPressure,
  deliveryLatency,
  throughput,
  queues,
  servers,
  links,
  lost,
  protection,
} as const satisfies { readonly [K in keyof MetricSummaries]: MetricKind<unknown, MetricSummaries[K]> };

export type MetricName = keyof typeof metricKinds;
export const metricNames = Object.keys(metricKinds) as readonly MetricName[];

/** What each metric measured in one replication. */
export type MetricParts = {
  readonly [K in MetricName]: ReturnType<(typeof metricKinds)[K]['merge']>;
};

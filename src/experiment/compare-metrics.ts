import { type Figures, metricMeanings } from '../measure/index.js';
import { splitPath } from '../scenario/index.js';

/** Metrics that are compared whatever the scenarios: those that are no names' own, each once. */
const always: readonly string[] = metricMeanings
  .map(({ metric }) => metric)
  .filter((metric) => !metric.includes('<') && !isOther(metric));

/**
 * Facts of the run, and numbers that others say again: `ndrs.total` is recipients returned and expired, `lost.total` is
 * `recipients.lost`.
 */
function isOther(metric: string): boolean {
  return ['replications', 'simulatedMs', 'warmUpMs', 'ndrs.total', 'lost.total'].includes(metric);
}

export interface ComparableMetric {
  readonly metric: string;
  readonly path: readonly string[];
}

/**
 * What is compared: the metrics of thresholds first, then all that have no name in their path, then the utilization of
 * each server and link that both sides have. Each once.
 */
export function comparableMetrics(
  thresholdMetrics: readonly string[],
  figuresA: readonly Figures[],
  figuresB: readonly Figures[],
): readonly ComparableMetric[] {
  const metrics = new Map<string, readonly string[]>();
  for (const metric of thresholdMetrics) {
    const path = splitPath(metric);
    if (path !== undefined && !isOther(metric)) metrics.set(metric, path);
  }
  for (const metric of always) metrics.set(metric, metric.split('.'));
  const [firstA, firstB] = [figuresA[0], figuresB[0]];
  if (firstA !== undefined && firstB !== undefined) {
    const servers = new Set(firstB.servers.map(({ server }) => server));
    for (const { server } of firstA.servers) {
      if (servers.has(server))
        metrics.set(`servers.${quoted(server)}.utilization`, ['servers', server, 'utilization']);
    }
    const links = new Set(firstB.links.map(({ link }) => link));
    for (const { link } of firstA.links) {
      if (links.has(link)) metrics.set(`links.${quoted(link)}.utilization`, ['links', link, 'utilization']);
    }
  }
  return [...metrics].map(([metric, path]) => ({ metric, path }));
}

/** As the path of a metric has it: a name with a dot stands in double quotes. */
function quoted(name: string): string {
  return name.includes('.') ? `"${name}"` : name;
}

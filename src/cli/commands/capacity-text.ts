import type { Capacity, CapacityLimit } from '../../experiment/index.js';
import { formatSpan, plainText } from '../../report/index.js';

/** An answer for people: the value, what keeps it from going further, and the values tried. */
export function formatCapacityText({ vary, wanted, value, steps, limitedBy }: Capacity): string {
  const path = plainText(vary, 120);
  const lines = [
    value === null
      ? `${path}: the thresholds hold nowhere in the range`
      : `${path}: ${value} is the ${wanted} value found at which every threshold holds`,
    ...(limitedBy === null
      ? ['it is the end of the range: nothing limits it there']
      : describeLimit(limitedBy)),
    '',
    'tried        verdict    replications',
    ...steps.map((step) => {
      const { verdict, replications } = step;
      return `${String(step.value).padEnd(12)} ${verdict.padEnd(10)} ${String(replications).padStart(12)}`;
    }),
  ];
  return `${lines.join('\n')}\n`;
}

function describeLimit({ value, thresholds, tier }: CapacityLimit): string[] {
  const broken = thresholds.map(
    ({ metric, limit, value: found, verdict }) =>
      `limited by   ${plainText(metric, 100)} ${limit}: at ${value} it ${verdict === 'fail' ? 'fails' : 'is undecided'}, with ${figure(metric, found)}`,
  );
  if (tier === null) return broken;
  const shares = [
    ...(tier.offered === null ? [] : [`offered ${percent(tier.offered)}`]),
    ...(tier.measured === null ? [] : [`measured ${percent(tier.measured)}`]),
  ];
  return [...broken, `busiest      ${plainText(tier.text, 160)} (${shares.join(', ')})`];
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}

/** Times are ms where the metric's name says so. */
function figure(metric: string, value: number): string {
  const isTime = metric.endsWith('Ms') || metric.includes('.byStage.');
  return isTime ? formatSpan(value) : String(Number(value.toPrecision(4)));
}

import { formatFigure, plainText, threeDigits } from './quantities.js';

interface ReportedTier {
  readonly text: string;
  readonly offered: number | null;
  readonly measured: number | null;
}

interface ReportedLimit {
  readonly value: number | string;
  readonly thresholds: readonly {
    readonly metric: string;
    readonly limit: string;
    readonly value: number;
    readonly verdict: string;
    readonly reason?: string;
  }[];
  readonly tier: ReportedTier | null;
}

/** What a text of a capacity is made from: `capacity/1`. */
export interface ReportedCapacity {
  readonly vary: string;
  readonly wanted: 'largest' | 'smallest';
  readonly value: number | string | null;
  readonly steps: readonly {
    readonly value: number | string;
    readonly verdict: string;
    readonly replications: number;
  }[];
  readonly limitedBy: ReportedLimit | null;
  readonly overloaded: ReportedTier | null;
}

/** An answer for people: the value, what keeps it from going further, and the values tried. Ended by LF. */
export function formatCapacityText(capacity: ReportedCapacity): string {
  const { vary, wanted, value, steps, limitedBy, overloaded } = capacity;
  const path = plainText(vary, 120);
  const lines = [
    value === null
      ? `${path}: the thresholds hold nowhere in the range`
      : `${path}: ${value} is the ${wanted} value found at which every threshold holds`,
    ...(limitedBy === null
      ? ['it is the end of the range: nothing limits it there']
      : describeLimit(limitedBy)),
    ...(overloaded === null
      ? []
      : [
          `overloaded   at ${value} already: ${plainText(overloaded.text, 160)} (${shares(overloaded)}); its queue grows`,
          '             for as long as that lasts, and the thresholds hold because it ends in time',
        ]),
    '',
    'tried        verdict    replications',
    ...steps.map((step) => {
      const { verdict, replications } = step;
      return `${String(step.value).padEnd(12)} ${verdict.padEnd(10)} ${String(replications).padStart(12)}`;
    }),
  ];
  return `${lines.join('\n')}\n`;
}

function describeLimit({ value, thresholds, tier }: ReportedLimit): string[] {
  const broken = thresholds.map(
    ({ metric, limit, value: found, verdict, reason }) =>
      `limited by   ${plainText(metric, 100)} ${limit}: at ${value} it ${verdict === 'fail' ? 'fails' : 'is undecided'}, ` +
      (reason === 'no-samples'
        ? 'as nothing was measured'
        : `with ${formatFigure(metric, found)}${reason === 'pending' ? ' and mail still pending' : ''}`),
  );
  if (tier === null) return broken;
  return [...broken, `busiest      ${plainText(tier.text, 160)} (${shares(tier)})`];
}

function shares({ offered, measured }: ReportedTier): string {
  return [
    ...(offered === null ? [] : [`offered ${percent(offered)}`]),
    ...(measured === null ? [] : [`measured ${percent(measured)}`]),
  ].join(', ');
}

function percent(share: number): string {
  return `${threeDigits(share * 100)} %`;
}

import { table } from '../markdown.js';
import { confidence, type SlowDown, type Verdict } from './slow-down.js';

/** What a comparison found, as `compare.json` holds it. */
export interface Comparison {
  readonly mailflow: 'bench-compare/1';
  /** As they were named. */
  readonly base: string;
  readonly head: string;
  readonly tolerancePercent: number;
  readonly quick: boolean;
  readonly machine: string;
  readonly cases: readonly ComparisonCase[];
}

/** One bench of both; `ratio` is the head's time (or size) over the base's. */
export type ComparisonCase =
  | ({
      readonly name: string;
      readonly verdict: Verdict;
      /** Processes, and pairs of slices in all of them. */
      readonly rounds: number;
      readonly pairs: number;
      readonly note: string;
    } & SlowDown)
  | { readonly name: string; readonly verdict: 'skipped' | 'failed'; readonly note: string };

/** A comparison as Markdown: what was compared, and a row a bench. */
export function comparisonTable({ base, head, tolerancePercent, quick, machine, cases }: Comparison): string {
  const rows = cases.map((each) =>
    'ratio' in each
      ? [
          each.name,
          each.verdict,
          each.ratio.toFixed(3),
          `${each.low.toFixed(3)} – ${each.high.toFixed(3)}`,
          `${each.pairs} in ${each.rounds}`,
          each.note,
        ]
      : [each.name, each.verdict, '', '', '', each.note.split('\n')[0]!],
  );
  const interval = `${100 * confidence} % interval`;
  return (
    `Base \`${base}\`, head \`${head}\`; time of the head over time of the base, tolerance ${tolerancePercent} %` +
    `${quick ? '; quick, the figures are rough' : ''}; ${machine}.\n\n` +
    table(['bench', 'verdict', 'ratio', interval, 'pairs, processes', 'note'], rows, [2, 3, 4])
  );
}

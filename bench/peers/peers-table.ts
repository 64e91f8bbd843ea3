import { median } from '../compare/slow-down.js';
import { table } from '../markdown.js';
import type { PeerFigures } from './compare-peers.js';
import type { PeerWorkload } from './workloads.js';

type Titled = Pick<PeerWorkload, 'name' | 'title'>;

/**
 * Two tables in Markdown: million operations a second of each engine, in the median of its rounds; and how many times
 * as fast `own` is as each of the others, if there are any, in the median of the rounds' ratios, with the lowest and
 * the highest.
 * @param own - the name of the engine that the others are held against
 */
export function peersTables(
  figures: readonly PeerFigures[],
  workloads: readonly Titled[],
  own: string,
): string {
  const engines = [...new Set(figures.map(({ engine }) => engine))];
  const ratesOf = (engine: string, { name }: Titled) =>
    figures.find((each) => each.engine === engine && each.workload === name)?.rates;
  const columns = workloads.map((_, index) => index + 1);
  const tableOf = (corner: string, rows: readonly string[], cell: (engine: string, of: Titled) => string) =>
    table(
      [corner, ...workloads.map(({ title }) => title)],
      rows.map((engine) => [engine, ...workloads.map((workload) => cell(engine, workload))]),
      columns,
    );
  const rates = tableOf('million operations a second', engines, (engine, workload) => {
    const each = ratesOf(engine, workload);
    return each === undefined ? '–' : threeFigures(median(each) / 1e6);
  });
  const others = engines.filter((engine) => engine !== own);
  if (others.length === 0) return rates;
  const ratios = tableOf(`${own} against`, others, (engine, workload) => {
    const ours = ratesOf(own, workload);
    const theirs = ratesOf(engine, workload);
    if (ours === undefined || theirs === undefined) return '–';
    const each = ours.map((rate, round) => rate / theirs[round]!);
    const range = [Math.min(...each), Math.max(...each)].map(threeFigures).join('–');
    return `${threeFigures(median(each))} × (${range})`;
  });
  return `${rates}\n${ratios}`;
}

function threeFigures(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

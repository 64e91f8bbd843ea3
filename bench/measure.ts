import { Bench } from 'tinybench';
import { median } from './compare/slow-down.js';
import type { PreparedSuite, PreparedWeighing, Suite } from './suite.js';

/** A figure in the form that benchmark dashboards for CI read. */
export interface BenchResult {
  /** The benchmark's name among the suites. */
  readonly name: string;
  readonly unit: Suite['unit'];
  /** From the median of the samples. */
  readonly value: number;
  /** Median absolute deviation, as `±1.2 %` of the value. */
  readonly range: string;
  /** The workload in words, what the suite has to remark, the number of samples, what it ran on. */
  readonly extra: string;
}

/** A benchmark gave a wrong answer: its speed means nothing. */
export class WrongAnswerError extends Error {
  override readonly name = 'WrongAnswerError';
}

/** The median of some samples and their median absolute deviation from it. */
interface Sampled {
  readonly median: number;
  readonly deviation: number;
  readonly samples: number;
}

/**
 * Prepares a suite, checks its answer, measures it and checks again.
 * @param quick - less of the workload and fewer samples: shows that the suite works, its figure is a rough one
 * @param where - what the suite runs on, for `extra`
 * @throws WrongAnswerError if a check fails
 */
export async function measure(
  name: string,
  suite: Suite,
  quick: boolean,
  where: string,
): Promise<BenchResult> {
  let sampled: Sampled;
  let value: number;
  let { workload } = suite;
  const prepared = await suite.setup(quick);
  if ('weigh' in prepared) {
    sampled = await weigh(name, prepared, quick);
    value = sampled.median;
  } else {
    sampled = await time(name, prepared, quick);
    value = suite.unit === 'ms' ? sampled.median : (prepared.operations * 1000) / sampled.median;
    if (prepared.remark !== undefined) workload += `; ${prepared.remark()}`;
  }
  // A share of 0 has no deviation either.
  const percent = sampled.deviation === 0 ? 0 : (100 * sampled.deviation) / sampled.median;
  return {
    name,
    unit: suite.unit,
    value,
    range: `±${percent.toFixed(1)} %`,
    extra: `${workload}; ${quick ? 'quick, ' : ''}${sampled.samples} samples; ${where}`,
  };
}

async function time(name: string, prepared: PreparedSuite, quick: boolean): Promise<Sampled> {
  await prepared.run();
  requireAnswer(name, prepared);
  const { samples } = prepared;
  const bench = new Bench({
    throws: true,
    warmup: samples === undefined,
    warmupTime: quick ? 100 : 500,
    warmupIterations: 1,
    time: samples !== undefined ? 0 : quick ? 300 : 3000,
    iterations: samples ?? (quick ? 3 : 9),
  });
  bench.add(name, () => prepared.run(), { async: prepared.isAsync === true });
  await bench.run();
  requireAnswer(name, prepared);
  const result = bench.tasks[0]?.result;
  if (result?.state !== 'completed') throw new Error(`${name} was not measured: ${result?.state}`);
  const { p50, mad, samplesCount } = result.latency;
  return { median: p50, deviation: mad, samples: samplesCount };
}

async function weigh(name: string, prepared: PreparedWeighing, quick: boolean): Promise<Sampled> {
  const weights: number[] = [await prepared.weigh()];
  requireAnswer(name, prepared);
  const samples = quick ? 3 : 9;
  while (weights.length < samples) weights.push(await prepared.weigh());
  requireAnswer(name, prepared);
  const middle = median(weights);
  return { median: middle, deviation: median(weights.map((weight) => Math.abs(weight - middle))), samples };
}

function requireAnswer(name: string, prepared: PreparedSuite | PreparedWeighing): void {
  const wrong = prepared.check();
  if (wrong !== undefined) throw new WrongAnswerError(`${name}: ${wrong}`);
}

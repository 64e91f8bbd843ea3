import { type Engine, EngineProcess } from './engine.js';
import type { Reply } from './reply.js';
import type { PeerWorkload } from './workloads.js';

/** How fast an engine did a workload: operations a second of processor time, round by round. */
export interface PeerFigures {
  readonly engine: string;
  readonly workload: string;
  readonly rates: readonly number[];
}

/** What a comparison found: the figures, and what went wrong instead. */
export interface Comparison {
  readonly figures: readonly PeerFigures[];
  /** `SimPy 3.0.11, hold: mean delays 2, by theory 10 within 0.05`. */
  readonly failures: readonly string[];
}

/** How much is measured. */
export interface Extent {
  readonly rounds: number;
  readonly quick: boolean;
}

/**
 * Runs every workload with every engine, interleaved: in a round each engine runs once, one after another, and from
 * round to round the order turns about. Whatever slows the machine for a while slows all of them. Each has one run
 * before, which is not counted. The answer of every run is checked; an engine with a wrong one has no figure.
 */
export async function comparePeers(
  engines: readonly Engine[],
  workloads: readonly PeerWorkload[],
  { rounds, quick }: Extent,
  progress: (text: string) => void,
): Promise<Comparison> {
  const figures: PeerFigures[] = [];
  const failures: string[] = [];
  for (const workload of workloads) {
    progress(`${workload.name}: `);
    let running = engines.map(({ name, isSlow = false, command }) => ({
      name,
      size: quick || isSlow ? workload.size.quick : workload.size.full,
      process: new EngineProcess(command(workload.name, quick)),
      rates: [] as number[],
    }));
    const all = running;
    for (let round = 0; round <= rounds; round++) {
      progress('.');
      const failed = new Set<string>();
      for (const { name, size, process, rates } of round % 2 === 0 ? running : running.toReversed()) {
        try {
          const reply = await process.run(size, round + 1);
          const wrong = wrongIn(reply, workload, size);
          if (wrong !== undefined) throw new Error(wrong);
          if (round > 0) rates.push(reply.operations / reply.seconds);
        } catch (error) {
          failed.add(name);
          failures.push(
            `${name}, ${workload.name}: ${error instanceof Error ? error.message : String(error)}`,
          );
        }
      }
      running = running.filter(({ name }) => !failed.has(name));
    }
    for (const { process } of all) await process.close();
    figures.push(
      ...running.map(({ name, rates }) => ({ engine: name, workload: workload.name, rates: [...rates] })),
    );
    progress('\n');
  }
  return { figures, failures };
}

function wrongIn({ outcome }: Reply, { check }: PeerWorkload, size: number): string | undefined {
  return 'answer' in outcome ? check(outcome.answer, size) : (outcome.wrong ?? undefined);
}

import { spawn } from 'node:child_process';
import { type BenchResult, measure, WrongAnswerError } from './measure.js';
import type { Suite } from './suite.js';

/** What the other process says, as JSON on its standard output. */
type Answer = { readonly result: BenchResult } | { readonly wrong: string } | { readonly failed: string };

/**
 * Measures a suite in a process of its own: what ran before leaves neither memory nor compiled code behind that a
 * figure could depend on.
 * @param program - the bench program, which gives `measureForParent` its arguments
 * @throws WrongAnswerError and all else as `measure`
 */
export async function measureInOwnProcess(
  program: string,
  name: string,
  quick: boolean,
  where: string,
): Promise<BenchResult> {
  const child = spawn(process.execPath, [program, measureFlag, name, quick ? 'quick' : 'full', where], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const code = await new Promise<number | null>((done, failed) => {
    child.on('error', failed);
    child.on('close', done);
  });
  if (code !== 0) throw new Error(`its process ended with ${code ?? 'a signal'}`);
  const answer = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Answer;
  if ('wrong' in answer) throw new WrongAnswerError(answer.wrong);
  if ('failed' in answer) throw new Error(answer.failed);
  return answer.result;
}

/** The first argument of a process that measures for another one. */
export const measureFlag = '--measure-for-parent';

/** In the process of its own: measures and says what came of it. */
export async function measureForParent(
  [name = '', extent, where = '']: readonly string[],
  suites: Readonly<Record<string, Suite>>,
): Promise<string> {
  const answer = async (): Promise<Answer> => {
    try {
      return { result: await measure(name, suites[name]!, extent === 'quick', where) };
    } catch (error) {
      if (error instanceof WrongAnswerError) return { wrong: error.message };
      return { failed: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
  };
  return JSON.stringify(await answer());
}

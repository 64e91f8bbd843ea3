import { childOutput } from './child-output.js';
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
  const output = await childOutput(program, [measureFlag, name, quick ? 'quick' : 'full', where]);
  const answer = JSON.parse(output) as Answer;
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

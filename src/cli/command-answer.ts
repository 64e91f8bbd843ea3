import { type AnswerCommand, AnswerFolder, ResultFolderError, shownPath } from '../runner/index.js';
import { plainLine } from '../topology/index.js';
import { answerFile } from './answer-file.js';
import type { CommandContext } from './command.js';
import { UnkeptAnswerError } from './errors.js';

/** Of commands whose answer can be kept. */
export const outOption = {
  type: 'string',
  describe: 'a folder for the answer, too: <command>.json (as of --json) and <command>.txt',
} as const;

/** What a command has to say, in both forms; each is made only where it is wanted. */
export interface CommandAnswer {
  /** One that was stopped before it was whole is told, and not kept. */
  readonly isWhole?: boolean;
  /** The document of `--json`, in pieces. */
  json(): Iterable<string>;
  text(): string;
}

/** Takes the answer, once. */
export type GiveAnswer = (answer: CommandAnswer) => void;

/**
 * Has a command answer on standard output and, with `--out`, in a folder. What is in the way of the folder is seen before
 * `work` is called; a command that comes to no answer leaves it as it is.
 * @throws ResultFolderError when something is in the way; UnkeptAnswerError when it cannot be written after all, and the
 *   answer has been given on standard output alone; what `work` throws
 */
export async function answering<T>(
  command: AnswerCommand,
  out: string | undefined,
  context: Pick<CommandContext, 'json' | 'answer' | 'tell' | 'warn'>,
  work: (give: GiveAnswer) => Promise<T>,
): Promise<T> {
  if (out === undefined) return work((answer) => print(answer, context));
  const folder = new AnswerFolder(out, command);
  try {
    return await work((answer) => {
      const shown = plainLine(shownPath(folder.path));
      if (answer.isWhole === false) {
        print(answer, context);
        context.warn(`warning: nothing is written to ${shown}, as the answer is not whole\n`);
        return;
      }
      const text = answer.text();
      try {
        folder.write(answer.json(), text);
      } catch (error) {
        if (!(error instanceof ResultFolderError)) throw error;
        // What it took hours to find out is told all the same.
        print(answer, context);
        throw new UnkeptAnswerError(error.message);
      }
      if (context.json) answerFile(folder.jsonPath, context);
      else context.answer(text);
      context.tell(`written to ${shown}\n`);
    });
  } finally {
    folder.close();
  }
}

function print(answer: CommandAnswer, context: Pick<CommandContext, 'json' | 'answer'>): void {
  if (!context.json) context.answer(answer.text());
  else for (const piece of answer.json()) context.answer(piece);
}

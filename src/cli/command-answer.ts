import { type AnswerCommand, AnswerFolder, shownPath } from '../runner/index.js';
import { plainLine } from '../topology/index.js';
import { answerFile } from './answer-file.js';
import type { CommandContext } from './command.js';

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
 * Has a command answer on standard output and, with `--out`, in a folder: there first, so that nothing is answered that
 * could not be written. That the folder can be written is seen before the work begins; a command that comes to no answer
 * leaves it as it is.
 * @throws ResultFolderError when it cannot be written; what `work` throws
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
      folder.write(answer.json(), text);
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

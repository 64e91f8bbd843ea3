import { join } from 'node:path';
import type { AnswerCommand } from './own-files.js';
import { ResultFolder } from './result-folder.js';

/**
 * The folder that the answer of a command goes to: `<command>.json` and `<command>.txt`. It is there with both or not at
 * all, and takes the place of an older answer of the same command only.
 */
export class AnswerFolder {
  readonly #folder: ResultFolder;
  readonly #command: AnswerCommand;
  #isWhole = false;

  /** @throws ResultFolderError when something else is in the way, or the folder cannot be made */
  constructor(path: string, command: AnswerCommand) {
    this.#folder = new ResultFolder(path, command);
    this.#command = command;
  }

  /** Where the answer will be. */
  get path(): string {
    return this.#folder.path;
  }

  /** Where its document will be. */
  get jsonPath(): string {
    return join(this.path, `${this.#command}.json`);
  }

  /**
   * Writes both, and moves the folder into its place.
   * @throws ResultFolderError when that cannot be done: what was there stays
   */
  write(json: Iterable<string>, text: string): void {
    this.#folder.write(`${this.#command}.json`, json);
    this.#folder.write(`${this.#command}.txt`, text);
    // From here on it is whole: where it cannot be moved, it stays beside its place.
    this.#isWhole = true;
    this.#folder.commit();
  }

  /** Leaves nothing behind where there is no answer. */
  close(): void {
    if (!this.#isWhole) this.#folder.abandon();
  }
}

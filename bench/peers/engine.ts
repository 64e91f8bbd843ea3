import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { parseReply, type Reply } from './reply.js';

/** How to start a program: as `programs/README.md` says, it runs when it is told to. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  /** On top of this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** An engine that is there. */
export interface Engine {
  /** With its version: `SimPy 3.0.11`. */
  readonly name: string;
  /** It takes the size of a quick run always, lest all wait for it. */
  readonly isSlow?: boolean;
  readonly command: (workload: string, quick: boolean) => Command;
}

/** A program that has been started and waits. */
export class EngineProcess {
  readonly #child;
  readonly #lines: AsyncIterator<string>;
  readonly #closed: Promise<string>;

  constructor({ program, args, env }: Command) {
    const child = spawn(program, args, {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...env },
    });
    this.#child = child;
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    this.#closed = new Promise((done) => {
      child.on('error', (error) => done(error.message));
      child.on('close', (code, signal) => done(`it ended with ${code ?? signal}`));
    });
    // Said by `#closed`: a program that has ended reads no more.
    child.stdin.on('error', () => {});
  }

  /**
   * One run.
   * @throws Error if the program ends instead, or says what is no reply
   */
  async run(size: number, seed: number): Promise<Reply> {
    this.#child.stdin.write(`${size} ${seed}\n`);
    const line = await this.#lines.next();
    if (line.done === true) throw new Error(await this.#closed);
    return parseReply(line.value);
  }

  /** Lets it end. */
  async close(): Promise<void> {
    this.#child.stdin.end();
    await this.#closed;
  }
}

import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { main } from '../../src/cli/main.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Stands for whatever a page leaves out of an output: on a line of its own for lines, else for what is left of a line. */
export const elision = '…';

/** What a page says of one block of commands, in the page's order. */
export interface ShownBlock {
  /** A file that the page has its reader write before, as `mine/plan.csv` right above its text. */
  readonly files: readonly { readonly path: string; readonly text: string }[];
  readonly commands: readonly string[];
  /** What the commands print together; undefined: the page does not show it. */
  readonly output: string | undefined;
  /** The page says so, as `exit code **4**`, after the block and before the next; else 0. Of the last command. */
  readonly exitCode: number;
}

/** What became of a block. */
export interface RanBlock {
  readonly block: ShownBlock;
  /** As a reader sees it: what is printed, or, of a command that has no answer, what it complains of. */
  readonly printed: string;
  readonly exitCodes: readonly number[];
  /** Standard error, for the message of a test. */
  readonly told: string;
}

const part =
  /(?:`([\w-]+\/[\w./-]+)`:\n\n```(?:yaml|csv)\n([^`]*)```$)|(?:^```sh\n([^`]*)```(?:\n\n```text\n([^`]*)```)?$)|exit code \*\*(\d+)\*\*/gm;

/** The blocks of commands of a page, each with its output, and the files to be written before them. */
export function readShownBlocks(page: string): readonly ShownBlock[] {
  const blocks: ShownBlock[] = [];
  let files: { path: string; text: string }[] = [];
  for (const [, path, text, commands, output, exitCode] of page.matchAll(part)) {
    if (path !== undefined) files.push({ path, text: text! });
    else if (commands !== undefined) {
      // A command may go on behind a backslash; what follows a `#` is for the reader.
      const lines = commands.replaceAll(/\\\n\s*/g, '').split('\n');
      const typed = lines.map((line) => line.replace(/(^|\s)#.*$/, '').trim()).filter((line) => line !== '');
      blocks.push({ files, commands: typed, output, exitCode: 0 });
      files = [];
    } else {
      const last = blocks.pop();
      if (last === undefined) throw new Error('an exit code before the first command');
      blocks.push({ ...last, exitCode: Number(exitCode) });
    }
  }
  return blocks;
}

/** Whether an output is what a page shows of it. */
export function isShown(shown: string, printed: string): boolean {
  const pattern = shown
    .split('\n')
    .map((line) => (line.trim() === elision ? '(?:.*\n)*?' : `${linePattern(line)}\n`))
    .join('');
  return new RegExp(`^${pattern}$`).test(`${printed}\n`);
}

function linePattern(line: string): string {
  return line
    .split(elision)
    .map((piece) => piece.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
}

/** What runs by itself on a page. */
const benchPrograms: ReadonlyMap<string, string> = new Map([
  ['bench', 'dist/bench/run.js'],
  ['bench:compare', 'dist/bench/compare.js'],
]);

/** Something like a fresh clone, in which a page's commands can write what they like. */
export class Clone {
  readonly #folder = mkdtempSync(join(tmpdir(), 'mailflow-page-'));

  constructor() {
    for (const name of ['package.json', 'scenarios', 'tests/conformance/organizations']) {
      cpSync(join(root, name), join(this.#folder, name), { recursive: true });
    }
    // Read by nobody but node.
    for (const name of ['dist', 'node_modules']) symlinkSync(join(root, name), join(this.#folder, name));
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async run(block: ShownBlock): Promise<RanBlock> {
    for (const { path, text } of block.files) {
      const file = join(this.#folder, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    let [printed, told] = ['', ''];
    const exitCodes: number[] = [];
    for (const command of block.commands) {
      const ran = await this.#runOne(command);
      printed += ran.stdout === '' && ran.exitCode !== 0 ? ran.stderr : ran.stdout;
      told += ran.stderr;
      exitCodes.push(ran.exitCode);
    }
    return { block, printed: printed.replaceAll(`${this.#folder}/`, ''), exitCodes, told };
  }

  async #runOne(command: string): Promise<{ exitCode: number; stdout: string; stderr: string }> {
    const [, script, line] = /^npm run (?:--silent )?([\w:]+) -- (.*)$/.exec(command) ?? [];
    if (script === 'mailflow') return this.#runMailflow(wordsOf(line!));
    const program = script === undefined ? undefined : benchPrograms.get(script);
    if (program !== undefined) {
      const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...wordsOf(line!)], {
        cwd: this.#folder,
        encoding: 'utf8',
      });
      return { exitCode: status ?? -1, stdout, stderr };
    }
    if (script !== undefined) throw new Error(`not run on pages: ${command}`);
    const stdout = execFileSync('sh', ['-c', command], { cwd: this.#folder, encoding: 'utf8' });
    return { exitCode: 0, stdout, stderr: '' };
  }

  /** In this process, which has to stay where it is: paths are those of the clone. */
  async #runMailflow(
    words: readonly string[],
  ): Promise<{ exitCode: number; stdout: string; stderr: string }> {
    if (['simulate', 'sweep', 'merge'].includes(words[0]!) && !words.includes('--out')) {
      throw new Error(`on a page, a result has an --out: ${words.join(' ')}`);
    }
    const args = words.map((word) =>
      /^(scenarios|tests|results|mine)(\/|$)/.test(word) ? join(this.#folder, word) : word,
    );
    // The answer is the same with any number of threads, each of which takes longer to start than these runs.
    if (['simulate', 'sweep', 'capacity'].includes(words[0]!) && !words.includes('--workers')) {
      args.push('--workers', '1');
    }
    let [stdout, stderr] = ['', ''];
    const exitCode = await main(args, {
      stdout: { write: (text) => (stdout += text) },
      stderr: { write: (text) => (stderr += text) },
    });
    return { exitCode, stdout, stderr };
  }
}

/** As a shell takes a line apart, quotes being all it knows. */
function wordsOf(line: string): readonly string[] {
  const words = line.match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? [];
  return words.map((word) => word.replaceAll(/"([^"]*)"|'([^']*)'/g, '$1$2'));
}

/** The page with what its commands print now in place of what it shows; where it leaves something out it stays. */
export function withOutputs(page: string, ran: readonly RanBlock[]): string {
  const outputs = ran.filter(({ block }) => block.output !== undefined);
  let place = 0;
  return page.replaceAll(/(^```sh\n[^`]*```\n\n```text\n)([^`]*)(?=```$)/gm, (_all, before, shown) => {
    const { printed } = outputs[place++]!;
    return `${before}${shown.includes(elision) ? shown : printed}`;
  });
}

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** What was named as a build is none: the message says why. */
export class BuildError extends Error {
  override readonly name = 'BuildError';
}

const versions = 'results/bench/versions';

/**
 * Finds the compiled code of a build.
 * @param build - the folder that `npm run build` wrote (`dist`), the project's folder that holds it, or a commit, which is
 *   built in `results/bench/versions/`
 * @returns the absolute path of the folder that holds `bench/suites/index.js`
 * @throws BuildError if it is none of them
 */
export function findBuild(build: string): string {
  for (const folder of [build, join(build, 'dist')]) {
    if (existsSync(join(folder, suitesModule))) return resolve(folder);
  }
  if (existsSync(build))
    throw new BuildError(`"${build}" holds no build: there is no ${join('dist', suitesModule)}`);
  return join(buildCommit(build), 'dist');
}

const suitesModule = join('bench', 'suites', 'index.js');

/**
 * Gives a build paths of its own, by links: loaded through them (`--preserve-symlinks`) it shares no module with another
 * build, no package either, not even with itself. What modules share, the engine compiles once for all their users, and
 * measures neither.
 * @param dist - from `findBuild`
 * @param folder - where the links are to be; made anew
 * @returns the path of the module of suites
 */
export function stageBuild(dist: string, folder: string): string {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  symlinkSync(dist, join(folder, 'dist'), 'dir');
  for (const [name, type] of [
    ['package.json', 'file'],
    ['node_modules', 'dir'],
  ] as const) {
    const own = join(dirname(dist), name);
    symlinkSync(existsSync(own) ? own : resolve(name), join(folder, name), type);
  }
  return join(folder, 'dist', suitesModule);
}

/**
 * Builds a commit in a folder of its own, with the packages that are installed here; once.
 * @returns the folder of that version of the project
 * @throws BuildError if there is no such commit
 */
export function buildCommit(commit: string): string {
  const folder = resolve(versions, idOf(commit));
  if (existsSync(join(folder, 'dist/src/cli/main.js'))) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const archive = execFileSync('git', ['archive', idOf(commit)], { maxBuffer: 2 ** 30 });
  execFileSync('tar', ['-x', '-C', folder], { input: archive });
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'), 'dir');
  execFileSync('npm', ['run', 'build', '--silent'], { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] });
  return folder;
}

function idOf(commit: string): string {
  try {
    const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${commit}^{commit}`];
    return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    throw new BuildError(`"${commit}" is neither a folder nor a commit`);
  }
}

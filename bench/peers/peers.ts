import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Engine } from './engine.js';

/** Where to look for peers. */
export interface Places {
  /** A Python that has SimPy; undefined: the usual ones. */
  readonly python: string | undefined;
  /** A C++ compiler. */
  readonly compiler: string;
  /** The folder in which simjs was installed; undefined: NODE_PATH says where. */
  readonly simjs: string | undefined;
  /** For what is compiled; the caller removes it. */
  readonly scratch: string;
}

/** Another engine: what it is called, how it comes onto a machine, and whether it is there. */
export interface Peer {
  readonly name: string;
  readonly install: string;
  /** Empty if it is not there; nothing is installed. */
  readonly find: (places: Places) => readonly Engine[];
}

/** From the project's root, where `npm run bench:peers` runs. */
const programs = 'bench/peers/programs';

/** The one that the others are held against. */
export const ownKernel: Engine = {
  name: 'mailflow',
  command: (workload, quick) => ({
    program: process.execPath,
    args: [fileURLToPath(new URL('own-kernel.js', import.meta.url)), workload, ...(quick ? ['quick'] : [])],
  }),
};

/** All peers, the quickest first. */
export const peers: readonly Peer[] = [
  {
    name: 'C++',
    install: 'apt-get install g++, or --compiler <a compiler that takes the options of g++>',
    find: ({ compiler, scratch }) => {
      const version = said(compiler, ['-dumpfullversion', '-dumpversion']);
      if (version === undefined) return [];
      const program = join(scratch, 'reference');
      const source = join(programs, 'reference.cpp');
      const compiling = ['-O2', '-std=c++17', '-o', program, source];
      // A compiler that is there and fails says why.
      if (spawnSync(compiler, compiling, { stdio: ['ignore', 'ignore', 'inherit'] }).status !== 0) return [];
      const engine = (name: string, variant: string): Engine => ({
        name: `${name} (${compiler} ${version} -O2)`,
        command: (workload) => ({ program, args: [variant, workload] }),
      });
      return [engine('C++ at its best', 'best'), engine('C++ std::priority_queue', 'priority_queue')];
    },
  },
  {
    name: 'JavaScript by hand',
    install: 'Node.js runs it',
    find: () => {
      const script = join(programs, 'by-hand.mjs');
      const engine = (name: string, way: string): Engine => ({
        name,
        command: (workload) => ({ program: process.execPath, args: [script, way, workload] }),
      });
      return [
        engine('JavaScript by hand, typed arrays', 'typed-arrays'),
        { ...engine('JavaScript by hand, objects and callbacks', 'objects'), isSlow: true },
      ];
    },
  },
  {
    name: 'SIM.JS',
    install:
      'npm install --prefix <folder> simjs, a folder outside this project, then --simjs <folder>; or NODE_PATH=<folder>/node_modules',
    find: ({ simjs }) => {
      const script = join(programs, 'with-simjs.mjs');
      const env: Readonly<Record<string, string>> =
        simjs === undefined ? {} : { NODE_PATH: join(simjs, 'node_modules') };
      const version = said(process.execPath, [script, '--version'], env);
      if (version === undefined) return [];
      return [
        {
          name: `SIM.JS ${version}`,
          isSlow: true,
          command: (workload) => ({ program: process.execPath, args: [script, workload], env }),
        },
      ];
    },
  },
  {
    name: 'SimPy 3 or 4',
    install: 'apt-get install python3-simpy3 (Debian 12), or --python <a Python that imports simpy>',
    find: ({ python }) => inPython('with_simpy.py', python),
  },
  {
    name: 'SimPy 2',
    install: 'apt-get install python3-simpy (Debian 12), or --python <a Python that imports SimPy>',
    find: ({ python }) => inPython('with_simpy2.py', python),
  },
];

/** The first Python that has what the script imports. Debian's packages are for Debian's own, behind another one maybe. */
function inPython(file: string, python: string | undefined): readonly Engine[] {
  const script = join(programs, file);
  for (const program of python === undefined ? ['python3', '/usr/bin/python3'] : [python]) {
    const version = said(program, [script, '--version']);
    if (version === undefined) continue;
    return [
      {
        name: `SimPy ${version}`,
        isSlow: true,
        command: (workload) => ({ program, args: [script, workload] }),
      },
    ];
  }
  return [];
}

/** What a program prints, trimmed; undefined if it is not there or fails. */
function said(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): string | undefined {
  const { status, stdout } = spawnSync(program, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, ...env },
  });
  return status === 0 ? stdout.trim() : undefined;
}

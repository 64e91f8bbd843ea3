import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Suite } from '../suite.js';

/** What somebody waits for who only asks how it is used. */
export const cliHelp: Suite = {
  workload: 'mailflow --help in a process of its own, from its start to its end; it names every command',
  unit: 'ms',
  setup: () => {
    const program = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));
    let help = '';
    return {
      weigh: () => {
        const startMs = performance.now();
        const { stdout, status } = spawnSync(process.execPath, [program, '--help'], { encoding: 'utf8' });
        const tookMs = performance.now() - startMs;
        help = status === 0 ? stdout : '';
        return tookMs;
      },
      check: () => {
        const missing = ['check', 'route', 'simulate', 'report'].filter(
          (name) => !help.includes(`mailflow ${name} `),
        );
        return missing.length === 0 ? undefined : `the help says nothing of ${missing.join(', ')}`;
      },
    };
  },
};

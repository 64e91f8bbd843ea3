import { fileURLToPath } from 'node:url';
import { main } from './main.js';
import { measureFlag, measureForParent, measureInOwnProcess } from './own-process.js';
import { suites } from './suites/index.js';

const args = process.argv.slice(2);
const program = fileURLToPath(import.meta.url);
if (args[0] === measureFlag) {
  process.stdout.write(await measureForParent(args.slice(1), suites));
} else {
  process.exitCode = await main(
    args,
    suites,
    { out: (text) => process.stdout.write(text), err: (text) => process.stderr.write(text) },
    (name, _suite, quick, where) => measureInOwnProcess(program, name, quick, where),
  );
}

import { main } from './main.js';
import { suites } from './suites/index.js';

process.exitCode = await main(process.argv.slice(2), suites, {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
});

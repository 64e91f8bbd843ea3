import { main } from './main.js';
import { ownKernel, peers } from './peers.js';

process.exitCode = await main(process.argv.slice(2), ownKernel, peers, {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
});

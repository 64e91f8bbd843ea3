import { pathToFileURL } from 'node:url';
import { main } from './compare/compare-main.js';
import { measureInOneProcess } from './compare/slices-process.js';

process.exitCode = await main(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  listBenches: async (path) => {
    const { suites } = (await import(pathToFileURL(path).href)) as { suites: Record<string, unknown> };
    return Object.keys(suites);
  },
  measure: measureInOneProcess,
});

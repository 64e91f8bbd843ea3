import { writeFileSync } from 'node:fs';
import { largeDay, largeDayFiles } from './large-day/large-day.js';

const usage = `npm run bench:generate

  Writes bench/scenarios/large-day.yaml and large-organization.yaml anew, from their seed: the same bytes every time.
`;

if (process.argv.length > 2) {
  process.stderr.write(usage);
  process.exitCode = process.argv[2] === '--help' ? 0 : 2;
} else {
  // From the project's root, where `npm run` runs it.
  const texts = largeDay();
  for (const file of ['scenario', 'organization'] as const) writeFileSync(largeDayFiles[file], texts[file]);
}

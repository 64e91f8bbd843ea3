import { writeFileSync } from 'node:fs';
import { largeDay, largeDayFiles } from './large-day/large-day.js';

// From the project's root, where `npm run bench:generate` runs.
const texts = largeDay();
for (const file of ['scenario', 'organization'] as const) writeFileSync(largeDayFiles[file], texts[file]);

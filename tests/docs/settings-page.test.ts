import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { settingsPage } from './settings-page.js';

const page = fileURLToPath(new URL('../../docs/settings.md', import.meta.url));

it('docs/settings.md is what the settings say; `npm run docs` writes it anew', () => {
  if (process.env['MAILFLOW_UPDATE'] === 'docs') writeFileSync(page, settingsPage());
  expect(readFileSync(page, 'utf8')).toBe(settingsPage());
});

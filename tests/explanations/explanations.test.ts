import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { main } from '../../src/cli/main.js';

/*
 * What `route --explain` says of worked examples, word for word: each text beside this file was read against the rules.
 * To change one on purpose: `npx vitest run tests/explanations --update`, and read the difference.
 */
const cases: Readonly<Record<string, readonly string[]>> = {
  'we-03-exchange-cost': ['--from', 'A1', '--to', 'd1@contoso.com'],
  'we-04': ['--from', 'A1', '--to', 'd1@contoso.com'],
  'we-05': ['--from', 'A1', '--to', 'd1@contoso.com'],
  'we-07': ['--from', 'A1', '--to', 'd1@contoso.com'],
  'we-08': ['--from', 'S1', '--to', 'u1@contoso.com'],
  'we-09': ['--from', 'S1', '--to', 'u1@contoso.com', '--down', 'S2'],
  'we-10': ['--from', 'A1', '--to', 'u2@contoso.com'],
  'we-11': ['--from', 'S1', '--to', 'u3@contoso.com'],
  'we-12': ['--from', 'S1', '--to', 'x@contoso.com', '--size', '1 MB'],
  'we-13': ['--from', 'A1', '--to', 'out@fabrikam.com', '--follow'],
  'we-14-fork-site': ['--from', 'A1', '--to', 'd1@contoso.com', 'e1@contoso.com'],
  'we-15': ['--from', 'A1', '--service', 'front-end', '--to', 'b1@contoso.com', 'a1@contoso.com'],
  'we-16': ['--from', 'M13', '--to', 'u10@contoso.com'],
  'we-17': ['--from', 'A1', '--to', 'c1@contoso.com', '--size', '8 MB'],
};

const fileOf = (path: string) => fileURLToPath(new URL(path, import.meta.url));

test.each(Object.entries(cases))('%s is explained as reviewed', async (name, args) => {
  let stdout = '';
  const file = fileOf(`../conformance/organizations/${name}.yaml`);
  const code = await main(['route', file, ...args, '--explain'], {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: () => true },
  });
  expect(code).toBe(0);
  await expect(stdout).toMatchFileSnapshot(fileOf(`${name}.txt`));
});

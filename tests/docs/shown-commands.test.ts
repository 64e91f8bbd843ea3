import { expect, test } from 'vitest';
import { isShown, readShownBlocks } from './shown-commands.js';

test('an elision stands for any lines, or for the rest of one; whatever else is shown has to be there', () => {
  const printed = 'head 1\nbody\nbody\ntail (2 s)\n';
  for (const shown of [
    printed,
    'head 1\n…\ntail (2 s)\n',
    '…\n',
    'head …\nbody\nbody\n…\n',
    '…\ntail (…)\n',
  ]) {
    expect([shown, isShown(shown, printed)]).toEqual([shown, true]);
  }
  for (const shown of ['head 1\n', 'head\n…\n', '…\nbody\n', 'head .\n…\n', '…\ntail (…) more\n']) {
    expect([shown, isShown(shown, printed)]).toEqual([shown, false]);
  }
});

test('a page is taken apart into files, commands, outputs and exit codes', () => {
  const page = [
    'Save this as `mine/a.yaml`:\n\n```yaml\na: 1\n```\n',
    '```sh\n# why\nnpm run mailflow -- check mine/a.yaml \\\n  --json   # at once\nls\n```\n\n```text\nout\n```\n',
    'It ends with exit code **3**. In `b`:\n\n```sh\ntrue\n```\n',
  ].join('\n');
  expect(readShownBlocks(page)).toEqual([
    {
      files: [{ path: 'mine/a.yaml', text: 'a: 1\n' }],
      commands: ['npm run mailflow -- check mine/a.yaml --json', 'ls'],
      output: 'out\n',
      exitCode: 3,
    },
    { files: [], commands: ['true'], output: undefined, exitCode: 0 },
  ]);
});

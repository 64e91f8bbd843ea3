import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { main } from '../../src/cli/main.js';
import { RecipientLedger } from '../../src/sim/model/recipient-ledger.js';
import { smallScenario } from '../measure/small-scenario.js';
import { shortRun } from './result-bytes.js';

let home: string;
let out: string;
const { end } = RecipientLedger.prototype;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'mailflow-law-'));
  out = join(home, 'out');
});

afterEach(() => {
  RecipientLedger.prototype.end = end;
  rmSync(home, { recursive: true, force: true });
});

/** Breaks conservation: the n-th recipient that ends is not noted. */
function forget(n: number): void {
  let ended = 0;
  RecipientLedger.prototype.end = function (this: RecipientLedger, serial, fate) {
    if (++ended !== n) end.call(this, serial, fate);
  };
}

async function simulate(replications: number) {
  const scenario = join(home, 'scenario.json');
  writeFileSync(scenario, smallScenario({ ...shortRun, replications }));
  let told = '';
  const stream = { write: (text: string) => (told += text) };
  const argv = ['simulate', scenario, '--out', out, '--workers', '1'];
  return { code: await main(argv, { stdout: stream, stderr: stream }), told };
}

test('1: a single replication in which a law does not hold', async () => {
  forget(20);
  const { code, told } = await simulate(1);
  expect(told).toContain('internal error: ');
  expect(told).toMatch(/\d+ recipients/);
  expect(told).toContain('this is a bug in mailflow');
  expect([code, existsSync(out)]).toEqual([1, false]);
});

test('6: of several it fails alone', async () => {
  forget(20);
  const { code, told } = await simulate(3);
  expect(told).toContain('replication 1 failed: ');
  expect([code, existsSync(out)]).toEqual([6, false]);
  const summary = JSON.parse(readFileSync(join(`${out}.partial`, 'summary.json'), 'utf8'));
  expect(summary).toMatchObject({ incomplete: true, replications: 2 });
});

import { expect, test } from 'vitest';
import { FailureAnalysis } from '../../src/experiment/failures-analysis.js';
import { findFailures } from '../../src/experiment/index.js';
import { compileRoutingTables } from '../../src/routing/index.js';
import { buildTopology, type Organization } from '../../src/topology/index.js';
import { Dice } from './dice.js';
import { type FailedComponent, FailureOracle } from './failures-by-walking.js';
import { asFile } from './organization-file.js';
import { drawSmallOrganization } from './random-organization.js';

const count = Number(process.env['MAILFLOW_ORACLE_FAILURES'] ?? 60);
/** Only this one, spelled out. */
const only = process.env['MAILFLOW_ORACLE_FAILURES_ONLY'];
const pairsEach = 6;

/** With witnesses anywhere, and DAGs that do not fail over. */
function drawOrganization(dice: Dice): Organization {
  const drawn = drawSmallOrganization(dice);
  return {
    ...drawn,
    dags: drawn.dags.map((dag) => ({
      ...dag,
      automaticFailover: dice.chance(0.8),
      ...(dice.chance(0.6) && { witnessSite: dice.pick(drawn.sites).name }),
    })),
  };
}

test(`what failures cut off is what a brute-force search finds, in ${count} random organizations`, {
  timeout: 240_000,
}, () => {
  const seen = { everywhere: 0, partly: 0, kinds: new Set<string>(), failedKinds: new Set<string>() };
  const numbers = only === undefined ? Array.from({ length: count }, (_, number) => number) : [Number(only)];
  for (const number of numbers) {
    const dice = new Dice('failures', `organization ${number}`);
    const organization = drawOrganization(dice);
    const tables = compileRoutingTables(buildTopology(organization));
    const oracle = new FailureOracle(organization);
    const singles = findFailures(tables).failures;
    const pairs = dice.some(findFailures(tables, { pairs: true }).failures, pairsEach, pairsEach);
    for (const { failed, unreachable } of [...singles, ...pairs]) {
      const found = unreachable.map(({ kind, name, everywhere, from }) => ({ kind, name, everywhere, from }));
      for (const { kind, everywhere } of found) {
        seen[everywhere ? 'everywhere' : 'partly']++;
        seen.kinds.add(kind);
        for (const each of failed) seen.failedKinds.add(each.kind);
      }
      expect(found, explain(number, organization, failed)).toEqual(oracle.cutOff(failed));
    }
  }
  if (only !== undefined) return;
  expect(seen.kinds).toEqual(new Set(['mailbox-database', 'connector', 'expansion-server']));
  expect(seen.failedKinds).toEqual(new Set(['site', 'server', 'edge-server', 'site-link', 'connector']));
  expect(Math.min(seen.everywhere, seen.partly)).toBeGreaterThan(count);
});

test(`pairs are found the same from what single failures have shown and from nothing, in ${count} random organizations`, {
  timeout: 240_000,
}, () => {
  let together = 0;
  const numbers = only === undefined ? Array.from({ length: count }, (_, number) => number) : [Number(only)];
  for (const number of numbers) {
    const organization = drawOrganization(new Dice('failures', `organization ${number}`));
    const tables = compileRoutingTables(buildTopology(organization));
    for (const pairs of [false, true]) {
      const remembered = findFailures(tables, { pairs });
      const plain = new FailureAnalysis(tables, { pairs, remembers: false }).run({});
      expect(remembered, `organization ${number}`).toEqual(plain);
      together += remembered.failures.filter(({ worseTogether }) => worseTogether === true).length;
      expect(findFailures(tables, { pairs, most: 5 }).failures).toEqual(plain.failures.slice(0, 5));
    }
  }
  if (only === undefined) expect(together).toBeGreaterThan(10 * count);
});

function explain(number: number, organization: Organization, failed: readonly FailedComponent[]): string {
  const what = failed.map(({ kind, name }) => `${kind} ${name}`).join(' and ');
  const again = `MAILFLOW_ORACLE_FAILURES_ONLY=${number} npx vitest run tests/oracle/failures.test.ts`;
  return `${what} in organization ${number}; again by ${again}${only === undefined ? '' : `\n${asFile(organization)}`}`;
}

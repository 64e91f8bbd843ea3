import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { decodeOrganization } from '../../src/scenario/index.js';
import { checkOrganization } from '../../src/topology/index.js';
import { Census } from './census.js';
import { Dice } from './dice.js';
import { asArguments, asFile } from './organization-file.js';
import { drawSmallOrganization } from './random-organization.js';
import { drawQuestion } from './random-question.js';
import { answerByHand } from './route-oracle.js';
import { answerFromTables, asLines, difference } from './tables-answer.js';

const defaultCount = 2_000;
const questionsEach = 4;
/** `npm run oracle` asks for more. */
const count = Number(process.env['MAILFLOW_ORACLE'] ?? defaultCount);
/** `<organization>/<question>`: only this one, with its organization and question spelled out. */
const only = process.env['MAILFLOW_ORACLE_ONLY'];

/** Asks the questions of one organization; the first wrong answer as text, with what repeats it. */
function findDisagreement(number: number, census: Census): string | undefined {
  const dice = new Dice('oracle', `organization ${number}`);
  const organization = drawSmallOrganization(dice);
  expect(checkOrganization(organization).errors).toEqual([]);
  for (let place = 0; place < questionsEach; place++) {
    const question = drawQuestion(dice, organization);
    const isAsked = only === undefined || only === `${number}/${place}`;
    if (!isAsked) continue;
    const answer = answerFromTables(organization, question);
    census.count(answer);
    const lines = difference(asLines(answerByHand(organization, question)), asLines(answer));
    if (lines.length === 0) continue;
    const again = `MAILFLOW_ORACLE_ONLY=${number}/${place} npx vitest run tests/oracle/oracle.test.ts`;
    const whole = `${asFile(organization)}\n${asArguments(question).join(' ')}\n${JSON.stringify(question)}`;
    const shown = only === undefined ? lines.slice(0, 20) : [...lines, whole];
    return [`the oracle (-) and the tables (+) disagree; again by:`, again, ...shown].join('\n');
  }
  return undefined;
}

test(`oracle and tables agree on ${count.toLocaleString('en')} random organizations`, {
  timeout: 240_000 * Math.ceil(count / defaultCount),
}, () => {
  const census = new Census();
  const numbers =
    only === undefined ? Array.from({ length: count }, (_, number) => number) : [Number.parseInt(only, 10)];
  for (const number of numbers) expect(findDisagreement(number, census)).toBeUndefined();
  // A run over everything meets everything that an answer can hold.
  if (numbers.length >= defaultCount) expect(census.absent).toEqual([]);
});

test('an organization drawn at random is the one that its file decodes to', () => {
  for (let number = 0; number < 50; number++) {
    const organization = drawSmallOrganization(new Dice('oracle', `organization ${number}`));
    const decoded = decodeOrganization(asFile(organization), 'random.yaml').organization;
    const { acceptedDomains, ...rest } = organization;
    expect(decoded).toMatchObject(JSON.parse(JSON.stringify(rest, undefinedForInfinity)));
    expect(decoded.acceptedDomains).toEqual(expect.arrayContaining([...acceptedDomains]));
  }
});

function undefinedForInfinity(_key: string, value: unknown): unknown {
  return value === Number.POSITIVE_INFINITY ? undefined : value;
}

test('the oracle is a second opinion: of src it takes types only, whatever tells it what routing answers', () => {
  const folder = fileURLToPath(new URL('.', import.meta.url));
  const asking = new Set(['tables-answer.ts', 'dice.ts']);
  const files = readdirSync(folder).filter((name) => !name.endsWith('.test.ts') && !asking.has(name));
  expect(files).toContain('relay-by-walking.ts');
  const imports = files.flatMap((name) =>
    [...readFileSync(folder + name, 'utf8').matchAll(/^(?:import|export)\b[^;]*?from '([^']+)';/gm)].map(
      ([statement, from]) => ({ name, from, isType: /^import type\b/.test(statement) }),
    ),
  );
  expect(imports.filter(({ from, isType }) => from?.includes('/src/') && !isType)).toEqual([]);
  expect(imports.filter(({ from }) => from?.includes('tables-answer'))).toEqual([]);
});

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, test } from 'vitest';
import { assumptions, findRule, rules } from '../../src/rules/index.js';
import { citedRules, leadingRules, sourceFiles, testTitles } from './rule-citations.js';
import { rulesPage } from './rules-page.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const page = `${root}/docs/rules.md`;

/** How many rules the reference numbers, from 01 on. */
const numbers = {
  ...{ RT: 60, SR: 10, AS: 14, CN: 12, RR: 9, MW: 4, QU: 13, MI: 5, NDR: 4, MD: 5, SH: 10, SN: 6, BP: 6 },
  ...{ SZ: 3, LG: 9, ES: 3, IV: 1, DC: 13, UN: 15, FR: 9, WE: 20 },
};

/** Every test of the project by its title; the worked examples, which are data, by their ids. */
function allTitles(): readonly string[] {
  const files = ['src', 'tests', 'bench'].flatMap((folder) => sourceFiles(`${root}/${folder}`));
  const examples = JSON.parse(readFileSync(`${root}/tests/conformance/cases.json`, 'utf8')) as {
    readonly id: string;
  }[];
  return [
    ...files.filter(({ path }) => path.endsWith('.test.ts')).flatMap(testTitles),
    ...examples.map(({ id }) => `${id}: by tests/conformance/worked-examples.test.ts`),
  ];
}

describe('the catalogue of rules', () => {
  it('holds every rule of the reference once, in order', () => {
    const ids = rules.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [prefix, count] of Object.entries(numbers)) {
      const own = ids.filter((id) => id.startsWith(`${prefix}-`));
      expect(own).toEqual(
        Array.from({ length: count }, (_, n) => `${prefix}-${String(n + 1).padStart(2, '0')}`),
      );
    }
  });

  it('says something of each, and why, where it is not modelled', () => {
    for (const { id, statement, source, state, note } of rules) {
      expect(statement, id).toMatch(/^.{20,}[.?]$/s);
      expect(source, id).not.toBe('');
      if (state !== 'modelled') expect(note, id).toMatch(/\S/);
    }
    const texts = [...rules, ...assumptions].map(({ statement }) => statement);
    expect(new Set(texts).size).toBe(texts.length);
  });

  it('models or assumes what an organization file can express, of routing, sites, connectors, recipients, Edges', () => {
    const leftOut = rules.filter(
      ({ id, state }) => state === 'left-out' && /^(RT|SR|AS|CN|RR|ES|IV|DC|UN)-/.test(id),
    );
    // What remains an organization file cannot say, or it makes no other route: each with its note.
    expect(leftOut.map(({ id }) => id)).toEqual([...['SR-05', 'SR-08', 'SR-09', 'AS-12', 'RR-05', 'ES-03']]);
  });
});

it('docs/rules.md is what the catalogue says; `npm run docs` writes it anew', () => {
  if (process.env['MAILFLOW_UPDATE'] === 'docs') writeFileSync(page, rulesPage());
  expect(readFileSync(page, 'utf8')).toBe(rulesPage());
});

it('every rule that code and scenarios cite is in the catalogue', () => {
  const unknown = sourceFiles(`${root}/src`).flatMap(({ path, text }) =>
    citedRules(text)
      .filter((id) => findRule(id) === undefined)
      .map((id) => `${id} in src/${path}`),
  );
  expect(unknown).toEqual([]);
});

describe('tests', () => {
  const tested = new Set(allTitles().flatMap(leadingRules));

  it('of every modelled rule there is one whose title leads with it', () => {
    const missing = rules.filter(({ id, state }) => state === 'modelled' && !tested.has(id));
    expect(missing.map(({ id }) => id)).toEqual([]);
  });

  it('lead with rules that are in the catalogue, and not with those that are left out', () => {
    const wrong = [...tested].filter((id) => (findRule(id)?.state ?? 'left-out') === 'left-out');
    expect(wrong).toEqual([]);
  });
});

describe('what is read from code and tests', () => {
  test.each([
    ['RT-31: of equally cheap paths the shorter wins', ['RT-31']],
    ['RT-38, RT-39: in order', ['RT-38', 'RT-39']],
    ['RT-37 to RT-40: tier by tier', ['RT-37', 'RT-38', 'RT-39', 'RT-40']],
    ['MI-01, RT-30 to RT-32 and UN-01: both', ['MI-01', 'RT-30', 'RT-31', 'RT-32', 'UN-01']],
    ['DS 5.2.3: the limit of the recipient', ['DS']],
    ['AM: a DAG has at most 16 members', ['AM']],
    ['RT-23b: an Edge', ['RT-23']],
    ['WE-08a: an example', ['WE-08']],
    ['RT-19: a DAG; RT-27: no group', ['RT-19']],
    ['a way back (RT-41): later', []],
    ['RT-31 decides', []],
    ['5.2.2: a full mailbox', []],
  ])('the title %j', (title, ids) => {
    expect(leadingRules(title)).toEqual(ids);
  });

  test('titles of tests: plain, templates, rows; not those of groups and of skipped tests', () => {
    const text = `
      describe('RT-01: a group', () => {
        test('RT-02: plain', () => {});
        it(\`RT-03: with \${name} down\`, () => {});
        test.each([1, 2])('RT-04: of %i', () => {});
        it.each([['RT-05', 1], ['RT-06: so', 2]])('%s: of rows', () => {});
        it.skip('RT-07: skipped', () => {});
        test.todo('RT-08: to do');
        expect('RT-09: no title');
      });`;
    expect(testTitles({ path: 'x.test.ts', text }).flatMap(leadingRules)).toEqual([
      ...['RT-02', 'RT-03', 'RT-04', 'RT-05', 'RT-06'],
    ]);
  });

  test('citations: ids anywhere, sections where a string is made of them', () => {
    const text = `/** Rules: RT-23b, SR-01…10, A-1. UTF-16, SH and DS of prose. */
      rule: 'DS', source: "MI, CAP-65", other: 'TH of it', code: 'RT-100', name: 'AMX'`;
    expect([...citedRules(text)].sort()).toEqual(['CAP-65', 'DS', 'MI', 'RT-23', 'SR-01']);
  });
});

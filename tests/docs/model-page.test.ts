import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, test } from 'vitest';
import { assumptions, findAssumption, findRule } from '../../src/rules/index.js';
import { faultKinds } from '../../src/scenario/faults/index.js';
import { workloadKinds } from '../../src/scenario/workloads/index.js';
import { type SettingDefinition, settingDefinitions, stages } from '../../src/sim/model/index.js';
import { generatedParts, handWritten, modelPage } from './model-page.js';
import { citedRules } from './rule-citations.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const file = join(root, 'docs/model.md');
const page = () => readFileSync(file, 'utf8');
const words = () => handWritten(page());

it('docs/model.md has what the code says of metrics, CSV files and reports; `npm run docs` writes it anew', () => {
  if (process.env['MAILFLOW_UPDATE'] === 'docs') writeFileSync(file, modelPage(page()));
  expect(generatedParts(page())).toEqual(['non-deliveries', 'tables', 'metrics']);
  expect(page()).toBe(modelPage(page()));
});

describe('docs/model.md names where it acts', () => {
  it('every assumption, and no other', () => {
    const named = new Set(words().match(/\bA-[a-z]+(?:-[a-z\d]+)*/g));
    expect(assumptions.map(({ id }) => id).filter((id) => !named.has(id))).toEqual([]);
    expect([...named].filter((id) => findAssumption(id) === undefined)).toEqual([]);
  });

  it('every setting, but for those that come with the protection features', () => {
    const missing = Object.entries(settingDefinitions).flatMap(([group, settings]) =>
      Object.entries<SettingDefinition>(settings)
        .filter(([, { notYetBuilt }]) => notYetBuilt === undefined)
        .filter(([name]) => !new RegExp(`\`(?:${group}\\.)?${name}\``).test(words()))
        .map(([name]) => `${group}.${name}`),
    );
    expect(missing).toEqual([]);
  });

  it('every setting by its right name', () => {
    const named = [...words().matchAll(/`([a-zA-Z]+)\.([a-zA-Z]+)`/g)].filter(([, group]) =>
      Object.hasOwn(settingDefinitions, group!),
    );
    const groups: Readonly<Record<string, object>> = settingDefinitions;
    expect(named.length).toBeGreaterThan(50);
    expect(named.filter(([, group, name]) => !Object.hasOwn(groups[group!]!, name!))).toEqual([]);
  });

  test.each([...Object.entries(faultKinds), ...Object.entries(workloadKinds)])(
    'the kind %s: in a row of its own if it is built, else among what is left out',
    (name, kind) => {
      const isBuilt = kind.decode !== undefined;
      expect(new RegExp(`^\\| \`${name}\` \\|`, 'm').test(words())).toBe(isBuilt);
      if (isBuilt) return;
      const leftOut = words().slice(words().indexOf('\n## What is left out'));
      expect(leftOut).toContain(`\`${name}\``);
    },
  );

  test.each(stages)('the stage %s, with its beginning and its end', (stage) => {
    expect(words()).toMatch(new RegExp(`^\\| [①-⑨] \\| \`${stage}\` \\| .+ \\| .+ \\|$`, 'm'));
  });

  it('rules that are in the catalogue', () => {
    expect(citedRules(words()).filter((id) => findRule(id) === undefined)).toEqual([]);
  });
});

test.each(['docs/model.md', 'docs/architecture.md', 'docs/testing.md', 'README.md'])(
  'links of %s lead somewhere',
  (name) => {
    const text = readFileSync(join(root, name), 'utf8');
    const links = [...text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, link]) => link!);
    const broken = links.filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? join(root, name) : join(root, dirname(name), path);
      if (!existsSync(target)) return true;
      return anchor !== undefined && !anchorsOf(readFileSync(target, 'utf8')).includes(anchor);
    });
    expect(broken).toEqual([]);
  },
);

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} -]/gu, '')
      .replaceAll(' ', '-'),
  );
}

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ScenarioError } from '../scenario/index.js';
import { loadInput, loadOrganization, loadScenario } from './load-file.js';

const organization = 'organization: contoso.com\nsites: [{ name: A }]\nservers: [{ name: A1, site: A }]\n';
const scenario = (path: string) => `mailflow: 1\norganization: ${path}\nduration: 1 h\n`;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mailflow-load-'));
  mkdirSync(join(folder, 'project/scenarios'), { recursive: true });
  write('project/package.json', '{}');
  write('project/organization.yaml', organization);
  write('outside.yaml', organization);
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function write(path: string, content: string): string {
  const whole = join(folder, path);
  writeFileSync(whole, content);
  return whole;
}

/** The messages of a failed load, without the folder of this run. */
function messagesOf(load: () => unknown): string[] {
  try {
    load();
    return [];
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    return error.problems.map(({ file, message }) => `${file.replace(folder, '')}: ${message}`);
  }
}

test('a path in a file is relative to it, and stays under the nearest package.json', () => {
  const inside = write('project/scenarios/a.yaml', scenario('../organization.yaml'));
  expect(loadScenario(inside).scenario.organization.name).toBe('contoso.com');
  const outside = write('project/scenarios/b.yaml', scenario('../../outside.yaml'));
  expect(messagesOf(() => loadScenario(outside))).toEqual([
    expect.stringMatching(
      /^\/project\/scenarios\/b\.yaml: "\.\.\/\.\.\/outside\.yaml": expected a file under the root folder/,
    ),
  ]);
});

test('--root widens or narrows where paths may lead', () => {
  const outside = write('project/scenarios/b.yaml', scenario('../../outside.yaml'));
  expect(loadScenario(outside, { root: folder }).scenario.organization.name).toBe('contoso.com');
  const inside = write('project/scenarios/a.yaml', scenario('../organization.yaml'));
  expect(messagesOf(() => loadScenario(inside, { root: join(folder, 'project/scenarios') }))).toHaveLength(1);
});

test('a file without a project above stays in its own folder', () => {
  mkdirSync(join(folder, 'loose'));
  const file = write('loose/a.yaml', scenario('../outside.yaml'));
  expect(messagesOf(() => loadScenario(file))).toEqual([
    expect.stringContaining('expected a file under the root folder'),
  ]);
});

test('a symbolic link that leads out is no way out', () => {
  symlinkSync(join(folder, 'outside.yaml'), join(folder, 'project/link.yaml'));
  const file = write('project/scenarios/a.yaml', scenario('../link.yaml'));
  expect(messagesOf(() => loadScenario(file))).toEqual([
    expect.stringContaining('expected a file under the root folder'),
  ]);
});

test('what cannot be read is a problem of the file that names it', () => {
  const named = (path: string) => messagesOf(() => loadScenario(write('project/a.yaml', scenario(path))));
  expect(named('gone.yaml')).toEqual(['/project/a.yaml: "gone.yaml": there is no such file']);
  expect(named('scenarios')).toEqual(['/project/a.yaml: "scenarios": expected a file, but this is none']);
  expect(named(join(folder, 'outside.yaml'))).toEqual([
    expect.stringContaining('expected a path relative to this file'),
  ]);
  expect(messagesOf(() => loadScenario(join(folder, 'gone.yaml')))).toEqual([
    '/gone.yaml: there is no such file',
  ]);
  expect(messagesOf(() => loadScenario(folder))).toEqual([': expected a file, but this is none']);
});

test("an organization is loaded from its own file, or from a scenario's", () => {
  const file = write('project/a.yaml', scenario('organization.yaml'));
  const own = loadOrganization(join(folder, 'project/organization.yaml'));
  expect(loadOrganization(file).organization).toEqual(own.organization);
  expect(loadInput(file).kind).toBe('scenario');
  expect(loadInput(join(folder, 'project/organization.yaml')).kind).toBe('organization');
});

test("--set reaches the organization's file", () => {
  const file = write('project/a.yaml', scenario('organization.yaml'));
  const { scenario: changed } = loadScenario(file, { set: ['organization.behavior="2016"'] });
  expect(changed.organization.behavior).toBe('2016');
});

test("a scenario's organization may say what its servers have", () => {
  write('project/mixed.yaml', organization.replace('site: A }', 'site: A, memory: 32 GB }'));
  const file = write('project/scenarios/mixed.yaml', scenario('../mixed.yaml'));
  expect(loadOrganization(file).organization.servers).toHaveLength(1);
  expect(loadScenario(file).scenario.organization.servers[0]!.memoryBytes).toBe(32 * 1_024 ** 3);
});

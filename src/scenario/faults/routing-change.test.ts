import { describe, expect, test } from 'vitest';
import { decodeScenario } from '../decode-scenario.js';
import { type Problem, ScenarioError } from '../problem.js';

const organization = `
organization: contoso.com
sites: [{ name: B }, { name: A, hub: true }, { name: C }]
siteLinks:
  - { name: AB, sites: [A, B], cost: 10 }
  - { name: BC, sites: [B, C], cost: 10, maxMessageSize: 20 MB }
servers: [{ name: A1, site: A }, { name: B1, site: B }, { name: C1, site: C }]
databases: [{ name: DB, copies: [A1] }]
connectors:
  - { name: K, kind: send, addressSpaces: ["SMTP:*;10", "SMTP:x.example"], sourceServers: [A1, B1] }
`;

function decode(faults: readonly string[], set: readonly string[] = []) {
  const lines = faults.map((fault) => `  - { kind: routing-change, ${fault} }`).join('\n');
  const text = `mailflow: 1\norganization: o.yaml\nduration: 1 h\nfaults:\n${lines}\n`;
  const readFile = () => ({ name: 'o.yaml', content: new TextEncoder().encode(organization) });
  return decodeScenario(text, 's.yaml', { readFile, set }).scenario.faults;
}

function problemsOf(faults: readonly string[]): readonly Problem[] {
  try {
    decode(faults);
    return [];
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    return error.problems;
  }
}

const messagesOf = (...faults: readonly string[]) =>
  problemsOf(faults).map(({ path, message }) => `${path}: ${message}`);

describe('what a change sets', () => {
  test('all that routing reads, by the paths of --set, as the organization has it decoded', () => {
    const set = `{ sites.A.hub: false, sites.0.inboundMail: false, siteLinks.BC.exchangeCost: 3, siteLinks.BC.maxMessageSize: 1 MB,
      connectors.K.addressSpaces.1: "SMTP:y.example;5", connectors.K.sourceServers: [C1], connectors.K.enabled: false }`;
    expect(decode([`at: +1 s, set: ${set}`])).toMatchObject([
      {
        beginMs: 1_000,
        endMs: Number.POSITIVE_INFINITY,
        edits: [
          { path: ['sites', 1, 'hub'], value: false },
          { path: ['sites', 0, 'inboundMail'], value: false },
          { path: ['siteLinks', 1, 'exchangeCost'], value: 3 },
          { path: ['siteLinks', 1, 'maxMessageSizeBytes'], value: 1_048_576 },
          {
            path: ['connectors', 0, 'addressSpaces', 1],
            value: { type: 'SMTP', space: 'y.example', cost: 5 },
          },
          { path: ['connectors', 0, 'sourceServers'], value: ['C1'] },
          { path: ['connectors', 0, 'enabled'], value: false },
        ],
      },
    ]);
  });

  test('A-replication: it is made in the site that stands first in the file, whatever its name', () => {
    expect(decode(['at: +1 s, set: { siteLinks.AB.cost: 1 }'])).toMatchObject([{ site: 'B' }]);
  });

  test('an option takes the place of a value, its path in double quotes for its dots', () => {
    const option = 'faults.0.set."siteLinks.AB.cost"=7';
    const faults = decode(['at: +1 s, set: { siteLinks.AB.cost: 1 }'], [option]);
    expect(faults).toMatchObject([{ edits: [{ value: 7 }] }]);
  });
});

test('what is wrong with a value is said where the value stands', () => {
  expect(problemsOf(['at: +1 s, set: { siteLinks.AB.cost: 100000 }'])).toMatchObject([
    {
      file: 's.yaml',
      line: 5,
      column: 65,
      path: 'faults.0.set."siteLinks.AB.cost"',
      message: expect.stringMatching(/^expected a whole number from 1 to 99999/),
    },
  ]);
});

test.each([
  ['siteLinks.AX.cost: 1', 'faults.0.set."siteLinks.AX.cost": there is no element "AX" in siteLinks'],
  ['siteLinks..cost: 1', 'faults.0.set."siteLinks..cost": the path is wrong'],
  [
    'connectors.K.sourceServers.1: Z9',
    'faults.0.set."connectors.K.sourceServers.1": there is no server "Z9"',
  ],
  ['connectors.K.sourceServers: []', 'faults.0.set."connectors.K.sourceServers": '],
  ['connectors.K.addressSpaces.0: "*contoso.com"', 'faults.0.set."connectors.K.addressSpaces.0": expected'],
  [
    'connectors.K.addressSpaces.7: "SMTP:*"',
    'faults.0.set."connectors.K.addressSpaces.7": there is no element',
  ],
  ['siteLinks.AB.cost.x: 1', 'faults.0.set."siteLinks.AB.cost.x": siteLinks.AB.cost has no keys'],
  ['siteLinks.AB: { cost: 1 }', 'faults.0.set."siteLinks.AB": expected the path of a key of one element'],
  ['sites: []', 'faults.0.set.sites: expected the path of a key of one element'],
  ['sites.A.name: X', 'faults.0.set."sites.A.name": a routing change cannot set "name": of sites it changes'],
  ['sites.__proto__.hub: true', 'faults.0.set."sites.__proto__.hub": there is no element'],
  [
    'siteLinks.AB.sites: [A, C]',
    'faults.0.set."siteLinks.AB.sites": a routing change cannot set "sites": take `site-link-outage`',
  ],
  [
    'siteLinks.AB.latency: 1 s',
    'faults.0.set."siteLinks.AB.latency": a routing change cannot set "latency": take `site-link-slowdown`',
  ],
  [
    'databases.DB.copies: [B1]',
    'faults.0.set."databases.DB.copies": a routing change cannot set "databases": take `database-move`',
  ],
  [
    'servers.A1.site: B',
    'faults.0.set."servers.A1.site": a routing change cannot set "servers": servers stay',
  ],
  [
    'organization.siteLinks.AB.cost: 1',
    'faults.0.set."organization.siteLinks.AB.cost": a routing change cannot set "organization": paths begin in the organization',
  ],
  ['bogus.x: 1', 'faults.0.set."bogus.x": a routing change cannot set "bogus": it changes `sites`'],
  [
    'siteLinks.AB.cost: 1, siteLinks.0.cost: 2',
    'faults.0.set."siteLinks.0.cost": sets what "siteLinks.AB.cost" sets, too',
  ],
])('%s', (set, expected) => {
  const messages = messagesOf(`at: +1 s, set: { ${set} }`);
  expect(messages).toHaveLength(1);
  expect(messages[0]!.startsWith(expected), messages[0]).toBe(true);
});

test('a change sets something', () => {
  expect(messagesOf('at: +1 s, set: {}')).toEqual([
    'faults.0.set: expected a path at least, such as `siteLinks.BF.cost`',
  ]);
});

test('where the organization is not sound its problems are not said twice', () => {
  const text = `mailflow: 1\nduration: 1 h\norganization: { organization: c.com, sites: [{ name: A }], servers: [{ name: S, site: Z }] }
faults: [{ kind: routing-change, at: +1 s, set: { sites.A.hub: true } }]\n`;
  const readFile = () => {
    throw new Error('no file is named');
  };
  try {
    decodeScenario(text, 's.yaml', { readFile });
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(ScenarioError);
    expect((error as ScenarioError).problems.map(({ path }) => path)).toEqual([
      'organization.servers.S.site',
    ]);
  }
});

test('changes that do each by itself may not do together', () => {
  const first = 'for: 10 min, set: { connectors.K.sourceServers.0: C1 }';
  const second = 'for: 10 min, set: { connectors.K.sourceServers.1: C1 }';
  expect(messagesOf(`at: +1 min, ${first}`, `at: +11 min, ${second}`)).toEqual([]);
  const together = messagesOf(`at: +5 min, ${second}`, `at: +1 min, ${first}`);
  expect(together).toHaveLength(1);
  expect(together[0]).toMatch(
    /^faults\.0\.set: together with the changes before it: connectors\.K\.sourceServers/,
  );
});

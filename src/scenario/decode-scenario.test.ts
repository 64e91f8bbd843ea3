import { describe, expect, test } from 'vitest';
import { decodeScenario } from './decode-scenario.js';
import { FileError, type ReadFile } from './decoding.js';
import { ScenarioError } from './problem.js';
import { scenarioJsonSchema } from './schema/json-schema.js';

const organization = `organization: contoso.com
sites: [{ name: Berlin }, { name: Frankfurt }]
siteLinks: [{ name: BF, sites: [Berlin, Frankfurt] }]
servers: [{ name: B1, site: Berlin }, { name: F1, site: Frankfurt, settings: { transport: { connectTimeout: 5 s } } }]
dags: [{ name: D, members: [B1, F1] }]
databases: [{ name: DB1, copies: [B1, F1] }]
mailboxes: [{ address: "u{n}@contoso.com", count: 3, database: DB1 }]
settings: { transport: { connectTimeout: 4 s, queueGlitchRetryCount: 3 } }
`;

const scenario = `mailflow: 1
name: wan-cut
organization: contoso.yaml
start: 2024-04-02T06:00Z
duration: 10 h
workloads:
  - { kind: arrivals, messagesPerSecond: 3, from: u1@contoso.com, to: u2@contoso.com }
faults:
  - { kind: site-link-outage, link: bf, at: 09:30, for: 2 h }
`;

const replay = `time,from,to,size_bytes
2000,a@b.example,u1@contoso.com,100
2024-04-02T06:00:01Z,a@b.example,u1@contoso.com u9@contoso.com,200
36000000,a@b.example,u1@contoso.com,300
`;

const readFile: ReadFile = (path) => {
  const files: Readonly<Record<string, string>> = {
    'contoso.yaml': organization,
    'broken.yaml': 'organization: contoso.com\nsites: [{ name: Berlin, hbu: true }]\nservers: []\n',
    'empty.yaml': '',
    'scenario.yaml': scenario,
    'replay.csv': replay,
  };
  const content = files[path];
  if (content === undefined) throw new FileError('there is no such file');
  return { name: `folder/${path}`, content: new TextEncoder().encode(content) };
};

const decode = (text: string, ...set: string[]) => decodeScenario(text, 's.yaml', { readFile, set });

function problemsOf(text: string, ...set: string[]): string[] {
  try {
    decode(text, ...set);
    return [];
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    return error.message.split('\n');
  }
}

function messagesOf(text: string, ...set: string[]): string[] {
  try {
    decode(text, ...set);
    return [];
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    return error.problems.map(({ message }) => message);
  }
}

test('what the file leaves out has the defaults of the contract', () => {
  const decoded = decode(scenario).scenario;
  expect(decoded).toMatchObject({
    name: 'wan-cut',
    description: '',
    seed: '1',
    startUtcMs: Date.UTC(2024, 3, 2, 6),
    durationMs: 36_000_000,
    drain: 0,
    warmUpMs: 0,
    replications: 1,
    sampleEveryMs: 60_000,
    thresholds: [],
  });
  expect(decoded.workloads).toEqual([
    {
      kind: 'arrivals',
      name: 'arrivals',
      startMs: 0,
      endMs: 36_000_000,
      arrival: { kind: 'poisson', messagesPerSecond: 3 },
      from: 'u1@contoso.com',
      to: ['u2@contoso.com'],
      size: { kind: 'typical' },
      priority: 'normal',
    },
  ]);
  expect(decoded.faults).toEqual([
    { kind: 'site-link-outage', beginMs: 12_600_000, endMs: 19_800_000, link: 'BF' },
  ]);
});

test('a clock time is its first from the start on, a fault without `for` lasts to the end', () => {
  const at = (time: string) =>
    decode(scenario.replace('at: 09:30, for: 2 h', `at: ${time}`)).scenario.faults[0];
  expect(at('06:00')).toMatchObject({ beginMs: 0, endMs: Number.POSITIVE_INFINITY });
  expect(at('05:59')).toMatchObject({ beginMs: 86_400_000 - 60_000 });
  expect(at('+26 h')).toMatchObject({ beginMs: 93_600_000 });
  expect(at('2024-04-02T06:30Z')).toMatchObject({ beginMs: 1_800_000 });
  expect(problemsOf(scenario.replace('09:30', '2024-04-02T05:00Z'))).toEqual([
    "s.yaml:9:45 faults.0.at: expected a time that is not before the scenario's start",
  ]);
});

test('a start without a day goes with clock times and spans only', () => {
  const clock = scenario.replace('2024-04-02T06:00Z', '08:00');
  expect(decode(clock).scenario).toMatchObject({ startUtcMs: 28_800_000, faults: [{ beginMs: 5_400_000 }] });
  expect(problemsOf(clock.replace('09:30', '2024-04-02T09:30Z'))).toEqual([
    "s.yaml:9:45 faults.0.at: expected a clock time or a span, since the scenario's start names no day",
  ]);
});

test('workloads without a name are told apart', () => {
  const one = '  - { kind: arrivals, messagesPerSecond: 3, from: u1@contoso.com, to: u2@contoso.com }\n';
  const names = (text: string) => decode(text).scenario.workloads.map(({ name }) => name);
  expect(names(scenario.replace(one, one + one))).toEqual(['arrivals', 'arrivals-2']);
  const named = one.replace('kind', 'name: Arrivals, kind');
  expect(names(scenario.replace(one, one + named))).toEqual(['arrivals-2', 'Arrivals']);
  expect(problemsOf(scenario.replace(one, named + named))).toEqual([
    's.yaml:8:13 workloads.1.name: there is a workload named "Arrivals" already',
  ]);
});

describe('settings', () => {
  test("those of the scenario are stronger than a server's own, these than the organization's", () => {
    const own = decode(scenario).scenario;
    expect(own.settings.transport).toMatchObject({ connectTimeout: 4_000, queueGlitchRetryCount: 3 });
    expect(own.serverSettings.get('F1')!.transport).toMatchObject({
      connectTimeout: 5_000,
      queueGlitchRetryCount: 3,
    });
    const both = decode(`${scenario}settings: { transport: { connectTimeout: 6 s } }\n`).scenario;
    expect(both.settings.transport.connectTimeout).toBe(6_000);
    expect(both.serverSettings.get('F1')!.transport.connectTimeout).toBe(6_000);
  });

  test("A-edge-defaults, MI-01: an Edge's own defaults are weaker than whatever is set, by whomever", () => {
    const withEdges = (more: string, own = '') =>
      `mailflow: 1
duration: 1 h
organization:
  organization: contoso.com
  sites: [{ name: A }]
  servers: [{ name: M, site: A }, { name: E, roles: [edge]${own} }]
  edgeSubscriptions: [{ edgeServer: E, site: A }]
${more}`;
    const minutes = (text: string, ...set: string[]) => {
      const { settings, serverSettings } = decode(text, ...set).scenario;
      return [serverSettings.get('E')!, settings].map(({ transport }) => [
        transport.transientFailureRetryInterval / 60_000,
        transport.outboundConnectionFailureRetryInterval / 60_000,
      ]);
    };
    const setting = (name: string, value: string) => `{ transport: { ${name}: ${value} } }`;
    const interval = 'outboundConnectionFailureRetryInterval';
    expect(minutes(withEdges(''))).toEqual([
      [10, 30],
      [5, 10],
    ]);
    expect(minutes(withEdges(`  settings: ${setting(interval, '7 min')}\n`))).toEqual([
      [10, 7],
      [5, 7],
    ]);
    expect(minutes(withEdges('', `, settings: ${setting(interval, '8 min')}`))).toEqual([
      [10, 8],
      [5, 10],
    ]);
    expect(minutes(withEdges(`settings: ${setting(interval, '9 min')}\n`))).toEqual([
      [10, 9],
      [5, 9],
    ]);
    expect(minutes(withEdges(''), `settings.transport.${interval}=11 min`)).toEqual([
      [10, 11],
      [5, 11],
    ]);
  });

  test('--set is the strongest', () => {
    const text = `${scenario}settings: { transport: { connectTimeout: 6 s } }\n`;
    const set = decode(text, 'settings.transport.connectTimeout=7 s').scenario;
    expect(set.settings.transport.connectTimeout).toBe(7_000);
    expect(set.serverSettings.get('F1')!.transport.connectTimeout).toBe(7_000);
    expect(
      decode(scenario, 'settings.transport.queueGlitchRetryCount=1').scenario.settings.transport,
    ).toMatchObject({
      connectTimeout: 4_000,
      queueGlitchRetryCount: 1,
    });
  });
});

describe('--set', () => {
  test("enters lists by name, whatever its case, or by index, and the organization's file", () => {
    const { scenario: changed } = decode(
      scenario,
      'organization.siteLinks.bf.cost=20',
      'organization.servers.1.settings.transport.connectTimeout=1 s',
      'workloads.0={ kind: mailbox-users, name: a.b, profile: 100 }',
      'workloads."a.b".shape=office-day',
      'seed="007"',
    );
    expect(changed.organization.siteLinks[0]!.cost).toBe(20);
    expect(changed.serverSettings.get('F1')!.transport.connectTimeout).toBe(1_000);
    expect(changed.workloads).toMatchObject([{ kind: 'mailbox-users', name: 'a.b', shape: 'office-day' }]);
    expect(changed.seed).toBe('007');
  });

  test('one of two alternatives takes the place of the other', () => {
    const text = scenario.replace(
      / {2}- \{ kind: arrivals.*\n/,
      '  - { kind: mailbox-users, profile: 100 }\n',
    );
    expect(decode(text).scenario.workloads).toMatchObject([{ sentPerDay: 20, receivedPerDay: 80 }]);
    expect(decode(text, 'workloads.0.sentPerDay=30').scenario.workloads).toMatchObject([
      { sentPerDay: 30, receivedPerDay: null },
    ]);
  });

  test('may name another organization', () => {
    expect(problemsOf(scenario, 'organization=gone.yaml')).toEqual([
      '--set:1:14 organization: "gone.yaml": there is no such file',
    ]);
  });

  test('an unknown path, an unknown key and a bad value are problems like others', () => {
    expect(
      problemsOf(
        scenario,
        'organization.siteLinks.XY.cost=1',
        'faults.7.at=1',
        'name.first=x',
        'no value',
        'foo.bar=1',
        'organization.siteLinks.BF.cost=0',
        'duration=3 parsecs',
        'faults.0.__proto__=1',
        'seed=[',
      ),
    ).toEqual([
      expect.stringMatching(/^--set:5:9 foo: unknown key "foo" \(known: /),
      '--set:6:32 organization.siteLinks.BF.cost: expected a whole number from 1 to 99999 (AS-02), got 0',
      '--set:7:10 duration: expected a time with a unit (ms, s, min, h or d), such as `30 s`, got "3 parsecs"',
      '--set:1:1 organization.siteLinks.XY.cost: there is no element "XY" in organization.siteLinks (known: BF)',
      '--set:2:1 faults.7.at: there is no element "7" in faults (it has 1 elements, from 0)',
      '--set:3:1 name.first: name has no keys and no elements',
      '--set:4:1 no value: expected `<path>=<value>` (such as `organization.siteLinks.BF.cost=20`)',
      '--set:8:1 faults.0.__proto__: unknown key "__proto__"',
      expect.stringMatching(/^--set:9:6 seed: this is not YAML/),
    ]);
    expect(({} as Record<string, unknown>)['1']).toBeUndefined();
  });
});

describe('the organization', () => {
  test("of a file carries that file's name and the path from the scenario's root", () => {
    expect(
      problemsOf(scenario.replace('contoso.yaml', 'broken.yaml').replace('duration: 10 h', 'duratoin: 10 h')),
    ).toEqual([
      expect.stringMatching(/^s\.yaml:1:1 duration: "duration" is missing: expected a time/),
      's.yaml:5:1 duratoin: unknown key "duratoin" (did you mean "duration"?)',
      's.yaml:9:37 faults.0.link: there is no site link "bf" (there are none)',
      'folder/broken.yaml:2:25 organization.sites.Berlin.hbu: unknown key "hbu" (did you mean "hub"?)',
    ]);
  });

  test('may stand inline', () => {
    const inline = `organization:\n${organization.trimEnd().replace(/^/gm, '  ')}\n`;
    const { scenario: decoded } = decode(scenario.replace('organization: contoso.yaml\n', inline));
    expect(decoded.organization).toEqual(decode(scenario).scenario.organization);
    expect(decoded.sha256).toBe(decode(scenario).scenario.sha256);
  });

  test('that is a scenario, or stands where a scenario should, is one problem, not many', () => {
    expect(problemsOf(scenario.replace('contoso.yaml', 'scenario.yaml'))).toEqual([
      'folder/scenario.yaml:1:1 organization: this is a scenario; expected an organization, which has `organization: contoso.com` and sites',
    ]);
    expect(problemsOf(organization)).toEqual([
      's.yaml:1:1: this is an organization; a scenario has `mailflow: 1` and names one (`organization: contoso.yaml`)',
    ]);
  });

  test('that is missing, empty or no file is one problem, not many', () => {
    expect(problemsOf(scenario.replace('contoso.yaml', 'gone.yaml'))).toEqual([
      's.yaml:3:15 organization: "gone.yaml": there is no such file',
    ]);
    expect(problemsOf(scenario.replace('contoso.yaml', 'empty.yaml'))).toEqual([
      'folder/empty.yaml:1:1 organization: expected an organization or a scenario, but the file is empty',
    ]);
    expect(problemsOf(scenario.replace('organization: contoso.yaml\n', ''))).toEqual([
      's.yaml:1:1 organization: "organization" is missing: expected the path of an organization file, or an organization',
    ]);
  });
});

describe('sha256', () => {
  test('that of a replication leaves out how many there are, and what they are held against', () => {
    const of = (...set: string[]) => decode(scenario, ...set).scenario;
    const plain = of();
    for (const set of ['replications=7', 'name=other', 'thresholds=[]', 'description=x']) {
      expect(of(set).sha256).not.toBe(plain.sha256);
      expect(of(set).replicationSha256).toBe(plain.replicationSha256);
    }
    for (const set of ['seed=7', 'duration=11 h', 'organization.siteLinks.BF.cost=77', 'warmUp=1 min']) {
      expect(of(set).replicationSha256).not.toBe(plain.replicationSha256);
    }
  });

  const hash = (text: string, ...set: string[]) => decode(text, ...set).scenario.sha256;

  test('is that of the data: comments, the order of keys and the spelling in YAML do not count', () => {
    const [mailflow, name, ...rest] = scenario.split('\n');
    expect(hash([name, '# a comment', mailflow, ...rest].join('\n'))).toBe(hash(scenario));
    expect(hash(scenario)).toMatch(/^[0-9a-f]{64}$/);
  });

  test('counts what --set changes as if the file said so', () => {
    expect(hash(scenario, 'duration=11 h')).toBe(hash(scenario.replace('10 h', '11 h')));
    expect(hash(scenario, 'duration=11 h')).not.toBe(hash(scenario));
    expect(hash(scenario, 'organization.siteLinks.BF.cost=5')).not.toBe(hash(scenario));
  });

  test('counts what is in a replay file', () => {
    const text = scenario.replace(/ {2}- \{ kind: arrivals.*\n/, '  - { kind: replay, file: replay.csv }\n');
    const other = decodeScenario(text, 's.yaml', {
      readFile: (path) => {
        const file = readFile(path);
        const content = new TextDecoder().decode(file.content).replace(',100\n', ',101\n');
        return { ...file, content: new TextEncoder().encode(content) };
      },
    });
    expect(other.scenario.sha256).not.toBe(hash(text));
  });
});

describe('thresholds', () => {
  const threshold = (text: string) => `${scenario}thresholds: [{ ${text} }]\n`;

  test.each([
    ['metric: deliveryLatency.p95Ms, below: 90 s', 'below', 90_000],
    ['metric: deliveryLatency.byStage.retryWait, at-most: 2 min', 'at-most', 120_000],
    ['metric: recipients.lost, equals: 0', 'equals', 0],
    ['metric: throughput.deliveredPerSecond, above: 2.5', 'above', 2.5],
    ['metric: servers.0.queueDatabaseMaxBytes, at-least: 1 KB', 'at-least', 1_024],
    ['metric: \'ndrs.byCode."5.1.1"\', equals: 3', 'equals', 3],
  ])('%s', (text, limit, value) => {
    expect(decode(threshold(text)).scenario.thresholds).toMatchObject([{ limit, value }]);
  });

  test.each([
    ['metric: deliveryLatency.p96Ms, below: 90 s', 'there is no "p96Ms" in deliveryLatency'],
    ['metric: deliveryLatency, below: 90 s', 'expected the path of a number'],
    ['metric: a..b, below: 90 s', 'expected a dotted path'],
    ['metric: recipients.lost, below: 90 s', 'expected a number: lost is no time and no size, got "90 s"'],
    ['metric: deliveryLatency.p95Ms, below: 90 MB', 'expected a time with a unit'],
    ['metric: recipients.lost', 'expected `below` or'],
    ['metric: recipients.lost, below: 1, above: 0', 'only one of them'],
    ['metric: recipients.lost, below: .nan', 'got NaN'],
  ])('%s is refused', (text, expected) => {
    const problems = problemsOf(threshold(text));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(expected);
  });
});

test('a warning is no problem', () => {
  const { warnings } = decode(scenario.replace('at: 09:30', 'at: +11 h').replace(/workloads:\n.*\n/, ''));
  expect(warnings.map(({ path, message }) => `${path}: ${message}`)).toEqual([
    ': there are no workloads: no mail will be sent',
    'faults.0.at: lies after the end of the run: nothing will come of it',
  ]);
});

test('a warm-up as long as the run leaves nothing to measure', () => {
  expect(problemsOf(scenario.replace('duration: 10 h', 'duration: 10 h\nwarmUp: 10 h'))).toEqual([
    's.yaml:6:9 warmUp: expected less than the duration: nothing would be measured',
  ]);
});

test('the name of a file stands in for a scenario without a name, and a name can be a folder', () => {
  expect(
    decodeScenario(scenario.replace('name: wan-cut\n', ''), 'a/b.c.yaml', { readFile }).scenario.name,
  ).toBe('b.c');
  for (const name of ['../x', 'a/b', '..', 'a\\b', 'c:', '""']) {
    expect(problemsOf(scenario.replace('wan-cut', `'${name.replaceAll('"', '')}'`))).toHaveLength(1);
  }
});

test('whatever an organization can say may be simulated', () => {
  const text = `mailflow: 1
duration: 1 h
organization:
  organization: contoso.com
  sites: [{ name: A }, { name: B }]
  siteLinks: [{ name: AB, sites: [A, B], bandwidth: 1 Mbit/s }]
  servers:
    - { name: A1, site: A, cores: 8, memory: 64 GB, queueDisk: 200 GB, queueDiskUsed: 0.1 }
    - { name: B1, site: B, version: "2010" }
    - { name: E1, roles: [edge] }
  edgeSubscriptions: [{ edgeServer: E1, site: A }]
  dags: [{ name: D, members: [A1] }]
  databases: [{ name: DB, copies: [A1] }]
  connectors: [{ name: C, kind: send, addressSpaces: ["*"], sourceServers: [A1] }]
  mailboxes:
    - { address: u1@contoso.com, database: DB, forwardTo: u2@contoso.com, acceptOnlyFrom: [u2@contoso.com] }
    - { address: u2@contoso.com, database: DB }
`;
  expect(problemsOf(text)).toEqual([]);
});

test('a seed is a text of 1 to 200 characters or a whole number', () => {
  const seed = (text: string) => problemsOf(scenario.replace('start:', `seed: ${text}\nstart:`));
  for (const text of ['7', 'x', '"7"', 'x'.repeat(200)]) expect(seed(text)).toEqual([]);
  for (const text of ['""', 'x'.repeat(201), '1e30', '12345678901234567890', '1.5', '.nan', '[]', '{}', '']) {
    expect(seed(text)).toEqual([
      expect.stringMatching(
        / seed: expected a seed: text of 1 to 200 characters, or a whole number of .*, got /,
      ),
    ]);
  }
});

test('whatever stands in the place of a value, the answer is in our words', () => {
  const hostile = [
    '""',
    '" "',
    '~',
    '[]',
    '{}',
    '[[]]',
    '[{}]',
    '1e30',
    '-1',
    '1.5',
    '.nan',
    '.inf',
    'true',
    'x'.repeat(2_000),
  ];
  const { properties } = scenarioJsonSchema() as { properties: object };
  const theirs = /too (small|big)|invalid|unrecognized|expected \w+ to (be|have)/i;
  const paths = [...Object.keys(properties), 'workloads.0.from', 'workloads.0.to', 'faults.0.link'];
  for (const path of paths) {
    for (const value of hostile) {
      for (const message of messagesOf(scenario, `${path}=${value}`)) expect(message).not.toMatch(theirs);
    }
  }
});

test('a start is no span, and none is offered', () => {
  for (const start of ['+1 h', '25:00', 'noon', '7', '2024-02-30T00:00Z']) {
    expect(problemsOf(scenario, `start=${start}`)[0]).toMatch(
      /^--set:1:7 start: expected a clock time \(`09:30`\) or a full UTC time \(`2024-04-02T06:00Z`\), got /,
    );
  }
});

test('--set: a path that is none is told apart from a value that is none', () => {
  for (const path of ['organization..name', '.', '"a"b', 'a.', '']) {
    expect(problemsOf(scenario, `${path}=1`)).toEqual([
      expect.stringContaining('the path is wrong: expected keys'),
    ]);
  }
  expect(problemsOf(scenario, `${'a.'.repeat(70)}b=1`)).toEqual([
    expect.stringContaining('the path is wrong: expected at most 64 keys'),
  ]);
  expect(problemsOf(scenario, 'organization')).toEqual([
    expect.stringContaining('expected `<path>=<value>`'),
  ]);
  for (const nothing of ['null', '~', '', '# nothing']) {
    expect(problemsOf(scenario, `workloads.0=${nothing}`)).toEqual([
      '--set:1:13 workloads.0: expected a mapping with the keys of a workload, got nothing',
    ]);
  }
});

test('a scenario has at most 100,000 workloads, faults and thresholds', () => {
  expect(problemsOf(`${scenario}thresholds: [${'{},'.repeat(100_000)}]\n`)).toEqual([
    's.yaml:1:1: expected at most 100000 workloads, faults and thresholds, got 100002',
  ]);
});

test('a list with more wrong in it than the validator can hand on is refused, not our own bug', () => {
  const text = scenario.replace('to: u2@contoso.com', `to: [${'x,'.repeat(900_000)}]`);
  expect(problemsOf(text)).toEqual([expect.stringMatching(/^s\.yaml:1:1: expected less that is wrong/)]);
});

test('a name with a dot that lost its quotes in a metric gets them back in the hint', () => {
  const problems = problemsOf(`${scenario}thresholds: [{ metric: ndrs.byCode.5.1.1, equals: 0 }]\n`);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain('a name with a dot stands in double quotes: ndrs.byCode."5.1.1"');
});

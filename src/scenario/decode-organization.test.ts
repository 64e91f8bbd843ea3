import { describe, expect, test } from 'vitest';
import { decodeOrganization } from './decode-organization.js';
import { ScenarioError } from './problem.js';

const small = `
organization: contoso.com
sites: [{ name: Berlin }, { name: Frankfurt }]
siteLinks: [{ name: BF, sites: [Berlin, Frankfurt] }]
servers: [{ name: B1, site: Berlin }, { name: F1, site: Frankfurt }]
`;

/** Every problem of a file, as `line:column path: message (hint)`. */
function problemsOf(text: string): string[] {
  try {
    decodeOrganization(text, 'o.yaml');
    return [];
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    return error.message.split('\n').map((line) => line.replace('o.yaml:', ''));
  }
}

test('what the file leaves out has the defaults of the contract', () => {
  const { organization, warnings } = decodeOrganization(
    `${small}databases: [{ name: DB1, copies: [B1] }]
mailboxes: [{ address: u1@contoso.com, database: DB1 }]
connectors:
  - { name: Internet, kind: send, addressSpaces: ["*"], sourceServers: [B1] }
  - { name: Fax, kind: foreign, addressSpaces: ["FAX:*;5"], sourceServers: [B1] }
`,
    'o.yaml',
  );
  expect(warnings).toEqual([]);
  expect(organization).toMatchObject({
    name: 'contoso.com',
    behavior: '2013',
    network: 'any-path',
    acceptedDomains: [{ name: 'contoso.com', type: 'authoritative' }],
    sites: [{ name: 'Berlin', hub: false, inboundMail: true }, {}],
    siteLinks: [{ cost: 100, latencyMs: 1, maxMessageSizeBytes: Number.POSITIVE_INFINITY }],
    servers: [{ version: '2013', roles: ['mailbox', 'client-access'] }, {}],
    connectors: [
      {
        addressSpaces: [{ type: 'SMTP', space: '*', cost: 1 }],
        scoped: false,
        enabled: true,
        smartHosts: [],
        maxMessageSizeBytes: 25 * 1_024 ** 2,
      },
      {
        addressSpaces: [{ type: 'FAX', space: '*', cost: 5 }],
        maxMessageSizeBytes: Number.POSITIVE_INFINITY,
      },
    ],
    edgeSubscriptions: [],
    mailboxes: [
      { quotaExceeded: false, maxReceiveSizeBytes: Number.POSITIVE_INFINITY, deliverAndForward: false },
    ],
  });
});

test('what the file says arrives converted', () => {
  const { organization } = decodeOrganization(
    `
organization: contoso.com
behavior: "2016"
network: least-cost-path
acceptedDomains: [{ name: fabrikam.com, type: internal-relay }]
sites: [{ name: A, hub: true, inboundMail: false }, { name: B }]
siteLinks: [{ name: AB, sites: [A, B], cost: 10, exchangeCost: 5, maxMessageSize: 20 MB, latency: 12 ms }]
servers: [{ name: H, site: A, version: "2010" }, { name: M, site: B, roles: [mailbox] }, { name: E, roles: [edge] }]
databases: [{ name: DB, copies: [M] }]
dags: [{ name: D, members: [M], witnessSite: B, automaticFailover: true }]
edgeSubscriptions: [{ edgeServer: E, site: B }]
connectors: [{ name: C, kind: send, addressSpaces: ["SMTP:*.Partner.example;20"], sourceServers: [M], scoped: true,
  enabled: false, maxMessageSize: unlimited, smartHosts: ["[10.0.0.1]", relay.contoso.com], frontEndProxy: true }]
distributionGroups: [{ address: g@contoso.com, members: [u1@contoso.com], expansionServer: H }]
mailboxes: [{ address: "u{n}@contoso.com", count: 2, database: DB, publicFolder: true, quotaExceeded: true, maxReceiveSize: 5 MB,
  forwardTo: c@contoso.com, deliverAndForward: true, acceptOnlyFrom: [c@contoso.com] }]
contacts: [{ address: c@contoso.com, target: "FAX:123" }]
`,
    'o.yaml',
  );
  expect(organization).toEqual({
    name: 'contoso.com',
    behavior: '2016',
    network: 'least-cost-path',
    acceptedDomains: [
      { name: 'fabrikam.com', type: 'internal-relay' },
      { name: 'contoso.com', type: 'authoritative' },
    ],
    sites: [
      { name: 'A', hub: true, inboundMail: false },
      { name: 'B', hub: false, inboundMail: true },
    ],
    siteLinks: [
      {
        name: 'AB',
        sites: ['A', 'B'],
        cost: 10,
        exchangeCost: 5,
        maxMessageSizeBytes: 20_971_520,
        latencyMs: 12,
      },
    ],
    servers: [
      { name: 'H', site: 'A', version: '2010', roles: ['hub-transport', 'mailbox'] },
      { name: 'M', site: 'B', version: '2013', roles: ['mailbox'] },
      { name: 'E', site: undefined, version: '2013', roles: ['edge'] },
    ],
    dags: [{ name: 'D', members: ['M'], witnessSite: 'B', automaticFailover: true }],
    databases: [{ name: 'DB', copies: ['M'] }],
    connectors: [
      {
        name: 'C',
        kind: 'send',
        addressSpaces: [{ type: 'SMTP', space: '*.partner.example', cost: 20 }],
        sourceServers: ['M'],
        scoped: true,
        enabled: false,
        maxMessageSizeBytes: Number.POSITIVE_INFINITY,
        smartHosts: ['[10.0.0.1]', 'relay.contoso.com'],
        frontEndProxy: true,
      },
    ],
    edgeSubscriptions: [{ edgeServer: 'E', site: 'B' }],
    distributionGroups: [{ address: 'g@contoso.com', members: ['u1@contoso.com'], expansionServer: 'H' }],
    mailboxes: [
      {
        address: 'u{n}@contoso.com',
        count: 2,
        database: 'DB',
        quotaExceeded: true,
        maxReceiveSizeBytes: 5_242_880,
        forwardTo: 'c@contoso.com',
        deliverAndForward: true,
        acceptOnlyFrom: ['c@contoso.com'],
      },
    ],
    contacts: [{ address: 'c@contoso.com', target: 'FAX:123' }],
  });
});

test("a server's own settings are stronger than the organization's, and these than the profile", () => {
  const { settings, serverSettings } = decodeOrganization(
    `organization: contoso.com
behavior: "2016"
sites: [{ name: A }]
servers:
  - { name: S1, site: A, settings: { transport: { connectTimeout: 5 s } } }
  - { name: S2, site: A }
settings: { transport: { connectTimeout: 9 s, queueGlitchRetryCount: 2 }, hardware: { distribution: { lognormal: { cv: 2 } } } }
`,
    'o.yaml',
  );
  expect(settings.transport).toMatchObject({
    connectTimeout: 9_000,
    queueGlitchRetryCount: 2,
    maxPerDomainOutboundConnections: 40,
  });
  expect(settings.hardware.distribution).toEqual({ kind: 'lognormal', cv: 2 });
  expect([...serverSettings.keys()]).toEqual(['S1']);
  expect(serverSettings.get('S1')!.transport).toMatchObject({
    connectTimeout: 5_000,
    queueGlitchRetryCount: 2,
  });
});

describe('what routing does without', () => {
  const text = (more: {
    link?: string;
    server?: string;
    dag?: string;
    settings?: string;
  }) => `organization: contoso.com
sites: [{ name: A }, { name: B }]
siteLinks: [{ name: AB, sites: [A, B]${more.link ?? ''} }]
servers: [{ name: A1, site: A${more.server ?? ''} }]
dags: [{ name: D, members: [A1]${more.dag ?? ''} }]
settings: {${more.settings ?? ''}}
`;

  test('may stand in an organization file', () => {
    const decoded = (more: Parameters<typeof text>[0]) => decodeOrganization(text(more), 'o').organization;
    const plain = decoded({});
    const settings = 'hardware: { cpuPerMessage: 5 ms }, transport: { shadowRedundancyEnabled: false }';
    expect(decoded({ settings })).toEqual(plain);
    const gigabyte = 1_073_741_824;
    expect(decoded({ server: ', memory: 32 GB, queueDisk: 100 GB, queueDiskUsed: 0.1' }).servers).toEqual([
      {
        ...plain.servers[0],
        memoryBytes: 32 * gigabyte,
        queueDiskBytes: 100 * gigabyte,
        queueDiskUsed: 0.1,
      },
    ]);
    expect(decoded({ dag: ', witnessSite: B, automaticFailover: true' }).dags).toEqual([
      { ...plain.dags[0], witnessSite: 'B', automaticFailover: true },
    ]);
    expect(decoded({ link: ', bandwidth: 100 Mbit/s' }).siteLinks).toEqual([
      { ...plain.siteLinks[0], bandwidthBitsPerSecond: 100_000_000 },
    ]);
  });

  test('has its shape checked all the same, by place', () => {
    expect(
      problemsOf(
        text({
          link: ', bandwidth: fast',
          server: ', cores: x, memory: 64, queueDisk: -1 GB, queueDiskUsed: 2',
          dag: ', witnessSite: 5, automaticFailover: maybe',
          settings: 'hardware: { cpuPerMessage: 5 }',
        }),
      ).map((problem) => problem.split(',')[0]),
    ).toEqual([
      '3:51 siteLinks.AB.bandwidth: expected a rate with a unit (bit/s',
      '4:39 servers.A1.cores: expected a whole number from 1 to 4096',
      '4:50 servers.A1.memory: expected a size with a unit (B',
      '4:65 servers.A1.queueDisk: expected a size with a unit (B',
      '4:87 servers.A1.queueDiskUsed: expected a number from 0 to 1',
      '5:47 dags.D.witnessSite: expected a name',
      '5:69 dags.D.automaticFailover: expected true or false',
      '6:39 settings.hardware.cpuPerMessage: expected a time with a unit (ms',
    ]);
  });

  test('the site of a witness must exist', () => {
    expect(problemsOf(text({ dag: ', witnessSite: Bb' }))).toEqual([
      '5:47 dags.D.witnessSite: there is no site "Bb" (known: A, B)',
    ]);
  });
});

describe('all problems at once', () => {
  test('of every sort, in file order, each with place, path, expectation and hint', () => {
    expect(
      problemsOf(`organization: contoso.com
behavior: 2013
sites: [{ name: A, hbu: true }, { name: B }]
siteLinks:
  - { name: AB, sites: [A, X], cost: 0, latency: 12 sec }
servers:
  - { name: A1, site: A, cores: x }
  - { name: a1, sit: A }
connectors:
  - { name: I, kind: sned, addressSpaces: ["*contoso.com"], linkedReceiveConnector: x }
`),
    ).toEqual([
      '2:11 behavior: expected one of "2013", "2016", got 2013 (put it in quotes: "2013")',
      '3:20 sites.A.hbu: unknown key "hbu" (did you mean "hub"?)',
      '3:33 sites.B: site "B" is in no site link (AS-02) (every site must be in one, unless the organization has one site only)',
      '5:28 siteLinks.AB.sites.1: there is no site "X" (known: A, B)',
      '5:38 siteLinks.AB.cost: expected a whole number from 1 to 99999 (AS-02), got 0',
      '5:50 siteLinks.AB.latency: expected a time with a unit (ms, s, min, h or d), such as `30 s`, got "12 sec"',
      '7:33 servers.0.cores: expected a whole number from 1 to 4096, got "x"',
      '8:5 servers.1.site: "site" is missing: expected the name of a site',
      '8:13 servers.1.name: there is a server named "a1" already (names are unique within a kind, whatever their case)',
      '8:17 servers.1.sit: unknown key "sit" (did you mean "site"?)',
      '10:22 connectors.I.kind: expected one of "send", "delivery-agent", "foreign", got "sned" (did you mean "send"?)',
      '10:44 connectors.I.addressSpaces.0: expected `SMTP:*`, `SMTP:*.domain` or `SMTP:domain`, with `;cost` if need be (CN-05), got "*contoso.com"',
      '10:61 connectors.I.linkedReceiveConnector: unknown key "linkedReceiveConnector" (RT-08: linked connectors are gone; a Receive connector cannot force its mail out of one Send connector)',
    ]);
  });

  test('numbers that are none are refused wherever they stand', () => {
    expect(
      problemsOf(`${small}mailboxes: [{ address: "u{n}@contoso.com", count: .nan, database: DB }]
settings: { transport: { queueGlitchRetryCount: 1e999, connectTimeout: .inf } }
`),
    ).toEqual([
      '6:51 mailboxes.0.count: expected a whole number from 1 to 1000000, got NaN',
      '7:49 settings.transport.queueGlitchRetryCount: expected a whole number from 0 to 15, got Infinity',
      '7:72 settings.transport.connectTimeout: expected a time with a unit (ms, s, min, h or d), such as `30 s`, got Infinity',
    ]);
  });

  test('what is broken is not missing: references to it pass', () => {
    expect(
      problemsOf(
        `${small.replace('name: F1,', 'name: F1, version: "2011",')}databases: [{ name: DB, copies: [F1] }]\n`,
      ),
    ).toEqual(['5:60 servers.F1.version: expected one of "2007", "2010", "2013", got "2011"']);
  });

  test('a value of the wrong kind says what would do', () => {
    expect(problemsOf(`${small}dags: D1\ndatabases: [DB1]\ncontacts:\n`)).toEqual([
      '6:7 dags: expected a list of DAGs, got "D1"',
      '7:13 databases.0: expected a mapping with `name`, `copies`, got "DB1"',
      '8:1 contacts: expected a list of contacts, got nothing',
    ]);
    expect(problemsOf('[]')[0]).toMatch(
      /^1:1: expected a mapping with `organization`, .* got an empty list$/,
    );
  });

  test('after a syntax error only what stands before it is held against the file', () => {
    const problems = problemsOf('organization: contoso.com\nsitse: []\nservers: [{ name: A\nfoo: 1\n');
    expect(problems[0]).toMatch(/^2:1 sitse: unknown key "sitse"/);
    expect(problems.slice(1).every((problem) => problem.includes('this is not YAML'))).toBe(true);
    expect(problems.length).toBeGreaterThan(1);
  });

  test('twenty thousand problems are found in seconds', () => {
    const servers = Array.from({ length: 20_000 }, (_, n) => `  - { name: S${n}, site: A, bogus: 1 }`).join(
      '\n',
    );
    const started = performance.now();
    const problems = problemsOf(`organization: contoso.com\nsites: [{ name: A }]\nservers:\n${servers}\n`);
    expect(problems).toHaveLength(1_001);
    expect(problems.at(-1)).toBe('1003:28: … and 19000 more');
    expect(performance.now() - started).toBeLessThan(30_000);
  });
});

test('an organization has at most 100,000 objects', () => {
  const contacts = '{},'.repeat(100_000);
  expect(problemsOf(`{ organization: contoso.com, contacts: [${contacts}], sites: [{}] }`)).toEqual([
    '1:1: expected at most 100000 sites, servers, mailboxes and so on, got 100001',
  ]);
});

test('what a server has is no setting: it stands at the server', () => {
  const hardware = 'settings: { hardware: { cores: 4, memory: 8 GB, queueDisk: 1 GB, connectTmie: 1 s } }';
  const expected = (where: string) => [
    ...['cores', 'memory', 'queueDisk'].map((key) =>
      expect.stringContaining(
        `${where}settings.hardware.${key}: unknown key "${key}" (\`${key}\` stands at the server,`,
      ),
    ),
    expect.stringContaining('unknown key "connectTmie" (did you mean "connectTime"?)'),
  ];
  expect(problemsOf(`${small}${hardware}\n`)).toEqual(expected(''));
  expect(problemsOf(small.replace('site: Berlin }', `site: Berlin, ${hardware} }`))).toEqual(
    expected('servers.B1.'),
  );
});

test('TH: what is unlimited by default can be said to be so where another default holds, as on an Edge', () => {
  const server = (settings: string) => {
    const edge = `{ name: E1, roles: [edge], settings: { transport: { ${settings} } } }`;
    const text = small.replace('servers: [', `servers: [${edge}, `);
    return decodeOrganization(text, 'o.yaml').serverSettings.get('E1')?.transport;
  };
  expect(server('maxHopCount: 5')?.messageRateLimit).toBe(600);
  expect(server('messageRateLimit: unlimited')?.messageRateLimit).toBe(Number.POSITIVE_INFINITY);
  expect(server('messageRateLimit: 700')?.messageRateLimit).toBe(700);
  expect(() => server('messageRateLimit: endless')).toThrow(
    'messageRateLimit: expected a whole number from 1 to 1000000, or `unlimited`, got "endless"',
  );
  expect(() => server('maxHopCount: unlimited')).toThrow('maxHopCount: expected a whole number from');
});

test("settings of the outside world are not a server's", () => {
  expect(
    problemsOf(
      small.replace('site: Berlin }', 'site: Berlin, settings: { outside: { connectTime: 1 s } } }'),
    ),
  ).toEqual([expect.stringContaining('unknown key "outside" (`outside` holds for the whole organization')]);
});

describe('single values', () => {
  const link = (fields: string) =>
    problemsOf(small.replace('sites: [Berlin, Frankfurt] }]', `sites: [Berlin, Frankfurt], ${fields} }]`));
  const connector = (fields: string) =>
    problemsOf(`${small}connectors:\n  - { name: C, kind: send, sourceServers: [B1], ${fields} }\n`);

  test('AS-02: a cost is 1 to 99,999', () => {
    expect(link('cost: 1')).toEqual([]);
    expect(link('cost: 99999')).toEqual([]);
    for (const cost of ['0', '100000', '1.5', '"10"'])
      expect(link(`cost: ${cost}`)).toEqual([expect.stringContaining('(AS-02)')]);
    expect(link('exchangeCost: 0')).toEqual([expect.stringContaining('(AS-02)')]);
  });

  test('AS-05: the size limit of a link is at least 64 KB', () => {
    expect(link('maxMessageSize: 64 KB')).toEqual([]);
    expect(link('maxMessageSize: unlimited')).toEqual([]);
    expect(link('maxMessageSize: 63 KB')).toEqual([
      expect.stringContaining('expected at least 64 KB (AS-05), got "63 KB"'),
    ]);
  });

  test('CN-05: an address space is [Type:]space[;cost], the cost 1 to 100', () => {
    for (const space of [
      '*',
      'SMTP:*;10',
      '*.contoso.com',
      'partner.example;100',
      'X400:c=US;p=Contoso;1',
      'smtp:a.b',
    ]) {
      expect(connector(`addressSpaces: ["${space}"]`)).toEqual([]);
    }
    for (const space of [
      '*contoso.com',
      'SMTP:*;0',
      'SMTP:*;101',
      '*;1.5',
      '',
      'SMTP:',
      'a b.c',
      '*.',
      'x;',
    ]) {
      expect(connector(`addressSpaces: ["${space}"]`)).toEqual([expect.stringContaining('(CN-05)')]);
    }
  });

  test('RT-08: a linked Receive connector is refused by its rule', () => {
    expect(connector('addressSpaces: ["*"], linkedReceiveConnector: R')).toEqual([
      expect.stringContaining('RT-08'),
    ]);
  });

  test('RT-11: a public folder is a mailbox like others', () => {
    const text = (more: string) =>
      `${small}databases: [{ name: DB, copies: [B1] }]\nmailboxes: [{ address: a@contoso.com, database: DB${more} }]\n`;
    expect(decodeOrganization(text(', publicFolder: true'), 'o').organization).toEqual(
      decodeOrganization(text(''), 'o').organization,
    );
  });

  test('RR-09: an address is a local part and a domain, 571 characters at most', () => {
    const contact = (address: string) =>
      problemsOf(`${small}contacts: [{ address: "${address}", target: a@contoso.com }]\n`);
    expect(contact("o'brien+x@mail.contoso.com")).toEqual([]);
    expect(contact(`${'x'.repeat(571 - 12)}@contoso.com`)).toEqual([]);
    for (const address of [
      'x',
      '@contoso.com',
      'a@',
      'a b@contoso.com',
      'a@-x',
      'a@b@c',
      'a..b@contoso.com',
      `${'x'.repeat(560)}@contoso.com`,
    ]) {
      expect(contact(address)).toEqual([expect.stringContaining('(RR-09)')]);
    }
  });

  test('RR-09: the address of a mailbox is one too, with a number in the place of {n}', () => {
    const problems = (fields: string) =>
      problemsOf(
        `${small}databases: [{ name: DB, copies: [B1] }]\nmailboxes: [{ database: DB, ${fields} }]\n`,
      );
    for (const fields of [
      'address: u1@contoso.com',
      'address: "{n}@contoso.com", count: 2',
      'address: "u@s{n}.contoso.com", count: 2',
    ]) {
      expect(problems(fields)).toEqual([]);
    }
    for (const address of [
      ...['', 'not an address', 'a@b@c', 'FAX:5', 'u1@', 'u1@contoso.com ', ' u1@contoso.com'],
      ...['u 1@contoso.com', '<x>@contoso.com', 'a..b@contoso.com', '.a@contoso.com', 'a.@contoso.com'],
    ]) {
      const refused = [
        expect.stringMatching(/^7:\d+ mailboxes\.0\.address: expected an address, .*\(RR-09\)/),
      ];
      expect(problems(`address: "${address}"`)).toEqual(refused);
      expect(problems(`address: "${address}{n} x", count: 2`)).toEqual(refused);
    }
    expect(problems('address: "u@.{n}", count: 2')).toHaveLength(1);
  });

  test('a name has 1 to 64 characters, none of them a control character', () => {
    const site = (name: string) =>
      problemsOf(`{ organization: contoso.com, sites: [{ name: "${name}" }], servers: [] }`);
    expect(site('x'.repeat(64))).toEqual([]);
    for (const name of ['', 'x'.repeat(65), 'a\\u0007b', 'a\\nb', ' a']) {
      expect(site(name)).toEqual([expect.stringContaining('expected a name of 1 to 64 characters')]);
    }
  });
});

test('fifty thousand unknown keys in one mapping are told in seconds', () => {
  const started = performance.now();
  const keys = Array.from({ length: 50_000 }, (_, index) => `k${index}: 1\n`).join('');
  expect(problemsOf(`${small.trimStart()}${keys}`).at(-1)).toBe('1004:1: … and 49000 more');
  expect(performance.now() - started).toBeLessThan(30_000);
});

import { describe, expect, test } from 'vitest';
import { differenceLines } from './diff-difference-text.js';
import { type DiffReport, formatDiffText } from './diff-text.js';

const summary: DiffReport['summary'] = {
  ...{ sources: 6, destinations: 4, routes: 2_400, changed: 1_200, added: 1, removed: 0 },
  ...{ addedSources: [], removedSources: ['Old1', 'Old2'], removedDestinations: [] },
  addedDestinations: [{ kind: 'mailbox-database', name: 'DB9' }],
};

type Group = DiffReport['groups'][number];

const none = { groups: 0, routes: 0 };

const detour: Group = {
  kind: 'changed',
  routes: 6,
  differences: [{ aspect: 'path', before: ['S', 'X', 'P'], after: ['S', 'Q', 'P'] }],
  costs: { before: { lowest: 20, highest: 30 }, after: { lowest: 25, highest: 35 } },
  consequences: [
    {
      routes: 6,
      differences: [
        {
          aspect: 'tiers',
          before: [{ reason: 'backoff', site: 'X', servers: ['X1', 'X2'] }],
          after: [],
        },
      ],
      costs: null,
      example: {
        from: 'S1',
        destination: 'DB1',
        reasons: [
          { rule: 'RT-30', aspects: ['path'], text: 'S > Q > P costs 25, S > X > P 60' },
          { rule: 'RT-41', aspects: ['tiers'], text: 'no back-off along the old path any more' },
        ],
      },
    },
  ],
  otherRoutes: 0,
  rules: ['RT-30', 'RT-41'],
  blocks: [
    {
      routes: 6,
      sources: [
        { site: 'R', servers: ['R1'], isWhole: false },
        { site: 'S', servers: ['S1', 'S2'], isWhole: true },
      ],
      destinations: [
        { kind: 'mailbox-database', group: 'DAG1', names: ['DB1'], isWhole: true },
        { kind: 'address-space', group: null, names: ['*', 'a.example'], isWhole: false },
      ],
    },
  ],
};

const fresh: Group = {
  ...detour,
  ...{ kind: 'added', routes: 1, differences: [], costs: null, rules: [] },
  consequences: [
    { routes: 1, differences: [], costs: null, example: { from: 'S1', destination: 'DB9', reasons: [] } },
  ],
  blocks: [
    {
      routes: 1,
      sources: [{ site: 'S', servers: ['S1'], isWhole: false }],
      destinations: [{ kind: 'mailbox-database', group: 'DAG1', names: ['DB9'], isWhole: false }],
    },
  ],
};

test('a comparison reads as a summary and groups of equal changes', () => {
  expect(formatDiffText({ summary, groups: [detour, fresh], others: none })).toBe(`\
1,200 of 2,400 routes change, 1 new, 0 gone (6 source servers, 4 destinations)
  source servers gone  Old1, Old2
  new destinations     mailbox database DB9

1. 6 routes: RT-30, RT-41
   from     R1 in R; S1, S2 in S
   to       mailbox database DB1 of DAG1
            2 address spaces: *, a.example
   path     S > X > P becomes S > Q > P; cost 20 to 30 becomes 25 to 35
   tries    back-off: X1, X2 in X becomes none
   why      RT-30: S > Q > P costs 25, S > X > P 60
   such as  S1 to DB1

2. 1 new route
   from  S1 in S
   to    mailbox database DB9 of DAG1
`);
});

test('where one change has different consequences the most frequent stands for the others', () => {
  const [only] = detour.consequences;
  const group = {
    ...detour,
    consequences: [
      { ...only!, routes: 4 },
      { ...only!, routes: 2 },
    ],
  };
  expect(formatDiffText({ summary, groups: [group], others: none })).toContain(`
   path   S > X > P becomes S > Q > P; cost 20 to 30 becomes 25 to 35
   why    RT-30: S > Q > P costs 25, S > X > P 60
   so     in 4 routes, such as S1 to DB1 (the other 2 in 1 other way):
   tries  back-off: X1, X2 in X becomes none
`);
  const more = { ...group, routes: 8, otherRoutes: 2 };
  expect(formatDiffText({ summary, groups: [more], others: none })).toContain(
    'in 4 routes, such as S1 to DB1 (the other 4 in more than 1 other way):',
  );
});

test('long lists are counted: whole sites and delivery groups first', () => {
  const servers = (site: string, count: number) => Array.from({ length: count }, (_, n) => `${site}${n}`);
  const blocks = [
    {
      routes: 700,
      sources: [
        ...['A', 'B', 'C', 'D', 'E', 'F'].map((site) => ({ site, servers: servers(site, 5), isWhole: true })),
        { site: 'G', servers: servers('G', 9), isWhole: false },
      ],
      destinations: [
        { kind: 'mailbox-database', group: 'DAG1', names: servers('DB', 40), isWhole: true },
        { kind: 'mailbox-database', group: 'DAG2', names: servers('Db', 7), isWhole: false },
      ],
    },
  ];
  expect(formatDiffText({ summary, groups: [{ ...detour, blocks }], others: none })).toContain(`
   from     all 30 servers in A, B, C, D and 2 more sites; G0, G1, G2, G3 and 5 more in G
   to       all 40 mailbox databases of DAG1
            7 mailbox databases of DAG2: Db0, Db1, Db2, Db3 and 3 more
`);
});

test('more blocks than can be read are counted', () => {
  const blocks = Array.from({ length: 8 }, () => detour.blocks[0]!);
  const text = formatDiffText({ summary, groups: [{ ...detour, blocks }], others: none });
  expect(text.match(/^ {3}from /gm)).toHaveLength(5);
  expect(text).toContain('and 18 routes between other servers and destinations');
});

test('groups that are left out are counted', () => {
  const text = formatDiffText({ summary, groups: [detour], others: { groups: 2, routes: 1_234 } });
  expect(text).toMatch(/\nand 2 smaller groups of 1,234 routes; --limit 3 shows all\n$/);
});

test('names that would steer a terminal are shown as what they are', () => {
  const text = formatDiffText({
    summary: { ...summary, removedSources: ['a\u001b[2J\n'] },
    groups: [],
    others: none,
  });
  expect(text).toContain('a\u{fffd}[2J\u{fffd}');
});

describe('differences', () => {
  const ended = (outcome: string, connector: string | null = null, ndr: string | null = null) => ({
    ...{ outcome, connector, ndr },
  });

  test.each([
    [
      { aspect: 'outcome', before: ended('route', 'K'), after: ended('ndr', null, '550 5.3.4 too large') },
      'outcome',
      ['out by K becomes returned (550 5.3.4 too large)'],
    ],
    [
      { aspect: 'outcome', before: ended('unreachable'), after: ended('route') },
      'outcome',
      ['the Unreachable queue becomes a route'],
    ],
    [
      {
        aspect: 'connector',
        before: { name: 'K', addressSpaceCost: 1 },
        after: { name: 'L', addressSpaceCost: 5 },
      },
      'connector',
      ['K (address space 1) becomes L (address space 5)'],
    ],
    [
      {
        aspect: 'group',
        before: { kind: 'routable-dag', name: 'DAG1' },
        after: { kind: 'mailbox-delivery-group', name: 'Site:S;Version:15' },
      },
      'group',
      ['DAG1 becomes Site:S;Version:15'],
    ],
    [{ aspect: 'primary-site', before: 'P', after: 'Q' }, 'primary', ['P becomes Q']],
    [{ aspect: 'path', before: [], after: [] }, 'path', ['cost 1 becomes 2']],
    [
      { aspect: 'path', before: ['S'], after: ['S', 'P'] },
      'path',
      ['S itself becomes S > P; cost 1 becomes 2'],
    ],
    [{ aspect: 'hub', before: null, after: 'X' }, 'hub', ['none becomes X']],
    [
      {
        aspect: 'queue',
        before: { deliveryType: 'SmtpDeliveryToMailbox', nextHopDomain: null },
        after: { deliveryType: 'SmtpRelayToDag', nextHopDomain: 'DAG1' },
      },
      'queue',
      ['SmtpDeliveryToMailbox of its own becomes SmtpRelayToDag "DAG1"'],
    ],
    [
      {
        aspect: 'tiers',
        before: [
          { reason: 'target-servers', site: 'P', servers: ['P1'] },
          { reason: 'other-group-servers', site: 'Q', servers: ['Q1'] },
          { reason: 'other-group-servers', site: 'R', servers: ['R1'] },
        ],
        after: [
          { reason: 'target-servers', site: 'S', servers: [] },
          { reason: 'other-group-servers', site: 'R', servers: ['R1'] },
          { reason: 'other-group-servers', site: 'Q', servers: ['Q1'] },
        ],
      },
      'tries',
      [
        'target servers: P1 in P becomes the source itself',
        'group servers elsewhere: Q1 in Q; R1 in R becomes R1 in R; Q1 in Q',
      ],
    ],
    [
      { aspect: 'proxy', before: null, after: ['F1', 'F2'] },
      'by way of',
      ['nobody becomes Front End Transport on F1, F2'],
    ],
    [
      {
        aspect: 'size',
        before: [
          { aboveBytes: -1, ...ended('route', 'K') },
          { aboveBytes: 25 * 1_024 ** 2, ...ended('ndr', null, 'too large') },
        ],
        after: [
          { aboveBytes: -1, ...ended('route', 'K') },
          { aboveBytes: 10 * 1_024 ** 2, ...ended('ndr', null, 'too large') },
        ],
      },
      'larger',
      ['above 10 MB up to 25 MB: out by K becomes returned (too large)'],
    ],
    [
      {
        aspect: 'size',
        before: [{ aboveBytes: -1, ...ended('route', 'K') }],
        after: [{ aboveBytes: -1, ...ended('route', 'K') }],
      },
      'larger',
      ['larger messages go another way than before'],
    ],
  ] as const)('%j', (difference, label, lines) => {
    expect(differenceLines(difference, 'cost 1 becomes 2')).toEqual([label, lines]);
  });
});

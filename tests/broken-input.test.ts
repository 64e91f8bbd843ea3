import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { main } from '../src/cli/main.js';

const sound = `mailflow: 1
name: broken
organization:
  organization: contoso.com
  sites:
    - { name: Berlin }
    - { name: Frankfurt }
  siteLinks:
    - { name: BF, sites: [Berlin, Frankfurt], cost: 10, latency: 12 ms }
  servers:
    - { name: B1, site: Berlin }
    - { name: F1, site: Frankfurt }
  databases:
    - { name: DB1, copies: [B1] }
  mailboxes:
    - { address: "u{n}@contoso.com", count: 9, database: DB1 }
duration: 1 min
workloads:
  - { kind: arrivals, messagesPerSecond: 1, from: u1@contoso.com, to: u2@contoso.com }
faults:
  - { kind: server-outage, server: B1, at: +10 s, for: 5 s }
`;

/** The sound scenario with some places made unsound. */
function broken(...changes: readonly (readonly [string, string])[]): string {
  return changes.reduce((text, [from, to]) => {
    expect(text).toContain(from);
    return text.replace(from, to);
  }, sound);
}

const withUnit = 'expected a time with a unit (ms, s, min, h or d), such as `30 s`';

/** Each file, and all its problems as `line:column path: message`. */
const files: readonly (readonly [string, string | Uint8Array, readonly string[]])[] = [
  [
    'unknown key',
    broken(['cost: 10', 'price: 10'], ['duration:', 'drian: 1 min\nduration:']),
    ['9:47 organization.siteLinks.BF.price: unknown key "price"', '17:1 drian: unknown key "drian"'],
  ],
  [
    'wrong unit',
    broken(['latency: 12 ms', 'latency: 12 msec'], ['for: 5 s', 'for: 5 KB'], ['1 min', '60']),
    [
      `9:66 organization.siteLinks.BF.latency: ${withUnit}, got "12 msec"`,
      `17:11 duration: ${withUnit}, got 60`,
      `21:56 faults.0.for: ${withUnit}, got "5 KB"`,
    ],
  ],
  [
    'missing reference',
    broken(['site: Frankfurt', 'site: Bonn'], ['copies: [B1]', 'copies: [B9]'], ['server: B1', 'server: B8']),
    [
      '12:25 organization.servers.F1.site: there is no site "Bonn" (AS-08, SR-07)',
      '14:29 organization.databases.DB1.copies.0: there is no server "B9"',
      '21:36 faults.0.server: there is no server "B8"',
    ],
  ],
  [
    'duplicate name',
    broken(
      ['name: F1', 'name: b1'],
      ['database: DB1 }', 'database: DB1 }\n    - { address: U5@contoso.com, database: DB1 }'],
    ),
    [
      '12:15 organization.servers.1.name: there is a server named "b1" already',
      '17:18 organization.mailboxes.1.address: the address "U5@contoso.com" is taken already',
    ],
  ],
  [
    'forwarding',
    broken([
      '- { address: "u{n}@contoso.com", count: 9, database: DB1 }',
      `- { address: "u{n}@contoso.com", count: 9, database: DB1, forwardTo: u99@contoso.com }
    - { address: a@contoso.com, database: DB1, forwardTo: u1, acceptOnlyFrom: [] }
    - { address: b@contoso.com, database: DB1, deliverAndForward: maybe, acceptOnlyFrom: [v1@contoso.com] }`,
    ]),
    [
      '16:74 organization.mailboxes.0.forwardTo: nobody has the address "u99@contoso.com"',
      '17:59 organization.mailboxes.1.forwardTo: expected an address, such as `u1@contoso.com` (RR-09), got "u1"',
      '17:79 organization.mailboxes.1.acceptOnlyFrom: expected at least one sender',
      '18:67 organization.mailboxes.2.deliverAndForward: expected true or false, got "maybe"',
      '18:91 organization.mailboxes.2.acceptOnlyFrom.0: nobody has the address "v1@contoso.com"',
    ],
  ],
  [
    'Edge',
    broken(
      [
        '- { name: F1, site: Frankfurt }',
        '- { name: F1, site: Frankfurt, roles: [edge, mailbox], cores: x }',
      ],
      ['databases:', 'edgeSubscriptions:\n    - { edgeServer: B1, site: Bonn }\n  databases:'],
    ),
    [
      '12:25 organization.servers.F1.site: an Edge stands in no site: "F1" has a site of its own (RT-57)',
      '12:43 organization.servers.F1.roles: an Edge has no other role than edge: "F1" has (RT-56)',
      '12:67 organization.servers.F1.cores: expected a whole number from 1 to 4096, got "x"',
      '14:21 organization.edgeSubscriptions.0.edgeServer: server "B1" is no Edge (RT-57)',
      '14:31 organization.edgeSubscriptions.0.site: there is no site "Bonn"',
    ],
  ],
  [
    'site in no link',
    broken(['- { name: Frankfurt }', '- { name: Frankfurt }\n    - { name: Bonn }\n    - { name: Oslo }']),
    [
      '8:7 organization.sites.Bonn: site "Bonn" is in no site link (AS-02)',
      '9:7 organization.sites.Oslo: site "Oslo" is in no site link (AS-02)',
    ],
  ],
  [
    'NaN',
    broken(
      ['cost: 10', 'cost: .nan'],
      ['messagesPerSecond: 1', 'messagesPerSecond: .NaN'],
      ['1 min', '.NAN'],
    ),
    [
      '9:53 organization.siteLinks.BF.cost: expected a whole number from 1 to 99999 (AS-02), got NaN',
      `17:11 duration: ${withUnit}, got NaN`,
      '19:42 workloads.0.messagesPerSecond: expected a number above 0, at most 1000000, got NaN',
    ],
  ],
  [
    '1e999',
    broken(['count: 9', 'count: 1e999'], ['messagesPerSecond: 1', 'messagesPerSecond: 1e999']),
    [
      '16:45 organization.mailboxes.0.count: expected a whole number from 1 to 1000000, got Infinity',
      '19:42 workloads.0.messagesPerSecond: expected a number above 0, at most 1000000, got Infinity',
    ],
  ],
  [
    'deep nesting',
    `mailflow: 1\nname: ${'['.repeat(100_000)}`,
    ['2:70 : expected at most 64 levels of nesting'],
  ],
  ['empty file', '', ['1:1 : expected an organization or a scenario, but the file is empty']],
  [
    'binary file',
    Uint8Array.from({ length: 4_096 }, (_, index) => (index * 37) % 256),
    ['1:1 : expected YAML or JSON in UTF-8, but this is no text'],
  ],
];

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mailflow-broken-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function write(name: string, content: string | Uint8Array): string {
  const path = join(folder, `${name.replaceAll(' ', '-')}.yaml`);
  writeFileSync(path, content);
  return path;
}

async function run(...argv: string[]) {
  const written = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof written) => ({
    write: (text: string) => {
      written[name] += text;
    },
  });
  const exitCode = await main(argv, { stdout: stream('stdout'), stderr: stream('stderr') });
  return { exitCode, ...written };
}

interface ErrorDocument {
  readonly mailflow: string;
  readonly exitCode?: number;
  readonly errors: readonly {
    readonly file: string;
    readonly line: number;
    readonly column: number;
    readonly path: string;
    readonly message: string;
  }[];
}

const spell = (document: ErrorDocument) =>
  document.errors.map(({ line, column, path, message }) => `${line}:${column} ${path}: ${message}`);

/** A stack trace, or our own complaint about an error that is ours. */
const traces = /^\s+at |internal error|node:internal/m;

test('the scenario that all of them are made of is sound', async () => {
  expect(await run('check', write('sound', sound))).toMatchObject({ exitCode: 0, stderr: '' });
});

describe.each(files)('%s', (name, content, problems) => {
  test('check: exit 3, every problem with its place, as JSON and as text', async () => {
    const path = write(name, content);
    const json = await run('check', path, '--json');
    expect(json).toMatchObject({ exitCode: 3, stderr: '' });
    const document = JSON.parse(json.stdout) as ErrorDocument;
    expect(document.mailflow).toBe('check/1');
    expect(spell(document)).toEqual(problems);
    expect(document.errors.every(({ file }) => file === path)).toBe(true);

    const text = await run('check', path);
    expect(text.exitCode).toBe(3);
    for (const { line, column, path: where, message } of document.errors) {
      expect(text.stdout).toContain(
        `${path}:${line}:${column}${where === '' ? '' : ` ${where}`}: ${message}`,
      );
    }
    expect(text.stdout + text.stderr).not.toMatch(traces);
  });

  test('simulate: exit 3, the same problems, and an older result stays untouched', async () => {
    const path = write(name, content);
    const out = join(folder, 'results', name);
    mkdirSync(out, { recursive: true });
    writeFileSync(join(out, 'summary.json'), '{"mailflow":"run/1","of":"yesterday"}\n');
    const before = statSync(join(out, 'summary.json')).mtimeMs;

    const json = await run('simulate', path, '--out', out, '--json');
    expect(json.exitCode).toBe(3);
    const document = JSON.parse(json.stdout) as ErrorDocument;
    expect(document).toMatchObject({ mailflow: 'error/1', exitCode: 3 });
    expect(spell(document)).toEqual(problems);
    const text = await run('simulate', path, '--out', out);
    expect(text.exitCode).toBe(3);
    expect(text.stdout + text.stderr).not.toMatch(traces);
    expect(text.stderr).toContain(document.errors[0]!.message);

    expect(readdirSync(join(folder, 'results')).filter((each) => each.startsWith(name))).toEqual([name]);
    expect(readdirSync(out)).toEqual(['summary.json']);
    expect(readFileSync(join(out, 'summary.json'), 'utf8')).toBe('{"mailflow":"run/1","of":"yesterday"}\n');
    expect(statSync(join(out, 'summary.json')).mtimeMs).toBe(before);
  });
});

test('what only a simulation lacks is refused in a scenario, and no matter to check and route', async () => {
  const organization = sound
    .slice(sound.indexOf('  organization:'), sound.indexOf('duration:'))
    .replace(/^ {2}/gm, '')
    .replace('latency: 12 ms', 'bandwidth: 1 Mbit/s')
    .replace('site: Frankfurt }', 'site: Frankfurt }\n  - { name: E1, roles: [edge] }')
    .concat('edgeSubscriptions: [{ edgeServer: E1, site: Berlin }]\n')
    .concat('settings: { transport: { resolverRetryInterval: 5 min } }\n');
  const path = write('routing-only', organization);
  expect(await run('check', path)).toMatchObject({ exitCode: 0, stderr: '' });
  const route = await run('route', path, '--from', 'F1', '--to', 'x@partner.example', '--json');
  expect(route).toMatchObject({ exitCode: 0, stderr: '' });
  expect(route.stdout).toContain('EdgeSync - Berlin to Internet');
  const scenario = write(
    'not-simulated',
    'mailflow: 1\nname: x\nduration: 1 h\norganization: routing-only.yaml\n',
  );
  const { exitCode, stdout } = await run('check', scenario, '--json');
  expect(exitCode).toBe(3);
  expect(spell(JSON.parse(stdout) as ErrorDocument)).toEqual([
    '16:49 organization.settings.transport.resolverRetryInterval: `transport.resolverRetryInterval` is not built yet: nothing in a scenario makes the directory fail',
  ]);
});

test('what a terminal would obey is shown, not obeyed, wherever it comes from; JSON has it as it is', async () => {
  const evil = '\\e[2J\\u009B1m\\u202Ex';
  const text = broken(
    ['name: broken', `name: broken\n"key${evil}": 1`],
    ['cost: 10', `cost: "${evil}"`],
    ['- { name: Frankfurt }', `- { name: Frankfurt }\n    - { name: "\\u009B1m\\u202Ex" }`],
    ['server: B1', `server: "${evil}"`],
  );
  const path = write('evil\u001b[2J\u202e', text);
  for (const { stdout, stderr } of [
    await run('check', path),
    await run('simulate', path),
    await run('check', `${path}.gone`),
    await run('route', path, '--from', '\u001b[2J', '--to', 'a@b'),
    await run('check', write('sound', sound), '\u001b[2J\u202e'),
  ]) {
    expect(stdout + stderr).toContain('\ufffd');
    expect(stdout + stderr).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
  }
  const document = JSON.parse((await run('check', path, '--json')).stdout) as ErrorDocument;
  expect(document.errors[0]).toMatchObject({ file: path, message: expect.stringContaining('unknown key') });
  expect(document.errors.some((each) => each.path.includes('\u202e'))).toBe(true);
});

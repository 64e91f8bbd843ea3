import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { main } from '../main.js';

const organization = `organization: contoso.com
sites:
  - { name: Berlin }
  - { name: Frankfurt }
siteLinks:
  - { name: BF, sites: [Berlin, Frankfurt] }
servers:
  - { name: B1, site: Berlin }
  - { name: B2, site: Berlin }
  - { name: F1, site: Frankfurt }
  - { name: M10, site: Berlin, version: "2010", roles: [mailbox] }
  - { name: E1, roles: [edge] }
databases:
  - { name: DB1, copies: [F1] }
connectors:
  - { name: Internet, kind: send, addressSpaces: ["SMTP:*;10"], sourceServers: [B1, F1] }
  - { name: Partner, kind: send, addressSpaces: ["partner.example"], sourceServers: [B1], enabled: false }
edgeSubscriptions:
  - { edgeServer: E1, site: Berlin }
mailboxes:
  - { address: "u{n}@contoso.com", count: 9, database: DB1 }
`;

const scenario = `mailflow: 1
name: morning
organization:
  organization: contoso.com
  sites: [{ name: Berlin }]
  servers: [{ name: B1, site: Berlin }]
  databases: [{ name: DB1, copies: [B1] }]
  connectors: [{ name: Internet, kind: send, addressSpaces: ["*"], sourceServers: [B1] }]
  mailboxes: [{ address: u1@contoso.com, database: DB1 }]
duration: 1 min
workloads:
  - { kind: arrivals, messagesPerSecond: 1, from: u1@contoso.com, to: u1@contoso.com }
`;

interface CheckDocument {
  readonly mailflow: string;
  readonly errors: readonly { readonly message: string; readonly hint: string | null }[];
  readonly removeServer: string | null;
  readonly readiness: readonly {
    readonly rule: string;
    readonly setupRule: string | null;
    readonly blocking: boolean;
    readonly leftOut: boolean;
    readonly id: string;
    readonly parameters: object;
    readonly text: string;
    readonly remedy: string;
    readonly commands: readonly string[];
  }[];
}

const root = fileURLToPath(new URL('../../..', import.meta.url));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mailflow-check-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(text: string): string {
  const path = join(folder, 'file.yaml');
  writeFileSync(path, text);
  return path;
}

async function checkFile(path: string, ...args: readonly string[]) {
  let stdout = '';
  let stderr = '';
  const code = await main(['check', path, ...args], {
    stdout: { write: (part) => (stdout += part) },
    stderr: { write: (part) => (stderr += part) },
  });
  return { code, stdout, stderr };
}

function check(text: string, ...args: readonly string[]) {
  return checkFile(write(text), ...args);
}

async function checkJson(text: string, ...args: readonly string[]) {
  const { code, stdout } = await check(text, '--json', ...args);
  return { code, document: JSON.parse(stdout) as CheckDocument };
}

describe('mailflow check --remove-server', () => {
  test('SR-03: ends with 3 on a source server and names each connector', async () => {
    const { code, document } = await checkJson(organization, '--remove-server', 'b1');
    expect(code).toBe(3);
    expect(document).toMatchObject({ mailflow: 'check/1', errors: [], removeServer: 'B1' });
    expect(document.readiness.filter(({ blocking }) => blocking)).toMatchObject([
      {
        rule: 'SR-03',
        setupRule: 'ServerIsSourceForSendConnector',
        leftOut: false,
        text: expect.stringContaining('"Internet"'),
        remedy: expect.stringMatching(/delete the connector, then run Setup again\.$/),
        parameters: { connector: 'Internet', otherSources: ['F1'] },
      },
      { rule: 'SR-03', text: expect.stringContaining('"Partner"'), parameters: { connector: 'Partner' } },
    ]);
  });

  test('SR-03: ends with 3 on an Edge, a source of the connectors that its subscription makes', async () => {
    const { code, stdout } = await check(organization, '--remove-server', 'E1');
    expect(code).toBe(3);
    expect(stdout).toContain('"EdgeSync - Berlin to Internet"');
    expect(stdout).toContain('"EdgeSync - Inbound to Berlin"');
  });

  test('ends with 0 where Setup would let the server go, and lists what the file cannot say', async () => {
    const { code, document } = await checkJson(organization, '--remove-server', 'B2');
    expect(code).toBe(0);
    expect(document.readiness.map(({ rule, leftOut }) => `${rule} ${leftOut}`)).toEqual([
      ...['SR-06 false', 'SR-04 true', 'SR-05 true', 'SR-08 true', 'SR-09 true', 'SR-10 true'],
    ]);
  });

  test('a text for a ticket: a paragraph a finding between heading and verdict', async () => {
    const { stdout, stderr } = await check(organization, '--remove-server', 'B1');
    const paragraphs = stdout.split('\n\n');
    expect(stderr).toBe('');
    expect(paragraphs[1]).toBe('Setup readiness: removal of server "B1" (Exchange 2013, site "Berlin")');
    expect(paragraphs[2]).toBe(
      [
        'blocks: SR-03 ServerIsSourceForSendConnector',
        '  Server "B1" is a source of the Send connector "Internet" (address space SMTP:*;10). Other sources: "F1".',
        '  Take "B1" off the source servers of the Send connector, or delete the connector, then run Setup again.',
        "    Set-SendConnector -Identity 'Internet' -SourceTransportServers 'F1'",
      ].join('\n'),
    );
    expect(paragraphs.map((each) => each.split(':')[0])).toEqual([
      expect.stringMatching(/file\.yaml$/),
      'Setup readiness',
      ...['blocks', 'blocks', 'warning'],
      ...['left out', 'left out', 'left out', 'left out', 'left out'],
      'Setup would refuse',
    ]);
    expect(paragraphs.at(-1)).toBe('Setup would refuse: 2 findings block, 1 warning, 5 left out.\n');
  });

  test('the same in German, texts and headings, by --lang de', async () => {
    const { code, stdout } = await check(organization, '--remove-server', 'B1', '--lang', 'de');
    const paragraphs = stdout.split('\n\n');
    expect(code).toBe(3);
    expect(paragraphs[1]).toBe(
      'Bereitschaftsprüfung des Setups: Entfernen des Servers "B1" (Exchange 2013, Standort "Berlin")',
    );
    expect(paragraphs[2]).toBe(
      [
        'blockiert: SR-03 ServerIsSourceForSendConnector',
        '  Der Server "B1" ist Quelle für den Sendeconnector "Internet" (Adressraum SMTP:*;10). Andere Quellen: "F1".',
        '  Nehmen Sie "B1" aus den Quellservern des Sendeconnectors heraus, oder löschen Sie den Connector, und führen Sie das Setup erneut aus.',
        "    Set-SendConnector -Identity 'Internet' -SourceTransportServers 'F1'",
      ].join('\n'),
    );
    expect(paragraphs.slice(2).map((each) => each.split(':')[0])).toEqual([
      ...['blockiert', 'blockiert', 'Warnung'],
      ...['nicht geprüft', 'nicht geprüft', 'nicht geprüft', 'nicht geprüft', 'nicht geprüft'],
      'Das Setup würde abbrechen',
    ]);
    expect(paragraphs.at(-1)).toBe(
      'Das Setup würde abbrechen: 2 blockierende Befunde, 1 Warnung, 5 nicht geprüft.\n',
    );
  });

  test('both languages differ in texts and nothing else', async () => {
    const en = await checkJson(organization, '--remove-server', 'B1', '--lang', 'en');
    const de = await checkJson(organization, '--remove-server', 'B1', '--lang', 'de');
    const languageFree = ({ document }: typeof en) =>
      document.readiness.map(({ text, remedy, ...rest }) => [rest, text !== '', remedy !== '']);
    expect(languageFree(de)).toEqual(languageFree(en));
    expect(de.document.readiness.map(({ text }) => text)).not.toEqual(
      en.document.readiness.map(({ text }) => text),
    );
  });

  test('one finding is singular', async () => {
    const { stdout } = await check(scenario, '--remove-server', 'B1');
    expect(stdout).toContain('Setup would refuse: 2 findings block, 0 warnings, 5 left out.');
    const without = scenario.replace(/ {2}connectors: .*\n/, '');
    expect((await check(without, '--remove-server', 'B1')).stdout).toContain(
      'Setup would refuse: 1 finding blocks, 0 warnings, 5 left out.',
    );
    expect((await check(without, '--remove-server', 'B1', '--lang', 'de')).stdout).toContain(
      'Das Setup würde abbrechen: 1 blockierender Befund, 0 Warnungen, 5 nicht geprüft.',
    );
  });

  test('SR-10: works on the organization of a scenario', async () => {
    const { code, document } = await checkJson(scenario, '--remove-server', 'B1');
    expect(code).toBe(3);
    expect(document.readiness.filter(({ blocking }) => blocking).map(({ rule }) => rule)).toEqual([
      'SR-03',
      'SR-10',
    ]);
  });

  test('an unknown server is bad input, with a hint', async () => {
    const { code, stderr } = await check(organization, '--remove-server', 'BB1');
    expect(code).toBe(3);
    expect(stderr).toBe('--remove-server:1:1: no server "BB1" (did you mean "B1"?)\n');
    const json = await checkJson(organization, '--remove-server', 'X9');
    expect(json.code).toBe(3);
    expect(json.document).toMatchObject({
      mailflow: 'error/1',
      exitCode: 3,
      errors: [{ file: '--remove-server', hint: 'known: B1, B2, E1, F1, M10' }],
    });
  });

  test.each([
    ['en', 'Setup readiness is not examined before the errors are gone.\n'],
    ['de', 'Die Bereitschaftsprüfung des Setups entfällt, solange es Fehler gibt.\n'],
  ])('a file with errors is not examined, which is said in %s', async (lang, sentence) => {
    const broken = organization.replace('site: Frankfurt }', 'site: Bonn }');
    const { code, stdout } = await check(broken, '--remove-server', 'B1', '--lang', lang);
    expect(code).toBe(3);
    expect(stdout).toContain('there is no site "Bonn"');
    expect(stdout.endsWith(sentence)).toBe(true);
    const { document } = await checkJson(broken, '--remove-server', 'B1');
    expect(document).toMatchObject({ mailflow: 'check/1', readiness: [], removeServer: null });
  });

  test('names of others cannot steer the terminal', async () => {
    const evil = organization.replaceAll('Internet', '"\\u202Ex"');
    const { stdout } = await check(evil, '--remove-server', 'B1');
    expect(stdout).toContain("-Identity '\ufffdx'");
    expect(stdout).not.toMatch(/\p{Cf}/u);
  });

  test('another language is a usage error', async () => {
    const { code, stderr } = await check(organization, '--lang', 'fr');
    expect(code).toBe(2);
    expect(stderr).toContain('"en", "de"');
  });
});

describe('mailflow check', () => {
  test('SR-06: says what Setup would warn of in the organization as it stands, and ends with 0', async () => {
    const { code, stdout } = await check(organization);
    expect(code).toBe(0);
    expect(stdout.split('\n\n').slice(1)).toEqual([
      'Setup readiness of the organization',
      [
        'warning: SR-06 BridgeheadRoleNotPresentInSite',
        '  No server in site "Berlin" has the Hub Transport role of Exchange 2010, but there are Exchange 2010 Mailbox servers: "M10". People can log on, but their mailboxes neither send nor receive mail.',
        '  Install the Hub Transport role of Exchange 2010 in the site, or move the mailboxes to a site that has it.',
      ].join('\n'),
      'Nothing in this file makes Setup refuse: 0 findings block, 1 warning.\n',
    ]);
    const german = await check(organization, '--lang', 'de');
    expect(german.stdout.split('\n\n')[1]).toBe('Bereitschaftsprüfung des Setups für die Organisation');
    expect(german.stdout.split('\n\n').at(-1)).toBe(
      'Nichts in dieser Datei lässt das Setup abbrechen: 0 blockierende Befunde, 1 Warnung.\n',
    );
  });

  test('says nothing of Setup where there is nothing to say', async () => {
    const sound = organization.replace(/.*M10.*\n/, '');
    const { code, stdout } = await check(sound);
    expect([code, stdout]).toEqual([0, `${join(folder, 'file.yaml')}: a sound organization, no warnings\n`]);
    expect((await checkJson(sound)).document).toMatchObject({ readiness: [], removeServer: null });
  });
});

test('docs/readiness.md shows what its commands print', async () => {
  const page = readFileSync(join(root, 'docs/readiness.md'), 'utf8');
  const blocks = page.split(/^```/m).filter((_, place) => place % 2 === 1);
  const commands = blocks.flatMap((block) => [...block.matchAll(/^npm run mailflow -- check (\S+) (.*)$/gm)]);
  const outputs = blocks.filter((block) => block.startsWith('\n')).map((block) => block.slice(1));
  expect([commands.length, outputs.length]).toEqual([2, 2]);
  for (const [place, [, file, options]] of commands.entries()) {
    const { code, stdout } = await checkFile(join(root, file!), ...options!.split(' '));
    expect(code).toBe(3);
    expect(stdout).toContain(outputs[place]);
  }
});

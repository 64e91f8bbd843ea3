import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { describeOrganization } from '../../../tests/conformance/organization-builder.js';
import type { Organization } from '../organization.js';
import { examineReadiness, type ReadinessFinding } from './examine-readiness.js';
import { readinessRules } from './index.js';
import type { ReadinessRule } from './kind.js';
import type { MessageParameters, ReadinessLanguage } from './message.js';

/** Every rule finds something in it, of some server. */
const organization = describeOrganization({
  links: ['Berlin-Frankfurt'],
  servers: [
    ...['B1@Berlin', 'F1@Frankfurt', 'C1@Berlin 2013 client-access', 'H1@Berlin 2010 hub-transport'],
    ...['M1@Berlin 2010 mailbox', 'M2@Berlin 2010 mailbox', 'M3@Frankfurt 2007 mailbox'],
  ],
  edges: ['E1@Berlin', 'E2@Frankfurt 2010', 'E3@Frankfurt'],
  dags: { DAG1: ['B1', 'F1'] },
  databases: { DB1: ['B1', 'F1'], DB2: ['F1', 'B1'], Projects: ['B1'], Sales: ['B1'], Empty: ['B1'] },
  connectors: [
    { name: 'Internet', spaces: ['*;10'], sourceServers: ['B1', 'F1'] },
    {
      name: 'Partner',
      spaces: ['partner.example', '*.partner.example;2'],
      sourceServers: ['B1'],
      enabled: false,
    },
    { name: 'Fax', kind: 'foreign', spaces: ['FAX:*'], sourceServers: ['B1', 'F1'] },
    { name: 'Mobile', kind: 'delivery-agent', spaces: ['MOBILE:*'], sourceServers: ['B1'] },
    { name: 'Legacy', spaces: ['old.example'], sourceServers: ['H1'] },
  ],
  groups: [{ address: 'all@contoso.com', members: ['u1@contoso.com'], expansionServer: 'B1' }],
  mailboxes: { 'u1@contoso.com': 'DB1', 's1@contoso.com': 'Sales' },
  mailboxDescriptions: [{ address: 'p{n}@contoso.com', count: 1_200, database: 'Projects' }],
});

/** As `checkOrganization` refuses it: servers without a site that exists, databases with copies outside any DAG. */
const unchecked: Organization = {
  ...organization,
  dags: [],
  servers: organization.servers.map((server) =>
    server.name === 'F1'
      ? { ...server, site: undefined }
      : server.name === 'C1'
        ? { ...server, site: 'Bonn' }
        : server,
  ),
};

const only2013 = describeOrganization({ servers: ['B1@Berlin'] });

interface InBoth {
  readonly en: ReadinessFinding;
  readonly de: ReadinessFinding;
}

/** Findings of removing each server, and none, in both languages, place by place. */
function examineAll(subject: Organization): InBoth[] {
  return [undefined, ...subject.servers.map(({ name }) => name)].flatMap((removeServer) => {
    const [en, de] = (['en', 'de'] as const).map((language: ReadinessLanguage) =>
      examineReadiness(subject, { removeServer, language }),
    );
    expect(de!.length).toBe(en!.length);
    return en!.map((finding, place) => ({ en: finding, de: de![place]! }));
  });
}

const all = [organization, unchecked, only2013].flatMap(examineAll);
const rules: readonly (readonly [string, ReadinessRule])[] = Object.entries(readinessRules);

/** What of the parameters is to be read in a text: names and counts, but no yes or no. */
function namesIn(parameters: MessageParameters): string[] {
  return Object.values(parameters)
    .flat()
    .filter((value) => typeof value !== 'boolean')
    .map(String);
}

describe.each(rules)('readiness rule %s', (name, { setupRule, messages }) => {
  test('is named as Setup names it, and so is its file', () => {
    const kebab = setupRule
      ?.replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
      .replace(/([a-z])([A-Z])/g, '$1-$2')
      .toLowerCase();
    expect(kebab ?? name).toBe(name);
    expect(readdirSync(import.meta.dirname)).toContain(`${name}.ts`);
  });

  test('finds something, each of its messages, and nothing else', () => {
    const ids = messages.map(({ id }) => id);
    const found = all
      .filter(({ en }) => (setupRule === null ? ids.includes(en.id) : en.setupRule === setupRule))
      .map(({ en }) => en.id);
    expect([...new Set(found)].sort()).toEqual([...ids].sort());
  });
});

test('every file with a rule is in the registry', () => {
  const others = ['conformance', 'examine-readiness', 'index', 'kind', 'message'];
  const files = readdirSync(import.meta.dirname)
    .filter((file) => !file.endsWith('.test.ts'))
    .map((file) => file.replace(/\.ts$/, ''));
  expect(files.filter((file) => !others.includes(file))).toEqual(rules.map(([name]) => name).sort());
});

test('both languages have the same findings about the same objects', () => {
  for (const { en, de } of all) {
    const { statement, remedy, text, ...rest } = de;
    expect({ ...en, statement, remedy, text }).toEqual({ ...rest, statement, remedy, text });
  }
});

test('both texts name every object and count, quote the same names, and are two texts', () => {
  for (const { en, de } of all) {
    const names = namesIn(en.parameters);
    expect([en.text, names.filter((name) => !en.text.includes(name))]).toEqual([en.text, []]);
    expect([de.text, names.filter((name) => !de.text.includes(name))]).toEqual([de.text, []]);
    const quotes = (text: string) => text.match(/"[^"]*"/g)?.sort() ?? [];
    expect(quotes(de.text)).toEqual(quotes(en.text));
    expect(de.statement).not.toBe(en.statement);
    expect(de.remedy).not.toBe(en.remedy);
    for (const { statement, remedy, text } of [en, de]) expect(text).toBe(`${statement} ${remedy}`);
    expect(`${en.text}${de.text}`).not.toMatch(/undefined|\$\{|\[object| {2}/);
  }
});

/** Messages as somebody has read them side by side: id, English, German. Where numbers change the words, both forms. */
const reviewed: readonly (readonly [id: string, en: string, de: string])[] = [
  [
    'active-copy-remains',
    'Server "B1" holds the first copy of the mailbox database "DB1" in activation preference, which has 1 mailbox. Other copies: "F1". Make another copy the active one, and remove the copy from "B1", before you run Setup. Take the server out of the DAG "DAG1", too.',
    'Der Server "B1" hält die nach der Aktivierungseinstellung erste Kopie der Postfachdatenbank "DB1" mit 1 Postfach. Andere Kopien: "F1". Aktivieren Sie eine andere Kopie, und entfernen Sie die Kopie von "B1", bevor Sie das Setup ausführen. Nehmen Sie den Server auch aus der DAG "DAG1" heraus.',
  ],
  [
    'address-policies-unknown',
    'An organization file has no e-mail address policies, so it does not say whether the full name of server "B1", "B1.contoso.com", is a domain of one of them. Setup does not allow that. Look through the policies, take this domain out where it is in one, then run Setup again.',
    'Eine Organisationsdatei enthält keine E-Mail-Adressrichtlinien und sagt daher nicht, ob der vollqualifizierte Name des Servers "B1", "B1.contoso.com", eine Domäne in einer von ihnen ist. Das Setup lässt das nicht zu. Sehen Sie die Richtlinien durch, nehmen Sie diese Domäne heraus, wo sie vorkommt, und führen Sie das Setup erneut aus.',
  ],
  [
    'database-without-mailboxes',
    'Server "B1" holds the only copy of the mailbox database "Empty", which by this file has no mailboxes. Look for mailboxes that the file does not have, arbitration mailboxes for one, move them, and delete the database before you run Setup.',
    'Der Server "B1" hält die einzige Kopie der Postfachdatenbank "Empty", die laut dieser Datei keine Postfächer hat. Suchen Sie nach Postfächern, die in der Datei fehlen, etwa Vermittlungspostfächern, verschieben Sie diese, und löschen Sie die Postfachdatenbank, bevor Sie das Setup ausführen.',
  ],
  [
    'dynamic-groups-unknown',
    'An organization file has no dynamic distribution groups, so it does not say whether server "B1" is the expansion server of any. Setup refuses while it is. List them, give each that names the server another expansion server or none, then run Setup again.',
    'Eine Organisationsdatei enthält keine dynamischen Verteilergruppen und sagt daher nicht, ob der Server "B1" Aufgliederungsserver einer solchen ist. Solange er es ist, bricht das Setup ab. Listen Sie die Gruppen auf, legen Sie für jede, die den Server nennt, einen anderen Aufgliederungsserver fest oder keinen, und führen Sie das Setup erneut aus.',
  ],
  [
    'expands-group',
    'Server "B1" is the expansion server of the distribution group "all@contoso.com". Give the group another expansion server, or none so that any server expands it, then run Setup again.',
    'Der Server "B1" ist Aufgliederungsserver der Verteilergruppe "all@contoso.com". Legen Sie für die Gruppe einen anderen Aufgliederungsserver fest oder keinen, sodass jeder Server sie aufgliedert, und führen Sie das Setup erneut aus.',
  ],
  [
    'mailboxes-remain',
    'Server "B1" holds the only copy of the mailbox database "Projects", which has 1200 mailboxes. Move the mailboxes to databases of other servers or disable them, delete the database, then run Setup again.',
    'Der Server "B1" hält die einzige Kopie der Postfachdatenbank "Projects" mit 1200 Postfächern. Verschieben Sie die Postfächer in Postfachdatenbanken anderer Server, oder deaktivieren Sie sie, löschen Sie die Postfachdatenbank, und führen Sie das Setup erneut aus.',
  ],
  [
    'mailboxes-remain',
    'Server "B1" holds the only copy of the mailbox database "Sales", which has 1 mailbox. Move the mailbox to a database of another server or disable it, delete the database, then run Setup again.',
    'Der Server "B1" hält die einzige Kopie der Postfachdatenbank "Sales" mit 1 Postfach. Verschieben Sie das Postfach in eine Postfachdatenbank eines anderen Servers, oder deaktivieren Sie es, löschen Sie die Postfachdatenbank, und führen Sie das Setup erneut aus.',
  ],
  [
    'no-exchange-2010-expected',
    'An organization file has no service packs. Setup of Exchange 2013 needs Service Pack 3 on all servers of Exchange 2010; by this file no other server has Exchange 2010. Look for servers of Exchange 2010 only if the file may leave some out.',
    'Eine Organisationsdatei enthält keine Service Packs. Das Setup von Exchange 2013 verlangt Service Pack 3 auf allen Servern mit Exchange 2010; laut dieser Datei hat kein anderer Server Exchange 2010. Suchen Sie nur dann nach Servern mit Exchange 2010, wenn in der Datei welche fehlen können.',
  ],
  [
    'no-queues-expected',
    'By this file server "C1" has no Transport service and so no queues; what is really in place it does not say. Look for queues only if the server has more roles than the file says.',
    'Laut dieser Datei hat der Server "C1" keinen Transportdienst und damit keine Warteschlangen; was wirklich vorhanden ist, sagt sie nicht. Suchen Sie nur dann nach Warteschlangen, wenn der Server mehr Rollen hat, als die Datei sagt.',
  ],
  [
    'passive-copy-remains',
    'Server "B1" holds a copy of the mailbox database "DB2", which has 0 mailboxes. Other copies: "F1". Make sure that another copy is the active one, and remove the copy from "B1", before you run Setup.',
    'Der Server "B1" hält eine Kopie der Postfachdatenbank "DB2" mit 0 Postfächern. Andere Kopien: "F1". Vergewissern Sie sich, dass eine andere Kopie aktiv ist, und entfernen Sie die Kopie von "B1", bevor Sie das Setup ausführen.',
  ],
  [
    'queues-unknown',
    'An organization file does not say whether mail waits in the queues of server "B1". Setup only warns of it, but that mail may be stranded. Look at the queues, keep new mail away from the server, and run Setup only when they are empty.',
    'Eine Organisationsdatei sagt nicht, ob in den Warteschlangen des Servers "B1" Nachrichten liegen. Das Setup warnt davor nur, aber diese Nachrichten können liegen bleiben. Sehen Sie sich die Warteschlangen an, halten Sie neue Nachrichten vom Server fern, und führen Sie das Setup erst aus, wenn die Warteschlangen leer sind.',
  ],
  [
    'queues-unknown',
    'An organization file does not say whether mail waits in the queues of server "E1". Setup only warns of it, but that mail may be stranded. Look at the queues on the Edge itself, keep new mail away from the server, and run Setup only when they are empty.',
    'Eine Organisationsdatei sagt nicht, ob in den Warteschlangen des Servers "E1" Nachrichten liegen. Das Setup warnt davor nur, aber diese Nachrichten können liegen bleiben. Sehen Sie sich die Warteschlangen auf dem Edge-Transport-Server selbst an, halten Sie neue Nachrichten vom Server fern, und führen Sie das Setup erst aus, wenn die Warteschlangen leer sind.',
  ],
  [
    'server-without-site',
    'Server "F1" belongs to no site. Assign the subnet of the server to a site in Active Directory Sites and Services, wait until the server knows it, then run Setup again.',
    'Der Server "F1" gehört zu keinem Standort. Ordnen Sie das Subnetz des Servers in Active Directory-Standorte und -Dienste einem Standort zu, warten Sie, bis der Server ihn kennt, und führen Sie das Setup erneut aus.',
  ],
  [
    'service-packs-unknown',
    'An organization file has no service packs. Setup of Exchange 2013 needs Service Pack 3 on all servers of Exchange 2010: "E2", "H1", "M1", "M2". Look at their versions, install Service Pack 3 where it is missing (on an Edge, make its Edge subscription anew after that), then run Setup again.',
    'Eine Organisationsdatei enthält keine Service Packs. Das Setup von Exchange 2013 verlangt Service Pack 3 auf allen Servern mit Exchange 2010: "E2", "H1", "M1", "M2". Sehen Sie sich deren Versionen an, installieren Sie Service Pack 3, wo es fehlt (auf einem Edge-Transport-Server ist danach sein Edge-Abonnement neu anzulegen), und führen Sie das Setup erneut aus.',
  ],
  [
    'site-does-not-exist',
    'Server "C1" belongs to the site "Bonn", and there is no such site. Assign the subnet of the server to a site in Active Directory Sites and Services, wait until the server knows it, then run Setup again.',
    'Der Server "C1" gehört zum Standort "Bonn", und es gibt keinen solchen Standort. Ordnen Sie das Subnetz des Servers in Active Directory-Standorte und -Dienste einem Standort zu, warten Sie, bis der Server ihn kennt, und führen Sie das Setup erneut aus.',
  ],
  [
    'site-without-transport',
    'No server in site "Frankfurt" has the Hub Transport role of Exchange 2007, but there are Exchange 2007 Mailbox servers: "M3". People can log on, but their mailboxes neither send nor receive mail. Install the Hub Transport role of Exchange 2007 in the site, or move the mailboxes to a site that has it.',
    'Am Standort "Frankfurt" hat kein Server die Hub-Transport-Serverrolle von Exchange 2007, aber es gibt dort Postfachserver mit Exchange 2007: "M3". Die Benutzer können sich anmelden, aber ihre Postfächer senden und empfangen keine Nachrichten. Installieren Sie am Standort die Hub-Transport-Serverrolle von Exchange 2007, oder verschieben Sie die Postfächer an einen Standort, der sie hat.',
  ],
  [
    'smtp-service-unknown',
    'An organization file does not say whether the SMTP service of Windows is installed on server "B1". Setup does not allow it beside Exchange. Look on the server, uninstall the SMTP service if it is there, then run Setup again.',
    'Eine Organisationsdatei sagt nicht, ob auf dem Server "B1" der SMTP-Dienst von Windows installiert ist. Das Setup lässt ihn neben Exchange nicht zu. Sehen Sie auf dem Server nach, deinstallieren Sie den SMTP-Dienst, falls er da ist, und führen Sie das Setup erneut aus.',
  ],
  [
    'source-of-delivery-agent-connector',
    'Server "B1" is a source of the Delivery Agent connector "Mobile" (address space MOBILE:*;1). The connector has no other source. Setup asks only about Send connectors. Move the connector to another source server or delete it before you run Setup: without a source its mail has no way.',
    'Der Server "B1" ist Quelle für den Zustellungs-Agent-Connector "Mobile" (Adressraum MOBILE:*;1). Der Connector hat keine andere Quelle. Das Setup fragt nur nach Sendeconnectors. Verschieben Sie den Connector auf einen anderen Quellserver, oder löschen Sie ihn, bevor Sie das Setup ausführen: Ohne Quelle haben seine Nachrichten keinen Weg.',
  ],
  [
    'source-of-edge-sync-connector',
    'Edge "E1" is a source of the Send connector "EdgeSync - Berlin to Internet" (address space SMTP:*;100), which the Edge subscription of site "Berlin" has made. The connector has no other source. Remove the Edge subscription of "E1", in the organization and on the Edge itself: this takes the Edge off the sources. Delete the Send connector if it is still there, and see to another way for its mail. Then run Setup again.',
    'Der Edge-Transport-Server "E1" ist Quelle für den Sendeconnector "EdgeSync - Berlin to Internet" (Adressraum SMTP:*;100), den das Edge-Abonnement des Standorts "Berlin" angelegt hat. Der Connector hat keine andere Quelle. Entfernen Sie das Edge-Abonnement von "E1", in der Organisation und auf dem Edge-Transport-Server selbst: Damit fällt der Server als Quelle weg. Löschen Sie den Sendeconnector, falls er danach noch da ist, und sorgen Sie für einen anderen Weg für seine Nachrichten. Führen Sie dann das Setup erneut aus.',
  ],
  [
    'source-of-edge-sync-connector',
    'Edge "E2" is a source of the Send connector "EdgeSync - Inbound to Frankfurt" (address space SMTP:--;1), which the Edge subscription of site "Frankfurt" has made. Other sources: "E3". Remove the Edge subscription of "E2", in the organization and on the Edge itself: this takes the Edge off the sources. Then run Setup again.',
    'Der Edge-Transport-Server "E2" ist Quelle für den Sendeconnector "EdgeSync - Inbound to Frankfurt" (Adressraum SMTP:--;1), den das Edge-Abonnement des Standorts "Frankfurt" angelegt hat. Andere Quellen: "E3". Entfernen Sie das Edge-Abonnement von "E2", in der Organisation und auf dem Edge-Transport-Server selbst: Damit fällt der Server als Quelle weg. Führen Sie dann das Setup erneut aus.',
  ],
  [
    'source-of-foreign-connector',
    'Server "B1" is a source of the Foreign connector "Fax" (address space FAX:*;1). Other sources: "F1". Setup asks only about Send connectors. Take "B1" off its source servers before you run Setup.',
    'Der Server "B1" ist Quelle für den fremden Connector "Fax" (Adressraum FAX:*;1). Andere Quellen: "F1". Das Setup fragt nur nach Sendeconnectors. Nehmen Sie "B1" aus seinen Quellservern heraus, bevor Sie das Setup ausführen.',
  ],
  [
    'source-of-send-connector',
    'Server "B1" is a source of the Send connector "Internet" (address space SMTP:*;10). Other sources: "F1". Take "B1" off the source servers of the Send connector, or delete the connector, then run Setup again.',
    'Der Server "B1" ist Quelle für den Sendeconnector "Internet" (Adressraum SMTP:*;10). Andere Quellen: "F1". Nehmen Sie "B1" aus den Quellservern des Sendeconnectors heraus, oder löschen Sie den Connector, und führen Sie das Setup erneut aus.',
  ],
  [
    'source-of-send-connector',
    'Server "B1" is a source of the Send connector "Partner" (address spaces SMTP:partner.example;1, SMTP:*.partner.example;2; the connector is disabled, which makes no difference). The connector has no other source. Move the Send connector to another source server, or delete the connector, then run Setup again.',
    'Der Server "B1" ist Quelle für den Sendeconnector "Partner" (Adressräume SMTP:partner.example;1, SMTP:*.partner.example;2; der Connector ist deaktiviert, was nichts ändert). Der Connector hat keine andere Quelle. Verschieben Sie den Sendeconnector auf einen anderen Quellserver, oder löschen Sie den Connector, und führen Sie das Setup erneut aus.',
  ],
  [
    'transport-leaves-site',
    'Server "H1" is the last one with the Hub Transport role of Exchange 2010 in site "Berlin", and Exchange 2010 Mailbox servers stay there: "M1", "M2". Without it people can log on, but their mailboxes neither send nor receive mail. Before you run Setup, install the Hub Transport role of Exchange 2010 on another server of the site, or move the mailboxes to a site that has it.',
    'Der Server "H1" ist am Standort "Berlin" der letzte mit der Hub-Transport-Serverrolle von Exchange 2010, und es bleiben dort Postfachserver mit Exchange 2010: "M1", "M2". Ohne ihn können sich die Benutzer anmelden, aber ihre Postfächer senden und empfangen keine Nachrichten. Installieren Sie, bevor Sie das Setup ausführen, die Hub-Transport-Serverrolle von Exchange 2010 auf einem anderen Server des Standorts, oder verschieben Sie die Postfächer an einen Standort, der sie hat.',
  ],
];

test('every message has a reviewed text', () => {
  const ids = rules.flatMap(([, { messages }]) => messages.map(({ id }) => id));
  expect(new Set(reviewed.map(([id]) => id))).toEqual(new Set(ids));
  expect(new Set(ids).size).toBe(ids.length);
});

test.each(reviewed)('%s reads as reviewed, in both languages', (id, en, de) => {
  const texts = all.filter((each) => each.en.id === id).map((each) => [each.en.text, each.de.text]);
  expect(texts.find(([text]) => text === en) ?? texts).toEqual([en, de]);
});

test('what an organization file cannot say of a server removed is left out: SR-04, SR-05, SR-08, SR-09, SR-10', () => {
  const expected = ['SR-04', 'SR-05', 'SR-08', 'SR-09', 'SR-10'];
  for (const { name } of organization.servers) {
    const found = examineReadiness(organization, { removeServer: name, language: 'en' });
    expect(found.filter(({ leftOut }) => leftOut).map(({ rule }) => rule)).toEqual(expected);
  }
  const asItStands = examineReadiness(organization, { language: 'en' });
  expect(asItStands.filter(({ leftOut }) => leftOut)).toEqual([]);
});

test('queues are looked at by hand (SR-05), where there is a Transport service', () => {
  const commandsOf = (removeServer: string) =>
    examineReadiness(organization, { removeServer, language: 'en' }).find(({ rule }) => rule === 'SR-05')!
      .commands;
  expect(commandsOf('B1')).toEqual([
    "Get-Queue -Server 'B1'",
    "Redirect-Message -Server 'B1' -Target '<full name of another server>'",
  ]);
  expect(commandsOf('H1')).toEqual(["Get-Queue -Server 'H1'"]);
  expect(commandsOf('E1')).toEqual(['Get-Queue']);
  expect(commandsOf('C1')).toEqual([]);
  expect(commandsOf('M1')).toEqual([]);
});

test('SR-10: 2010 servers that stay are named, Edges too, for their service packs', () => {
  const servers = (removeServer: string) =>
    examineReadiness(organization, { removeServer, language: 'en' }).find(
      ({ rule, leftOut }) => rule === 'SR-10' && leftOut,
    )!.parameters['servers'];
  expect(servers('B1')).toEqual(['E2', 'H1', 'M1', 'M2']);
  expect(servers('M1')).toEqual(['E2', 'H1', 'M2']);
});

test('what blocks comes first, then warnings, then what is left out', () => {
  const order = examineReadiness(organization, { removeServer: 'B1', language: 'en' }).map(
    ({ blocking, leftOut }) => (blocking ? 1 : leftOut ? 3 : 2),
  );
  expect(new Set(order)).toEqual(new Set([1, 2, 3]));
  expect(order).toEqual([...order].sort());
  expect(all.filter(({ en }) => en.blocking && en.leftOut)).toEqual([]);
});

test('a server is found without regard to case; one that is not there is refused', () => {
  const examine = (removeServer: string) => examineReadiness(organization, { removeServer, language: 'en' });
  expect(examine('b1')).toEqual(examine('B1'));
  expect(() => examine('B9')).toThrow(new RangeError('no server named "B9"'));
});

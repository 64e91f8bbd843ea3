import { compareNames, normalizeName } from '../names.js';
import type { Organization } from '../organization.js';
import { blocks, type ReadinessRule, warns } from './kind.js';
import { defineMessage, listed, quoted, shellString, spelledAs } from './message.js';

type AboutDatabase = { readonly server: string; readonly database: string };
type AboutCopy = AboutDatabase & {
  readonly mailboxes: number;
  readonly otherCopies: readonly string[];
  /** Empty where the server is in none. */
  readonly dag: string;
};

const mailboxesRemain = defineMessage<AboutDatabase & { readonly mailboxes: number }>(
  'mailboxes-remain',
  {
    en: ({ server, database, mailboxes }) => ({
      statement: `Server ${quoted(server)} holds the only copy of the mailbox database ${quoted(database)}, which has ${englishMailboxes(mailboxes)}.`,
      remedy: `${
        mailboxes === 1
          ? 'Move the mailbox to a database of another server or disable it'
          : 'Move the mailboxes to databases of other servers or disable them'
      }, delete the database, then run Setup again.`,
    }),
    de: ({ server, database, mailboxes }) => ({
      statement: `Der Server ${quoted(server)} hält die einzige Kopie der Postfachdatenbank ${quoted(database)} mit ${germanMailboxes(mailboxes)}.`,
      remedy: `${
        mailboxes === 1
          ? 'Verschieben Sie das Postfach in eine Postfachdatenbank eines anderen Servers, oder deaktivieren Sie es'
          : 'Verschieben Sie die Postfächer in Postfachdatenbanken anderer Server, oder deaktivieren Sie sie'
      }, löschen Sie die Postfachdatenbank, und führen Sie das Setup erneut aus.`,
    }),
  },
  ({ database }) => [`Get-Mailbox -Database ${shellString(database)} -ResultSize Unlimited`],
);

const emptyDatabase = defineMessage<AboutDatabase>(
  'database-without-mailboxes',
  {
    en: ({ server, database }) => ({
      statement: `Server ${quoted(server)} holds the only copy of the mailbox database ${quoted(database)}, which by this file has no mailboxes.`,
      remedy:
        'Look for mailboxes that the file does not have, arbitration mailboxes for one, move them, and delete the database before you run Setup.',
    }),
    de: ({ server, database }) => ({
      statement: `Der Server ${quoted(server)} hält die einzige Kopie der Postfachdatenbank ${quoted(database)}, die laut dieser Datei keine Postfächer hat.`,
      remedy:
        'Suchen Sie nach Postfächern, die in der Datei fehlen, etwa Vermittlungspostfächern, verschieben Sie diese, und löschen Sie die Postfachdatenbank, bevor Sie das Setup ausführen.',
    }),
  },
  ({ database }) => [
    `Get-MailboxStatistics -Database ${shellString(database)}`,
    `Remove-MailboxDatabase -Identity ${shellString(database)}`,
  ],
);

const activeCopy = defineMessage<AboutCopy>(
  'active-copy-remains',
  {
    en: (about) => ({
      statement: `Server ${quoted(about.server)} holds the first copy of the mailbox database ${quoted(about.database)} in activation preference, which has ${englishMailboxes(about.mailboxes)}. Other copies: ${listed(about.otherCopies)}.`,
      remedy: `Make another copy the active one, and remove the copy from ${quoted(about.server)}, before you run Setup.${leaveDagInEnglish(about)}`,
    }),
    de: (about) => ({
      statement: `Der Server ${quoted(about.server)} hält die nach der Aktivierungseinstellung erste Kopie der Postfachdatenbank ${quoted(about.database)} mit ${germanMailboxes(about.mailboxes)}. Andere Kopien: ${listed(about.otherCopies)}.`,
      remedy: `Aktivieren Sie eine andere Kopie, und entfernen Sie die Kopie von ${quoted(about.server)}, bevor Sie das Setup ausführen.${leaveDagInGerman(about)}`,
    }),
  },
  ({ database, server, otherCopies }) => [
    `Move-ActiveMailboxDatabase -Identity ${shellString(database)} -ActivateOnServer ${shellString(otherCopies[0]!)}`,
    removeCopy(database, server),
  ],
);

const passiveCopy = defineMessage<AboutCopy>(
  'passive-copy-remains',
  {
    en: (about) => ({
      statement: `Server ${quoted(about.server)} holds a copy of the mailbox database ${quoted(about.database)}, which has ${englishMailboxes(about.mailboxes)}. Other copies: ${listed(about.otherCopies)}.`,
      remedy: `Make sure that another copy is the active one, and remove the copy from ${quoted(about.server)}, before you run Setup.${leaveDagInEnglish(about)}`,
    }),
    de: (about) => ({
      statement: `Der Server ${quoted(about.server)} hält eine Kopie der Postfachdatenbank ${quoted(about.database)} mit ${germanMailboxes(about.mailboxes)}. Andere Kopien: ${listed(about.otherCopies)}.`,
      remedy: `Vergewissern Sie sich, dass eine andere Kopie aktiv ist, und entfernen Sie die Kopie von ${quoted(about.server)}, bevor Sie das Setup ausführen.${leaveDagInGerman(about)}`,
    }),
  },
  ({ database, server }) => [removeCopy(database, server)],
);

/**
 * A Mailbox server stays while user mailboxes remain on it: in databases of which it alone has a copy. Of others the copy
 * has to go first. Rule: SR-10.
 */
export const userMailboxesRemain: ReadinessRule = {
  setupRule: null,
  messages: [mailboxesRemain, emptyDatabase, activeCopy, passiveCopy],
  examine({ organization, removed }) {
    if (removed === undefined) return [];
    const server = removed.name;
    const isRemoved = (name: string) => normalizeName(name) === normalizeName(server);
    const dag = organization.dags.find(({ members }) => members.some(isRemoved))?.name ?? '';
    const counts = countMailboxes(organization);
    return organization.databases
      .filter(({ copies }) => copies.some(isRemoved))
      .sort((a, b) => compareNames(a.name, b.name))
      .map(({ name: database, copies }) => {
        const mailboxes = counts.get(normalizeName(database)) ?? 0;
        // In activation preference order: the first of them is the one to activate.
        const otherCopies = copies
          .filter((holder) => !isRemoved(holder))
          .map((holder) => spelledAs(organization.servers, holder));
        if (otherCopies.length > 0) {
          const kind = isRemoved(copies[0]!) ? activeCopy : passiveCopy;
          return warns('SR-10', kind.about({ server, database, mailboxes, otherCopies, dag }));
        }
        return mailboxes === 0
          ? warns('SR-10', emptyDatabase.about({ server, database }))
          : blocks('SR-10', mailboxesRemain.about({ server, database, mailboxes }));
      });
  },
};

/** The mailboxes of each database, by its normalized name. */
function countMailboxes({ mailboxes }: Organization): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { database, count } of mailboxes) {
    const key = normalizeName(database);
    counts.set(key, (counts.get(key) ?? 0) + (count ?? 1));
  }
  return counts;
}

function englishMailboxes(count: number): string {
  return `${count} mailbox${count === 1 ? '' : 'es'}`;
}

function germanMailboxes(count: number): string {
  return `${count} ${count === 1 ? 'Postfach' : 'Postfächern'}`;
}

function leaveDagInEnglish({ dag }: AboutCopy): string {
  return dag === '' ? '' : ` Take the server out of the DAG ${quoted(dag)}, too.`;
}

function leaveDagInGerman({ dag }: AboutCopy): string {
  return dag === '' ? '' : ` Nehmen Sie den Server auch aus der DAG ${quoted(dag)} heraus.`;
}

function removeCopy(database: string, server: string): string {
  return `Remove-MailboxDatabaseCopy -Identity ${shellString(`${database}\\${server}`)}`;
}

import { normalizeName } from './names.js';
import type { Organization } from './organization.js';

/** What an address of the organization stands for. */
export type RecipientKind = 'mailbox' | 'contact' | 'distribution-group';

/**
 * Everybody the organization knows by address, interned: ids 0 to `count` - 1 are mailboxes (first), contacts,
 * then distribution groups. Per-mailbox facts are typed arrays: there may be a million of them.
 */
export interface RecipientDirectory {
  readonly count: number;
  readonly mailboxCount: number;
  readonly contactCount: number;
  readonly groupCount: number;
  /** The address as the file spells it. */
  readonly addresses: readonly string[];
  /** The database of each mailbox, by mailbox id. */
  readonly mailboxDatabase: Int32Array;
  /** 1 where the mailbox is full (5.2.2), by mailbox id. */
  readonly mailboxQuotaExceeded: Uint8Array;
  /** The largest message each mailbox takes, in bytes; Infinity without a limit (5.2.3). */
  readonly mailboxMaxReceiveSizeBytes: Float64Array;
  /**
   * Mailboxes whose mail is forwarded, by mailbox id: the address as the file spells it, and whether the mailbox gets
   * it, too (RR-07).
   */
  readonly forwarding: ReadonlyMap<number, { readonly to: string; readonly deliver: boolean }>;
  /** Mailboxes that take mail from some senders only, by mailbox id: their normalized addresses (5.7.1). */
  readonly acceptOnlyFrom: ReadonlyMap<number, ReadonlySet<string>>;
  /** The outside address of each contact, by id less `mailboxCount`. */
  readonly contactTargets: readonly string[];
  /** The member addresses of each group, by id less `mailboxCount` and `contactCount`. */
  readonly groupMembers: readonly (readonly string[])[];
  /** The server that expands each group; -1: wherever it is categorized (RR-02). */
  readonly groupExpansionServer: Int32Array;
  kind(id: number): RecipientKind;
  /** The id of an address, without regard to case; -1 if the organization does not know it. */
  find(address: string): number;
}

/** The address of the `n`-th mailbox of a pattern. */
export function patternAddress(pattern: string, n: number): string {
  return pattern.replace('{n}', String(n));
}

/** Expands address patterns and interns all recipients, in file order within each kind. */
export function buildRecipientDirectory(
  organization: Organization,
  databaseIndex: (name: string) => number,
  serverIndex: (name: string) => number,
): RecipientDirectory {
  const mailboxCount = organization.mailboxes.reduce((sum, each) => sum + (each.count ?? 1), 0);
  const addresses: string[] = [];
  const mailboxDatabase = new Int32Array(mailboxCount);
  const mailboxQuotaExceeded = new Uint8Array(mailboxCount);
  const mailboxMaxReceiveSizeBytes = new Float64Array(mailboxCount);
  const forwarding = new Map<number, { readonly to: string; readonly deliver: boolean }>();
  const acceptOnlyFrom = new Map<number, ReadonlySet<string>>();
  for (const mailbox of organization.mailboxes) {
    const database = databaseIndex(mailbox.database);
    const forward =
      mailbox.forwardTo === undefined
        ? undefined
        : { to: mailbox.forwardTo, deliver: mailbox.deliverAndForward };
    const accepted = mailbox.acceptOnlyFrom && new Set(mailbox.acceptOnlyFrom.map(normalizeName));
    for (let n = 1; n <= (mailbox.count ?? 1); n++) {
      const id = addresses.length;
      addresses.push(mailbox.count === undefined ? mailbox.address : patternAddress(mailbox.address, n));
      mailboxDatabase[id] = database;
      mailboxQuotaExceeded[id] = mailbox.quotaExceeded ? 1 : 0;
      mailboxMaxReceiveSizeBytes[id] = mailbox.maxReceiveSizeBytes;
      if (forward !== undefined) forwarding.set(id, forward);
      if (accepted !== undefined) acceptOnlyFrom.set(id, accepted);
    }
  }
  for (const contact of organization.contacts) addresses.push(contact.address);
  for (const group of organization.distributionGroups) addresses.push(group.address);
  const ids = new Map<string, number>();
  addresses.forEach((address, id) => {
    ids.set(normalizeName(address), id);
  });
  const contactCount = organization.contacts.length;
  return {
    count: addresses.length,
    mailboxCount,
    contactCount,
    groupCount: organization.distributionGroups.length,
    addresses,
    mailboxDatabase,
    mailboxQuotaExceeded,
    mailboxMaxReceiveSizeBytes,
    forwarding,
    acceptOnlyFrom,
    contactTargets: organization.contacts.map((contact) => contact.target),
    groupMembers: organization.distributionGroups.map((group) => group.members),
    groupExpansionServer: Int32Array.from(organization.distributionGroups, (group) =>
      group.expansionServer === undefined ? -1 : serverIndex(group.expansionServer),
    ),
    kind: (id) =>
      id < mailboxCount ? 'mailbox' : id < mailboxCount + contactCount ? 'contact' : 'distribution-group',
    find: (address) => ids.get(normalizeName(address)) ?? -1,
  };
}

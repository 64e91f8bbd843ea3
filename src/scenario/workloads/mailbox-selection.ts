import { compareNames, type Topology } from '../../topology/index.js';
import type { MailboxSelector } from './mailbox-users.js';

/** The ids of the mailboxes that the selectors choose, ascending, each once. */
export function selectMailboxes(
  selectors: 'all' | readonly MailboxSelector[],
  { topology }: { readonly topology: Topology },
): Int32Array {
  const { recipients, databases, servers, sites } = topology;
  if (selectors === 'all') return Int32Array.from({ length: recipients.mailboxCount }, (_, id) => id);
  const chosen = new Uint8Array(recipients.mailboxCount);
  for (const { kind, name } of selectors) {
    if (kind === 'address') {
      chosen[recipients.find(name)] = 1;
      continue;
    }
    const matches = databases.map((database) => {
      const site = sites[servers[database.copies[0]!]!.site]!;
      return compareNames(kind === 'database' ? database.name : site.name, name) === 0;
    });
    recipients.mailboxDatabase.forEach((database, id) => {
      if (matches[database]) chosen[id] = 1;
    });
  }
  const ids: number[] = [];
  chosen.forEach((is, id) => {
    if (is === 1) ids.push(id);
  });
  return Int32Array.from(ids);
}

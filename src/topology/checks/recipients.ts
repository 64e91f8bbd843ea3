import { normalizeName } from '../names.js';
import type { MailboxDescription } from '../organization.js';
import { patternAddress } from '../recipient-directory.js';
import { isTransportServer, type OrganizationChecker } from './checker.js';

/** Mailboxes of an organization, patterns expanded. */
const mostMailboxes = 1_000_000;
const longestAddress = 571;

/** Mailboxes, contacts and distribution groups. */
export function checkRecipients(checker: OrganizationChecker): void {
  const addresses = checkAddresses(checker);
  checkMailboxes(checker);
  checkGroups(checker, addresses);
  checkContacts(checker);
}

/** Every address belongs to one recipient. Answers all of them as the file spells them, by normalized address. */
function checkAddresses(checker: OrganizationChecker): ReadonlyMap<string, string> {
  const { mailboxes, contacts, distributionGroups } = checker.organization;
  const addresses = new Map<string, string>();
  const take = (address: string, path: readonly (string | number)[]): boolean => {
    const key = normalizeName(address);
    const repeated = addresses.has(key);
    addresses.set(key, address);
    if (repeated)
      checker.error([...path, 'address'], `the address ${JSON.stringify(address)} is taken already`);
    return !repeated;
  };
  let total = 0;
  for (const [index, mailbox] of mailboxes.entries()) {
    const path = ['mailboxes', index];
    if (!isSoundPattern(checker, mailbox, path)) continue;
    total += mailbox.count ?? 1;
    if (total > mostMailboxes) {
      checker.error([...path, 'count'], `expected at most ${mostMailboxes} mailboxes in all`);
      break;
    }
    // One complaint a pattern is enough.
    for (let n = 1; n <= (mailbox.count ?? 1); n++) {
      if (!take(mailbox.count === undefined ? mailbox.address : patternAddress(mailbox.address, n), path))
        break;
    }
  }
  for (const [index, { address }] of contacts.entries()) take(address, ['contacts', index]);
  for (const [index, { address }] of distributionGroups.entries())
    take(address, ['distributionGroups', index]);
  return addresses;
}

function isSoundPattern(
  checker: OrganizationChecker,
  { address, count }: MailboxDescription,
  path: readonly (string | number)[],
): boolean {
  const places = address.split('{n}').length - 1;
  if (count === undefined && places > 0) {
    checker.error([...path, 'address'], 'a pattern with `{n}` needs a `count`');
  } else if (count !== undefined && places !== 1) {
    checker.error(
      [...path, 'address'],
      'with a `count`, expected a pattern that holds `{n}` once',
      null,
      'such as `user{n}@contoso.com`',
    );
  } else if (patternAddress(address, count ?? 1).length > longestAddress) {
    checker.error(
      [...path, 'address'],
      `expected addresses of at most ${longestAddress} characters`,
      'RR-09',
    );
  } else return true;
  return false;
}

function checkMailboxes(checker: OrganizationChecker): void {
  const { mailboxes, servers, acceptedDomains } = checker.organization;
  const domains = new Set(acceptedDomains.map(({ name }) => normalizeName(name)));
  const hubs = new Set(
    servers.filter(isTransportServer).map(({ site, version }) => `${version} ${normalizeName(site ?? '')}`),
  );
  for (const [index, mailbox] of mailboxes.entries()) {
    const path = ['mailboxes', index];
    const database = checker.resolve(checker.databases, 'database', mailbox.database, [...path, 'database']);
    const holder = checker.servers.find(database?.copies[0] ?? '');
    if (
      holder !== undefined &&
      checker.leftOut.servers === undefined &&
      !hubs.has(`${holder.version} ${normalizeName(holder.site ?? '')}`)
    ) {
      checker.warn(
        path,
        `cannot be routed to: no ${holder.version} server in site ${JSON.stringify(holder.site)} has Transport`,
        'RT-20',
      );
    }
    if (!domains.has(domainOf(mailbox.address))) {
      checker.warn([...path, 'address'], 'is in none of the accepted domains', 'RR-08');
    }
  }
}

function checkGroups(checker: OrganizationChecker, addresses: ReadonlyMap<string, string>): void {
  const { acceptedDomains, distributionGroups } = checker.organization;
  const authoritative = new Set(
    acceptedDomains.filter(({ type }) => type === 'authoritative').map(({ name }) => normalizeName(name)),
  );
  const incomplete =
    checker.leftOut.mailboxes ?? checker.leftOut.contacts ?? checker.leftOut.distributionGroups;
  for (const [index, group] of distributionGroups.entries()) {
    const path = ['distributionGroups', index];
    if (group.expansionServer !== undefined) {
      const at = [...path, 'expansionServer'];
      const server = checker.resolve(checker.servers, 'server', group.expansionServer, at);
      if (server !== undefined && !isTransportServer(server)) {
        checker.error(at, `server ${JSON.stringify(server.name)} is no transport server`, 'RT-13');
      }
    }
    for (const [position, member] of group.members.entries()) {
      if (addresses.has(normalizeName(member)) || !authoritative.has(domainOf(member))) continue;
      if (incomplete !== undefined) continue;
      checker.error(
        [...path, 'members', position],
        `nobody has the address ${JSON.stringify(member)}`,
        null,
        checker.hint(member, addresses.values()),
      );
    }
  }
}

/** A contact outside is out of reach without a connector that takes its address. */
function checkContacts(checker: OrganizationChecker): void {
  const { acceptedDomains, connectors, contacts } = checker.organization;
  if (checker.leftOut.connectors !== undefined) return;
  const own = new Set(acceptedDomains.map(({ name }) => normalizeName(name)));
  const spaces = connectors
    .filter(({ enabled }) => enabled)
    .flatMap(({ addressSpaces }) => addressSpaces)
    .map(({ type, space }) => ({ type, space: normalizeName(space) }));
  for (const [index, { target }] of contacts.entries()) {
    const isSmtp = target.includes('@');
    const type = isSmtp ? 'SMTP' : normalizeName(target.slice(0, target.indexOf(':')));
    const domain = domainOf(target);
    if (isSmtp && own.has(domain)) continue;
    const reachable = spaces.some(
      (each) =>
        each.type === type &&
        (!isSmtp ||
          each.space === '*' ||
          each.space === domain ||
          (each.space.startsWith('*.') && domain.endsWith(each.space.slice(1)))),
    );
    if (!reachable) {
      checker.warn(
        ['contacts', index, 'target'],
        `cannot be routed to: no connector has an address space for ${isSmtp ? domain.toLowerCase() : type}`,
        'CN-04',
      );
    }
  }
}

function domainOf(address: string): string {
  return normalizeName(address.slice(address.lastIndexOf('@') + 1));
}

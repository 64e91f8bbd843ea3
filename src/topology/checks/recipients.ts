import { normalizeName } from '../names.js';
import type { MailboxDescription } from '../organization.js';
import { patternAddress } from '../recipient-directory.js';
import { isTransportServer, type OrganizationChecker } from './checker.js';
import { ConnectorCoverage, spaceOf } from './connector-coverage.js';
import { checkDeliveryRules, warnOutOfReach } from './delivery-rules.js';
import { KnownAddresses } from './known-addresses.js';

/** Mailboxes of an organization, patterns expanded. */
const mostMailboxes = 1_000_000;
const longestAddress = 571;

/** Mailboxes, contacts and distribution groups. */
export function checkRecipients(checker: OrganizationChecker): void {
  const known = new KnownAddresses(checker, checkAddresses(checker));
  const coverage = new ConnectorCoverage(checker.organization);
  checkMailboxes(checker);
  checkGroups(checker, known);
  checkContacts(checker, coverage);
  checkDeliveryRules(checker, known, coverage);
  checkRelayDomains(checker, coverage);
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
      // That a server of another kind cannot hold a database is an error already.
      holder?.roles.includes('mailbox') &&
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

function checkGroups(checker: OrganizationChecker, known: KnownAddresses): void {
  const { distributionGroups } = checker.organization;
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
      known.require(member, [...path, 'members', position]);
    }
  }
}

/** A contact outside is out of reach without a connector that takes its address. */
function checkContacts(checker: OrganizationChecker, coverage: ConnectorCoverage): void {
  const { acceptedDomains, contacts } = checker.organization;
  const own = new Set(acceptedDomains.map(({ name }) => normalizeName(name)));
  for (const [index, { target }] of contacts.entries()) {
    const { type, space } = spaceOf(target);
    if (type === 'SMTP' && own.has(normalizeName(space))) continue;
    warnOutOfReach(checker, coverage, target, ['contacts', index, 'target']);
  }
}

/** Mail for a relay domain that nobody here is meant by goes out by a connector (RR-08). */
function checkRelayDomains(checker: OrganizationChecker, coverage: ConnectorCoverage): void {
  if (checker.leftOut.connectors !== undefined) return;
  for (const [index, { name, type }] of checker.organization.acceptedDomains.entries()) {
    if (type === 'authoritative' || coverage.takes({ type: 'SMTP', space: name })) continue;
    const message = `no connector has an address space for ${name}: addresses of it that nobody here has are unreachable`;
    checker.warn(['acceptedDomains', index], message, 'RR-08, CN-04');
  }
}

function domainOf(address: string): string {
  return normalizeName(address.slice(address.lastIndexOf('@') + 1));
}

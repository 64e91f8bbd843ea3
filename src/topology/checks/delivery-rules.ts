import { normalizeName } from '../names.js';
import { patternAddress } from '../recipient-directory.js';
import type { OrganizationChecker } from './checker.js';
import { type ConnectorCoverage, spaceOf } from './connector-coverage.js';
import type { KnownAddresses } from './known-addresses.js';

/** Forwarding of mailboxes, and the senders they take mail from: RR-06, RR-07. */
export function checkDeliveryRules(
  checker: OrganizationChecker,
  known: KnownAddresses,
  coverage: ConnectorCoverage,
): void {
  const { mailboxes, distributionGroups } = checker.organization;
  const groups = new Set(distributionGroups.map(({ address }) => normalizeName(address)));
  for (const [index, { forwardTo, deliverAndForward, acceptOnlyFrom }] of mailboxes.entries()) {
    const path = ['mailboxes', index];
    if (forwardTo !== undefined) {
      known.require(forwardTo, [...path, 'forwardTo']);
      if (!known.has(forwardTo) && !known.isAuthoritative(forwardTo)) {
        warnOutOfReach(checker, coverage, forwardTo, [...path, 'forwardTo']);
      }
    } else if (deliverAndForward) {
      checker.warn([...path, 'deliverAndForward'], 'changes nothing without `forwardTo`', 'RR-07');
    }
    if (acceptOnlyFrom === undefined) continue;
    const at = [...path, 'acceptOnlyFrom'];
    if (acceptOnlyFrom.length === 0) {
      checker.error(
        at,
        'expected at least one sender',
        null,
        'leave it out for a mailbox that takes all mail',
      );
    }
    checker.refuseRepeats(acceptOnlyFrom, at);
    for (const [position, sender] of acceptOnlyFrom.entries()) {
      known.require(sender, [...at, position]);
      if (!groups.has(normalizeName(sender))) continue;
      const message = `${JSON.stringify(sender)} is a distribution group, and groups send nothing`;
      checker.warn([...at, position], message, null, 'name its members one by one');
    }
  }
  checkForwardingLoops(checker);
}

/** An outside address that no connector takes is out of reach. */
export function warnOutOfReach(
  checker: OrganizationChecker,
  coverage: ConnectorCoverage,
  address: string,
  path: readonly (string | number)[],
): void {
  const space = spaceOf(address);
  if (checker.leftOut.connectors !== undefined || coverage.takes(space)) return;
  const wanted = space.type === 'SMTP' ? space.space.toLowerCase() : space.type;
  checker.warn(path, `cannot be routed to: no connector has an address space for ${wanted}`, 'CN-04');
}

/** Somebody whose mail goes elsewhere. */
interface Forward {
  readonly address: string;
  readonly to: string;
  readonly path: readonly (string | number)[];
  /** Gets the mail besides: a loop through it is harmless. */
  readonly keeps: boolean;
}

/** Mail for a ring of recipients of whom each only sends it on to the next comes back to its sender (RR-06). */
function checkForwardingLoops(checker: OrganizationChecker): void {
  const forwards = forwardsOf(checker);
  const followed = new Set<string>();
  for (const start of forwards.keys()) {
    const chain: Forward[] = [];
    let next: string | undefined = start;
    while (next !== undefined && !followed.has(next)) {
      followed.add(next);
      const forward = forwards.get(next);
      if (forward !== undefined) chain.push(forward);
      next = forward && keyOf(forward.to);
    }
    const begin = chain.findIndex(({ address }) => keyOf(address) === next);
    const ring = begin === -1 ? [] : chain.slice(begin);
    if (ring.length === 0 || ring.some(({ keeps }) => keeps)) continue;
    const shown = ring.length > mostShown ? [...ring.slice(0, mostShown), { address: '…' }] : ring;
    const round = [...shown, ring[0]!].map(({ address }) => address).join(' > ');
    checker.warn(ring[0]!.path, `goes round in a ring, its mail is returned: ${round}`, 'RR-06');
  }
}

const mostShown = 5;

/** Everybody who sends mail on and is sent mail so, by normalized address: mailboxes that forward, and contacts. */
function forwardsOf({ organization }: OrganizationChecker): ReadonlyMap<string, Forward> {
  const { mailboxes, contacts } = organization;
  const targets = new Set(
    [...mailboxes.map(({ forwardTo }) => forwardTo ?? ''), ...contacts.map(({ target }) => target)].map(
      keyOf,
    ),
  );
  const forwards = new Map<string, Forward>();
  const add = (forward: Forward) => {
    const key = keyOf(forward.address);
    if (targets.has(key)) forwards.set(key, forward);
  };
  for (const [index, mailbox] of mailboxes.entries()) {
    const { address, count, forwardTo: to, deliverAndForward: keeps } = mailbox;
    if (to === undefined) continue;
    const path = ['mailboxes', index, 'forwardTo'];
    for (let n = 1; n <= (count ?? 1); n++) {
      add({ address: count === undefined ? address : patternAddress(address, n), to, path, keeps });
    }
  }
  for (const [index, { address, target: to }] of contacts.entries()) {
    add({ address, to, path: ['contacts', index, 'target'], keeps: false });
  }
  return forwards;
}

function keyOf(address: string): string {
  return normalizeName(address.replace(/^smtp:/i, ''));
}

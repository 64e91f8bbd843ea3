import type {
  DistributionGroupDescription,
  MailboxDescription,
  ServerDescription,
} from '../../src/topology/index.js';
import type { OutsideAddress } from './connectors-by-walking.js';
import type { Landscape } from './landscape.js';
import { hasName, sameName } from './names.js';

/** What a recipient stands for on a server that resolves it. */
export type Target =
  | { readonly kind: 'mailbox'; readonly mailbox: MailboxDescription }
  /** A group that another server expands. */
  | { readonly kind: 'expansion'; readonly server: ServerDescription }
  | { readonly kind: 'outside'; readonly address: OutsideAddress }
  | { readonly kind: 'ndr'; readonly code: string };

export interface Addressee {
  readonly address: string;
  readonly expandedFrom?: string;
  readonly forwardedFrom?: string;
  readonly forwardedTo?: string;
  readonly target: Target;
}

/** An address taken apart: malformed, of another type, or SMTP. */
export type ParsedAddress =
  | { readonly kind: 'malformed' }
  | { readonly kind: 'typed'; readonly address: OutsideAddress }
  | { readonly kind: 'smtp'; readonly mail: string; readonly domain: string };

/** `Type:address`, or plain SMTP. */
export function parseAddress(text: string): ParsedAddress {
  const typed = /^([A-Za-z0-9-]+):(.*)$/s.exec(text);
  const type = (typed?.[1] ?? 'SMTP').toUpperCase();
  const rest = typed?.[2] ?? text;
  if (type !== 'SMTP') {
    if (rest === '') return { kind: 'malformed' };
    return { kind: 'typed', address: { type, space: rest.toLowerCase() } };
  }
  if (!/^[^@\s]+@[^@\s]+$/.test(rest)) return { kind: 'malformed' };
  return { kind: 'smtp', mail: rest, domain: rest.slice(rest.lastIndexOf('@') + 1).toLowerCase() };
}

/** The mailbox of an address; patterns are written out one by one. */
export function findMailbox(land: Landscape, mail: string): MailboxDescription | undefined {
  return land.organization.mailboxes.find((each) => {
    for (let n = 1; n <= (each.count ?? 1); n++) {
      if (sameName(each.address.replace('{n}', String(n)), mail)) return true;
    }
    return false;
  });
}

interface Origin {
  readonly expandedFrom?: string;
  readonly forwardedFrom?: string;
  /** A mailbox on the way sends the mail elsewhere and keeps nothing. */
  readonly isRedirected?: boolean;
}

interface Step {
  readonly address: string;
  /** The mailbox keeps the message, too. */
  readonly keeps: boolean;
  readonly isContact: boolean;
}

/** Where the resolution of one recipient stands. */
interface Position {
  /** What the recipient's row is named after; a copy that a mailbox has sent on is named after whom it is for. */
  readonly row?: string;
  readonly address: string;
  readonly origin: Origin;
  /** The contacts and mailboxes that led here, since the recipient or the group that it is a member of. */
  readonly trail: readonly Step[];
}

/**
 * RR-02, RR-06, RR-07, RR-08: everybody a message goes to, after resolution and expansion on a server; a recipient
 * reached twice counts once, as it was reached first.
 */
export class Resolution {
  readonly addressees: Addressee[] = [];
  readonly #land: Landscape;
  readonly #server: ServerDescription;
  readonly #sender: string | undefined;
  readonly #expanded: string[] = [];

  constructor(land: Landscape, server: ServerDescription, sender: string | undefined) {
    this.#land = land;
    this.#server = server;
    this.#sender = sender;
  }

  add(address: string): void {
    this.#resolve({ row: address, address, origin: {}, trail: [] });
  }

  #resolve(position: Position): void {
    const parsed = parseAddress(position.address);
    if (parsed.kind === 'malformed') this.#note(position, { kind: 'ndr', code: '5.1.3' });
    else if (parsed.kind === 'typed') this.#note(position, { kind: 'outside', address: parsed.address });
    else this.#resolveMail({ ...position, address: parsed.mail }, parsed.domain);
  }

  #resolveMail(position: Position, domain: string): void {
    const { address, trail } = position;
    const isIt = (each: { readonly address: string }) => sameName(each.address, address);
    const { contacts, distributionGroups } = this.#land.organization;
    const before = trail.findIndex(isIt);
    const mailbox = findMailbox(this.#land, address);
    const contact = contacts.find(isIt);
    const group = distributionGroups.find(isIt);
    if (before !== -1) {
      // RR-06: a ring in which somebody keeps the message does no harm; one of plain redirections is broken.
      const ring = trail.slice(before);
      const closing = ring.find((step) => !step.isContact) ?? ring[0]!;
      const isHarmless = ring.some((step) => step.keeps);
      if (!isHarmless) this.#note({ ...position, address: closing.address }, { kind: 'ndr', code: '5.4.6' });
    } else if (mailbox !== undefined) {
      this.#resolveMailbox(position, mailbox);
    } else if (contact !== undefined) {
      const onward = [...trail, { address, keeps: false, isContact: true }];
      this.#resolve({ ...position, address: contact.target, trail: onward });
    } else if (group !== undefined) {
      this.#resolveGroup(position, group);
    } else {
      const accepted = this.#land.acceptedDomains().find((each) => sameName(each.name, domain));
      const isUnknown = accepted?.type === 'authoritative';
      if (isUnknown) this.#note(position, { kind: 'ndr', code: '5.1.1' });
      else this.#note(position, { kind: 'outside', address: { type: 'SMTP', space: domain } });
    }
  }

  #resolveMailbox(position: Position, mailbox: MailboxDescription): void {
    const { row, address, origin, trail } = position;
    const { acceptOnlyFrom, forwardTo, deliverAndForward } = mailbox;
    const onward = [...trail, { address, keeps: deliverAndForward, isContact: false }];
    if (this.#sender !== undefined && acceptOnlyFrom && !hasName(acceptOnlyFrom, this.#sender)) {
      this.#note(position, { kind: 'ndr', code: '5.7.1' });
    } else if (forwardTo === undefined) {
      this.#note(position, { kind: 'mailbox', mailbox });
    } else if (deliverAndForward) {
      this.#note(position, { kind: 'mailbox', mailbox });
      this.#resolve({ address: forwardTo, origin: { forwardedFrom: address }, trail: onward });
    } else {
      const isRedirected = origin.forwardedFrom === undefined;
      const names = row === undefined ? {} : { row };
      this.#resolve({ ...names, address: forwardTo, origin: { ...origin, isRedirected }, trail: onward });
    }
  }

  #resolveGroup(position: Position, group: DistributionGroupDescription): void {
    const { origin } = position;
    const expander = group.expansionServer;
    if (expander !== undefined && !sameName(expander, this.#server.name)) {
      this.#note(position, { kind: 'expansion', server: this.#land.server(expander) });
      return;
    }
    // The members of a group in a group stand for the outer one; mail sent on to a group is mail to that group.
    const isSentOn = origin.isRedirected || origin.forwardedFrom !== undefined;
    const expandedFrom = isSentOn ? group.address : (origin.expandedFrom ?? group.address);
    const expansion = JSON.stringify([expandedFrom, group.address]);
    if (this.#expanded.includes(expansion)) return;
    this.#expanded.push(expansion);
    for (const member of group.members) {
      this.#resolve({ row: member, address: member, origin: { expandedFrom }, trail: [] });
    }
  }

  #note({ row, address, origin, trail }: Position, target: Target): void {
    const last = trail.at(-1);
    // Whom it is for: somebody in the directory, of whom a contact stands for an address outside.
    const reached = last?.isContact === true && target.kind === 'outside' ? last.address : address;
    const named = row ?? reached;
    if (this.addressees.some((each) => sameName(each.address, named))) return;
    const { isRedirected, ...names } = origin;
    const end = isRedirected && target.kind !== 'ndr' ? { forwardedTo: reached } : {};
    this.addressees.push({ address: named, ...names, ...end, target });
  }
}

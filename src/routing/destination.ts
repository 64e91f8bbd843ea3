import { findByName, normalizeName, type Topology } from '../topology/index.js';
import { type NonDelivery, nonDeliveries } from './non-delivery.js';

/** What an address comes down to before routing starts (RT-09, RT-10). */
export type ResolvedAddress =
  | {
      readonly kind: 'mailbox';
      /** The recipient's id; its database is in the recipient directory. */
      readonly recipient: number;
    }
  | {
      readonly kind: 'distribution-group';
      readonly recipient: number;
      /** The server that expands it; -1: wherever it is categorized (RR-02). */
      readonly expansionServer: number;
    }
  | {
      readonly kind: 'outside';
      /** The contact that led here; -1 if none did. */
      readonly recipient: number;
      /** `SMTP` or another type, upper case. */
      readonly type: string;
      /** What connectors are chosen by: the part after `@`, or the whole non-SMTP address; lower case. */
      readonly domain: string;
      /** Without `SMTP:`; a non-SMTP address with its type. */
      readonly address: string;
    }
  | { readonly kind: 'ndr'; readonly address: string; readonly ndr: NonDelivery };

/** RR-09. */
const longestAddress = 571;

interface ParsedAddress {
  readonly type: string;
  readonly domain: string;
  readonly address: string;
}

/**
 * Resolves an address as the categorizer does first (RT-09): somebody the organization knows, by any spelling of the
 * address; contacts lead on to their target, through further contacts (RR-07). Unknown recipients of an
 * authoritative domain are returned; everything else is for a connector (RR-08).
 * @param address - `local@domain`, or `Type:address`
 */
export function resolveAddress(topology: Topology, address: string): ResolvedAddress {
  return follow(topology, address);
}

/** Resolves somebody by id, as `resolveAddress` does by address. */
export function resolveRecipient(topology: Topology, recipient: number): ResolvedAddress {
  const { mailboxCount, addresses } = topology.recipients;
  return recipient < mailboxCount ? { kind: 'mailbox', recipient } : follow(topology, addresses[recipient]!);
}

/** A member of a group, by its own address, and what that comes down to. */
export interface GroupMember {
  /** As the organization spells it, or the list where it does not know it. */
  readonly address: string;
  readonly resolved: ResolvedAddress;
}

/**
 * What becomes of a group that a server expands: its members and theirs, resolved, in the order of the lists, each
 * once by its own address (RR-06: loops are harmless). Two members may come down to the same recipient. A nested group
 * that another server expands stays a group (RR-02, RT-17).
 * @param server - the server that categorizes; the group asked about is expanded whoever ought to
 */
export function expandGroup(topology: Topology, group: number, server: number): readonly GroupMember[] {
  const members: GroupMember[] = [];
  const seen = new Set<string>();
  const entered = new Set<number>();
  const { groupMembers, mailboxCount, contactCount, addresses } = topology.recipients;
  const waiting: { readonly list: readonly string[]; next: number }[] = [];
  const enter = (id: number) => {
    entered.add(id);
    seen.add(normalizeName(addresses[id]!));
    waiting.push({ list: groupMembers[id - mailboxCount - contactCount]!, next: 0 });
  };
  enter(group);
  for (let list = waiting.at(-1); list !== undefined; list = waiting.at(-1)) {
    if (list.next >= list.list.length) {
      waiting.pop();
      continue;
    }
    const listed = list.list[list.next++]!;
    const known = topology.recipients.find(listed);
    const address = known === -1 ? listed : addresses[known]!;
    const identity = normalizeName(address);
    if (seen.has(identity)) continue;
    seen.add(identity);
    const resolved = resolveAddress(topology, listed);
    if (resolved.kind !== 'distribution-group' || !isExpandedOn(resolved.expansionServer, server)) {
      members.push({ address, resolved });
    } else if (!entered.has(resolved.recipient)) {
      enter(resolved.recipient);
    }
  }
  return members;
}

/** Whether a server expands a group itself when it categorizes a message to it (RR-02, RT-17). */
export function isExpandedOn(expansionServer: number, server: number): boolean {
  return expansionServer === -1 || expansionServer === server;
}

/** Equal for what is the same recipient. */
export function identityOf(resolved: ResolvedAddress): string {
  return resolved.kind === 'mailbox' || resolved.kind === 'distribution-group'
    ? String(resolved.recipient)
    : normalizeName(resolved.address);
}

/** Follows contacts from one address to the next until something else turns up. */
function follow(topology: Topology, start: string): ResolvedAddress {
  const { kind, addresses, contactTargets, mailboxCount, contactCount, groupExpansionServer } =
    topology.recipients;
  const contacts = new Set<number>();
  let contact = -1;
  for (let address = start; ; address = contactTargets[contact - mailboxCount]!) {
    const parsed = parseAddress(address);
    if (parsed === undefined) return { kind: 'ndr', address, ndr: nonDeliveries.malformedAddress };
    const recipient = topology.recipients.find(parsed.address);
    if (recipient === -1) {
      if (parsed.type === 'SMTP' && isAuthoritative(topology, parsed.domain)) {
        return { kind: 'ndr', address, ndr: nonDeliveries.recipientUnknown };
      }
      return { kind: 'outside', recipient: contact, ...parsed };
    }
    switch (kind(recipient)) {
      case 'mailbox':
        return { kind: 'mailbox', recipient };
      case 'distribution-group':
        return {
          kind: 'distribution-group',
          recipient,
          expansionServer: groupExpansionServer[recipient - mailboxCount - contactCount]!,
        };
      case 'contact':
        if (contacts.has(recipient)) {
          return { kind: 'ndr', address: addresses[recipient]!, ndr: nonDeliveries.forwardingLoop };
        }
        contacts.add(recipient);
        contact = recipient;
    }
  }
}

/** RR-08. The organization's own domain is authoritative unless the list of accepted domains says otherwise. */
function isAuthoritative(topology: Topology, domain: string): boolean {
  const accepted = topology.acceptedDomains[findByName(topology.acceptedDomains, domain)];
  return accepted === undefined
    ? normalizeName(domain) === normalizeName(topology.organization)
    : accepted.type === 'authoritative';
}

/** Undefined for what is no address: 5.1.3. */
export function parseAddress(text: string): ParsedAddress | undefined {
  if (text.length > longestAddress) return undefined;
  const typed = /^([A-Za-z][A-Za-z0-9-]*):(.*)$/s.exec(text);
  if (typed === null) return parseSmtpAddress(text);
  const [, type = '', rest = ''] = typed;
  if (type.toUpperCase() === 'SMTP') return parseSmtpAddress(rest);
  if (rest.trim() === '' || /\p{Cc}/u.test(rest)) return undefined;
  return { type: type.toUpperCase(), domain: rest.toLowerCase(), address: `${type}:${rest}` };
}

function parseSmtpAddress(address: string): ParsedAddress | undefined {
  const at = address.lastIndexOf('@');
  const local = address.slice(0, at);
  const domain = address.slice(at + 1).toLowerCase();
  const isLocal = /^[^\s@"<>(),:;[\]\\]+$/.test(local) || /^"[^"\r\n]+"$/.test(local);
  const isDomain =
    /^[^\s@"<>(),:;[\]\\.*]+(\.[^\s@"<>(),:;[\]\\.*]+)*$/.test(domain) || /^\[[^\s[\]\\]+\]$/.test(domain);
  return at > 0 && isLocal && isDomain ? { type: 'SMTP', domain, address } : undefined;
}

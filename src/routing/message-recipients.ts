import { normalizeName, type Topology } from '../topology/index.js';
import {
  expandGroup,
  identityOf,
  isExpandedOn,
  parseAddress,
  type ResolvedAddress,
  resolveAddress,
} from './destination.js';
import { forwardedDeliveries } from './forwarding.js';
import { nonDeliveries } from './non-delivery.js';

/** Somebody a message goes to, after resolution and expansion. */
export interface MessageRecipient {
  /** As it was asked for; of somebody that a group or a mailbox led to, their own. */
  readonly address: string;
  readonly resolved: ResolvedAddress;
  /** The group that this is a member of. */
  readonly expandedFrom?: string;
  /** The mailbox that forwards to this one besides keeping the message (RR-07). */
  readonly forwardedFrom?: string;
  /** Where the mail for the address goes instead (RR-07). */
  readonly forwardedTo?: string;
}

/**
 * Resolves all recipients of a message as the categorizer of a server does, before any routing (RT-09): contacts and
 * forwardings are followed, groups that this server expands give their members (RR-02, RT-17), each once.
 * @param sender - see `forwardedDeliveries`
 */
export function resolveMessage(
  topology: Topology,
  addresses: readonly string[],
  server: number,
  sender?: string,
): readonly MessageRecipient[] {
  const found = new Map<string, MessageRecipient>();
  const expanded = new Set<number>();
  const add = (recipient: MessageRecipient) => {
    const identity = normalizeName(recipient.address);
    if (!found.has(identity)) found.set(identity, recipient);
  };
  const place = (resolved: ResolvedAddress, origin: Omit<MessageRecipient, 'resolved'>) => {
    if (resolved.kind === 'distribution-group' && isExpandedOn(resolved.expansionServer, server)) {
      if (expanded.has(resolved.recipient)) return;
      expanded.add(resolved.recipient);
      const expandedFrom = addressOf(topology, resolved);
      for (const member of expandGroup(topology, resolved.recipient, server)) {
        forward(member, { address: addressOf(topology, member), expandedFrom });
      }
    } else {
      add({ ...origin, resolved });
    }
  };
  const forward = (resolved: ResolvedAddress, origin: Omit<MessageRecipient, 'resolved'>) => {
    if (resolved.kind !== 'mailbox') {
      place(resolved, origin);
      return;
    }
    const own = identityOf(resolved);
    const deliveries = forwardedDeliveries(topology, resolved.recipient, sender);
    const keeps = deliveries.some((each) => identityOf(each) === own);
    for (const delivery of deliveries) {
      const address = addressOf(topology, delivery);
      if (identityOf(delivery) === own || (delivery.kind === 'ndr' && !keeps)) place(delivery, origin);
      else if (keeps) place(delivery, { address, forwardedFrom: addressOf(topology, resolved) });
      else place(delivery, { ...origin, forwardedTo: address });
    }
  };
  for (const address of addresses) forward(resolveAddress(topology, address), { address });
  return [...found.values()];
}

/** The address of somebody the organization knows, as its file spells it; else the address itself. */
export function addressOf({ recipients }: Topology, resolved: ResolvedAddress): string {
  const { addresses } = recipients;
  if (resolved.kind === 'mailbox' || resolved.kind === 'distribution-group')
    return addresses[resolved.recipient]!;
  return resolved.kind === 'outside' && resolved.recipient !== -1
    ? addresses[resolved.recipient]!
    : resolved.address;
}

/**
 * What an address is to an Edge, which has no directory: the way goes by the domain alone (RT-56, ES-03: recipients
 * reach it for filtering only).
 */
export function resolveOnEdge(address: string): ResolvedAddress {
  const parsed = parseAddress(address);
  if (parsed === undefined) return { kind: 'ndr', address, ndr: nonDeliveries.malformedAddress };
  return { kind: 'outside', recipient: -1, ...parsed };
}

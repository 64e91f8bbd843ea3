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
  const place = (resolved: ResolvedAddress, origin: Origin) => {
    if (resolved.kind === 'distribution-group' && isExpandedOn(resolved.expansionServer, server)) {
      if (expanded.has(resolved.recipient)) return;
      expanded.add(resolved.recipient);
      const expandedFrom = addressOf(topology, resolved);
      for (const member of expandGroup(topology, resolved.recipient, server)) {
        forward(member.resolved, { address: member.address, expandedFrom });
      }
    } else {
      add({ ...origin, resolved });
    }
  };
  const forward = (resolved: ResolvedAddress, origin: Origin) => {
    if (resolved.kind !== 'mailbox') {
      place(resolved, origin);
      return;
    }
    const own = identityOf(resolved);
    for (const delivery of forwardedDeliveries(topology, resolved.recipient, sender)) {
      const address = addressOf(topology, delivery.resolved);
      if (delivery.keptBy !== -1) {
        const forwardedFrom = topology.recipients.addresses[delivery.keptBy]!;
        place(delivery.resolved, { address, forwardedFrom });
      } else if (identityOf(delivery.resolved) === own || delivery.resolved.kind === 'ndr') {
        place(delivery.resolved, origin);
      } else {
        place(delivery.resolved, { ...origin, forwardedTo: address });
      }
    }
  };
  for (const address of addresses) forward(resolveAddress(topology, address), { address });
  return [...found.values()];
}

/** Where somebody comes from: all that a recipient says but what it comes down to. */
type Origin = Omit<MessageRecipient, 'resolved'>;

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

import { normalizeName, type Topology } from '../topology/index.js';
import { type ResolvedAddress, resolveAddress } from './destination.js';
import { nonDeliveries } from './non-delivery.js';

/** Whether mail for a mailbox goes elsewhere, too or instead, or is taken from some senders only. */
export function hasDeliveryRules({ recipients }: Topology, mailbox: number): boolean {
  return recipients.forwarding.has(mailbox) || recipients.acceptOnlyFrom.has(mailbox);
}

/** Somebody on a chain of forwardings, and whether they keep the message, too. */
interface Link {
  readonly identity: string;
  readonly keeps: boolean;
}

/**
 * What mail for a mailbox comes down to: the mailbox itself, those it is forwarded to, or both (RR-07), each once. None
 * of them is to be forwarded again. Of a chain that comes back to itself nothing is left to do where somebody on the
 * way round keeps the message, for they have it; else nobody would get it, and it is returned (RR-06).
 * @param sender - the sender's address: mailboxes that do not take its mail return it (5.7.1); absent: all take it
 */
export function forwardedDeliveries(
  topology: Topology,
  mailbox: number,
  sender?: string,
): readonly ResolvedAddress[] {
  const { forwarding, addresses } = topology.recipients;
  const found: ResolvedAddress[] = [];
  const chain: Link[] = [];
  let current: ResolvedAddress = { kind: 'mailbox', recipient: mailbox };
  for (;;) {
    if (current.kind !== 'mailbox') return [...found, current];
    const { recipient } = current;
    const identity = normalizeName(addresses[recipient]!);
    const begin = chain.findIndex((link) => link.identity === identity);
    if (begin !== -1) {
      if (chain.slice(begin).some(({ keeps }) => keeps)) return found;
      return [...found, { kind: 'ndr', address: addresses[mailbox]!, ndr: nonDeliveries.forwardingLoop }];
    }
    if (sender !== undefined && !acceptsSender(topology, recipient, sender)) {
      return [
        ...found,
        { kind: 'ndr', address: addresses[recipient]!, ndr: nonDeliveries.senderNotAccepted },
      ];
    }
    const forward = forwarding.get(recipient);
    if (forward === undefined) return [...found, current];
    if (forward.deliver) found.push(current);
    chain.push({ identity, keeps: forward.deliver });
    current = resolveAddress(topology, forward.to);
  }
}

/** Whether a mailbox takes mail from a sender: everybody's, unless it has a list. */
function acceptsSender({ recipients }: Topology, mailbox: number, sender: string): boolean {
  return recipients.acceptOnlyFrom.get(mailbox)?.has(normalizeName(sender)) ?? true;
}

import { normalizeName, type Topology } from '../topology/index.js';
import { type ResolvedAddress, resolveAddress } from './destination.js';
import { type NonDelivery, nonDeliveries } from './non-delivery.js';

/** Whether mail for a mailbox goes elsewhere, too or instead, or is taken from some senders only. */
export function hasDeliveryRules({ recipients }: Topology, mailbox: number): boolean {
  return recipients.forwarding.has(mailbox) || recipients.acceptOnlyFrom.has(mailbox);
}

/** What part of the mail for a mailbox comes down to. */
export interface ForwardedDelivery {
  readonly resolved: ResolvedAddress;
  /** The mailbox on the way that kept the message and forwarded this part of it; -1: nobody kept it before. */
  readonly keptBy: number;
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
): readonly ForwardedDelivery[] {
  const { forwarding, addresses } = topology.recipients;
  const found: ForwardedDelivery[] = [];
  const chain: { readonly mailbox: number; readonly keeps: boolean }[] = [];
  let keptBy = -1;
  let current: ResolvedAddress = { kind: 'mailbox', recipient: mailbox };
  for (;;) {
    if (current.kind !== 'mailbox') return [...found, { resolved: current, keptBy }];
    const { recipient } = current;
    const returned = (of: number, ndr: NonDelivery): readonly ForwardedDelivery[] => [
      ...found,
      { resolved: { kind: 'ndr', address: addresses[of]!, ndr }, keptBy },
    ];
    const begin = chain.findIndex((link) => link.mailbox === recipient);
    if (begin !== -1) {
      const isKept = chain.slice(begin).some(({ keeps }) => keeps);
      if (isKept) return found;
      return returned(keptBy === -1 ? mailbox : recipient, nonDeliveries.forwardingLoop);
    }
    if (sender !== undefined && !acceptsSender(topology, recipient, sender)) {
      return returned(recipient, nonDeliveries.senderNotAccepted);
    }
    const forward = forwarding.get(recipient);
    if (forward === undefined) return [...found, { resolved: current, keptBy }];
    chain.push({ mailbox: recipient, keeps: forward.deliver });
    if (forward.deliver) {
      found.push({ resolved: current, keptBy });
      keptBy = recipient;
    }
    current = resolveAddress(topology, forward.to);
  }
}

/** Whether a mailbox takes mail from a sender: everybody's, unless it has a list. */
function acceptsSender({ recipients }: Topology, mailbox: number, sender: string): boolean {
  return recipients.acceptOnlyFrom.get(mailbox)?.has(normalizeName(sender)) ?? true;
}

import { type Assumption, assumption } from '../rule.js';

/** Recipients, copies of a message, and notifications; in name order. */
export const recipientAssumptions: readonly Assumption[] = [
  assumption(
    'A-chips-before-routing',
    `A message to more than 1,000 recipients is split as they are resolved, in their order; routing then
    parts each thousand by next hop.`,
    `RR-03 says how many a copy holds, not when it is split; resolution is the step before routing.`,
  ),
  assumption(
    'A-duplicates',
    `Of those whom a server resolves at a time, addressed or members of groups it expands, each has one copy, by whatever
    addresses. What another server expands reaches them once more: the mailbox is written to and the store removes
    it, a remote domain takes it; \`recipients.duplicates\` counts both. But a message is forwarded once: a mailbox that
    has forwarded it, and those it was forwarded to, get nothing more of it by what another server expands.`,
    `RR-06: harmless, delivered once; only the store removes duplicates of nested groups. A server knows the recipients of
    the copy before it, not those of others; what has been expanded and forwarded goes with the message, for loops through
    several servers have to end (RR-06).`,
  ),
  assumption(
    'A-ndr-loop',
    `The domain of an NDR loop returns what comes for its addresses as it is, from an address that takes
    mail, to the system that sent first, with one Received header more; those of the message that a report
    of ours has attached count among them. The messages of the system have 10 KB. A bounce sets out when
    the domain has accepted what it returns, and needs \`outside.connectTime\` to come.`,
    `WHATIF-08 asks for two systems that bounce the other's mail, and for a loop limit that cuts it:
    Received headers have to survive, or nothing would.`,
  ),
  assumption(
    'A-notification-size',
    `A notification is 10 KB and, in an NDR, the original up to 10 MB.`,
    `NDR-03 has the attachment; the rest is the size of a plain NDR.`,
  ),
];

import { leftOut, modelled, type Rule } from './rule.js';
import { recipientResolution } from './sources.js';

/** RR-01 to RR-09: recipient resolution. */
export const recipientRules: readonly Rule[] = [
  modelled(
    'RR-01',
    recipientResolution,
    `Recipients are looked up in the directory up to 20 at a time. If the directory fails for the moment the
    message goes back to the Submission queue for 30 minutes.`,
    `Batches are modelled, as time in the categorizer. The 30 minutes are left out: nothing in a scenario
    makes the directory fail.`,
  ),
  modelled(
    'RR-02',
    recipientResolution,
    `A group with an expansion server is not expanded elsewhere: it is routed there, and while that server
    is down nothing of it is delivered. Any other group is expanded by whichever server categorizes the
    message.`,
  ),
  modelled(
    'RR-03',
    recipientResolution,
    `A copy with more than 1,000 recipients is split into copies of 1,000.`,
    `Before routing parts them further (A-chips-before-routing).`,
  ),
  modelled(
    'RR-04',
    recipientResolution,
    `The limit on recipients a message is held once, on the first server, against the recipients as
    addressed: a group counts as one.`,
    `A message that exceeds it returns as a whole (5.5.3). That an outside sender's surplus is refused by
    itself and sent anew is left out.`,
  ),
  leftOut(
    'RR-05',
    recipientResolution,
    `Recipients also get copies of their own where the sender's address changes, automatic replies are
    suppressed, mail is redirected, a resent header or expansion history is needed, or agents change the
    content.`,
    `Copies part by next hop (RT-28) alone. Of these causes an organization file can say forwarding only (RR-07);
    a further copy in the same queue changes no route.`,
  ),
  modelled(
    'RR-06',
    recipientResolution,
    `Groups that contain one another, and mailboxes that forward to one another and keep a copy, are
    harmless: everybody gets the message once. Mailboxes or contacts that only forward, in a circle, make
    it return (5.4.6).`,
    `Who is named twice gets one copy of what one server expands; what another expands comes once more, and the
    store removes it.`,
  ),
  modelled(
    'RR-07',
    recipientResolution,
    `A mailbox may have a forwarding address: its mail goes there instead, or to both with
    deliver-and-forward. Chains of contacts are followed to their end.`,
  ),
  modelled(
    'RR-08',
    recipientResolution,
    `An unknown recipient of an authoritative domain is returned (5.1.1). One of an internal relay domain
    goes to the Send connector with the closest match, one of an external relay domain is relayed outside,
    and so is mail for any domain of others.`,
  ),
  modelled(
    'RR-09',
    recipientResolution,
    `An address has at most 571 characters. Reports go to the originator, or to the manager of a group, or
    to nobody, but not to both.`,
    `Reports of groups are left out: an organization file cannot say them.`,
  ),
];

import { assumed, modelled, type Rule } from './rule.js';
import { activeManager, cmdletReference, fieldReport, notifications, throttling } from './sources.js';

/** DS and NDR-01 to NDR-04: status codes, and who reports to whom. */
export const notificationRules: readonly Rule[] = [
  modelled(
    'DS',
    notifications,
    `A message that cannot be delivered is returned with an enhanced status code: 5.1.1 unknown, 5.1.2 no
    connector for the type of address, 5.1.3 malformed, 5.2.2 mailbox full, 5.2.3 too large for the
    recipient, 5.3.4 too large for the way, 5.0.0 refused by a remote domain, 5.4.6 a loop, 5.7.1 sender not accepted, 4.4.7 expired.`,
    `Codes of what is not simulated are left out: of protocol errors, agents, poison, permissions.`,
  ),
  modelled(
    'NDR-01',
    notifications,
    `Who has accepted a message reports its failure; if it is refused before that, the sending server does
    and names the one that refused.`,
    `Remote domains refuse for good in outages and beyond their limits (A-remote-outage, A-remote-limits). A
    message from outside that is refused for good ends without a report of ours: its own server makes it.`,
  ),
  modelled('NDR-02', notifications, `Messages that Safety Net resubmits cause no notifications.`),
  modelled(
    'NDR-03',
    cmdletReference,
    `A report has the original attached, up to 10 MB, else its headers. Reports with certain codes are
    copied to the postmaster, if there is one.`,
    `Copies to the postmaster are left out: an organization file names none.`,
  ),
  modelled(
    'NDR-04',
    notifications,
    `Notifications and other mail that the system makes are exempt from size limits, not from the limit on
    recipients.`,
  ),
];

/** AM: what routing needs of DAGs and Active Manager. */
export const activeManagerRules: readonly Rule[] = [
  modelled(
    'AM',
    activeManager,
    `A DAG has up to 16 members; a database has one active copy. When it fails another copy is chosen, by
    how far it lags and by preference; how long that takes is not documented.`,
    `The next copy is chosen by preference among those whose servers are of the DAG's majority; log queues
    are left out (A-failover-preference).`,
  ),
];

/** MD-01 to MD-05: delivery to mailboxes. */
export const mailboxDeliveryRules: readonly Rule[] = [
  modelled(
    'MD-01',
    activeManager,
    `A Transport service asks Active Manager which member of the DAG holds the active copy, and sends there.`,
    `How long it believes the answer: UN-11.`,
  ),
  assumed(
    'MD-02',
    fieldReport,
    `What Mailbox Transport answers: active elsewhere, and the message is categorized again at once;
    dismounted, mounting or busy, and the queue goes into Retry for 5 minutes; a full mailbox or a
    permanent error, and the message is returned.`,
    `RT-55 names three answers and not when each is given.`,
  ),
  modelled(
    'MD-03',
    fieldReport,
    `One delivery at a time to one recipient, a few at a time to one database; what exceeds that is tried
    again.`,
    `The limit for a database is 8 (UN-11): what exceeds it waits (A-delivery-threads-wait); what exceeds
    that for a recipient waits a little and is then tried again (A-recipient-thread-wait).`,
  ),
  modelled(
    'MD-04',
    throttling,
    `The health of a database follows from store calls and their latency: at 100, or unknown, it gets all
    connections, below that fewer as it falls, at 0 none.`,
    `The health is a setting, of a server if need be: how many connections it leaves is A-database-health. At 0
    a database is in an outage.`,
  ),
  modelled(
    'MD-05',
    throttling,
    `Senders of more than 500 recipients or 1 MB a minute fall to low priority inside: one of their messages
    goes for twenty others.`,
    `In mailbox delivery queues, where \`priorityQueuingEnabled\` is on (A-costly-senders).`,
  ),
];

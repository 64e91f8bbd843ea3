import { assumed, type Rule } from './rule.js';
import { inference } from './sources.js';

const conflict = (documents: string) => `conflict of documents: ${documents}`;

/** DC-01 to DC-13: where documents contradict one another, and what was chosen. */
export const conflictChoices: readonly Rule[] = [
  assumed(
    'DC-01',
    conflict('Mail routing against Planning to use Active Directory sites for routing mail'),
    `Delayed fan-out: recipients whose next hop is the same AD site share a copy. As options of
    \`transport.delayedFanOut\` a message whose next hops are AD sites stays one copy up to the site where
    their paths part (\`fork-site\`), or whatever its next hops are, in organizations without DAGs
    (\`fork-site-without-dags\`).`,
    `One document grants it to groups of type AD site, the other to organizations without DAGs: the first is
    followed, the second can be chosen.`,
  ),
  assumed(
    'DC-02',
    conflict('Mail routing against Planning to use Active Directory sites for routing mail'),
    `Mailbox Transport Submission may send to any site. As an option, \`mailboxTransport.submissionReach:
    own-site\`, a server in no DAG, or in a DAG of one site, submits within its own site.`,
    `One document lets it leave its group, the other keeps it in its site: the first is followed, the second
    can be chosen.`,
  ),
  assumed(
    'DC-03',
    conflict('figure and text of Route mail between Active Directory sites'),
    `With an Exchange cost of 100 on the link C-D the way from A to D is A-C-B-D, at 25.`,
    `The figure draws A-B-D, which by its own numbers costs 30. The numbers are followed; both ways wait at
    B.`,
  ),
  assumed(
    'DC-04',
    conflict('topics and cmdlet reference'),
    `A Send connector takes 25 MB, a message 5,000 recipients; a failed shadow copy is answered 451 4.4.0;
    an Edge waits 10 minutes between transient retries; a message is poison after 2 crashes.`,
    `The documents give 10 MB, 500, 450 4.5.1, 1 minute and 1 as well.`,
  ),
  assumed(
    'DC-05',
    conflict('Exchange 2013 topics against the present cmdlet reference'),
    `A single message is retried every 15 minutes, and a queue has up to 20 connections; with \`behavior:
    "2016"\` 5 minutes and 40.`,
    `The second pair belongs to later versions.`,
  ),
  assumed(
    'DC-06',
    conflict('formula and text of Queues'),
    `Rates of queues are averages over the last minute.`,
    `The text says so; the formula adds six samples of 5 seconds.`,
  ),
  assumed(
    'DC-07',
    conflict('Message throttling against the cmdlet reference'),
    `The limit of connections of one queue is not above that of the server.`,
    `One document says that it is at least that, against the other and against sense. Both limits hold at a
    time, so that the smaller one counts.`,
  ),
  assumed(
    'DC-08',
    conflict('German text of Mail routing against the English'),
    `What Mailbox Transport Delivery answers is a refusal, not a report to the sender; "(Ziel)routinggruppe"
    is a delivery group; mail that comes in comes from external senders; "Empfänger mit einzelnem Postfach"
    and "mit mehreren Postfächern" are one and several recipients with mailboxes.`,
    `Slips of the translation, read by what surrounds them.`,
  ),
  assumed(
    'DC-09',
    conflict('tables and text of Shadow redundancy'),
    `The 2 minutes after which a lost queue database is taken to be lost count from the moment its new id
    can be seen.`,
    `One table counts them from the loss. The holder sees the new id at its next heartbeat (SH-05).`,
  ),
  assumed(
    'DC-10',
    conflict('two paragraphs of Mail routing'),
    `For a 2013 database in no DAG any Mailbox server of the site takes the message; its Transport service
    passes it to the Mailbox Transport of the server that holds the database.`,
    `One paragraph has the message arrive on that server, the other lets the whole site serve.`,
  ),
  assumed(
    'DC-11',
    conflict('Mail routing against the cmdlet reference'),
    `Only the source servers of a connector send by it; everybody else relays to them. A scoped connector is
    seen by the servers of their sites alone.`,
    `One document lets the assigned server alone send, the other all servers of its site.`,
  ),
  assumed(
    'DC-12',
    conflict('the rules against published capacity figures'),
    `Where limits differ, those of the rules hold, not those that capacity studies print.`,
    `The studies repeat limits of several versions.`,
  ),
  assumed(
    'DC-13',
    conflict('Mail routing says what an organization looks like, not each server'),
    `Where mail from an Edge enters is decided for each target server: one with both roles takes it at its
    Front End Transport, one with Mailbox alone at its Transport service.`,
    `The document knows organizations of the one kind or the other, not mixed ones.`,
  ),
];

/** UN-01 to UN-15: where nothing is documented, and what was chosen. */
export const undocumentedChoices: readonly Rule[] = [
  assumed(
    'UN-01',
    inference,
    `Two sites of a group that tie on cost and hops are told apart by RT-32, and then by their own names.`,
    `Which of them is the primary site is not documented.`,
  ),
  assumed(
    'UN-02',
    inference,
    `Names are compared in upper case, by code units: "Site10" comes before "Site2".`,
    `"Alphanumerically lowest" is not defined further; the result must not depend on a locale.`,
  ),
  assumed(
    'UN-03',
    inference,
    `A hub flag on a site without transport servers makes it no stop; back-off skips sites without any.`,
    `Mail cannot be queued where nobody takes it.`,
  ),
  assumed(
    'UN-04',
    inference,
    `If the hub on the way cannot be reached, the message backs off along the path to that hub only.`,
    `Back-off is documented for the path to the destination; behind the hub it would pass it by.`,
  ),
  assumed(
    'UN-05',
    inference,
    `Where the primary site is a hub the queue is that of an AD site.`,
    `The documents call the hub a new group of that kind and do not except this case.`,
  ),
  assumed(
    'UN-06',
    inference,
    `Between members of a DAG neither hub sites nor the size limits of links count.`,
    `The next hop is the database itself (RT-16): no path is looked for.`,
  ),
  assumed(
    'UN-07',
    inference,
    `Servers of a tier take turns.`,
    `Round robin is reported of 2010 (AS-14) and documented for none.`,
  ),
  assumed(
    'UN-08',
    inference,
    `Work takes the times of CAP-64; a connection to a silent server fails after 21 seconds; costs of
    processor and disk are settings.`,
    `No service times are documented. The services of a server share its processor; the disk is a fixed wait.`,
  ),
  assumed(
    'UN-09',
    inference,
    `Messages of a queue go in the order in which they came, within their priority.`,
    `Priorities count where \`priorityQueuingEnabled\` is on (PQ).`,
  ),
  assumed(
    'UN-10',
    inference,
    `Members of a DAG serve the databases of their site that are in no DAG, too.`,
    `The documents speak of the Mailbox servers of the site.`,
  ),
  assumed(
    'UN-11',
    inference,
    `An answer of Active Manager is believed for 30 seconds; a failover takes 30 seconds; a database gets 8
    deliveries at a time.`,
    `No figures are documented; all three are settings.`,
  ),
  assumed(
    'UN-12',
    inference,
    `For a mailbox on 2007 or 2010 the front end and Submission aim at the 2013 Mailbox server that is
    nearest to the site of the mailbox.`,
    `Its group has no server that they talk to (RT-45, RT-53).`,
  ),
  assumed(
    'UN-13',
    inference,
    `The first 20 recipients that count are mailbox recipients.`,
    `Whether others use up the number is not documented.`,
  ),
  assumed(
    'UN-14',
    inference,
    `Of groups that are equally near the one in the site with the lower name wins, then the one with the
    lower name itself.`,
    `The documents say "nearest" alone.`,
  ),
  assumed(
    'UN-15',
    inference,
    `In fallback and back-off transport servers of any version take the message.`,
    `The documents say "servers"; transport servers are of any version (RT-14).`,
  ),
];

import { modelled, type Rule } from './rule.js';

const limits = 'Message throttling (Exchange 2013 documentation), cmdlet reference';
const published = (what: string) => `${what} (published outside the documentation)`;
const pressure = 'Back pressure (Exchange documentation)';
const measured = 'header fields of 29 messages of a real two-site organization (measured)';
const computed = (basis: string) => `computed from ${basis}`;

/** CAP, WL and WHATIF: capacity figures, workloads and questions that settings, code and scenarios name. */
export const figures: readonly Rule[] = [
  modelled(
    'CAP-06',
    published('user profiles of capacity planning'),
    `Of the messages that a mailbox sends and receives in a day one in five is sent.`,
  ),
  modelled(
    'CAP-10',
    published('a sizing article and the tool that follows it'),
    `All queue databases together need at most the traffic of a day times 1, and the queued share times the days that it
    waits, and the days of Safety Net; twice, for the shadow copies.`,
    `\`queueVolumeBytes\`; scenarios for WHATIF-13 hold the simulated peak against it.`,
  ),
  modelled(
    'CAP-11',
    computed('CAP-10'),
    `With messages of 75 KB, half of them queued for 2 days and 2 days of Safety Net: 100,000 mailboxes with 150 messages a
    day take 8,583 GB, with 200 messages 11,444 GB, 1,000 with 100 messages 57.2 GB.`,
  ),
  modelled(
    'CAP-13',
    published('advice on the disk of the queue database'),
    `What fills the queue database: traffic, queued mail, shadow copies, Safety Net. Its file never shrinks; what is free
    inside counts as free.`,
  ),
  modelled(
    'CAP-20',
    limits,
    `A queue has at most 20 connections, 40 in later versions; a server at most 20 mailbox deliveries and 20
    submissions at a time; a Pickup directory gives 100 messages a minute.`,
    `Limits by source as TH has them, time-outs of sessions as A-session-timeout; idle sessions do not occur.`,
  ),
  modelled(
    'CAP-21',
    published('support advice on queues that stand'),
    `A queue opens one more connection for every 20 messages that wait, up to its limit.`,
  ),
  modelled(
    'CAP-22',
    computed('CAP-21'),
    `A queue drains at the number of its connections by the time that one message takes: 20 connections of
    0.08 seconds send 250 messages a second, while 20 messages alone take one connection.`,
  ),
  modelled(
    'CAP-23',
    limits,
    `In mailbox delivery queues 20 messages of normal priority go for one of low.`,
    `Where \`priorityQueuingEnabled\` is on.`,
  ),
  modelled(
    'CAP-25',
    limits,
    `The log of a queue database may run 384 MB ahead of its file.`,
    `As far as the thresholds of its disk go by it; connections, buffers and caches of the database are left out.`,
  ),
  modelled('CAP-26', limits, `An empty delivery queue lives for 3 minutes.`),
  modelled(
    'CAP-30',
    published('management packs for transport'),
    `Of a healthy server all delivery queues together hold less than 3,000 messages and never more than 5,000, those of one
    kind less than 250, the largest 200, Submission, Unreachable and those in Retry 100 each, Poison nothing.`,
    `Bounds of the report's page, which may be set otherwise; no run is judged by them.`,
  ),
  modelled(
    'CAP-40',
    pressure,
    `The thresholds of back pressure in 2013, polled every 2 seconds, with the number of polls after which mail is
    refused.`,
  ),
  modelled(
    'CAP-41',
    `${pressure}, a live server`,
    `The thresholds of back pressure from 2016 on, one for each change of a level.`,
    `Where the text and the live server differ, as the text.`,
  ),
  modelled(
    'CAP-42',
    computed('CAP-40'),
    `The disk of a queue database is at High from 98 % of 40 GB, 99 % of 100 and of 500 GB; that of its logs from 97, 98 and
    99 %.`,
  ),
  modelled(
    'CAP-43',
    `${pressure}, a live server`,
    `The tarpit begins with 10 seconds and grows by 5, up to 55; on a live server of 2019 it begins with 1 and grows by 1.`,
  ),
  modelled(
    'CAP-44',
    pressure,
    `What each level refuses; version buckets, batch points and Submission queue tarpit first. Existing queues go on.`,
  ),
  modelled('CAP-45', computed('CAP-40'), `300 polls are ten minutes, 30 a minute, 10 twenty seconds.`),
  modelled(
    'CAP-46',
    published('reports of administrators'),
    `Where a server is full the queues of those before it grow.`,
    `That mail came back only when the others' Transport was restarted is not modelled.`,
  ),
  modelled(
    'CAP-51',
    computed('MI-01'),
    `The minutes at which a dead remote hop is tried; that it has come back is noticed at the next of them.`,
  ),
  modelled(
    'CAP-52',
    computed('MI'),
    `A mailbox database that has come back is noticed within 5 minutes and the length of the failing attempt; of one that
    was moved, routing learns the new server first.`,
    `How it learns of the new server, and when: A-retry-follows-move.`,
  ),
  modelled(
    'CAP-53',
    'Shadow redundancy (Exchange 2013 documentation)',
    `A heartbeat every 2 minutes, promotion after 3 hours without contact, 2 attempts at a shadow copy in the site and 4
    elsewhere, acceptance without one: a lost server delays what it had by up to 3 hours.`,
  ),
  modelled(
    'CAP-54',
    'Safety Net (Exchange 2013 documentation)',
    `A request is repeated for 12 hours, then sent to all as one for shadow copies. What a primary resubmits passes no
    categorizer, what a shadow does passes it again; those who have a message already drop it inside the organization,
    outside they have it twice.`,
  ),
  modelled(
    'CAP-55',
    'Priority queuing (Exchange 2013 documentation)',
    `Where priorities count, mail of high priority expires after 8 hours, and senders are told of a delay after 30
    minutes, 4 hours and 8 hours.`,
  ),
  modelled(
    'CAP-57',
    'High availability (Exchange 2013 documentation)',
    `After the loss of a server a database is active elsewhere within 30 seconds.`,
    `Where its DAG has a majority and \`automaticFailover\` (A-majority, A-failover-preference).`,
  ),
  modelled(
    'CAP-60',
    measured,
    `While all is well a message is categorized 0.2 to 0.44 seconds after it came, by server.`,
  ),
  modelled(
    'CAP-61',
    measured,
    `Accepting a message takes as long as the longer of the local commit, 0.10 seconds, and its shadow copy,
    0.13 seconds in the site and 0.31 in another.`,
    `Why a shadow copy takes the one time or the other is not known: the site is our reading.`,
  ),
  modelled(
    'CAP-62',
    published('traces of single messages'),
    `One delivery to a mailbox takes 0.08 seconds; a remote domain accepts a message in 0.1 seconds.`,
  ),
  modelled(
    'CAP-64',
    computed('CAP-60 to CAP-62'),
    `Mean times of work: front end 20 ms, categorizer 75 ms and 10 ms for each further batch of recipients,
    delivery to a mailbox 80 ms, connecting 10 ms inside and 200 ms outside.`,
    `The figure for further batches is ours.`,
  ),
  modelled(
    'CAP-65',
    measured,
    `An attempt at a database that does not answer takes up to 6.6 seconds; the next one begins 300 seconds
    after its end.`,
  ),
  modelled(
    'CAP-66',
    measured,
    `In one cycle of retry a failing mailbox queue tries the message at its head, seldom more; the others
    wait for later cycles.`,
  ),
  modelled(
    'CAP-67',
    measured,
    `Messages of such a queue are tried in the order in which they came, then over again from the oldest.`,
  ),
  modelled('CAP-68', measured, `A resubmission empties the queue at once: all its messages leave together.`),
  modelled(
    'CAP-69',
    measured,
    `Messages put back through the Pickup directory come a second time to those outside who had them before; at
    100 a minute 10,000 take 100 minutes.`,
    `The workload \`pickup\` with \`exported: true\`, whose recipients have all had its messages.`,
  ),
  modelled(
    'CAP-72',
    computed('a constant rate of arrivals and of departures'),
    `After an outage of length T, with arrivals at rate a and a drain at rate d, aT messages wait; the queue is
    empty aT / (d - a) later. Who came x after the outage began waits T - x + ax / d.`,
  ),
  modelled(
    'WL-03',
    published('a log generator tuned on the traffic of a customer'),
    `In office hours, 6 to 18 UTC, mail comes evenly; at other hours at 0.12 of that, and on weekends at
    0.15 of all.`,
  ),
  modelled(
    'WL-05',
    published('a log generator tuned on the traffic of a customer'),
    `82 % of messages have one recipient; of the others 90 % have 2 to 5 and 10 % have 20 to 120.`,
  ),
  modelled(
    'WL-07',
    published('a measurement of mailing lists'),
    `Shares of messages below 2 KB, 4 KB and so on up to 4 MB.`,
    `The smallest message is A-smallest-message.`,
  ),
  modelled(
    'WL-08',
    computed('WL-07'),
    `Spread evenly by logarithm within each class, sizes have a median of 4.1 KB and a mean of 52 KB.`,
  ),
  modelled(
    'WL-11',
    published('reports of mail storms'),
    `A message to thousands that many reply to; thousands of alerts to nobody; newsletters; waves of spam.`,
    `The first is the \`storm\` workload, the second \`ndr-loop\`; the others are \`arrivals\` and
    \`internet-inbound\` with a \`start\` and an \`end\`.`,
  ),
  modelled(
    'WL-14',
    'common random numbers, a method of simulation',
    `Runs that are compared draw arrivals, sizes, recipients and service times from the same streams, each
    purpose from its own.`,
  ),
  modelled(
    'WHATIF-01',
    'question of an administrator',
    `An active copy is moved during the day: how many messages meet the wrong server, and how long are they
    delayed?`,
  ),
  modelled(
    'WHATIF-02',
    'question of an administrator',
    `A database cannot be delivered to for hours: what do the queues look like, when is each message tried,
    and when do delay notices go out?`,
  ),
  modelled(
    'WHATIF-03',
    'question of an administrator',
    `A mailbox server is lost with its queue: which messages are late by three hours, which are lost, which are sent
    twice?`,
  ),
  modelled(
    'WHATIF-04',
    'question of an administrator',
    `A site is cut off for two hours: where does mail wait, how much of it, and when is the last of it in?`,
  ),
  modelled(
    'WHATIF-05',
    'question of an administrator',
    `All outbound mail goes to one destination: why does it wait for minutes without an error, and what do
    more connections, or sooner ones, or sooner retries change?`,
  ),
  modelled(
    'WHATIF-06',
    'question of an administrator',
    `The queue disk fills: when does the server begin to refuse, whom first, and where does the mail pile up
    instead?`,
  ),
  modelled(
    'WHATIF-07',
    'question of an administrator',
    `The categorizer slows down: when does the Submission queue pass 100, 2,000, 4,000 and 10,000, and when do clients
    notice?`,
  ),
  modelled(
    'WHATIF-08',
    'question of an administrator',
    `Reports of mail to unknown addresses that another organization bounces back, and so on.`,
  ),
  modelled(
    'WHATIF-09',
    'question of an administrator',
    `Reply to all on a large group: which queue saturates first, and who else is late?`,
  ),
  modelled(
    'WHATIF-10',
    'question of an administrator',
    `A link cost or a hub site is changed: which paths change, how much traffic moves, and how long until
    every server follows?`,
  ),
  modelled(
    'WHATIF-11',
    'question of an administrator',
    `The preferred connector fails: does mail take the other one?`,
  ),
  modelled(
    'WHATIF-12',
    'question of an administrator',
    `A server is drained during the day: how long until it is empty, how full do the others get, and what if
    one more fails?`,
  ),
  modelled(
    'WHATIF-13',
    'question of an administrator',
    `How large must the volume of the queue database be, for the worst single fault and the worst pair?`,
  ),
  modelled(
    'WHATIF-14',
    'question of an administrator',
    `A database fails over with the loss of some hours: what does their resubmission take, for how long, and how many
    recipients outside get mail twice?`,
  ),
  modelled(
    'WHATIF-15',
    'question of an administrator',
    `All applications have their mailboxes on one server: how uneven is the load, and when does that server
    break?`,
    `What an authenticated client hands in is taken as its mailbox's own mail, and the preference as
    \`submissionReach: own-site\` (DC-02).`,
  ),
  modelled(
    'WHATIF-16',
    'question of an administrator',
    `A new server, nearly full, joins the site, and Edges use it at once: who is refused although others are healthy?`,
  ),
  modelled(
    'WHATIF-17',
    'question of an administrator',
    `Exported messages are replayed through a Pickup directory: how long does that take, and who gets them twice?`,
  ),
];

import { leftOut, modelled, type Rule } from './rule.js';
import { backPressure, fieldReport, inference, routeBetweenSites, shadowRedundancy } from './sources.js';

const figure = `figure in ${routeBetweenSites}`;
const worked = (basis: string) => `worked out from ${basis}`;

/** FR-01 to FR-09: what people complain of; scenarios, not rules. */
export const fieldComplaints: readonly Rule[] = (
  [
    ['FR-01', `Mail to one destination waits for minutes without any error, for want of connections.`],
    [
      'FR-02',
      `The queue database grows without end, with Safety Net in it, until the disk is under pressure.`,
    ],
    ['FR-03', `A Receive connector for the wrong service on port 25 refuses now and then.`],
    ['FR-04', `The front end refuses with PRX errors, often because of DNS.`],
    ['FR-05', `Drafts fill up while Transport is down.`],
    ['FR-06', `One filter of the categorizer defers messages and blocks the Submission queue.`],
    ['FR-07', `The journal mailbox is at its limit of concurrent deliveries.`],
    ['FR-08', `Servers fail to authenticate to one another and an internal queue stands still.`],
    ['FR-09', `Scope or cost of a connector is misread and mail leaves by the wrong datacenter.`],
  ] as const
).map(([id, statement]) =>
  leftOut(id, fieldReport, statement, `A complaint, no rule: material for scenarios.`),
);

/** WE-01 to WE-20: examples worked out by hand, which the simulator is held against. */
export const workedExamples: readonly Rule[] = [
  modelled(
    'WE-01',
    figure,
    `Four sites in one link of cost 100: any two are one hop apart, and no site lies between to back off to.`,
  ),
  modelled(
    'WE-02',
    figure,
    `A star around A, each link 100: from B to C over A at 200, connected directly; with C down A takes the
    message, with A down too it stays at B.`,
  ),
  modelled(
    'WE-03',
    figure,
    `Five links and an Exchange cost: from A to D over C at 10, with C-D at 100 over C and B at 25 (DC-03).`,
  ),
  modelled(
    'WE-04',
    figure,
    `A hub B on the path from A to D: at A the queue is that of the AD site B, at B that of D's group.`,
  ),
  modelled('WE-05', figure, `The same with B off the path: the hub is ignored.`),
  modelled(
    'WE-06',
    worked('the text of Route mail between Active Directory sites'),
    `A chain of five sites with a hub in the middle: two hops of the message, the sites between do not see
    it.`,
  ),
  modelled('WE-07', worked('RT-32'), `Two ways over M and N, equal in cost and hops: the way over M.`),
  modelled(
    'WE-08',
    worked('RT-33 to RT-41'),
    `A DAG over two sites seen from a third: targets, the group's other site, other servers of the primary
    site, back-off, then Retry.`,
  ),
  modelled(
    'WE-09',
    worked('RT-38, RT-39'),
    `The same with a member of the DAG in the source's site: the group's servers and nobody else.`,
  ),
  modelled(
    'WE-10',
    worked('RT-16, UN-06'),
    `Inside a DAG over a hub site: straight to the server with the active copy.`,
  ),
  modelled(
    'WE-11',
    worked('RT-35'),
    `A primary site that is a hub: only its servers, members of the DAG first; from there the group's other
    site is open.`,
  ),
  modelled(
    'WE-12',
    worked('CN-01'),
    `Three connectors for a domain: specificity first, then the sum of costs.`,
  ),
  modelled(
    'WE-13',
    worked('RT-58, ES-02'),
    `An Edge subscribed to the next site: to the AD site first, to the Edge from there, 10 for the link and
    100 for the address space.`,
  ),
  modelled(
    'WE-14',
    inference,
    `Recipients behind two hubs, and behind one: copies by next hop, or, as an option, one copy to the fork
    (DC-01).`,
  ),
  modelled(
    'WE-15',
    worked('RT-48'),
    `25 recipients at a front end: the first 20 choose a group, one server of it takes all 25.`,
  ),
  modelled(
    'WE-16',
    worked('RT-20, RT-21'),
    `A 2010 mailbox seen from a 2013 server of its site: any 2010 hub there.`,
  ),
  modelled(
    'WE-17',
    worked('AS-05'),
    `Links of 20 MB and 5 MB: 8 MB are returned over both, delivered over the first; 5 MB pass.`,
  ),
  modelled(
    'WE-18',
    worked(backPressure),
    `A queue database on a disk of 40 GB is under high, medium and normal pressure at 98, 96 and 94 %, its
    logs at 97, 95 and 93; on 10 GB at 95, 93 and 91, and at 88, 86 and 84.`,
  ),
  modelled(
    'WE-19',
    worked(shadowRedundancy),
    `A server dies at 10:00. Its shadow copies are promoted at 13:00; if it returns at 11:30 with its queue
    database it delivers itself; if at 10:30 with another one they are promoted by 10:32.`,
  ),
  modelled(
    'WE-20',
    worked('MI-01 to MI-05'),
    `A remote hop that stays dead: the minutes of all attempts, delay notice after 4 hours, resubmission
    after 12, return after 48.`,
  ),
];

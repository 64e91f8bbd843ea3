import { modelled, type Rule } from './rule.js';
import { backPressure, backPressure2016, highAvailability, safetyNet, shadowRedundancy } from './sources.js';

/** SH-01 to SH-10: shadow redundancy. */
export const shadowRules: readonly Rule[] = [
  modelled(
    'SH',
    shadowRedundancy,
    `Shadow redundancy has settings with defaults and ranges: on, 4 attempts in other sites and 2 in the
    own, heartbeat every 2 minutes, promotion after 3 hours of silence, discard notices kept for 2 days.`,
  ),
  modelled(
    'SH-01',
    highAvailability,
    `The boundary of high availability is the DAG, or the site for servers in none. Inside it each message
    is kept twice; beyond it protection starts anew.`,
  ),
  modelled(
    'SH-02',
    shadowRedundancy,
    `A Transport service copies what it receives to a second Mailbox server of the boundary, in another site
    if the DAG has one, and acknowledges only then.`,
    `Which of several: by turns (A-shadow-attempts). What it costs links and processors: A-shadow-traffic, A-shadow-work.`,
  ),
  modelled(
    'SH-03',
    shadowRedundancy,
    `With the preference for other sites it tries 4 servers elsewhere, then 2 here; remote only 4; local
    only, or with one site, 2. If none takes the copy the message is accepted all the same, or refused for
    the moment if the organization asks for that.`,
    `What an attempt is, and how long it takes: A-shadow-attempts. The answer: DC-04.`,
  ),
  modelled(
    'SH-04',
    shadowRedundancy,
    `When the next hop has acknowledged, the first server notes that the copy may go. The holder of the copy
    asks at least every 2 minutes, and then keeps it in its Safety Net.`,
  ),
  modelled(
    'SH-05',
    shadowRedundancy,
    `If the first server is silent for 3 hours, or comes back with another queue database, the holder takes
    the message over and resubmits it.`,
    `When the silence begins: A-shadow-contact. What is taken over has a shadow copy again: A-promoted-are-shadowed.`,
  ),
  modelled(
    'SH-06',
    shadowRedundancy,
    `If the first server comes back later with its old database it delivers too: Exchange hides such
    duplicates, others may not.`,
  ),
  modelled(
    'SH-07',
    shadowRedundancy,
    `Each next hop of a message with several recipients has a shadow queue of its own; the copy goes when
    all are done.`,
    `They are counted as one (A-shadow-queue). Reports: A-reports-are-shadowed; journal reports are not modelled.`,
  ),
  modelled(
    'SH-08',
    shadowRedundancy,
    `Nothing protects mail on a single server, in a DAG with too few members, or when both holders are lost.`,
  ),
  modelled('SH-09', highAvailability, `The front end keeps its client waiting until both copies exist.`),
  modelled(
    'SH-10',
    shadowRedundancy,
    `Towards 2010 hubs the 2013 server keeps a copy by itself and never resubmits it.`,
    `Read so: what the hub has seen off goes to Safety Net, which sends it nothing again, nor what lies behind its connectors;
    what it has not is promoted as any other.`,
  ),
];

/** SN-01 to SN-06: Safety Net. */
export const safetyNetRules: readonly Rule[] = [
  modelled(
    'SN-01',
    safetyNet,
    `Delivered mail is kept for 2 days where it was processed, and its shadow copies where they were,
    without a limit on size. Shadows that nobody acknowledged go after 4 days.`,
    `What counts as processed: A-safety-net-keeps-all. Those 4 days count from a discard event that was not fetched in time;
    the shadow of what still lies on its server stays.`,
  ),
  modelled(
    'SN-02',
    safetyNet,
    `After a failover, or when a lagged copy is activated, Active Manager asks for the mail of a database
    and a window of time again.`,
    `The fault \`database-failover\` says what the copy lacks; a failover that the DAG makes by itself loses nothing
    (A-failover-preference). Who asks, and how: A-safety-net-requests.`,
  ),
  modelled(
    'SN-03',
    safetyNet,
    `If the first Safety Net does not answer for 12 hours the whole boundary is asked, and shadows are
    resubmitted.`,
  ),
  modelled(
    'SN-04',
    safetyNet,
    `A Safety Net that has part of the window resubmits that and asks the others for the rest at once.`,
  ),
  modelled(
    'SN-05',
    safetyNet,
    `Shadow copies know recipients as addressed: they are categorized anew, with groups as they are by then.`,
    `Groups do not change during a run.`,
  ),
  modelled(
    'SN-06',
    safetyNet,
    `What left the boundary is not resubmitted.`,
    `It is not asked for: Safety Nets outside the database's boundary, and hubs of 2007 and 2010, have nothing for it.
    Whom else the envelope of a shadow copy names gets the message again (SN-05, CAP-54).`,
  ),
];

/** BP-01 to BP-06: back pressure. */
export const backPressureRules: readonly Rule[] = [
  modelled(
    'BP',
    backPressure,
    `Each watched resource has a high, a medium and a normal level: the disk of the queue database (high
    with less than 500 MB free, 2 and 4 percent less for the others) and that of its logs, version buckets
    (2,500, 2,000, 1,750), batch points (4,000, 2,000, 1,000), memory of the service (75, 73, 71 %) and of
    all processes (94 %), the Submission queue (10,000, 4,000, 2,000).`,
    `what version buckets, batch points and memory come from are assumptions (A-version-buckets, A-batch-points,
    A-process-memory, A-all-memory)`,
  ),
  modelled(
    'BP-01',
    backPressure,
    `A server under pressure still takes connections; it refuses when the sender is named.`,
  ),
  modelled(
    'BP-02',
    backPressure,
    `At the medium level it refuses senders other than Exchange servers, Pickup and Replay; at the high
    level other Exchange servers and Mailbox Transport Submission as well.`,
    `there is no Replay directory`,
  ),
  modelled(
    'BP-03',
    backPressure,
    `Version buckets, batch points and Submission queue first slow senders down, by 10 seconds, 5 more each
    time, up to 55; only if they are not back to normal after a number of polls is mail refused.`,
  ),
  modelled(
    'BP-04',
    backPressure,
    `Besides, memory at medium is collected; total memory or Submission queue at high empty the DNS cache
    and drop the cached content of messages, so that reading gets slower.`,
    `there is no garbage to collect, and no DNS cache: look-ups take no time (A-dehydration)`,
  ),
  modelled(
    'BP-05',
    backPressure,
    `The event log has a rise of pressure as 15004, a fall as 15005, a lack of disk as 15006 and of memory
    as 15007.`,
    `each change of a level is a row of faults.csv, without the number of an event`,
  ),
  modelled(
    'BP-06',
    backPressure2016,
    `Exchange 2016 has a threshold for each change of level, such as 9,999, 15,000, 10,000 and 2,000 for the
    Submission queue, and holds back resubmission, the scan at start and, at high version buckets, delivery
    to other servers.`,
  ),
];

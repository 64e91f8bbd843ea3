import { type Assumption, assumption } from '../rule.js';

/** Shadow redundancy and Safety Net; in name order. */
export const protectionAssumptions: readonly Assumption[] = [
  assumption(
    'A-promoted-are-shadowed',
    `What a server has promoted, or resubmits from Safety Net, has a shadow copy with another server of the boundary in the
    same moment, if one takes it at the first attempts; nobody waits for that, and it does not count as accepted. Where none
    does it stays without one, also when others are back: who has it may lose it alone.`,
    `SH-02 makes copies of what is received; a promoted message would else be safe nowhere.`,
  ),
  assumption(
    'A-reports-are-shadowed',
    `A shadow copy stands for the reports about its message as well: it goes when they have gone. On promotion they go on at
    the holder; from a primary that was only silent both come, and the first to arrive counts.`,
    `SH-07 has the copy wait for them. Exchange makes them anew when the promoted message fails again.`,
  ),
  assumption(
    'A-safety-net-keeps-all',
    `Whatever the Transport service of a Mailbox server has handed on, to a mailbox, to another server or to the outside,
    stays in its queue database for \`safetyNetHoldTime\`, a copy for each queue; what was returned does not. Only
    what was written to mailboxes is ever asked for.`,
    `SN-01 says mail that was processed, and SH-10 that what goes to a 2010 hub is kept though never resubmitted. Counting all
    is the larger volume.`,
  ),
  assumption(
    'A-safety-net-requests',
    `Active Manager asks from the server with the active copy, at the moment of its activation, and again every 15 minutes while
    there is no answer; what comes back goes to that server. The shadows are asked just as often once they are.
    A shadow copy can be asked for from the moment of delivery on, and by SN-03 alone. What several have delivered, the
    mailbox dropping all but the first, several are asked for, and the first that answers resubmits it, once: when it is lost
    a second time, it counts from when it was there again. Its age counts from the request. A mailbox that has lost a message
    takes it from whoever brings it, asked or not.`,
    `SN-02 to SN-04 have the order and the 12 hours; how often, from where, and what of repeated failovers is not
    published. Were its age that of the original, a lagged copy would get its mail back expired.`,
  ),
  assumption(
    'A-shadow-attempts',
    `The servers of the boundary take turns, those of other sites first. An attempt at one that is silent takes
    \`connectTimeout\`; one that is stopped, drained or under back pressure refuses at once; one that is believed dead is
    passed over, and counts. A partner that is lost before it has acknowledged is replaced by a further choice.`,
    `SH-03 has how many attempts there are, not at whom or how long.`,
  ),
  assumption(
    'A-shadow-contact',
    `The three hours of SH-05 count from the moment from which the holder, which runs, could not have reached the primary, and
    anew when it could have. Only heartbeats look for another queue database.`,
    `SH-05 has no contact for 3 hours; counted from the last heartbeat it would be up to 2 minutes less.`,
  ),
  assumption(
    'A-shadow-made-anew',
    `A holder that is back with another queue database has none of its shadow copies. The first server learns that at the
    heartbeat at which they would have fetched its discard events, and has another copy made of what it has yet, with whoever
    takes it, as of a promoted message; while nobody does, it tries again at each heartbeat. It does not count as accepted.`,
    `SH-05 has what becomes of a primary with another queue database, nothing has what becomes of a holder. Were no copy made, mail
    that had two holders would be lost though never more than one server was down.`,
  ),
  assumption(
    'A-shadow-queue',
    `All shadow copies that a server has of one primary are in one shadow queue, and a message in several delivery queues
    has one shadow copy, whose bytes count once.`,
    `SH-07 has a shadow queue for each next hop; when the copy goes and what is promoted is the same.`,
  ),
  assumption(
    'A-shadow-traffic',
    `A shadow copy in another site crosses every link between as a message of its own. Over links without a bandwidth its
    bytes count when the message is acknowledged; else it crosses them after \`hardware.shadowCopyTimeRemote\`, shares
    their bandwidth, and the acknowledgement waits for it. A promoted message's is counted, and nobody waits for it.`,
    `SH-02 has a second SMTP connection and an acknowledgement after it; CAP-61 measured sites joined by links that nothing
    held up.`,
  ),
  assumption(
    'A-shadow-work',
    `A shadow copy, a heartbeat and a discard event cost the processor of the holder nothing, and no connection of it; how
    fast the holder is does not matter.`,
    `CAP-61 has what the acceptance takes where both work; nothing is published on its cost at the other end.`,
  ),
  assumption(
    'A-shadows-of-mailbox-servers',
    `An Edge and a hub of 2007 or 2010 acknowledge a message as soon as they have committed it.`,
    `SH-02 is of 2013. The shadow of 2010 stays with the server before, 2007 has none, and an Edge is in no
    boundary (SH-01).`,
  ),
];

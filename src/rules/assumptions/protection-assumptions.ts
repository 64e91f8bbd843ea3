import { type Assumption, assumption } from '../rule.js';

/** Shadow redundancy and Safety Net; in name order. */
export const protectionAssumptions: readonly Assumption[] = [
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
    A shadow copy can be asked for from the moment of delivery on, and by SN-03 alone. Each delivery is resubmitted once: when
    it is lost a second time, it counts from when it was there again. Its age counts from the request.`,
    `SN-02 to SN-04 have the order and the 12 hours; how often, from where, and what of repeated failovers is not
    published. Were its age that of the original, a lagged copy would get its mail back expired.`,
  ),
  assumption(
    'A-shadow-time',
    `What a shadow copy adds to an acceptance follows from the organization alone: it is the same while the partners are
    down or cannot be reached, and what is accepted then counts as any other.`,
    `That a second copy exists is not modelled before shadow redundancy is; SH-03 then has the attempts and what becomes
    of a message without one.`,
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
    'A-shadows-of-mailbox-servers',
    `An Edge and a hub of 2007 or 2010 acknowledge a message as soon as they have committed it.`,
    `SH-02 is of 2013. The shadow of 2010 stays with the server before, 2007 has none, and an Edge is in no
    boundary (SH-01).`,
  ),
];

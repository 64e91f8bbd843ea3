import { type Assumption, assumption } from '../rule.js';

/** Senders and domains outside, the ways out to them, and files put in for delivery; in name order. */
export const outsideAssumptions: readonly Assumption[] = [
  assumption(
    'A-dns-outage',
    `During a DNS outage a server's attempts at a domain, or at a smart host that is given by name, fail at
    once (\`451 4.4.0 DNS query failed\`). Sessions that stand go on, smart hosts given by address are reached,
    and so is every server of the organization. By way of a front end it is the source server that looks up.`,
    `What fails is the look-up of names outside; names inside are answered by the domain controllers, and
    cached.`,
  ),
  assumption(
    'A-edges-take-turns',
    `Where Edges are subscribed to sites that take inbound mail, outside senders offer each message to the
    next of them that runs and takes one more connection, and to front ends only while none does.`,
    `MX records point at the Edges, which serve anonymous senders (RT-59), with the front ends as records of
    lower preference; none of it is documented.`,
  ),
  assumption(
    'A-front-ends-take-turns',
    `Outside senders offer each message to the next running front end of the sites that take inbound mail.`,
    `Load balancers and MX records with equal preference do so; none is documented.`,
  ),
  assumption(
    'A-gateways',
    `A Delivery Agent connects and hands over as a remote domain takes mail, within its connector's limits;
    a Foreign connector writes a message to its directory in \`outside.acceptTime\`, without connecting.
    Neither needs DNS, and neither has the limits of a domain.`,
    `No figures are documented; CN-10 and CN-11 have the rest.`,
  ),
  assumption(
    'A-outside-domains',
    `Generated mail from and to the outside is spread evenly over ten domains of 1,000 people each.`,
    `One queue a domain (QU-06); real traffic is more uneven, which a replay shows.`,
  ),
  assumption(
    'A-outside-give-up',
    `An outside sender gives up after 2 days.`,
    `RFC 5321 asks for 4 to 5 days; common servers are set to 2 to 5.`,
  ),
  assumption(
    'A-outside-retry',
    `An outside sender tries again every 15 minutes.`,
    `RFC 5321 asks for at least 30 minutes; common servers start with 5 to 15.`,
  ),
  assumption(
    'A-pickup',
    `A poll of a Pickup directory takes a twelfth of the minute's number, the oldest files first, so that twelve polls
    take it exactly; polls are counted from the start of the Transport service. The server acknowledges to nobody and
    makes no shadow copy: it stores the message in \`hardware.commitTime\`, and until then the file lies there. A
    file with a lower \`perMinute\` slows the directory down until it is empty. The mail counts as submitted
    when its files are put there.`,
    `MW-03 and CAP-20 have the times of polls and the number a minute, not how they go together; SH-02 has the shadow
    copy as part of an SMTP session. Who replays mail wants to know when the last of it is in (CAP-69).`,
  ),
  assumption(
    'A-remote-limits',
    `A remote domain, or a smart host, takes sessions and messages of any number and size by default. With
    limits, further sessions are answered 421 when they connect, from all servers together, and larger
    messages 552 5.3.4.`,
    `Every domain has limits of its own; the settings try one for all.`,
  ),
  assumption(
    'A-remote-outage',
    `During an outage a remote domain is silent to all, or answers 4xx or 5xx to each message, after its
    accept time; of outages that overlap silence leads, then 4xx. It is met by queues that reach the domain
    itself, and by those of a smart host of that name or IP address, in brackets or not; any other smart host takes
    the domain's mail as ever. Smart hosts take turns, and the next is tried when one is silent. The domain's own senders send
    as ever. Factors of slowdowns that overlap multiply.`,
    `What a smart host does with its queue is not the organization's. Who cannot be asked, or cannot decide
    for now, refuses nothing for good.`,
  ),
  assumption(
    'A-way-out-by-front-ends',
    `By way of a front end a message takes \`hardware.frontEndTime\` more; a session stands when that of the
    front end stands. Front ends of the site take turns (UN-07): one that refuses is passed over at once,
    one that is silent after the connect time-out. Where the remote domain does not answer, no other front
    end is tried.`,
    `RT-43 says that any is picked, not how.`,
  ),
];

import { type Assumption, onOneLine } from './rule.js';

function assumption(id: string, statement: string, reason: string): Assumption {
  return { id, statement: onOneLine(statement), reason: onOneLine(reason) };
}

/** Every choice that a setting or a piece of code names by an id of its own, in name order. */
export const assumptions: readonly Assumption[] = [
  assumption(
    'A-active-manager-answers',
    `Active Manager is asked of a member of the database's DAG that runs and can be reached: first of one
    that belongs to the majority, else of the one that was parted from it last, which knows what held
    then. If none can be reached a server goes on believing what it did, at first in the first copy.`,
    `MD-01 says that the role on each member answers; what it knows without the majority is not said.`,
  ),
  assumption(
    'A-age-from-submission',
    `The age of a message, for delay notices and expiry, counts from when its sender submitted it: waits in the outbox,
    in a Pickup directory and with an outside sender are part of it.`,
    `MI-05 has the maximum time since submission, and does not say to which service.`,
  ),
  assumption(
    'A-bandwidth-shares',
    `The messages that cross a site link at a time, in both directions, share its bandwidth equally; one
    that crosses several links gets the smallest of its shares, and what it leaves of the others stays unused. A
    transfer that goes slowly does not time out. Nothing else uses the link.`,
    `Processor sharing, the usual view of TCP connections with like round trips. Handing on what a transfer
    cannot use would be max-min fairness, which real queues do not quite reach.`,
  ),
  assumption(
    'A-categorizer-order',
    `The Submission queue is worked off as messages come, also where priorities count.`,
    `PQ names the order within a delivery queue only; mail waits in the Submission queue for fractions of a second.`,
  ),
  assumption(
    'A-categorizer-slots',
    `A server categorizes 8 messages at a time.`,
    `A categorization takes 75 ms (CAP-64): 8 slots are about 100 messages a second, above any published
    load of one server.`,
  ),
  assumption(
    'A-chips-before-routing',
    `A message to more than 1,000 recipients is split as they are resolved, in their order; routing then
    parts each thousand by next hop.`,
    `RR-03 says how many a copy holds, not when it is split; resolution is the step before routing.`,
  ),
  assumption(
    'A-connection-rate',
    `New connections are counted in minutes of the clock; one too many is refused at once. Mailbox Transport
    Submission keeps its connections to Transport, so that none of them is new.`,
    `TH gives the limit, not how it is measured. A connection for each message of a user would stop a server at
    20 messages a second.`,
  ),
  assumption(
    'A-connections-in-turn',
    `A server's connections count in all of its queues together, those to mailboxes included. When there is none
    left, each that becomes free goes to the queue that has waited longest for one.`,
    `TH gives the limit, not who comes first.`,
  ),
  assumption(
    'A-costly-senders',
    `What a sender has cost is counted by each Transport service for itself, in minutes of the clock, with the
    message that is being categorized: it is the first of low priority.`,
    `MD-05 gives the limits and that they are by the minute. A message keeps what it got.`,
  ),
  assumption(
    'A-crash-counts',
    `Whenever a Transport service stops, by \`service-outage\` or with its server, each message in a categorizer
    slot counts one crash. A message with as many as \`poisonThreshold\` goes to the Poison queue when the
    service starts again.`,
    `A service that stops unplanned cannot tell which of the messages it worked on was the cause. A server that
    accepts the message later begins to count anew.`,
  ),
  assumption(
    'A-database-health',
    `A database whose health is h is delivered to by h hundredths of its threads, rounded up. The health stays what
    the setting says.`,
    `MD-04 says fewer as it falls. What store calls and latencies make of it is not documented.`,
  ),
  assumption(
    'A-delivery-threads-wait',
    `A message that finds all threads of its database or of the server taken (MD-03, CAP-20) waits there
    with its session, first come, first served. When the copy is dismounted or another one is activated it
    is answered at once; when the service stops, or the sites are parted, the session breaks at once.`,
    `MD-03 and QU-11 have a refusal and a reason to defer for the recipient limit alone: threads are a pool.`,
  ),
  assumption(
    'A-dns-outage',
    `During a DNS outage a server's attempts at a domain, or at a smart host that is given by name, fail at
    once (\`451 4.4.0 DNS query failed\`). Sessions that stand go on, smart hosts given by address are reached,
    and so is every server of the organization. By way of a front end it is the source server that looks up.`,
    `What fails is the look-up of names outside; names inside are answered by the domain controllers, and
    cached.`,
  ),
  assumption(
    'A-drain-leaves-unreachable',
    `A drain leaves the Unreachable queue alone, and a server counts as empty without it.`,
    `QU-12 redirects active delivery queues; it names shadow and Poison queues as those that stay. What is unreachable
    here is so elsewhere.`,
  ),
  assumption(
    'A-drain-limit',
    `\`drain: until-empty\` ends at the latest 7 days after the last new mail.`,
    `Mail expires after 2 days, its notification after 2 more; an outbox whose server never returns would
    wait for ever.`,
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
    'A-edge-defaults',
    `The retry intervals of an Edge are defaults of its role: they replace those of the behaviour profile, and
    whatever anybody sets, for the organization too, replaces them.`,
    `MI-01 has other defaults for Edges; what an administrator sets for all servers he means for all.`,
  ),
  assumption(
    'A-edges-take-turns',
    `Where Edges are subscribed to sites that take inbound mail, outside senders offer each message to the
    next of them that runs and takes one more connection, and to front ends only while none does.`,
    `MX records point at the Edges, which serve anonymous senders (RT-59), with the front ends as records of
    lower preference; none of it is documented.`,
  ),
  assumption(
    'A-failover-preference',
    `Of the copies whose servers run and are of the DAG's majority the one of highest preference is
    activated. The failover delay runs from when the active copy has failed and another can take over, and
    anew when that ceases in between. A holder that is back before that mounts its copy at once.`,
    `AM: how far copies lag counts, too, which the model does not follow; CAP-57 gives the delay alone.`,
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
    'A-inbound-mail-submission',
    `Where \`inboundMail: false\` leaves no Transport service to take it, mail of the mailboxes there stays in the outbox.`,
    `AS-07: all Exchange servers of the site stop receiving, and Submission is a sender like others. Whether Exchange excepts
    the server's own mailboxes is not said.`,
  ),
  assumption(
    'A-later-move-leads',
    `Of two moves of a database that overlap, the one that began later decides: the database is dismounted
    until that one ends. A target that is down, or without
    the DAG's majority, leaves the copy where it is.`,
    `An administrator's last word; nothing is documented.`,
  ),
  assumption(
    'A-link-limits',
    `Size limits of site links hold where Transport routes. Front End Transport and Mailbox Transport Submission choose a
    Transport service across links without looking at them; \`route --service\` says the same.`,
    `AS-05 has the limit in the routing of Transport, which returns what is too large; these two services return nothing.
    The links ahead of the message are looked at by the Transport service that takes it.`,
  ),
  assumption(
    'A-liveness-probe',
    `A server to which a connection has failed is believed dead, until a probe, one a minute and apart from all mail,
    or a session gets through. Queues try it last among its equals. Front End Transport and Mailbox Transport Submission
    pass over it in all tiers, and try the dead, tier by tier, where nobody else takes the session; to them a server that
    only has too many connections is not dead. That holds for each server and each of its peers, and for a peer's
    Transport and front end apart.`,
    `AS-14 names the list and the probes, no times. A queue leaves a tier only when all of it have been tried, dead or
    not: the order of the tiers is documented (RT-37 to RT-41), this list is a field report. The two services that queue
    nothing hold a client or a thread meanwhile, and have to find a healthy server quickly (RT-44, RT-45, RT-54).`,
  ),
  assumption(
    'A-longest-work',
    `No work lasts longer than twenty years, whatever its mean, its distribution and the slowdowns of servers and remote
    domains make of it; a core never finishes what it would finish later than forty years after the start.`,
    `The longest run, with its drain, takes twenty: what would last longer ends in no run, and sums of times stay within
    what the clock can show.`,
  ),
  assumption(
    'A-loss-mathis',
    `Packet loss bounds each transfer by itself: segments of 1,460 bytes by the round trip, times sqrt(3/2)
    by the square root of the loss over all links of the chain. The round trip is twice their latency.`,
    `Mathis, Semke, Mahdavi and Ott, The macroscopic behavior of the TCP congestion avoidance algorithm
    (1997), with the constant for acknowledging every packet. It leaves time-outs of TCP out, which rule from some
    per cent of loss on: there it overstates what gets through.`,
  ),
  assumption(
    'A-majority',
    `One group of members at most has the majority: the largest in which all see each other, with more than
    half of all votes; votes do not change with who is up. Where several groups would be as large, the
    witness votes for the one with the first member by name.`,
    `Design section 6; dynamic quorum came with Windows Server 2012 and is not in the documents.`,
  ),
  assumption(
    'A-move-before-failover',
    `A failover that falls due while a move of the database is under way waits for it, and comes at once if
    the move leaves the copy where it was.`,
    `As A-later-move-leads: an administrator's move is not interrupted. Undocumented.`,
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
    'A-network-keeps-costs',
    `When the cost of a site link changes during a run, mail is routed by the new cost, and bytes between two sites go
    on taking the links that they took.`,
    `Connections are direct (AS-04): which links they cross is for routers to say, and these do not read Active
    Directory. Hubs and back-off sites, whose mail does take other links, follow the new cost.`,
  ),
  assumption(
    'A-notification-size',
    `A notification is 10 KB and, in an NDR, the original up to 10 MB.`,
    `NDR-03 has the attachment; the rest is the size of a plain NDR.`,
  ),
  assumption(
    'A-offered-load',
    `\`check\` reckons the load of the workloads against capacity with everything up, every database on its first copy
    and no retries; of mail that is drawn, the first recipient chooses the Transport service; a
    session carries as many messages as it may, and has the links on its way to itself.`,
    `The utilization law needs means alone; RT-48 looks at 20 recipients, but four messages in five have one (WL-05).
    Where queues grow, connections are full.`,
  ),
  assumption(
    'A-older-submission',
    `Mail of a mailbox of 2007 or 2010 is fetched from the active copy's server by a hub of its version in its
    site, these taking turns. With none that answers it stays in the outbox and is offered again after
    \`mailboxTransport.submissionRetryInterval\`. It takes the times of Mailbox Transport Submission.`,
    `The submission service of these versions notifies any hub of the site, whose store driver fetches the
    message; the reference is silent on them.`,
  ),
  assumption(
    'A-outbox-waits',
    `A user's message stays in the outbox while the database is dismounted or the submission service is
    down, and is taken as soon as that ends.`,
    `RT-50: Mailbox Transport is stateless.`,
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
    'A-priority-connections',
    `Where priorities count, connections of a queue stay within \`maxPerDomainOutboundConnections\` besides those
    of each priority; a mailbox queue has its own limit only. Notifications and generated mail are normal.`,
    `PQ says that the values by priority take the place of the others, which with its defaults is the same.`,
  ),
  assumption(
    'A-processor-beside',
    `Each stage of a message at a server (Front End Transport, submission, acceptance, categorizer, relay or hand-over to
    the outside, writing to a database) needs \`hardware.cpuPerMessage\` of its processor; the stage ends when its own time
    and that work are both over. Opening a connection needs none, and of what is sent to a database the receiver's writing
    is the one stage: the sender needs none.`,
    `UN-08 names the work of a message, not its place; most of a stage's time is waiting for disks and networks. CAP-64
    has one time for a delivery to a mailbox, that of writing.`,
  ),
  assumption(
    'A-random-failures',
    `Times between random failures, from the end of one to the beginning of the next, and times to repair are
    exponential; each object fails by itself and never while it has failed already.`,
    `The usual model of failure and repair; other faults may overlap with them.`,
  ),
  assumption(
    'A-receive-connectors',
    `Whom and what a server takes by SMTP does not depend on receive connectors: front ends and Edges accept mail from outside
    for any domain, also one that only a connector leads to (no 5.7.1 relay denied), within the limits of the organization
    alone, not those of a connector on size (35 or 36 MB) and recipients (200 at front ends).`,
    `An organization file has no receive connectors; mail to be relayed is let in as if a connector with that permission were
    there. Of sizes the limit of the organization is the lower one by default.`,
  ),
  assumption(
    'A-recipient-thread-wait',
    `A delivery to a recipient at its limit waits 5 seconds at the most, without a thread, before those
    recipients are refused with 432 4.3.2 and tried again by themselves. Recipients that are free are
    written first.`,
    `MD-03 says only that what is beyond the limit is tried again; taken to the letter two messages that
    meet by chance would be a retry interval apart, 15 minutes. 0 gives that reading.`,
  ),
  assumption(
    'A-refresh-on-refusal',
    `The fresh answer that a rerouted message is resolved with replaces the believed one.`,
    `Otherwise every message until the cache ages out would be refused; the setting tries it.`,
  ),
  assumption(
    'A-relay-time',
    `A relay to another Transport service takes 20 ms besides latency and commit.`,
    `CAP-61: data takes 2 to 6 ms inside a site; the rest is the session's.`,
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
    'A-replication',
    `Active Directory replication between sites takes 15 minutes.`,
    `The usual interval of site links; 180 minutes is the default, which nobody keeps. Changes are made where the first
    site of the organization is: its servers need not wait for it.`,
  ),
  assumption(
    'A-reply-times',
    `Those who reply to all do so at times spread evenly over the span, counted from the first message, whenever it
    reached them.`,
    `So the load is the same whatever happens to the first message, and runs can be compared (WL-14).`,
  ),
  assumption(
    'A-rerouting-keeps-timers',
    `A queue in Retry whose messages keep their next hop when the configuration changes waits for its timer.`,
    `CN-12 names what is resubmitted: the mail of other connectors. Nothing is said of the rest.`,
  ),
  assumption(
    'A-restart-tries-at-once',
    `A Transport service that starts again tries all its queues at once, from the beginning of the retry
    ladder.`,
    `Queue states are memory, the queue database is not (QU-02).`,
  ),
  assumption(
    'A-retries-counted',
    `A queue is tried again when it had nobody to send by any more: attempts are numbered from the failure of its
    last session on. A further session that fails while others send is none of these: it has no row in
    \`retries.csv\`, and the next one is no retry. Nor are attempts of Submission and of outside senders, which have
    no queue. A connection that is refused counts as an attempt at a server like any other that fails.`,
    `QU-07: a queue is in Retry when its last connection has failed; design section 6 counts further attempts of a
    queue, not of a session.`,
  ),
  assumption(
    'A-retry-follows-move',
    `A mailbox queue in Retry does not wait for its timer when another copy than the one that failed is active: its
    server asks Active Manager once more, as soon as its last answer has aged out, and tries again at once if it is told
    of another server. If it can ask nobody, or is told the same, the timer stays. Such an attempt is a retry like any
    other, and begins a cycle (CAP-66).`,
    `CAP-52 does not say how routing learns the new server of a copy that was moved. A server asks when its answer is
    old (MD-01).`,
  ),
  assumption(
    'A-routing-reload',
    `A server uses a changed configuration one minute after it has reached its site, all its services at once.`,
    `AS-13 says on change; reading it and making the tables takes a while. A server that starts reads what is there.`,
  ),
  assumption(
    'A-run-queue',
    `The cores of a server are equal and work off one run queue, first come, first served, for all services; a message
    that is sent takes its place in the receiver's run queue when its sending begins. A service that stops leaves its
    work there, a server that stops drops it.`,
    `Time slices of an operating system are far shorter than a message's work is long; with equal work both give the
    same throughput.`,
  ),
  assumption(
    'A-service-distribution',
    `Service times are exponential around their means.`,
    `The usual choice where only means are known; \`deterministic\` and \`lognormal\` can be chosen.`,
  ),
  assumption(
    'A-shadow-time',
    `What a shadow copy adds to an acceptance follows from the organization alone: it is the same while the partners are
    down or cannot be reached, and what is accepted then counts as any other.`,
    `That a second copy exists is not modelled before shadow redundancy is; SH-03 then has the attempts and what becomes
    of a message without one.`,
  ),
  assumption(
    'A-shadows-of-mailbox-servers',
    `An Edge and a hub of 2007 or 2010 acknowledge a message as soon as they have committed it.`,
    `SH-02 is of 2013. The shadow of 2010 stays with the server before, 2007 has none, and an Edge is in no
    boundary (SH-01).`,
  ),
  assumption(
    'A-site-outage-links',
    `An outage of a site silences its servers, not the Edges subscribed to it, and cuts its links as far as
    they join this site: the other sites of a link of three or more stay joined.`,
    `An Edge stands in no site (RT-57). A link of many sites is a provider's network, which does not fail with
    one of its customers.`,
  ),
  assumption(
    'A-slowdown-begins-with-the-next',
    `A server that becomes slower or faster takes the new time for what it begins from then on.`,
    `What is under way has its end already; a stage lasts a fraction of a second.`,
  ),
  assumption(
    'A-slowdowns-worst',
    `A slowdown of a site link replaces what the organization gives it; of several at once the smallest
    bandwidth, the longest latency and the largest loss that any of them names count.`,
    `The design names what the link has while the fault lasts, and nothing of several.`,
  ),
  assumption(
    'A-smallest-message',
    `The smallest typical message has 512 bytes.`,
    `WL-07 gives only upper bounds; headers alone are about that.`,
  ),
  assumption(
    'A-smtp-round-trips',
    `A message arrives three one-way latencies after its sender starts.`,
    `Pipelined envelope, go-ahead, content. Measured: 35 to 53 ms between sites (CAP-61), 12 ms one way.`,
  ),
  assumption(
    'A-store-driver',
    `The store driver of a hub writes by RPC to the server that holds the active copy, in whatever site: at the
    times of a delivery over SMTP, within the same limits, with the same answers. A database of a 2010 DAG that
    moves to another site is still served by the hubs of the site of its first copy.`,
    `RT-21 has the RPC and no figures, MD-02 is as in 2010. RT-33 gives such a database one site, and routing
    takes it from the configuration, not from what is active.`,
  ),
  assumption(
    'A-submission-retry',
    `Mailbox Transport Submission tries again after a minute when no Transport service takes a message.`,
    `Undocumented.`,
  ),
  assumption(
    'A-submission-threads',
    `A submission lasts from the reading of the message until Transport has acknowledged it or has not taken it: so
    long a thread is held, and \`maxConcurrentMailboxSubmissions\` counts it. A message that waits to be tried again
    holds none.`,
    `TH limits concurrent submissions and does not say when one ends; until the acknowledgement the message is the
    mailbox's (RT-50).`,
  ),
  assumption(
    'A-submission-time',
    `Mailbox Transport Submission works 20 ms on a message.`,
    `As Front End Transport, which does the same work.`,
  ),
  assumption(
    'A-turn-outlives-queue',
    `Which of equal servers has its turn goes on where it was when a queue comes back that had been empty for
    longer than \`queueMaxIdleTime\`.`,
    `A queue that is rarely used would otherwise send to the first server only. Where Exchange keeps the turn
    is not documented (UN-07).`,
  ),
  assumption(
    'A-two-humps',
    `The two-humps day weighs 1.6 from 9 to 11 and 14 to 16, 0.5 from 12 to 14, 0.8 in other office hours,
    0.12 at night.`,
    `WL-03 names the shape, not the figures.`,
  ),
  assumption(
    'A-way-out-by-front-ends',
    `By way of a front end a message takes \`hardware.frontEndTime\` more; a session stands when that of the
    front end stands. Front ends of the site take turns (UN-07): one that refuses is passed over at once,
    one that is silent after the connect time-out. Where the remote domain does not answer, no other front
    end is tried.`,
    `RT-43 says that any is picked, not how.`,
  ),
  assumption(
    'A-witness-site',
    `The witness of a DAG stands in the site of its first member, where nothing else is said, and is
    lost with the site.`,
    `Usually a file server next to the first members.`,
  ),
  assumption(
    'A-write-per-recipient',
    `A message to several mailboxes of a database is written once for each, one after another; all count as
    delivered when the last is written, or when the rest is refused.`,
    `There is no single-instance storage in 2013.`,
  ),
  assumption(
    'A-writes-finish',
    `The recipient that is being written when a database is dismounted or moved is written; those behind it
    in the message are answered as the copy then stands.`,
    `A clean dismount waits for what is under way; the time of one write is below its resolution.`,
  ),
];

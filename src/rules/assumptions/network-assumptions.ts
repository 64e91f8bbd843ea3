import { type Assumption, assumption } from '../rule.js';

/** Site links, SMTP over them, and how a change of the configuration spreads; in name order. */
export const networkAssumptions: readonly Assumption[] = [
  assumption(
    'A-bandwidth-shares',
    `The messages that cross a site link at a time, in both directions, share its bandwidth equally; one
    that crosses several links gets the smallest of its shares, and what it leaves of the others stays unused. Nothing
    else uses the link.`,
    `Processor sharing, the usual view of TCP connections with like round trips. Handing on what a transfer
    cannot use would be max-min fairness, which real queues do not quite reach.`,
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
    'A-loss-mathis',
    `Packet loss bounds each transfer by itself: segments of 1,460 bytes by the round trip, times sqrt(3/2)
    by the square root of the loss over all links of the chain. The round trip is twice their latency.`,
    `Mathis, Semke, Mahdavi and Ott, The macroscopic behavior of the TCP congestion avoidance algorithm
    (1997), with the constant for acknowledging every packet. It leaves time-outs of TCP out, which rule from some
    per cent of loss on: there it overstates what gets through.`,
  ),
  assumption(
    'A-network-keeps-costs',
    `When the cost of a site link changes during a run, mail is routed by the new cost, and bytes between two sites go
    on taking the links that they took.`,
    `Connections are direct (AS-04): which links they cross is for routers to say, and these do not read Active
    Directory. Hubs and back-off sites, whose mail does take other links, follow the new cost.`,
  ),
  assumption(
    'A-relay-time',
    `A relay to another Transport service takes 20 ms besides latency and commit.`,
    `CAP-61: data takes 2 to 6 ms inside a site; the rest is the session's.`,
  ),
  assumption(
    'A-replication',
    `Active Directory replication between sites takes 15 minutes.`,
    `The usual interval of site links; 180 minutes is the default, which nobody keeps. Changes are made where the first
    site of the organization is: its servers need not wait for it.`,
  ),
  assumption(
    'A-routing-reload',
    `A server uses a changed configuration one minute after it has reached its site, all its services at once.`,
    `AS-13 says on change; reading it and making the tables takes a while. A server that starts reads what is there.`,
  ),
  assumption(
    'A-session-timeout',
    `A session that has been open for \`connectionTimeout\` takes no further message, and breaks where content is on its way
    over a link that has a bandwidth or loses packets: that is sent anew, from its beginning. Work at either end and
    shadow copies on their way do not time out. Sessions that are idle do not occur, those to the outside have no such limit.`,
    `TH: the time-out holds for sessions that are in use, too. A session is closed when nothing follows.`,
  ),
  assumption(
    'A-site-outage-links',
    `An outage of a site silences its servers, not the Edges subscribed to it, and cuts its links as far as
    they join this site: the other sites of a link of three or more stay joined.`,
    `An Edge stands in no site (RT-57). A link of many sites is a provider's network, which does not fail with
    one of its customers.`,
  ),
  assumption(
    'A-slowdowns-worst',
    `A slowdown of a site link replaces what the organization gives it; of several at once the smallest
    bandwidth, the longest latency and the largest loss that any of them names count.`,
    `The design names what the link has while the fault lasts, and nothing of several.`,
  ),
  assumption(
    'A-smtp-round-trips',
    `A message arrives three one-way latencies after its sender starts.`,
    `Pipelined envelope, go-ahead, content. Measured: 35 to 53 ms between sites (CAP-61), 12 ms one way.`,
  ),
];

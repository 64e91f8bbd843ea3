import { modelled, type Rule } from './rule.js';
import { mailRouting } from './sources.js';

const mr = mailRouting;

/** RT-01 to RT-29: services, routing destinations, delivery groups and queues. */
export const routingConcepts: readonly Rule[] = [
  modelled(
    'RT-01',
    mr,
    `Every Mailbox server has a Transport service. Whatever it takes in, from users or from outside, its
    categorizer looks at first, and decides where the message goes.`,
  ),
  modelled(
    'RT-02',
    mr,
    `Routing knows DAGs: membership of a DAG is a boundary of routing, whatever sites the DAG spans. A
    server is in one DAG at most.`,
  ),
  modelled(
    'RT-03',
    mr,
    `For Mailbox servers in no DAG, and towards servers of older versions, the Active Directory site is the
    boundary.`,
  ),
  modelled(
    'RT-04',
    mr,
    `A Transport service never touches a database. It hands over to a Mailbox Transport service, which alone
    works on a database, and only on one of its own server.`,
  ),
  modelled(
    'RT-05',
    mr,
    `In a DAG a message for a mailbox is accepted only by the Mailbox Transport of the server that holds the
    active copy of the mailbox's database.`,
  ),
  modelled(
    'RT-06',
    mr,
    `Exchange 2013 speaks RPC only inside a server, between Mailbox Transport and an active database there.
    From server to server all goes by SMTP, whichever of the two services is concerned.`,
    `The store driver of an older hub may write to another server of its site (RT-21).`,
  ),
  modelled(
    'RT-07',
    mr,
    `Mail for a remote site does not wait in one queue: each destination in it, such as each Send connector,
    has a queue of its own.`,
  ),
  modelled(
    'RT-08',
    mr,
    `A Receive connector can no longer be linked to a Send connector that all its mail leaves by. A
    description that has one is in error.`,
    `That it is an error is our reading.`,
  ),
  modelled('RT-09', mr, `Recipients are resolved first; then each resolved recipient is routed.`),
  modelled(
    'RT-10',
    mr,
    `The final destination of a recipient is its routing destination: a mailbox database, a connector, or
    the server that expands a distribution group.`,
  ),
  modelled(
    'RT-11',
    mr,
    `For a recipient with a mailbox in the organization the destination is the mailbox's database. A public
    folder is such a mailbox.`,
  ),
  modelled(
    'RT-12',
    mr,
    `For a recipient outside it is a connector: a Send connector for SMTP addresses, a Delivery Agent or
    Foreign connector for others.`,
  ),
  modelled(
    'RT-13',
    mr,
    `For a group that names its expansion server it is that server: a 2013 Mailbox server, or a 2007 or 2010
    server with Hub Transport.`,
  ),
  modelled(
    'RT-14',
    mr,
    `Each destination has a delivery group: the transport servers that can deliver to it. A transport server
    is a 2013 Mailbox server, or a 2007 or 2010 server with Hub Transport.`,
  ),
  modelled(
    'RT-15',
    mr,
    `The group of a database has servers of the database's Exchange version only. Groups of connectors and
    expansion servers may mix versions.`,
  ),
  modelled(
    'RT-16',
    mr,
    `A server inside the destination's group is one hop from the end: it sends to the database, or through
    the connector, itself.`,
  ),
  modelled(
    'RT-17',
    mr,
    `Where a message to a group has reached its expansion server, the group is expanded before routing
    starts: what is routed there are members, to databases and connectors.`,
  ),
  modelled(
    'RT-18',
    mr,
    `A server outside the group relays towards it over the least-cost path: straight to a server of the
    group, or by transport servers on the way, as the topology asks.`,
  ),
  modelled(
    'RT-19',
    mr,
    `Routable DAG: the Mailbox servers of a 2013 DAG form one group, over all its sites, for the databases
    of that DAG. The member that takes a message passes it to the Mailbox Transport of the member with the
    active copy.`,
    `That a DAG mixes no versions is an error of the description.`,
  ),
  modelled(
    'RT-20',
    mr,
    `Mailbox delivery group: the transport servers of one version in one site serve the databases of that
    version there, but for those of 2013 DAGs.`,
  ),
  modelled(
    'RT-21',
    mr,
    `A message for an older mailbox ends at any hub of its version and site, whose store driver writes to
    the database. For a 2013 database outside a DAG the Transport service that has taken it passes it to a
    Mailbox Transport.`,
    `Which servers take it for a 2013 database is DC-10; what an older hub's writing takes, A-store-driver.`,
  ),
  modelled(
    'RT-22',
    mr,
    `Connector source servers: the servers named as sources of a connector are its group, of any version and
    in any sites. Who is not among them relays to them.`,
  ),
  modelled(
    'RT-23',
    mr,
    `AD site: a group to pass through, never a final one, of all transport servers of a site. It stands for
    a hub site on the least-cost path (a), and for the site that an Edge is subscribed to, seen from other
    sites (b).`,
  ),
  modelled(
    'RT-24',
    mr,
    `Delayed fan-out happens only where the next group is an AD site: recipients that share the next AD site
    share one copy of the message, which splits there.`,
    `What "share" means is DC-01: the same next hop, or, with \`transport.delayedFanOut: fork-site\`, a part
    of the way.`,
  ),
  modelled(
    'RT-25',
    mr,
    `Server list: a server that expands groups is a group by itself, of whatever version it is.`,
  ),
  modelled(
    'RT-26',
    mr,
    `A server may be in several groups at once: in that of its DAG, and in that of each connector it is a
    source of.`,
  ),
  modelled(
    'RT-27',
    mr,
    `Which kind of group serves which destination: a database of a 2013 DAG a routable DAG; any other
    database, one of a 2010 DAG included, a mailbox delivery group; a connector its source servers, or if
    these are Edges the AD site they are subscribed to; an expansion server its server list.`,
  ),
  modelled(
    'RT-28',
    mr,
    `Every recipient carries the key of its next hop, the NextHopSolutionKey. Recipients of a message with
    equal keys share a copy; each key that a server uses is one delivery queue of it.`,
  ),
  modelled(
    'RT-29',
    mr,
    `The server that takes a message categorizes it again and puts it into a queue of its own. The type of a
    queue tells whether the message will be relayed once more after its next hop.`,
  ),
];

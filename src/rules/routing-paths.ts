import { modelled, type Rule } from './rule.js';
import { mailRouting } from './sources.js';

const mr = mailRouting;

/** RT-30 to RT-42: paths, primary sites, hub sites, fallback and back-off. */
export const routingPaths: readonly Rule[] = [
  modelled(
    'RT-30',
    mr,
    `The cheapest way wins: the sum of the costs of the IP site links that are crossed, plus, towards a
    connector, the cost of the address space that matched.`,
  ),
  modelled('RT-31', mr, `Of equally cheap ways the one with the fewest hops wins.`),
  modelled(
    'RT-32',
    mr,
    `Of ways that tie on both, the names of the sites before the destination decide, from the destination
    back: at the first site that differs the lower name wins.`,
    `What is lower is UN-02.`,
  ),
  modelled(
    'RT-33',
    mr,
    `A group may span sites, so that several least-cost paths lead to it. The site of the group that is
    nearest to the source by RT-30 to RT-32 is its primary site. In Exchange 2010 a recipient belongs to
    one site.`,
    `Sites that tie even so: UN-01. The one site of a database of a 2010 DAG is taken to be that of its
    active copy.`,
  ),
  modelled(
    'RT-34',
    mr,
    `A message may not pass by a hub site on the path to the primary site. The hub nearest the source
    becomes the next group, an AD site of all its transport servers; from there the message goes on along
    the path.`,
  ),
  modelled(
    'RT-35',
    mr,
    `A primary site that is a hub itself is treated as one: a source connects to servers of that site alone,
    even if the group spans sites, and prefers those that belong to the group.`,
    `Behind them, as further tier, stand the hub's other servers.`,
  ),
  modelled('RT-36', mr, `A hub site that is not on the path to the primary site is not looked at.`),
  modelled('RT-37', mr, `The servers to send to are those of the group that stand in the primary site.`),
  modelled(
    'RT-38',
    mr,
    `If none of them can be reached and the group spans sites, its servers in the other sites are tried,
    nearest site first.`,
  ),
  modelled(
    'RT-39',
    mr,
    `With a server of the group in the source's own site the fallback ends there: the message is already as
    near as it can get.`,
  ),
  modelled(
    'RT-40',
    mr,
    `Towards a remote group every other transport server of the primary site is tried next.`,
    `Of which versions: UN-15.`,
  ),
  modelled(
    'RT-41',
    mr,
    `At last the message backs off along the least-cost path to the primary site, site by site from the far
    end, until some server takes it and it is as near to its destination as it can get. The source's own
    site is no stop; with nobody left it waits at the source, in Retry.`,
  ),
  modelled(
    'RT-42',
    mr,
    `Between sites Exchange 2013 routes as 2010 does: in one site servers of all versions reckon with the
    same paths, hubs and tiers.`,
  ),
];

/** RT-43 to RT-60: the services around Transport, and Edge Transport. */
export const routingServices: readonly Rule[] = [
  modelled(
    'RT-43',
    mr,
    `Front End Transport is a stateless proxy for mail from outside and, for Send connectors that ask for
    it, to the outside: then the source server sends through any Client Access server of its own site. It
    has no Send connectors.`,
    `Which one, and what it costs: A-way-out-by-front-ends.`,
  ),
  modelled(
    'RT-44',
    mr,
    `For mail from outside it must quickly find one Transport service that works, however many recipients of
    whatever kind there are; else senders take the organization for down. It uses tables and delivery
    groups as Transport does.`,
  ),
  modelled(
    'RT-45',
    mr,
    `Front End Transport is in no delivery group, not even on a server with both roles, talks to the
    Transport services of 2013 Mailbox servers alone, knows no Send connectors, and keeps the Mailbox
    servers of its own site as a last resort.`,
  ),
  modelled(
    'RT-46',
    mr,
    `It resolves recipients to databases, and each database to its group and route: a routable DAG, a
    mailbox delivery group, or an AD site on the way. Groups, contacts and addresses outside have no
    destination there.`,
  ),
  modelled(
    'RT-47',
    mr,
    `One mailbox recipient: a Mailbox server of the group of its database, in the nearest site of that
    group. A hub site may lie on the way.`,
  ),
  modelled(
    'RT-48',
    mr,
    `Several mailbox recipients: the first 20 of them are looked at, and a Mailbox server of the nearest of
    their groups takes the whole message. The front end never splits a message.`,
    `Which 20: UN-13. Equally near groups: UN-14.`,
  ),
  modelled('RT-49', mr, `No mailbox recipient: any Mailbox server of the front end's own site.`),
  modelled(
    'RT-50',
    mr,
    `Mailbox Transport is two services without queues: Delivery takes messages by SMTP and writes them to a
    database of its server; Submission takes them out of a database of its server and passes them by SMTP
    to a Transport service.`,
  ),
  modelled(
    'RT-51',
    mr,
    `Mailbox Transport belongs to the group that its server is in by its databases: the local delivery
    group.`,
  ),
  modelled(
    'RT-52',
    mr,
    `Submission does not prefer its own server or group: it knows the topology as Transport does and may
    send elsewhere. The local group is its fallback, and takes what has no mailbox recipient.`,
    `With \`mailboxTransport.submissionReach: own-site\` it stays in its site: DC-02.`,
  ),
  modelled(
    'RT-53',
    mr,
    `Mailbox Transport talks only to Transport services of 2013 Mailbox servers, and only to databases of
    its own server.`,
  ),
  modelled(
    'RT-54',
    mr,
    `Submission chooses as the front end does: by the one mailbox recipient, by the nearest group of the
    first 20, and without any a server of the local delivery group.`,
    `That it splits no message either is our reading: the document says so of the front end only.`,
  ),
  modelled(
    'RT-55',
    mr,
    `Delivery accepts a message for a mailbox in an active copy on its own server. Else it answers so that
    the message is tried again, returned, or sent elsewhere: as when a copy has just moved and the sender
    did not know.`,
    `Which answer follows from what is MD-02.`,
  ),
  modelled(
    'RT-56',
    mr,
    `Edge Transport relays mail between the Internet and the organization. It queues what it takes, by
    external domain or Send connector.`,
  ),
  modelled(
    'RT-57',
    mr,
    `An Edge stands in no site of its own. Subscribed to a site it belongs to it for routing: the Mailbox
    servers of that site relay to it and from it without a Send connector made by hand.`,
  ),
  modelled(
    'RT-58',
    mr,
    `From other sites mail for such an Edge goes to the subscribed site first: its group is that AD site,
    and any transport server there passes it on, by the invisible connector that all servers use among
    themselves.`,
  ),
  modelled(
    'RT-59',
    mr,
    `From a Mailbox server to an Edge no Client Access server is passed. The Edge categorizes and queues
    anew, and sends out by the connector that its subscription made.`,
    `Receive connectors are not described.`,
  ),
  modelled(
    'RT-60',
    mr,
    `What the Edge takes from the Internet it categorizes, queues, and sends by its connector for inbound
    mail: to the Front End Transport of a server with both roles, straight to the Transport service of one
    with Mailbox alone. A 2007 or 2010 Edge passes no front end.`,
    `Decided for each target server: DC-13. Where from outside mail comes to it: A-edges-take-turns.`,
  ),
];

import type { Topology } from '../../topology/index.js';
import type { DeliveryGroup } from '../delivery-group.js';
import type { DeliveryGroupKindName, NextHop } from '../next-hop.js';
import { type OutcomeList, sizeText } from './outcome-list.js';
import type { RoutingView } from './routing-view.js';

const destinationRules = {
  'mailbox-database': ['RT-11', 'the destination is the mailbox database'],
  connector: ['RT-12', 'the destination is the connector'],
  'expansion-server': ['RT-13', 'the destination is the expansion server'],
} as const;

const groupRules: Readonly<Record<DeliveryGroupKindName, readonly [rule: string, text: string]>> = {
  'routable-dag': ['RT-19', 'its delivery group is the DAG'],
  'mailbox-delivery-group': ['RT-20', 'its delivery group is the servers of one version and site'],
  'connector-source-servers': ['RT-22', 'its delivery group is the source servers of the connector'],
  'ad-site': ['RT-23', 'its delivery group is the AD site that the Edge is subscribed to'],
  'server-list': ['RT-25', 'its delivery group is the expansion server alone'],
};

/** What the destination is, and which servers are responsible for it: RT-11 to RT-13, RT-19 to RT-27, QU-05, IV-01. */
export function explainDestination(list: OutcomeList, topology: Topology, hop: NextHop): void {
  const { destination, destinationGroup } = hop;
  const [rule, text] = destinationRules[destination.kind];
  list.considered(rule, 'destination', `${text} ${destination.name}`);
  const [groupRule, groupText] = groupRules[destinationGroup.kind];
  list.considered(groupRule, 'group', `${groupText}: ${destinationGroup.name}`);
  if (destination.kind !== 'mailbox-database') return;
  const { servers, databases } = topology;
  const { majorVersion, copies, dag, name } = databases[destination.index]!;
  const { version, site } = servers[copies[0]!]!;
  if (majorVersion === 15) {
    if (hop.key.deliveryType === 'SmtpRelayToMailboxDeliveryGroup') {
      const type = `a remote 2013 database outside a DAG has no documented queue type; taken for ${destinationGroup.name}`;
      list.decided('QU-05', 'queue', type);
    }
    return;
  }
  if (servers[hop.server]!.majorVersion === 15) {
    const only = `2013 never writes to a database of ${version}: the message goes to a hub of that version`;
    list.decided('IV-01', 'group', only);
  }
  if (dag !== -1) {
    const own = `${name} belongs to ${list.site(site)}, where it is active`;
    list.decided('RT-27', 'group', `a DAG of ${version} is no delivery group: ${own}`);
  }
}

/** Why no way leads to a delivery group: RT-15, AS-07, RT-18. */
export function explainUnreachable(list: OutcomeList, topology: Topology, group: DeliveryGroup): void {
  const { name, members, receivers } = group;
  if (members.length === 0) {
    list.decided('RT-15', 'group', `no transport server of that version is in ${name}: nobody serves it`);
  } else if (receivers.length === 0) {
    const sites = [...new Set(members.map((member) => topology.servers[member]!.site))];
    const text = `nobody in ${name} takes mail: InboundMailEnabled of ${list.sites(sites)} is off`;
    list.decided('AS-07', 'group', text);
  } else {
    list.decided('RT-18', 'group', `no path leads to a server of ${name} that takes mail`);
  }
}

/** The size limits of the links on the way: AS-05. */
export function explainLinkLimits(
  list: OutcomeList,
  { topology, paths }: RoutingView,
  hop: NextHop,
  sizeBytes: number,
): void {
  const limit = hop.maxMessageSizeBytes;
  if (limit === Number.POSITIVE_INFINITY) return;
  const narrowest = paths
    .links(hop.path.sites[0]!, hop.primarySite)
    .map((link) => topology.siteLinks[link]!)
    .find(({ maxMessageSizeBytes }) => maxMessageSizeBytes === limit)!;
  const takes = `link ${narrowest.name} on the path takes messages up to ${sizeText(limit)}`;
  if (sizeBytes <= limit) list.considered('AS-05', 'size', takes);
  else list.decided('AS-05', 'size', `${takes}, this one has ${sizeText(sizeBytes)}: returned`);
}

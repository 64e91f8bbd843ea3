import type { Topology } from '../../topology/index.js';
import type { DeliveryGroupKindName, NextHop } from '../next-hop.js';
import type { OutcomeList } from './outcome-list.js';

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

/** What the destination is, and which servers are responsible for it: RT-11 to RT-13, RT-19 to RT-25, IV-01. */
export function explainDestination(list: OutcomeList, topology: Topology, hop: NextHop): void {
  const { destination, destinationGroup } = hop;
  const [rule, text] = destinationRules[destination.kind];
  list.considered(rule, 'destination', `${text} ${destination.name}`);
  const [groupRule, groupText] = groupRules[destinationGroup.kind];
  list.considered(groupRule, 'group', `${groupText}: ${destinationGroup.name}`);
  if (destination.kind !== 'mailbox-database') return;
  const { majorVersion, copies, dag, name } = topology.databases[destination.index]!;
  const { version } = topology.servers[copies[0]!]!;
  if (majorVersion === 15) {
    if (hop.key.deliveryType === 'SmtpRelayToMailboxDeliveryGroup') {
      const type = `a remote 2013 database outside a DAG has no documented queue type; taken for ${hop.destinationGroup.name}`;
      list.decided('QU-05', 'queue', type);
    }
    return;
  }
  if (hop.kind === 'relay') {
    const only = `2013 never writes to a database of ${version}: the message goes to a hub of that version`;
    list.decided('IV-01', 'group', only);
  }
  if (dag !== -1) {
    const site = list.site(topology.servers[copies[0]!]!.site);
    const text = `a DAG of ${version} is no delivery group: ${name} belongs to ${site}, where it is active`;
    list.decided('RT-27', 'group', text);
  }
}

/** The size limits of the links on the way: AS-05. */
export function explainLinkLimits(
  list: OutcomeList,
  hop: NextHop,
  sizeBytes: number,
  text: (bytes: number) => string,
): void {
  const limit = hop.maxMessageSizeBytes;
  if (limit === Number.POSITIVE_INFINITY) return;
  if (sizeBytes > limit) {
    const reason = `a link on the path takes messages up to ${text(limit)}, this one has ${text(sizeBytes)}: returned`;
    list.decided('AS-05', 'size', reason);
  } else {
    list.considered('AS-05', 'size', `the links on the path take messages up to ${text(limit)}`);
  }
}

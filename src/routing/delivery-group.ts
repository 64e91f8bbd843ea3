import type { Topology } from '../topology/index.js';
import { deliveryGroupKinds } from './delivery-groups/index.js';
import type { DeliveryGroupDescription } from './delivery-groups/kind.js';
import type { DeliveryGroupKindName, DeliveryGroupReference } from './next-hop.js';
import { SiteMembers } from './site-members.js';

/** A delivery group of an organization, with what routing asks of it. */
export interface DeliveryGroup extends DeliveryGroupDescription {
  readonly index: number;
  readonly reference: DeliveryGroupReference;
  /** Members that take mail from other servers, in site name order: sites with inbound mail off have none (AS-07). */
  readonly receivers: readonly SiteMembers[];
}

/** All delivery groups, and the one group of each destination (RT-14, RT-27); -1 for what has none. */
export interface DeliveryGroups {
  readonly groups: readonly DeliveryGroup[];
  readonly ofDatabase: Int32Array;
  readonly ofConnector: Int32Array;
  /** By server. */
  readonly ofExpansionServer: Int32Array;
  /** By site: the group of all its transport servers (RT-23). */
  readonly ofSite: Int32Array;
  /**
   * By server: the group that serves its own databases of Exchange 2013, which its Mailbox Transport belongs to
   * (RT-51). -1 for other versions.
   */
  readonly localGroup: Int32Array;
  /** By server: the routable DAG that it is a member of; -1 if none. */
  readonly routableDagOf: Int32Array;
  /** By server: the mailbox delivery group of its site and version that it is a member of; -1 if none. */
  readonly mailboxGroupOf: Int32Array;
}

/** Transport servers of a site that take mail from others, in name order (AS-07). */
export function receiversInSite(topology: Topology, site: number): readonly number[] {
  const { inboundMail, transportServers } = topology.sites[site]!;
  return inboundMail ? transportServers : [];
}

export function buildDeliveryGroups(topology: Topology): DeliveryGroups {
  const groups: DeliveryGroup[] = [];
  const ofDatabase = new Int32Array(topology.databases.length).fill(-1);
  const ofConnector = new Int32Array(topology.connectors.length).fill(-1);
  const ofExpansionServer = new Int32Array(topology.servers.length).fill(-1);
  const ofSite = new Int32Array(topology.sites.length).fill(-1);
  const localGroup = new Int32Array(topology.servers.length).fill(-1);
  const routableDagOf = new Int32Array(topology.servers.length).fill(-1);
  const mailboxGroupOf = new Int32Array(topology.servers.length).fill(-1);
  for (const kind of Object.keys(deliveryGroupKinds) as DeliveryGroupKindName[]) {
    for (const description of deliveryGroupKinds[kind].build(topology)) {
      const index = groups.length;
      const { name, members, serves, relayKey } = description;
      // Field by field: spread into one another, the objects would all be of different shapes to the compiler.
      groups.push({
        name,
        members,
        serves,
        relayKey,
        index,
        reference: { kind, name },
        receivers: receiversBySite(topology, members),
      });
      for (const database of serves.databases) ofDatabase[database] = index;
      for (const connector of serves.connectors) ofConnector[connector] = index;
      for (const server of serves.expansionServers) ofExpansionServer[server] = index;
      for (const site of serves.sites) ofSite[site] = index;
      if (kind !== 'routable-dag' && kind !== 'mailbox-delivery-group') continue;
      const groupOf = kind === 'routable-dag' ? routableDagOf : mailboxGroupOf;
      for (const member of members) {
        groupOf[member] = index;
        const { majorVersion, dag } = topology.servers[member]!;
        const isOwn = kind === 'routable-dag' || dag === -1;
        if (majorVersion === 15 && isOwn) localGroup[member] = index;
      }
    }
  }
  return {
    groups,
    ofDatabase,
    ofConnector,
    ofExpansionServer,
    ofSite,
    localGroup,
    routableDagOf,
    mailboxGroupOf,
  };
}

function receiversBySite({ sites, servers }: Topology, members: readonly number[]): readonly SiteMembers[] {
  const bySite = new Map<number, number[]>();
  for (const member of members) {
    const { site } = servers[member]!;
    if (!sites[site]!.inboundMail) continue;
    const own = bySite.get(site);
    if (own === undefined) bySite.set(site, [member]);
    else own.push(member);
  }
  return [...bySite].sort(([a], [b]) => a - b).map(([site, servers]) => new SiteMembers(site, servers));
}

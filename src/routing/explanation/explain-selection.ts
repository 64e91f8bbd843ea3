import { compareNames, type Topology } from '../../topology/index.js';
import type { DeliveryGroups } from '../delivery-group.js';
import type { SitePaths } from '../least-cost-path.js';
import type { Tier, TierReason } from '../next-hop.js';
import type { ProxyService, TransportSelection } from '../routing-tables.js';
import { counted, listed, type OutcomeList } from './outcome-list.js';

/** A selection, and what it was made from. */
export interface ExplainedSelection {
  readonly service: ProxyService;
  readonly server: number;
  /** The databases of the mailbox recipients that count, at most 20. */
  readonly databases: readonly number[];
  /** Mailbox recipients of the message, those that do not count too. */
  readonly mailboxCount: number;
  readonly selection: TransportSelection;
  /** DC-02: this server keeps to its own site. */
  readonly staysInSite: boolean;
}

/** Why Front End Transport or Mailbox Transport Submission chooses the servers it chooses: RT-45 to RT-54, UN-12 to UN-14. */
export function explainSelection(
  list: OutcomeList,
  topology: Topology,
  paths: SitePaths,
  groups: DeliveryGroups,
  question: ExplainedSelection,
): void {
  const { service, server, databases, mailboxCount, selection, staysInSite } = question;
  const isFrontEnd = service === 'front-end';
  const { site } = topology.servers[server]!;
  if (isFrontEnd) {
    list.considered('RT-45', 'group', 'Front End Transport is in no delivery group and has no connectors');
  } else {
    const group = groups.groups[groups.localGroup[server]!];
    list.considered('RT-51', 'group', `the local delivery group is ${group?.name ?? 'none'}`);
  }
  const several = isFrontEnd ? 'RT-48' : 'RT-54';
  if (mailboxCount === 0) {
    const where = isFrontEnd ? `any server of ${list.site(site)}` : 'a server of the local delivery group';
    list.decided(isFrontEnd ? 'RT-49' : 'RT-54', 'tiers', `no recipient has a mailbox: ${where}`);
  } else {
    if (mailboxCount > databases.length) {
      const text = `of ${mailboxCount} mailbox recipients the first ${databases.length} count`;
      list.decided(several, 'group', text);
      list.considered('UN-13', 'group', 'recipients without a mailbox are not counted among them');
    }
    explainGroup(list, topology, paths, groups, question, several);
  }
  if (staysInSite) {
    const text = `submission keeps to ${list.site(site)}: ${list.server(server)} is in no DAG of several sites`;
    list.decided('DC-02', 'tiers', text);
  }
  explainTiers(list, topology, selection.tiers, isFrontEnd);
}

function explainGroup(
  list: OutcomeList,
  topology: Topology,
  paths: SitePaths,
  groups: DeliveryGroups,
  { server, databases, selection }: ExplainedSelection,
  several: string,
): void {
  const { site } = topology.servers[server]!;
  const involved = [...new Set(databases.map((database) => groups.ofDatabase[database]!))].map(
    (group) => groups.groups[group]!,
  );
  const places = involved.map((group) => {
    const [nearest] = group.receivers
      .map((each) => each.site)
      .filter((each) => paths.hops(site, each) >= 0)
      .sort((a, b) => paths.compareTargets(site, a, b));
    return { group, nearest };
  });
  const near = places.sort((a, b) =>
    a.nearest === undefined || b.nearest === undefined
      ? Number(a.nearest === undefined) - Number(b.nearest === undefined)
      : paths.compareTargets(site, a.nearest, b.nearest) || compareNames(a.group.name, b.group.name),
  );
  const chosen = near.find(({ group }) => group.name === selection.groupName);
  if (chosen === undefined || chosen.nearest === undefined) {
    list.decided(several, 'group', `no server is in reach for ${listed(involved.map(({ name }) => name))}`);
    return;
  }
  const text = near.flatMap(({ group, nearest }) =>
    nearest === undefined
      ? []
      : [
          `${group.name} in ${list.site(nearest)} (cost ${paths.cost(site, nearest)}, ${counted(paths.hops(site, nearest), 'hop')})`,
        ],
  );
  if (near.length === 1) {
    const rule = several === 'RT-48' ? 'RT-47' : 'RT-54';
    list.decided(rule, 'group', `the mailboxes belong to ${text[0]}`);
  } else {
    list.decided(several, 'group', `nearest of ${listed(text)}: ${chosen.group.name}`);
    const tied = near.some(
      ({ group, nearest }) =>
        group !== chosen.group &&
        nearest !== undefined &&
        (nearest === chosen.nearest || paths.compareTargets(site, nearest, chosen.nearest!) === 0),
    );
    if (tied) list.decided('UN-14', 'group', `as near as others, but the lower name: ${chosen.group.name}`);
  }
  if (topology.databases[chosen.group.serves.databases[0]!]!.majorVersion !== 15) {
    const legacy = `hubs of older versions are not asked: the 2013 servers nearest to ${chosen.group.name} are`;
    list.decided('UN-12', 'tiers', legacy);
  }
}

const tierRules: Readonly<Partial<Record<TierReason, readonly [rule: string, text: string]>>> = {
  'target-servers': ['RT-47', 'first'],
  'hub-site-servers': ['RT-35', 'then the other servers of the hub site'],
  'other-group-servers': ['RT-47', 'then the servers of the group farther away'],
  'local-site-servers': ['RT-45', 'at last the list of local servers, for fast failover'],
  'local-group-servers': ['RT-52', 'at last the local delivery group'],
};

function explainTiers(
  list: OutcomeList,
  topology: Topology,
  tiers: readonly Tier[],
  isFrontEnd: boolean,
): void {
  const [first] = tiers;
  if (first !== undefined && first.reason === 'target-servers' && topology.sites[first.site]!.hub) {
    list.considered('RT-34', 'hub', `${list.site(first.site)} is a hub site`);
  }
  for (const { reason, site, servers } of tiers) {
    const [rule, text] = tierRules[reason] ?? ['RT-47', 'then'];
    const own = rule === 'RT-47' && !isFrontEnd ? 'RT-54' : rule;
    list.decided(own, 'tiers', `${text}: ${list.servers(servers)} in ${list.site(site)}`);
  }
}

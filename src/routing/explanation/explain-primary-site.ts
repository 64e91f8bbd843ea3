import type { DeliveryGroup } from '../delivery-group.js';
import type { NextHop } from '../next-hop.js';
import { byNearness, distanceText, tieBreak } from './explain-nearness.js';
import { listed, type OutcomeList } from './outcome-list.js';
import type { RoutingView } from './routing-view.js';

/** Why one site of a delivery group is the primary site: RT-33, RT-31, RT-32, UN-01, AS-03, AS-07. */
export function explainPrimarySite(
  list: OutcomeList,
  { topology, paths, plainPaths }: RoutingView,
  hop: NextHop,
  { name, members, receivers }: DeliveryGroup,
): void {
  const source = topology.servers[hop.server]!.site;
  const taking = receivers.map(({ site }) => site);
  const near = byNearness(paths, source, taking);
  const primary = list.site(hop.primarySite);
  // Servers of other sites stand in a tier only where no hub lies on the way.
  const othersCount = hop.hubSite === -1 && hop.forkSite === -1;

  const silent = members.filter((member) => !topology.sites[topology.servers[member]!.site]!.inboundMail);
  if (silent.length > 0) {
    const sites = [...new Set(silent.map((member) => topology.servers[member]!.site))];
    const take = silent.length === 1 ? 'takes no mail' : 'take no mail';
    const nearer = byNearness(paths, source, [...sites, hop.primarySite])[0] !== hop.primarySite;
    list.note(
      nearer || othersCount,
      'AS-07',
      nearer ? 'primary-site' : 'tiers',
      `${list.servers(silent)} of ${name} ${take}: InboundMailEnabled of ${list.sites(sites)} is off`,
    );
  }

  if (near.length === 1) {
    const text =
      silent.length === 0 && taking.length === 1
        ? `${name} has servers in ${primary} only: the primary site`
        : `${primary} is the only site of ${name} that takes mail and can be reached: the primary site`;
    list.considered('RT-33', 'primary-site', text);
  } else {
    const places = listed(near.map((site) => distanceText(list, paths, source, site)));
    const text = `${name} has servers in ${places}; the nearest, ${primary}, is the primary site`;
    list.decided('RT-33', 'primary-site', text);
    const tie = tieBreak(list, paths, source, hop.primarySite, near[1]!, 'UN-01');
    if (tie !== undefined) list.decided(tie.rule, 'primary-site', tie.text);
  }

  if (plainPaths === undefined) return;
  const plain = byNearness(plainPaths, source, taking);
  if (plain[0] !== hop.primarySite) {
    const text = `by the costs of Active Directory ${list.site(plain[0]!)} would be the nearest`;
    list.decided('AS-03', 'primary-site', text);
  } else if (othersCount && plain.join() !== near.join()) {
    const text = `by the costs of Active Directory the sites would come in another order: ${list.sites(plain)}`;
    list.decided('AS-03', 'tiers', text);
  }
}

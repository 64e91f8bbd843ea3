import type { Topology } from '../topology/index.js';
import type { AddressSpaceMatch } from './address-space.js';
import type { DeliveryGroups } from './delivery-group.js';
import type { SitePaths } from './least-cost-path.js';

/** A connector that a server may use for a domain, with what CN-01 weighs. */
export interface ConnectorCandidate extends AddressSpaceMatch {
  /** Site links to the nearest source site, plus the address space (RT-30). */
  readonly aggregateCost: number;
  /** -1 on this server, 0 elsewhere in this site, else the hops to the nearest source site. */
  readonly proximity: number;
  readonly maxMessageSizeBytes: number;
}

/**
 * Puts the connectors that cover a domain into the order in which a server prefers them: the most specific address
 * space, the lowest aggregate cost, the nearest, the lowest name (CN-01, CN-03). The one used for a message is the
 * first that is large enough for it (CN-02): there is no balancing across connectors (CN-09).
 *
 * Left out are scoped connectors of other sites (CN-06, DC-11) and those without a source server in reach (AS-07).
 */
export function rankConnectors(
  topology: Topology,
  paths: SitePaths,
  groups: DeliveryGroups,
  server: number,
  matches: readonly AddressSpaceMatch[],
): readonly ConnectorCandidate[] {
  const { site } = topology.servers[server]!;
  const candidates: ConnectorCandidate[] = [];
  for (const match of matches) {
    const connector = topology.connectors[match.connector]!;
    const { members, receivers } = groups.groups[groups.ofConnector[match.connector]!]!;
    const isSource = members.includes(server);
    if (connector.scoped && !members.some((member) => topology.servers[member]!.site === site)) continue;
    const nearest = isSource
      ? site
      : receivers.reduce(
          (best, each) => (best === -1 || paths.compareTargets(site, each.site, best) < 0 ? each.site : best),
          -1,
        );
    if (nearest === -1 || paths.hops(site, nearest) < 0) continue;
    candidates.push({
      ...match,
      aggregateCost: paths.cost(site, nearest) + match.cost,
      proximity: isSource ? -1 : paths.hops(site, nearest),
      maxMessageSizeBytes: connector.maxMessageSizeBytes,
    });
  }
  // A connector's index stands for its name (UN-02).
  return candidates.sort(
    (a, b) =>
      b.specificity - a.specificity ||
      a.aggregateCost - b.aggregateCost ||
      a.proximity - b.proximity ||
      a.connector - b.connector,
  );
}

import {
  type DiffDestination,
  decidingRules,
  type MessageRecipient,
  type NextHop,
  type RoutingTables,
  type RuleOutcome,
  type SizedAnswer,
  type SizedAnswers,
} from '../routing/index.js';
import type { Topology } from '../topology/index.js';
import type { NamedDestination, RoutedRecipient } from './route-answer.js';
import { presentTiers } from './route-journey.js';

/** Where a server sends messages of some sizes for a destination, in the words of `route`. */
export type NamedRoute = Pick<
  RoutedRecipient,
  | 'outcome'
  | 'ndr'
  | 'destination'
  | 'destinationGroup'
  | 'nextHopGroup'
  | 'queue'
  | 'path'
  | 'addressSpaceCost'
  | 'primarySite'
  | 'hubSite'
  | 'tiers'
  | 'proxy'
>;

/** The same with the rules that decided. */
export interface RuledRoute extends NamedRoute {
  readonly rules: readonly string[];
}

/** What happens to larger messages than those of the entries before. */
export interface LargerMessages extends RuledRoute {
  readonly aboveBytes: number;
}

/** Where a server sends messages for a destination: the smallest, and the larger ones where that differs. */
export interface DiffedRoute extends RuledRoute {
  readonly largerMessages?: readonly LargerMessages[];
}

/** Names what a server does with messages of some sizes. */
export function nameRoute(
  tables: RoutingTables,
  destination: DiffDestination,
  { outcome, hop, group, ndr }: SizedAnswer,
): NamedRoute {
  const { sites, servers } = tables.topology;
  const siteName = (site: number) => sites[site]!.name;
  const serverNames = (indexes: readonly number[]) => indexes.map((server) => servers[server]!.name);
  const routed = outcome === 'route' ? hop : null;
  const proxy = routed?.proxyServers ?? null;
  return {
    outcome,
    ...(ndr !== null && { ndr: { code: ndr.code, text: ndr.text } }),
    destination: hop === null ? insideDestination(destination) : nameDestination(hop),
    destinationGroup: group,
    nextHopGroup: hop?.nextHopGroup ?? null,
    queue: routed?.key ?? null,
    path: hop === null ? null : { ...hop.path, sites: hop.path.sites.map(siteName) },
    ...(hop !== null && hop.addressSpaceCost !== null && { addressSpaceCost: hop.addressSpaceCost }),
    primarySite: hop === null ? null : siteName(hop.primarySite),
    hubSite: hop === null || hop.hubSite === -1 ? null : siteName(hop.hubSite),
    tiers:
      routed === null
        ? []
        : presentTiers(tables, routed).map(({ reason, site, servers: equals }) => ({
            ...{ reason, site: siteName(site), servers: serverNames(equals) },
          })),
    ...(proxy !== null && { proxy: { service: 'front-end', servers: serverNames(proxy) } }),
  };
}

function nameDestination({ destination: { kind, name } }: NextHop): NamedDestination {
  return { kind, name };
}

/** What there is no way to has a name all the same, but for outside addresses: no connector was found for these. */
function insideDestination(destination: DiffDestination): NamedDestination | null {
  if (destination.kind === 'address-space') return null;
  return { kind: destination.kind, name: destination.name };
}

/**
 * Names routes with the rules that decided them, as `route` gives them. Explaining takes a while, so that what is the
 * same for servers of one site is explained once.
 */
export class RouteDescriber {
  readonly #tables: RoutingTables;
  readonly #side: 'before' | 'after';
  /** The rules of ways that lead to other servers. */
  readonly #ways = new Map<string, readonly RuleOutcome[]>();

  constructor(tables: RoutingTables, side: 'before' | 'after') {
    this.#tables = tables;
    this.#side = side;
  }

  /** @param server - the topology index of the source */
  describe(server: number, destination: DiffDestination, answers: SizedAnswers): DiffedRoute {
    const [first, ...larger] = answers.map((answer): LargerMessages => {
      const rules = decidingRules(this.#outcomes(server, destination, answer));
      return {
        aboveBytes: answer.aboveBytes,
        ...nameRoute(this.#tables, destination, answer),
        rules,
      };
    });
    const { aboveBytes: _, ...route } = first!;
    return larger.length === 0 ? route : { ...route, largerMessages: larger };
  }

  #outcomes(
    server: number,
    destination: DiffDestination,
    { aboveBytes, outcome, hop, group }: SizedAnswer,
  ): readonly RuleOutcome[] {
    const { explainer, topology } = this.#tables;
    const sizeBytes = aboveBytes + 1;
    const recipient = recipientAt(topology, server, destination, this.#side);
    const outcomes = [...explainer.recipient(server, recipient)];
    const { resolved } = recipient;
    if (resolved.kind === 'outside') {
      outcomes.push(...explainer.connector(server, resolved.type, resolved.domain, sizeBytes));
    } else if (outcome === 'unreachable') {
      const text = `no server of ${group?.name} takes mail, or none can be reached`;
      outcomes.push({ rule: 'RT-18', aspect: 'group', decided: true, text });
    }
    if (hop !== null) outcomes.push(...this.#way(server, hop, sizeBytes));
    return outcomes;
  }

  #way(server: number, hop: NextHop, sizeBytes: number): readonly RuleOutcome[] {
    const { explainer, topology } = this.#tables;
    const { site, isEdge } = topology.servers[server]!;
    if (hop.kind !== 'relay' || isEdge) return explainer.nextHop(hop, sizeBytes);
    const { kind, index } = hop.destination;
    const isInDag = kind === 'mailbox-database' && topology.databases[index]!.dag !== -1;
    const tooLarge = sizeBytes > hop.maxMessageSizeBytes;
    const key = `${site} ${kind} ${hop.destinationGroup.name} ${isInDag} ${tooLarge}`;
    let outcomes = this.#ways.get(key);
    if (outcomes === undefined) {
      outcomes = explainer.nextHop(hop, sizeBytes);
      this.#ways.set(key, outcomes);
    }
    return outcomes;
  }
}

/** Somebody whose mail has the destination. */
function recipientAt(
  { servers, recipients }: Topology,
  server: number,
  destination: DiffDestination,
  side: 'before' | 'after',
): MessageRecipient {
  const { name } = destination;
  switch (destination.kind) {
    case 'mailbox-database':
      return { address: name, resolved: { kind: 'mailbox', recipient: -1 } };
    case 'expansion-server': {
      const expansionServer = destination[side];
      const group = recipients.groupExpansionServer.indexOf(expansionServer);
      const recipient = recipients.mailboxCount + recipients.contactCount + group;
      return { address: name, resolved: { kind: 'distribution-group', recipient, expansionServer } };
    }
    case 'address-space': {
      const { isEdge } = servers[server]!;
      return { address: destination.address, resolved: isEdge ? destination.onEdge : destination[side] };
    }
  }
}

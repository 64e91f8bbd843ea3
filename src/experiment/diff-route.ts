import {
  type DiffDestination,
  decidingRules,
  type MessageRecipient,
  type NextHop,
  type RoutingTables,
  type SizedAnswer,
  type SizedAnswers,
} from '../routing/index.js';
import type { Topology } from '../topology/index.js';
import type { NamedDestination, RoutedRecipient } from './route-answer.js';
import type { Decision } from './route-decision.js';
import { DecisionExplainer } from './route-explanation.js';
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

/** Rules of routes that a change stands for, by what distinguishes them. */
export type SharedRules = Map<string, readonly string[]>;

/**
 * Names routes with the rules that decided them, as `route` gives them. Explaining takes a while, so that what is the
 * same for many servers is explained once.
 */
export class RouteDescriber {
  readonly #tables: RoutingTables;
  readonly #side: 'before' | 'after';
  /** The rules of ways to databases and expansion servers, from the sites of others. */
  readonly #fromSites: SharedRules = new Map();

  constructor(tables: RoutingTables, side: 'before' | 'after') {
    this.#tables = tables;
    this.#side = side;
  }

  /**
   * @param server - the topology index of the source
   * @param shared - filled here; the same for pairs whose answers differ by names only
   */
  describe(
    server: number,
    destination: DiffDestination,
    answers: SizedAnswers,
    shared: SharedRules,
  ): DiffedRoute {
    const [first, ...larger] = answers.map(
      (answer): LargerMessages => ({
        aboveBytes: answer.aboveBytes,
        ...nameRoute(this.#tables, destination, answer),
        rules: this.#rulesOf(server, destination, answer, shared),
      }),
    );
    const { aboveBytes: _, ...route } = first!;
    return larger.length === 0 ? route : { ...route, largerMessages: larger };
  }

  #rulesOf(
    server: number,
    destination: DiffDestination,
    answer: SizedAnswer,
    shared: SharedRules,
  ): readonly string[] {
    const { hop, group, outcome, aboveBytes } = answer;
    // Whether a member of the group itself has the active copy is of interest to the rules.
    if (hop?.kind === 'mailbox') return this.#explain(server, destination, answer);
    const isOutside = destination.kind === 'address-space';
    const { servers, databases } = this.#tables.topology;
    const isInDag =
      hop?.destination.kind === 'mailbox-database' && databases[hop.destination.index]!.dag !== -1;
    const { site, majorVersion } = servers[server]!;
    const place = isOutside ? aboveBytes : `${site} ${majorVersion}`;
    const key = `${place} ${destination.kind} ${group?.name} ${isInDag} ${outcome}`;
    const known = isOutside ? shared : this.#fromSites;
    let rules = known.get(key);
    if (rules === undefined) {
      rules = this.#explain(server, destination, answer);
      known.set(key, rules);
    }
    return rules;
  }

  #explain(server: number, destination: DiffDestination, answer: SizedAnswer): readonly string[] {
    const recipient = recipientAt(this.#tables.topology, server, destination, this.#side);
    if (answer.outcome === 'unreachable' && destination.kind !== 'address-space') {
      const { explainer } = this.#tables;
      const why = explainer.unreachable(destination.kind, destination[this.#side]);
      return decidingRules([...explainer.recipient(server, recipient), ...why]);
    }
    const explainer = new DecisionExplainer(this.#tables, server, answer.aboveBytes + 1);
    return decidingRules(explainer.explain(recipient, decisionOf(answer)));
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

function decisionOf({ outcome, hop, ndr }: SizedAnswer): Decision {
  if (outcome === 'route') return { outcome, hop: hop! };
  return { outcome, ...(ndr !== null && { ndr }), ...(hop !== null && { hop }) };
}

import type { Connector, Topology } from '../../topology/index.js';
import { AddressSpaces } from '../address-space.js';
import type { DeliveryGroups } from '../delivery-group.js';
import type { SitePaths } from '../least-cost-path.js';
import { counted, listed, type OutcomeList, sizeText } from './outcome-list.js';

/** An address space that covers a domain, with all that CN-01 weighs. */
interface Candidate {
  readonly connector: Connector;
  readonly space: string;
  /** Place in the order of specificity, from 0, the most specific. */
  readonly rank: number;
  readonly linkCost: number;
  readonly cost: number;
  /** -1 for this server itself, 0 for its site, else hops. */
  readonly distance: number;
  readonly largeEnough: boolean;
  readonly inScope: boolean;
}

/** The address spaces that an explanation looks at: those of disabled connectors are wanted, too. */
export class SpacesOfAll {
  readonly #topology: Topology;
  #onEdge: AddressSpaces | undefined;
  #inside: AddressSpaces | undefined;

  constructor(topology: Topology) {
    const connectors = topology.connectors.map((connector) => ({ ...connector, enabled: true }));
    this.#topology = { ...topology, connectors };
  }

  /** What an Edge knows, or what all other servers know. */
  of(isEdge: boolean): AddressSpaces {
    if (isEdge) {
      this.#onEdge ??= new AddressSpaces(this.#topology, ({ edgeSite }) => edgeSite !== -1);
      return this.#onEdge;
    }
    this.#inside ??= new AddressSpaces(this.#topology, ({ origin }) => origin !== 'edge-inbound');
    return this.#inside;
  }
}

/**
 * Why a connector was chosen for an outside domain, or none (CN-01 to CN-06, CN-09). The choice is made once more here,
 * step by step as the rule is written; the compiled tables choose otherwise, and a test holds the two together.
 */
export class ConnectorExplanation {
  readonly #list: OutcomeList;
  readonly #topology: Topology;
  readonly #paths: SitePaths;
  readonly #groups: DeliveryGroups;
  readonly #server: number;
  readonly #spaces: SpacesOfAll;

  /** @param spaces - the same for all explanations of an organization */
  constructor(
    list: OutcomeList,
    topology: Topology,
    paths: SitePaths,
    groups: DeliveryGroups,
    server: number,
    spaces = new SpacesOfAll(topology),
  ) {
    this.#list = list;
    this.#topology = topology;
    this.#paths = paths;
    this.#groups = groups;
    this.#server = server;
    this.#spaces = spaces;
  }

  /** @returns the index of the connector chosen; -1 for none */
  explain(type: string, domain: string, sizeBytes: number): number {
    const address = type === 'SMTP' ? domain : `${type}:${domain}`;
    const list = this.#list;
    const covering = this.#candidates(type, domain, sizeBytes);
    const enabled = covering.filter(({ connector }) => connector.enabled);
    const visible = enabled.filter(({ inScope }) => inScope);
    const usable = visible.filter(({ largeEnough }) => largeEnough);
    const inScope = covering.filter((each) => each.inScope);
    this.#explainLeftOut('CN-01', 'disabled, so left out', inScope, visible);
    const scoped = 'scoped, so seen in the site of their source servers only';
    this.#explainLeftOut('CN-06', scoped, enabled, visible);
    if (visible.length === 0) {
      const end = type === 'SMTP' ? 'it waits in the Unreachable queue' : 'it is returned';
      list.decided('CN-04', 'connector', `no connector that this server may use takes ${address}: ${end}`);
      return -1;
    }
    this.#explainSizes(visible, usable, sizeBytes);
    if (usable.length === 0) {
      const text = `every connector for ${address} is too small for ${sizeText(sizeBytes)}: it is returned`;
      list.decided('CN-04', 'connector', text);
      return -1;
    }
    const chosen = this.#narrow(usable);
    list.considered(
      'CN-09',
      'connector',
      `one connector a recipient: ${chosen.connector.name}, for ${chosen.space}`,
    );
    if (chosen.connector.origin === 'edge-outbound') {
      const text = `the Edge subscription of ${list.site(chosen.connector.edgeSite)} made ${chosen.connector.name}, for * at ${chosen.cost}`;
      list.decided('ES-02', 'connector', text);
    }
    return chosen.connector.index;
  }

  /** Decides where one of those left out would have been chosen, or where nobody is left. */
  #explainLeftOut(rule: string, why: string, all: readonly Candidate[], left: readonly Candidate[]): void {
    const out = all.filter((candidate) => !left.includes(candidate));
    if (out.length === 0) return;
    const best = winner(all.filter(({ largeEnough }) => largeEnough));
    const wasBest = best !== undefined && out.includes(best);
    // Alone it would have had the message returned, were it too small: now this waits.
    this.#list.note(wasBest || left.length === 0, rule, 'connector', `${why}: ${namesOf(out)}`);
  }

  #explainSizes(visible: readonly Candidate[], usable: readonly Candidate[], sizeBytes: number): void {
    if (visible.length === usable.length) return;
    const small = visible.filter(({ largeEnough }) => !largeEnough);
    const otherwise = winner(visible)!;
    const text = `too small for ${sizeText(sizeBytes)}, so left out first: ${namesOf(small)}`;
    this.#list.note(!otherwise.largeEnough, 'CN-01', 'connector', text);
    const chosen = winner(usable);
    if (chosen === undefined || otherwise.largeEnough || otherwise.rank === chosen.rank) return;
    const less = `size comes before specificity: ${chosen.space} of ${chosen.connector.name} instead of ${otherwise.space}`;
    this.#list.decided('CN-02', 'connector', less);
  }

  /** Specificity, aggregate cost, proximity, name: each leaves some of those before it. */
  #narrow(usable: readonly Candidate[]): Candidate {
    const list = this.#list;
    let left = usable;
    const keep = (
      rule: string,
      value: (candidate: Candidate) => number,
      text: (kept: readonly Candidate[], all: readonly Candidate[]) => string,
    ) => {
      const least = Math.min(...left.map(value));
      const kept = left.filter((candidate) => value(candidate) === least);
      if (kept.length < left.length) list.decided(rule, 'connector', text(kept, left));
      left = kept;
    };
    keep(
      'CN-03',
      ({ rank }) => rank,
      (kept) => `the most specific address space is ${kept[0]!.space}: ${namesOf(kept)}`,
    );
    keep('CN-01', aggregateCost, (_, all) => `lowest aggregate cost: ${costsOf(all)}`);
    keep(
      'CN-01',
      ({ distance }) => distance,
      (kept) => `nearest at equal cost: ${namesOf(kept)}, ${nearness(kept[0]!.distance)}`,
    );
    keep(
      'CN-01',
      ({ connector }) => connector.index,
      (kept, all) => `lowest name of ${namesOf(all)}: ${namesOf(kept)}`,
    );
    return left[0]!;
  }

  #candidates(type: string, domain: string, sizeBytes: number): readonly Candidate[] {
    const { connectors, servers } = this.#topology;
    const { site, isEdge } = servers[this.#server]!;
    const spaces = this.#spaces.of(isEdge);
    return spaces.cover(type, domain).classes.flatMap(({ entries }, rank) =>
      entries.flatMap(({ connector: index, cost, space }) => {
        const connector = connectors[index]!;
        const way = this.#wayTo(connector, site, isEdge);
        if (way === undefined) return [];
        const largeEnough = sizeBytes <= connector.maxMessageSizeBytes;
        return [{ connector, space, rank, cost, largeEnough, ...way }];
      }),
    );
  }

  /** How far the sources of a connector are; undefined where none is in reach. */
  #wayTo(
    connector: Connector,
    site: number,
    isEdge: boolean,
  ): Pick<Candidate, 'linkCost' | 'distance' | 'inScope'> | undefined {
    const { servers } = this.#topology;
    if (isEdge) {
      // An Edge knows only the connectors that it is a source of.
      if (!connector.sourceServers.includes(this.#server)) return undefined;
      return { linkCost: 0, distance: -1, inScope: true };
    }
    const { members, receivers } = this.#groups.groups[this.#groups.ofConnector[connector.index]!]!;
    const isHere = members.some((member) => servers[member]!.site === site);
    const inScope = !connector.scoped || isHere;
    if (connector.edgeSite === site) return { linkCost: 0, distance: 0, inScope };
    if (members.includes(this.#server)) return { linkCost: 0, distance: -1, inScope };
    const [nearest] = receivers
      .map((each) => each.site)
      .filter((each) => this.#paths.hops(site, each) >= 0)
      .sort((a, b) => this.#paths.compareTargets(site, a, b));
    if (nearest === undefined) return undefined;
    return {
      linkCost: this.#paths.cost(site, nearest),
      distance: this.#paths.hops(site, nearest),
      inScope,
    };
  }
}

function aggregateCost({ linkCost, cost }: Candidate): number {
  return linkCost + cost;
}

/** The best by specificity, aggregate cost, proximity and name. */
function winner(candidates: readonly Candidate[]): Candidate | undefined {
  return [...candidates].sort(
    (a, b) =>
      a.rank - b.rank ||
      aggregateCost(a) - aggregateCost(b) ||
      a.distance - b.distance ||
      a.connector.index - b.connector.index,
  )[0];
}

function namesOf(candidates: readonly Candidate[]): string {
  return listed([...new Set(candidates.map(({ connector }) => connector.name))]);
}

function costsOf(candidates: readonly Candidate[]): string {
  return listed(
    [...candidates]
      .sort((a, b) => aggregateCost(a) - aggregateCost(b))
      .map((each) => `${each.connector.name} ${each.linkCost} + ${each.cost} = ${aggregateCost(each)}`),
  );
}

function nearness(distance: number): string {
  if (distance === -1) return 'on this server';
  return distance === 0 ? 'in this site' : `${counted(distance, 'hop')} away`;
}

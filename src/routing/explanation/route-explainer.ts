import type { Topology } from '../../topology/index.js';
import type { DeliveryGroup, DeliveryGroups } from '../delivery-group.js';
import { SitePaths } from '../least-cost-path.js';
import type { MessageRecipient } from '../message-recipients.js';
import type { NextHop, RoutingDestination } from '../next-hop.js';
import { consideredRecipients, type ProxyService } from '../routing-tables.js';
import type { TransportSelector } from '../transport-selection.js';
import { ConnectorExplanation, SpacesOfAll } from './explain-connector.js';
import { explainDestination, explainLinkLimits, explainUnreachable } from './explain-destination.js';
import { explainMailbox, explainOnEdge, explainSource, explainToEdges } from './explain-hand-over.js';
import { explainRecipient } from './explain-recipient.js';
import { RelayExplanation } from './explain-relay.js';
import { SelectionExplanation } from './explain-selection.js';
import { OtherPaths } from './other-paths.js';
import { OutcomeList } from './outcome-list.js';
import type { RoutingView } from './routing-view.js';
import type { RuleOutcome } from './rule-outcome.js';

/**
 * Says why a route is as it is: each rule considered, with its outcome, in the organization's own names. It works on
 * finished answers, so that look-ups stay quick; what it takes besides is built for the first explanation.
 */
export class RouteExplainer {
  readonly #topology: Topology;
  readonly #paths: SitePaths;
  readonly #groups: DeliveryGroups;
  readonly #selector: TransportSelector;
  #known: RoutingView | undefined;
  #spaces: SpacesOfAll | undefined;

  constructor(topology: Topology, paths: SitePaths, groups: DeliveryGroups, selector: TransportSelector) {
    this.#selector = selector;
    this.#topology = topology;
    this.#paths = paths;
    this.#groups = groups;
  }

  /** What resolution made of a recipient on a server. */
  recipient(server: number, recipient: MessageRecipient): readonly RuleOutcome[] {
    const list = new OutcomeList(this.#topology);
    explainRecipient(list, this.#topology, server, recipient);
    return list.outcomes;
  }

  /** Which connector takes a domain from a server, and why; also why none does. */
  connector(server: number, type: string, domain: string, sizeBytes: number): readonly RuleOutcome[] {
    const list = new OutcomeList(this.#topology);
    const asked = [type.toUpperCase(), domain.toLowerCase(), sizeBytes] as const;
    const chosen = this.#connectorChoice(list, server).explain(...asked);
    const { plainPaths } = this.#view;
    // Where the costs are the same, so is the choice: no need to make it again.
    if (plainPaths === undefined) return list.outcomes;
    const plain = this.#connectorChoice(new OutcomeList(this.#topology), server, plainPaths);
    const otherwise = plain.explain(...asked);
    if (otherwise !== chosen) {
      const text = `by the costs of Active Directory it would be ${this.#topology.connectors[otherwise]!.name}`;
      list.decided('AS-03', 'connector', text);
    }
    return list.outcomes;
  }

  /** The index of the connector that `connector` explains; -1 for none. What the compiled choice is held against. */
  chosenConnector(server: number, type: string, domain: string, sizeBytes: number): number {
    const choice = this.#connectorChoice(new OutcomeList(this.#topology), server);
    return choice.explain(type.toUpperCase(), domain.toLowerCase(), sizeBytes);
  }

  /** The way of a next hop: destination, group, path, primary site, hubs, tiers, limits of links. */
  nextHop(hop: NextHop, sizeBytes: number): readonly RuleOutcome[] {
    const list = new OutcomeList(this.#topology);
    const { servers, connectors } = this.#topology;
    explainDestination(list, this.#topology, hop);
    const ofEdge = hop.destination.kind === 'connector' && connectors[hop.destination.index]!.edgeSite !== -1;
    if (servers[hop.server]!.isEdge) explainOnEdge(list, this.#topology, hop);
    else if (hop.kind === 'mailbox') explainMailbox(list, this.#view, hop, sizeBytes);
    else if (hop.kind === 'outside') explainSource(list, this.#topology, hop);
    else if (ofEdge && servers[hop.server]!.site === hop.primarySite) explainToEdges(list, hop);
    else this.#explainRelay(list, hop, ofEdge);
    explainLinkLimits(list, this.#view, hop, sizeBytes);
    return list.outcomes;
  }

  /** Why no way leads to a mailbox database or an expansion server. */
  unreachable(kind: 'mailbox-database' | 'expansion-server', index: number): readonly RuleOutcome[] {
    const list = new OutcomeList(this.#topology);
    explainUnreachable(list, this.#topology, this.#groupOf(kind, index));
    return list.outcomes;
  }

  /**
   * The one choice of a front end or of submission.
   * @param databases - of all mailbox recipients, in order, of which the first 20 count; or only of those
   * @param mailboxCount - all mailbox recipients of the message
   */
  selection(
    service: ProxyService,
    server: number,
    databases: readonly number[],
    mailboxCount: number,
  ): readonly RuleOutcome[] {
    const list = new OutcomeList(this.#topology);
    const counting = databases.slice(0, consideredRecipients);
    const select = (asked: readonly number[]) =>
      this.#selector.select(service, server, Int32Array.from(asked), asked.length);
    const selection = select(counting);
    // Selections of one vantage and group are one object.
    const othersMatter = mailboxCount > databases.length || select(databases) !== selection;
    const staysInSite = service === 'submission' && this.#selector.staysInSite(server);
    const question = {
      ...{ service, server, databases: counting, mailboxCount, othersMatter },
      ...{ selection, staysInSite },
    };
    new SelectionExplanation(list, this.#view, question).explain();
    return list.outcomes;
  }

  get #view(): RoutingView {
    this.#known ??= {
      topology: this.#topology,
      paths: this.#paths,
      plainPaths: plainPathsOf(this.#topology),
      groups: this.#groups,
      otherPaths: new OtherPaths(this.#topology, this.#paths),
    };
    return this.#known;
  }

  #connectorChoice(list: OutcomeList, server: number, paths = this.#paths): ConnectorExplanation {
    this.#spaces ??= new SpacesOfAll(this.#topology);
    return new ConnectorExplanation(list, this.#topology, paths, this.#groups, server, this.#spaces);
  }

  #explainRelay(list: OutcomeList, hop: NextHop, ofEdge: boolean): void {
    const { kind, index } = hop.destination;
    if (ofEdge) {
      const site = list.site(hop.primarySite);
      const text = `other sites cannot reach the Edges of ${site}: the message goes to that site first`;
      list.decided('RT-23', 'group', text);
      list.decided('RT-58', 'group', `any transport server of ${site} passes it on to the Edge`);
    }
    new RelayExplanation(list, this.#view, hop, this.#groupOf(kind, index)).explain();
  }

  #groupOf(kind: RoutingDestination['kind'], index: number): DeliveryGroup {
    const { groups, ofDatabase, ofConnector, ofExpansionServer } = this.#groups;
    const table = {
      'mailbox-database': ofDatabase,
      connector: ofConnector,
      'expansion-server': ofExpansionServer,
    };
    return groups[table[kind][index]!]!;
  }
}

/** AS-03: undefined where no link has an Exchange cost of its own. */
function plainPathsOf(topology: Topology): SitePaths | undefined {
  if (topology.siteLinks.every(({ cost, activeDirectoryCost }) => cost === activeDirectoryCost)) {
    return undefined;
  }
  const siteLinks = topology.siteLinks.map((link) => ({ ...link, cost: link.activeDirectoryCost }));
  return new SitePaths({ ...topology, siteLinks });
}

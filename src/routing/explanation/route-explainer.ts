import type { Topology } from '../../topology/index.js';
import type { DeliveryGroup, DeliveryGroups } from '../delivery-group.js';
import type { SitePaths } from '../least-cost-path.js';
import type { MessageRecipient } from '../message-recipients.js';
import type { NextHop, RoutingDestination } from '../next-hop.js';
import type { ProxyService } from '../routing-tables.js';
import type { TransportSelector } from '../transport-selection.js';
import { ConnectorExplanation } from './explain-connector.js';
import { explainDestination, explainLinkLimits } from './explain-destination.js';
import { explainMailbox, explainOnEdge, explainSource, explainToEdges } from './explain-hand-over.js';
import { explainRecipient } from './explain-recipient.js';
import { RelayExplanation } from './explain-relay.js';
import { explainSelection } from './explain-selection.js';
import { OutcomeList, sizeText } from './outcome-list.js';
import type { RuleOutcome } from './rule-outcome.js';

/**
 * Says why a route is as it is: each rule considered, with its outcome, in the organization's own names. It works on
 * finished answers, so that look-ups stay quick; an explanation costs a few searches of the site graph.
 */
export class RouteExplainer {
  readonly #topology: Topology;
  readonly #paths: SitePaths;
  readonly #groups: DeliveryGroups;
  readonly #selector: TransportSelector;

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
    this.#connectorChoice(list, server).explain(type.toUpperCase(), domain.toLowerCase(), sizeBytes);
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
    else if (hop.kind === 'mailbox') explainMailbox(list, this.#topology, hop);
    else if (hop.kind === 'outside') explainSource(list, hop);
    else if (ofEdge && servers[hop.server]!.site === hop.primarySite) explainToEdges(list, hop);
    else this.#explainRelay(list, hop, ofEdge);
    explainLinkLimits(list, hop, sizeBytes, sizeText);
    return list.outcomes;
  }

  /**
   * The one choice of a front end or of submission.
   * @param databases - of the mailbox recipients that count, at most 20
   * @param mailboxCount - all mailbox recipients of the message
   */
  selection(
    service: ProxyService,
    server: number,
    databases: readonly number[],
    mailboxCount: number,
  ): readonly RuleOutcome[] {
    const list = new OutcomeList(this.#topology);
    const considered = Int32Array.from(databases);
    const selection = this.#selector.select(service, server, considered, considered.length);
    const staysInSite = service === 'submission' && this.#selector.staysInSite(server);
    const explained = { service, server, databases, mailboxCount, selection, staysInSite };
    explainSelection(list, this.#topology, this.#paths, this.#groups, explained);
    return list.outcomes;
  }

  #connectorChoice(list: OutcomeList, server: number): ConnectorExplanation {
    return new ConnectorExplanation(list, this.#topology, this.#paths, this.#groups, server);
  }

  #explainRelay(list: OutcomeList, hop: NextHop, ofEdge: boolean): void {
    const group = this.#groupOf(hop.destination);
    if (ofEdge) {
      const site = list.site(hop.primarySite);
      const text = `other sites cannot reach the Edges of ${site}: the message goes to that site first`;
      list.decided('RT-23', 'group', text);
      list.decided('RT-58', 'group', `any transport server of ${site} passes it on to the Edge`);
    }
    if (hop.forkSite === -1) {
      new RelayExplanation(list, this.#topology, this.#paths, hop, group).explain();
      return;
    }
    const fork = list.site(hop.forkSite);
    list.decided(
      'RT-24',
      'hub',
      `recipients share their way up to ${fork}: one copy goes there for all of them`,
    );
    list.decided('AS-11', 'hub', `${fork} is the last site that the paths have in common`);
    list.decided('DC-01', 'hub', 'delayed fan-out by fork site is chosen in the settings');
    const targets = hop.tiers.flatMap(({ servers }) => servers);
    list.considered('RT-41', 'tiers', `tried in turn: ${list.servers(targets)}`);
  }

  #groupOf({ kind, index }: RoutingDestination): DeliveryGroup {
    const { groups, ofDatabase, ofConnector, ofExpansionServer } = this.#groups;
    const table = {
      'mailbox-database': ofDatabase,
      connector: ofConnector,
      'expansion-server': ofExpansionServer,
    };
    return groups[table[kind][index]!]!;
  }
}

import {
  consideredRecipients,
  type DelayedFanOut,
  decidingRules,
  type MessageRecipient,
  type NextHop,
  type NextHopSolutionKey,
  type ProxyService,
  type ResolvedAddress,
  type RoutingTables,
  type RuleOutcome,
  resolveAddress,
  type Tier,
} from '../routing/index.js';
import { compareNames, normalizeName, type Server, type Topology } from '../topology/index.js';
import type {
  JourneyEnd,
  JourneyStop,
  Acceptance as NamedAcceptance,
  NamedTier,
  QueueAnswer,
  RecipientAnswer,
  RouteAnswer,
  RoutedRecipient,
  RouteService,
} from './route-answer.js';
import { type Decision, recipientsOn } from './route-decision.js';
import { DecisionExplainer } from './route-explanation.js';
import {
  decideAll,
  followAll,
  type Journey,
  presentTiers,
  resolveOnArrival,
  type Traveller,
} from './route-journey.js';
import { Acceptance, noOutages, type Outages, type Taker } from './route-outages.js';

/** A question to the routing of an organization, by topology indexes. */
export interface RouteQuestion {
  readonly server: number;
  readonly service: RouteService;
  /** `local@domain`, or `Type:address`; one named twice counts once. */
  readonly recipients: readonly string[];
  readonly sizeBytes: number;
  /** The sender's address, for mailboxes that do not take everybody's mail; absent: all take it. */
  readonly sender?: string | undefined;
  /** Absent: the answer says nothing of acceptance. */
  readonly outages?: Outages | undefined;
  /** Follow each recipient to its end, under `outages`. */
  readonly follow?: boolean | undefined;
  /** Say of each rule considered what came of it. */
  readonly explain?: boolean | undefined;
  /** The setting `transport.delayedFanOut` of each server; absent: `next-hop` (RT-24). */
  readonly delayedFanOut?: ((server: number) => DelayedFanOut) | undefined;
}

/**
 * Answers a question from the tables: routing knows no outages, the question brings them.
 * @throws RangeError if the server does not have the service
 */
export function answerRouteQuestion(tables: RoutingTables, question: RouteQuestion): RouteAnswer {
  return new RouteQuery(tables, question).answer();
}

/** Whether a server has a service that routes: Front End and Mailbox Transport are of Exchange 2013 (RT-43, RT-50). */
export function runsService(server: Server, service: RouteService): boolean {
  switch (service) {
    case 'front-end':
      return server.isFrontEnd;
    case 'submission':
      return server.isTransport && server.majorVersion === 15;
    case 'transport':
      return server.isTransport || server.isEdge;
  }
}

class RouteQuery {
  readonly #tables: RoutingTables;
  readonly #topology: Topology;
  readonly #question: RouteQuestion;
  readonly #acceptance: Acceptance;
  readonly #options: {
    sizeBytes: number;
    sender: string | undefined;
    delayedFanOut: (server: number) => DelayedFanOut;
  };

  constructor(tables: RoutingTables, question: RouteQuestion) {
    this.#tables = tables;
    this.#topology = tables.topology;
    this.#question = question;
    this.#acceptance = new Acceptance(tables, question.outages ?? noOutages);
    const { sizeBytes, sender, delayedFanOut = () => 'next-hop' as const } = question;
    this.#options = { sizeBytes, sender, delayedFanOut };
  }

  answer(): RouteAnswer {
    const { server, service, sizeBytes, recipients, sender, follow } = this.#question;
    const { name, site } = this.#topology.servers[server]!;
    const head = {
      mailflow: 'route/1',
      from: { server: name, service, site: site === -1 ? null : this.#siteName(site) },
      messageSizeBytes: sizeBytes,
    } as const;
    if (!runsService(this.#topology.servers[server]!, service)) {
      throw new RangeError(`server ${JSON.stringify(name)} has no ${service} service`);
    }
    if (service !== 'transport') return { ...head, ...this.#selectFor(service) };
    const asked = recipientsOn(this.#tables, server, withoutRepeats(recipients), sender);
    const decisions = decideAll(this.#tables, server, asked, this.#options);
    const journeys = follow === true ? this.#followFrom(server, asked) : [];
    const explainer = new DecisionExplainer(this.#tables, server, sizeBytes);
    return {
      ...head,
      recipients: asked.map((recipient, place) =>
        this.#describe(
          recipient,
          decisions[place]!,
          journeys[place],
          explainer.explain(recipient, decisions[place]!),
        ),
      ),
      queues: this.#collectQueues(asked, decisions),
    };
  }

  #describe(
    recipient: MessageRecipient,
    decision: Decision,
    journey: Journey | undefined,
    explanation: readonly RuleOutcome[],
  ): RoutedRecipient {
    const { hop, outcome } = decision;
    const routed = outcome === 'route';
    const tiers = routed ? presentTiers(this.#tables, decision.hop) : [];
    return {
      ...this.#describeBriefly(recipient, decision),
      nextHopGroup: hop?.nextHopGroup ?? null,
      queue: routed ? decision.hop.key : null,
      path:
        hop === undefined ? null : { ...hop.path, sites: hop.path.sites.map((site) => this.#siteName(site)) },
      ...(hop !== undefined && hop.addressSpaceCost !== null && { addressSpaceCost: hop.addressSpaceCost }),
      primarySite: hop === undefined ? null : this.#siteName(hop.primarySite),
      hubSite: hop === undefined || hop.hubSite === -1 ? null : this.#siteName(hop.hubSite),
      tiers: this.#nameTiers(tiers),
      ...(routed && this.#nameProxy(decision.hop)),
      rules: decidingRules(explanation),
      ...(this.#question.explain === true && { explanation }),
      ...(routed && this.#question.outages !== undefined && this.#accept(recipient, decision.hop, tiers)),
      ...(journey !== undefined && this.#nameJourney(journey)),
    };
  }

  /** RT-43, RT-60: the front ends that stand between. */
  #nameProxy({ proxyServers }: NextHop): Pick<RoutedRecipient, 'proxy'> {
    if (proxyServers === null) return {};
    return { proxy: { service: 'front-end', servers: proxyServers.map((each) => this.#serverName(each)) } };
  }

  #accept(
    { address, resolved }: Traveller,
    hop: NextHop,
    tiers: readonly Tier[],
  ): Pick<RoutedRecipient, 'accepted'> {
    const { recipients } = this.#topology;
    const mailbox = resolved.kind === 'mailbox' ? resolved.recipient : recipients.find(address);
    const isMailbox = mailbox !== -1 && mailbox < recipients.mailboxCount;
    const databases = isMailbox ? [recipients.mailboxDatabase[mailbox]!] : [];
    return { accepted: this.#nameTaker(this.#acceptance.takerOf(hop, tiers, databases)) };
  }

  #describeBriefly(recipient: MessageRecipient, decision: Decision): RecipientAnswer {
    const { address, expandedFrom, forwardedFrom, forwardedTo } = recipient;
    const { hop, outcome } = decision;
    const ndr = outcome === 'route' ? undefined : decision.ndr;
    const named = outcome === 'route' ? undefined : decision.destination;
    const namedGroup = outcome === 'route' ? undefined : decision.destinationGroup;
    const destination =
      hop === undefined ? named : { kind: hop.destination.kind, name: hop.destination.name };
    return {
      address,
      ...(expandedFrom !== undefined && { expandedFrom }),
      ...(forwardedFrom !== undefined && { forwardedFrom }),
      ...(forwardedTo !== undefined && { forwardedTo }),
      outcome,
      ...(ndr !== undefined && { ndr: { code: ndr.code, text: ndr.text } }),
      destination: destination ?? null,
      destinationGroup: hop?.destinationGroup ?? namedGroup ?? null,
    };
  }

  #collectQueues(asked: readonly Traveller[], decisions: readonly Decision[]): readonly QueueAnswer[] {
    const queues = new Map<number, { key: NextHopSolutionKey; recipients: string[] }>();
    for (const [place, decision] of decisions.entries()) {
      if (decision.outcome !== 'route') continue;
      const { queue, key } = decision.hop;
      const { address } = asked[place]!;
      const found = queues.get(queue);
      if (found === undefined) queues.set(queue, { key, recipients: [address] });
      else found.recipients.push(address);
    }
    return [...queues.values()].map(({ key, recipients }) => ({
      ...key,
      recipients: recipients.sort(compareNames),
    }));
  }

  #nameTaker(taker: Taker | null | undefined): NamedAcceptance | null {
    return taker == null ? null : { server: this.#serverName(taker.server), tier: taker.tier + 1 };
  }

  #followFrom(server: number, travellers: readonly Traveller[]): readonly Journey[] {
    return followAll(this.#tables, this.#acceptance, server, travellers, this.#options);
  }

  #nameJourney({ stops, end }: Journey): { journey: readonly JourneyStop[]; end: JourneyEnd } {
    return {
      journey: stops.map(({ server, queue, taker }) => ({
        server: this.#serverName(server),
        queue,
        accepted: this.#nameTaker(taker),
      })),
      end: { outcome: end.outcome, server: this.#serverName(end.server) },
    };
  }

  /** RT-47 to RT-49, RT-54: one choice for the message; groups are not expanded, and connectors unknown (RT-45). */
  #selectFor(service: ProxyService): Pick<RouteAnswer, 'recipients' | 'selected'> {
    const { server, outages, follow, explain } = this.#question;
    const asked = withoutRepeats(this.#question.recipients).map((address) => ({
      address,
      resolved: this.#resolveForProxy(address),
    }));
    const mailboxes = asked.flatMap((each) =>
      each.resolved.kind === 'mailbox' ? [{ ...each, resolved: each.resolved }] : [],
    );
    const considered = mailboxes.slice(0, consideredRecipients);
    const databases = Int32Array.from(considered, (each) => this.#databaseOf(each.resolved.recipient));
    const { tiers } = this.#tables.selectTransport(service, server, databases, databases.length);
    const taker = this.#acceptance.firstOf(server, tiers);
    const arriving = asked.map(({ address }) => ({
      address,
      resolved: resolveOnArrival(this.#topology, address, this.#question.sender),
    }));
    const journeys = follow === true && taker !== undefined ? this.#followFrom(taker.server, arriving) : [];
    const stays = { journey: [], end: { outcome: 'retry', server: this.#serverName(server) } } as const;
    return {
      recipients: asked.map((each, place) => ({
        ...this.#describeForProxy(each.address, each.resolved),
        ...(follow === true && (taker === undefined ? stays : this.#nameJourney(journeys[place]!))),
      })),
      selected: {
        consideredRecipients: considered.map(({ address }) => address),
        tiers: this.#nameTiers(tiers),
        ...(explain === true && {
          explanation: this.#tables.explainer.selection(
            service,
            server,
            mailboxes.map((each) => this.#databaseOf(each.resolved.recipient)),
            mailboxes.length,
          ),
        }),
        ...(outages !== undefined && { accepted: this.#nameTaker(taker) }),
      },
    };
  }

  /** RT-46: mail users and groups have no database, wherever they lead to. */
  #resolveForProxy(address: string): ResolvedAddress {
    const resolved = resolveAddress(this.#topology, address);
    const { recipients } = this.#topology;
    const known = recipients.find(address.replace(/^smtp:/i, ''));
    return known === -1 || recipients.kind(known) !== 'contact'
      ? resolved
      : { kind: 'outside', recipient: known, type: 'SMTP', domain: '', address };
  }

  /** RT-46: only mailboxes have a destination here. */
  #describeForProxy(address: string, resolved: ResolvedAddress): RecipientAnswer {
    const none = { destination: null, destinationGroup: null };
    if (resolved.kind === 'ndr') {
      const { code, text } = resolved.ndr;
      return { address, outcome: 'ndr', ndr: { code, text }, ...none };
    }
    if (resolved.kind !== 'mailbox') return { address, outcome: 'route', ...none };
    const database = this.#databaseOf(resolved.recipient);
    return {
      address,
      outcome: 'route',
      destination: { kind: 'mailbox-database', name: this.#topology.databases[database]!.name },
      destinationGroup: this.#tables.groupOfDatabase(database),
    };
  }

  #databaseOf(mailbox: number): number {
    return this.#topology.recipients.mailboxDatabase[mailbox]!;
  }

  #nameTiers(tiers: readonly Tier[]): readonly NamedTier[] {
    return tiers.map(({ reason, site, servers }) => ({
      reason,
      site: this.#siteName(site),
      servers: servers.map((server) => this.#serverName(server)),
    }));
  }

  #serverName(server: number): string {
    return this.#topology.servers[server]!.name;
  }

  #siteName(site: number): string {
    return this.#topology.sites[site]!.name;
  }
}

/** An address that is named twice, whatever its case, counts once. */
function withoutRepeats(addresses: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return addresses.filter((address) => seen.size < seen.add(normalizeName(address)).size);
}

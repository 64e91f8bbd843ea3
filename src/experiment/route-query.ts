import {
  expandGroup,
  isExpandedOn,
  type NextHop,
  type NextHopSolutionKey,
  type NonDelivery,
  nonDeliveries,
  noRoute,
  type ProxyService,
  type ResolvedAddress,
  type RoutingTables,
  resolveAddress,
  type Tier,
} from '../routing/index.js';
import { compareNames, normalizeName, type Topology } from '../topology/index.js';
import type {
  Acceptance,
  JourneyEnd,
  JourneyStop,
  NamedDestination,
  NamedTier,
  QueueAnswer,
  RecipientAnswer,
  RouteAnswer,
  RoutedRecipient,
  RouteService,
} from './route-answer.js';

/** A question to the routing of an organization, by topology indexes. */
export interface RouteQuestion {
  readonly server: number;
  readonly service: RouteService;
  /** `local@domain`, or `Type:address`; one named twice counts once. */
  readonly recipients: readonly string[];
  readonly sizeBytes: number;
  /** Servers that accept nothing. Absent: the answer says nothing of acceptance. */
  readonly down?: ReadonlySet<number> | undefined;
  /** Where databases are active, by database; absent: on the first copy. */
  readonly activeServers?: ReadonlyMap<number, number> | undefined;
  /** Follow each recipient to its end, under `down`. */
  readonly follow?: boolean | undefined;
}

/** How many mailbox recipients the front end and submission look at (RT-48). */
const consideredAtMost = 20;

/** Answers a question from the tables: routing knows no outages, the question brings them. */
export function answerRouteQuestion(tables: RoutingTables, question: RouteQuestion): RouteAnswer {
  return new RouteQuery(tables, question).answer();
}

/** Somebody the message goes to, after resolution and expansion on the server asked. */
interface Addressee {
  readonly address: string;
  readonly expandedFrom: string | undefined;
  readonly resolved: ResolvedAddress;
}

type Decision =
  | { readonly outcome: 'route'; readonly hop: NextHop }
  | {
      readonly outcome: 'ndr' | 'unreachable';
      readonly ndr?: NonDelivery;
      /** The way that would have been, where one is known. */
      readonly hop?: NextHop;
      readonly destination?: NamedDestination;
      readonly rules: readonly string[];
    };

class RouteQuery {
  readonly #tables: RoutingTables;
  readonly #topology: Topology;
  readonly #question: RouteQuestion;

  constructor(tables: RoutingTables, question: RouteQuestion) {
    this.#tables = tables;
    this.#topology = tables.topology;
    this.#question = question;
  }

  answer(): RouteAnswer {
    const { server, service, sizeBytes } = this.#question;
    const { name, site } = this.#topology.servers[server]!;
    const head = {
      mailflow: 'route/1',
      from: { server: name, service, site: this.#siteName(site) },
      messageSizeBytes: sizeBytes,
    } as const;
    if (service !== 'transport') return { ...head, ...this.#selectFor(service) };
    const addressees = this.#expand(server);
    const decisions = addressees.map(({ resolved }) => this.#decide(server, resolved));
    return {
      ...head,
      recipients: addressees.map((addressee, place) => this.#describe(addressee, decisions[place]!)),
      queues: this.#collectQueues(addressees, decisions),
    };
  }

  /** Resolves all recipients; groups that this server expands give their members (RR-02, RT-17). */
  #expand(server: number): readonly Addressee[] {
    const found = new Map<string, Addressee>();
    const add = (resolved: ResolvedAddress, spelled: string | undefined, expandedFrom?: string) => {
      const address = spelled ?? this.#addressOf(resolved);
      const identity = normalizeName(address);
      if (!found.has(identity)) found.set(identity, { address, expandedFrom, resolved });
    };
    for (const address of this.#question.recipients) {
      const resolved = resolveAddress(this.#topology, address);
      if (resolved.kind === 'distribution-group' && isExpandedOn(resolved.expansionServer, server)) {
        const members = expandGroup(this.#topology, resolved.recipient, server);
        for (const member of members) add(member, undefined, this.#addressOf(resolved));
      } else {
        add(resolved, address);
      }
    }
    return [...found.values()];
  }

  #decide(server: number, resolved: ResolvedAddress): Decision {
    switch (resolved.kind) {
      case 'ndr':
        return { outcome: 'ndr', ndr: resolved.ndr, rules: [resolved.ndr.rule] };
      case 'mailbox':
        return this.#decideMailbox(server, resolved.recipient);
      case 'distribution-group': {
        const { expansionServer } = resolved;
        const { name } = this.#topology.servers[expansionServer]!;
        const id = this.#tables.toExpansionServer(server, expansionServer);
        return this.#decideHop(id, { kind: 'expansion-server', name });
      }
      case 'outside': {
        const domain = this.#tables.internDomain(resolved.type, resolved.domain);
        return this.#decideHop(this.#tables.toOutside(server, domain, this.#question.sizeBytes));
      }
    }
  }

  #decideMailbox(server: number, recipient: number): Decision {
    const { mailboxMaxReceiveSizeBytes } = this.#topology.recipients;
    const database = this.#databaseOf(recipient);
    const destination = {
      kind: 'mailbox-database',
      name: this.#topology.databases[database]!.name,
    } as const;
    const id = this.#tables.toDatabase(server, database);
    if (this.#question.sizeBytes > mailboxMaxReceiveSizeBytes[recipient]!) {
      const ndr = nonDeliveries.tooLargeForRecipient;
      const hop = id >= 0 ? { hop: this.#tables.nextHop(id) } : {};
      return { outcome: 'ndr', ndr, destination, rules: [ndr.rule], ...hop };
    }
    return this.#decideHop(id, destination);
  }

  /** @param id - what the tables answer: a next hop, or one of `noRoute` */
  #decideHop(id: number, destination?: NamedDestination): Decision {
    const known = destination && { destination };
    switch (id) {
      case noRoute.unreachable:
        return { outcome: 'unreachable', ...known, rules: [destination === undefined ? 'CN-04' : 'RT-18'] };
      case noRoute.noConnectorForType:
        return ndrDecision(nonDeliveries.noConnectorForType);
      case noRoute.connectorsTooSmall:
        return ndrDecision(nonDeliveries.tooLargeForConnectors);
    }
    const hop = this.#tables.nextHop(id);
    if (this.#question.sizeBytes <= hop.maxMessageSizeBytes) return { outcome: 'route', hop };
    return { ...ndrDecision(nonDeliveries.tooLargeForRoute), hop };
  }

  #describe(addressee: Addressee, decision: Decision): RoutedRecipient {
    const { hop, outcome } = decision;
    const routed = outcome === 'route';
    const tiers = routed ? this.#tiersOf(decision.hop) : [];
    const { down } = this.#question;
    return {
      ...this.#describeBriefly(addressee, decision),
      nextHopGroup: hop?.nextHopGroup ?? null,
      queue: routed ? decision.hop.key : null,
      path:
        hop === undefined ? null : { ...hop.path, sites: hop.path.sites.map((site) => this.#siteName(site)) },
      ...(hop !== undefined && hop.addressSpaceCost !== null && { addressSpaceCost: hop.addressSpaceCost }),
      primarySite: hop === undefined ? null : this.#siteName(hop.primarySite),
      hubSite: hop === undefined || hop.hubSite === -1 ? null : this.#siteName(hop.hubSite),
      tiers: this.#nameTiers(tiers),
      rules: routed ? decision.hop.rules : decision.rules,
      ...(routed && down !== undefined && { accepted: this.#nameAcceptance(tiers) }),
      ...(this.#question.follow === true && this.#follow(addressee.resolved, this.#question.server)),
    };
  }

  #describeBriefly({ address, expandedFrom }: Addressee, decision: Decision): RecipientAnswer {
    const { hop, outcome } = decision;
    const ndr = outcome === 'route' ? undefined : decision.ndr;
    const named = outcome === 'route' ? undefined : decision.destination;
    const destination =
      hop === undefined ? named : { kind: hop.destination.kind, name: hop.destination.name };
    return {
      address,
      ...(expandedFrom !== undefined && { expandedFrom }),
      outcome,
      ...(ndr !== undefined && { ndr: { code: ndr.code, text: ndr.text } }),
      destination: destination ?? null,
      destinationGroup: hop?.destinationGroup ?? null,
    };
  }

  #collectQueues(addressees: readonly Addressee[], decisions: readonly Decision[]): readonly QueueAnswer[] {
    const queues = new Map<number, { key: NextHopSolutionKey; recipients: string[] }>();
    for (const [place, decision] of decisions.entries()) {
      if (decision.outcome !== 'route') continue;
      const { queue, key } = decision.hop;
      const { address } = addressees[place]!;
      const found = queues.get(queue);
      if (found === undefined) queues.set(queue, { key, recipients: [address] });
      else found.recipients.push(address);
    }
    return [...queues.values()].map(({ key, recipients }) => ({
      ...key,
      recipients: recipients.sort(compareNames),
    }));
  }

  /** The tiers of a next hop as they stand now: a mailbox has the one server with the active copy. */
  #tiersOf(hop: NextHop): readonly Tier[] {
    if (hop.kind !== 'mailbox') return hop.tiers;
    const { copies } = this.#topology.databases[hop.destination.index]!;
    const active = this.#question.activeServers?.get(hop.destination.index) ?? copies[0]!;
    const { site } = this.#topology.servers[active]!;
    return [{ reason: 'target-servers', site, servers: [active] }];
  }

  /** The first server of the first tier that has one which is not down; undefined: Retry. */
  #accept(tiers: readonly Tier[]): { readonly server: number; readonly tier: number } | undefined {
    const isUp = (server: number) => !(this.#question.down?.has(server) ?? false);
    for (const [place, { servers }] of tiers.entries()) {
      const server = servers.find(isUp);
      if (server !== undefined) return { server, tier: place + 1 };
    }
    return undefined;
  }

  #nameAcceptance(tiers: readonly Tier[]): Acceptance | null {
    const accepted = this.#accept(tiers);
    return accepted === undefined ? null : { server: this.#serverName(accepted.server), tier: accepted.tier };
  }

  /**
   * The whole way of one recipient from a server on; each server that accepts categorizes anew (RT-29). A message
   * that comes back to a server it has been on goes round in circles, and is returned (5.4.6).
   */
  #follow(resolved: ResolvedAddress, start: number): { journey: JourneyStop[]; end: JourneyEnd } {
    const journey: JourneyStop[] = [];
    const visited = new Set<number>();
    const endAt = (outcome: JourneyEnd['outcome'], server: number) => ({
      journey,
      end: { outcome, server: this.#serverName(server) },
    });
    for (let server = start; ; ) {
      if (visited.has(server)) return endAt('ndr', server);
      visited.add(server);
      if (resolved.kind === 'distribution-group' && isExpandedOn(resolved.expansionServer, server)) {
        // The routing destination is reached: its members go on from here, each on a way of its own.
        return endAt('delivered', server);
      }
      const decision = this.#decide(server, resolved);
      if (decision.outcome !== 'route') return endAt(decision.outcome, server);
      const { hop } = decision;
      const tiers = this.#tiersOf(hop);
      const accepted = this.#accept(tiers);
      const stop = {
        server: this.#serverName(server),
        queue: hop.key,
        accepted: this.#nameAcceptance(tiers),
      };
      journey.push(stop);
      if (accepted === undefined) return endAt('retry', server);
      if (hop.kind !== 'relay') return endAt('delivered', accepted.server);
      server = accepted.server;
    }
  }

  /** RT-47 to RT-49, RT-54: one choice for the message; groups are not expanded, and connectors unknown (RT-45). */
  #selectFor(service: ProxyService): Pick<RouteAnswer, 'recipients' | 'selected'> {
    const { server, recipients, down, follow } = this.#question;
    const seen = new Set<string>();
    const resolved = recipients
      .filter((address) => seen.size < seen.add(normalizeName(address)).size)
      .map((address) => ({ address, resolved: resolveAddress(this.#topology, address) }));
    const considered = resolved
      .flatMap((each) => (each.resolved.kind === 'mailbox' ? [{ ...each, resolved: each.resolved }] : []))
      .slice(0, consideredAtMost);
    const databases = Int32Array.from(considered, (each) => this.#databaseOf(each.resolved.recipient));
    const { tiers } = this.#tables.selectTransport(service, server, databases, databases.length);
    const accepted = this.#accept(tiers);
    return {
      recipients: resolved.map((each) => ({
        ...this.#describeForProxy(each.address, each.resolved),
        ...(follow === true &&
          (accepted === undefined
            ? { journey: [], end: { outcome: 'retry', server: this.#serverName(server) } as const }
            : this.#follow(each.resolved, accepted.server))),
      })),
      selected: {
        consideredRecipients: considered.map(({ address }) => address),
        tiers: this.#nameTiers(tiers),
        ...(down !== undefined && { accepted: this.#nameAcceptance(tiers) }),
      },
    };
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

  #addressOf(resolved: ResolvedAddress): string {
    const { addresses } = this.#topology.recipients;
    if (resolved.kind === 'mailbox' || resolved.kind === 'distribution-group') {
      return addresses[resolved.recipient]!;
    }
    return resolved.kind === 'outside' && resolved.recipient !== -1
      ? addresses[resolved.recipient]!
      : resolved.address;
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

function ndrDecision(ndr: NonDelivery) {
  return { outcome: 'ndr', ndr, rules: [ndr.rule] } as const;
}

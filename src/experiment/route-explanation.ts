import type {
  MessageRecipient,
  NextHop,
  ResolvedAddress,
  RouteAspect,
  RoutingTables,
  RuleOutcome,
} from '../routing/index.js';
import type { Decision } from './route-decision.js';

const aspectsOfSending: ReadonlySet<RouteAspect> = new Set(['hub', 'tiers', 'queue']);

/** Says why a server decided as it did about each recipient of a message. Ways that several share are explained once. */
export class DecisionExplainer {
  readonly #tables: RoutingTables;
  readonly #server: number;
  readonly #sizeBytes: number;
  /** By next hop. */
  readonly #ways = new Map<number, readonly RuleOutcome[]>();
  /** By interned domain. */
  readonly #connectors = new Map<number, readonly RuleOutcome[]>();

  constructor(tables: RoutingTables, server: number, sizeBytes: number) {
    this.#tables = tables;
    this.#server = server;
    this.#sizeBytes = sizeBytes;
  }

  explain(recipient: MessageRecipient, decision: Decision): readonly RuleOutcome[] {
    const { resolved } = recipient;
    const outcomes = [...this.#tables.explainer.recipient(this.#server, recipient)];
    if (resolved.kind === 'ndr') return outcomes;
    if (resolved.kind === 'outside') outcomes.push(...this.#connector(resolved.type, resolved.domain));
    if (decision.outcome === 'unreachable') outcomes.push(...this.#unreachable(resolved));
    const ownLimit = decision.outcome === 'ndr' && decision.ndr?.code === '5.2.3';
    if (ownLimit) {
      const text = `${recipient.address} does not take messages as large as this one: it is returned`;
      outcomes.push({ rule: 'DS', aspect: 'size', decided: true, text });
    }
    if (decision.hop !== undefined && !ownLimit) {
      // What is returned for its size comes as far as the path: nobody is tried.
      const isPart = ({ aspect }: RuleOutcome) =>
        decision.outcome === 'route' || !aspectsOfSending.has(aspect);
      outcomes.push(...this.#way(decision.hop).filter(isPart));
    }
    return outcomes;
  }

  #way(hop: NextHop): readonly RuleOutcome[] {
    const known = this.#ways.get(hop.id);
    if (known !== undefined) return known;
    const outcomes = this.#tables.explainer.nextHop(hop, this.#sizeBytes);
    this.#ways.set(hop.id, outcomes);
    return outcomes;
  }

  #unreachable(resolved: ResolvedAddress): readonly RuleOutcome[] {
    const { explainer, topology } = this.#tables;
    if (resolved.kind === 'mailbox') {
      const database = topology.recipients.mailboxDatabase[resolved.recipient]!;
      return explainer.unreachable('mailbox-database', database);
    }
    if (resolved.kind !== 'distribution-group') return [];
    return explainer.unreachable('expansion-server', resolved.expansionServer);
  }

  #connector(type: string, domain: string): readonly RuleOutcome[] {
    const id = this.#tables.internDomain(type, domain);
    const known = this.#connectors.get(id);
    if (known !== undefined) return known;
    const outcomes = this.#tables.explainer.connector(this.#server, type, domain, this.#sizeBytes);
    this.#connectors.set(id, outcomes);
    return outcomes;
  }
}

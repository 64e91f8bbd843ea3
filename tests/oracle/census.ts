import type { RouteAnswer, RoutedRecipient } from '../../src/experiment/route-answer.js';

/**
 * What can occur in an answer. A run over random questions that never meets one of these would say nothing about it,
 * so `absent` names them.
 */
const expected = {
  service: ['transport', 'front-end', 'submission'],
  outcome: ['route', 'ndr', 'unreachable'],
  ndr: ['5.1.1', '5.1.2', '5.1.3', '5.2.3', '5.3.4', '5.4.6', '5.7.1'],
  destination: ['mailbox-database', 'connector', 'expansion-server'],
  group: ['routable-dag', 'mailbox-delivery-group', 'connector-source-servers', 'ad-site', 'server-list'],
  'next hop': [
    'routable-dag',
    'mailbox-delivery-group',
    'connector-source-servers',
    'ad-site',
    'server-list',
  ],
  queue: [
    ...['SmtpDeliveryToMailbox', 'MapiDelivery', 'SmtpRelayToDag', 'SmtpRelayToMailboxDeliveryGroup'],
    ...['SmtpRelayToConnectorSourceServers', 'SmtpRelayToServers', 'SmtpRelayToRemoteActiveDirectorySite'],
    ...['SmtpRelayWithinAdSite', 'SmtpRelayWithinAdSiteToEdge', 'DnsConnectorDelivery'],
    ...['SmartHostConnectorDelivery', 'DeliveryAgent', 'NonSmtpGatewayDelivery'],
  ],
  tier: [
    ...['target-servers', 'hub-site-servers', 'other-group-servers', 'primary-site-servers', 'backoff'],
    ...['local-site-servers', 'local-group-servers'],
  ],
  accepted: ['tier 1', 'tier 2', 'tier 3', 'tier 4', 'nobody'],
  end: ['delivered', 'retry', 'ndr', 'unreachable'],
  stops: ['1', '2', '3', '4'],
  name: ['expandedFrom', 'forwardedFrom', 'forwardedTo', 'proxy'],
  coincidence: [
    ...['a hub on the way to a DAG', 'a DAG whose primary site is a hub', 'an Edge behind a hub'],
    ...['an Edge in a hub', 'a connector with sources in several sites'],
    ...['a DAG over three sites or more', 'two recipients in one queue', 'a fork site'],
  ],
} as const;

export class Census {
  readonly #seen = new Map<string, number>();

  count(answer: RouteAnswer): void {
    this.#see('service', answer.from.service);
    for (const queue of answer.queues ?? []) {
      if (queue.recipients.length > 1) this.#see('coincidence', 'two recipients in one queue');
    }
    for (const { reason } of answer.selected?.tiers ?? []) this.#see('tier', reason);
    this.#countAccepted(answer.selected?.accepted);
    for (const row of answer.recipients) this.#countRow(row as RoutedRecipient);
  }

  /** Everything that should have occurred and did not. */
  get absent(): string[] {
    return Object.entries(expected).flatMap(([kind, values]) =>
      values.map((value) => `${kind}: ${value}`).filter((each) => !this.#seen.has(each)),
    );
  }

  #see(kind: keyof typeof expected, value: string): void {
    const key = `${kind}: ${value}`;
    this.#seen.set(key, (this.#seen.get(key) ?? 0) + 1);
  }

  #countRow(row: RoutedRecipient): void {
    this.#see('outcome', row.outcome);
    if (row.ndr) this.#see('ndr', row.ndr.code);
    if (row.destination) this.#see('destination', row.destination.kind);
    if (row.destinationGroup) this.#see('group', row.destinationGroup.kind);
    if (row.queue) this.#see('queue', row.queue.deliveryType);
    if (row.nextHopGroup) this.#see('next hop', row.nextHopGroup.kind);
    for (const { reason } of row.tiers ?? []) this.#see('tier', reason);
    this.#countAccepted(row.accepted);
    if (row.end) this.#see('end', row.end.outcome);
    if (row.journey) this.#see('stops', String(row.journey.length));
    for (const name of expected.name) if (row[name] !== undefined) this.#see('name', name);
    if (row.outcome === 'route' && row.tiers !== undefined) this.#countCoincidences(row);
  }

  #countAccepted(accepted: RoutedRecipient['accepted']): void {
    if (accepted === null) this.#see('accepted', 'nobody');
    else if (accepted !== undefined) this.#see('accepted', `tier ${accepted.tier}`);
  }

  #countCoincidences({ destinationGroup, nextHopGroup, hubSite, primarySite, tiers }: RoutedRecipient): void {
    const isHubFirst = hubSite !== null && hubSite !== primarySite;
    const spans = tiers.filter(({ reason }) => reason === 'other-group-servers').length;
    if (destinationGroup?.kind === 'routable-dag') {
      if (isHubFirst) this.#see('coincidence', 'a hub on the way to a DAG');
      if (hubSite !== null && !isHubFirst) this.#see('coincidence', 'a DAG whose primary site is a hub');
      if (spans > 1) this.#see('coincidence', 'a DAG over three sites or more');
    }
    if (destinationGroup?.kind === 'ad-site') {
      if (isHubFirst) this.#see('coincidence', 'an Edge behind a hub');
      if (hubSite !== null && !isHubFirst) this.#see('coincidence', 'an Edge in a hub');
    }
    if (destinationGroup?.kind === 'connector-source-servers' && spans > 0) {
      this.#see('coincidence', 'a connector with sources in several sites');
    }
    const isElsewhere = nextHopGroup?.name !== hubSite && nextHopGroup?.name !== primarySite;
    if (nextHopGroup?.kind === 'ad-site' && isElsewhere) this.#see('coincidence', 'a fork site');
  }
}

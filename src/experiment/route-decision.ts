import {
  type DeliveryGroupReference,
  type MessageRecipient,
  type NextHop,
  type NonDelivery,
  nonDeliveries,
  noRoute,
  type ResolvedAddress,
  type RoutingTables,
  resolveMessage,
  resolveOnEdge,
} from '../routing/index.js';
import type { NamedDestination } from './route-answer.js';

/** What a server does with one recipient of a message. */
export type Decision =
  | { readonly outcome: 'route'; readonly hop: NextHop }
  | {
      readonly outcome: 'ndr' | 'unreachable';
      readonly ndr?: NonDelivery;
      /** The way that would have been, where one is known. */
      readonly hop?: NextHop;
      readonly destination?: NamedDestination;
      readonly destinationGroup?: DeliveryGroupReference;
    };

/** The recipients of a message as a server's categorizer resolves them; an Edge goes by their domains. */
export function recipientsOn(
  { topology }: RoutingTables,
  server: number,
  addresses: readonly string[],
  sender: string | undefined,
): readonly MessageRecipient[] {
  return topology.servers[server]!.isEdge
    ? addresses.map((address) => ({ address, resolved: resolveOnEdge(address) }))
    : resolveMessage(topology, addresses, server, sender);
}

/** Decides the next hop of a recipient on a server, or why there is none. Sizes: AS-05, CN-01, 5.2.3. */
export function decide(
  tables: RoutingTables,
  server: number,
  resolved: ResolvedAddress,
  sizeBytes: number,
): Decision {
  const { servers } = tables.topology;
  switch (resolved.kind) {
    case 'ndr':
      return { outcome: 'ndr', ndr: resolved.ndr };
    case 'mailbox':
      return decideMailbox(tables, server, resolved.recipient, sizeBytes);
    case 'distribution-group': {
      const { expansionServer } = resolved;
      const { name } = servers[expansionServer]!;
      const id = tables.toExpansionServer(server, expansionServer);
      const group = { kind: 'server-list', name: servers[expansionServer]!.fqdn } as const;
      return decideHop(tables, id, sizeBytes, { kind: 'expansion-server', name }, group);
    }
    case 'outside': {
      const domain = tables.internDomain(resolved.type, resolved.domain);
      return decideHop(tables, tables.toOutside(server, domain, sizeBytes), sizeBytes);
    }
  }
}

function decideMailbox(
  tables: RoutingTables,
  server: number,
  recipient: number,
  sizeBytes: number,
): Decision {
  const { recipients, databases } = tables.topology;
  const database = recipients.mailboxDatabase[recipient]!;
  const destination = { kind: 'mailbox-database', name: databases[database]!.name } as const;
  const id = tables.toDatabase(server, database);
  if (sizeBytes > recipients.mailboxMaxReceiveSizeBytes[recipient]!) {
    const ndr = nonDeliveries.tooLargeForRecipient;
    const hop = id >= 0 ? { hop: tables.nextHop(id) } : {};
    return { outcome: 'ndr', ndr, destination, destinationGroup: tables.groupOfDatabase(database), ...hop };
  }
  return decideHop(tables, id, sizeBytes, destination, tables.groupOfDatabase(database));
}

/** @param id - what the tables answer: a next hop, or one of `noRoute` */
function decideHop(
  tables: RoutingTables,
  id: number,
  sizeBytes: number,
  destination?: NamedDestination,
  destinationGroup?: DeliveryGroupReference,
): Decision {
  const known = {
    ...(destination && { destination }),
    ...(destinationGroup && { destinationGroup }),
  };
  switch (id) {
    case noRoute.unreachable:
      return { outcome: 'unreachable', ...known };
    case noRoute.noConnectorForType:
      return returned(nonDeliveries.noConnectorForType);
    case noRoute.connectorsTooSmall:
      return returned(nonDeliveries.tooLargeForConnectors);
  }
  const hop = tables.nextHop(id);
  // AS-05: the limit must be exceeded.
  if (sizeBytes <= hop.maxMessageSizeBytes) return { outcome: 'route', hop };
  return { ...returned(nonDeliveries.tooLargeForRoute), hop };
}

function returned(ndr: NonDelivery) {
  return { outcome: 'ndr', ndr } as const;
}

import type { DeliveryGroupReference, NextHop } from '../next-hop.js';
import { type NonDelivery, nonDeliveries } from '../non-delivery.js';
import { noRoute, type RoutingTables } from '../routing-tables.js';
import type { DiffDestination } from './diff-destinations.js';

/** What a server does with messages of some sizes for one destination. */
export interface SizedAnswer {
  /** It holds for larger messages than this, up to the next answer's; the first one's is -1. */
  readonly aboveBytes: number;
  readonly outcome: 'route' | 'ndr' | 'unreachable';
  /** Also the way that would have been, of a message that a link is too small for (AS-05); null: none is known. */
  readonly hop: NextHop | null;
  /** The delivery group of the destination; null: outside mail that no connector takes. */
  readonly group: DeliveryGroupReference | null;
  readonly ndr: NonDelivery | null;
}

/** The answers for messages of all sizes, smallest first; never empty. */
export type SizedAnswers = readonly SizedAnswer[];

/**
 * What a server answers, before or after.
 * @param server - -1: no such server
 * @returns null where there is nothing to ask: no such server or destination, an Edge and the organization's own
 * destinations (RT-56), a group on the server that expands it (RT-17)
 */
export function answersOf(
  tables: RoutingTables,
  server: number,
  destination: DiffDestination,
  side: 'before' | 'after',
): SizedAnswers | null {
  if (server === -1) return null;
  const { isEdge } = tables.topology.servers[server]!;
  if (destination.kind === 'address-space') {
    const resolved = isEdge ? destination.onEdge : destination[side];
    if (resolved.kind === 'ndr') {
      return [{ aboveBytes: -1, outcome: 'ndr', hop: null, group: null, ndr: resolved.ndr }];
    }
    // The address is nobody's, so that it is for a connector.
    if (resolved.kind !== 'outside') return null;
    return outsideAnswers(tables, server, tables.internDomain(resolved.type, resolved.domain));
  }
  const index = destination[side];
  if (index === -1 || isEdge) return null;
  if (destination.kind === 'mailbox-database') {
    return insideAnswers(tables, tables.toDatabase(server, index), tables.groupOfDatabase(index));
  }
  if (index === server) return null;
  const group = { kind: 'server-list', name: tables.topology.servers[index]!.fqdn } as const;
  return insideAnswers(tables, tables.toExpansionServer(server, index), group);
}

function insideAnswers(tables: RoutingTables, id: number, group: DeliveryGroupReference): SizedAnswers {
  if (id < 0) return [{ ...withoutHop(id, -1), group }];
  const hop = tables.nextHop(id);
  return withLinkLimit(hop, -1, Number.POSITIVE_INFINITY);
}

/** CN-01, CN-02: each connector that some sizes take; those that it is too small for go on to the next. */
function outsideAnswers(tables: RoutingTables, server: number, domain: number): SizedAnswers {
  const answers: SizedAnswer[] = [];
  let aboveBytes = -1;
  for (;;) {
    const id = tables.toOutside(server, domain, aboveBytes + 1);
    if (id < 0) return [...answers, withoutHop(id, aboveBytes)];
    const hop = tables.nextHop(id);
    const limit = Math.floor(tables.topology.connectors[hop.destination.index]!.maxMessageSizeBytes);
    answers.push(...withLinkLimit(hop, aboveBytes, limit));
    if (limit === Number.POSITIVE_INFINITY) return answers;
    aboveBytes = limit;
  }
}

/** AS-05: what is larger than a link on the path takes is returned. */
function withLinkLimit(hop: NextHop, aboveBytes: number, upToBytes: number): SizedAnswers {
  const limit = Math.floor(hop.maxMessageSizeBytes);
  const way = { hop, group: hop.destinationGroup };
  const returned = { outcome: 'ndr', ...way, ndr: nonDeliveries.tooLargeForRoute } as const;
  if (limit <= aboveBytes) return [{ aboveBytes, ...returned }];
  const routed: SizedAnswer = { aboveBytes, outcome: 'route', ...way, ndr: null };
  return limit < upToBytes ? [routed, { aboveBytes: limit, ...returned }] : [routed];
}

function withoutHop(id: number, aboveBytes: number): SizedAnswer {
  const nowhere = { aboveBytes, hop: null, group: null };
  switch (id) {
    case noRoute.noConnectorForType:
      return { ...nowhere, outcome: 'ndr', ndr: nonDeliveries.noConnectorForType };
    case noRoute.connectorsTooSmall:
      return { ...nowhere, outcome: 'ndr', ndr: nonDeliveries.tooLargeForConnectors };
    default:
      return { ...nowhere, outcome: 'unreachable', ndr: null };
  }
}

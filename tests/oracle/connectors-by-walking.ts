import type { AddressSpace, ServerDescription } from '../../src/topology/index.js';
import { groupOfConnector } from './groups-by-walking.js';
import type { Landscape, OracleConnector } from './landscape.js';
import { compareNames, hasName, sameName } from './names.js';
import { sitesByDistance } from './relay-by-walking.js';
import { isEdge } from './server-roles.js';

/** An address outside: its type in upper case, and for SMTP the domain, else the whole of it. */
export interface OutsideAddress {
  readonly type: string;
  readonly space: string;
}

export interface ChosenConnector {
  readonly connector: OracleConnector;
  readonly addressSpace: AddressSpace;
}

interface Candidate extends ChosenConnector {
  readonly aggregateCost: number;
  /** CN-01 step 5: 0 this server, 1 its site, then by hops. */
  readonly proximity: number;
}

/** CN-01 to CN-09: the connector that a server of a site uses for an address. */
export function chooseConnector(
  land: Landscape,
  from: ServerDescription,
  address: OutsideAddress,
  sizeBytes: number,
): ChosenConnector | 'none' | 'too-small' {
  const usable = land.connectors.flatMap((connector): Candidate[] => {
    if (!connector.enabled || !isInScope(land, from, connector)) return [];
    // ES-02: the way in is for Edges.
    if (connector.madeBy === 'subscription-inbound' && !isEdge(from)) return [];
    if (isEdge(from) && !hasName(connector.sourceServers, from.name)) return [];
    const addressSpace = closestSpace(connector.addressSpaces, address);
    const distance = distanceTo(land, from, connector);
    if (addressSpace === undefined || distance === undefined) return [];
    const aggregateCost = distance.cost + addressSpace.cost;
    return [{ connector, addressSpace, aggregateCost, proximity: distance.proximity }];
  });
  const largeEnough = usable.filter(({ connector }) => sizeBytes <= connector.maxMessageSizeBytes);
  const best = largeEnough.sort(
    (a, b) =>
      specificity(b.addressSpace) - specificity(a.addressSpace) ||
      a.aggregateCost - b.aggregateCost ||
      a.proximity - b.proximity ||
      compareNames(a.connector.name, b.connector.name),
  )[0];
  return best ?? (usable.length > 0 ? 'too-small' : 'none');
}

/** CN-06: only servers in the site of a source server see a scoped connector. */
function isInScope(land: Landscape, from: ServerDescription, connector: OracleConnector): boolean {
  if (!connector.scoped) return true;
  return connector.sourceServers.some((each) =>
    sameName(land.siteOf(land.server(each)) ?? '', land.siteOf(from)!),
  );
}

function distanceTo(
  land: Landscape,
  from: ServerDescription,
  connector: OracleConnector,
): { readonly cost: number; readonly proximity: number } | undefined {
  if (hasName(connector.sourceServers, from.name)) return { cost: 0, proximity: 0 };
  const group = groupOfConnector(land, connector);
  // Inside the site of its Edges no other server of the site is needed (RT-57).
  if (group.kind === 'ad-site' && sameName(group.name, land.siteOf(from)!)) return { cost: 0, proximity: 1 };
  const path = sitesByDistance(land, land.siteOf(from)!, group.members)[0];
  return path && { cost: path.cost, proximity: 1 + path.hops };
}

/** The address space of a connector that fits an address best; of equally close ones the cheapest. */
function closestSpace(spaces: readonly AddressSpace[], address: OutsideAddress): AddressSpace | undefined {
  return spaces
    .filter((each) => covers(each, address))
    .sort((a, b) => specificity(b) - specificity(a) || a.cost - b.cost)[0];
}

function covers({ type, space }: AddressSpace, address: OutsideAddress): boolean {
  if (!sameName(type, address.type)) return false;
  if (space === '*' || sameName(space, address.space)) return true;
  // `*.contoso.com`: contoso.com and everything below it.
  if (!space.startsWith('*.') || !sameName(type, 'SMTP')) return false;
  return `.${address.space}`.toUpperCase().endsWith(space.slice(1).toUpperCase());
}

/** CN-03: an exact space before `*.domain` before `*`, and the longer before the shorter. */
function specificity({ space }: AddressSpace): number {
  if (space === '*') return 0;
  return space.startsWith('*.') ? space.length : 10_000;
}

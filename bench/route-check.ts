import { noRoute, type RoutingTables } from '../src/routing/index.js';
import { type ClearRouting, pathText } from './clear-routing.js';

/** A question to both: which way from a server to a database. */
export type DatabaseQuestion = readonly [server: number, database: number];

/** Which way from a server to an SMTP domain outside. */
export type DomainQuestion = readonly [server: number, domain: string, sizeBytes: number];

/** An answer of the tables in the words of `ClearRouting`. */
export function describeRoute(tables: RoutingTables, server: number, database: number): string {
  return describeHop(tables, tables.toDatabase(server, database));
}

/** The same for a domain outside. */
export function describeOutsideRoute(
  tables: RoutingTables,
  server: number,
  domain: string,
  sizeBytes: number,
): string {
  const id = tables.toOutside(server, tables.internDomain('SMTP', domain), sizeBytes);
  if (id === noRoute.connectorsTooSmall) return 'too large';
  return id < 0
    ? 'unreachable'
    : `${describeHop(tables, id)} | space at ${tables.nextHop(id).addressSpaceCost}`;
}

function describeHop(tables: RoutingTables, id: number): string {
  if (id < 0) return 'unreachable';
  const { key, tiers, path, maxMessageSizeBytes } = tables.nextHop(id);
  const { servers, sites } = tables.topology;
  const texts = tiers.map(
    (tier) => `${tier.reason} ${tier.servers.map((each) => servers[each]!.name).join(' ')}`,
  );
  const names = path.sites.map((site) => sites[site]!.name);
  return [
    `${key.deliveryType} ${key.nextHopDomain}`,
    ...texts,
    pathText(names, path.cost, maxMessageSizeBytes),
  ].join(' | ');
}

/** The first of some questions that the tables answer otherwise than the clear implementation, in words. */
export function findWrongRoute(
  tables: RoutingTables,
  clear: ClearRouting,
  questions: Iterable<DatabaseQuestion>,
): string | undefined {
  for (const [server, database] of questions) {
    const answer = describeRoute(tables, server, database);
    const expected = clear.toDatabase(server, database);
    if (answer === expected) continue;
    const { servers, databases } = tables.topology;
    return `${servers[server]!.name} to ${databases[database]!.name}: expected ${expected}, got ${answer}`;
  }
  return undefined;
}

/** The same for domains outside. */
export function findWrongOutsideRoute(
  tables: RoutingTables,
  clear: ClearRouting,
  questions: Iterable<DomainQuestion>,
): string | undefined {
  for (const [server, domain, sizeBytes] of questions) {
    const answer = describeOutsideRoute(tables, server, domain, sizeBytes);
    const expected = clear.toOutside(server, domain, sizeBytes);
    if (answer === expected) continue;
    const { name } = tables.topology.servers[server]!;
    return `${name} to ${domain}, ${sizeBytes} bytes: expected ${expected}, got ${answer}`;
  }
  return undefined;
}

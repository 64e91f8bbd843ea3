import type { RoutingTables } from '../src/routing/index.js';
import type { ClearRouting } from './clear-routing.js';

/** An answer of the tables in the words of `ClearRouting`. */
export function describeRoute(tables: RoutingTables, server: number, database: number): string {
  const id = tables.toDatabase(server, database);
  if (id < 0) return 'unreachable';
  const { key, tiers } = tables.nextHop(id);
  const { servers } = tables.topology;
  const texts = tiers.map(
    (tier) => `${tier.reason} ${tier.servers.map((each) => servers[each]!.name).join(' ')}`,
  );
  return [`${key.deliveryType} ${key.nextHopDomain}`, ...texts].join(' | ');
}

/** The first of some questions that the tables answer otherwise than the clear implementation, in words. */
export function findWrongRoute(
  tables: RoutingTables,
  clear: ClearRouting,
  questions: Iterable<readonly [server: number, database: number]>,
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

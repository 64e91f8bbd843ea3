import { type ChangedRoute, type DiffSummary, diffRoutes } from '../../src/experiment/diff-routes.js';
import { compileRoutingTables, type RoutingTables } from '../../src/routing/index.js';
import { type OrganizationShorthand, topologyOf } from '../conformance/organization-builder.js';

export function tablesOf(shorthand: OrganizationShorthand): RoutingTables {
  return compileRoutingTables(topologyOf(shorthand));
}

export function allChanges(
  before: RoutingTables,
  after: RoutingTables,
): [readonly ChangedRoute[], DiffSummary] {
  const changes: ChangedRoute[] = [];
  const generator = diffRoutes(before, after);
  for (let next = generator.next(); ; next = generator.next()) {
    if (next.done === true) return [changes, next.value];
    changes.push(next.value);
  }
}

/** Tells routes from one another. */
export function keyOf(
  from: string,
  { kind, name }: { readonly kind: string; readonly name: string },
): string {
  return `${from} ${kind} ${name}`;
}

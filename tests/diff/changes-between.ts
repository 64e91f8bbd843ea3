import { expect } from 'vitest';
import { compileRoutingTables } from '../../src/routing/compile-routing-tables.js';
import { DiffSide } from '../../src/routing/diff/diff-side.js';
import { type RouteChange, RoutingDiff } from '../../src/routing/diff/routing-diff.js';
import { type OrganizationShorthand, topologyOf } from '../conformance/organization-builder.js';

export const megabyte = 1_024 ** 2;

/** Two ways of equal length from S to P, by X and by Q, and a longer one by Y and Z. */
export const diamond: OrganizationShorthand = {
  links: ['S-X 10', 'X-P 10', 'S-Q 10', 'Q-P 15', 'S-Y 10', 'Y-Z 10', 'Z-P 10'],
  servers: ['S1@S', 'S2@S', 'X1@X', 'Q1@Q', 'P1@P', 'P2@P'],
  databases: { Db1: ['P1'], Db2: ['P2'], DbS: ['S1'] },
};

export function diff(before: OrganizationShorthand, after: OrganizationShorthand): RoutingDiff {
  return new RoutingDiff(compileRoutingTables(topologyOf(before)), compileRoutingTables(topologyOf(after)));
}

export function sideOf(shorthand: OrganizationShorthand): DiffSide {
  return new DiffSide(compileRoutingTables(topologyOf(shorthand)));
}

/** All changes from a server to a destination. */
export function changesBetween(
  before: OrganizationShorthand,
  after: OrganizationShorthand,
  from: string,
  to: string,
): readonly RouteChange[] {
  return [...diff(before, after).changes()]
    .flatMap(({ changes }) => changes)
    .filter(({ sources }) => sources.some(({ name }) => name === from))
    .filter(({ destinations }) => destinations.some(({ name }) => name === to));
}

/** What changed from a server to a destination, and the reasons as `RT-30 path: …`. */
export function change(
  before: OrganizationShorthand,
  after: OrganizationShorthand,
  from: string,
  to: string,
) {
  const found = changesBetween(before, after, from, to);
  expect(found.length).toBe(1);
  const { changed, reasons } = found[0]!;
  return {
    changed,
    reasons: reasons.map(({ rule, aspects, text }) => `${rule} ${aspects.join(' ')}: ${text}`),
  };
}

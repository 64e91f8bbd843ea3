import { compareNames } from '../topology/index.js';
import type { Component, ComponentKind } from './failures-components.js';

/** By what failures are ranked. */
export interface Ranked {
  /** The share of mailboxes and the share of routes outwards that are cut off, added up. */
  readonly harm: number;
  /** The share of mailboxes alone: who gets no mail is worse off than who cannot send out. */
  readonly mailboxesCutOff: number;
  /** Unreachable destinations. */
  readonly unreachable: number;
  readonly detours: number;
  readonly failed: readonly Component[];
}

/** Orders failures, the worse first; no two are equal. */
export function byHarm(a: Ranked, b: Ranked): number {
  return (
    compareShares(b.harm, a.harm) ||
    compareShares(b.mailboxesCutOff, a.mailboxesCutOff) ||
    b.unreachable - a.unreachable ||
    b.detours - a.detours ||
    compareFailed(a.failed, b.failed)
  );
}

/** Negative if `a` is less. Shares that differ only by the order in which they were added up are equal. */
export function compareShares(a: number, b: number): number {
  return Math.round(a * 1e9) - Math.round(b * 1e9);
}

const kindOrder: readonly ComponentKind[] = ['site', 'server', 'edge-server', 'site-link', 'connector'];

function compareFailed(a: Ranked['failed'], b: Ranked['failed']): number {
  for (const [place, one] of a.entries()) {
    const other = b[place];
    if (other === undefined) return 1;
    const order =
      kindOrder.indexOf(one.kind) - kindOrder.indexOf(other.kind) || compareNames(one.name, other.name);
    if (order !== 0) return order;
  }
  return 0;
}

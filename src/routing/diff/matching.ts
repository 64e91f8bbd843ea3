import { compareNames, findByName, normalizeName, type Topology } from '../../topology/index.js';

/** An object of either organization; matched by name (UN-02), since indexes differ. */
export interface Matched {
  /** As the second organization spells it, where it has it. */
  readonly name: string;
  /** Its index before; -1 if there is none. */
  readonly before: number;
  /** Its index after; -1 if there is none. */
  readonly after: number;
}

interface Named {
  readonly index: number;
  readonly name: string;
}

/** Pairs the objects of two lists in name order; the result is in name order. */
export function matchByName(before: readonly Named[], after: readonly Named[]): readonly Matched[] {
  const matched: Matched[] = [];
  let b = 0;
  for (const { name, index } of before) {
    while (b < after.length && compareNames(after[b]!.name, name) < 0) {
      matched.push({ name: after[b]!.name, before: -1, after: after[b]!.index });
      b++;
    }
    const other = after[b];
    if (other !== undefined && compareNames(other.name, name) === 0) {
      matched.push({ name: other.name, before: index, after: other.index });
      b++;
    } else {
      matched.push({ name, before: index, after: -1 });
    }
  }
  for (const { name, index } of after.slice(b)) matched.push({ name, before: -1, after: index });
  return matched;
}

/** UN-02. Most names are spelled alike, which is quicker to see. */
export function isSameName(a: string, b: string): boolean {
  return a === b || normalizeName(a) === normalizeName(b);
}

/** Which sites and servers of one organization are which of the other. */
export class Translation {
  /** By index before: the index after; -1 for what is gone. */
  readonly sites: Int32Array;
  /** Likewise. */
  readonly servers: Int32Array;

  constructor(before: Topology, after: Topology) {
    this.sites = Int32Array.from(before.sites, ({ name }) => findByName(after.sites, name));
    this.servers = Int32Array.from(before.servers, ({ name }) => findByName(after.servers, name));
  }

  /** Whether two sites, or two times no site (-1), are the same. A site that is gone is not the same as none. */
  isSameSite(before: number, after: number): boolean {
    return after === -1 ? before === -1 : this.sites[before] === after;
  }

  areSameSites(before: readonly number[], after: readonly number[]): boolean {
    return areSame(this.sites, before, after);
  }

  areSameServers(before: readonly number[], after: readonly number[]): boolean {
    return areSame(this.servers, before, after);
  }
}

function areSame(table: Int32Array, before: readonly number[], after: readonly number[]): boolean {
  return before.length === after.length && before.every((index, place) => table[index] === after[place]);
}

import type { Connector, Topology } from '../topology/index.js';

/** One address space of a connector. */
export interface AddressSpaceEntry {
  readonly connector: number;
  readonly cost: number;
  /** As the organization spells it; an SMTP space without its type. */
  readonly space: string;
  /** Numbers what an entry offers, counting from 0: equal where connector and cost are. */
  readonly offer: number;
}

/** Address spaces of equal specificity. */
export interface AddressSpaceClass {
  readonly id: number;
  readonly entries: readonly AddressSpaceEntry[];
  /** The cheapest entry of each connector. */
  readonly byConnector: ReadonlyMap<number, AddressSpaceEntry>;
}

/** What covers a domain: the most specific first: exact, the longer `*.domain` before the shorter, `*` (CN-03). */
export interface Coverage {
  /** Counts from 0: domains covered alike have the same object. */
  readonly id: number;
  readonly type: string;
  /** A connector may occur in several; its first place counts. */
  readonly classes: readonly AddressSpaceClass[];
}

/** The address spaces of the enabled connectors, looked up by what they cover (CN-01, CN-03, CN-05). */
export class AddressSpaces {
  /** By `TYPE:pattern`. */
  readonly #entries = new Map<string, AddressSpaceEntry[]>();
  /** Patterns of non-SMTP types that hold a `*` besides other text, by type, the most specific first. */
  readonly #patterns = new Map<string, string[]>();
  /** By type and patterns; domains covered by the same patterns share them. */
  readonly #classes = new Map<string, AddressSpaceClass>();
  /** By type and classes. */
  readonly #coverages = new Map<string, Coverage>();

  /** @param isKnown - which of the enabled connectors count */
  constructor(topology: Topology, isKnown: (connector: Connector) => boolean) {
    let offers = 0;
    for (const connector of topology.connectors) {
      if (!connector.enabled || !isKnown(connector)) continue;
      const offerByCost = new Map<number, number>();
      for (const { type, space, cost } of connector.addressSpaces) {
        const key = `${type}:${space}`;
        const offer = offerByCost.get(cost) ?? offers++;
        offerByCost.set(cost, offer);
        const entry = { connector: connector.index, cost, space: type === 'SMTP' ? space : key, offer };
        const found = this.#entries.get(key);
        if (found !== undefined) {
          found.push(entry);
          continue;
        }
        this.#entries.set(key, [entry]);
        if (type === 'SMTP' || space === '*' || !space.includes('*')) continue;
        const patterns = this.#patterns.get(type);
        if (patterns === undefined) this.#patterns.set(type, [space]);
        else patterns.push(space);
      }
    }
    for (const patterns of this.#patterns.values()) patterns.sort((a, b) => textLength(b) - textLength(a));
  }

  /**
   * Everything that covers a domain.
   * @param type - upper case
   * @param domain - lower case: the part after `@`, or a whole non-SMTP address
   */
  cover(type: string, domain: string): Coverage {
    const groups = patternsOver(type, domain, this.#patterns.get(type) ?? []);
    const classes = groups.flatMap((patterns) => this.#classOf(type, patterns) ?? []);
    const identity = `${type}:${classes.map(({ id }) => id).join()}`;
    const coverage = this.#coverages.get(identity) ?? { id: this.#coverages.size, type, classes };
    this.#coverages.set(identity, coverage);
    return coverage;
  }

  #classOf(type: string, patterns: readonly string[]): AddressSpaceClass | undefined {
    const identity = `${type}:${JSON.stringify(patterns)}`;
    const known = this.#classes.get(identity);
    if (known !== undefined) return known;
    const entries = patterns.flatMap((pattern) => this.#entries.get(`${type}:${pattern}`) ?? []);
    if (entries.length === 0) return undefined;
    const byConnector = new Map<number, AddressSpaceEntry>();
    for (const entry of entries) {
      const cheapest = byConnector.get(entry.connector);
      if (cheapest === undefined || entry.cost < cheapest.cost) byConnector.set(entry.connector, entry);
    }
    const found = { id: this.#classes.size, entries, byConnector };
    this.#classes.set(identity, found);
    return found;
  }
}

/** The patterns that would cover a domain, those of equal specificity together, the most specific first. */
function patternsOver(type: string, domain: string, patterns: readonly string[]): readonly string[][] {
  const found = [[domain]];
  if (type === 'SMTP') {
    // `*.contoso.com` is contoso.com with all its subdomains.
    found.push([`*.${domain}`]);
    for (let dot = domain.indexOf('.'); dot !== -1; dot = domain.indexOf('.', dot + 1)) {
      found.push([`*${domain.slice(dot)}`]);
    }
  } else {
    let length = -1;
    for (const pattern of patterns) {
      if (!coversAddress(pattern, domain)) continue;
      if (textLength(pattern) === length) found.at(-1)!.push(pattern);
      else found.push([pattern]);
      length = textLength(pattern);
    }
  }
  found.push(['*']);
  return found;
}

/** How much of a pattern is not `*`. */
function textLength(pattern: string): number {
  return pattern.replaceAll('*', '').length;
}

/** Whether a non-SMTP pattern, in which `*` stands for any text, covers an address. Takes time linear in both. */
function coversAddress(pattern: string, address: string): boolean {
  const [head = '', ...rest] = pattern.split('*');
  const tail = rest.pop() ?? '';
  if (address.length < head.length + tail.length) return false;
  if (!address.startsWith(head) || !address.endsWith(tail)) return false;
  let place = head.length;
  const end = address.length - tail.length;
  for (const part of rest) {
    const found = address.indexOf(part, place);
    if (found === -1 || found + part.length > end) return false;
    place = found + part.length;
  }
  return true;
}

import type { Connector, Topology } from '../topology/index.js';

/** A connector whose address spaces cover some domain, by the most specific of them. */
export interface AddressSpaceMatch {
  readonly connector: number;
  readonly cost: number;
  /** Larger is more specific: exact, then the longer `*.domain`, then `*` (CN-03). */
  readonly specificity: number;
  /** As the organization spells it; an SMTP space without its type. */
  readonly space: string;
}

interface Entry {
  readonly connector: Connector;
  readonly cost: number;
  readonly space: string;
}

const exactly = Number.MAX_SAFE_INTEGER;

/** The address spaces of the enabled connectors, looked up by what they cover (CN-01, CN-03, CN-05). */
export class AddressSpaces {
  /** By `TYPE:pattern`. */
  readonly #entries = new Map<string, Entry[]>();
  /** Patterns of non-SMTP types that hold a `*` besides other text, by type. */
  readonly #patterns = new Map<string, Set<string>>();

  constructor(topology: Topology) {
    for (const connector of topology.connectors) {
      if (!connector.enabled) continue;
      for (const { type, space, cost } of connector.addressSpaces) {
        const key = `${type}:${space}`;
        const entry = { connector, cost, space: type === 'SMTP' ? space : key };
        const found = this.#entries.get(key);
        if (found === undefined) this.#entries.set(key, [entry]);
        else found.push(entry);
        if (type === 'SMTP' || space === '*' || !space.includes('*')) continue;
        this.#patterns.set(type, (this.#patterns.get(type) ?? new Set()).add(space));
      }
    }
  }

  /**
   * Everything that covers a domain, a connector once, by its most specific and then cheapest space.
   * @param type - upper case
   * @param domain - lower case: the part after `@`, or a whole non-SMTP address
   */
  match(type: string, domain: string): readonly AddressSpaceMatch[] {
    const best = new Map<number, AddressSpaceMatch>();
    for (const { pattern, specificity } of this.#candidates(type, domain)) {
      for (const { connector, cost, space } of this.#entries.get(`${type}:${pattern}`) ?? []) {
        const known = best.get(connector.index);
        if (known !== undefined) {
          if (known.specificity > specificity) continue;
          if (known.specificity === specificity && known.cost <= cost) continue;
        }
        best.set(connector.index, { connector: connector.index, cost, specificity, space });
      }
    }
    return [...best.values()];
  }

  /** The patterns that cover a domain, each with its rank among them. */
  *#candidates(
    type: string,
    domain: string,
  ): Generator<{ readonly pattern: string; readonly specificity: number }> {
    yield { pattern: domain, specificity: exactly };
    if (type === 'SMTP') {
      for (let dot = domain.indexOf('.'); dot !== -1; dot = domain.indexOf('.', dot + 1)) {
        yield { pattern: `*${domain.slice(dot)}`, specificity: domain.length - dot };
      }
    } else {
      for (const pattern of this.#patterns.get(type) ?? []) {
        if (!coversAddress(pattern, domain)) continue;
        yield { pattern, specificity: pattern.replaceAll('*', '').length };
      }
    }
    yield { pattern: '*', specificity: 0 };
  }
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

import { normalizeName } from '../names.js';
import type { AddressSpace, Organization } from '../organization.js';

type Space = Pick<AddressSpace, 'type' | 'space'>;

/** Which outside addresses the enabled connectors of an organization take, those of Edge subscriptions among them. */
export class ConnectorCoverage {
  readonly #spaces: readonly Space[];

  constructor({ connectors, edgeSubscriptions }: Organization) {
    const explicit = connectors
      .filter(({ enabled }) => enabled)
      .flatMap(({ addressSpaces }) => addressSpaces);
    // ES-02.
    this.#spaces = edgeSubscriptions.length > 0 ? [...explicit, { type: 'SMTP', space: '*' }] : explicit;
  }

  takes(wanted: Space): boolean {
    return this.#spaces.some((space) => covers(space, wanted));
  }
}

/**
 * Whether an address space covers all of another one, or a domain (CN-03, CN-05). Of types other than SMTP each is
 * taken to cover the others: what their patterns cover is too much for a hint.
 */
function covers(wider: Space, narrower: Space): boolean {
  if (wider.type !== narrower.type) return false;
  if (wider.type !== 'SMTP') return true;
  const [outer, inner] = [normalizeName(wider.space), normalizeName(narrower.space)];
  return outer === '*' || outer === inner || (outer.startsWith('*.') && `.${inner}`.endsWith(outer.slice(1)));
}

/** The address space of one address, `local@domain` or `Type:address`: its domain, or what follows the type. */
export function spaceOf(address: string): Space {
  const [, type = 'SMTP', rest = address] = /^([A-Za-z][A-Za-z0-9-]*):(.*)$/s.exec(address) ?? [];
  return normalizeName(type) === 'SMTP'
    ? { type: 'SMTP', space: rest.slice(rest.lastIndexOf('@') + 1) }
    : { type: normalizeName(type), space: rest };
}

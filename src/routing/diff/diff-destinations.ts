import { compareNames, normalizeName, type Topology } from '../../topology/index.js';
import type { DeliveryGroup } from '../delivery-group.js';
import { type ResolvedAddress, resolveAddress } from '../destination.js';
import { resolveOnEdge } from '../message-recipients.js';
import type { DiffSide } from './diff-side.js';
import { matchByName } from './matching.js';

/** A mailbox database or an expansion server of either organization. */
export interface InsideDestination {
  readonly kind: 'mailbox-database' | 'expansion-server';
  readonly name: string;
  /** Its index before: a database or a server; -1 if there is none. */
  readonly before: number;
  readonly after: number;
}

/** Outside addresses that one address space of either organization stands for. There are such before and after. */
export interface OutsideDestination {
  readonly kind: 'address-space';
  /** As connectors are given it: `*`, `*.partner.example`, `partner.example`, `FAX:*`. */
  readonly name: string;
  /** An address of it that is nobody's and that no narrower address space covers. */
  readonly address: string;
  /** What the address is to the servers of the first organization. */
  readonly before: ResolvedAddress;
  readonly after: ResolvedAddress;
  /** What it is to an Edge. */
  readonly onEdge: ResolvedAddress;
}

export type DiffDestination = InsideDestination | OutsideDestination;

/** Destinations that servers outside their delivery group reach alike, but for the names. Never empty. */
export interface DestinationClass {
  readonly destinations: readonly DiffDestination[];
  /** The same destinations by what members of the group make a difference of: the server with the active copy. */
  readonly parts: readonly (readonly DiffDestination[])[];
  /** The one group of databases and expansion servers; undefined where there is none, and for outside addresses. */
  readonly groupBefore: DeliveryGroup | undefined;
  readonly groupAfter: DeliveryGroup | undefined;
}

/** All destinations of either organization in classes: databases, expansion servers, outside addresses. */
export function classifyDestinations(before: DiffSide, after: DiffSide): readonly DestinationClass[] {
  return [
    ...classifyDatabases(before, after),
    ...listExpansionServers(before, after),
    ...listAddressSpaces(before.topology, after.topology).map((destination) => ({
      destinations: [destination],
      parts: [[destination]],
      groupBefore: undefined,
      groupAfter: undefined,
    })),
  ];
}

function classifyDatabases(before: DiffSide, after: DiffSide): DestinationClass[] {
  const classes = new Map<string, Map<string, InsideDestination[]>>();
  for (const match of matchByName(before.topology.databases, after.topology.databases)) {
    const destination = { kind: 'mailbox-database', ...match } as const;
    const sides = [traitsOfDatabase(before, match.before), traitsOfDatabase(after, match.after)];
    const key = sides.map(({ group }) => group).join('|');
    const holders = sides.map(({ holder }) => holder).join('|');
    const parts = classes.get(key) ?? new Map<string, InsideDestination[]>();
    classes.set(key, parts);
    const part = parts.get(holders);
    if (part === undefined) parts.set(holders, [destination]);
    else part.push(destination);
  }
  return [...classes.values()].map((byHolder) => {
    const parts = [...byHolder.values()];
    const destinations = parts.flat().sort((a, b) => compareNames(a.name, b.name));
    const [first] = destinations;
    return {
      destinations,
      parts,
      groupBefore: groupOf(before, before.groups.ofDatabase[first!.before]),
      groupAfter: groupOf(after, after.groups.ofDatabase[first!.after]),
    };
  });
}

function traitsOfDatabase({ topology, groups }: DiffSide, database: number) {
  if (database === -1) return { group: '', holder: '' };
  const { copies, dag } = topology.databases[database]!;
  // A DAG of 2010 is no delivery group, but matters to the explanation.
  return { group: `${groups.ofDatabase[database]} ${dag === -1}`, holder: String(copies[0]) };
}

function listExpansionServers(before: DiffSide, after: DiffSide): DestinationClass[] {
  const groupBefore = (server: number) => groupOf(before, before.groups.ofExpansionServer[server]);
  const groupAfter = (server: number) => groupOf(after, after.groups.ofExpansionServer[server]);
  return matchByName(
    before.topology.servers.filter(({ index }) => groupBefore(index) !== undefined),
    after.topology.servers.filter(({ index }) => groupAfter(index) !== undefined),
  ).map((match) => {
    const destination = { kind: 'expansion-server', ...match } as const;
    return {
      destinations: [destination],
      parts: [[destination]],
      groupBefore: groupBefore(match.before),
      groupAfter: groupAfter(match.after),
    };
  });
}

function groupOf({ groups }: DiffSide, index: number | undefined): DeliveryGroup | undefined {
  return groups.groups[index ?? -1];
}

/**
 * The outside addresses to compare: one for each address space of a connector of either organization, disabled ones
 * included, and one for each accepted domain that connectors take unknown recipients of, before or after (RR-08).
 */
function listAddressSpaces(before: Topology, after: Topology): OutsideDestination[] {
  const spaces = new Map<string, { readonly type: string; readonly space: string }>();
  const own = new Set<string>();
  for (const topology of [before, after]) {
    for (const { addressSpaces } of topology.connectors) {
      for (const { type, space } of addressSpaces) spaces.set(`${type}:${space}`, { type, space });
    }
    for (const name of [topology.organization, ...topology.acceptedDomains.map((each) => each.name)]) {
      own.add(name.toLowerCase());
    }
  }
  for (const space of own) {
    const isSpace = spaces.has(`SMTP:${space}`);
    if (!isSpace) spaces.set(`SMTP:${space}`, { type: 'SMTP', space });
    else own.delete(space);
  }
  const names = new Set([...spaces.keys()].map(normalizeName));
  return [...spaces.values()]
    .sort((a, b) => Number(a.type !== 'SMTP') - Number(b.type !== 'SMTP') || compareTexts(a, b))
    .map(({ type, space }): OutsideDestination => {
      const address = addressUnder(type, space, (text, domain) => {
        const isNobodys = [before, after].every(({ recipients }) => recipients.find(text) === -1);
        return isNobodys && (domain === space || !names.has(normalizeName(`${type}:${domain}`)));
      });
      return {
        kind: 'address-space',
        name: type === 'SMTP' ? space : `${type}:${space}`,
        address,
        before: resolveAddress(before, address),
        after: resolveAddress(after, address),
        onEdge: resolveOnEdge(address),
      };
    })
    .filter(
      ({ name, before: old, after: now }) => !own.has(name) || old.kind !== 'ndr' || now.kind !== 'ndr',
    );
}

function compareTexts(
  a: { readonly type: string; readonly space: string },
  b: { readonly type: string; readonly space: string },
): number {
  return compareNames(a.type, b.type) || compareNames(a.space, b.space);
}

/** The first made-up address of an address space that will do. */
function addressUnder(
  type: string,
  space: string,
  isFit: (address: string, domain: string) => boolean,
): string {
  for (let attempt = 1; ; attempt++) {
    const number = attempt === 1 ? '' : String(attempt);
    const domain =
      type !== 'SMTP'
        ? space.replaceAll('*', `any${number}`)
        : space === '*'
          ? `any-other-domain${number}.invalid`
          : space.replace('*', `any-subdomain${number}`);
    const address = type === 'SMTP' ? `anybody${number}@${domain}` : `${type}:${domain}`;
    // A space without a * has one non-SMTP address only.
    if (isFit(address, domain) || (type !== 'SMTP' && domain === space)) return address;
  }
}

import { normalizeName } from '../names.js';
import type { AddressSpace, ConnectorDescription } from '../organization.js';
import { isTransportServer, type OrganizationChecker } from './checker.js';

/** The sites, by normalized name, whose servers may use a connector; null: all. */
type Scope = ReadonlySet<string> | null;

/** Sites that a warning names. */
const mostShown = 5;
/** Each space is held against each site: of an organization with more of them the first are looked at. */
const mostSpaces = 2_000;

/** Scoped connectors that leave other sites without a way to what they are for: CN-06. */
export function checkScopes(checker: OrganizationChecker): void {
  const { organization, leftOut } = checker;
  if (leftOut.servers !== undefined || leftOut.connectors !== undefined) return;
  const sending = new Map(
    organization.servers
      .filter(isTransportServer)
      .map(({ site = '' }) => [normalizeName(site), site] as const),
  );
  const scopes = scopesBySpace(checker);
  const checked = new Set<string>();
  for (const [index, { enabled, scoped, addressSpaces }] of organization.connectors.entries()) {
    if (!enabled || !scoped) continue;
    for (const [position, space] of addressSpaces.entries()) {
      if (checked.has(keyOf(space)) || checked.size === mostSpaces) continue;
      checked.add(keyOf(space));
      const known = spacesOver(space).flatMap((key) => scopes.get(key) ?? []);
      if (known.includes(null)) continue;
      const sites = [...sending].filter(([site]) => !known.some((scope) => scope?.has(site)));
      if (sites.length === 0) continue;
      const names = sites.slice(0, mostShown).map(([, site]) => JSON.stringify(site));
      if (sites.length > mostShown) names.push('…');
      checker.warn(
        ['connectors', index, 'addressSpaces', position],
        `scoped, and servers of ${names.join(', ')} have no other connector for it`,
        'CN-06',
      );
    }
  }
}

/** The scopes of the enabled connectors with an address space; one of an unscoped connector is all there is to know. */
function scopesBySpace(checker: OrganizationChecker): ReadonlyMap<string, readonly Scope[]> {
  const { connectors, edgeSubscriptions } = checker.organization;
  const found = new Map<string, Scope[]>();
  for (const connector of connectors.filter(({ enabled }) => enabled)) {
    const scope = scopeOf(checker, connector);
    for (const key of connector.addressSpaces.map(keyOf)) {
      const scopes = found.get(key);
      if (scopes === undefined || scope === null) found.set(key, [scope]);
      else if (!scopes.includes(null)) scopes.push(scope);
    }
  }
  // ES-02: an Edge subscription makes a way out for all.
  if (edgeSubscriptions.length > 0) found.set('SMTP:*', [null]);
  return found;
}

function scopeOf(checker: OrganizationChecker, { scoped, sourceServers }: ConnectorDescription): Scope {
  if (!scoped) return null;
  return new Set(sourceServers.map((name) => normalizeName(checker.servers.find(name)?.site ?? '')));
}

function keyOf({ type, space }: AddressSpace): string {
  // What the patterns of other types cover is too much for a warning: any of the type will do.
  return type === 'SMTP' ? `SMTP:${normalizeName(space)}` : type;
}

/** The keys of all address spaces that cover one, itself first (CN-03). */
function spacesOver(space: AddressSpace): readonly string[] {
  if (space.type !== 'SMTP') return [keyOf(space)];
  const name = normalizeName(space.space);
  const found = [keyOf(space)];
  for (let dot = name.indexOf('.', 2); dot !== -1; dot = name.indexOf('.', dot + 1)) {
    found.push(`SMTP:*${name.slice(dot)}`);
  }
  return [...found, 'SMTP:*'];
}

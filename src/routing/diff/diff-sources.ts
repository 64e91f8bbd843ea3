import { compareNames } from '../../topology/index.js';
import type { DiffSide } from './diff-side.js';
import { type Matched, matchByName } from './matching.js';

/**
 * Source servers that answer alike before and alike after, but for their own names: of one site and version, members of
 * the same delivery groups, sources of the same connectors. Never empty; in name order.
 */
export interface SourceClass {
  readonly servers: readonly Matched[];
  /** Before; -1 if the servers are new, or Edges without a subscription. */
  readonly siteBefore: number;
  readonly siteAfter: number;
}

/**
 * The servers that have a Transport service on either side, Edges among them, in classes: by their site's name, then
 * by the first server's. A server that is no source on one side has -1 there.
 */
export function classifySources(before: DiffSide, after: DiffSide): readonly SourceClass[] {
  const traitsBefore = traitsOfServers(before);
  const traitsAfter = traitsOfServers(after);
  const classes = new Map<string, Matched[]>();
  for (const { name, ...match } of matchByName(before.topology.servers, after.topology.servers)) {
    const server = {
      name,
      before: traitsBefore[match.before] === undefined ? -1 : match.before,
      after: traitsAfter[match.after] === undefined ? -1 : match.after,
    };
    if (server.before === -1 && server.after === -1) continue;
    const key = `${traitsBefore[match.before] ?? ''}|${traitsAfter[match.after] ?? ''}`;
    const found = classes.get(key);
    if (found === undefined) classes.set(key, [server]);
    else found.push(server);
  }
  const siteOf = ({ topology }: DiffSide, server: number) =>
    server === -1 ? -1 : topology.servers[server]!.site;
  const nameOf = ({ siteBefore, siteAfter }: SourceClass) =>
    (after.topology.sites[siteAfter] ?? before.topology.sites[siteBefore])?.name ?? '';
  return [...classes.values()]
    .map((servers) => ({
      servers,
      siteBefore: siteOf(before, servers[0]!.before),
      siteAfter: siteOf(after, servers[0]!.after),
    }))
    .sort(
      (a, b) => compareNames(nameOf(a), nameOf(b)) || compareNames(a.servers[0]!.name, b.servers[0]!.name),
    );
}

/** What the routes of each server depend on; undefined for servers that have no Transport service. */
function traitsOfServers({ topology, groups }: DiffSide): readonly (string | undefined)[] {
  const traits = topology.servers.map(({ isTransport, isEdge, site, majorVersion }): number[] | undefined =>
    isTransport || isEdge ? [site, majorVersion, Number(isEdge)] : undefined,
  );
  for (const { index, reference, members } of groups.groups) {
    if (reference.kind === 'ad-site') continue;
    for (const member of members) traits[member]?.push(index);
  }
  // The connectors of Edges have no group of their own.
  for (const { index, edgeSite, sourceServers } of topology.connectors) {
    if (edgeSite === -1) continue;
    for (const edge of sourceServers) traits[edge]?.push(groups.groups.length + index);
  }
  return traits.map((each) => each?.join(' '));
}

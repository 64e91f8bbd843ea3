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
  /** The delivery groups they are members of, but for those of whole sites, before and after. */
  readonly groupsBefore: ReadonlySet<number>;
  readonly groupsAfter: ReadonlySet<number>;
  /** An Edge, on either side. */
  readonly isEdge: boolean;
}

/**
 * The servers that have a Transport service on either side, Edges among them, in classes: by their site's name, then
 * by the first server's. A server that is no source on one side has -1 there.
 */
export function classifySources(before: DiffSide, after: DiffSide): readonly SourceClass[] {
  const [membersBefore, membersAfter] = [groupsOfServers(before), groupsOfServers(after)];
  const traitsBefore = traitsOfServers(before, membersBefore);
  const traitsAfter = traitsOfServers(after, membersAfter);
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
      groupsBefore: new Set(membersBefore[servers[0]!.before]),
      groupsAfter: new Set(membersAfter[servers[0]!.after]),
      isEdge:
        before.topology.servers[servers[0]!.before]?.isEdge === true ||
        after.topology.servers[servers[0]!.after]?.isEdge === true,
    }))
    .sort(
      (a, b) => compareNames(nameOf(a), nameOf(b)) || compareNames(a.servers[0]!.name, b.servers[0]!.name),
    );
}

/** By server: the groups it is a member of, but for those of whole sites. */
function groupsOfServers({ topology, groups }: DiffSide): readonly (readonly number[])[] {
  const ofServers = topology.servers.map((): number[] => []);
  for (const { index, reference, members } of groups.groups) {
    if (reference.kind === 'ad-site') continue;
    for (const member of members) ofServers[member]!.push(index);
  }
  return ofServers;
}

/** What the routes of each server depend on; undefined for servers that have no Transport service. */
function traitsOfServers(
  { topology }: DiffSide,
  groupsOf: readonly (readonly number[])[],
): readonly (string | undefined)[] {
  // The connectors of Edges have no group of their own.
  const edgeConnectors = new Map<number, number[]>();
  for (const { index, edgeSite, sourceServers } of topology.connectors) {
    if (edgeSite === -1) continue;
    for (const edge of sourceServers) edgeConnectors.set(edge, [...(edgeConnectors.get(edge) ?? []), index]);
  }
  return topology.servers.map(({ index, isTransport, isEdge, site, majorVersion }) =>
    isTransport || isEdge
      ? JSON.stringify([site, majorVersion, isEdge, groupsOf[index], edgeConnectors.get(index) ?? []])
      : undefined,
  );
}

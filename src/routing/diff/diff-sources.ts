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
  /** The delivery groups they are members of, before and after. */
  readonly groupsBefore: ReadonlySet<number>;
  readonly groupsAfter: ReadonlySet<number>;
  /** Their versions before and after, and whether they are Edges; empty where there is no such server. */
  readonly versions: string;
  /** There are such servers on both sides, of one version, and no Edges. */
  readonly isComparable: boolean;
}

/**
 * The servers that have a Transport service on either side, Edges among them, in classes: one list for each site, or
 * pair of sites for those that have moved, by the name of the site after. A server that is no source on one side has -1
 * there.
 */
export function classifySources(before: DiffSide, after: DiffSide): readonly (readonly SourceClass[])[] {
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
  const sites = new Map<string, SourceClass[]>();
  for (const servers of classes.values()) {
    const [first] = servers;
    const [old, now] = [before.topology.servers[first!.before], after.topology.servers[first!.after]];
    const [siteBefore, siteAfter] = [old?.site ?? -1, now?.site ?? -1];
    const isEdge = old?.isEdge === true || now?.isEdge === true;
    const own: SourceClass = {
      servers,
      siteBefore,
      siteAfter,
      groupsBefore: new Set(membersBefore[first!.before]),
      groupsAfter: new Set(membersAfter[first!.after]),
      versions: `${old?.majorVersion} ${old?.isEdge} ${now?.majorVersion} ${now?.isEdge}`,
      isComparable: !isEdge && old !== undefined && old.majorVersion === now?.majorVersion,
    };
    const place = `${siteBefore} ${siteAfter}`;
    const found = sites.get(place);
    if (found === undefined) sites.set(place, [own]);
    else found.push(own);
  }
  const nameOf = ([first]: readonly SourceClass[]) =>
    (after.topology.sites[first!.siteAfter] ?? before.topology.sites[first!.siteBefore])?.name ?? '';
  return [...sites.values()].sort((a, b) => compareNames(nameOf(a), nameOf(b)));
}

/** By server: the groups it is a member of. */
function groupsOfServers({ topology, groups }: DiffSide): readonly (readonly number[])[] {
  const ofServers = topology.servers.map((): number[] => []);
  for (const { index, members } of groups.groups) {
    for (const member of members) ofServers[member]!.push(index);
  }
  return ofServers;
}

/** What the routes of each server depend on; undefined for servers that have no Transport service. */
function traitsOfServers(
  { topology }: DiffSide,
  groupsOf: readonly (readonly number[])[],
): readonly (string | undefined)[] {
  // The connectors of Edges have no group of their own to tell them by.
  const connectors = topology.servers.map((): number[] => []);
  for (const { index, sourceServers } of topology.connectors) {
    for (const source of sourceServers) connectors[source]!.push(index);
  }
  return topology.servers.map(({ index, isTransport, isEdge, site, majorVersion }) =>
    isTransport || isEdge
      ? JSON.stringify([site, majorVersion, isEdge, groupsOf[index], connectors[index]])
      : undefined,
  );
}

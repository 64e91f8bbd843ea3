import type { ServerDescription } from '../../src/topology/index.js';
import { dagGroup, type Group, groupOfDatabase, mailboxGroup } from './groups-by-walking.js';
import type { Landscape } from './landscape.js';
import { compareNames } from './names.js';
import type { OracleQuestion, OracleTier } from './oracle-answer.js';
import { sitesByDistance, TierList } from './relay-by-walking.js';
import type { SimplePath } from './simple-paths.js';

interface Aim {
  readonly group: Group;
  readonly path: SimplePath;
}

/**
 * RT-47 to RT-49, RT-52, RT-54: the servers that Front End Transport or Mailbox Transport Submission tries for a
 * message.
 * @param databases - of the mailbox recipients that count
 */
export function selectByWalking(
  land: Landscape,
  question: OracleQuestion,
  from: ServerDescription,
  databases: readonly string[],
): readonly OracleTier[] {
  const source = land.siteOf(from)!;
  const tiers = new TierList();
  const aims = databases.flatMap((database) => aimAt(land, question, from, database) ?? []);
  const [nearest] = aims.sort(
    (a, b) =>
      a.path.cost - b.path.cost ||
      a.path.hops - b.path.hops ||
      // UN-14.
      compareNames(a.path.sites.at(-1)!, b.path.sites.at(-1)!) ||
      compareNames(a.group.name, b.group.name),
  );
  const aim = nearest && reachable(land, source, nearest);
  if (aim !== undefined) {
    const { path, servers } = aim;
    const primarySite = path.sites.at(-1)!;
    const newest = (site: string) => land.receiversIn(site).filter((each) => each.version === '2013');
    const hub = path.sites.slice(1).find((site) => land.site(site).hub && newest(site).length > 0);
    const membersIn = (site: string) =>
      servers.filter((each) => land.siteOf(each) === site && land.takesMail(each));
    if (hub !== undefined && hub !== primarySite) {
      tiers.add('target-servers', hub, newest(hub));
    } else {
      tiers.add('target-servers', primarySite, membersIn(primarySite));
      if (hub !== undefined) tiers.add('hub-site-servers', hub, newest(hub));
      else addOthers(tiers, land, source, servers, 'other-group-servers');
    }
  }
  if (question.service === 'front-end') {
    const local = land.receiversIn(source).filter((each) => each.version === '2013');
    tiers.add('local-site-servers', source, local);
  } else {
    const dag = land.dagOf(from);
    const { members } = dag === undefined ? mailboxGroup(land, from) : dagGroup(land, dag);
    addOthers(tiers, land, source, members, 'local-group-servers');
  }
  return staysInSite(land, question, from) ? tiers.tiers.filter(({ site }) => site === source) : tiers.tiers;
}

/** DC-02, as "Planning to use Active Directory sites" has it: outside DAGs that span sites. */
function staysInSite(land: Landscape, question: OracleQuestion, from: ServerDescription): boolean {
  if (question.service !== 'submission' || question.submissionReach === 'any-site') return false;
  const dag = land.dagOf(from);
  const members = dag === undefined ? [from] : dagGroup(land, dag).members;
  return members.every((each) => land.siteOf(each) === land.siteOf(from));
}

function addOthers(
  tiers: TierList,
  land: Landscape,
  source: string,
  servers: readonly ServerDescription[],
  reason: string,
): void {
  for (const path of sitesByDistance(land, source, servers)) {
    const site = path.sites.at(-1)!;
    const inSite = servers.filter((each) => land.siteOf(each) === site && land.takesMail(each));
    tiers.add(reason, site, inSite);
  }
}

/** The delivery group of a database, and the way to its nearest site. */
function aimAt(
  land: Landscape,
  question: OracleQuestion,
  from: ServerDescription,
  database: string,
): Aim | undefined {
  const group = groupOfDatabase(land, question, database);
  const path = sitesByDistance(land, land.siteOf(from)!, group.members)[0];
  return path && { group, path };
}

/** UN-12: the services talk to 2013 servers only; for an older group those of the site nearest to it. */
function reachable(
  land: Landscape,
  source: string,
  { group, path }: Aim,
): { readonly servers: readonly ServerDescription[]; readonly path: SimplePath } | undefined {
  if (group.members.every((each) => each.version === '2013')) return { servers: group.members, path };
  const newest = land.organization.servers.filter((each) => each.version === '2013');
  const nearest = sitesByDistance(land, path.sites.at(-1)!, newest)[0];
  if (nearest === undefined) return undefined;
  const site = nearest.sites.at(-1)!;
  const servers = land.receiversIn(site).filter((each) => each.version === '2013');
  const way = land.pathBetween(source, site);
  return way && { servers, path: way };
}

import { normalizeName } from '../names.js';
import type { ServerRole } from '../organization.js';
import { isTransportServer, type OrganizationChecker } from './checker.js';

/** Sites and the links between them: AS-01, AS-02, AS-06. */
export function checkSites(checker: OrganizationChecker): void {
  const { sites, siteLinks, servers } = checker.organization;
  for (const [index, link] of siteLinks.entries()) {
    const path = ['siteLinks', index, 'sites'];
    checker.refuseRepeats(link.sites, path);
    for (const [position, name] of link.sites.entries()) {
      checker.resolve(checker.sites, 'site', name, [...path, position]);
    }
    if (link.sites.length < 2) checker.error(path, 'expected two or more sites', 'AS-01');
  }
  checkConnectedness(checker);

  const staffed = new Set(servers.map((server) => normalizeName(server.site ?? '')));
  const withTransport = new Set(
    servers.filter(isTransportServer).map((server) => normalizeName(server.site ?? '')),
  );
  const withMailbox = sitesWith2013(checker, 'mailbox');
  const withFrontEnd = sitesWith2013(checker, 'client-access');
  // With servers left out, nobody knows what their sites have.
  if (checker.leftOut.servers !== undefined) return;
  for (const [index, site] of sites.entries()) {
    const name = normalizeName(site.name);
    if (!staffed.has(name))
      checker.warn(['sites', index], `site ${JSON.stringify(site.name)} has no servers`);
    else if (!site.inboundMail && withTransport.has(name)) {
      checker.warn(
        ['sites', index, 'inboundMail'],
        `no server of ${JSON.stringify(site.name)} takes mail, not from its own mailboxes either: they cannot send`,
        'AS-07',
      );
    } else if (site.hub && !withTransport.has(name)) {
      checker.warn(
        ['sites', index, 'hub'],
        `${JSON.stringify(site.name)} has no transport server: as a hub it is no stop`,
        'AS-06, UN-03',
      );
    }
    if (withFrontEnd.has(name) && !withMailbox.has(name)) {
      checker.warn(
        ['sites', index],
        `${JSON.stringify(site.name)} has Client Access servers, but no Mailbox server of 2013: they refuse messages without a mailbox recipient`,
        'RT-45, RT-49',
      );
    }
  }
}

/** The sites, by normalized name, in which a server of Exchange 2013 has a role. */
function sitesWith2013({ organization }: OrganizationChecker, role: ServerRole): ReadonlySet<string> {
  return new Set(
    organization.servers
      .filter(({ version, roles }) => version === '2013' && roles.includes(role))
      .map(({ site }) => normalizeName(site ?? '')),
  );
}

/** Each site must be in a link, and each pair of sites on a path. */
function checkConnectedness(checker: OrganizationChecker): void {
  const { sites, siteLinks } = checker.organization;
  if (sites.length < 2 || checker.leftOut.siteLinks !== undefined || checker.leftOut.sites !== undefined)
    return;
  const above = sites.map((_, index) => index);
  const rootOf = (index: number): number => {
    let root = index;
    while (above[root] !== root) root = above[root]!;
    above[index] = root;
    return root;
  };
  const linked = new Set<number>();
  for (const link of siteLinks) {
    const members = link.sites.map((name) => checker.sites.indexOf(name)).filter((index) => index !== -1);
    for (const member of members) {
      linked.add(member);
      above[rootOf(member)] = rootOf(members[0]!);
    }
  }
  const mainland = [...linked][0];
  const reported = new Set<number>();
  for (const [index, { name }] of sites.entries()) {
    if (checker.sites.indexOf(name) !== index) continue;
    if (!linked.has(index)) {
      checker.error(
        ['sites', index],
        `site ${JSON.stringify(name)} is in no site link`,
        'AS-02',
        'every site must be in one, unless the organization has one site only',
      );
    } else if (mainland !== undefined && rootOf(index) !== rootOf(mainland) && !reported.has(rootOf(index))) {
      reported.add(rootOf(index));
      checker.error(
        ['sites', index],
        `there is no path between the sites ${JSON.stringify(sites[mainland]!.name)} and ${JSON.stringify(name)}`,
        'AS-01',
        'join them by a site link',
      );
    }
  }
}

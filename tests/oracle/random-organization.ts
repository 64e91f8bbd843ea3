import type {
  DagDescription,
  DatabaseDescription,
  EdgeSubscriptionDescription,
  ExchangeVersion,
  Organization,
  ServerDescription,
  ServerRole,
  SiteDescription,
  SiteLinkDescription,
} from '../../src/topology/index.js';
import type { Dice } from './dice.js';
import { drawConnectors } from './random-connectors.js';
import { drawRecipients } from './random-recipients.js';
import { isTransport } from './server-roles.js';

const unlimited = Number.POSITIVE_INFINITY;
const megabyte = 1_024 ** 2;

/** Names whose order depends on case and on digits (UN-02). */
const siteNames = ['Site10', 'Site2', 'site-b', 'SITE_C', 'a', 'B', 'Zürich', 'site1', 'M'];
const serverPrefixes = ['m', 'MBX', 'ex-', 'Srv', 'srv1'];

/**
 * Draws a small organization that `checkOrganization` finds no error in: up to seven sites, few different costs so that
 * paths tie, servers of all versions and roles, and everything that mail can be routed to.
 */
export function drawSmallOrganization(dice: Dice): Organization {
  const sites = dice
    .some(siteNames, 2, 7)
    .map((name): SiteDescription => ({ name, hub: dice.chance(0.25), inboundMail: !dice.chance(0.07) }));
  const siteLinks = drawLinks(dice, sites);
  const insiders = drawServers(dice, sites);
  const { edges, edgeSubscriptions } = drawEdges(dice, insiders);
  const servers = dice.shuffle([...insiders, ...edges]);
  const dags = drawDags(dice, insiders);
  const databases = drawDatabases(dice, insiders, dags);
  const known: Omit<Organization, 'connectors' | 'mailboxes' | 'contacts' | 'distributionGroups'> = {
    name: 'contoso.com',
    behavior: '2013',
    network: dice.pick(['any-path', 'least-cost-path']),
    acceptedDomains: dice.shuffle([
      ...(dice.chance(0.8)
        ? [{ name: 'Contoso.com', type: dice.chance(0.85) ? 'authoritative' : 'internal-relay' } as const]
        : []),
      ...(dice.chance(0.6) ? [{ name: 'relay.example', type: 'internal-relay' } as const] : []),
      ...(dice.chance(0.5) ? [{ name: 'ext.example', type: 'external-relay' } as const] : []),
      ...(dice.chance(0.3) ? [{ name: 'own.example', type: 'authoritative' } as const] : []),
    ]),
    sites,
    siteLinks,
    servers,
    dags,
    databases,
    edgeSubscriptions,
  };
  return { ...known, connectors: drawConnectors(dice, known), ...drawRecipients(dice, known) };
}

/**
 * A tree that joins all sites, some of its links with a third site, and a few further links; or layers of two sites
 * between two ends, so that there are long paths with nothing but names to tell them apart.
 */
function drawLinks(dice: Dice, sites: readonly SiteDescription[]): SiteLinkDescription[] {
  const names = sites.map((site) => site.name);
  const link = (members: readonly string[], number: number): SiteLinkDescription => ({
    name: dice.pick(['Link', 'link-', 'L']) + number,
    sites: dice.shuffle(members),
    cost: dice.pick([10, 10, 10, 20, 20, 30]),
    exchangeCost: dice.chance(0.15) ? dice.pick([5, 10, 40]) : undefined,
    maxMessageSizeBytes: dice.chance(0.12) ? dice.pick([1, 5]) * megabyte : unlimited,
    latencyMs: 1,
  });
  if (names.length >= 6 && dice.chance(0.4)) {
    const cost = dice.pick([10, 20]);
    const pairs = pairsOfLayers(names);
    // Without one of the links in the middle the lowest name behind the source is not on the way of the lowest before
    // the destination.
    const missing = dice.between(2, 5);
    return pairs.toSpliced(missing, 1).map((pair, number) => {
      const { exchangeCost, ...rest } = link(pair, number);
      return dice.chance(0.9) ? { ...rest, cost } : { ...rest, exchangeCost };
    });
  }
  const joining = names.slice(1).map((name, place) => {
    const others = names.filter((each) => each !== name);
    const third = dice.chance(0.15) ? dice.some(others, 1, 2) : [];
    return [...new Set([name, names[dice.below(place + 1)]!, ...third])];
  });
  const further = Array.from({ length: dice.below(names.length) }, () => dice.some(names, 2, 2));
  return [...joining, ...further].map(link);
}

/** Each site of a layer with each of the next: the first site, two, two, and so on, and what is left. */
function pairsOfLayers(names: readonly string[]): string[][] {
  const layers = [names.slice(0, 1), names.slice(1, 3), names.slice(3, 5), names.slice(5)];
  return layers
    .slice(1)
    .flatMap((layer, place) => layer.flatMap((site) => layers[place]!.map((before) => [before, site])));
}

const rolesOf2013: readonly (readonly ServerRole[])[] = [
  ['mailbox', 'client-access'],
  ['mailbox', 'client-access'],
  ['mailbox', 'client-access'],
  ['mailbox'],
  ['client-access'],
];
const rolesOfOlder: readonly (readonly ServerRole[])[] = [
  ['hub-transport', 'mailbox'],
  ['hub-transport', 'mailbox'],
  ['hub-transport'],
  ['mailbox'],
];

function drawServers(dice: Dice, sites: readonly SiteDescription[]): ServerDescription[] {
  const mixed = dice.chance(0.5);
  const drawVersion = (): ExchangeVersion =>
    mixed ? dice.pick(['2013', '2013', '2013', '2010', '2010', '2007']) : '2013';
  const places = sites.flatMap((site) => Array.from({ length: dice.pick([0, 1, 1, 2, 2, 3]) }, () => site));
  const prefix = dice.pick(serverPrefixes);
  const numbers = dice.shuffle(Array.from({ length: places.length + 1 }, (_, number) => number + 1));
  const servers = places.map((site, place): ServerDescription => {
    const version = drawVersion();
    const roles = dice.pick(version === '2013' ? rolesOf2013 : rolesOfOlder);
    return { name: `${prefix}${numbers[place]}`, site: site.name, version, roles };
  });
  // Somebody must carry the mail.
  const always = dice.pick(sites).name;
  return [
    ...servers,
    { name: `${prefix}${numbers[places.length]}`, site: always, version: '2013', roles: rolesOf2013[0]! },
  ];
}

function drawEdges(
  dice: Dice,
  insiders: readonly ServerDescription[],
): { edges: ServerDescription[]; edgeSubscriptions: EdgeSubscriptionDescription[] } {
  const staffed = [...new Set(insiders.filter(isTransport).map((each) => each.site ?? ''))];
  const names = dice.some(['Edge1', 'edge10', 'EDGE2'], 0, dice.chance(0.5) ? 0 : 3);
  const edges = names.map(
    (name): ServerDescription => ({
      name,
      version: dice.chance(0.8) ? '2013' : '2010',
      roles: ['edge'],
    }),
  );
  const sites = dice.some(staffed, 1, 2);
  const edgeSubscriptions = dice
    .each(names, 0.95)
    .map((edgeServer) => ({ edgeServer, site: dice.pick(sites) }));
  return { edges, edgeSubscriptions };
}

/** Up to three DAGs, of 2013 or of 2010 servers, over whatever sites these are in. */
function drawDags(dice: Dice, insiders: readonly ServerDescription[]): DagDescription[] {
  const free = new Set(insiders.filter((each) => each.roles.includes('mailbox')));
  return ['DAG2', 'dag10', 'Dag-X'].slice(0, dice.pick([0, 1, 1, 2, 3])).flatMap((name) => {
    const version = dice.pick(['2013', '2013', '2010'] as const);
    const members = dice.some(
      [...free].filter((each) => each.version === version),
      1,
      4,
    );
    if (members.length === 0) return [];
    for (const member of members) free.delete(member);
    return [{ name, members: members.map((each) => each.name), automaticFailover: true }];
  });
}

function drawDatabases(
  dice: Dice,
  insiders: readonly ServerDescription[],
  dags: readonly DagDescription[],
): DatabaseDescription[] {
  const inDags = new Set(dags.flatMap((dag) => dag.members));
  const alone = insiders.filter((each) => each.roles.includes('mailbox') && !inDags.has(each.name));
  const copies = [
    ...dice.each(alone, 0.8).map((each) => [each.name]),
    ...dags.flatMap((dag) => Array.from({ length: dice.between(1, 2) }, () => dice.some(dag.members, 1, 3))),
  ];
  return copies.map((holders, number) => ({ name: `${dice.pick(['DB', 'db-'])}${number}`, copies: holders }));
}

import { expect, test } from 'vitest';
import { ClearRouting } from '../../bench/clear-routing.js';
import { drawOrganization, thousandSites } from '../../bench/organizations.js';
import { describeOutsideRoute, describeRoute } from '../../bench/route-check.js';
import { compileRoutingTables } from '../../src/routing/index.js';
import { buildTopology, checkOrganization, type Organization } from '../../src/topology/index.js';
import { Dice } from './dice.js';

const lookUpsOfSite = 100;
/** `npm run oracle` asks at every site: 100,000 look-ups. */
const sitesAsked = process.env['MAILFLOW_ORACLE'] === undefined ? 20 : 1_000;
const megabyte = 1_024 ** 2;

/**
 * The organization of the benches with what it lacks: sites that take no mail, Edges in thirty sites with connectors of
 * their own, and 2010 servers outside the DAGs.
 */
function drawMixedOrganization(): Organization {
  const drawn = drawOrganization(thousandSites);
  const inDags = new Set(drawn.dags.flatMap((dag) => dag.members));
  const edges = Array.from({ length: 45 }, (_, n) => ({
    edgeServer: `Edge${n}`,
    site: `Site${33 * (n % 30)}`,
  }));
  const isOlder = (name: string, n: number) => !inDags.has(name) && n % 7 === 0;
  return {
    ...drawn,
    sites: drawn.sites.map((site, n) => ({ ...site, inboundMail: n % 29 !== 1 })),
    servers: [
      ...drawn.servers.map((server, n) =>
        isOlder(server.name, n)
          ? { ...server, version: '2010' as const, roles: ['hub-transport' as const, 'mailbox' as const] }
          : server,
      ),
      ...edges.map(({ edgeServer: name }) => ({ name, version: '2013' as const, roles: ['edge' as const] })),
    ],
    edgeSubscriptions: edges,
    connectors: [
      ...drawn.connectors.map((connector, n) => ({ ...connector, enabled: n % 17 !== 0 })),
      ...Array.from({ length: 60 }, (_, n) => ({
        ...drawn.connectors[n]!,
        name: `Way out ${n}`,
        sourceServers: n < 15 ? [`Edge${n}`, `Edge${n + 30}`] : [`Edge${n % 45}`],
        scoped: n % 5 === 0,
      })),
    ],
  };
}

test(`${(sitesAsked * lookUpsOfSite).toLocaleString('en')} look-ups on 1,000 sites are those of the clear implementation`, {
  timeout: 1_200_000,
}, () => {
  const organization = drawMixedOrganization();
  expect(checkOrganization(organization).errors).toEqual([]);
  const topology = buildTopology(organization);
  const tables = compileRoutingTables(topology);
  const clear = new ClearRouting(topology);
  const dice = new Dice('oracle', 'thousand sites');
  const { mailboxCount, mailboxDatabase } = topology.recipients;
  const seen = new Set<string>();
  const hold = (question: string, expected: string, actual: string) => {
    if (actual !== expected) expect({ question, answer: actual }).toEqual({ question, answer: expected });
    for (const part of expected.split(' | ')) seen.add(part.split(' ')[0]!);
  };
  // One with Edges first.
  const sites = [
    ...topology.sites.filter(({ name }) => name === 'Site33'),
    ...dice.shuffle(topology.sites.filter(({ name }) => name !== 'Site33')),
  ];
  for (const site of sites.slice(0, sitesAsked)) {
    for (let n = 0; n < lookUpsOfSite; n++) {
      const server = topology.servers[dice.pick(site.servers)]!;
      if (dice.chance(0.6)) {
        const recipient = dice.below(mailboxCount);
        const database = mailboxDatabase[recipient]!;
        const question = `${server.name} to ${topology.recipients.addresses[recipient]}`;
        hold(
          question,
          clear.toDatabase(server.index, database),
          describeRoute(tables, server.index, database),
        );
      } else {
        const domain = dice.pick([`d${dice.below(200)}.example`, `mail.d${dice.below(60)}.example`, 'x.net']);
        const size = dice.pick([1, 1, 1, 30]) * megabyte;
        const actual = describeOutsideRoute(tables, server.index, domain, size);
        hold(`${server.name} to ${domain}`, clear.toOutside(server.index, domain, size), actual);
      }
    }
  }
  const parts = [
    ...[
      'DnsConnectorDelivery',
      'SmtpDeliveryToMailbox',
      'SmtpRelayToConnectorSourceServers',
      'SmtpRelayToDag',
    ],
    ...['SmtpRelayToMailboxDeliveryGroup', 'SmtpRelayToRemoteActiveDirectorySite', 'SmtpRelayWithinAdSite'],
    ...['SmtpRelayWithinAdSiteToEdge', 'backoff', 'hub-site-servers', 'other-group-servers'],
    ...['primary-site-servers', 'target-servers', 'unreachable'],
  ];
  expect(parts.filter((part) => !seen.has(part))).toEqual([]);
});

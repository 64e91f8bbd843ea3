import { expect, test } from 'vitest';
import { compileRoutingTables } from '../src/routing/index.js';
import { buildTopology } from '../src/topology/index.js';
import { ClearRouting } from './clear-routing.js';
import { drawOrganization } from './organizations.js';
import { describeRoute, findWrongRoute } from './route-check.js';

const small = (sites: number, links: number) =>
  drawOrganization({
    sites,
    servers: 5 * sites,
    links,
    connectors: 8,
    databases: 6 * sites,
    mailboxes: 6 * sites,
  });

test.each([
  [8, 7],
  [12, 20],
  [25, 46],
])(
  'RT-33 to RT-41: on %i sites with %i links every answer of the tables is that of the clear implementation',
  (sites, links) => {
    const topology = buildTopology(small(sites, links));
    const all = topology.servers.flatMap(({ index: server }) =>
      topology.databases.map(({ index: database }) => [server, database] as const),
    );
    expect(findWrongRoute(compileRoutingTables(topology), new ClearRouting(topology), all)).toBeUndefined();
  },
);

test('a wrong answer is found and told', () => {
  const topology = buildTopology(small(8, 7));
  const other = buildTopology({ ...small(8, 7), dags: [] });
  const all = topology.databases.map(({ index }) => [0, index] as const);
  expect(findWrongRoute(compileRoutingTables(topology), new ClearRouting(other), all)).toMatch(
    /^Server0 to Database.*: expected .*, got /,
  );
});

test('the same size gives the same organization, with ties, hubs on the way and groups over two sites', () => {
  expect(small(25, 46)).toEqual(small(25, 46));
  const topology = buildTopology(small(25, 46));
  const tables = compileRoutingTables(topology);
  const routes = topology.servers.flatMap(({ index: server }) =>
    topology.databases.map(({ index: database }) => describeRoute(tables, server, database)),
  );
  for (const part of [
    'SmtpRelayToRemoteActiveDirectorySite',
    'other-group-servers',
    'backoff',
    'hub-site-servers',
  ]) {
    expect(routes.filter((route) => route.includes(part)).length).toBeGreaterThan(0);
  }
});

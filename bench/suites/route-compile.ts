import { compileRoutingTables, type RoutingTables } from '../../src/routing/index.js';
import { randomStreams } from '../../src/sim/kernel/index.js';
import { buildTopology } from '../../src/topology/index.js';
import { ClearRouting } from '../clear-routing.js';
import { drawOrganization, large, type OrganizationSize, thousandSites } from '../organizations.js';
import { findWrongRoute } from '../route-check.js';
import type { PreparedSuite, Suite } from '../suite.js';

/** Destinations that every server asks for, so that what is left for later is counted in. */
const databasesAsked = 8;
const domainsAsked = 2;
const checked = 200;

/** From an indexed organization to tables that every server has put its first questions to. */
export const routeCompileLarge: Suite = {
  workload:
    '40 sites, 200 servers, 120 links, 60 connectors: compile, paths between all sites, and from each server the next ' +
    'hops to eight random databases and two outside domains; these as a clear implementation has them',
  unit: 'ms',
  setup: () => prepare(large),
};

export const routeCompile1000Sites: Suite = {
  workload:
    '1,000 sites, 10,000 servers, 5,000 links, 2,000 connectors: compile, paths between all sites, and from each server ' +
    'the next hops to eight random databases and two outside domains; these as a clear implementation has them',
  unit: 'ms',
  setup: (quick) =>
    prepare(
      quick
        ? { sites: 200, servers: 2_000, links: 1_000, connectors: 400, databases: 2_000, mailboxes: 2_000 }
        : thousandSites,
    ),
};

function prepare(size: OrganizationSize): PreparedSuite {
  const topology = buildTopology(drawOrganization({ ...size, mailboxes: size.databases }));
  const uniform = randomStreams('bench', 0)('questions');
  const databases = Int32Array.from({ length: size.servers * databasesAsked }, () =>
    Math.floor(uniform() * size.databases),
  );
  const domains = Array.from(
    { length: size.servers * domainsAsked },
    () => `d${Math.floor(uniform() * 400)}.example`,
  );
  const compile = (): RoutingTables => {
    const tables = compileRoutingTables(topology);
    for (let site = 0; site < size.sites; site++) tables.paths.cost(site, 0);
    for (let server = 0; server < size.servers; server++) {
      for (let n = 0; n < databasesAsked; n++) {
        tables.toDatabase(server, databases[server * databasesAsked + n]!);
      }
      for (let n = 0; n < domainsAsked; n++) {
        tables.toOutside(server, tables.internDomain('SMTP', domains[server * domainsAsked + n]!), 1);
      }
    }
    return tables;
  };
  const first = compile();
  const clear = new ClearRouting(topology);
  let tables = first;
  return {
    operations: 1,
    run: () => {
      tables = compile();
    },
    check: () => {
      if (tables.nextHopCount !== first.nextHopCount || tables.queueCount !== first.queueCount) {
        return `${tables.nextHopCount} next hops, ${tables.queueCount} queues; first ${first.nextHopCount}, ${first.queueCount}`;
      }
      const sample = Array.from({ length: checked }, (_, n) => [n % 2, databases[n]!] as const);
      return findWrongRoute(tables, clear, sample);
    },
  };
}

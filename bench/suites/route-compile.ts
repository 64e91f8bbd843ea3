import { compileRoutingTables, type RoutingTables } from '../../src/routing/index.js';
import { randomStreams } from '../../src/sim/kernel/index.js';
import { buildTopology } from '../../src/topology/index.js';
import { ClearRouting } from '../clear-routing.js';
import { ClearSelection, describeSelection } from '../clear-selection.js';
import { drawOrganization, large, type OrganizationSize, thousandSites } from '../organizations.js';
import { findWrongOutsideRoute, findWrongRoute } from '../route-check.js';
import type { PreparedSuite, Suite } from '../suite.js';
import { bytesOf } from '../weigh.js';

/** What every server asks for, so that what is left for later is counted in. */
const databasesAsked = 8;
const domainsAsked = 2;
const checked = 200;
const messageBytes = 1;

const asked =
  'compile, paths between all sites, from each server the next hops to eight random databases and two outside domains, ' +
  'of each its queue, tiers and limit, and the choices of front end and submission for a message to the eight; these as ' +
  'clear implementations have them';

/** From an indexed organization to tables that every server has put its first questions to. */
export const routeCompileLarge: Suite = {
  workload: `40 sites, 200 servers, 120 links, 60 connectors: ${asked}`,
  unit: 'ms',
  setup: () => prepare(large),
};

export const routeCompile1000Sites: Suite = {
  workload: `1,000 sites, 10,000 servers, 5,000 links, 2,000 connectors: ${asked}`,
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
  const addressed = (server: number) =>
    databases.subarray(server * databasesAsked, (server + 1) * databasesAsked);
  /** Of everything read a little, so that nobody can leave the reading out. */
  let read = 0;
  const readHop = (tables: RoutingTables, id: number) => {
    if (id < 0) return;
    const { queue, key, destination, tiers, maxMessageSizeBytes } = tables.nextHop(id);
    read += queue + key.nextHopDomain.length + destination.index + tiers.length;
    if (maxMessageSizeBytes > messageBytes) read++;
  };
  const compile = (): RoutingTables => {
    const tables = compileRoutingTables(topology);
    for (let site = 0; site < size.sites; site++) read += tables.paths.hops(site, 0);
    for (let server = 0; server < size.servers; server++) {
      const own = addressed(server);
      for (const database of own) readHop(tables, tables.toDatabase(server, database));
      for (let n = 0; n < domainsAsked; n++) {
        const domain = tables.internDomain('SMTP', domains[server * domainsAsked + n]!);
        readHop(tables, tables.toOutside(server, domain, messageBytes));
      }
      for (const service of ['front-end', 'submission'] as const) {
        read += tables.selectTransport(service, server, own, databasesAsked).tiers.length;
      }
    }
    return tables;
  };
  let tables = compile();
  const sums = () => `${read} read, ${tables.nextHopCount} next hops, ${tables.queueCount} queues`;
  const first = sums();
  /** The check asks more of the tables: what it has seen adds up to more than at first. */
  let checkedTables: RoutingTables | undefined;
  const clear = new ClearRouting(topology);
  const selection = new ClearSelection(topology, clear);
  return {
    operations: 1,
    run: () => {
      read = 0;
      tables = compile();
    },
    check: () => {
      if (checkedTables !== tables && sums() !== first) return `${sums()}; at first ${first}`;
      checkedTables = tables;
      const sample = Array.from({ length: checked }, (_, n) => [n % 2, databases[n]!] as const);
      const outside = Array.from({ length: checked }, (_, n) => [n % 2, domains[n]!, messageBytes] as const);
      const wrong = findWrongRoute(tables, clear, sample) ?? findWrongOutsideRoute(tables, clear, outside);
      if (wrong !== undefined) return wrong;
      for (const server of [0, 1]) {
        const choice = tables.selectTransport('front-end', server, addressed(server), databasesAsked);
        const expected = selection.frontEnd(server, [...addressed(server)]);
        const answer = describeSelection(tables, choice);
        if (answer !== expected) return `front end of server ${server}: expected ${expected}, got ${answer}`;
      }
      return undefined;
    },
    remark: () => `the tables then take ${(bytesOf(compile) / 1_000_000).toFixed(1)} MB`,
  };
}

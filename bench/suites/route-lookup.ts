import { compileRoutingTables } from '../../src/routing/index.js';
import { randomStreams } from '../../src/sim/kernel/index.js';
import { buildTopology } from '../../src/topology/index.js';
import { ClearRouting } from '../clear-routing.js';
import { drawOrganization, large, type OrganizationSize, thousandSites } from '../organizations.js';
import { findWrongRoute } from '../route-check.js';
import type { PreparedSuite, Suite } from '../suite.js';

/** Questions of one run; drawn beforehand, so that the drawing is not timed. */
const questions = 1 << 20;
/** How many of them are put to the clear implementation, too. */
const checked = 200;

/** Look-ups on warm tables: which recipient, which server asks, is random. */
export const routeLookupLarge: Suite = {
  workload:
    'a million look-ups recipient -> database -> next hop, random recipients of 100,000 asked by random servers of ' +
    '200 in 40 sites, tables warm; the sum of the ids and 200 routes of a clear implementation must agree',
  unit: 'ops/s',
  setup: () => prepare(large, large.servers),
};

/** As before in the largest organization, asked by one server of each site. */
export const routeLookup1000Sites: Suite = {
  workload:
    'a million look-ups recipient -> database -> next hop, random recipients of 1,000,000 asked by random servers, one ' +
    'a site, of 10,000 in 1,000 sites, tables warm; the sum of the ids and routes of a clear implementation must agree',
  unit: 'ops/s',
  setup: (quick) =>
    quick ? prepare({ ...thousandSites, mailboxes: 100_000 }, 50) : prepare(thousandSites, 1_000),
};

/** @param askers - how many servers ask, evenly spread */
function prepare(size: OrganizationSize, askers: number): PreparedSuite {
  const topology = buildTopology(drawOrganization(size));
  const tables = compileRoutingTables(topology);
  const { mailboxDatabase, mailboxCount } = topology.recipients;
  const uniform = randomStreams('bench', 0)('look-ups');
  const servers = new Int32Array(questions);
  const recipients = new Int32Array(questions);
  for (let n = 0; n < questions; n++) {
    servers[n] = Math.floor(uniform() * askers) * (size.servers / askers);
    recipients[n] = Math.floor(uniform() * mailboxCount);
  }
  const lookUpAll = () => {
    let sum = 0;
    for (let n = 0; n < questions; n++) {
      sum += tables.toDatabase(servers[n]!, mailboxDatabase[recipients[n]!]!);
    }
    return sum;
  };
  const expected = lookUpAll();
  const clear = new ClearRouting(topology);
  // The clear implementation works out the paths of a whole site at a time: ask few sites much.
  const sample = Array.from({ length: checked }, (_, n) => {
    const server = servers[n % 2]!;
    return [server, mailboxDatabase[recipients[n]!]!] as const;
  });
  let sum = 0;
  return {
    operations: questions,
    run: () => {
      sum = lookUpAll();
    },
    check: () => {
      if (sum !== expected) return `the ids add up to ${sum}, first to ${expected}`;
      return findWrongRoute(tables, clear, sample);
    },
  };
}

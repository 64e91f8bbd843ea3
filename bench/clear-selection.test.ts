import { expect, test } from 'vitest';
import { compileRoutingTables } from '../src/routing/index.js';
import { randomStreams } from '../src/sim/kernel/index.js';
import { buildTopology } from '../src/topology/index.js';
import { ClearRouting } from './clear-routing.js';
import { ClearSelection, describeSelection } from './clear-selection.js';
import { drawOrganization } from './organizations.js';

test.each([
  [8, 7],
  [12, 20],
  [25, 46],
])(
  'RT-46 to RT-49: on %i sites with %i links the choice of front ends is that of the clear implementation',
  (sites, links) => {
    const databases = 6 * sites;
    const size = { sites, servers: 5 * sites, links, connectors: 0, databases, mailboxes: databases };
    const topology = buildTopology(drawOrganization(size));
    const tables = compileRoutingTables(topology);
    const clear = new ClearSelection(topology, new ClearRouting(topology));
    const uniform = randomStreams('bench', 0)('recipients of a test');
    for (const { index: server } of topology.servers) {
      for (const count of [0, 1, 2, 5, 20, 21, 40]) {
        const addressed = Int32Array.from({ length: count }, () => Math.floor(uniform() * databases));
        const considered = addressed.subarray(0, 20);
        const choice = tables.selectTransport('front-end', server, considered, considered.length);
        expect(describeSelection(tables, choice)).toBe(clear.frontEnd(server, [...addressed]));
      }
    }
  },
);

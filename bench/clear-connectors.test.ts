import { expect, test } from 'vitest';
import { compileRoutingTables } from '../src/routing/index.js';
import { buildTopology } from '../src/topology/index.js';
import { ClearConnectors, describeQueue } from './clear-connectors.js';
import { ClearRouting } from './clear-routing.js';
import { drawOrganization } from './organizations.js';

test.each([
  [8, 7],
  [12, 20],
  [25, 46],
])(
  'CN-01, CN-03, CN-06: on %i sites with %i links the connectors are those of the clear choice',
  (sites, links) => {
    const size = { sites, servers: 5 * sites, links, connectors: 40, databases: 1, mailboxes: 1 };
    const topology = buildTopology(drawOrganization(size));
    const tables = compileRoutingTables(topology);
    const clear = new ClearConnectors(topology, new ClearRouting(topology));
    const domains = Array.from({ length: 40 }, (_, n) =>
      n % 2 === 0 ? `d${n}.example` : `mail.d${n}.example`,
    );
    const kinds = new Set<string>();
    for (const { index: server } of topology.servers) {
      for (const domain of domains) {
        const id = tables.toOutside(server, tables.internDomain('SMTP', domain), 1);
        const queue = describeQueue(tables, id);
        expect(queue).toBe(clear.toOutside(server, domain));
        kinds.add(queue.split(' ')[0]!);
      }
    }
    expect(kinds.size).toBeGreaterThanOrEqual(2);
  },
);

import { resolve } from 'node:path';
import { type FailureAnswer, findFailures } from '../../src/experiment/index.js';
import { compileRoutingTables } from '../../src/routing/index.js';
import { loadOrganization } from '../../src/runner/index.js';
import { buildTopology } from '../../src/topology/index.js';
import { largeDayFiles } from '../large-day/large-day.js';
import type { Suite } from '../suite.js';

/** The whole way from the organization to the ranked answer, as `mailflow failures` goes it. */
export const failuresLarge: Suite = {
  workload:
    'every single failure of a site, server, Edge, site link or connector of scenarios/large-organization.yaml, tables ' +
    'compiled anew; one finding each, and those of servers cut off the databases that they alone hold, and no other',
  unit: 'ms',
  setup: () => {
    const path = resolve(largeDayFiles.organization);
    const topology = buildTopology(loadOrganization(path).organization);
    const { sites, servers, siteLinks, connectors, databases } = topology;
    const count = sites.length + servers.length + siteLinks.length + connectors.length;
    let answer: FailureAnswer | undefined;
    return {
      operations: count,
      samples: 2,
      run: () => {
        answer = findFailures(compileRoutingTables(topology));
      },
      check: () => {
        const { failures } = answer!;
        if (failures.length !== count) return `${failures.length} findings of ${count} failures`;
        for (const { failed, unreachable } of failures) {
          const [component] = failed;
          if (component?.kind !== 'server') continue;
          const { index } = servers.find(({ name }) => name === component.name)!;
          const alone = databases.filter(({ copies }) => copies.every((server) => server === index));
          const wanted = alone.map(({ name }) => name).join();
          const found = unreachable
            .filter(({ kind, everywhere }) => kind === 'mailbox-database' && everywhere)
            .map(({ name }) => name)
            .join();
          if (found !== wanted) return `without ${component.name} ${found} are unreachable, not ${wanted}`;
        }
        return undefined;
      },
    };
  },
};

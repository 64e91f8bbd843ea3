import { describe, expect, test } from 'vitest';
import {
  describeOrganization,
  type OrganizationShorthand,
} from '../../tests/conformance/organization-builder.js';
import { Dice } from '../../tests/oracle/dice.js';
import { drawSmallOrganization } from '../../tests/oracle/random-organization.js';
import { compileRoutingTables } from '../routing/index.js';
import { Network } from '../sim/model/network.js';
import { buildTopology, findByName } from '../topology/index.js';
import { Acceptance } from './route-outages.js';

/** Whether the server at one site takes what that at another sends while sites are out. */
function isReached(shorthand: OrganizationShorthand, from: string, to: string, out: readonly string[]) {
  const topology = buildTopology(describeOrganization(shorthand));
  const acceptance = new Acceptance(compileRoutingTables(topology), {
    servers: new Set(),
    sites: new Set(out.map((site) => findByName(topology.sites, site))),
    links: new Set(),
  });
  const target = findByName(topology.servers, to);
  const tiers = [
    { reason: 'target-servers' as const, site: topology.servers[target]!.site, servers: [target] },
  ];
  return acceptance.firstOf(findByName(topology.servers, from), tiers) !== undefined;
}

describe('A-site-outage-links: a site that is out', () => {
  const servers = ['S1@S', 'X1@X', 'P1@P'];

  test('A-site-outage-links: its link goes on joining the others', () => {
    const shorthand = { links: ['S-X-P 10'], servers };
    expect(isReached(shorthand, 'S1', 'P1', ['X'])).toBe(true);
    expect(isReached(shorthand, 'S1', 'X1', ['X'])).toBe(false);
    expect(isReached(shorthand, 'S1', 'P1', ['X', 'P'])).toBe(false);
  });

  test('A-site-outage-links: nothing passes through it', () => {
    expect(isReached({ links: ['S-X 10', 'X-P 10'], servers }, 'S1', 'P1', ['X'])).toBe(false);
    expect(isReached({ links: ['S-X 10', 'X-P 10', 'S-P 50'], servers }, 'S1', 'P1', ['X'])).toBe(true);
  });

  test('design section 6, links: with least-cost-path the path must not lead over it', () => {
    const network = 'least-cost-path';
    const around = { network, links: ['S-X 10', 'X-P 10', 'S-P 50'], servers } as const;
    expect(isReached(around, 'S1', 'P1', ['X'])).toBe(false);
    expect(isReached({ network, links: ['S-X-P 10'], servers }, 'S1', 'P1', ['X'])).toBe(true);
  });

  test('design section 6: in any organization `route` and the network of the model agree on who is reached', () => {
    let parted = 0;
    for (let seed = 0; seed < 60; seed++) {
      const dice = new Dice(`outages ${seed}`, 'outages');
      const topology = buildTopology(drawSmallOrganization(dice));
      const tables = compileRoutingTables(topology);
      const sites = dice.each(topology.sites, 0.2).map(({ index }) => index);
      const links = dice.each(topology.siteLinks, 0.2).map(({ index }) => index);
      const network = new Network(topology, tables);
      for (const site of sites) network.beginSiteOutage(site);
      for (const link of links) network.beginLinkOutage(link);
      const acceptance = new Acceptance(tables, {
        servers: new Set(),
        sites: new Set(sites),
        links: new Set(links),
      });
      const up = topology.servers.filter(({ isEdge, site }) => !isEdge && !sites.includes(site));
      for (const from of up) {
        for (const to of up) {
          const tiers = [{ reason: 'target-servers' as const, site: to.site, servers: [to.index] }];
          const reached = acceptance.firstOf(from.index, tiers) !== undefined;
          expect(reached, `${from.name} to ${to.name}, outages ${seed}`).toBe(
            network.connected(from.site, to.site),
          );
          if (!reached) parted++;
        }
      }
    }
    expect(parted).toBeGreaterThan(100);
  });
});

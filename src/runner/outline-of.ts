import type { compileScenario } from '../experiment/index.js';
import type { Outline } from '../report/index.js';
import type { Scenario } from '../scenario/index.js';

/** What `outline.json` says of a scenario and its organization. */
export function outlineOf(
  { startUtcMs, durationMs, sampleEveryMs }: Scenario,
  { topology: { sites, siteLinks, servers } }: ReturnType<typeof compileScenario>,
): Outline {
  const siteOf = (server: number) =>
    sites.find((site) => site.servers.includes(server) || site.edges.includes(server))?.name ?? null;
  return {
    mailflow: 'outline/1',
    startUtcMs,
    durationMs,
    sampleEveryMs,
    sites: sites.map(({ name, hub }) => ({ name, hub })),
    siteLinks: siteLinks.map(({ name, sites: ends, cost }) => ({
      name,
      sites: ends.map((site) => sites[site]!.name),
      cost,
    })),
    servers: servers.map(({ name, index, isEdge }) => ({ name, site: siteOf(index), edge: isEdge })),
  };
}

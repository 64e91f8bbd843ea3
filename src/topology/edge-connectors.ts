import { compareNames, normalizeName } from './names.js';
import type { AddressSpace, ConnectorDescription, Organization } from './organization.js';
import type { ConnectorOrigin } from './topology.js';

/** DC-04: the size limit of a Send connector of which nobody has said another. */
export const sendConnectorLimitBytes = 25 * 1_024 ** 2;

/** CN-05. */
const internetCost = 100;
const inboundCost = 1;
/** Stands for all transport servers of the site, later ones included (ES-02). */
const allServersOfSite = '--';

/** The names of the connectors that the Edge subscriptions of a site make (ES-02). */
export function edgeConnectorNames(site: string): { readonly outbound: string; readonly inbound: string } {
  return { outbound: `EdgeSync - ${site} to Internet`, inbound: `EdgeSync - Inbound to ${site}` };
}

/**
 * The connectors that Edge subscriptions make by themselves: for each site with one, the way out to the Internet and
 * the way in from its Edges. All Edges of the site are sources of both (ES-01, ES-02). The way in covers the
 * authoritative and internal relay domains, which Exchange writes as `--`; so it does the servers of the site.
 */
export function edgeConnectors(
  organization: Organization,
): readonly (ConnectorDescription & { readonly origin: ConnectorOrigin })[] {
  const edgesOfSite = new Map<string, { site: string; edges: string[] }>();
  for (const { edgeServer, site } of organization.edgeSubscriptions) {
    const found = edgesOfSite.get(normalizeName(site));
    if (found !== undefined) found.edges.push(edgeServer);
    else edgesOfSite.set(normalizeName(site), { site: spelledSite(organization, site), edges: [edgeServer] });
  }
  const inboundSpaces = insideDomains(organization).map(
    (name): AddressSpace => ({ type: 'SMTP', space: name.toLowerCase(), cost: inboundCost }),
  );
  return [...edgesOfSite.values()]
    .sort((a, b) => compareNames(a.site, b.site))
    .flatMap(({ site, edges }) => {
      const names = edgeConnectorNames(site);
      const common = {
        kind: 'send',
        sourceServers: edges,
        scoped: false,
        enabled: true,
        frontEndProxy: false,
      } as const;
      return [
        {
          ...common,
          name: names.outbound,
          addressSpaces: [{ type: 'SMTP', space: '*', cost: internetCost }],
          maxMessageSizeBytes: sendConnectorLimitBytes,
          smartHosts: [],
          origin: 'edge-outbound',
        },
        {
          ...common,
          name: names.inbound,
          addressSpaces: inboundSpaces,
          // A limit here would send what exceeds it out to the Internet again (CN-02).
          maxMessageSizeBytes: Number.POSITIVE_INFINITY,
          smartHosts: [allServersOfSite],
          origin: 'edge-inbound',
        },
      ] as const;
    });
}

/** The authoritative and internal relay domains; the organization's own name is authoritative unless listed otherwise. */
function insideDomains({ name, acceptedDomains }: Organization): readonly string[] {
  const listed = acceptedDomains.some((domain) => normalizeName(domain.name) === normalizeName(name));
  const inside = acceptedDomains.filter(({ type }) => type !== 'external-relay').map((domain) => domain.name);
  return listed ? inside : [...inside, name];
}

/** The name as the list of sites spells it. */
function spelledSite({ sites }: Organization, name: string): string {
  return sites.find((site) => normalizeName(site.name) === normalizeName(name))?.name ?? name;
}

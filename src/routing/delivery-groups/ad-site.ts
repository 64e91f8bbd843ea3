import type { DeliveryGroupKind } from './kind.js';
import { servesNothing } from './kind.js';

/**
 * One group a site: all its transport servers. Mail passes through it where the site is a hub (RT-23, RT-34) or where
 * the ways of a message's copies part (RT-24); and it is the group of the connectors that the Edges subscribed to the
 * site send for, which other sites cannot reach (RT-23, RT-27, RT-58).
 */
export const adSite: DeliveryGroupKind = {
  build: ({ sites, connectors }) => {
    const ofEdges = sites.map((): number[] => []);
    for (const { index, edgeSite, origin } of connectors) {
      if (edgeSite !== -1 && origin !== 'edge-inbound') ofEdges[edgeSite]!.push(index);
    }
    return sites
      .filter(({ transportServers }) => transportServers.length > 0)
      .map((site) => ({
        name: site.name,
        members: site.transportServers,
        serves: { ...servesNothing, sites: [site.index], connectors: ofEdges[site.index]! },
        relayKey: {
          deliveryType: 'SmtpRelayToRemoteActiveDirectorySite',
          nextHopDomain: site.name,
          nextHopConnector: site.name,
        },
      }));
  },
};

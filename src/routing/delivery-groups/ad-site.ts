import type { DeliveryGroupKind } from './kind.js';
import { servesNothing } from './kind.js';

/**
 * One group a hub site: all its transport servers (RT-23, RT-34). It is never the group of a destination: mail
 * passes through.
 */
export const adSite: DeliveryGroupKind = {
  build: ({ sites }) =>
    sites
      .filter((site) => site.hub)
      .map((site) => ({
        name: site.name,
        members: site.transportServers,
        serves: { ...servesNothing, hubSites: [site.index] },
        relayKey: {
          deliveryType: 'SmtpRelayToRemoteActiveDirectorySite',
          nextHopDomain: site.name,
          nextHopConnector: site.name,
        },
        rules: ['RT-34'],
      })),
};

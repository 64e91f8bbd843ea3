import type { DeliveryGroupKind } from './kind.js';
import { servesNothing } from './kind.js';

/** One group a server that expands distribution groups: that server, of any version (RT-13, RT-25). */
export const serverList: DeliveryGroupKind = {
  build: ({ recipients, servers }) => {
    const expanding = new Set(recipients.groupExpansionServer);
    return servers
      .filter((server) => expanding.has(server.index))
      .map((server) => ({
        name: server.fqdn,
        members: server.isTransport ? [server.index] : [],
        serves: { ...servesNothing, expansionServers: [server.index] },
        relayKey: {
          deliveryType: 'SmtpRelayToServers',
          nextHopDomain: server.fqdn,
          nextHopConnector: null,
        },
      }));
  },
};

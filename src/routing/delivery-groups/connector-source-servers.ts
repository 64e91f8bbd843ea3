import type { DeliveryGroupKind } from './kind.js';
import { servesNothing } from './kind.js';

/**
 * One group a Send, Delivery Agent or Foreign connector: its source servers, of any version, in any sites (RT-15,
 * RT-22). Only they send to what the connector defines; everyone else relays to them (DC-11). The connectors of Edges
 * belong to the site the Edges are subscribed to (RT-27).
 */
export const connectorSourceServers: DeliveryGroupKind = {
  build: ({ connectors, servers }) =>
    connectors
      .filter(({ edgeSite, origin }) => edgeSite === -1 && origin === 'explicit')
      .map((connector) => ({
        name: connector.name,
        members: connector.sourceServers.filter((server) => servers[server]!.isTransport),
        serves: { ...servesNothing, connectors: [connector.index] },
        relayKey: {
          deliveryType: 'SmtpRelayToConnectorSourceServers',
          nextHopDomain: connector.name,
          nextHopConnector: connector.name,
        },
      })),
};

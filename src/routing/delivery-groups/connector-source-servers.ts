import type { DeliveryGroupKind } from './kind.js';
import { servesNothing } from './kind.js';

/**
 * One group a Send, Delivery Agent or Foreign connector: its source servers, of any version, in any sites (RT-15,
 * RT-22). Only they send to what the connector defines; everyone else relays to them (DC-11). The connectors of Edges
 * belong to the site the Edges are subscribed to (RT-27).
 */
export const connectorSourceServers: DeliveryGroupKind = {
  build: ({ connectors }) =>
    connectors
      .filter(({ edgeSite }) => edgeSite === -1)
      .map((connector) => ({
        name: connector.name,
        members: connector.sourceServers,
        serves: { ...servesNothing, connectors: [connector.index] },
        relayKey: {
          deliveryType: 'SmtpRelayToConnectorSourceServers',
          nextHopDomain: connector.name,
          nextHopConnector: connector.name,
        },
      })),
};

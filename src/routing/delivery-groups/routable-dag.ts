import type { DeliveryGroupKind } from './kind.js';
import { servesNothing } from './kind.js';

/**
 * One group a DAG of Exchange 2013, serving its databases, whatever sites it spans. Rules: RT-02, RT-19, RT-27: a
 * DAG of Exchange 2010 is no such group.
 */
export const routableDag: DeliveryGroupKind = {
  build: ({ dags, servers }) =>
    dags
      .filter((dag) => dag.members.every((member) => servers[member]!.majorVersion === 15))
      .map((dag) => ({
        name: dag.name,
        members: dag.members.filter((member) => servers[member]!.isTransport),
        serves: { ...servesNothing, databases: dag.databases },
        relayKey: { deliveryType: 'SmtpRelayToDag', nextHopDomain: dag.name, nextHopConnector: dag.name },
      })),
};

import type { DeliveryGroupKindName } from '../next-hop.js';
import { adSite } from './ad-site.js';
import { connectorSourceServers } from './connector-source-servers.js';
import type { DeliveryGroupKind } from './kind.js';
import { mailboxDeliveryGroup } from './mailbox-delivery-group.js';
import { routableDag } from './routable-dag.js';
import { serverList } from './server-list.js';

/** Every kind of delivery group (RT-19 to RT-25). */
export const deliveryGroupKinds = {
  'routable-dag': routableDag,
  'mailbox-delivery-group': mailboxDeliveryGroup,
  'connector-source-servers': connectorSourceServers,
  'ad-site': adSite,
  'server-list': serverList,
} as const satisfies Record<DeliveryGroupKindName, DeliveryGroupKind>;

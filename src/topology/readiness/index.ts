import { bridgeheadRoleNotPresentInSite } from './bridgehead-role-not-present-in-site.js';
import { exchange2010ServicePack } from './exchange-2010-service-pack.js';
import { invalidAdSite } from './invalid-ad-site.js';
import type { ReadinessRule } from './kind.js';
import { messagesInQueue } from './messages-in-queue.js';
import { serverFqdnMatchesSmtpPolicy } from './server-fqdn-matches-smtp-policy.js';
import { serverIsDynamicGroupExpansionServer } from './server-is-dynamic-group-expansion-server.js';
import { serverIsGroupExpansionServer } from './server-is-group-expansion-server.js';
import { serverIsSourceForSendConnector } from './server-is-source-for-send-connector.js';
import { smtpSvcInstalled } from './smtp-svc-installed.js';
import { userMailboxesRemain } from './user-mailboxes-remain.js';

/**
 * Every readiness rule of Setup that concerns mail transport (SR-01 to SR-10), in the order in which findings are listed:
 * named as Setup names it, or as we do where the documentation gives no name.
 */
export const readinessRules = {
  'server-is-source-for-send-connector': serverIsSourceForSendConnector,
  'server-is-group-expansion-server': serverIsGroupExpansionServer,
  'user-mailboxes-remain': userMailboxesRemain,
  'invalid-ad-site': invalidAdSite,
  'bridgehead-role-not-present-in-site': bridgeheadRoleNotPresentInSite,
  'server-is-dynamic-group-expansion-server': serverIsDynamicGroupExpansionServer,
  'messages-in-queue': messagesInQueue,
  'smtp-svc-installed': smtpSvcInstalled,
  'server-fqdn-matches-smtp-policy': serverFqdnMatchesSmtpPolicy,
  'exchange-2010-service-pack': exchange2010ServicePack,
} as const satisfies Record<string, ReadinessRule>;

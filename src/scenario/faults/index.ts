import { databaseFailover } from './database-failover.js';
import { databaseMove } from './database-move.js';
import { databaseOutage } from './database-outage.js';
import { diskFull } from './disk-full.js';
import { dnsOutage } from './dns-outage.js';
import { drain } from './drain.js';
import type { FaultKind } from './kind.js';
import { queueResubmission } from './queue-resubmission.js';
import { randomFailuresOf } from './random-failures.js';
import { remoteDomainOutage } from './remote-domain-outage.js';
import { remoteDomainSlowdown } from './remote-domain-slowdown.js';
import { routingChange } from './routing-change.js';
import { serverOutage } from './server-outage.js';
import { serverSlowdown } from './server-slowdown.js';
import { serviceOutage } from './service-outage.js';
import { siteLinkOutage } from './site-link-outage.js';
import { siteLinkSlowdown } from './site-link-slowdown.js';
import { siteOutage } from './site-outage.js';

/** The kinds whose times a scenario gives. */
const timedKinds = {
  'server-outage': serverOutage,
  'service-outage': serviceOutage,
  'server-slowdown': serverSlowdown,
  'site-outage': siteOutage,
  'site-link-outage': siteLinkOutage,
  'site-link-slowdown': siteLinkSlowdown,
  'database-move': databaseMove,
  'database-failover': databaseFailover,
  'database-outage': databaseOutage,
  'remote-domain-outage': remoteDomainOutage,
  'remote-domain-slowdown': remoteDomainSlowdown,
  'dns-outage': dnsOutage,
  'disk-full': diskFull,
  drain,
  'queue-resubmission': queueResubmission,
  'routing-change': routingChange,
} as const satisfies Record<string, FaultKind>;

/** Every kind of fault, by the name that a scenario gives it. */
export const faultKinds = {
  ...timedKinds,
  'random-failures': randomFailuresOf(timedKinds),
} as const satisfies Record<string, FaultKind>;

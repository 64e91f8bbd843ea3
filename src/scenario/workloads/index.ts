import { arrivals } from './arrivals.js';
import { internetInbound } from './internet-inbound.js';
import type { WorkloadKind } from './kind.js';
import { mailboxUsers } from './mailbox-users.js';
import { ndrLoop } from './ndr-loop.js';
import { pickup } from './pickup.js';
import { replay } from './replay.js';
import { storm } from './storm.js';

/** Every kind of workload, by the name that a scenario gives it. */
export const workloadKinds = {
  'mailbox-users': mailboxUsers,
  'internet-inbound': internetInbound,
  arrivals,
  storm,
  'ndr-loop': ndrLoop,
  pickup,
  replay,
} as const satisfies Record<string, WorkloadKind>;

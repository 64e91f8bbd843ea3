import type { DatabaseMoveFault } from './database-move.js';
import type { DatabaseOutageFault } from './database-outage.js';
import type { QueueResubmissionFault } from './queue-resubmission.js';
import type { ServerOutageFault } from './server-outage.js';
import type { ServiceOutageFault } from './service-outage.js';
import type { SiteLinkOutageFault } from './site-link-outage.js';

/** When a fault begins and ends. */
export interface FaultSpan {
  readonly beginMs: number;
  /** Infinity: lasts to the end of the run. Equal to `beginMs` for what takes no time. */
  readonly endMs: number;
}

/** A decoded fault of a kind that is built. Objects are named as the organization spells them. */
export type Fault =
  | ServerOutageFault
  | ServiceOutageFault
  | SiteLinkOutageFault
  | DatabaseMoveFault
  | DatabaseOutageFault
  | QueueResubmissionFault;

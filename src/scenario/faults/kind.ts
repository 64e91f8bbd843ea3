import type { z } from 'zod';
import type { TransportModel } from '../../sim/model/index.js';
import type { Decoding, References } from '../decoding.js';
import type { DatabaseFailoverFault } from './database-failover.js';
import type { DatabaseMoveFault } from './database-move.js';
import type { DatabaseOutageFault } from './database-outage.js';
import type { DiskFullFault } from './disk-full.js';
import type { DnsOutageFault } from './dns-outage.js';
import type { DrainFault } from './drain.js';
import type { QueueResubmissionFault } from './queue-resubmission.js';
import type { RandomFailuresFault } from './random-failures.js';
import type { RemoteDomainOutageFault } from './remote-domain-outage.js';
import type { RemoteDomainSlowdownFault } from './remote-domain-slowdown.js';
import type { RoutingChangeFault } from './routing-change.js';
import type { ServerOutageFault } from './server-outage.js';
import type { ServerSlowdownFault } from './server-slowdown.js';
import type { ServiceOutageFault } from './service-outage.js';
import type { SiteLinkOutageFault } from './site-link-outage.js';
import type { SiteLinkSlowdownFault } from './site-link-slowdown.js';
import type { SiteOutageFault } from './site-outage.js';

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
  | SiteOutageFault
  | SiteLinkOutageFault
  | SiteLinkSlowdownFault
  | DatabaseMoveFault
  | DatabaseFailoverFault
  | DatabaseOutageFault
  | RemoteDomainOutageFault
  | RemoteDomainSlowdownFault
  | DnsOutageFault
  | DiskFullFault
  | QueueResubmissionFault
  | DrainFault
  | RoutingChangeFault
  | ServerSlowdownFault
  | RandomFailuresFault;

/** What a fault does to a running model, its objects found. */
export interface FaultEffect {
  /** What the fault is about, as the results name it. */
  readonly subject: string;
  begin(): void;
  /** Absent for what takes no time. */
  readonly end?: () => void;
}

/**
 * A kind of fault: the keys that a file may give it, what they become, and what that does. A kind without `decode`
 * and `effect` is known to the schema, whose `kind` key refuses it by name.
 */
export interface FaultKind<S extends z.ZodObject = z.ZodObject, F extends Fault = Fault> {
  /** All keys, the common ones and `kind` included. */
  readonly schema: S;
  decode?(fields: z.output<S>, span: FaultSpan, decoding: Decoding): F;
  /** Absent, too, for what gives rise to other faults. */
  effect?(fault: F, model: TransportModel): FaultEffect;
  /** Whether `any` means an object, named in the fields, too; absent: it means all. */
  mayStrike?(fields: z.output<S>, references: References): boolean;
}

import type { z } from 'zod';
import type { RandomStream } from '../../sim/kernel/index.js';
import type { TransportModel } from '../../sim/model/index.js';
import type { Decoding } from '../decoding.js';
import type { ArrivalsWorkload } from './arrivals.js';
import type { ExpectationContext, ExpectedMail } from './expected-mail.js';
import type { InternetInboundWorkload } from './internet-inbound.js';
import type { MailboxUsersWorkload } from './mailbox-users.js';
import type { NdrLoopWorkload } from './ndr-loop.js';
import type { PickupWorkload } from './pickup.js';
import type { ReplayWorkload } from './replay.js';
import type { StormWorkload } from './storm.js';

/** What every workload has. */
export interface WorkloadWindow {
  /** Unique in the scenario; the kind where the file gives none. Names the workload's random streams. */
  readonly name: string;
  /** It sends from here on, … */
  readonly startMs: number;
  /** … and before that: at the latest when the scenario's duration is over. */
  readonly endMs: number;
}

/** A decoded workload of a kind that is built. */
export type Workload =
  | ArrivalsWorkload
  | MailboxUsersWorkload
  | InternetInboundWorkload
  | StormWorkload
  | NdrLoopWorkload
  | PickupWorkload
  | ReplayWorkload;

/** Message sizes. `typical`: WL-07. */
export type SizeModel =
  | { readonly kind: 'typical' }
  | { readonly kind: 'fixed'; readonly bytes: number }
  | { readonly kind: 'lognormal'; readonly medianBytes: number; readonly p95Bytes: number };

/** Recipients of a message. `typical`: WL-05. */
export type RecipientsModel =
  | { readonly kind: 'typical' }
  | { readonly kind: 'fixed'; readonly count: number };

/** How a rate is spread over the day: evenly, by WL-03, or with two humps. */
export type DayShape = 'flat' | 'office-day' | 'two-humps';

/** What a workload is started with. */
export interface WorkloadStart {
  readonly model: TransportModel;
  /** Simulated 0 in ms since 1970 UTC. */
  readonly startUtcMs: number;
  /** The random streams of this replication. */
  readonly streams: (name: string) => RandomStream;
}

/**
 * A kind of workload: the keys that a file may give it, what they become, and how that is submitted. A kind without
 * `decode` and `start` is known to the schema, whose `kind` key refuses it by name.
 */
export interface WorkloadKind<S extends z.ZodObject = z.ZodObject, W extends Workload = Workload> {
  /** All keys, the common ones and `kind` included. */
  readonly schema: S;
  decode?(fields: z.output<S>, window: WorkloadWindow, decoding: Decoding): W;
  /** Schedules the workload's messages; each is submitted to the model when its time has come. */
  start?(workload: W, start: WorkloadStart): void;
  /** What it is expected to send; absent where nobody can tell without running it. */
  expect?(workload: W, context: ExpectationContext): readonly ExpectedMail[];
}

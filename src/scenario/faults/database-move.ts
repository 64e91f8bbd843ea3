import type { FaultSpan } from './kind.js';

/**
 * Another copy of a database becomes the active one. From `beginMs` to `endMs` (the move's `outage`) the database is
 * dismounted and the old holder answers "retry"; from then on it is active on `to`, and the old holder answers
 * "active elsewhere".
 */
export interface DatabaseMoveFault extends FaultSpan {
  readonly kind: 'database-move';
  readonly database: string;
  /** A server with a copy. */
  readonly to: string;
}

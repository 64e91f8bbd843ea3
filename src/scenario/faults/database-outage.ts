import type { FaultSpan } from './kind.js';

/** A database does not answer, and no other copy takes over. */
export interface DatabaseOutageFault extends FaultSpan {
  readonly kind: 'database-outage';
  readonly database: string;
}

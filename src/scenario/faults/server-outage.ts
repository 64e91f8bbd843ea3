import type { FaultSpan } from './kind.js';

/** A server is silent to all; its queue database is kept. */
export interface ServerOutageFault extends FaultSpan {
  readonly kind: 'server-outage';
  readonly server: string;
}

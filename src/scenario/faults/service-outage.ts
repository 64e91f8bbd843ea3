import type { FaultSpan } from './kind.js';

export const services = ['front-end', 'transport', 'mailbox-delivery', 'mailbox-submission'] as const;
export type ServiceName = (typeof services)[number];

/** A service of a server is stopped: connections to it are refused. */
export interface ServiceOutageFault extends FaultSpan {
  readonly kind: 'service-outage';
  readonly server: string;
  readonly service: ServiceName;
}

import type { FaultSpan } from './kind.js';

/** A site link is cut. */
export interface SiteLinkOutageFault extends FaultSpan {
  readonly kind: 'site-link-outage';
  readonly link: string;
}

import { nonDeliveries } from '../../routing/index.js';
import type { NdrReason } from './observer.js';

/**
 * The non-delivery reports of the model, with code, text and rule (reference section 9): those that resolution and
 * routing decide, and those that only time and mailboxes do.
 */
export const ndrReasons = {
  ...nonDeliveries,
  mailboxFull: {
    code: '5.2.2',
    text: '554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException',
    rule: 'MD-02',
  },
  expired: { code: '4.4.7', text: '550 4.4.7 QUEUE.Expired; message expired', rule: 'MI-04' },
  outsideGaveUp: {
    code: '4.7.0',
    text: '451 4.7.0 Temporary server error. Please try again later. PRX1; the outside sender gave up',
    rule: 'RT-44',
  },
} as const satisfies Record<string, NdrReason>;

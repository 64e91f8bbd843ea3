import type { NdrReason } from './observer.js';

/**
 * The non-delivery reports of the model, with code, text and rule (reference section 9). The texts are those that
 * Exchange writes, as far as they are documented.
 */
export const ndrReasons = {
  recipientUnknown: {
    code: '5.1.1',
    text: '550 5.1.1 RESOLVER.ADR.RecipNotFound; not found',
    rule: 'RR-08',
  },
  noConnectorForType: {
    code: '5.1.2',
    text: '550 5.1.2 no connector takes this type of address',
    rule: 'CN-04',
  },
  mailboxFull: {
    code: '5.2.2',
    text: '554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException',
    rule: 'MD-02',
  },
  tooLargeForRecipient: {
    code: '5.2.3',
    text: '550 5.2.3 RESOLVER.RST.RecipSizeLimit; message too large for this recipient',
    rule: 'DS',
  },
  tooLargeForRoute: {
    code: '5.3.4',
    text: '550 5.3.4 ROUTING.SizeLimit; message size exceeds fixed maximum size for route',
    rule: 'AS-05',
  },
  tooLargeForConnectors: {
    code: '5.3.4',
    text: '550 5.3.4 ROUTING.SizeLimit; message size exceeds the limit of every connector',
    rule: 'CN-04',
  },
  expired: { code: '4.4.7', text: '550 4.4.7 QUEUE.Expired; message expired', rule: 'MI-04' },
  outsideGaveUp: {
    code: '4.7.0',
    text: '451 4.7.0 Temporary server error. Please try again later. PRX1; the outside sender gave up',
    rule: 'RT-44',
  },
} as const satisfies Record<string, NdrReason>;

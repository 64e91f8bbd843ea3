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
  tooLargeToSend: {
    code: '5.3.4',
    text: '550 5.3.4 RESOLVER.RST.SendSizeLimit.Org; message too large for this organization',
    rule: 'SZ',
  },
  tooLargeToReceive: {
    code: '5.2.3',
    text: '550 5.2.3 RESOLVER.RST.RecvSizeLimit.Org; message too large for this organization',
    rule: 'SZ',
  },
  tooManyRecipients: {
    code: '5.5.3',
    text: '550 5.5.3 RESOLVER.ADR.RecipLimit; too many recipients',
    rule: 'RR-04',
  },
  /** What an outside sender is answered before its message is accepted: its own server makes the report (NDR-01). */
  tooLargeFromOutside: {
    code: '5.3.4',
    text: '552 5.3.4 Message size exceeds fixed maximum message size',
    rule: 'SZ',
  },
  tooManyHops: {
    code: '5.4.6',
    text: '554 5.4.6 Hop count exceeded - possible mail loop',
    rule: 'SZ-03',
  },
  expired: { code: '4.4.7', text: '550 4.4.7 QUEUE.Expired; message expired', rule: 'MI-04' },
  refusedOutside: { code: '5.0.0', text: '550 5.0.0 mail refused', rule: 'NDR-01' },
  tooLargeOutside: {
    code: '5.3.4',
    text: '552 5.3.4 message size exceeds fixed maximum message size',
    rule: 'NDR-01',
  },
  outsideGaveUp: {
    code: '4.7.0',
    text: '451 4.7.0 Temporary server error. Please try again later. PRX1; the outside sender gave up',
    rule: 'RT-44',
  },
} as const satisfies Record<string, NdrReason>;

/** NDR-01: the sending server reports what was refused before acceptance, and names the server that refused it. */
export function namingRemoteServer({ code, text, rule }: NdrReason, remote: string): NdrReason {
  return { code, text: `Remote Server at ${remote} returned '${text}'`, rule };
}

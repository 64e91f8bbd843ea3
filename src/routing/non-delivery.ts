/** A non-delivery that resolution or routing decides: enhanced status code, text, and the rule that leads to it. */
export interface NonDelivery {
  readonly code: string;
  /** As Exchange writes it, as far as that is documented. */
  readonly text: string;
  readonly rule: string;
}

/** Everything that makes resolution and routing return a message (reference section 9). */
export const nonDeliveries = {
  recipientUnknown: {
    code: '5.1.1',
    text: '550 5.1.1 RESOLVER.ADR.RecipNotFound; not found',
    rule: 'RR-08',
  },
  malformedAddress: {
    code: '5.1.3',
    text: '550 5.1.3 RESOLVER.ADR.InvalidSmtp; malformed address',
    rule: 'DS',
  },
  forwardingLoop: {
    code: '5.4.6',
    text: '550 5.4.6 RESOLVER.FWD.Loop; forwarding loop',
    rule: 'RR-06',
  },
  senderNotAccepted: {
    code: '5.7.1',
    text: '550 5.7.1 RESOLVER.RST.NotAuthorized; not authorized',
    rule: 'DS',
  },
  tooLargeForRecipient: {
    code: '5.2.3',
    text: '550 5.2.3 RESOLVER.RST.RecipSizeLimit; message too large for this recipient',
    rule: 'DS',
  },
  noConnectorForType: {
    code: '5.1.2',
    text: '550 5.1.2 no connector takes this type of address',
    rule: 'CN-04',
  },
  tooLargeForConnectors: {
    code: '5.3.4',
    text: '550 5.3.4 ROUTING.SizeLimit; message size exceeds the limit of every connector',
    rule: 'CN-04',
  },
  tooLargeForRoute: {
    code: '5.3.4',
    text: '550 5.3.4 ROUTING.SizeLimit; message size exceeds fixed maximum size for route',
    rule: 'AS-05',
  },
} as const satisfies Record<string, NonDelivery>;

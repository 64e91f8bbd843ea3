import { z } from 'zod';
import type { RemoteAnswer } from '../../sim/model/index.js';
import { choice, domainOrIpAddress } from '../schema/leaves.js';
import { strictObject } from '../schema/objects.js';
import { spanFields } from './fields.js';
import type { FaultKind, FaultSpan } from './kind.js';
import { warnOfOwnDomain } from './own-domain.js';

/** A domain outside, or a smart host of that name or IP address, does not take mail. */
export interface RemoteDomainOutageFault extends FaultSpan {
  readonly kind: 'remote-domain-outage';
  /** As the file spells it. */
  readonly domain: string;
  /** What it says to who connects: nothing, "not now" to each message, "never" to each message. */
  readonly answer: RemoteAnswer;
}

const schema = strictObject({
  kind: z.literal('remote-domain-outage'),
  ...spanFields,
  domain: domainOrIpAddress,
  answer: choice('silent', '4xx', '5xx').default('silent'),
});

export const remoteDomainOutage: FaultKind<typeof schema, RemoteDomainOutageFault> = {
  schema,
  decode({ domain, answer }, span, decoding) {
    warnOfOwnDomain(domain, decoding);
    return { kind: 'remote-domain-outage', ...span, domain, answer };
  },
  effect: ({ domain, answer }, { remoteDomains }) => ({
    subject: domain,
    begin: () => remoteDomains.beginOutage(domain, answer),
    end: () => remoteDomains.endOutage(domain, answer),
  }),
};

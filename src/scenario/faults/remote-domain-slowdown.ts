import { z } from 'zod';
import { domainOrIpAddress, positive } from '../schema/leaves.js';
import { strictObject } from '../schema/objects.js';
import { spanFields } from './fields.js';
import type { FaultKind, FaultSpan } from './kind.js';
import { warnOfOwnDomain } from './own-domain.js';

/** A domain outside, or a smart host of that name or IP address, takes `factor` times as long to connect and to accept. */
export interface RemoteDomainSlowdownFault extends FaultSpan {
  readonly kind: 'remote-domain-slowdown';
  /** As the file spells it. */
  readonly domain: string;
  readonly factor: number;
}

const schema = strictObject({
  kind: z.literal('remote-domain-slowdown'),
  ...spanFields,
  domain: domainOrIpAddress,
  factor: positive(1_000_000),
});

export const remoteDomainSlowdown: FaultKind<typeof schema, RemoteDomainSlowdownFault> = {
  schema,
  decode({ domain, factor }, span, decoding) {
    warnOfOwnDomain(domain, decoding);
    return { kind: 'remote-domain-slowdown', ...span, domain, factor };
  },
  effect: ({ domain, factor }, { remoteDomains }) => ({
    subject: domain,
    begin: () => remoteDomains.beginSlowdown(domain, factor),
    end: () => remoteDomains.endSlowdown(domain, factor),
  }),
};

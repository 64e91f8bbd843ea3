import { choice, domain } from '../schema/leaves.js';
import { comesWith, kindNotYetBuilt, strictObject } from '../schema/objects.js';
import { spanFields } from './fields.js';
import type { FaultKind } from './kind.js';

/** A domain outside does not take mail. Not built yet. */
export const remoteDomainOutage: FaultKind = {
  schema: strictObject({
    kind: kindNotYetBuilt('remote-domain-outage', comesWith.model),
    ...spanFields,
    domain,
    answer: choice('silent', '4xx', '5xx').default('silent'),
  }),
};

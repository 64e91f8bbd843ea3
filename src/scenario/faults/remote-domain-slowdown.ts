import { domain, positive } from '../schema/leaves.js';
import { comesWith, kindNotYetBuilt, strictObject } from '../schema/objects.js';
import { spanFields } from './fields.js';
import type { FaultKind } from './kind.js';

/** A domain outside takes `factor` times as long. Not built yet. */
export const remoteDomainSlowdown: FaultKind = {
  schema: strictObject({
    kind: kindNotYetBuilt('remote-domain-slowdown', comesWith.model),
    ...spanFields,
    domain,
    factor: positive(1_000_000),
  }),
};

import { count, domain, smtpAddress, timePoint } from '../schema/leaves.js';
import { comesWith, kindNotYetBuilt, strictObject } from '../schema/objects.js';
import { commonFields } from './fields.js';
import type { WorkloadKind } from './kind.js';

/** Mail to a remote domain that bounces each NDR back (WHATIF-08). Not built yet. */
export const ndrLoop: WorkloadKind = {
  schema: strictObject({
    kind: kindNotYetBuilt('ndr-loop', comesWith.model),
    ...commonFields,
    at: timePoint,
    sender: smtpAddress,
    messages: count(1, 1_000_000),
    domain,
  }),
};

import { count, name, timePoint } from '../schema/leaves.js';
import { comesWith, kindNotYetBuilt, strictObject } from '../schema/objects.js';
import { commonFields, fromField, sizeField, toField } from './fields.js';
import type { WorkloadKind } from './kind.js';

/** Messages put into a server's Pickup directory (CN-10, CAP-20). Not built yet. */
export const pickup: WorkloadKind = {
  schema: strictObject({
    kind: kindNotYetBuilt('pickup', comesWith.model),
    ...commonFields,
    at: timePoint,
    server: name,
    messages: count(1, 10_000_000),
    perMinute: count(1, 20_000).default(100),
    from: fromField,
    to: toField,
    size: sizeField,
  }),
};

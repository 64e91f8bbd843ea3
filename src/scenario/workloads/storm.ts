import { anyAddress, duration, share, smtpAddress, timePoint } from '../schema/leaves.js';
import { comesWith, kindNotYetBuilt, strictObject } from '../schema/objects.js';
import { commonFields, sizeField } from './fields.js';
import type { WorkloadKind } from './kind.js';

/** One message to many, and those who reply to all (WL-11). Not built yet. */
export const storm: WorkloadKind = {
  schema: strictObject({
    kind: kindNotYetBuilt('storm', comesWith.model),
    ...commonFields,
    at: timePoint,
    sender: smtpAddress,
    to: anyAddress,
    size: sizeField,
    replyAll: strictObject({ share, within: duration() }).optional(),
  }),
};

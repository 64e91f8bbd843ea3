import { bandwidth, duration, name, share } from '../schema/leaves.js';
import { comesWith, kindNotYetBuilt, strictObject } from '../schema/objects.js';
import { spanFields } from './fields.js';
import type { FaultKind } from './kind.js';

/** A site link becomes slower, longer or lossy. Not built yet. */
export const siteLinkSlowdown: FaultKind = {
  schema: strictObject({
    kind: kindNotYetBuilt('site-link-slowdown', comesWith.capacity),
    ...spanFields,
    link: name,
    bandwidth: bandwidth.optional(),
    latency: duration().optional(),
    loss: share.optional(),
  }),
};

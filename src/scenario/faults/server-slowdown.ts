import { name, positive } from '../schema/leaves.js';
import { comesWith, kindNotYetBuilt, strictObject } from '../schema/objects.js';
import { spanFields } from './fields.js';
import type { FaultKind } from './kind.js';

/** A server takes `factor` times as long for everything. Not built yet. */
export const serverSlowdown: FaultKind = {
  schema: strictObject({
    kind: kindNotYetBuilt('server-slowdown', comesWith.model),
    ...spanFields,
    server: name,
    factor: positive(1_000_000),
  }),
};

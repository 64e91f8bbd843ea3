import { name, share } from '../schema/leaves.js';
import { comesWith, kindNotYetBuilt, strictObject } from '../schema/objects.js';
import { spanFields } from './fields.js';
import type { FaultKind } from './kind.js';

/** The queue disk of a server fills up (BP). Not built yet. */
export const diskFull: FaultKind = {
  schema: strictObject({
    kind: kindNotYetBuilt('disk-full', comesWith.protection),
    ...spanFields,
    server: name,
    used: share,
  }),
};

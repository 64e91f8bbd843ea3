import { name } from '../schema/leaves.js';
import { comesWith, kindNotYetBuilt, strictObject } from '../schema/objects.js';
import { spanFields } from './fields.js';
import type { FaultKind } from './kind.js';

/** All servers of a site are silent, and its links are cut. Not built yet. */
export const siteOutage: FaultKind = {
  schema: strictObject({
    kind: kindNotYetBuilt('site-outage', comesWith.model),
    ...spanFields,
    site: name,
  }),
};

import { list, name } from '../schema/leaves.js';
import { comesWith, kindNotYetBuilt, strictObject } from '../schema/objects.js';
import { spanFields } from './fields.js';
import type { FaultKind } from './kind.js';

/** An administrator sends the queues of a server elsewhere (QU-12). Not built yet. */
export const drain: FaultKind = {
  schema: strictObject({
    kind: kindNotYetBuilt('drain', comesWith.model),
    ...spanFields,
    server: name,
    to: list(name, 'servers'),
  }),
};

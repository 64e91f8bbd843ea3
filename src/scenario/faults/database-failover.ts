import { duration, name } from '../schema/leaves.js';
import { comesWith, kindNotYetBuilt, strictObject } from '../schema/objects.js';
import { momentFields } from './fields.js';
import type { FaultKind } from './kind.js';

/** A copy takes over with loss: the mail of a while is asked back from Safety Net (SN-02). Not built yet. */
export const databaseFailover: FaultKind = {
  schema: strictObject({
    kind: kindNotYetBuilt('database-failover', comesWith.protection),
    ...momentFields,
    database: name,
    to: name,
    outage: duration().prefault('30 s'),
    lostWindow: duration().optional(),
  }),
};

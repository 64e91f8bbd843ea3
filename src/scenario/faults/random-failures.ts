import { z } from 'zod';
import { duration, line } from '../schema/leaves.js';
import { comesWith, kindNotYetBuilt, strictObject } from '../schema/objects.js';
import type { FaultKind } from './kind.js';

/** Faults of another kind that strike at random. Not built yet. */
export const randomFailures: FaultKind = {
  schema: strictObject({
    kind: kindNotYetBuilt('random-failures', comesWith.statistics),
    of: z.looseObject({ kind: line }, { error: 'expected a fault without its times' }),
    meanTimeBetween: duration(1),
    meanTimeToRepair: duration(1),
  }),
};

import { z } from 'zod';
import { duration, line, timePoint } from '../schema/leaves.js';
import { comesWith, kindNotYetBuilt, strictObject } from '../schema/objects.js';
import type { FaultKind } from './kind.js';

/** Faults of another kind that strike at random. Not built yet. */
export const randomFailures: FaultKind = {
  schema: strictObject({
    kind: kindNotYetBuilt('random-failures', comesWith.statistics),
    // The common keys; without them it strikes from the start to the end.
    at: timePoint.optional(),
    for: duration(1).optional(),
    of: z.looseObject({ kind: line }, { error: 'expected a fault without its times' }),
    meanTimeBetween: duration(1),
    meanTimeToRepair: duration(1),
  }),
};

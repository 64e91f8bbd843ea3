import { z } from 'zod';
import { line } from '../schema/leaves.js';
import { comesWith, kindNotYetBuilt, strictObject } from '../schema/objects.js';
import { momentFields } from './fields.js';
import type { FaultKind } from './kind.js';

/** The configuration changes; each server sees it after its delays (AS-13). Not built yet. */
export const routingChange: FaultKind = {
  schema: strictObject({
    kind: kindNotYetBuilt('routing-change', comesWith.routing),
    ...momentFields,
    set: z.record(line, z.unknown(), { error: 'expected a mapping of paths to values' }),
  }),
};

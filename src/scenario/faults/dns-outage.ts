import { z } from 'zod';
import { choice, list, name } from '../schema/leaves.js';
import { comesWith, kindNotYetBuilt, strictObject } from '../schema/objects.js';
import { spanFields } from './fields.js';
import type { FaultKind } from './kind.js';

/** Servers cannot look up the hosts of domains outside. Not built yet. */
export const dnsOutage: FaultKind = {
  schema: strictObject({
    kind: kindNotYetBuilt('dns-outage', comesWith.model),
    ...spanFields,
    servers: z
      .union([choice('all'), list(name, 'servers')], { error: 'expected `all` or a list of servers' })
      .default('all'),
  }),
};

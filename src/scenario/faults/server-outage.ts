import { z } from 'zod';
import { findByName } from '../../topology/index.js';
import { choice, name } from '../schema/leaves.js';
import { comesWith, notYetBuilt, strictObject } from '../schema/objects.js';
import { spanFields } from './fields.js';
import type { FaultKind, FaultSpan } from './kind.js';

/** A server is silent to all; its queue database is kept, its databases fail over (`DatabaseFailover`). */
export interface ServerOutageFault extends FaultSpan {
  readonly kind: 'server-outage';
  readonly server: string;
}

const schema = strictObject({
  kind: z.literal('server-outage'),
  ...spanFields,
  server: name,
  queueDatabase: notYetBuilt(
    choice('kept', 'lost'),
    'queueDatabase: lost',
    comesWith.protection,
    (fate) => fate === 'lost',
  ).default('kept'),
});

export const serverOutage: FaultKind<typeof schema, ServerOutageFault> = {
  schema,
  decode({ server: name }, span, decoding) {
    const server = decoding.refer('servers', ['server'], name)?.name ?? name;
    return { kind: 'server-outage', ...span, server };
  },
  effect({ server: name }, model) {
    const server = findByName(model.topology.servers, name);
    return {
      subject: name,
      begin: () => model.beginServerOutage(server),
      end: () => model.endServerOutage(server),
    };
  },
};

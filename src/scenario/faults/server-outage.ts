import { z } from 'zod';
import { findByName } from '../../topology/index.js';
import { choice, name } from '../schema/leaves.js';
import { strictObject } from '../schema/objects.js';
import { spanFields } from './fields.js';
import type { FaultKind, FaultSpan } from './kind.js';

/**
 * A server is silent to all, its databases fail over (`DatabaseFailover`). Its queue database is kept, or gone from the
 * beginning on (`QueueDatabaseLoss`).
 */
export interface ServerOutageFault extends FaultSpan {
  readonly kind: 'server-outage';
  readonly server: string;
  readonly queueDatabase: 'kept' | 'lost';
}

const schema = strictObject({
  kind: z.literal('server-outage'),
  ...spanFields,
  server: name,
  queueDatabase: choice('kept', 'lost').default('kept'),
});

export const serverOutage: FaultKind<typeof schema, ServerOutageFault> = {
  schema,
  decode({ server: name, queueDatabase }, span, decoding) {
    const server = decoding.refer('servers', ['server'], name)?.name ?? name;
    return { kind: 'server-outage', ...span, server, queueDatabase };
  },
  effect({ server: name, queueDatabase }, model) {
    const server = findByName(model.topology.servers, name);
    return {
      subject: name,
      begin: () => {
        model.beginServerOutage(server);
        if (queueDatabase === 'lost') model.loseQueueDatabase(server);
      },
      end: () => model.endServerOutage(server),
    };
  },
};

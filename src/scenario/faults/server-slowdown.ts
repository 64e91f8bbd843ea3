import { z } from 'zod';
import { findByName } from '../../topology/index.js';
import { name, positive } from '../schema/leaves.js';
import { strictObject } from '../schema/objects.js';
import { spanFields } from './fields.js';
import type { FaultKind, FaultSpan } from './kind.js';

/**
 * A server takes `factor` times as long for everything of its own: service times, waits for its disk and its shadow
 * copies, processor work. Below 1 it is faster.
 */
export interface ServerSlowdownFault extends FaultSpan {
  readonly kind: 'server-slowdown';
  readonly server: string;
  readonly factor: number;
}

const schema = strictObject({
  kind: z.literal('server-slowdown'),
  ...spanFields,
  server: name,
  factor: positive(1_000_000),
});

export const serverSlowdown: FaultKind<typeof schema, ServerSlowdownFault> = {
  schema,
  decode: ({ server, factor }, span, decoding) => ({
    kind: 'server-slowdown',
    ...span,
    server: decoding.refer('servers', ['server'], server)?.name ?? server,
    factor,
  }),
  effect({ server: name, factor }, { topology, slowdowns }) {
    const server = findByName(topology.servers, name);
    return {
      subject: name,
      begin: () => slowdowns.begin(server, factor),
      end: () => slowdowns.end(server, factor),
    };
  },
};

import { z } from 'zod';
import { compareNames, findByName } from '../../topology/index.js';
import { line, name } from '../schema/leaves.js';
import { strictObject } from '../schema/objects.js';
import { momentFields } from './fields.js';
import type { FaultKind, FaultSpan } from './kind.js';

/** An administrator has a queue's messages categorized anew; it takes no time (`endMs` is `beginMs`). */
export interface QueueResubmissionFault extends FaultSpan {
  readonly kind: 'queue-resubmission';
  readonly server: string;
  /** The mailbox delivery queue of a database, or the queue with that NextHopDomain. */
  readonly queue: { readonly kind: 'database' | 'next-hop-domain'; readonly name: string };
}

const schema = strictObject({
  kind: z.literal('queue-resubmission'),
  ...momentFields,
  server: name,
  database: name.optional(),
  nextHopDomain: line.optional(),
});

export const queueResubmission: FaultKind<typeof schema, QueueResubmissionFault> = {
  schema,
  decode(fields, { beginMs }, decoding) {
    const given = decoding.exactlyOne(fields, 'database', 'nextHopDomain');
    const { server, database = '', nextHopDomain = '' } = fields;
    return {
      kind: 'queue-resubmission',
      beginMs,
      endMs: beginMs,
      server: decoding.refer('servers', ['server'], server)?.name ?? server,
      queue:
        given === 'database'
          ? { kind: 'database', name: decoding.refer('databases', ['database'], database)?.name ?? database }
          : { kind: 'next-hop-domain', name: nextHopDomain },
    };
  },
  effect({ kind, server: name, queue }, model) {
    const server = findByName(model.topology.servers, name);
    const subject = `${name} ${queue.name}`;
    return {
      subject,
      begin: () => {
        const queues = model.resubmitQueues(
          server,
          ({ deliveryType, nextHopDomain }) =>
            compareNames(nextHopDomain, queue.name) === 0 &&
            (queue.kind !== 'database' || deliveryType === 'SmtpDeliveryToMailbox'),
        );
        if (queues > 0) model.reportFault(kind, subject, 'effect');
      },
    };
  },
};

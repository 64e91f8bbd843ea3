import { z } from 'zod';
import { findByName } from '../../topology/index.js';
import { duration, name } from '../schema/leaves.js';
import { strictObject } from '../schema/objects.js';
import { databaseAndHolder } from './database-move.js';
import { momentFields } from './fields.js';
import type { FaultKind, FaultSpan } from './kind.js';

/**
 * As `DatabaseMoveFault`, but the copy that takes over has nothing of what was written to the database in the last
 * `lostWindowMs` before `beginMs`, or since: that is asked back from Safety Net (SN-02). What Safety Net does not have any
 * more is lost. The activation of a lagged copy, or of a backup on the same server, is the same with a long window.
 */
export interface DatabaseFailoverFault extends FaultSpan {
  readonly kind: 'database-failover';
  readonly database: string;
  /** A server with a copy. */
  readonly to: string;
  readonly lostWindowMs: number;
}

const schema = strictObject({
  kind: z.literal('database-failover'),
  ...momentFields,
  database: name,
  to: name,
  outage: duration().prefault('30 s'),
  lostWindow: duration(1),
});

export const databaseFailover: FaultKind<typeof schema, DatabaseFailoverFault> = {
  schema,
  decode: (fields, { beginMs }, decoding) => ({
    kind: 'database-failover',
    beginMs,
    endMs: beginMs + fields.outage,
    ...databaseAndHolder(fields, decoding),
    lostWindowMs: fields.lostWindow,
  }),
  effect({ kind, database: name, to, lostWindowMs, beginMs, endMs }, model) {
    const database = findByName(model.topology.databases, name);
    const server = findByName(model.topology.servers, to);
    let move = 0;
    // What is being written when the copy is dismounted is written, and lost, too.
    model.safetyNet.expectLoss(database, lostWindowMs + endMs - beginMs);
    return {
      subject: name,
      begin: () => {
        move = model.dismountDatabase(database);
      },
      end: () => {
        if (!model.activateDatabase(database, server, move)) return;
        model.reportFault(kind, name, 'effect');
        model.loseMailboxes(database, beginMs - lostWindowMs);
      },
    };
  },
};

import { z } from 'zod';
import { findByName, hintAt, normalizeName } from '../../topology/index.js';
import type { Decoding } from '../decoding.js';
import { duration, name } from '../schema/leaves.js';
import { strictObject } from '../schema/objects.js';
import { momentFields } from './fields.js';
import type { FaultKind, FaultSpan } from './kind.js';

/**
 * Another copy of a database becomes the active one. From `beginMs` to `endMs` (the move's `outage`) the database is
 * dismounted and the old holder answers "retry"; from then on it is active on `to`, and the old holder answers
 * "active elsewhere".
 */
export interface DatabaseMoveFault extends FaultSpan {
  readonly kind: 'database-move';
  readonly database: string;
  /** A server with a copy. */
  readonly to: string;
}

const schema = strictObject({
  kind: z.literal('database-move'),
  ...momentFields,
  database: name,
  to: name,
  outage: duration().prefault('30 s'),
});

export const databaseMove: FaultKind<typeof schema, DatabaseMoveFault> = {
  schema,
  decode: (fields, { beginMs }, decoding) => ({
    kind: 'database-move',
    beginMs,
    endMs: beginMs + fields.outage,
    ...databaseAndHolder(fields, decoding),
  }),
  effect({ kind, database: name, to }, model) {
    const database = findByName(model.topology.databases, name);
    const server = findByName(model.topology.servers, to);
    let move = 0;
    return {
      subject: name,
      begin: () => {
        move = model.dismountDatabase(database);
      },
      end: () => {
        if (model.activateDatabase(database, server, move)) model.reportFault(kind, name, 'effect');
      },
    };
  },
};

/** A database and the holder of a copy of it that takes over, as the organization spells them; reports a server without one. */
export function databaseAndHolder(
  fields: { readonly database: string; readonly to: string },
  decoding: Decoding,
): { readonly database: string; readonly to: string } {
  const database = decoding.refer('databases', ['database'], fields.database);
  const server = decoding.refer('servers', ['to'], fields.to);
  if (database !== undefined && server !== undefined) {
    const holders = database.copies.map(normalizeName);
    if (!holders.includes(normalizeName(server.name))) {
      decoding.problem(
        ['to'],
        `server ${JSON.stringify(server.name)} has no copy of ${JSON.stringify(database.name)}`,
        hintAt(server.name, database.copies),
      );
    }
  }
  return { database: database?.name ?? fields.database, to: server?.name ?? fields.to };
}

import { z } from 'zod';
import { findByName } from '../../topology/index.js';
import { name } from '../schema/leaves.js';
import { strictObject } from '../schema/objects.js';
import { spanFields } from './fields.js';
import type { FaultKind, FaultSpan } from './kind.js';

/** A database does not answer, and no other copy takes over. */
export interface DatabaseOutageFault extends FaultSpan {
  readonly kind: 'database-outage';
  readonly database: string;
}

const schema = strictObject({ kind: z.literal('database-outage'), ...spanFields, database: name });

export const databaseOutage: FaultKind<typeof schema, DatabaseOutageFault> = {
  schema,
  decode: ({ database }, span, decoding) => ({
    kind: 'database-outage',
    ...span,
    database: decoding.refer('databases', ['database'], database)?.name ?? database,
  }),
  effect({ database: name }, model) {
    const database = findByName(model.topology.databases, name);
    return {
      subject: name,
      begin: () => model.beginDatabaseOutage(database),
      end: () => model.endDatabaseOutage(database),
    };
  },
};

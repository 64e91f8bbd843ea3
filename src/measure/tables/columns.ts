import { stages } from '../../sim/model/index.js';

/** The CSV files of a result, with their columns in order (design section 8). */
export const tableColumns = {
  timeline: [
    'replication',
    'timeMs',
    'submitted',
    'delivered',
    'returned',
    'inFlight',
    'queued',
    'redirects',
    'retries',
    'fallbacks',
    'backoffs',
  ],
  queues: [
    'replication',
    'timeMs',
    'server',
    'deliveryType',
    'nextHopDomain',
    'length',
    'oldestMs',
    'status',
    'velocity',
  ],
  redirects: [
    'replication',
    'timeMs',
    'message',
    'recipient',
    'server',
    'database',
    'believedServer',
    'activeServer',
    'cause',
  ],
  ndrs: ['replication', 'timeMs', 'message', 'recipient', 'server', 'code', 'text', 'rule'],
  backoffs: [
    'replication',
    'timeMs',
    'message',
    'server',
    'nextHopDomain',
    'tier',
    'reason',
    'site',
    'acceptedBy',
  ],
  retries: [
    'replication',
    'timeMs',
    'server',
    'deliveryType',
    'nextHopDomain',
    'attempt',
    'stage',
    'outcome',
    'durationMs',
    'queueLength',
  ],
  faults: ['replication', 'timeMs', 'kind', 'subject', 'phase'],
  links: ['replication', 'timeMs', 'link', 'bytes', 'utilization'],
  latency: ['replication', 'timeMs', 'delivered', 'meanMs', 'p50Ms', 'p95Ms', 'maxMs'],
  messages: [
    'replication',
    'message',
    'recipient',
    'submittedMs',
    'end',
    'endMs',
    'server',
    'hops',
    ...stages.map((stage) => `${stage}Ms` as const),
  ],
} as const satisfies Record<string, readonly string[]>;

/** A CSV table of a result, without the ending. */
export type TableName = keyof typeof tableColumns;
/** The CSV tables of a result, without their ending. */
export const tableNames = Object.keys(tableColumns) as readonly TableName[];

/** An empty cell is ''. */
export type Cell = string | number;

/** Takes a row of one table, as long as the table's columns; the array is not used again by who gives it. */
export type RowSink = (table: TableName, row: readonly Cell[]) => void;

import type { ModelView, TransportObserver } from '../../sim/model/index.js';
import { printedMs } from '../printed-numbers.js';
import type { RowSink } from './columns.js';

/** A message that a later tier accepted, by topology indexes. */
interface LaterTier {
  readonly replication: number;
  readonly atMs: number;
  readonly message: number;
  readonly server: number;
  readonly nextHopDomain: string;
  /** From 1. */
  readonly tier: number;
  readonly reason: Parameters<TransportObserver['fallenBack']>[5];
  readonly site: number;
  readonly acceptedBy: number;
}

/** Writes a row of `backoffs.csv`, which fallbacks and back-offs share. */
export function emitBackoffRow(
  emit: RowSink,
  { servers, sites }: ModelView['topology'],
  row: LaterTier,
): void {
  emit('backoffs', [
    row.replication,
    printedMs(row.atMs),
    row.message,
    servers[row.server]?.name ?? '',
    row.nextHopDomain,
    row.tier,
    row.reason,
    sites[row.site]?.name ?? '',
    servers[row.acceptedBy]?.name ?? '',
  ]);
}

import type { EndKind } from '../../sim/model/index.js';
import type { MetricSummaries } from '../metric-summaries.js';
import type { MetricKind } from './kind.js';

const keys = [
  'submitted',
  'expanded',
  'generated',
  'delivered',
  'returned',
  'expired',
  'lost',
  'pending',
  'duplicates',
] as const;
export type RecipientsPart = { readonly [K in (typeof keys)[number]]: number };

/**
 * Recipients' rows: those that began (`submitted` by workloads, `generated` with notifications, `expanded` net) and
 * those that ended, or are `pending`, which are counted in the model when the run is over, not reckoned.
 */
export const recipients: MetricKind<RecipientsPart, MetricSummaries['recipients']> = {
  open({ view }) {
    let submitted = 0;
    let generated = 0;
    let expanded = 0;
    let duplicates = 0;
    let delivered = 0;
    const ended: Record<Exclude<EndKind, 'delivered'>, number> = { returned: 0, expired: 0, lost: 0 };
    return {
      facts: {
        submitted(_atMs, message, count) {
          if (message.kind === 'mail') submitted += count;
          else generated += count;
        },
        expanded(_atMs, _message, net) {
          expanded += net;
        },
        duplicated(_atMs, _message, _recipient, isDropped) {
          if (!isDropped) duplicates++;
        },
        ended(_atMs, end) {
          if (end === 'delivered') delivered++;
          else ended[end]++;
        },
      },
      close() {
        let pending = 0;
        view().forEachPending(() => {
          pending++;
        });
        return { submitted, expanded, generated, delivered, ...ended, pending, duplicates };
      },
    };
  },
  merge: (parts) =>
    Object.fromEntries(
      keys.map((key) => [key, parts.reduce((sum, part) => sum + part[key], 0)]),
    ) as RecipientsPart,
  summarize: (merged) => merged,
};

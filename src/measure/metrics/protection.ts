import type { MetricSummaries } from '../metric-summaries.js';
import type { MetricKind } from './kind.js';

const keys = ['shadowed', 'unshadowed', 'refused', 'discarded', 'promoted', 'duplicatesDropped'] as const;
type ProtectionPart = MetricSummaries['protection'];

/**
 * How well mail was protected: messages acknowledged with a shadow copy and without one, or refused for want of one (SH-02,
 * SH-03), what became of the shadows (SH-04, SH-05), and deliveries that the store of a mailbox dropped because it had them
 * (CAP-54).
 */
export const protection: MetricKind<ProtectionPart, ProtectionPart> = {
  open() {
    let shadowed = 0;
    let unshadowed = 0;
    let refused = 0;
    let discarded = 0;
    let promoted = 0;
    let duplicatesDropped = 0;
    return {
      facts: {
        shadowed(_atMs, _server, hasShadow, _message, isPromoted) {
          if (isPromoted) return;
          if (hasShadow) shadowed++;
          else unshadowed++;
        },
        refusedUnshadowed() {
          refused++;
        },
        shadowEnded(_atMs, _server, isPromoted) {
          if (isPromoted) promoted++;
          else discarded++;
        },
        duplicated(_atMs, _message, _recipient, isDropped) {
          if (isDropped) duplicatesDropped++;
        },
      },
      close: () => ({ shadowed, unshadowed, refused, discarded, promoted, duplicatesDropped }),
    };
  },
  merge: (parts) =>
    Object.fromEntries(keys.map((key) => [key, parts.reduce((sum, part) => sum + part[key], 0)])) as {
      [K in (typeof keys)[number]]: number;
    },
  summarize: (merged) => merged,
};

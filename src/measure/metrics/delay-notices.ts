import type { MetricKind } from './kind.js';

/** Notices of a delay that were sent (MI-04). */
export const delayNotices: MetricKind<number, number> = {
  open() {
    let count = 0;
    return {
      facts: {
        delayNotice() {
          count++;
        },
      },
      close: () => count,
    };
  },
  merge: (parts) => parts.reduce((sum, part) => sum + part, 0),
  summarize: (count) => count,
};

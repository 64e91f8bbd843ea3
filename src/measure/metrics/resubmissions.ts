import type { MetricSummaries } from '../results.js';
import type { MetricKind } from './kind.js';

export interface ResubmissionsPart {
  readonly idle: number;
  readonly administrator: number;
}

/**
 * Messages that went back to the Submission queue because their queue delivered nothing for long (MI-03). Those that an
 * administrator sent back are kept apart, and not in the summary; shadow redundancy and Safety Net come later.
 */
export const resubmissions: MetricKind<ResubmissionsPart, MetricSummaries['resubmissions']> = {
  open() {
    const messages = { idle: 0, administrator: 0 };
    return {
      facts: {
        resubmitted(_atMs, _queue, cause, count) {
          messages[cause] += count;
        },
      },
      close: () => messages,
    };
  },
  merge: (parts) => ({
    idle: parts.reduce((sum, part) => sum + part.idle, 0),
    administrator: parts.reduce((sum, part) => sum + part.administrator, 0),
  }),
  summarize: ({ idle }) => ({ idle, shadow: 0, safetyNet: 0 }),
};

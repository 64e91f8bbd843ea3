import type { ResubmissionCause } from '../../sim/model/index.js';
import type { MetricSummaries } from '../metric-summaries.js';
import type { MetricKind } from './kind.js';

export interface ResubmissionsPart {
  readonly idle: number;
  readonly administrator: number;
  /** Absent: none; so of the next two. */
  readonly 'routing-change'?: number;
  readonly shadow?: number;
  readonly 'safety-net'?: number;
}

/**
 * Messages that went back to the Submission queue because their queue delivered nothing for long (MI-03). Those that an
 * administrator sent back or a routing change are kept apart, and not in the summary. And those that shadow queues and
 * Safety Net have sent again (SH-05, SN-02).
 */
export const resubmissions: MetricKind<ResubmissionsPart, MetricSummaries['resubmissions']> = {
  open() {
    const messages: { -readonly [K in ResubmissionCause]?: number } & {
      idle: number;
      administrator: number;
    } = {
      idle: 0,
      administrator: 0,
    };
    return {
      facts: {
        resubmitted(_atMs, _queue, cause, count) {
          messages[cause] = (messages[cause] ?? 0) + count;
        },
      },
      close: () => messages,
    };
  },
  merge: (parts) => ({
    idle: parts.reduce((sum, part) => sum + part.idle, 0),
    administrator: parts.reduce((sum, part) => sum + part.administrator, 0),
    'routing-change': parts.reduce((sum, part) => sum + (part['routing-change'] ?? 0), 0),
    shadow: parts.reduce((sum, part) => sum + (part.shadow ?? 0), 0),
    'safety-net': parts.reduce((sum, part) => sum + (part['safety-net'] ?? 0), 0),
  }),
  summarize: (merged) => ({
    idle: merged.idle,
    shadow: merged.shadow ?? 0,
    safetyNet: merged['safety-net'] ?? 0,
  }),
};

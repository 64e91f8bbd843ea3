import type { MetricKind } from './kind.js';

export interface MessagesPart {
  readonly submitted: number;
  readonly categorized: number;
  readonly relayed: number;
}

/**
 * Messages of workloads that were submitted; how often a message left a categorizer, and how often one Transport
 * service took one from another, notifications included.
 */
export const messages: MetricKind<MessagesPart, MessagesPart> = {
  open() {
    let submitted = 0;
    let categorized = 0;
    let relayed = 0;
    return {
      facts: {
        submitted(_atMs, message) {
          if (message.kind === 'mail') submitted++;
        },
        categorized() {
          categorized++;
        },
        relayed() {
          relayed++;
        },
      },
      close: () => ({ submitted, categorized, relayed }),
    };
  },
  merge: (parts) => ({
    submitted: parts.reduce((sum, part) => sum + part.submitted, 0),
    categorized: parts.reduce((sum, part) => sum + part.categorized, 0),
    relayed: parts.reduce((sum, part) => sum + part.relayed, 0),
  }),
  summarize: ({ submitted, categorized, relayed }) => ({ submitted, categorized, relayed }),
};

import type { RetryStage } from './observer.js';
import type { Settings } from './settings.js';

/**
 * The stage of a remote queue's `attempt`-th retry, counted from 1: glitch retries, then transient retries, then the
 * outbound interval until success or expiry. A count of 0 skips its stage. Rule: MI-01.
 */
export function retryStage(attempt: number, { transport }: Settings): RetryStage {
  if (attempt <= transport.queueGlitchRetryCount) return 'glitch';
  if (attempt <= transport.queueGlitchRetryCount + transport.transientFailureRetryCount) return 'transient';
  return 'interval';
}

/** Time from the end of a failed attempt to the retry of a stage (MI-01; mailbox queues: CAP-65). */
export function retryIntervalMs(stage: RetryStage, { transport }: Settings): number {
  switch (stage) {
    case 'glitch':
      return transport.queueGlitchRetryInterval;
    case 'transient':
      return transport.transientFailureRetryInterval;
    case 'interval':
      return transport.outboundConnectionFailureRetryInterval;
    case 'mailbox':
      return transport.mailboxDeliveryQueueRetryInterval;
    case 'message':
      return transport.messageRetryInterval;
  }
}

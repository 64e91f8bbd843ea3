import type { TransportObserver } from '../../src/sim/model/index.js';

const nothing = () => {};

/** Keeps nothing: for long runs, and to be spread into an observer of a few facts. */
export const silent: TransportObserver = {
  submitted: nothing,
  expanded: nothing,
  ended: nothing,
  duplicated: nothing,
  lost: nothing,
  shadowed: nothing,
  shadowEnded: nothing,
  categorized: nothing,
  relayed: nothing,
  delayNotice: nothing,
  redirected: nothing,
  fallenBack: nothing,
  attempted: nothing,
  resubmitted: nothing,
  queueDatabaseBytes: nothing,
  leftQueue: nothing,
  leftSubmissionQueue: nothing,
  queueLength: nothing,
  queueStatus: nothing,
  submissionQueueLength: nothing,
  shadowQueueLength: nothing,
  linkUsed: nothing,
  fault: nothing,
  refused: nothing,
  refusedUnshadowed: nothing,
  tarpitted: nothing,
  pressure: nothing,
};

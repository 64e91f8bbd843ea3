import type { TransportObserver } from '../sim/model/index.js';

type FactName = keyof TransportObserver;
type Fact<F extends FactName> = NonNullable<TransportObserver[F]>;
type Handlers = { readonly [F in FactName]-?: readonly Fact<F>[] };

/**
 * One observer that tells many: each fact to those that want it, in their order. Plain calls of functions that are
 * found once; nothing is looked up or allocated for a fact, and a fact that one alone wants goes straight there.
 */
export function dispatchFacts(listeners: readonly Partial<TransportObserver>[]): Required<TransportObserver> {
  const handlersOf = <F extends FactName>(name: F): readonly Fact<F>[] =>
    listeners.flatMap((listener) => (listener[name] === undefined ? [] : [listener[name] as Fact<F>]));
  const handlers: Handlers = {
    submitted: handlersOf('submitted'),
    expanded: handlersOf('expanded'),
    duplicated: handlersOf('duplicated'),
    lost: handlersOf('lost'),
    shadowed: handlersOf('shadowed'),
    refusedUnshadowed: handlersOf('refusedUnshadowed'),
    shadowEnded: handlersOf('shadowEnded'),
    ended: handlersOf('ended'),
    categorized: handlersOf('categorized'),
    relayed: handlersOf('relayed'),
    delayNotice: handlersOf('delayNotice'),
    redirected: handlersOf('redirected'),
    fallenBack: handlersOf('fallenBack'),
    attempted: handlersOf('attempted'),
    resubmitted: handlersOf('resubmitted'),
    queueLength: handlersOf('queueLength'),
    queueStatus: handlersOf('queueStatus'),
    shadowQueueLength: handlersOf('shadowQueueLength'),
    submissionQueueLength: handlersOf('submissionQueueLength'),
    linkUsed: handlersOf('linkUsed'),
    fault: handlersOf('fault'),
    leftQueue: handlersOf('leftQueue'),
    leftSubmissionQueue: handlersOf('leftSubmissionQueue'),
    refused: handlersOf('refused'),
    tarpitted: handlersOf('tarpitted'),
    pressure: handlersOf('pressure'),
    queueDatabaseBytes: handlersOf('queueDatabaseBytes'),
  };
  return {
    submitted: of(handlers.submitted, (atMs, message, recipients) => {
      for (const handle of handlers.submitted) handle(atMs, message, recipients);
    }),
    expanded: of(handlers.expanded, (atMs, message, net) => {
      for (const handle of handlers.expanded) handle(atMs, message, net);
    }),
    duplicated: of(handlers.duplicated, (atMs, message, recipient, isDropped) => {
      for (const handle of handlers.duplicated) handle(atMs, message, recipient, isDropped);
    }),
    lost: of(handlers.lost, (atMs, message, recipient, cause) => {
      for (const handle of handlers.lost) handle(atMs, message, recipient, cause);
    }),
    shadowed: of(handlers.shadowed, (atMs, server, hasShadow, message, isPromoted) => {
      for (const handle of handlers.shadowed) handle(atMs, server, hasShadow, message, isPromoted);
    }),
    refusedUnshadowed: of(handlers.refusedUnshadowed, (atMs, server) => {
      for (const handle of handlers.refusedUnshadowed) handle(atMs, server);
    }),
    shadowEnded: of(handlers.shadowEnded, (atMs, server, isPromoted) => {
      for (const handle of handlers.shadowEnded) handle(atMs, server, isPromoted);
    }),
    ended: of(handlers.ended, (atMs, end, message, recipient, server, hops, stageMs, offset, reason) => {
      for (const handle of handlers.ended) {
        handle(atMs, end, message, recipient, server, hops, stageMs, offset, reason);
      }
    }),
    categorized: of(handlers.categorized, (atMs, server) => {
      for (const handle of handlers.categorized) handle(atMs, server);
    }),
    relayed: of(handlers.relayed, (atMs, from, to) => {
      for (const handle of handlers.relayed) handle(atMs, from, to);
    }),
    delayNotice: of(handlers.delayNotice, (atMs, message, server) => {
      for (const handle of handlers.delayNotice) handle(atMs, message, server);
    }),
    redirected: of(
      handlers.redirected,
      (atMs, message, recipient, server, database, believedServer, activeServer, cause) => {
        for (const handle of handlers.redirected) {
          handle(atMs, message, recipient, server, database, believedServer, activeServer, cause);
        }
      },
    ),
    fallenBack: of(
      handlers.fallenBack,
      (atMs, message, server, nextHopDomain, tier, reason, site, acceptedBy) => {
        for (const handle of handlers.fallenBack) {
          handle(atMs, message, server, nextHopDomain, tier, reason, site, acceptedBy);
        }
      },
    ),
    attempted: of(handlers.attempted, (startMs, queue, attempt, stage, outcome, durationMs, queueLength) => {
      for (const handle of handlers.attempted) {
        handle(startMs, queue, attempt, stage, outcome, durationMs, queueLength);
      }
    }),
    resubmitted: of(handlers.resubmitted, (atMs, queue, cause, messages) => {
      for (const handle of handlers.resubmitted) handle(atMs, queue, cause, messages);
    }),
    queueLength: of(handlers.queueLength, (atMs, queue, length) => {
      for (const handle of handlers.queueLength) handle(atMs, queue, length);
    }),
    queueStatus: of(handlers.queueStatus, (atMs, queue, status) => {
      for (const handle of handlers.queueStatus) handle(atMs, queue, status);
    }),
    shadowQueueLength: of(handlers.shadowQueueLength, (atMs, queue, length) => {
      for (const handle of handlers.shadowQueueLength) handle(atMs, queue, length);
    }),
    submissionQueueLength: of(handlers.submissionQueueLength, (atMs, server, length) => {
      for (const handle of handlers.submissionQueueLength) handle(atMs, server, length);
    }),
    linkUsed: of(handlers.linkUsed, (atMs, link, bytes) => {
      for (const handle of handlers.linkUsed) handle(atMs, link, bytes);
    }),
    fault: of(handlers.fault, (atMs, kind, subject, phase) => {
      for (const handle of handlers.fault) handle(atMs, kind, subject, phase);
    }),
    leftQueue: of(handlers.leftQueue, (atMs, queue, enteredMs, submittedMs) => {
      for (const handle of handlers.leftQueue) handle(atMs, queue, enteredMs, submittedMs);
    }),
    leftSubmissionQueue: of(handlers.leftSubmissionQueue, (atMs, server, enteredMs, submittedMs) => {
      for (const handle of handlers.leftSubmissionQueue) handle(atMs, server, enteredMs, submittedMs);
    }),
    refused: of(handlers.refused, (atMs, server) => {
      for (const handle of handlers.refused) handle(atMs, server);
    }),
    tarpitted: of(handlers.tarpitted, (atMs, server, waitMs) => {
      for (const handle of handlers.tarpitted) handle(atMs, server, waitMs);
    }),
    pressure: of(handlers.pressure, (atMs, server, resource, level) => {
      for (const handle of handlers.pressure) handle(atMs, server, resource, level);
    }),
    queueDatabaseBytes: of(handlers.queueDatabaseBytes, (atMs, server, bytes) => {
      for (const handle of handlers.queueDatabaseBytes) handle(atMs, server, bytes);
    }),
  };
}

/** Who is told of a fact: the only one there is, or `all`. */
function of<F>(handlers: readonly F[], all: F): F {
  return handlers.length === 1 ? handlers[0]! : all;
}

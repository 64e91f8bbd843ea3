import type { ReplicationResult } from '../../src/measure/index.js';
import { ScriptedRun } from './scripted-run.js';

export const noMailbox = { code: '5.1.1', text: 'RecipientNotFound', rule: 'NDR-01' } as const;
export const tooOld = { code: '4.4.7', text: 'QueueExpired', rule: 'MI-05' } as const;

/**
 * Two minutes in which every kind of fact happens, told by hand. Worked out for `replication` 1; each further one has
 * the same facts, but every delivery takes a second longer.
 */
export function busyRun(replication: number, script = new ScriptedRun({ replication })): ReplicationResult {
  const { observer } = script.metrics;
  const extraMs = (replication - 1) * 1_000;
  const toDag = script.addQueue(0, 'SmtpRelayToDag', 'DAG1');
  const toDatabase = script.addQueue(2, 'SmtpDeliveryToMailbox', 'DB1');

  observer.fault(0, 'site-link-outage', 'Berlin-Frankfurt', 'begin');
  // Message 1 to two mailboxes and a group of three, message 2 to nobody anyone knows.
  script.submit(1_000, 1, [10, 11, 12]);
  script.submit(2_000, 2, [13]);
  script.expand(2_500, 1, 12, [14, 15, 16]);
  observer.submissionQueueLength(2_000, 0, 2);
  observer.categorized(3_000, 0);
  script.workProcessor(0, 4_000);
  observer.submissionQueueLength(3_000, 0, 0);
  script.end(3_000, 'returned', 2, 13, {}, noMailbox);
  // The notification of message 2 is message 3.
  script.submit(3_000, 3, [20], 'ndr');

  script.setLength(3_000, toDag, 1, 2_000);
  observer.attempted(4_000, toDag, 0, 'glitch', 'failed', 21_000, 1);
  script.setStatus(25_000, toDag, 'Retry');
  script.sample(60_000);
  observer.attempted(59_500, toDag, 1, 'glitch', 'connected', 1_000, 1);
  script.setStatus(60_500, toDag, 'Active');
  observer.fallenBack(61_000, script.facts(1), 0, 'DAG1', 2, 'other-group-servers', 1, 2);
  observer.fallenBack(61_000, script.facts(1), 0, 'DAG1', 3, 'backoff', 0, 1);
  observer.relayed(61_000, 0, 2);
  observer.linkUsed(61_000, 0, 5_000);
  observer.leftQueue(61_000, toDag, 3_000, 1_000);
  script.setLength(61_000, toDag, 0);
  script.setLength(61_000, toDatabase, 1, 60_000);
  observer.redirected(62_000, script.facts(1), 10, 2, 0, 2, 0, 'active-elsewhere');
  observer.resubmitted(62_000, toDatabase, 'idle', 1);
  observer.delayNotice(62_000, script.facts(1), 2);
  script.setLength(62_000, toDatabase, 0);
  script.end(71_000 + extraMs, 'delivered', 1, 10, { retryWait: 36_000, mailboxDelivery: 100 }, null, 2);
  script.end(81_000 + extraMs, 'delivered', 1, 11, { retryWait: 36_000, mailboxDelivery: 100 }, null, 2);
  script.end(81_000 + extraMs, 'expired', 1, 14, {}, tooOld);
  observer.lost(91_000 + extraMs, script.facts(1), 15, 'queue-database-lost');
  script.end(91_000 + extraMs, 'lost', 1, 15, {});
  script.end(91_000 + extraMs, 'delivered', 3, 20, {}, null, 2);
  // Recipient 16 of message 1 stays pending.
  observer.fault(100_000, 'site-link-outage', 'Berlin-Frankfurt', 'end');
  script.sample(120_000);
  return script.close(120_000);
}

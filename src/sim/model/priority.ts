import type { Settings } from './settings.js';

/** What a sender may ask for (PQ), the least first. */
export const priorities = ['low', 'normal', 'high'] as const;
export type Priority = (typeof priorities)[number];

/** The priorities by number, for columns. */
export const priorityIndex = { low: 0, normal: 1, high: 2 } as const satisfies Record<Priority, number>;

/** What messages of one priority have of their own where `priorityQueuingEnabled` is on (PQ). */
export interface PriorityClass {
  readonly delayNotificationTimeout: number;
  readonly messageExpirationTimeout: number;
  /** Of a queue to other servers or domains. */
  readonly connections: number;
}

/** The classes by `priorityIndex`: they take the place of what Transport has for all mail (PQ, CAP-55). */
export function priorityClasses({ transport }: Settings): readonly PriorityClass[] {
  return [
    {
      delayNotificationTimeout: transport.lowPriorityDelayNotificationTimeout,
      messageExpirationTimeout: transport.lowPriorityMessageExpirationTimeout,
      connections: transport.maxPerDomainLowPriorityConnections,
    },
    {
      delayNotificationTimeout: transport.normalPriorityDelayNotificationTimeout,
      messageExpirationTimeout: transport.normalPriorityMessageExpirationTimeout,
      connections: transport.maxPerDomainNormalPriorityConnections,
    },
    {
      delayNotificationTimeout: transport.highPriorityDelayNotificationTimeout,
      messageExpirationTimeout: transport.highPriorityMessageExpirationTimeout,
      connections: transport.maxPerDomainHighPriorityConnections,
    },
  ];
}

/** The shortest of their times: how often a queue must be looked over follows from it. */
export function shortestPriorityTimeMs(classes: readonly PriorityClass[]): number {
  return Math.min(
    ...classes.map((each) => Math.min(each.delayNotificationTimeout, each.messageExpirationTimeout)),
  );
}

/** So many messages of normal priority go to a mailbox database for one of low (MD-05, CAP-23). */
export const normalsForOneLow = 20;

/** What a sender may ask for (PQ), the least first. */
export const priorities = ['low', 'normal', 'high'] as const;
export type Priority = (typeof priorities)[number];

/** The priorities by number, for columns. */
export const priorityIndex = { low: 0, normal: 1, high: 2 } as const satisfies Record<Priority, number>;

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** What each priority has of its own where `priorityQueuingEnabled` is on, by number (PQ). */
export const priorityClasses = [
  { delayNotificationTimeout: 8 * hour, messageExpirationTimeout: 2 * day, connections: 2 },
  { delayNotificationTimeout: 4 * hour, messageExpirationTimeout: 2 * day, connections: 15 },
  { delayNotificationTimeout: 30 * minute, messageExpirationTimeout: 8 * hour, connections: 3 },
] as const;

/** The shortest of these times: how often a queue must be looked over follows from it. */
export const shortestPriorityTimeMs = 30 * minute;

/** So many messages of normal priority go to a mailbox database for one of low (MD-05, CAP-23). */
export const normalsForOneLow = 20;

import { expect, test } from 'vitest';
import { queueVolumeBytes } from './queue-volume.js';

const kilobyte = 1_024;
const gigabyte = 1_024 ** 3;

test.each([
  [100_000, 150, 8_583],
  [100_000, 200, 11_444],
  [1_000, 100, 57.2],
])(
  'CAP-11: %d mailboxes with %d messages a day of 75 KB take %d GB',
  (mailboxes, messagesPerMailboxAndDay, gigabytes) => {
    const bytes = queueVolumeBytes({ mailboxes, messagesPerMailboxAndDay, averageBytes: 75 * kilobyte });
    const digits = Number.isInteger(gigabytes) ? 0 : 1;
    expect((bytes / gigabyte).toFixed(digits)).toBe(gigabytes.toFixed(digits));
  },
);

test('CAP-10: without queues and Safety Net a day is there twice', () => {
  const inputs = { mailboxes: 10, messagesPerMailboxAndDay: 100, averageBytes: kilobyte };
  const day = 1_000 * kilobyte;
  expect(queueVolumeBytes({ ...inputs, queuedShare: 0, safetyNetDays: 0 })).toBe(2 * day);
  expect(queueVolumeBytes({ ...inputs, queuedShare: 0.1, queueDays: 5, safetyNetDays: 0.5 })).toBe(4 * day);
});

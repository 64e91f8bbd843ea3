import { expect, test } from 'vitest';
import { QueueCounters } from './queue-bounds.js';

const mailbox = { deliveryType: 'SmtpDeliveryToMailbox', nextHopDomain: 'DB1' };
const otherMailbox = { deliveryType: 'SmtpDeliveryToMailbox', nextHopDomain: 'DB2' };
const remote = { deliveryType: 'DnsConnectorDelivery', nextHopDomain: 'remote.example' };
const submission = { deliveryType: 'Undefined', nextHopDomain: 'Submission' };
const shadow = { deliveryType: 'ShadowRedundancy', nextHopDomain: 'B1.contoso.com' };

test('CAP-30: counters add up the queues of a server at a sample, by kind and status', () => {
  const counters = new QueueCounters({});
  counters.add('1', 60_000, 'B1', mailbox, 150, 'Active');
  counters.add('1', 60_000, 'B1', otherMailbox, 120, 'Retry');
  counters.add('1', 60_000, 'B1', remote, 40, 'Active');
  counters.add('1', 60_000, 'B1', submission, 101, 'Active');
  counters.add('1', 60_000, 'B1', shadow, 9_000, 'Ready');
  counters.add('1', 60_000, 'B2', mailbox, 200, 'Active');
  counters.add('1', 120_000, 'B1', otherMailbox, 90, 'Retry');
  counters.add('2', 60_000, 'B2', mailbox, 60, 'Active');
  const found = new Map(counters.findings(4).map((each) => [each.counter, each]));
  expect(found.get('allDelivery')).toMatchObject({ bound: 3_000, most: 310, server: 'B1', shareAbove: 0 });
  expect(found.get('activeMailbox')).toMatchObject({ most: 200, server: 'B2', timeMs: 60_000 });
  // One sample of four.
  expect(found.get('retryMailbox')).toMatchObject({
    bound: 100,
    most: 120,
    timeMs: 60_000,
    shareAbove: 0.25,
  });
  expect(found.get('activeRemote')).toMatchObject({ most: 40 });
  expect(found.get('largestDelivery')).toMatchObject({ most: 200, shareAbove: 0 });
  expect(found.get('submission')).toMatchObject({ most: 101, shareAbove: 0.25 });
  expect(found.get('poison')).toMatchObject({ bound: 0, most: 0, server: '' });
});

test('CAP-30: every bound can be another', () => {
  const counters = new QueueCounters({ largestDelivery: 10 });
  counters.add('1', 60_000, 'B1', mailbox, 11, 'Active');
  const [finding] = counters.findings(1).filter(({ counter }) => counter === 'largestDelivery');
  expect(finding).toMatchObject({ bound: 10, most: 11, shareAbove: 1 });
});

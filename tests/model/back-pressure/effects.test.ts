import { describe, expect, it, test } from 'vitest';
import type { SettingOverrides } from '../../../src/sim/model/index.js';
import type { RunningOrganization } from '../small-organization.js';
import { instant, levels, oneSite, pressed, second } from './pressed-organization.js';

type Behavior = '2013' | '2016';

/** Medium from two, High from four, acted upon from the third poll on. */
const submissionQueue = {
  submissionQueueNormal: 1,
  submissionQueueMedium: 2,
  submissionQueueHigh: 4,
  submissionQueueHistoryDepth: 3,
};
/** Medium from two buckets of 64 KB on, High from four. */
const versionBuckets = {
  versionBucketsNormalThreshold: 1,
  versionBucketsMediumThreshold: 2,
  versionBucketsHighThreshold: 4,
};
const bucketBytes = 64 * 1_024;
/** Medium at rest. */
const memoryOfService = {
  percentagePrivateBytesUsedNormalThreshold: 1,
  percentagePrivateBytesUsedMediumThreshold: 1,
  privateBytesHistoryDepth: 2,
};
const allMemory = {
  percentagePhysicalMemoryUsedNormalThreshold: 1,
  percentagePhysicalMemoryUsedMediumThreshold: 1,
  percentagePhysicalMemoryUsedLimit: 90,
};

/** M1 without any mail. */
function resting(behavior: Behavior, transport: SettingOverrides[string] = {}): RunningOrganization {
  return pressed({ ...oneSite, behavior }, { M1: { hardware: instant, transport } });
}

/** What `read` says of M1 after the polls at 0, 2, 4 and 6 s. */
function afterPolls<T>({ simulation }: RunningOrganization, read: () => T): readonly T[] {
  return [1, 3, 5, 7].map((seconds) => {
    simulation.runUntil(seconds * second);
    return read();
  });
}

const queueOf =
  (length: number) =>
  ({ model, server }: RunningOrganization) =>
    model.backPressure.submissionQueue(server('M1'), length);
const fullDisk = ({ model, server }: RunningOrganization) => model.backPressure.beginFill(server('M1'), 1);
const nothing = () => {};

describe('BP-04: queued mail leaves the memory, and is read again', () => {
  const [kept, read] = [0, 20];

  test.each([
    ['2013', 'the Submission queue at High', submissionQueue, queueOf(4), [kept, kept, kept, read]],
    ['2013', 'the Submission queue at Medium', submissionQueue, queueOf(3), [kept, kept, kept, kept]],
    ['2016', 'the Submission queue at High', submissionQueue, queueOf(4), [kept, kept, kept, read]],
    ['2016', 'the Submission queue at Medium', submissionQueue, queueOf(3), [kept, kept, kept, kept]],
    ['2013', 'the memory of the service', memoryOfService, nothing, [kept, kept, kept, kept]],
    ['2016', 'the memory of the service', memoryOfService, nothing, [kept, read, read, read]],
    ['2013', 'all memory at Medium', allMemory, nothing, [kept, kept, kept, kept]],
    ['2016', 'all memory at Medium', allMemory, nothing, [read, read, read, read]],
    ['2013', 'a full disk', {}, fullDisk, [kept, kept, kept, kept]],
    ['2016', 'a full disk', {}, fullDisk, [kept, kept, kept, kept]],
  ] as const)('BP-04, BP-06: %s, %s', (behavior, _what, transport, press, expected) => {
    const running = resting(behavior, transport);
    const { model, server } = running;
    press(running);
    expect(afterPolls(running, () => model.backPressure.readMs(server('M1')))).toEqual(expected);
    expect(levels(running, 'M1')).not.toEqual([]);
  });
});

describe('BP-06: what a server of 2016 does not do', () => {
  test.each([
    [
      'the Submission queue, from the poll on that refuses mail',
      submissionQueue,
      queueOf(3),
      [false, false, false, true],
    ],
    ['the memory of the service, likewise', memoryOfService, nothing, [false, true, true, true]],
    ['a full disk, at once', {}, fullDisk, [true, true, true, true]],
    ['all memory, never', allMemory, nothing, [false, false, false, false]],
  ] as const)('BP-06: resubmit, and take shadow copies, by %s', (_what, transport, press, expected) => {
    const running = resting('2016', transport);
    const { model, server } = running;
    press(running);
    const waits = () => model.backPressure.pausesResubmission(server('M1'));
    const refuses = () => model.backPressure.refusesShadows(server('M1'));
    expect(afterPolls(running, () => [waits(), refuses()])).toEqual(expected.map((each) => [each, each]));
  });

  it('BP-06: send to other servers, by version buckets at High alone, and at once', () => {
    const running = resting('2016', { ...versionBuckets, ...submissionQueue });
    const { model, server, simulation } = running;
    const { backPressure } = model;
    const m1 = server('M1');
    const isPausedBy = (act: () => void) => {
      act();
      simulation.runUntil(simulation.nowMs + 2 * second);
      return backPressure.pausesRemoteDelivery(m1);
    };
    expect(isPausedBy(() => backPressure.receiving(m1, 3 * bucketBytes))).toBe(false);
    expect(isPausedBy(() => backPressure.receiving(m1, bucketBytes))).toBe(true);
    expect(isPausedBy(() => backPressure.received(m1, 3 * bucketBytes))).toBe(false);
    expect(isPausedBy(() => backPressure.submissionQueue(m1, 4))).toBe(false);
    expect(isPausedBy(() => backPressure.beginFill(m1, 1))).toBe(false);
    expect(levels(running, 'M1').map((each) => each.split(' ').slice(1).join(' '))).toEqual([
      'version-buckets medium',
      'version-buckets high',
      'version-buckets normal',
      'submission-queue high',
      'queue-disk high',
      'log-disk high',
    ]);
  });

  it('BP-06, A-boot-scanning: start without its queues, but not because of a full disk', () => {
    const { model, server, at, simulation } = resting('2016');
    model.backPressure.beginFill(server('M1'), 1);
    at(second, () => model.beginServiceOutage(server('M1'), 'transport'));
    at(2 * second, () => model.endServiceOutage(server('M1'), 'transport'));
    simulation.runUntil(3 * second);
    expect(model.backPressure.pausesResubmission(server('M1'))).toBe(true);
    expect(model.backPressure.isHeldBack(server('M1'))).toBe(false);
  });
});

it('A-sessions-with-database: those of messages being categorized are added to those being received', () => {
  const running = pressed(oneSite, {
    M1: {
      hardware: { ...instant, commitTime: 3 * second, categorizerTime: 60 * second },
      transport: { categorizerSlots: 2, jetSessionsNormal: 2, jetSessionsMedium: 3, jetSessionsHigh: 9 },
    },
  });
  const { send, at, simulation } = running;
  // Two are received until 3 s and then categorized; the third is received from 3.5 to 6.5 s, and waits for a slot.
  for (const ms of [0, 10, 3_500]) at(ms, () => send('u', ['w']));
  simulation.runUntil(3 * second);
  expect(levels(running, 'M1')).toEqual([]);
  simulation.runUntil(20 * second);
  expect(levels(running, 'M1')).toEqual(['4 jet-sessions medium', '8 jet-sessions normal']);
});

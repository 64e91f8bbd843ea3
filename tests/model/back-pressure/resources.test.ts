import { describe, expect, it, test } from 'vitest';
import type { SettingOverrides } from '../../../src/sim/model/index.js';
import type { SmallOrganization } from '../small-organization.js';
import {
  gigabyte,
  instant,
  levels,
  megabyte,
  minute,
  oneSite,
  outside,
  pressed,
  relaying,
  second,
  slow,
  twoSites,
} from './pressed-organization.js';

/** M1 alone, with other hardware than usual. */
function m1(more: object, small: SmallOrganization = oneSite): SmallOrganization {
  return { ...small, servers: { ...small.servers, M1: { site: 'A', roles: ['mailbox'], ...more } } };
}
const large: SettingOverrides[string] = {
  ...{ maxSendSize: 2 * gigabyte, maxReceiveSize: 2 * gigabyte },
  receiveConnectorMaxMessageSize: 2 * gigabyte,
};
/** Only the disk, or the memory, matters: of what is received nobody looks after the buckets. */
const noBuckets = { versionBucketSize: gigabyte };
const noMemory = { cachedContent: 0, ...noBuckets };

describe('BP, CAP-13: the disk', () => {
  /** Messages of a GB from M2 to M1, of whose disk of 100 GB others have 90: High from 99 GB, Medium from 97. */
  function fillingUp() {
    const running = pressed(
      m1({ queueDiskBytes: 100 * gigabyte, queueDiskUsed: 0.9 }, twoSites),
      {},
      // Safety Net would keep it for two days.
      {
        ...relaying,
        hardware: { ...instant, ...noMemory },
        transport: { ...large, safetyNetHoldTime: 0 },
      },
    );
    const { model, at, send, database } = running;
    // What M1 has stays in its queue: the mailbox database does not answer.
    model.beginDatabaseOutage(database('DB1'));
    for (let sent = 0; sent < 12; sent++) at(1_000 + sent * 4 * second, () => send('v', ['u'], gigabyte));
    return running;
  }

  it('BP: its own mail fills it: Medium, then High; what was on its way by then is taken', () => {
    const running = fillingUp();
    running.simulation.runUntil(2 * minute);
    expect(levels(running, 'M1')).toEqual([
      // The logs need 1,152 MB: 98 %, 96, 94.
      '22 log-disk medium',
      '26 queue-disk medium',
      '30 log-disk high',
    ]);
    // The eighth came at 29 s: 98 GB. High is what the logs say from then on.
    expect(running.recorder.hops).toHaveLength(8);
    running.model.audit();
  });

  it('CAP-13: free space in the file of the database counts as free: mail that has gone makes room', () => {
    const running = fillingUp();
    const { simulation, model, at, database, recorder } = running;
    at(2 * minute, () => model.endDatabaseOutage(database('DB1')));
    simulation.runUntil(40 * minute);
    expect(levels(running, 'M1').slice(-2)).toEqual(['308 queue-disk normal', '308 log-disk normal']);
    expect(recorder.ended_).toHaveLength(12);
    expect(model.audit().alive).toBe(0);
  });

  it('BP: it may be full from the start', () => {
    const running = pressed(m1({ queueDiskUsed: 0.99 }), {});
    running.send(outside, ['u']);
    running.simulation.runUntil(second);
    expect(levels(running, 'M1')).toEqual(['0 queue-disk high', '0 log-disk high']);
    expect(running.recorder.refusals).toHaveLength(1);
  });

  it('BP: a disk-full fault counts in the place of its own share, which does again when the fault is over', () => {
    const running = pressed(m1({ queueDiskUsed: 0.97 }), {});
    const { at, model, server, simulation } = running;
    at(second, () => model.backPressure.beginFill(server('M1'), 0.5));
    at(11 * second, () => model.backPressure.endFill(server('M1'), 0.5));
    simulation.runUntil(minute);
    expect(levels(running, 'M1').filter((each) => each.includes('queue'))).toEqual([
      '0 queue-disk medium',
      '2 queue-disk normal',
      '12 queue-disk medium',
    ]);
  });

  it('BP: of disk-full faults that overlap the fullest counts', () => {
    const running = pressed(m1({ queueDiskUsed: 0.2 }), {});
    const { at, model, server, simulation } = running;
    const pressure = model.backPressure;
    at(second, () => pressure.beginFill(server('M1'), 0.97));
    at(11 * second, () => pressure.beginFill(server('M1'), 0.99));
    at(21 * second, () => pressure.beginFill(server('M1'), 0.5));
    at(31 * second, () => pressure.endFill(server('M1'), 0.99));
    at(41 * second, () => pressure.endFill(server('M1'), 0.97));
    simulation.runUntil(minute);
    expect(levels(running, 'M1').filter((each) => each.includes('queue'))).toEqual([
      '2 queue-disk medium',
      '12 queue-disk high',
      '32 queue-disk medium',
      '42 queue-disk normal',
    ]);
  });

  it('WE-18: a disk of 40 GB: 96 % used is Medium, 98 % High', () => {
    const at = (queueDiskUsed: number) => {
      const running = pressed(m1({ queueDiskBytes: 40 * gigabyte, queueDiskUsed }), {});
      running.simulation.runUntil(second);
      return levels(running, 'M1');
    };
    expect(at(0.949)).toEqual([]);
    expect(at(0.95)).toEqual(['0 log-disk medium']);
    expect(at(0.96)).toEqual(['0 queue-disk medium', '0 log-disk medium']);
    expect(at(0.97)).toEqual(['0 queue-disk medium', '0 log-disk high']);
    expect(at(0.98)).toEqual(['0 queue-disk high', '0 log-disk high']);
  });
});

describe('A-version-buckets, A-batch-points: what is being received', () => {
  const commit = (commitTime: number) => ({ hardware: { ...instant, commitTime }, transport: large });

  it('A-version-buckets: one for each 64 KB of messages that are not committed yet', () => {
    const running = pressed(oneSite, { M1: commit(5 * second) }, { hardware: instant, transport: large });
    // 2,000 buckets are Medium: 125 MB.
    running.send('u', ['w'], 125 * megabyte - 64 * 1_024);
    running.simulation.runUntil(4 * second);
    expect(levels(running, 'M1')).toEqual([]);
    running.send('u', ['w'], 1);
    running.simulation.runUntil(minute);
    expect(levels(running, 'M1')).toEqual(['6 version-buckets normal'].slice(1));
    running.send('u', ['w'], 125 * megabyte);
    running.simulation.runUntil(2 * minute);
    expect(levels(running, 'M1')).toEqual(['62 version-buckets medium', '66 version-buckets normal']);
    running.send('u', ['w'], 157 * megabyte);
    running.simulation.runUntil(3 * minute);
    expect(levels(running, 'M1').slice(2)).toEqual([
      '122 version-buckets high',
      '126 version-buckets normal',
    ]);
  });

  it('A-version-buckets: another size of a bucket, another number of them', () => {
    const running = pressed(
      oneSite,
      {
        M1: {
          ...commit(5 * second),
          hardware: { ...instant, commitTime: 5 * second, versionBucketSize: megabyte },
        },
      },
      { hardware: instant, transport: large },
    );
    running.send('u', ['w'], 1_999 * megabyte);
    running.simulation.runUntil(minute);
    expect(levels(running, 'M1')).toEqual([]);
  });

  test.each([
    [1_999, []],
    [2_000, ['2 batch-points medium', '10 batch-points normal']],
    [4_000, ['2 batch-points high', '10 batch-points normal']],
  ])('A-batch-points: %s messages that wait for their commit', (messages, expected) => {
    const running = pressed(
      oneSite,
      { M1: { hardware: { ...instant, commitTime: 9 * second } } },
      { hardware: instant, transport: { maxConnectionRatePerMinute: 10_000 } },
    );
    for (let sent = 0; sent < messages; sent++) running.send(`x${sent}@out.example`, ['u'], 1_024);
    running.simulation.runUntil(30 * second);
    expect(levels(running, 'M1')).toEqual(expected);
    running.model.audit();
  });

  it('A-version-buckets: what breaks off is not received any more', () => {
    const running = pressed(twoSites, { M1: commit(minute) }, { ...relaying, transport: large });
    const { send, at, simulation, model, server } = running;
    send('v', ['u'], 150 * megabyte);
    at(5 * second, () => model.beginServiceOutage(server('M2'), 'transport'));
    simulation.runUntil(20 * second);
    expect(levels(running, 'M1')).toEqual(['2 version-buckets medium', '6 version-buckets normal']);
  });
});

describe('A-process-memory, A-all-memory', () => {
  /** 10 GB of memory, of which the service has 1 without mail; others have a tenth. */
  const small = m1({ memoryBytes: 10 * gigabyte });
  const hardware = {
    ...{ ...instant, ...noBuckets, cachedContent: 1 },
    ...{ otherMemory: 0.1, checkpointSpeed: 1_024 * gigabyte },
  };

  /** Messages of a GB stay in the queue of M1. */
  function holding(messages: number, behavior: '2013' | '2016' = '2013', more: object = {}) {
    const running = pressed(
      { ...small, behavior },
      {},
      { hardware: { ...hardware, ...more }, transport: large },
    );
    running.model.beginDatabaseOutage(running.database('DB1'));
    for (let sent = 0; sent < messages; sent++) running.send(`x${sent}@out.example`, ['u'], gigabyte);
    running.simulation.runUntil(3 * second);
    return running;
  }

  it('BP: the content of queued mail, on top of what the service needs: Medium from 73 %, High from 75', () => {
    expect(levels(holding(6), 'M1')).toEqual([]);
    // 8.5 GB of 10 with all others.
    expect(levels(holding(7), 'M1')).toEqual(['2 process-memory high']);
    expect(levels(holding(6, '2013', { transportMemory: 1.35 * gigabyte }), 'M1')).toEqual([
      '2 process-memory medium',
    ]);
  });

  it('A-process-memory: content that is being received is in memory, too', () => {
    const running = pressed(
      small,
      {},
      { hardware: { ...hardware, commitTime: 9 * second }, transport: large },
    );
    for (let sent = 0; sent < 7; sent++) running.send(`x${sent}@out.example`, ['u'], gigabyte);
    running.simulation.runUntil(20 * second);
    expect(levels(running, 'M1')).toEqual(['2 process-memory high', '10 process-memory normal']);
  });

  it('A-process-memory, RR-02: a message that goes to several queues is in memory for each of them', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const several = {
      ...small,
      databases: Object.fromEntries(names.map((name) => [`DB-${name}`, ['M1']])),
      mailboxes: Object.fromEntries(names.map((name) => [name, `DB-${name}`])),
    };
    const running = pressed(several, {}, { hardware, transport: large });
    for (const name of names) running.model.beginDatabaseOutage(running.database(`DB-${name}`));
    running.send(outside, names, gigabyte);
    running.simulation.runUntil(3 * second);
    expect(levels(running, 'M1')).toEqual(['2 process-memory high']);
  });

  it('A-process-memory: a tenth of the content by default', () => {
    expect(levels(holding(60, '2013', { cachedContent: 0.1 }), 'M1')).toEqual([]);
    expect(levels(holding(70, '2013', { cachedContent: 0.1 }), 'M1')).toEqual(['2 process-memory high']);
  });

  it('BP: all memory: High from 94 %, and mail is refused at once in 2013', () => {
    const running = holding(6, '2013', { otherMemory: 0.25 });
    expect(levels(running, 'M1')).toEqual(['2 all-memory high']);
    running.send(outside, ['u'], 1_024);
    running.simulation.runUntil(4 * second - 1);
    expect(running.recorder.refusals).toHaveLength(1);
  });

  it('BP-04: then the content of what is queued leaves the memory, and pressure with it', () => {
    const running = holding(6, '2013', { otherMemory: 0.25 });
    running.simulation.runUntil(5 * second);
    expect(levels(running, 'M1')).toEqual(['2 all-memory high', '4 all-memory normal']);
    // It stays so: mail that has come since has its content in memory.
    running.send(outside, ['u'], gigabyte);
    running.simulation.runUntil(minute);
    expect(levels(running, 'M1')).toHaveLength(2);
    const kept = holding(6, '2013', { otherMemory: 0.25 });
    expect(kept.model.backPressure.readMs(kept.server('M1'))).toBe(20);
  });

  it('BP-04: not where it is switched off', () => {
    const running = pressed(
      small,
      {},
      {
        hardware: { ...hardware, otherMemory: 0.25 },
        transport: { ...large, dehydrateMessagesUnderMemoryPressure: false },
      },
    );
    running.model.beginDatabaseOutage(running.database('DB1'));
    for (let sent = 0; sent < 6; sent++) running.send(outside, ['u'], gigabyte);
    running.simulation.runUntil(minute);
    expect(levels(running, 'M1')).toEqual(['2 all-memory high']);
    expect(running.model.backPressure.readMs(running.server('M1'))).toBe(0);
  });

  it('A-pressure-of-later-versions: all memory refuses nobody: content is dropped from Medium on', () => {
    const running = holding(6, '2016', { otherMemory: 0.2 });
    expect(levels(running, 'M1')).toEqual(['2 all-memory medium']);
    running.send(outside, ['u'], 1_024);
    running.simulation.runUntil(minute);
    expect(running.recorder.refusals).toEqual([]);
    expect(levels(running, 'M1')).toEqual(['2 all-memory medium', '4 all-memory normal']);
  });
});

describe('CAP-41: what 2016 watches besides', () => {
  it('A-sessions-with-database: one for each message being received, and for each being categorized', () => {
    const running = pressed(
      { ...oneSite, behavior: '2016' },
      { M1: { hardware: { ...instant, commitTime: 9 * second } } },
    );
    for (let sent = 0; sent < 1_000; sent++) running.send(`x${sent}@out.example`, ['u'], 1_024);
    running.simulation.runUntil(3 * second);
    expect(levels(running, 'M1')).toContain('2 jet-sessions medium');
    const fewer = pressed(
      { ...oneSite, behavior: '2016' },
      { M1: { hardware: { ...instant, commitTime: 9 * second, versionBucketSize: gigabyte } } },
    );
    for (let sent = 0; sent < 999; sent++) fewer.send(`x${sent}@out.example`, ['u'], 1_024);
    fewer.simulation.runUntil(3 * second);
    expect(levels(fewer, 'M1')).not.toContain('2 jet-sessions medium');
  });

  it('A-checkpoint-depth: what is committed faster than the file takes it', () => {
    const running = pressed(
      { ...oneSite, behavior: '2016' },
      {},
      {
        hardware: { ...instant, checkpointSpeed: 10 * megabyte, versionBucketSize: gigabyte },
        transport: large,
      },
    );
    // 270 MB at once, 10 MB a second into the file: 250 at the poll two seconds later, 230 at the next.
    running.at(10 * second, () => running.send(outside, ['u'], 270 * megabyte));
    running.simulation.runUntil(minute);
    expect(levels(running, 'M1')).toEqual(['12 checkpoint-depth medium', '14 checkpoint-depth normal']);
  });

  it('CAP-41: in 2013 neither is watched', () => {
    const running = pressed(
      oneSite,
      {},
      {
        hardware: { ...instant, checkpointSpeed: megabyte },
        transport: large,
      },
    );
    running.send(outside, ['u'], 2_000 * megabyte);
    running.simulation.runUntil(minute);
    expect(levels(running, 'M1')).toEqual([]);
  });
});

describe('BP-06: what 2016 holds back', () => {
  it('BP-06: at High version buckets nothing is sent to other servers or outside; mailboxes get their mail', () => {
    const running = pressed(
      {
        ...twoSites,
        behavior: '2016',
        mailboxes: { ...twoSites.mailboxes, w: 'DB1' },
        connectors: [{ name: 'Out', sourceServers: ['M1'] }],
      },
      { M1: { transport: { versionBucketsHighThreshold: 100, versionBucketsMediumThreshold: 100 } } },
      { ...relaying, hardware: { ...instant, commitTime: 20 * second }, transport: large },
    );
    const { send, at, simulation, model, recorder } = running;
    // Ten megabytes are 160 buckets, for twenty seconds from 10 s on.
    at(10_500, () => send('u', ['w'], 10 * megabyte));
    // Committed at 21 s.
    at(second, () => send('u', ['v', 'w', 'y@out.example'], 1_024));
    simulation.runUntil(30 * second);
    expect(levels(running, 'M1')).toEqual(['12 version-buckets high']);
    expect(recorder.ended_).toMatchObject([{ message: 1 }]);
    model.audit();
    simulation.runUntil(3 * minute);
    const [, ...rest] = recorder.ended_.filter(({ message }) => message === 1);
    // Under pressure until 32 s; the world outside needs 300 ms, M2 twenty seconds for its commit.
    expect(rest.map(({ atMs }) => atMs)).toEqual([32_300, 52_000]);
    model.audit();
  });

  it('BP-06: under pressure resubmission waits, and shadow copies are refused; in 2013 neither at Medium', () => {
    for (const behavior of ['2013', '2016'] as const) {
      const { model, server, simulation } = pressed({ ...m1({ queueDiskUsed: 0.98 }), behavior }, {});
      const { backPressure } = model;
      simulation.runUntil(second);
      expect(backPressure.pausesResubmission(server('M1'))).toBe(behavior === '2016');
      expect(backPressure.refusesShadows(server('M1'))).toBe(behavior === '2016');
      const resumed: number[] = [];
      backPressure.whenResumed((at) => resumed.push(at));
      backPressure.beginFill(server('M1'), 0);
      simulation.runUntil(3 * second);
      expect(backPressure.pausesResubmission(server('M1'))).toBe(false);
      expect(resumed).toEqual(behavior === '2016' ? [server('M1')] : []);
    }
  });

  test.each(['2013', '2016'] as const)(
    'BP-02: at High other Exchange servers are refused, their shadow copies too, and it is no refusal of mail (%s)',
    (behavior) => {
      const { model, server, simulation, recorder } = pressed(
        { ...m1({ queueDiskUsed: 0.99 }), behavior },
        {},
      );
      const { backPressure } = model;
      simulation.runUntil(second);
      expect(backPressure.refusesShadows(server('M1'))).toBe(true);
      // Medium.
      backPressure.beginFill(server('M1'), 0.97);
      simulation.runUntil(3 * second);
      expect(backPressure.refusesShadows(server('M1'))).toBe(behavior === '2016');
      backPressure.beginFill(server('M1'), 0.995);
      simulation.runUntil(5 * second);
      expect(backPressure.refusesShadows(server('M1'))).toBe(true);
      backPressure.endFill(server('M1'), 0.995);
      backPressure.endFill(server('M1'), 0.97);
      backPressure.beginFill(server('M1'), 0);
      simulation.runUntil(7 * second);
      expect(backPressure.refusesShadows(server('M1'))).toBe(false);
      expect(recorder.refusals).toEqual([]);
    },
  );

  it('BP-06, A-boot-scanning: a service that starts without memory leaves what it has where it is', () => {
    const { servers } = m1({ memoryBytes: 10 * gigabyte });
    const running = pressed(
      {
        servers,
        databases: { DB1: ['M1'], DB2: ['M1'] },
        mailboxes: { u: 'DB1', w: 'DB2' },
        behavior: '2016',
      },
      { M1: { transport: { privateBytesHistoryDepth: 1 } } },
      {
        hardware: {
          ...instant,
          transportMemory: 7 * gigabyte,
          otherMemory: 0.05,
          versionBucketSize: gigabyte,
        },
        transport: large,
      },
    );
    const { send, at, simulation, model, server, database, recorder } = running;
    const { backPressure } = model;
    model.beginDatabaseOutage(database('DB2'));
    send('u', ['w'], 1_024);
    at(second, () => {
      model.beginServiceOutage(server('M1'), 'transport');
      // Whatever it is, it needs memory.
      backPressure.receiving(server('M1'), gigabyte);
    });
    at(2 * second, () => {
      model.endDatabaseOutage(database('DB2'));
      model.endServiceOutage(server('M1'), 'transport');
      send('u', ['u'], 1_024);
    });
    simulation.runUntil(10 * minute);
    expect(levels(running, 'M1')).toEqual(['2 process-memory high']);
    expect(backPressure.isHeldBack(server('M1'))).toBe(true);
    expect(recorder.ended_).toEqual([]);
    expect(model.audit().alive).toBe(2);
    backPressure.received(server('M1'), gigabyte);
    simulation.runUntil(12 * minute);
    expect(recorder.ended_.map(({ message }) => message)).toEqual([1, 2]);
    expect(model.audit().alive).toBe(0);
  });
});

describe('A-pressure-grid: polls', () => {
  it('A-pressure-grid: nobody polls what is far from its thresholds: the run has as many events as without', () => {
    const events = (enableResourceMonitoring: boolean) => {
      const running = pressed(twoSites, {}, { ...relaying, transport: { enableResourceMonitoring } });
      for (let sent = 0; sent < 100; sent++) running.at(sent * 100, () => running.send('v', ['u']));
      running.simulation.runUntil(5 * minute);
      return running.simulation.eventsExecuted;
    };
    expect(events(true)).toBe(events(false));
  });

  it('A-pressure-grid: a resource that was near for less than a poll costs one', () => {
    const events = (enableResourceMonitoring: boolean) => {
      const running = pressed(oneSite, {
        M1: {
          hardware: { ...instant, categorizerTime: second },
          transport: { submissionQueueMedium: 1, enableResourceMonitoring },
        },
      });
      running.send(outside, ['u']);
      running.simulation.runUntil(minute);
      expect(levels(running, 'M1')).toEqual([]);
      expect(running.model.isAtRest).toBe(true);
      return running.simulation.eventsExecuted;
    };
    expect(events(true)).toBe(events(false) + 1);
  });

  it('BP: a service that watches nothing takes mail with a full disk, and starts with what it has in its queues', () => {
    const running = pressed(
      { ...oneSite, behavior: '2016' },
      { M1: { hardware: instant, transport: { enableResourceMonitoring: false } } },
    );
    const { model, server, database, send, at, simulation, recorder } = running;
    model.backPressure.beginFill(server('M1'), 1);
    model.beginDatabaseOutage(database('DB1'));
    send(outside, ['u']);
    at(second, () => model.beginServiceOutage(server('M1'), 'transport'));
    at(2 * second, () => model.endServiceOutage(server('M1'), 'transport'));
    at(3 * second, () => model.endDatabaseOutage(database('DB1')));
    at(4 * second, () => model.backPressure.endFill(server('M1'), 1));
    simulation.runUntil(20 * minute);
    expect(recorder.ended_).toMatchObject([{ end: 'delivered' }]);
    expect(levels(running, 'M1')).toEqual([]);
  });

  it('BP: a service that stops forgets its levels; one that starts looks at once', () => {
    const running = pressed(oneSite, { M1: slow({ submissionQueueMedium: 3, submissionQueueNormal: 1 }) });
    const { send, at, simulation, model, server } = running;
    for (let sent = 0; sent < 3; sent++) send(outside, ['u']);
    at(5 * second, () => model.beginServiceOutage(server('M1'), 'transport'));
    at(15_500, () => model.endServiceOutage(server('M1'), 'transport'));
    simulation.runUntil(minute);
    expect(levels(running, 'M1')).toEqual([
      '2 submission-queue medium',
      '5 submission-queue normal',
      '15.5 submission-queue medium',
    ]);
    expect(running.recorder.faults.map(({ subject }) => subject)).toEqual([
      'M1 submission-queue medium',
      'M1 submission-queue normal',
      'M1 submission-queue medium',
    ]);
  });
});

import { describe, expect, test } from 'vitest';
import type { SettingOverrides } from '../../../src/sim/model/index.js';
import {
  day,
  deliveredIn,
  effects,
  failOver,
  hour,
  minute,
  numbersOf,
  resubmittedBy,
  rowsOf,
  running,
  sendEverySecond,
  twoMembers,
  withoutShadows,
} from './watched.js';

describe('a lossy failover of one database with a known window', () => {
  test('SN-02: resubmits exactly that window’s messages, each once', () => {
    const organization = running();
    sendEverySecond(organization, 15 * minute);
    const activeMs = failOver(organization, 'DB1', 'A2', 10 * minute, 2 * minute);
    organization.simulation.runUntil(2 * hour);
    const lost = deliveredIn(organization, 'u1', 8 * minute, activeMs);
    expect(lost.length).toBeGreaterThan(100);
    const { again, mail } = rowsOf(organization, 'u1');
    expect(numbersOf(again)).toEqual(numbersOf(lost));
    expect(mail).toHaveLength(900);
    expect(again.every(({ end, submittedMs }) => end === 'delivered' && submittedMs === activeMs)).toBe(true);
    // Nobody of another database is sent anything again.
    expect(rowsOf(organization, 'u2').again).toEqual([]);
    const { recorder, model } = organization;
    const begun = recorder.submitted_.filter(({ kind }) => kind === 'resubmission');
    expect(begun.reduce((sum, { recipients }) => sum + recipients, 0)).toBe(lost.length);
    expect(resubmittedBy(organization)).toBe(lost.length);
    expect(model.audit()).toMatchObject({ alive: 0, lost: 0 });
  });

  test('SN-02: each server is asked for what it has delivered, and the rows say how much that was', () => {
    const organization = running();
    sendEverySecond(organization, 15 * minute);
    const activeMs = failOver(organization, 'DB1', 'A2', 10 * minute, 2 * minute);
    organization.simulation.runUntil(2 * hour);
    const lost = deliveredIn(organization, 'u1', 8 * minute, activeMs);
    const by = (name: string) => lost.filter(({ primary }) => primary === organization.server(name)).length;
    expect(by('A1') * by('A2')).toBeGreaterThan(0);
    expect(effects(organization)).toEqual(
      ['A1', 'A2'].flatMap((name) => [
        [activeMs, `DB1: ${name} is asked for ${by(name)} messages`],
        [activeMs, `DB1: ${name} resubmits ${by(name)} messages`],
      ]),
    );
  });

  test('CAP-54: what a primary resubmits passes no categorizer, and goes to the new holder at once', () => {
    const organization = running();
    sendEverySecond(organization, 10 * minute);
    const activeMs = failOver(organization, 'DB1', 'A2', 20 * minute, 12 * minute);
    organization.simulation.runUntil(20 * minute);
    const { recorder, model } = organization;
    const before = recorder.categorized_;
    organization.simulation.runUntil(2 * hour);
    const { again } = rowsOf(organization, 'u1');
    expect(again.length).toBeGreaterThan(100);
    expect(recorder.categorized_).toBe(before);
    expect(recorder.redirects).toEqual([]);
    // Sixteen threads of two servers' queues, a mailbox at a time: 80 ms for each message, one after another.
    const lastMs = Math.max(...again.map(({ atMs }) => atMs));
    expect(lastMs - activeMs).toBeGreaterThan(again.length * 80);
    expect(model.audit().alive).toBe(0);
  });

  test('what is lost a second time is asked for once: it counts from when it was there again', () => {
    const organization = running();
    sendEverySecond(organization, 10 * minute);
    failOver(organization, 'DB1', 'A2', 15 * minute, 10 * minute);
    failOver(organization, 'DB1', 'A1', 40 * minute, 20 * minute);
    failOver(organization, 'DB1', 'A2', 60 * minute, 60 * minute);
    organization.simulation.runUntil(3 * hour);
    const lost = deliveredIn(organization, 'u1', 5 * minute, 15 * minute);
    const all = deliveredIn(organization, 'u1', 0, hour);
    const { again } = rowsOf(organization, 'u1');
    // Redelivered at 15 min 30 s: the second window of 20 min does not reach back so far, the third takes all.
    expect(again).toHaveLength(lost.length + all.length);
    expect(new Set(numbersOf(again))).toEqual(new Set(numbersOf(all)));
    expect(organization.model.audit()).toMatchObject({ alive: 0, lost: 0 });
  });

  test('a copy that cannot take over loses nothing', () => {
    const organization = running();
    sendEverySecond(organization, 10 * minute);
    failOver(organization, 'DB1', 'A2', 15 * minute, 10 * minute);
    organization.at(15 * minute, () => organization.model.beginServerOutage(organization.server('A2')));
    organization.simulation.runUntil(hour);
    expect(rowsOf(organization, 'u1').again).toEqual([]);
    expect(effects(organization)).toEqual([]);
  });
});

describe('what Safety Net has no more', () => {
  test('SN-01: held for safetyNetHoldTime, and lost with its mailbox afterwards', () => {
    const organization = running(twoMembers, {
      ...withoutShadows,
      transport: { shadowRedundancyEnabled: false, safetyNetHoldTime: 7 * minute },
    });
    sendEverySecond(organization, 10 * minute);
    const activeMs = failOver(organization, 'DB1', 'A2', 12 * minute, 10 * minute);
    organization.simulation.runUntil(hour);
    const tooOld = deliveredIn(organization, 'u1', 2 * minute, activeMs - 7 * minute);
    const held = deliveredIn(organization, 'u1', activeMs - 7 * minute, activeMs);
    const { again } = rowsOf(organization, 'u1');
    expect(tooOld.length * held.length).toBeGreaterThan(0);
    expect(numbersOf(again.filter(({ end }) => end === 'lost'))).toEqual(numbersOf(tooOld));
    expect(numbersOf(again.filter(({ end }) => end === 'delivered'))).toEqual(numbersOf(held));
    expect(again.filter(({ end }) => end === 'lost').every(({ atMs }) => atMs === activeMs)).toBe(true);
    expect(organization.model.audit()).toMatchObject({ alive: 0, lost: tooOld.length });
  });

  test('SN-01: without a hold time there is no Safety Net', () => {
    const organization = running(twoMembers, {
      ...withoutShadows,
      transport: { shadowRedundancyEnabled: false, safetyNetHoldTime: 0 },
    });
    sendEverySecond(organization, 10 * minute);
    const activeMs = failOver(organization, 'DB1', 'A2', 12 * minute, 5 * minute);
    organization.simulation.runUntil(hour);
    const { again } = rowsOf(organization, 'u1');
    expect(again.map(({ end, atMs }) => [end, atMs])).toEqual(
      deliveredIn(organization, 'u1', 7 * minute, activeMs).map(() => ['lost', activeMs]),
    );
    expect([...organization.recorder.databaseBytes.values()]).toEqual([0, 0]);
  });

  test('SN-04: a server that has lost its queue database meanwhile resubmits what came since', () => {
    const organization = running();
    sendEverySecond(organization, 10 * minute);
    organization.at(9 * minute, () => organization.model.safetyNet.nets.lose(organization.server('A1')));
    const activeMs = failOver(organization, 'DB1', 'A2', 12 * minute, 5 * minute);
    organization.simulation.runUntil(hour);
    const window = deliveredIn(organization, 'u1', 7 * minute, activeMs);
    const gone = window.filter(
      ({ primary, atMs }) => primary === organization.server('A1') && atMs < 9 * minute,
    );
    const { again } = rowsOf(organization, 'u1');
    expect(gone.length).toBeGreaterThan(0);
    expect(numbersOf(again.filter(({ end }) => end === 'lost'))).toEqual(numbersOf(gone));
    expect(numbersOf(again)).toEqual(numbersOf(window));
  });

  test('SH-10: hubs of 2010 have no Safety Net', () => {
    const organization = running({
      servers: { H1: { site: 'A', version: '2010', roles: ['hub-transport', 'mailbox'] }, A1: 'A' },
      databases: { DB1: ['H1'], DB2: ['A1'] },
      mailboxes: { u1: 'DB1', u2: 'DB2' },
    });
    sendEverySecond(organization, 10 * minute);
    const activeMs = failOver(organization, 'DB1', 'H1', 12 * minute, 5 * minute);
    organization.simulation.runUntil(hour);
    const window = deliveredIn(organization, 'u1', 7 * minute, activeMs);
    const { again } = rowsOf(organization, 'u1');
    expect(window.length).toBeGreaterThan(0);
    expect(numbersOf(again.filter(({ end }) => end === 'lost'))).toEqual(numbersOf(window));
  });
});

describe('a primary that does not answer', () => {
  /** A1 is down from before the failover to the active copy on A2 until `backMs` after it. */
  function silent(backMs: number, settings: SettingOverrides = withoutShadows) {
    const organization = running(twoMembers, settings);
    const { at, model, server } = organization;
    sendEverySecond(organization, 10 * minute);
    at(11 * minute, () => model.beginServerOutage(server('A1')));
    const activeMs = failOver(organization, 'DB1', 'A2', 12 * minute, 5 * minute);
    at(activeMs + backMs, () => model.endServerOutage(server('A1')));
    const window = () => deliveredIn(organization, 'u1', 7 * minute, activeMs);
    const own = () => window().filter(({ primary }) => primary === server('A1'));
    return { organization, activeMs, window, own };
  }

  test('SN-03: is asked again every quarter of an hour; meanwhile the mail is pending', () => {
    const { organization, activeMs, window, own } = silent(40 * minute);
    organization.simulation.runUntil(activeMs + 44 * minute);
    expect(own().length).toBeGreaterThan(10);
    expect(organization.model.audit()).toMatchObject({ alive: own().length, lost: 0 });
    const pending: string[] = [];
    organization.model.forEachPending(({ kind }, recipient) => {
      pending.push(`${kind} ${organization.model.recipientAddress(recipient)}`);
    });
    expect(pending).toEqual(own().map(() => 'resubmission u1@contoso.com'));
    organization.simulation.runUntil(activeMs + 2 * hour);
    expect(organization.model.audit()).toMatchObject({ alive: 0, lost: 0 });
    const { again } = rowsOf(organization, 'u1');
    expect(numbersOf(again)).toEqual(numbersOf(window()));
    const late = again.filter(({ atMs }) => atMs > activeMs + 44 * minute);
    expect(numbersOf(late)).toEqual(numbersOf(own()));
    expect(effects(organization).at(-1)).toEqual([
      activeMs + 45 * minute,
      `DB1: A1 resubmits ${own().length} messages`,
    ]);
    // The wait for an answer is time before submission; all stages add up.
    for (const { atMs, submittedMs, stageMs } of late) {
      expect(stageMs['submission']).toBe(45 * minute);
      expect(Object.values(stageMs).reduce((sum, ms) => sum + ms, 0)).toBe(atMs - submittedMs);
    }
  });

  test('SN-03: after 12 hours all are asked; what has no shadow copy is lost then', () => {
    const { organization, activeMs, own } = silent(13 * hour);
    organization.simulation.runUntil(activeMs + 12 * hour - 1);
    expect(organization.model.audit()).toMatchObject({ alive: own().length, lost: 0 });
    organization.simulation.runUntil(activeMs + 14 * hour);
    expect(organization.model.audit()).toMatchObject({ alive: 0, lost: own().length });
    const lost = rowsOf(organization, 'u1').again.filter(({ end }) => end === 'lost');
    expect(numbersOf(lost)).toEqual(numbersOf(own()));
    expect(lost.every(({ atMs }) => atMs === activeMs + 12 * hour)).toBe(true);
    expect(effects(organization).slice(-2)).toEqual([
      [activeMs + 12 * hour, `DB1: all are asked for ${own().length} messages`],
      [activeMs + 12 * hour, `DB1: nobody has ${own().length} messages`],
    ]);
  });

  test('SN-01: what grows too old while nobody answers is lost', () => {
    const { organization, activeMs, own } = silent(13 * hour, {
      ...withoutShadows,
      transport: { shadowRedundancyEnabled: false, safetyNetHoldTime: hour },
    });
    organization.simulation.runUntil(activeMs + 2 * hour);
    expect(organization.model.audit()).toMatchObject({ alive: 0, lost: own().length });
    const lost = rowsOf(organization, 'u1').again.filter(({ end }) => end === 'lost');
    // Delivered from 5 min before the failover on: looked at a quarter of an hour later, all but the last.
    expect(new Set(lost.map(({ atMs }) => atMs))).toEqual(new Set([activeMs + hour]));
  });
});

test('NDR-02: nobody is told when resubmitted mail is late or expires', () => {
  const organization = running();
  const { at, model, database, simulation, recorder } = organization;
  at(0, () => organization.send('v1', ['u1']));
  const activeMs = failOver(organization, 'DB1', 'A2', 10 * minute, 10 * minute);
  at(activeMs, () => model.beginDatabaseOutage(database('DB1')));
  simulation.runUntil(activeMs + 3 * day);
  const { again } = rowsOf(organization, 'u1');
  // Its age counts from when it was asked for (MI-05): a lagged copy may lose more than two days.
  expect(again).toMatchObject([{ end: 'expired', atMs: activeMs + 2 * day, code: '4.4.7' }]);
  expect(recorder.delayNotices).toEqual([]);
  expect(recorder.submitted_.map(({ kind }) => kind)).toEqual(['mail', 'resubmission']);
  expect(model.audit()).toMatchObject({ alive: 0, expired: 1 });
});

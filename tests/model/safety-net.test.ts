import { describe, expect, test } from 'vitest';
import type { SettingOverrides } from '../../src/sim/model/index.js';
import { Recorder } from './recorder.js';
import {
  deterministicHardware,
  type RunningOrganization,
  run,
  type SmallOrganization,
} from './small-organization.js';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** A DAG of two servers that both deliver to two databases, and a way out. */
const twoMembers = {
  servers: { A1: 'A', A2: 'A' },
  dags: { DAG1: ['A1', 'A2'] },
  databases: { DB1: ['A1', 'A2'], DB2: ['A2', 'A1'] },
  mailboxes: { u1: 'DB1', u2: 'DB2', v1: 'DB1' },
  connectors: [{ name: 'Internet', sourceServers: ['A1', 'A2'] }],
} satisfies SmallOrganization;

/** Nobody has a shadow copy: what one Safety Net loses is lost. */
const withoutShadows: SettingOverrides = {
  ...deterministicHardware,
  transport: { shadowRedundancyEnabled: false },
};

/** Remembers by which server's Transport service each message was delivered. */
class DeliveryRecorder extends Recorder {
  readonly deliveries: {
    atMs: number;
    primary: number;
    message: number;
    recipient: number;
    kind: string;
  }[] = [];
  queueServer: (queue: number) => number = () => -1;
  #primary = -1;

  override leftQueue(_atMs = 0, queue = 0): void {
    this.#primary = this.queueServer(queue);
  }

  override ended(...fact: Parameters<Recorder['ended']>): void {
    super.ended(...fact);
    const [atMs, end, { message, kind }, recipient] = fact;
    if (end === 'delivered') this.deliveries.push({ atMs, primary: this.#primary, message, recipient, kind });
  }
}

interface Watched extends RunningOrganization {
  readonly recorder: DeliveryRecorder;
}

function running(
  small: SmallOrganization = twoMembers,
  settings: SettingOverrides = withoutShadows,
): Watched {
  const recorder = new DeliveryRecorder();
  const organization = run(small, settings, recorder);
  recorder.queueServer = (queue) => organization.model.queueServer(queue);
  return { ...organization, recorder };
}

/** Mail from outside, every second until `untilMs`: three in four for u1 alone, the others for u2 as well. */
function sendEverySecond({ at, send }: RunningOrganization, untilMs: number) {
  for (let n = 0; n * second < untilMs; n++) {
    at(n * second, () => send('x@out.example', n % 4 === 0 ? ['u1', 'u2'] : ['u1']));
  }
}

/**
 * Fails a database over with the loss of a window, as the fault does: dismounted for 30 s.
 * @returns the time in which the copy on `to` is active
 */
function failOver(
  { at, model, database, server }: RunningOrganization,
  name: string,
  to: string,
  atMs: number,
  windowMs: number,
): number {
  const activeMs = atMs + 30 * second;
  model.safetyNet.expectLoss(database(name), windowMs + activeMs - atMs);
  let move = 0;
  at(atMs, () => {
    move = model.dismountDatabase(database(name));
  });
  at(activeMs, () => {
    if (model.activateDatabase(database(name), server(to), move)) {
      model.loseMailboxes(database(name), atMs - windowMs);
    }
  });
  return activeMs;
}

/** The rows of a recipient that have ended: those that mail began, and those that began anew. */
function rowsOf({ recorder, model }: RunningOrganization, recipient: string) {
  const id = model.addressBook.intern(`${recipient}@contoso.com`);
  const ended = recorder.ended_.filter((row) => row.recipient === id);
  return {
    mail: ended.filter(({ kind }) => kind === 'mail'),
    again: ended.filter(({ kind }) => kind === 'resubmission'),
  };
}

/** The messages in which a recipient got mail in a window, as the test kept them. */
function deliveredIn(organization: Watched, recipient: string, afterMs: number, toMs: number) {
  const id = organization.model.addressBook.intern(`${recipient}@contoso.com`);
  return organization.recorder.deliveries.filter(
    (each) => each.recipient === id && each.kind === 'mail' && each.atMs > afterMs && each.atMs <= toMs,
  );
}

const numbersOf = (rows: readonly { message: number }[]) =>
  rows.map(({ message }) => message).sort((a, b) => a - b);

const effects = ({ recorder }: RunningOrganization) =>
  recorder.faults.filter(({ kind }) => kind === 'safety-net').map(({ atMs, subject }) => [atMs, subject]);

const resubmittedBy = ({ recorder }: RunningOrganization) =>
  recorder.resubmissions.reduce((sum, { messages }) => sum + messages, 0);

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

describe('what Safety Net takes of queue databases', () => {
  const kilobyte = 1_024;

  test('QU-13, SN-01: what was handed on goes by the hour, when the last of the hour is two days old', () => {
    const organization = running();
    const { at, simulation, recorder, send, server } = organization;
    at(10 * minute, () => send('v1', ['u1'], 10 * kilobyte));
    at(50 * minute, () => send('v1', ['u1'], 20 * kilobyte));
    at(70 * minute, () => send('v1', ['u1'], 40 * kilobyte));
    const bytes = () =>
      ['A1', 'A2'].reduce((sum, name) => sum + (recorder.databaseBytes.get(server(name)) ?? 0), 0);
    simulation.runUntil(2 * hour);
    expect(bytes()).toBe(70 * kilobyte);
    simulation.runUntil(2 * day + hour - 1);
    expect(bytes()).toBe(70 * kilobyte);
    simulation.runUntil(2 * day + hour);
    expect(bytes()).toBe(40 * kilobyte);
    simulation.runUntil(2 * day + 2 * hour);
    expect(bytes()).toBe(0);
  });

  test('SN-01: each server that has handed a message on keeps it, whoever got it', () => {
    const organization = running({
      links: { 'A-B': 10 },
      servers: { A1: 'A', B1: 'B' },
      databases: { DB1: ['A1'], DB2: ['B1'] },
      mailboxes: { u1: 'DB1', v1: 'DB1', w1: 'DB1', u2: 'DB2' },
      connectors: [{ name: 'Internet', sourceServers: ['B1'] }],
    });
    const { at, simulation, recorder, send, server } = organization;
    // By A1, which writes one copy and sends B1 two, for its database and for its connector (RT-28).
    at(0, () => send('u1', ['v1', 'w1', 'u2', 'x@out.example'], 10 * kilobyte));
    simulation.runUntil(hour);
    expect(recorder.ended_.map(({ end }) => end)).toEqual(Array(4).fill('delivered'));
    expect(recorder.relays).toBe(2);
    expect(recorder.databaseBytes.get(server('A1'))).toBe(30 * kilobyte);
    expect(recorder.databaseBytes.get(server('B1'))).toBe(20 * kilobyte);
  });

  test('what was returned is not kept', () => {
    const organization = running({
      ...twoMembers,
      mailboxes: { u1: { database: 'DB1', quotaExceeded: true } },
    });
    const { at, simulation, recorder, send } = organization;
    at(0, () => send('x@out.example', ['u1', 'nobody'], 10 * kilobyte));
    simulation.runUntil(day);
    const sizes = [...recorder.databaseBytes.values()];
    // The two reports, each with the message attached to 10 KB of its own.
    expect(sizes.reduce((sum, bytes) => sum + bytes, 0)).toBe(2 * 20 * kilobyte);
  });
});

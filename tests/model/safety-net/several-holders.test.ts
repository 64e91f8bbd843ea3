import { describe, expect, test } from 'vitest';
import type { SettingOverrides } from '../../../src/sim/model/index.js';
import { deterministicHardware, type SmallOrganization } from '../small-organization.js';
import {
  effects,
  failOver,
  hour,
  minute,
  numbersOf,
  rowsOf,
  running,
  second,
  type Watched,
} from './watched.js';

/** Three members. A3 keeps its queue database, and loses the mailboxes; the other database is down for long. */
const small = {
  servers: { A1: 'A', A2: 'A', A3: 'A' },
  dags: { D: ['A1', 'A2', 'A3'] },
  databases: { DB1: ['A3', 'A2', 'A1'], HELD: ['A3'] },
  mailboxes: { u1: 'DB1', v1: 'DB1', held: 'HELD' },
} satisfies SmallOrganization;

/**
 * Mail every second for a minute. What is for `held` waits on the server that delivered the rest; so its shadow copy is kept when
 * A1 loses its queue database at 62 s.
 */
function heldMail(
  settings: SettingOverrides['transport'] = {},
  organizationOf: SmallOrganization = small,
  heldMs = 3 * hour,
) {
  const organization = running(organizationOf, { ...deterministicHardware, transport: settings });
  const { at, send, model, database } = organization;
  model.safetyNet.expectLoss(database('DB1'), 3 * hour);
  model.beginDatabaseOutage(database('HELD'));
  for (let n = 0; n < 60; n++) at(n * second, () => send('x@out.example', ['u1', 'v1', 'held']));
  loseQueues(organization, 'A1', 62 * second, 110 * second);
  at(heldMs, () => model.endDatabaseOutage(database('HELD')));
  return organization;
}

function loseQueues({ at, model, server }: Watched, name: string, fromMs: number, toMs: number) {
  at(fromMs, () => {
    model.beginServerOutage(server(name));
    model.loseQueueDatabase(server(name));
  });
  at(toMs, () => model.endServerOutage(server(name)));
}

/** The messages that a server delivered to u1 in the first minute. */
const deliveredBy = ({ recorder, model, server }: Watched, name: string) => {
  const u1 = model.addressBook.intern('u1@contoso.com');
  return recorder.deliveries.filter(
    ({ atMs, recipient, primary }) => atMs < 62 * second && recipient === u1 && primary === server(name),
  );
};

const droppedAfter = ({ recorder }: Watched, afterMs: number) =>
  recorder.duplicates.filter(({ isDropped, atMs }) => isDropped && atMs > afterMs);

/** All that was delivered to u1 and v1 was lost once, and is there again. */
function expectAllBack(organization: Watched) {
  for (const name of ['u1', 'v1']) {
    const { mail, again } = rowsOf(organization, name);
    expect(mail).toHaveLength(60);
    expect(numbersOf(again)).toEqual(numbersOf(mail));
    expect(again.every(({ end }) => end === 'delivered')).toBe(true);
  }
  expect(organization.recorder.losses).toEqual([]);
  expect(organization.model.audit()).toMatchObject({ alive: 0, lost: 0 });
}

describe('a mailbox that has lost a message takes it from whoever brings it', () => {
  test('SH-05, SN-02: from a shadow copy that is promoted before the primary has answered', () => {
    const organization = heldMail();
    const activeMs = failOver(organization, 'DB1', 'A2', 70 * second, 10 * minute);
    organization.simulation.runUntil(12 * hour);
    const own = numbersOf(deliveredBy(organization, 'A1'));
    expect(own.length).toBeGreaterThan(10);
    // At the heartbeats after A1's return; A1 is asked again only a quarter of an hour after the failover.
    const { again } = rowsOf(organization, 'u1');
    const early = again.filter(({ atMs }) => atMs > 110 * second && atMs < 4 * minute);
    expect(numbersOf(early)).toEqual(own);
    expectAllBack(organization);
    // What Safety Net brings then the mailboxes have already.
    expect(droppedAfter(organization, activeMs + 15 * minute)).toHaveLength(3 * own.length);
  });

  test('SH-05: from one that was promoted before the database was lost, and had to wait for it', () => {
    // Safety Net has nothing any more by then, but for what A1 had the shadow copies of and has got anew.
    const organization = heldMail({ safetyNetHoldTime: 50 * second });
    failOver(organization, 'DB1', 'A2', 115 * second, 10 * minute);
    organization.simulation.runUntil(12 * hour);
    const own = numbersOf(deliveredBy(organization, 'A1'));
    const { again } = rowsOf(organization, 'u1');
    const back = numbersOf(again.filter(({ end }) => end === 'delivered'));
    expect(back).toEqual(expect.arrayContaining(own));
    expect(again).toHaveLength(60);
    expect(back.length).toBeLessThan(50);
    expect(organization.recorder.losses).toHaveLength(2 * (60 - back.length));
    expect(organization.model.audit()).toMatchObject({ alive: 0 });
  });

  test('SH-05: from one that is promoted when no Safety Net has it any more', () => {
    const organization = heldMail();
    // The shadow copies of A2 are promoted at its return, a minute after the failover.
    loseQueues(organization, 'A2', 4 * minute, 7 * minute);
    failOver(organization, 'DB1', 'A3', 5 * minute, 10 * minute);
    organization.simulation.runUntil(12 * hour);
    const ofBoth = deliveredBy(organization, 'A1').length + deliveredBy(organization, 'A2').length;
    expect(ofBoth).toBeGreaterThan(20);
    expectAllBack(organization);
  });
});

describe('who has delivered what the mailbox dropped has it in Safety Net, too', () => {
  test('SN-01, SN-03: it is resubmitted when both servers of the first delivery have lost it', () => {
    const organization = heldMail();
    const { recorder, simulation, server } = organization;
    // A2 has delivered the shadow copies of what A1 had, for nothing, when it loses its queue database.
    loseQueues(organization, 'A2', 20 * minute, 21 * minute);
    simulation.runUntil(19 * minute);
    expect(droppedAfter(organization, 0).length).toBeGreaterThan(20);
    const promoted = recorder.shadowEnds.filter((each) => each.isPromoted && each.server === server('A2'));
    expect(promoted.length).toBeGreaterThan(5);
    failOver(organization, 'DB1', 'A3', 30 * minute, hour);
    simulation.runUntil(12 * hour);
    expectAllBack(organization);
    expect(effects(organization).some(([, what]) => String(what).includes('nobody has'))).toBe(false);
  });

  test('A-shadow-made-anew: so has the server that has got the shadow copy anew', () => {
    const twoMembers = {
      ...small,
      servers: { A1: 'A', A2: 'A' },
      dags: { D: ['A1', 'A2'] },
      databases: { DB1: ['A1', 'A2'], HELD: ['A2'] },
    };
    // By 20 min all shadow copies are done with, and in Safety Net.
    const organization = heldMail({}, twoMembers, 10 * minute);
    loseQueues(organization, 'A2', 20 * minute, 21 * minute);
    failOver(organization, 'DB1', 'A1', 30 * minute, hour);
    organization.simulation.runUntil(12 * hour);
    expect(deliveredBy(organization, 'A2').length).toBeGreaterThan(10);
    expectAllBack(organization);
  });

  test('SN-02, SN-03: who has promoted its shadow copy answers as a primary, which sends it to nobody else', () => {
    const organization = heldMail();
    const activeMs = failOver(organization, 'DB1', 'A2', 20 * minute, hour);
    organization.simulation.runUntil(12 * hour);
    expectAllBack(organization);
    expect(droppedAfter(organization, activeMs)).toEqual([]);
    expect(effects(organization).some(([, what]) => String(what).includes('from shadow copies'))).toBe(false);
  });
});

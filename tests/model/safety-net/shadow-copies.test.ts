import { describe, expect, test } from 'vitest';
import { deterministicHardware, type SmallOrganization } from '../small-organization.js';
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
  second,
  type Watched,
} from './watched.js';

/** Two members, a group, a mailbox that forwards outside, and a way there. */
const small = {
  servers: { A1: 'A', A2: 'A' },
  dags: { DAG1: ['A1', 'A2'] },
  databases: { DB1: ['A1', 'A2'], DB2: ['A2', 'A1'] },
  mailboxes: {
    u1: 'DB1',
    v1: 'DB1',
    u2: 'DB2',
    keeper: { database: 'DB1', forwardTo: 'home@out.example', deliverAndForward: true },
  },
  groups: [
    { address: 'group@contoso.com', members: ['u1@contoso.com', 'u2@contoso.com', 'member@out.example'] },
  ],
  connectors: [{ name: 'Internet', sourceServers: ['A1', 'A2'] }],
} satisfies SmallOrganization;

/** Sends to `to` every second, by both servers in turn; DB1 fails over to A2 with all of it while A1 is down. */
function lostBehindSilentPrimary(
  to: readonly string[],
  downFor = 13 * hour,
  organization = running(small, deterministicHardware),
) {
  const { at, send, model, server } = organization;
  for (let n = 0; n < 60; n++) at(n * second, () => send('x@out.example', to));
  // The discard events of the last two minutes have been fetched by then (SH-04).
  at(10 * minute, () => model.beginServerOutage(server('A1')));
  const activeMs = failOver(organization, 'DB1', 'A2', 12 * minute, 12 * minute);
  at(activeMs + downFor, () => model.endServerOutage(server('A1')));
  return { organization, activeMs };
}

/** A server stops, and has a new queue database when it is back. */
function loseQueues({ model, server }: Watched, name: string) {
  model.beginServerOutage(server(name));
  model.loseQueueDatabase(server(name));
}

/** The messages that a server delivered to a recipient, before they were lost. */
const deliveredBy = (organization: Watched, name: string, recipient: string) =>
  deliveredIn(organization, recipient, -1, 12 * minute).filter(
    ({ primary }) => primary === organization.server(name),
  );

/** Who got a message twice: inside, dropped; outside. */
function duplicatesOf({ recorder, model }: Watched) {
  const count = (isDropped: boolean) => {
    const counts: Record<string, number> = {};
    for (const each of recorder.duplicates.filter((one) => one.isDropped === isDropped)) {
      const name = model.recipientAddress(each.recipient);
      counts[name] = (counts[name] ?? 0) + 1;
    }
    return counts;
  };
  return { inside: count(true), outside: count(false) };
}

describe('a lossy failover whose primary is silent for 12 hours', () => {
  test('SN-03: the other server resubmits its shadow copies then, and nothing is lost', () => {
    const { organization, activeMs } = lostBehindSilentPrimary(['u1']);
    organization.simulation.runUntil(activeMs + 12 * hour - 1);
    const own = deliveredBy(organization, 'A1', 'u1');
    expect(own.length).toBeGreaterThan(10);
    expect(organization.model.audit()).toMatchObject({ alive: own.length, lost: 0 });
    organization.simulation.runUntil(activeMs + day);
    expect(organization.model.audit()).toMatchObject({ alive: 0, lost: 0 });
    const { again, mail } = rowsOf(organization, 'u1');
    expect(numbersOf(again)).toEqual(numbersOf(mail));
    expect(numbersOf(again.filter(({ atMs }) => atMs > activeMs + 12 * hour))).toEqual(numbersOf(own));
    expect(effects(organization).slice(-2)).toEqual([
      [activeMs + 12 * hour, `DB1: all are asked for ${own.length} messages`],
      [activeMs + 12 * hour, `DB1: A2 resubmits ${own.length} messages from shadow copies`],
    ]);
    expect(resubmittedBy(organization)).toBe(mail.length);
    expect(organization.recorder.duplicates).toEqual([]);
  });

  test('SN-05, CAP-54: each of its shadow copies passes the categorizer once', () => {
    const { organization, activeMs } = lostBehindSilentPrimary(['u1', 'v1', 'u2']);
    organization.simulation.runUntil(activeMs + 12 * hour - 1);
    const before = organization.recorder.categorized_;
    organization.simulation.runUntil(activeMs + day);
    const own = deliveredBy(organization, 'A1', 'u1');
    expect(organization.recorder.categorized_ - before).toBe(own.length);
    // One message for both recipients of the database, as it was one.
    expect(numbersOf(rowsOf(organization, 'v1').again)).toEqual(numbersOf(rowsOf(organization, 'u1').again));
    expect(organization.model.audit()).toMatchObject({ alive: 0, lost: 0 });
  });

  test('CAP-54: mailboxes drop what they have, those outside have it twice', () => {
    const { organization, activeMs } = lostBehindSilentPrimary(['u1', 'u2', 'friend@out.example']);
    organization.simulation.runUntil(activeMs + day);
    const own = deliveredBy(organization, 'A1', 'u1').length;
    expect(duplicatesOf(organization)).toEqual({
      inside: { 'u2@contoso.com': own },
      outside: { 'friend@out.example': own },
    });
    // What is sent twice counts nowhere else.
    expect(rowsOf(organization, 'u2').again).toEqual([]);
    expect(organization.recorder.ended_).toHaveLength(3 * 60 + rowsOf(organization, 'u1').again.length);
    expect(organization.model.audit()).toMatchObject({ alive: 0, lost: 0 });
  });

  test('SN-05: groups are expanded anew, for those who lost the message and for those who have it', () => {
    const { organization, activeMs } = lostBehindSilentPrimary(['group']);
    organization.simulation.runUntil(activeMs + day);
    const own = deliveredBy(organization, 'A1', 'u1').length;
    expect(own).toBeGreaterThan(10);
    const { again, mail } = rowsOf(organization, 'u1');
    expect(numbersOf(again)).toEqual(numbersOf(mail));
    expect(duplicatesOf(organization)).toEqual({
      inside: { 'u2@contoso.com': own },
      outside: { 'member@out.example': own },
    });
    expect(organization.model.audit()).toMatchObject({ alive: 0, lost: 0 });
  });

  test('RR-07: whom a mailbox forwards to gets it a second time, too', () => {
    const { organization, activeMs } = lostBehindSilentPrimary(['keeper']);
    organization.simulation.runUntil(activeMs + day);
    const own = deliveredBy(organization, 'A1', 'keeper').length;
    expect(own).toBeGreaterThan(10);
    const { again, mail } = rowsOf(organization, 'keeper');
    expect(numbersOf(again)).toEqual(numbersOf(mail));
    expect(duplicatesOf(organization)).toEqual({ inside: {}, outside: { 'home@out.example': own } });
    expect(organization.model.audit()).toMatchObject({ alive: 0, lost: 0 });
  });

  test('SN-01: back within the 12 hours, nobody asks for shadow copies and nothing comes twice', () => {
    const { organization, activeMs } = lostBehindSilentPrimary(['u1', 'friend@out.example'], 5 * hour);
    organization.simulation.runUntil(activeMs + day);
    const { again, mail } = rowsOf(organization, 'u1');
    expect(numbersOf(again)).toEqual(numbersOf(mail));
    expect(organization.recorder.duplicates).toEqual([]);
    expect(effects(organization).some(([, what]) => String(what).includes('shadow'))).toBe(false);
  });
});

describe('a primary that has only part of the window', () => {
  test('SN-04: the other server is asked for the rest at once', () => {
    const organization = running(small, deterministicHardware);
    const { at, send, model, server } = organization;
    for (let n = 0; n < 60; n++) at(n * second, () => send('x@out.example', ['u1']));
    at(10 * minute, () => loseQueues(organization, 'A1'));
    at(11 * minute, () => model.endServerOutage(server('A1')));
    for (let n = 0; n < 60; n++) at(15 * minute + n * second, () => send('x@out.example', ['u1']));
    const activeMs = failOver(organization, 'DB1', 'A2', 20 * minute, 20 * minute);
    organization.simulation.runUntil(activeMs + hour);
    const ofA1 = deliveredIn(organization, 'u1', -1, 20 * minute).filter(
      ({ primary }) => primary === server('A1'),
    );
    const gone = ofA1.filter(({ atMs }) => atMs < 10 * minute);
    expect(gone.length * (ofA1.length - gone.length)).toBeGreaterThan(0);
    const { again, mail } = rowsOf(organization, 'u1');
    expect(numbersOf(again)).toEqual(numbersOf(mail));
    expect(model.audit()).toMatchObject({ alive: 0, lost: 0 });
    expect(effects(organization).slice(0, 4)).toEqual([
      [activeMs, `DB1: A1 is asked for ${ofA1.length} messages`],
      [activeMs, `DB1: A1 resubmits ${ofA1.length - gone.length} messages`],
      [activeMs, `DB1: all are asked for ${gone.length} messages`],
      [activeMs, `DB1: A2 resubmits ${gone.length} messages from shadow copies`],
    ]);
  });

  test('SH-08: when both have lost their queue databases the mail is lost with its mailbox', () => {
    const organization = running(small, deterministicHardware);
    const { at, send, model, server } = organization;
    for (let n = 0; n < 60; n++) at(n * second, () => send('x@out.example', ['u1']));
    for (const [n, name] of ['A1', 'A2'].entries()) {
      at((10 + 10 * n) * minute, () => loseQueues(organization, name));
      at((15 + 10 * n) * minute, () => model.endServerOutage(server(name)));
    }
    const activeMs = failOver(organization, 'DB1', 'A1', hour, hour);
    organization.simulation.runUntil(2 * hour);
    const { again, mail } = rowsOf(organization, 'u1');
    expect(mail).toHaveLength(60);
    expect(again.map(({ end, atMs }) => [end, atMs])).toEqual(Array(60).fill(['lost', activeMs]));
    expect(organization.recorder.losses.map(({ cause }) => cause)).toEqual(Array(60).fill('mailbox-lost'));
  });
});

test('SN-06: shadow copies in another boundary are not asked for', () => {
  // A1 of a DAG over two sites serves a database of its site that is in no DAG (UN-10); its shadow copies are in B.
  const organization = running(
    {
      links: { 'A-B': 10 },
      servers: { A1: 'A', A9: { site: 'A', roles: ['mailbox'] }, B1: { site: 'B', roles: ['mailbox'] } },
      dags: { DAG1: ['A1', 'B1'] },
      databases: { DB1: ['A1', 'B1'], DB9: ['A9'] },
      mailboxes: { u1: 'DB1', u9: 'DB9' },
    },
    deterministicHardware,
  );
  const { at, send, model, server } = organization;
  at(0, () => model.beginServiceOutage(server('A9'), 'transport'));
  for (let n = 0; n < 20; n++) at(n * second, () => send('x@out.example', ['u9']));
  at(10 * minute, () => loseQueues(organization, 'A1'));
  at(11 * minute, () => model.endServerOutage(server('A1')));
  failOver(organization, 'DB9', 'A9', 20 * minute, 20 * minute);
  organization.simulation.runUntil(hour);
  expect(deliveredIn(organization, 'u9', -1, hour).every(({ primary }) => primary === server('A1'))).toBe(
    true,
  );
  const { again } = rowsOf(organization, 'u9');
  expect(again.map(({ end }) => end)).toEqual(Array(20).fill('lost'));
});

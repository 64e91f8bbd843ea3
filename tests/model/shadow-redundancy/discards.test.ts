import { describe, expect, it } from 'vitest';
import type { SettingOverrides } from '../../../src/sim/model/index.js';
import { type RunningOrganization, run, type SmallOrganization } from '../small-organization.js';
import { heldMail, hour, minute, noWork, promotions, second, twoHolders } from './held-mail.js';

/** No Safety Net: what a server has stored is queues and shadow copies. */
const noSafetyNet = (transport: Readonly<Record<string, unknown>> = {}): SettingOverrides => ({
  ...noWork,
  transport: { safetyNetHoldTime: 0, ...transport },
});

const stored = ({ recorder, server }: RunningOrganization, name: string) =>
  recorder.databaseBytes.get(server(name)) ?? 0;

describe('discard events', () => {
  /** Mail of P1 that P2 has shadow copies of; nothing else goes on. */
  function ofP1(settings = noSafetyNet()) {
    const mail = heldMail(settings);
    mail.hold('P1', 2);
    return mail;
  }

  it('SH-04: are there when the next hop has acknowledged, and not before', () => {
    const mail = ofP1();
    const { simulation, recorder } = mail;
    simulation.runUntil(simulation.nowMs + 12 * minute);
    expect(recorder.shadowEnds).toEqual([]);
    expect(stored(mail, 'P2')).toBeGreaterThan(0);
  });

  it('SH-04: are fetched at the next heartbeat, at latest after two minutes, and the copy takes no place any more', () => {
    const mail = ofP1();
    const { simulation, model, server, recorder } = mail;
    model.endServerOutage(server('X1'));
    simulation.runUntil(simulation.nowMs + hour);
    const delivered = recorder.ended_.map(({ atMs }) => atMs);
    const discarded = recorder.shadowEnds.map(({ atMs }) => atMs);
    expect(discarded).toHaveLength(recorder.acceptances.filter(({ hasShadow }) => hasShadow).length);
    for (const atMs of discarded) {
      expect(delivered.some((doneMs) => doneMs <= atMs && atMs <= doneMs + 2 * minute)).toBe(true);
    }
    expect([stored(mail, 'P1'), stored(mail, 'P2')]).toEqual([0, 0]);
    model.audit();
  });

  it.each([10 * second, 30 * minute])(
    'SH-04: heartbeats come every shadowHeartbeatFrequency (%i ms)',
    (everyMs) => {
      const running = run(twoHolders, noSafetyNet({ shadowHeartbeatFrequency: everyMs }));
      const { simulation, send, recorder, model } = running;
      send('a', ['b']);
      simulation.runUntil(second);
      const dueMs = recorder.acceptances[0]!.atMs + everyMs;
      simulation.runUntil(dueMs - 1);
      expect(recorder.ended_).toHaveLength(1);
      expect(recorder.shadowEnds).toEqual([]);
      simulation.runUntil(dueMs);
      expect(recorder.shadowEnds).toHaveLength(1);
      model.audit();
    },
  );

  it('SH-04: any connection of the holder with the primary brings them as well', () => {
    const running = run(
      { ...twoHolders, databases: { DB1: ['P1'], DB2: ['P2'] }, mailboxes: { a: 'DB1', b: 'DB2' }, dags: {} },
      noSafetyNet({ shadowHeartbeatFrequency: 12 * hour, smtpMaxMessagesPerConnection: 1 }),
    );
    const { simulation, send, recorder, model, server } = running;
    // Both send, both accept, and each has the other's shadow copies.
    for (let each = 0; each < 10; each++) {
      send(each % 2 === 0 ? 'a' : 'b', [each % 2 === 0 ? 'b' : 'a']);
      simulation.runUntil(simulation.nowMs + minute);
    }
    const holders = new Set(recorder.shadowEnds.map((each) => each.server));
    expect(simulation.nowMs).toBeLessThan(12 * hour);
    expect([...holders].sort()).toEqual([server('P1'), server('P2')].sort());
    model.audit();
  });

  it('SH-04: survive a restart of the primary: what it had handed on is not promoted and not sent twice', () => {
    const mail = ofP1(noSafetyNet({ shadowHeartbeatFrequency: 30 * minute }));
    const { simulation, model, server, recorder } = mail;
    model.endServerOutage(server('X1'));
    while (mail.recorder.ended_.length < mail.recorder.submitted_.length)
      simulation.runUntil(simulation.nowMs + second);
    const before = recorder.shadowEnds.length;
    model.beginServerOutage(server('P1'));
    simulation.runUntil(simulation.nowMs + 2 * hour);
    model.endServerOutage(server('P1'));
    simulation.runUntil(simulation.nowMs + hour);
    expect(recorder.shadowEnds.length).toBeGreaterThan(before);
    expect(promotions(mail)).toEqual([]);
    expect(recorder.duplicates).toEqual([]);
    expect(stored(mail, 'P2')).toBe(0);
    model.audit();
  });

  it('SH-04, SH-06: are lost with the queue database: what was handed on before is sent again, and dropped', () => {
    const mail = ofP1(noSafetyNet({ shadowHeartbeatFrequency: 30 * minute }));
    const { simulation, model, server, recorder } = mail;
    model.endServerOutage(server('X1'));
    while (recorder.ended_.length < recorder.submitted_.length)
      simulation.runUntil(simulation.nowMs + second);
    model.beginServerOutage(server('P1'));
    model.loseQueueDatabase(server('P1'));
    model.endServerOutage(server('P1'));
    simulation.runUntil(simulation.nowMs + hour);
    expect(promotions(mail).join()).toMatch(/P2: \d$/);
    expect(recorder.duplicates.length).toBeGreaterThan(0);
    expect(recorder.duplicates.every(({ isDropped }) => isDropped)).toBe(true);
    expect(recorder.ended_).toHaveLength(recorder.submitted_.length);
    model.audit();
  });

  it('SH-04: that are older than shadowMessageAutoDiscardInterval are there no more; SN-01: the copy expires after 4 days', () => {
    const mail = ofP1(
      noSafetyNet({ shadowMessageAutoDiscardInterval: minute, safetyNetHoldTime: 48 * hour }),
    );
    const { simulation, model, server, recorder } = mail;
    model.endServerOutage(server('X1'));
    simulation.runUntil(simulation.nowMs + 20 * minute);
    const doneMs = Math.max(...recorder.ended_.map(({ atMs }) => atMs));
    const missed =
      recorder.acceptances.filter(({ hasShadow }) => hasShadow).length - recorder.shadowEnds.length;
    expect(missed).toBeGreaterThan(0);
    simulation.runUntil(doneMs + 96 * hour - minute);
    model.audit();
    expect(stored(mail, 'P2')).toBeGreaterThan(0);
    simulation.runUntil(doneMs + 100 * hour);
    expect(stored(mail, 'P2')).toBe(0);
    expect(recorder.shadowEnds.filter(({ isPromoted }) => isPromoted)).toEqual([]);
    model.audit();
  });

  it('SH-04, SH-05: such a copy is promoted as any other when its primary has another queue database, however late', () => {
    const mail = ofP1(
      noSafetyNet({
        ...{ shadowMessageAutoDiscardInterval: minute, safetyNetHoldTime: 48 * hour },
        shadowResubmitTimeSpan: 200 * hour,
      }),
    );
    const { simulation, model, server, recorder } = mail;
    model.endServerOutage(server('X1'));
    simulation.runUntil(simulation.nowMs + 20 * minute);
    const ofP1Alone = recorder.acceptances.filter((each) => each.server === server('P1'));
    const ended = recorder.shadowEnds.length;
    const kept = ofP1Alone.length - recorder.shadowEnds.filter((each) => each.server === server('P2')).length;
    expect(kept).toBeGreaterThan(0);
    model.beginServerOutage(server('P1'));
    model.loseQueueDatabase(server('P1'));
    simulation.runUntil(simulation.nowMs + 100 * hour);
    expect(recorder.shadowEnds).toHaveLength(ended);
    model.endServerOutage(server('P1'));
    simulation.runUntil(simulation.nowMs + 3 * minute);
    expect(recorder.shadowEnds.filter(({ isPromoted }) => isPromoted)).toHaveLength(kept);
    simulation.runUntil(simulation.nowMs + hour);
    // They had been delivered, and are older by now than mail becomes.
    expect(recorder.duplicates).toEqual([]);
    expect(recorder.losses).toEqual([]);
    expect(model.audit().alive).toBe(0);
    model.audit();
  });

  it('SH-04, SN-01: discard events that wait for a holder longer than copies are kept are still fetched', () => {
    // Copies expire half an hour after a discard event that is not fetched within a minute.
    const transport = {
      ...{ shadowMessageAutoDiscardInterval: minute, shadowHeartbeatFrequency: 10 * minute },
      ...{ messageExpirationTimeout: 30 * minute, poisonThreshold: 9 },
    };
    const running = run(twoHolders, noSafetyNet(transport));
    const { simulation, model, server, send, recorder } = running;
    const sendByP1 = () => {
      const count = recorder.acceptances.filter((each) => each.server === server('P1')).length;
      while (recorder.acceptances.filter((each) => each.server === server('P1')).length === count) {
        send('a', ['b'], 1_000);
        simulation.runUntil(simulation.nowMs + second);
      }
    };
    sendByP1();
    simulation.runUntil(11 * minute);
    // Nobody will fetch that one any more.
    expect(stored(running, 'P2')).toBe(1_000);
    sendByP1();
    model.beginServerOutage(server('P2'));
    simulation.runUntil(2 * hour);
    model.audit();
    model.endServerOutage(server('P2'));
    simulation.runUntil(3 * hour);
    model.audit();
    sendByP1();
    simulation.runUntil(5 * hour);
    model.audit();
    expect(stored(running, 'P2')).toBe(0);
  });
});

describe('Shadow Safety Net', () => {
  it('SH-04: takes what is discarded, and holds it as long as Safety Net does', () => {
    const running = run(twoHolders, { ...noWork, transport: { safetyNetHoldTime: 5 * hour } });
    const { simulation, send, recorder, server, model } = running;
    send('a', ['b'], 1_000);
    simulation.runUntil(hour);
    const [accepted] = recorder.acceptances;
    const primary = model.topology.servers[accepted!.server]!.name;
    const holder = primary === 'P1' ? 'P2' : 'P1';
    expect([stored(running, primary), stored(running, holder)]).toEqual([1_000, 1_000]);
    simulation.runUntil(7 * hour);
    expect([stored(running, primary), stored(running, holder)]).toEqual([0, 0]);
    expect(server('P1')).not.toBe(server('P2'));
  });
});

describe('forks', () => {
  /** Mailboxes in two databases elsewhere, each to be reached or not by itself. */
  const two = {
    ...twoHolders,
    links: { 'P-X': { cost: 10, latencyMs: 0 }, 'P-Y': { cost: 10, latencyMs: 0 } },
    servers: { P1: 'P', P2: 'P', X1: 'X', Y1: 'Y' },
    databases: { DB1: ['P1', 'P2'], DBX: ['X1'], DBY: ['Y1'] },
    mailboxes: { a: 'DB1', b: 'DB1', x: 'DBX', y: 'DBY' },
    groups: [{ address: 'g@contoso.com', members: ['x@contoso.com', 'y@contoso.com', 'b@contoso.com'] }],
  } as const satisfies SmallOrganization;

  function toBoth(to: readonly string[], settings = noSafetyNet()) {
    const running = run(two, settings);
    const { model, server, send, simulation, recorder } = running;
    for (const name of ['X1', 'Y1']) model.beginServerOutage(server(name));
    while (!recorder.acceptances.some((each) => each.server === server('P1'))) {
      send('a', to, 1_000);
      simulation.runUntil(simulation.nowMs + minute);
    }
    return running;
  }

  it('SH-07: the shadow of a message for several next hops goes when all are done', () => {
    const running = toBoth(['b', 'x', 'y']);
    const { simulation, model, server, recorder } = running;
    const sent = recorder.acceptances.length;
    simulation.runUntil(hour);
    expect(recorder.shadowEnds).toEqual([]);
    model.endServerOutage(server('X1'));
    simulation.runUntil(2 * hour);
    expect(recorder.shadowEnds).toEqual([]);
    expect(recorder.ended_).toHaveLength(2 * sent);
    model.audit();
    model.endServerOutage(server('Y1'));
    simulation.runUntil(3 * hour);
    expect(recorder.ended_).toHaveLength(3 * sent);
    expect(recorder.shadowEnds).toHaveLength(sent);
    expect(['P1', 'P2'].map((name) => stored(running, name))).toEqual([0, 0]);
    model.audit();
  });

  it.each([
    ['addressed', ['b', 'x', 'y']],
    ['in a group', ['g']],
    ['in a group and addressed', ['g', 'x']],
  ])(
    'SH-05, SH-07: when one of them was done the whole message is sent again, and nobody counts twice: %s',
    (_, to) => {
      const running = toBoth(to);
      const { simulation, model, server, recorder } = running;
      model.endServerOutage(server('X1'));
      simulation.runUntil(hour);
      const before = recorder.ended_.length;
      model.beginServerOutage(server('P1'));
      model.loseQueueDatabase(server('P1'));
      model.audit();
      model.endServerOutage(server('P1'));
      simulation.runUntil(2 * hour);
      model.audit();
      // x and b have it and get it again.
      expect(recorder.duplicates).toHaveLength(2);
      expect(recorder.duplicates.every(({ isDropped }) => isDropped)).toBe(true);
      expect(recorder.ended_).toHaveLength(before);
      model.endServerOutage(server('Y1'));
      simulation.runUntil(4 * hour);
      expect(model.audit().alive).toBe(0);
      expect(recorder.losses).toEqual([]);
      const sent = recorder.submitted_.filter(({ kind }) => kind === 'mail').length;
      expect(recorder.ended_.filter(({ end }) => end === 'delivered')).toHaveLength(3 * sent);
    },
  );
});

describe('reports', () => {
  /** An outside sender, who cannot be reached, has written to somebody unknown: P1 has the report about that. */
  function reported(settings = noSafetyNet()) {
    const running = run(
      {
        servers: { P1: 'P', P2: 'P' },
        databases: { DB1: ['P1'] },
        mailboxes: { a: 'DB1' },
        connectors: [{ name: 'Internet', sourceServers: ['P1', 'P2'] }],
      },
      settings,
    );
    const { model, server, send, simulation, recorder } = running;
    model.remoteDomains.beginOutage('out.example', 'silent');
    while (!recorder.acceptances.some((each) => each.server === server('P1'))) {
      send('x@out.example', ['nobody'], 1_000);
      simulation.runUntil(simulation.nowMs + second);
    }
    simulation.runUntil(simulation.nowMs + minute);
    return { ...running, sent: recorder.acceptances.length };
  }

  it('SH-07, A-reports-are-shadowed: a shadow copy waits for the report about its message', () => {
    const { model, simulation, recorder, sent } = reported();
    simulation.runUntil(simulation.nowMs + hour);
    expect(recorder.ended_.map(({ end }) => end)).toEqual(Array.from({ length: sent }, () => 'returned'));
    expect(recorder.shadowEnds).toEqual([]);
    model.remoteDomains.endOutage('out.example', 'silent');
    simulation.runUntil(simulation.nowMs + hour);
    expect(recorder.shadowEnds).toHaveLength(sent);
    expect(model.audit().alive).toBe(0);
  });

  it('SH-07, A-reports-are-shadowed: with it the report survives its server', () => {
    const { model, server, simulation, recorder, sent } = reported();
    model.beginServerOutage(server('P1'));
    model.loseQueueDatabase(server('P1'));
    expect(recorder.losses).toEqual([]);
    model.audit();
    model.endServerOutage(server('P1'));
    simulation.runUntil(simulation.nowMs + 5 * minute);
    model.audit();
    model.remoteDomains.endOutage('out.example', 'silent');
    simulation.runUntil(simulation.nowMs + hour);
    // One about each message: what fails again is no news.
    expect(recorder.submitted_.filter(({ kind }) => kind === 'ndr')).toHaveLength(sent);
    expect(recorder.ended_.filter(({ kind, end }) => kind === 'ndr' && end === 'delivered')).toHaveLength(
      sent,
    );
    expect(model.audit().alive).toBe(0);
  });

  it('SH-05, SH-06: of a primary that is only silent both report, and outside that is a duplicate', () => {
    const { model, server, simulation, recorder, sent } = reported();
    model.beginServerOutage(server('P1'));
    simulation.runUntil(simulation.nowMs + 3 * hour + minute);
    model.audit();
    model.remoteDomains.endOutage('out.example', 'silent');
    simulation.runUntil(simulation.nowMs + hour);
    expect(recorder.ended_.filter(({ kind }) => kind === 'ndr')).toHaveLength(sent);
    model.audit();
    model.endServerOutage(server('P1'));
    simulation.runUntil(simulation.nowMs + hour);
    expect(recorder.ended_.filter(({ kind }) => kind === 'ndr')).toHaveLength(sent);
    expect(recorder.duplicates).toMatchObject([{ isDropped: false }]);
    expect(model.audit().alive).toBe(0);
  });

  it('SH-08: is lost with both holders', () => {
    const { model, server, recorder, sent } = reported();
    for (const name of ['P2', 'P1']) {
      model.beginServerOutage(server(name));
      model.loseQueueDatabase(server(name));
    }
    expect(recorder.losses).toHaveLength(sent);
    expect(model.audit()).toMatchObject({ alive: 0, lost: sent });
  });
});

describe('mail that has gone on', () => {
  it('SH-01, SH-04: beyond the boundary it is protected anew, while the shadow before still waits for its heartbeat', () => {
    const running = run(
      {
        links: { 'P-Q': { cost: 10, latencyMs: 0 } },
        servers: { P1: 'P', P2: 'P', Q1: 'Q', Q2: 'Q' },
        databases: { DBP: ['P1'], DBQ: ['Q1'] },
        mailboxes: { a: 'DBP', far: 'DBQ' },
      },
      { ...noSafetyNet({ shadowHeartbeatFrequency: 30 * minute }) },
    );
    const { model, server, database, send, simulation, recorder } = running;
    model.beginDatabaseOutage(database('DBQ'));
    while (recorder.hops.length === 0) {
      send('a', ['far'], 1_000);
      simulation.runUntil(simulation.nowMs + 10 * minute);
    }
    const { from, to } = recorder.hops[0]!;
    expect(recorder.acceptances.map(({ hasShadow }) => hasShadow)).not.toContain(false);
    // The server before it is lost: that does not matter any more, but for a second delivery.
    model.beginServerOutage(from);
    model.loseQueueDatabase(from);
    model.audit();
    // That at which it is, too: its partner there sends it on.
    model.beginServerOutage(to);
    model.loseQueueDatabase(to);
    model.audit();
    expect(recorder.losses).toEqual([]);
    for (const each of [from, to]) model.endServerOutage(each);
    simulation.runUntil(simulation.nowMs + hour);
    model.endDatabaseOutage(database('DBQ'));
    simulation.runUntil(simulation.nowMs + 12 * hour);
    model.audit();
    const sent = recorder.submitted_.filter(({ kind }) => kind === 'mail').length;
    expect(recorder.ended_.filter(({ end, kind }) => end === 'delivered' && kind === 'mail')).toHaveLength(
      sent,
    );
    expect(recorder.losses).toEqual([]);
    expect(model.audit().alive).toBe(0);
    expect(server('P1')).not.toBe(server('Q1'));
  });

  it('A-promoted-are-shadowed: what a holder has taken over has a shadow copy with another server at once', () => {
    const mail = heldMail(noWork, {
      ...twoHolders,
      servers: { P1: 'P', P2: 'P', P3: 'P', X1: 'X' },
      dags: { DAG1: ['P1', 'P2', 'P3'] },
    });
    const { model, server, simulation, recorder } = mail;
    mail.hold('P1', 1);
    expect(recorder.acceptances).toHaveLength(1);
    // First P1 and then whoever has taken its mail over, each back with a new queue database.
    for (const name of ['P1', 'P2', 'P3']) {
      model.beginServerOutage(server(name));
      model.loseQueueDatabase(server(name));
      model.audit();
      model.endServerOutage(server(name));
      simulation.runUntil(simulation.nowMs + 3 * minute);
      model.audit();
    }
    expect(recorder.losses).toEqual([]);
    model.endServerOutage(server('X1'));
    simulation.runUntil(simulation.nowMs + 3 * hour);
    expect(recorder.ended_).toMatchObject([{ end: 'delivered' }]);
    expect(promotions(mail).length).toBeGreaterThan(1);
    expect(model.audit().alive).toBe(0);
  });
});

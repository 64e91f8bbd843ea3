import { describe, expect, it } from 'vitest';
import { run, type SmallOrganization } from '../small-organization.js';
import { hour, minute, noWork, second } from './held-mail.js';

/** P3 of a DAG over two sites, 3 s from the other: what it relays it has for long enough to lose it. */
function lostAtP3(
  small: Pick<SmallOrganization, 'groups' | 'mailboxes' | 'contacts'>,
  to: readonly string[],
) {
  const running = run(
    {
      links: { 'A-B': { cost: 10, latencyMs: 3 * second } },
      servers: { P2: 'A', P3: 'B' },
      dags: { D: ['P2', 'P3'] },
      databases: { DB1: ['P2'], DB3: ['P3'] },
      connectors: [{ name: 'I', sourceServers: ['P2'] }],
      ...small,
      mailboxes: { u0: 'DB1', u1: 'DB3', ...small.mailboxes },
    },
    noWork,
  );
  const { simulation, model, recorder, server, send } = running;
  send('u1', to);
  simulation.runUntil(3 * second);
  expect(recorder.acceptances).toMatchObject([{ server: server('P3'), hasShadow: true }]);
  model.beginServerOutage(server('P3'));
  model.loseQueueDatabase(server('P3'));
  model.audit();
  simulation.runUntil(minute);
  model.endServerOutage(server('P3'));
  simulation.runUntil(hour);
  expect(model.audit().alive).toBe(0);
  expect(recorder.losses).toEqual([]);
  return recorder.ended_.map(({ end, recipient }) => `${end} ${model.addressBook.address(recipient)}`).sort();
}

describe('mail that a shadow copy is promoted for finds what had become of it (SH-05)', () => {
  it('SH-05, SH-08: a group in a group, which the primary had left to the server of the shadow copy to expand', () => {
    const groups = [
      { address: 'g1@contoso.com', members: ['u0@contoso.com'], expansionServer: 'P2' },
      { address: 'g2@contoso.com', members: ['g1@contoso.com'] },
    ];
    expect(lostAtP3({ groups }, ['g2'])).toEqual(['delivered u0@contoso.com']);
  });

  it('SH-05, SH-08: somebody addressed and in a group, whose mail had been forwarded', () => {
    const found = lostAtP3(
      {
        groups: [
          { address: 'g1@contoso.com', members: ['u0@contoso.com', 'fw@contoso.com'], expansionServer: 'P2' },
        ],
        mailboxes: { fw: { database: 'DB1', forwardTo: 'ext@contoso.com', deliverAndForward: true } },
        contacts: { ext: 'ext@partner.example' },
      },
      ['g1', 'fw'],
    );
    expect(found).toEqual([
      'delivered ext@partner.example',
      'delivered fw@contoso.com',
      'delivered u0@contoso.com',
    ]);
  });

  it('SH-05, SH-08: a group, when the server that its shadow copy was promoted on is lost after it', () => {
    const running = run(
      {
        links: { 'P-X': { cost: 10, latencyMs: 0 } },
        servers: { P1: 'P', P2: 'P', P3: 'P', X1: 'X' },
        dags: { D: ['P1', 'P2', 'P3'] },
        databases: { DB1: ['P1', 'P2', 'P3'], DBX: ['X1'] },
        mailboxes: { a: 'DB1', far: 'DBX' },
        groups: [{ address: 'g@contoso.com', members: ['far@contoso.com'] }],
      },
      noWork,
    );
    const { simulation, model, recorder, server, send } = running;
    model.beginServerOutage(server('X1'));
    send('a', ['g']);
    const lose = (lost: number) => {
      simulation.runUntil(simulation.nowMs + minute);
      model.beginServerOutage(lost);
      model.loseQueueDatabase(lost);
      simulation.runUntil(simulation.nowMs + minute);
      model.endServerOutage(lost);
      simulation.runUntil(simulation.nowMs + 10 * minute);
      model.audit();
      return recorder.shadowEnds.filter(({ isPromoted }) => isPromoted).at(-1)!.server;
    };
    simulation.runUntil(second);
    const next = lose(recorder.acceptances[0]!.server);
    const third = lose(next);
    expect(third).not.toBe(next);
    model.endServerOutage(server('X1'));
    simulation.runUntil(2 * hour);
    expect(recorder.losses).toEqual([]);
    expect(recorder.ended_.map(({ end }) => end)).toEqual(['delivered']);
  });

  it('SH-05, RR-07: whom a mailbox forwards to, when the primary had not come to it', () => {
    const running = run(
      {
        servers: { P1: 'P', P2: 'P' },
        dags: { D: ['P1', 'P2'] },
        databases: { DB1: ['P1', 'P2'] },
        mailboxes: {
          a: 'DB1',
          fw: { database: 'DB1', forwardTo: 'b@contoso.com', deliverAndForward: true },
          b: 'DB1',
        },
      },
      { hardware: { ...noWork['hardware'], categorizerTime: 10 * minute } },
    );
    const { simulation, model, recorder, send } = running;
    send('a', ['fw']);
    simulation.runUntil(second);
    const primary = recorder.acceptances[0]!.server;
    model.beginServerOutage(primary);
    model.loseQueueDatabase(primary);
    model.endServerOutage(primary);
    simulation.runUntil(hour);
    expect(recorder.shadowEnds.filter(({ isPromoted }) => isPromoted)).toHaveLength(1);
    const ended = recorder.ended_.map(
      ({ end, recipient }) => `${end} ${model.addressBook.address(recipient)}`,
    );
    expect(ended.sort()).toEqual(['delivered b@contoso.com', 'delivered fw@contoso.com']);
    expect(recorder.duplicates).toEqual([]);
  });

  it('SH-05, SH-08: a group that waits on a silent primary for its expansion server goes on from the other one', () => {
    const running = run(
      {
        links: { 'P-X': { cost: 10, latencyMs: 0 } },
        servers: { P1: 'P', P2: 'P', X1: 'X' },
        dags: { D: ['P1', 'P2'] },
        databases: { DB1: ['P1', 'P2'], DBX: ['X1'] },
        mailboxes: { a: 'DB1', far: 'DBX' },
        groups: [{ address: 'g@contoso.com', members: ['far@contoso.com'], expansionServer: 'X1' }],
      },
      noWork,
    );
    const { simulation, model, recorder, server, send } = running;
    model.beginServerOutage(server('X1'));
    send('a', ['g']);
    simulation.runUntil(second);
    const primary = recorder.acceptances[0]!.server;
    model.beginServerOutage(primary);
    simulation.runUntil(4 * hour);
    model.endServerOutage(server('X1'));
    simulation.runUntil(8 * hour);
    expect(recorder.ended_.map(({ end }) => end)).toEqual(['delivered']);
    model.loseQueueDatabase(primary);
    expect(recorder.losses).toEqual([]);
    // The sender's delay notice.
    model.endServerOutage(primary);
    simulation.runUntil(20 * hour);
    expect(model.audit().alive).toBe(0);
  });

  it('SH-05, MI-05: who came of a group that is never expanded again expires with it, and is not lost', () => {
    const running = run(
      {
        links: { 'P-X': { cost: 10, latencyMs: 0 } },
        servers: { P1: 'P', P2: 'P', X1: 'X' },
        dags: { D: ['P1', 'P2'] },
        databases: { DB2: ['P2'], DBX: ['X1'] },
        mailboxes: { a: 'DB2', far: 'DBX' },
        groups: [{ address: 'g@contoso.com', members: ['far@contoso.com'], expansionServer: 'P1' }],
      },
      noWork,
    );
    const { simulation, model, recorder, server, send } = running;
    model.beginServerOutage(server('X1'));
    send('a', ['g']);
    simulation.runUntil(minute);
    expect(recorder.acceptances.at(-1)).toMatchObject({ server: server('P1'), hasShadow: true });
    model.beginServerOutage(server('P1'));
    model.loseQueueDatabase(server('P1'));
    // P2 has the group alone, and P1 does not come back.
    simulation.runUntil(4 * 24 * hour);
    expect(recorder.shadowEnds.filter(({ isPromoted }) => isPromoted)).not.toEqual([]);
    expect(recorder.losses).toEqual([]);
    const mail = recorder.ended_.filter(({ kind }) => kind === 'mail');
    expect(mail.map(({ end, code }) => [end, code])).toEqual([['expired', '4.4.7']]);
    expect(model.audit().alive).toBe(0);
  });

  it('SH-05: what is claimed before its own shadow copy is promoted leaves that one alone', () => {
    const running = run(
      {
        links: { 'R-P': { cost: 10, latencyMs: 0 }, 'P-X': { cost: 10, latencyMs: 0 } },
        servers: { R1: 'R', R2: 'R', P1: 'P', P2: 'P', X1: 'X' },
        databases: { DBR: ['R1'], DBP: ['P1'], DBX: ['X1'] },
        mailboxes: { r: 'DBR', p: 'DBP', far: 'DBX' },
        groups: [{ address: 'g@contoso.com', members: ['far@contoso.com'], expansionServer: 'P1' }],
      },
      noWork,
      null,
      { P2: { transport: { shadowHeartbeatFrequency: hour } } },
    );
    const { simulation, model, recorder, server, send } = running;
    model.beginServerOutage(server('X1'));
    // R1 has handed it to P1, and R2 does not know that yet.
    send('r', ['g']);
    simulation.runUntil(second);
    expect(recorder.acceptances.map((each) => each.server)).toEqual([server('R1'), server('P1')]);
    for (const name of ['R1', 'P1']) {
      model.beginServerOutage(server(name));
      model.loseQueueDatabase(server(name));
      model.endServerOutage(server(name));
    }
    simulation.runUntil(10 * minute);
    const promoted = recorder.shadowEnds.filter(({ isPromoted }) => isPromoted);
    expect(promoted).toMatchObject([{ server: server('R2') }]);
    // It was claimed at P1: other copies are made where it was.
    for (let count = 0; count < 5; count++) send('p', ['far']);
    simulation.runUntil(20 * minute);
    model.audit();
    model.endServerOutage(server('X1'));
    simulation.runUntil(5 * hour);
    expect(model.audit().alive).toBe(0);
    expect(recorder.losses).toEqual([]);
    expect(recorder.ended_.filter(({ end }) => end === 'delivered')).toHaveLength(6);
  });
});

import { describe, expect, it } from 'vitest';
import type { SettingOverrides } from '../../../src/sim/model/index.js';
import { noTime, type RunningOrganization, run, type SmallOrganization } from '../small-organization.js';
import {
  type HeldMail,
  heldMail,
  hour,
  minute,
  noWork,
  promotions,
  second,
  twoHolders,
} from './held-mail.js';

/** Mail on P1, of which P2 has shadow copies, in some state; and what lets it go. */
interface Standing extends RunningOrganization {
  readonly on: { readonly P1: number; readonly P2: number };
  release(): void;
}

/** Counts what has been accepted where, when nothing else is accepted any more. */
function standing(running: RunningOrganization, release: () => void): Standing {
  const { recorder, server } = running;
  const on = (name: string) => recorder.acceptances.filter((each) => each.server === server(name)).length;
  return { ...running, on: { P1: on('P1'), P2: on('P2') }, release };
}

const slow = {
  ...noWork,
  hardware: { ...noTime.hardware, categorizerTime: 600 * second },
  transport: { categorizerSlots: 1, poisonThreshold: 1 },
} satisfies SettingOverrides;

/** Sends messages to one of its own until P1 has accepted three. */
function sendToP1(running: RunningOrganization, to: string): void {
  const { recorder, server, send, simulation } = running;
  const accepted = () => recorder.acceptances.filter((each) => each.server === server('P1')).length;
  while (accepted() < 3) {
    send('a', [to]);
    simulation.runUntil(simulation.nowMs + second);
  }
}

const outside = {
  ...twoHolders,
  connectors: [{ name: 'Internet', sourceServers: ['P1', 'P2'] }],
} satisfies SmallOrganization;

const states: Readonly<Record<string, () => Standing>> = {
  'in a delivery queue in Retry': () => {
    const mail = heldMail();
    mail.hold('P1', 3);
    return standing(mail, () => mail.model.endServerOutage(mail.server('X1')));
  },
  'deferred by itself': () => {
    const running = run(outside, noWork);
    running.model.remoteDomains.beginOutage('out.example', '4xx');
    sendToP1(running, 'x@out.example');
    running.simulation.runUntil(minute);
    return standing(running, () => running.model.remoteDomains.endOutage('out.example', '4xx'));
  },
  'in the categorizer and in Submission': () => {
    const running = run(twoHolders, { ...slow, transport: { ...slow.transport, poisonThreshold: 9 } });
    sendToP1(running, 'b');
    return standing(running, () => {});
  },
  'in the Poison queue and in Submission': () => {
    const running = run(twoHolders, slow);
    sendToP1(running, 'b');
    const { model, server, simulation } = running;
    model.beginServiceOutage(server('P1'), 'transport');
    model.endServiceOutage(server('P1'), 'transport');
    simulation.runUntil(simulation.nowMs + second);
    const queues = Array.from({ length: model.queueCount }, (_, queue) => queue);
    const poison = queues.filter((queue) => model.queueKey(queue).nextHopDomain === 'Poison Message');
    expect(poison.map((queue) => model.queueMessages(queue))).toEqual([1]);
    return standing(running, () => {});
  },
};

function lose({ model, server, simulation }: RunningOrganization, name: string): void {
  model.beginServerOutage(server(name));
  model.loseQueueDatabase(server(name));
  model.audit();
  simulation.runUntil(simulation.nowMs + second);
  model.audit();
}

const ends = ({ recorder }: RunningOrganization, end: string) =>
  recorder.ended_.filter((each) => each.end === end && each.kind === 'mail').length;

describe.each(Object.entries(states))('mail %s', (_, stand) => {
  it('SH-05: survives its server, if that comes back without it', () => {
    const mail = stand();
    const { model, server, simulation, recorder } = mail;
    lose(mail, 'P1');
    expect(recorder.losses).toEqual([]);
    model.endServerOutage(server('P1'));
    simulation.runUntil(simulation.nowMs + 2 * minute);
    expect(recorder.shadowEnds.filter(({ isPromoted }) => isPromoted).length).toBeGreaterThanOrEqual(3);
    mail.release();
    simulation.runUntil(simulation.nowMs + 12 * hour);
    model.audit();
    expect(recorder.losses).toEqual([]);
    expect(ends(mail, 'delivered')).toBe(mail.on.P1 + mail.on.P2);
    expect(recorder.duplicates).toEqual([]);
    expect(model.audit().alive).toBe(0);
  });

  it('SH-05: survives its server, if that never comes back', () => {
    const mail = stand();
    const { model, simulation, recorder } = mail;
    lose(mail, 'P1');
    simulation.runUntil(simulation.nowMs + 3 * hour);
    mail.release();
    simulation.runUntil(simulation.nowMs + 12 * hour);
    expect(recorder.losses).toEqual([]);
    // The mailbox of the recipient is on P1, or beyond it, where P1 does not stand in the way.
    expect(promotions(mail).length).toBeGreaterThan(0);
    expect(model.audit().lost).toBe(0);
  });

  it('SH-08: survives the server that has the shadow copies', () => {
    const mail = stand();
    const { model, server, simulation, recorder } = mail;
    lose(mail, 'P2');
    expect(recorder.losses).toEqual([]);
    model.endServerOutage(server('P2'));
    mail.release();
    simulation.runUntil(simulation.nowMs + 12 * hour);
    expect(recorder.losses).toEqual([]);
    // One that is poison is for an administrator.
    expect(ends(mail, 'delivered') + model.audit().alive).toBe(mail.on.P1 + mail.on.P2);
  });

  it.each([
    ['the holder first', ['P2', 'P1']],
    ['its server first', ['P1', 'P2']],
  ])('SH-08: is lost with both, %s, and the cause is named', (_order, names) => {
    const mail = stand();
    const { model, server, simulation, recorder } = mail;
    const before = ends(mail, 'delivered');
    lose(mail, names[0]!);
    expect(recorder.losses).toEqual([]);
    lose(mail, names[1]!);
    expect(recorder.losses.map(({ cause }) => cause)).toEqual(
      Array.from({ length: mail.on.P1 + mail.on.P2 - before }, () => 'queue-database-lost'),
    );
    expect(recorder.losses.length).toBeGreaterThanOrEqual(3);
    // By whoever had the last of it.
    const by = recorder.ended_.filter(({ end }) => end === 'lost').map((each) => each.server);
    expect(new Set(by)).toEqual(new Set([server(names[1]!)]));
    for (const name of names) model.endServerOutage(server(name));
    mail.release();
    simulation.runUntil(simulation.nowMs + 12 * hour);
    expect(model.audit()).toMatchObject({ alive: 0, lost: recorder.losses.length });
  });

  it('SH-08: is lost with its server alone where shadow copies are switched off', () => {
    // The same mail, of which P2 has no copies any more: it has lost its database before.
    const mail = stand();
    const { model, server, simulation, recorder } = mail;
    lose(mail, 'P2');
    model.endServerOutage(server('P2'));
    simulation.runUntil(simulation.nowMs + second);
    lose(mail, 'P1');
    expect(recorder.losses.length).toBeGreaterThanOrEqual(3);
    model.audit();
  });
});

describe('mail in the Unreachable queue', () => {
  it('SH-05, QU-01: waits in that of the holder, once it is promoted', () => {
    const running = run(twoHolders, noWork);
    const { model, server, simulation, recorder } = running;
    sendToP1(running, 'x@out.example');
    const sent = recorder.acceptances.length;
    lose(running, 'P1');
    model.endServerOutage(server('P1'));
    simulation.runUntil(simulation.nowMs + 3 * minute);
    expect(model.audit().alive).toBe(sent);
    const queues = Array.from({ length: model.queueCount }, (_, queue) => queue)
      .filter((queue) => model.queueMessages(queue) > 0)
      .map((queue) => [
        model.queueServer(queue),
        model.queueKey(queue).nextHopDomain,
        model.queueMessages(queue),
      ]);
    expect(queues).toEqual([[server('P2'), 'Unreachable Domain', sent]]);
    simulation.runUntil(simulation.nowMs + 49 * hour);
    // MI-05: it expires as it would have.
    expect(recorder.ended_.filter(({ end }) => end === 'expired')).toHaveLength(sent);
  });
});

describe('mail that is promoted', () => {
  it("SH-05, SH-08: is the holder's as soon as that has it, though it has not been categorized there", () => {
    const mail = heldMail({ ...noWork, hardware: { ...noTime.hardware, categorizerTime: 600 * second } });
    const { model, server, simulation, recorder, hold } = mail;
    hold('P1', 2);
    simulation.runUntil(simulation.nowMs + hour);
    model.beginServerOutage(server('P1'));
    simulation.runUntil(simulation.nowMs + 3 * hour + minute);
    expect(promotions(mail)).toHaveLength(1);
    // P1 was only silent until now.
    model.loseQueueDatabase(server('P1'));
    expect(recorder.losses).toEqual([]);
    model.audit();
    model.endServerOutage(server('X1'));
    simulation.runUntil(simulation.nowMs + 3 * hour);
    expect(recorder.losses).toEqual([]);
    const sent = recorder.submitted_.filter(({ kind }) => kind === 'mail').length;
    expect(ends(mail, 'delivered')).toBe(sent);
    expect(model.audit().lost).toBe(0);
  });

  it('SH-08: is lost when the holder goes, too, before it has been', () => {
    const mail = heldMail({ ...noWork, hardware: { ...noTime.hardware, categorizerTime: 600 * second } });
    const { model, server, simulation, recorder, hold } = mail;
    hold('P1', 2);
    simulation.runUntil(simulation.nowMs + hour);
    model.beginServerOutage(server('P1'));
    simulation.runUntil(simulation.nowMs + 3 * hour + minute);
    model.loseQueueDatabase(server('P1'));
    lose(mail, 'P2');
    expect(recorder.losses.length).toBeGreaterThanOrEqual(2);
    expect(model.audit().alive).toBe(0);
    expect(model.messagesInFlight).toBe(0);
  });
});

describe('mail without a second holder', () => {
  /** Three messages on P1, which goes with its queue database. */
  function lost(mail: HeldMail): HeldMail {
    mail.hold('P1', 3);
    lose(mail, 'P1');
    return mail;
  }

  it('SH-08: with shadow redundancy switched off it is lost with its server, and the cause is named', () => {
    const mail = lost(heldMail({ ...noWork, transport: { shadowRedundancyEnabled: false } }));
    expect(mail.recorder.losses.map(({ cause }) => cause)).toEqual([
      'queue-database-lost',
      'queue-database-lost',
      'queue-database-lost',
    ]);
    expect(mail.model.audit().lost).toBe(3);
    expect(mail.recorder.ended_.filter(({ end }) => end === 'lost')).toHaveLength(3);
  });

  it('SH-08: switched on the same mail is not', () => {
    expect(lost(heldMail()).recorder.losses).toEqual([]);
  });

  it('SH-03, SH-08: what is accepted while the only partner is down is lost, what came before is not', () => {
    const mail = heldMail();
    const { model, server, recorder, hold } = mail;
    hold('P1', 2);
    model.beginServerOutage(server('P2'));
    hold('P1', 1);
    const unshadowed = recorder.acceptances.filter(({ hasShadow }) => !hasShadow);
    expect(unshadowed).toHaveLength(1);
    lose(mail, 'P1');
    expect(recorder.losses).toHaveLength(1);
    model.audit();
  });

  it('SH-04: what its server had seen off before is nobody any more who could be lost', () => {
    const mail = heldMail();
    const { model, server, recorder, hold, simulation } = mail;
    hold('P1', 2);
    model.endServerOutage(server('X1'));
    simulation.runUntil(simulation.nowMs + hour);
    model.beginServerOutage(server('X1'));
    for (const name of ['P1', 'P2']) lose(mail, name);
    expect(recorder.losses).toEqual([]);
    expect(model.audit().alive).toBe(0);
  });

  it('SH-08: an Edge has no second holder, nor has a hub of 2007', () => {
    const hub = { site: 'P', version: '2007', roles: ['hub-transport', 'mailbox'] } as const;
    const running = run(
      {
        servers: { P1: 'P', P2: 'P', H: hub },
        edges: { E1: 'P' },
        databases: { DB1: ['P1'], DBH: ['H'] },
        mailboxes: { a: 'DB1', old: 'DBH' },
        connectors: [{ name: 'Internet', sourceServers: ['E1'] }],
      },
      noWork,
    );
    const { model, send, simulation, database, recorder } = running;
    model.remoteDomains.beginOutage('out.example', 'silent');
    model.beginDatabaseOutage(database('DBH'));
    send('a', ['x@out.example']);
    send('a', ['old']);
    simulation.runUntil(minute);
    lose(running, 'E1');
    expect(recorder.losses).toHaveLength(1);
    lose(running, 'H');
    expect(recorder.losses).toHaveLength(2);
    expect(model.audit().alive).toBe(0);
  });

  it('A-pickup: files that lie in a Pickup directory are no queue: they wait', () => {
    const running = run(twoHolders, noWork);
    const { model, server, simulation, recorder } = running;
    const a = model.addressBook.intern('a@contoso.com');
    model.pickupDirectories.put(server('P1'), a, [a], 1_024, 100);
    lose(running, 'P1');
    expect(recorder.losses).toEqual([]);
    model.endServerOutage(server('P1'));
    simulation.runUntil(hour);
    expect(recorder.ended_).toMatchObject([{ end: 'delivered' }]);
  });
});

describe('SH-10: a hub of 2010 in the site of the server that sends', () => {
  const hub = { site: 'P', version: '2010', roles: ['hub-transport', 'mailbox'] } as const;
  const mixed = {
    servers: { P1: 'P', P2: 'P', H: hub },
    databases: { DB1: ['P1'], DBH: ['H'] },
    mailboxes: { a: 'DB1', old: 'DBH' },
  } as const satisfies SmallOrganization;

  /** A message that waits on the hub for its database. */
  function onHub(settings: SettingOverrides = noWork) {
    const running = run(mixed, settings);
    const { model, send, simulation, database, recorder, server } = running;
    model.beginDatabaseOutage(database('DBH'));
    send('a', ['old']);
    simulation.runUntil(3 * minute);
    expect(recorder.acceptances.at(-1)!.server).toBe(server('H'));
    return running;
  }

  it('SH-10: the server keeps a shadow copy of what the hub has', () => {
    const { recorder } = onHub();
    expect(recorder.acceptances.map(({ hasShadow }) => hasShadow)).toEqual([true, true]);
    expect(recorder.shadowEnds).toHaveLength(1);
  });

  it('SH-10: with that the message survives the hub', () => {
    const running = onHub();
    const { model, server, database, simulation, recorder } = running;
    lose(running, 'H');
    expect(recorder.losses).toEqual([]);
    model.endServerOutage(server('H'));
    model.endDatabaseOutage(database('DBH'));
    simulation.runUntil(2 * hour);
    expect(recorder.ended_).toMatchObject([{ end: 'delivered', server: server('H') }]);
    expect(model.audit().alive).toBe(0);
  });

  it('SH-10: when the hub has delivered, the server fetches the discard event, and keeps the copy in Safety Net alone', () => {
    const { model, database, simulation, recorder } = onHub();
    model.endDatabaseOutage(database('DBH'));
    simulation.runUntil(2 * hour);
    expect(recorder.ended_).toMatchObject([{ end: 'delivered' }]);
    expect(recorder.shadowEnds.map(({ isPromoted }) => isPromoted)).toEqual([false, false]);
    model.audit();
  });

  it('SH-10: nobody does where the server is in another site', () => {
    const running = run(
      {
        ...mixed,
        links: { 'P-Q': { cost: 10, latencyMs: 0 } },
        servers: { P1: 'P', P2: 'P', H: { ...hub, site: 'Q' } },
      },
      noWork,
    );
    running.send('a', ['old']);
    running.simulation.runUntil(3 * minute);
    expect(running.recorder.acceptances.map(({ hasShadow }) => hasShadow)).toEqual([true, false]);
  });
});

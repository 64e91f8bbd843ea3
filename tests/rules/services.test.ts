import { describe, expect, test } from 'vitest';
import type { Service } from '../../src/sim/model/server-states.js';
import { RouteReader } from '../conformance/route-reader.js';
import { deterministicHardware, run } from '../model/small-organization.js';

const second = 1_000;
const minute = 60 * second;

/** Two servers of one site with both roles; the only database is on S1. */
function oneSite(settings = {}) {
  return run(
    {
      servers: { S1: 'A', S2: 'A' },
      databases: { DB1: ['S1'] },
      mailboxes: { u1: 'DB1', u2: 'DB1', full: { database: 'DB1', quotaExceeded: true } },
    },
    { ...deterministicHardware, ...settings },
  );
}

describe('RT-01', () => {
  test('RT-01: every Mailbox server on the way has a Transport service that categorizes the message', () => {
    const { simulation, recorder, at, send } = run({
      links: { 'A-B': 10 },
      servers: {
        A1: { site: 'A', roles: ['mailbox'] },
        B1: { site: 'B', roles: ['mailbox'] },
        C1: { site: 'A', roles: ['client-access'] },
      },
      databases: { DBA: ['A1'], DBB: ['B1'] },
      mailboxes: { a: 'DBA', b: 'DBB' },
    });
    // From a user to both sites: A1 categorizes the message, and B1 its copy. From outside, for B: B1 alone.
    at(0, () => send('a', ['a', 'b']));
    at(minute, () => send('x@outside.example', ['b']));
    simulation.runUntil(30 * second);
    expect(recorder.categorized_).toBe(2);
    expect(recorder.ended_.map(({ recipient, hops }) => [recipient, hops])).toEqual([
      [0, 1],
      [1, 2],
    ]);
    simulation.runUntil(2 * minute);
    expect(recorder.categorized_).toBe(3);
  });

  test('RT-01: a Client Access server alone has none, and takes no mail in fallback or back-off', () => {
    const read = new RouteReader({
      links: ['S-X 10', 'X-P 10'],
      servers: ['S1@S', 'P1@P', 'C1@P 2013 client-access', 'C2@X 2013 client-access'],
      databases: { DB: ['P1'] },
    });
    expect(read.tiers(read.toDatabase('S1', 'DB').tiers)).toEqual(['target-servers P: P1']);
  });
});

describe('Mailbox Transport', () => {
  test('RT-04, RT-06: into and out of a database mail goes by the services of the server that holds it, and no others', () => {
    const { simulation, model, recorder, at, send, server } = oneSite();
    for (const service of ['mailbox-delivery', 'mailbox-submission'] as const) {
      model.beginServiceOutage(server('S1'), service);
    }
    // The Transport services of S1 and of S2 take two each.
    for (const ms of [0, 1, 2, 3]) at(ms * second, () => send('x@outside.example', ['u1']));
    at(0, () => send('u1', ['u2']));
    simulation.runUntil(10 * minute);
    // S2 has both services of Mailbox Transport, and nothing is taken, written, or even offered there.
    expect([recorder.categorized_, recorder.ended_.length, recorder.redirects.length]).toEqual([4, 0, 0]);
    model.endServiceOutage(server('S1'), 'mailbox-submission');
    model.endServiceOutage(server('S1'), 'mailbox-delivery');
    simulation.runUntil(30 * minute);
    expect(recorder.ended_.map(({ end, server }) => [end, server])).toEqual(
      Array(5).fill(['delivered', server('S1')]),
    );
    expect(recorder.redirects).toEqual([]);
  });

  test('RT-50: Submission keeps nothing: what it works on when it stops is still in the mailbox', () => {
    const { simulation, model, recorder, at, send, server } = oneSite();
    at(0, () => send('u1', ['u2']));
    // Reading the message takes 20 ms.
    at(10, () => model.beginServiceOutage(server('S1'), 'mailbox-submission'));
    simulation.runUntil(minute);
    expect([recorder.categorized_, model.messagesQueued, model.audit().alive]).toEqual([0, 0, 1]);
    model.endServiceOutage(server('S1'), 'mailbox-submission');
    simulation.runUntil(2 * minute);
    expect(recorder.ended_).toMatchObject([{ end: 'delivered' }]);
    expect(recorder.ended_[0]!.stageMs['submission']).toBe(minute + 30);
  });

  test('RT-50: Delivery keeps nothing: until it is written a message stays in the queue of its sender', () => {
    const { simulation, model, recorder, at, send, server } = oneSite();
    at(0, () => send('u1', ['u2']));
    // Submitted 30, accepted 130, categorized 75, connected 10: written from 245 to 325 ms.
    at(300, () => model.beginServiceOutage(server('S1'), 'mailbox-delivery'));
    simulation.runUntil(second);
    expect([recorder.ended_.length, model.messagesQueued]).toEqual([0, 1]);
    model.endServiceOutage(server('S1'), 'mailbox-delivery');
    simulation.runUntil(10 * minute);
    expect(recorder.ended_).toMatchObject([{ end: 'delivered' }]);
  });

  test('RT-55: a message for a copy that is not active here is sent elsewhere, tried again, or returned', () => {
    const { simulation, model, recorder, at, send, server, database } = run(
      {
        servers: { S1: 'A', S2: 'A' },
        dags: { DAG1: ['S1', 'S2'] },
        databases: { DB1: ['S1', 'S2'] },
        mailboxes: { u1: 'DB1', full: { database: 'DB1', quotaExceeded: true } },
      },
      { ...deterministicHardware, activeManager: { cacheAge: 60 * minute } },
    );
    // Both Transport services learn that the copy is active on S1.
    for (const ms of [0, second]) at(ms, () => send('x@outside.example', ['u1']));
    let move = 0;
    at(minute, () => {
      move = model.dismountDatabase(database('DB1'));
    });
    at(minute + second, () => send('x@outside.example', ['u1']));
    simulation.runUntil(2 * minute);
    // Dismounted: tried again, neither sent elsewhere nor returned.
    expect(recorder.attempts.map(({ outcome }) => outcome)).toEqual(['failed']);
    expect([recorder.ended_.length, recorder.redirects.length]).toEqual([2, 0]);
    model.activateDatabase(database('DB1'), server('S2'), move);
    simulation.runUntil(10 * minute);
    // Active elsewhere: S1 refuses, the message is categorized anew and goes to S2.
    expect(recorder.redirects).toMatchObject([{ believed: server('S1'), active: server('S2') }]);
    expect(recorder.ended_[2]).toMatchObject({ end: 'delivered', server: server('S2') });
    at(11 * minute, () => send('x@outside.example', ['full']));
    simulation.runUntil(20 * minute);
    expect(recorder.ended_[3]).toMatchObject({ end: 'returned', code: '5.2.2' });
  });

  test('MD-01: a Transport service sends where Active Manager says that the copy is active', () => {
    const { simulation, model, recorder, at, send, server, database } = run({
      servers: { S1: 'A', S2: 'A', S3: 'A' },
      dags: { DAG1: ['S1', 'S2', 'S3'] },
      databases: { DB1: ['S1', 'S2', 'S3'] },
      mailboxes: { u1: 'DB1' },
    });
    model.activateDatabase(database('DB1'), server('S3'), model.dismountDatabase(database('DB1')));
    at(0, () => send('x@outside.example', ['u1']));
    simulation.runUntil(minute);
    expect(recorder.redirects).toEqual([]);
    expect(recorder.ended_).toMatchObject([{ end: 'delivered', server: server('S3') }]);
  });
});

describe('Front End Transport', () => {
  test('RT-44: it finds one Transport service that works, whatever recipients there are, or the sender waits', () => {
    const { simulation, model, recorder, at, send, server } = run({
      links: { 'A-B': 10 },
      servers: {
        A1: { site: 'A', roles: ['mailbox'] },
        C1: { site: 'A', roles: ['client-access'] },
        B1: { site: 'B', roles: ['mailbox'] },
      },
      databases: { DBA: ['A1'], DBB: ['B1'] },
      mailboxes: { a: 'DBA', b: 'DBB' },
      groups: [{ address: 'all@contoso.com', members: ['a@contoso.com', 'b@contoso.com'] }],
    });
    // Aimed at B1, which is silent: A1 of the front end's own site takes it.
    model.beginServerOutage(server('B1'));
    at(0, () => send('x@outside.example', ['b', 'nobody', 'all']));
    simulation.runUntil(minute);
    expect(recorder.fallbacks).toMatchObject([
      { server: server('C1'), reason: 'local-site-servers', acceptedBy: server('A1') },
    ]);
    expect(recorder.categorized_).toBeGreaterThan(0);
    // Without any the outside sender keeps the message and comes again after 15 minutes.
    model.beginServiceOutage(server('A1'), 'transport');
    at(2 * minute, () => send('y@outside.example', ['a']));
    at(3 * minute, () => model.endServiceOutage(server('A1'), 'transport'));
    simulation.runUntil(17 * minute);
    const before = recorder.ended_.length;
    simulation.runUntil(18 * minute);
    expect(recorder.ended_.slice(before)).toMatchObject([{ end: 'delivered', server: server('A1') }]);
    expect(recorder.ended_.at(-1)!.stageMs['retryWait']).toBe(15 * minute);
  });
});

describe('MW-01', () => {
  const services = ['front-end', 'mailbox-submission', 'transport', 'mailbox-delivery'] as const;

  /** The services that a message cannot do without. */
  function needed(from: string): readonly Service[] {
    return services.filter((service) => {
      const { simulation, model, recorder, at, send, server } = run({
        servers: { S1: 'A' },
        databases: { DB1: ['S1'] },
        mailboxes: { u1: 'DB1', u2: 'DB1' },
      });
      model.beginServiceOutage(server('S1'), service);
      at(0, () => send(from, ['u2']));
      simulation.runUntil(minute);
      return recorder.ended_.length === 0;
    });
  }

  test('MW-01: from outside mail passes Front End Transport, Transport and Mailbox Transport Delivery', () => {
    expect(needed('x@outside.example')).toEqual(['front-end', 'transport', 'mailbox-delivery']);
  });

  test('MW-01: from a user it passes Mailbox Transport Submission, Transport and Mailbox Transport Delivery', () => {
    expect(needed('u1')).toEqual(['mailbox-submission', 'transport', 'mailbox-delivery']);
  });

  test('MW-01: the stages of a delivery are passed in that order, each in its time', () => {
    const { simulation, recorder, at, send } = oneSite();
    at(0, () => send('u1', ['u2']));
    simulation.runUntil(minute);
    expect(Object.entries(recorder.ended_[0]!.stageMs).filter(([, ms]) => ms > 0)).toEqual([
      ['submission', 30],
      ['accept', 130],
      ['categorizer', 75],
      ['connection', 10],
      ['mailboxDelivery', 80],
    ]);
  });
});

test('MW-02: the categorizer takes messages from the Submission queue one after another', () => {
  const { simulation, recorder, at, send } = run(
    { servers: { S1: 'A' }, databases: { DB1: ['S1'] }, mailboxes: { u1: 'DB1', u2: 'DB1' } },
    { ...deterministicHardware, transport: { categorizerSlots: 1 } },
  );
  at(0, () => {
    for (let message = 0; message < 3; message++) send('u1', ['u2']);
  });
  simulation.runUntil(minute);
  expect(recorder.ended_.map(({ stageMs }) => stageMs['submissionQueue'])).toEqual([0, 75, 150]);
});

test('RR-01: recipients are looked up 20 at a time: the 21st takes a further batch', () => {
  const people = Object.fromEntries(Array.from({ length: 41 }, (_, n) => [`p${n}`, 'DB1']));
  const categorizedMs = (recipients: number) => {
    const { simulation, recorder, at, send } = run({
      servers: { S1: 'A' },
      databases: { DB1: ['S1'] },
      mailboxes: people,
    });
    at(0, () => send('x@outside.example', Object.keys(people).slice(0, recipients)));
    simulation.runUntil(minute);
    return recorder.ended_[0]!.stageMs['categorizer'];
  };
  expect([1, 20, 21, 40, 41].map(categorizedMs)).toEqual([75, 75, 85, 85, 95]);
});

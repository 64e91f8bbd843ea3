import { describe, expect, it } from 'vitest';
import { run, type SmallOrganization } from './small-organization.js';

const second = 1_000;
const minute = 60 * second;

/** Three servers of one DAG in a site, and a far one of its own whose group takes nothing. */
const site: SmallOrganization = {
  links: { 'A-B': 10 },
  servers: { A1: 'A', A2: 'A', A3: 'A', B1: 'B' },
  dags: { D: ['A1', 'A2', 'A3'] },
  databases: { DB: ['A1', 'A2', 'A3'], DB2: ['A2', 'A3'], DBB: ['B1'] },
  mailboxes: { u: 'DB', v: 'DB2', b: 'DBB' },
};

const lengths = ({ model, server }: ReturnType<typeof run>, on: string) =>
  Object.fromEntries(
    [...Array(model.queueCount).keys()]
      .filter((queue) => model.queueServer(queue) === server(on) && model.queueMessages(queue) > 0)
      .map((queue) => {
        const { deliveryType, nextHopDomain } = model.queueKey(queue);
        return [`${deliveryType} ${nextHopDomain}`, model.queueMessages(queue)];
      }),
  );

const effects = ({ recorder }: ReturnType<typeof run>) =>
  recorder.faults.filter(({ phase }) => phase === 'effect').map(({ atMs, subject }) => [subject, atMs]);

/** Six messages that wait for B on A1, A2 or A3: whoever took them. Then all but A1 are put to rest. */
function waitingForB() {
  const organization = run(site);
  const { model, server, at, send } = organization;
  model.beginServiceOutage(server('B1'), 'transport');
  // Only A1 takes mail at first.
  for (const name of ['A2', 'A3']) model.beginServiceOutage(server(name), 'transport');
  for (let n = 0; n < 6; n++) at(n * second, () => send('v', ['b']));
  at(30 * second, () => {
    for (const name of ['A2', 'A3']) model.endServiceOutage(server(name), 'transport');
  });
  const drain = (to: readonly string[]) => ({ subject: 'A1', server: server('A1'), to: to.map(server) });
  return { ...organization, drain };
}

describe('QU-12: a server is drained', () => {
  it('QU-12: what waits for delivery goes to the servers named, each recipient a redirect', () => {
    const organization = waitingForB();
    const { simulation, model, recorder, at, server, drain } = organization;
    at(minute, () => model.drains.begin(drain(['A2', 'A3'])));
    simulation.runUntil(minute - 1);
    expect(lengths(organization, 'A1')).toEqual({ 'SmtpRelayToMailboxDeliveryGroup Site:B;Version:15': 6 });
    simulation.runUntil(minute + 10 * second);
    expect(lengths(organization, 'A1')).toEqual({});
    const of = (name: string) => Object.values(lengths(organization, name)).reduce((a, b) => a + b, 0);
    // One session carries six messages: the queue is short of the twenty for a second one.
    expect([of('A2'), of('A3')]).toEqual([6, 0]);
    expect(recorder.redirects).toHaveLength(6);
    expect(recorder.redirects[0]).toMatchObject({ server: server('A1'), believed: -1, active: server('A2') });
    expect(model.audit().alive).toBe(6);
  });

  it('QU-12: how long until it is empty: a connection, then relay and acceptance of one after another', () => {
    const organization = waitingForB();
    const { simulation, model, at, drain } = organization;
    at(minute, () => model.drains.begin(drain(['A2'])));
    simulation.runUntil(2 * minute);
    // Connection 10 ms; 20 ms relay and 100 ms acceptance for each of six: A1 is drained, and A3 is believed dead
    // until it is probed (AS-14), so that nobody takes a shadow copy (SH-03).
    expect(effects(organization)).toEqual([['A1', minute + 10 + 6 * 120]]);
  });

  it('QU-12: it takes no new mail: its own mailboxes submit to others, and neighbours pass it by', () => {
    const organization = waitingForB();
    const { simulation, model, recorder, at, send, server, drain } = organization;
    at(minute, () => model.drains.begin(drain(['A2'])));
    for (let n = 0; n < 4; n++) at(2 * minute + n * 5 * second, () => send('u', ['v']));
    simulation.runUntil(3 * minute);
    expect(recorder.ended_.filter(({ end }) => end === 'delivered')).toHaveLength(4);
    expect(recorder.redirects).toHaveLength(6);
    expect(lengths(organization, 'A1')).toEqual({});
    // The mailbox services run on: DB is on A1 and takes mail.
    at(3 * minute, () => send('v', ['u']));
    simulation.runUntil(4 * minute);
    expect(recorder.ended_.at(-1)).toMatchObject({ end: 'delivered', server: server('A1') });
  });

  it('QU-12: what its categorizer still has is redirected when it is done with', () => {
    const organization = run(site);
    const { simulation, model, recorder, at, send, server } = organization;
    for (const name of ['A2', 'A3']) model.beginServiceOutage(server(name), 'transport');
    at(0, () => send('v', ['u']));
    // Submission 20 ms, connection 10 ms, acceptance 100 ms, as nobody takes a shadow copy (SH-03): 130 ms; the
    // categorizer has it until 205 ms.
    at(200, () => {
      for (const name of ['A2', 'A3']) model.endServiceOutage(server(name), 'transport');
      model.drains.begin({ subject: 'A1', server: server('A1'), to: [server('A3')] });
    });
    simulation.runUntil(minute);
    expect(recorder.redirects).toMatchObject([{ atMs: 205 + 10 + 150, active: server('A3') }]);
    expect(effects(organization)).toEqual([['A1', 205 + 10 + 150]]);
    expect(recorder.ended_).toMatchObject([{ end: 'delivered', hops: 2 }]);
  });

  it('QU-12: an empty server is drained at once', () => {
    const organization = run(site);
    const { simulation, model, at, server } = organization;
    at(minute, () => model.drains.begin({ subject: 'A1', server: server('A1'), to: [server('A2')] }));
    simulation.runUntil(2 * minute);
    expect(effects(organization)).toEqual([['A1', minute]]);
  });

  it('A-drain-leaves-unreachable: unreachable mail stays, and does not keep the server from being empty', () => {
    const organization = run({ ...site, dags: {}, databases: { DB: ['A1'] }, mailboxes: { u: 'DB' } });
    const { simulation, model, recorder, at, send, server } = organization;
    for (const name of ['A2', 'A3', 'B1']) model.beginServiceOutage(server(name), 'transport');
    at(0, () => send('u', ['x@partner.example']));
    at(minute, () => model.drains.begin({ subject: 'A1', server: server('A1'), to: [server('A2')] }));
    simulation.runUntil(2 * minute);
    expect(lengths(organization, 'A1')).toEqual({ 'Unreachable Unreachable Domain': 1 });
    expect(recorder.redirects).toEqual([]);
    expect(effects(organization)).toEqual([['A1', minute]]);
  });

  it('QU-12: where the servers named do not answer, it retries; at its end all go their own way again', () => {
    const organization = waitingForB();
    const { simulation, model, recorder, at, server, drain } = organization;
    const drained = drain(['A2']);
    at(minute, () => model.beginServiceOutage(server('A2'), 'transport'));
    at(minute, () => model.drains.begin(drained));
    simulation.runUntil(5 * minute);
    expect(lengths(organization, 'A1')).toEqual({ 'SmtpRelayToServers A2.contoso.com': 6 });
    at(6 * minute, () => model.drains.end(drained));
    simulation.runUntil(6 * minute + 10 * second);
    expect(lengths(organization, 'A1')).toEqual({ 'SmtpRelayToMailboxDeliveryGroup Site:B;Version:15': 6 });
    expect(recorder.resubmissions).toMatchObject([{ cause: 'administrator', messages: 6 }]);
    expect(recorder.redirects).toEqual([]);
    expect(effects(organization)).toEqual([]);
  });

  it('QU-12: of drains that overlap the later one names the servers; both may end in any order', () => {
    const organization = waitingForB();
    const { simulation, model, at, send, recorder, server, drain } = organization;
    const first = drain(['A2']);
    const second_ = drain(['A3']);
    at(minute, () => model.beginServiceOutage(server('A2'), 'transport'));
    at(minute, () => model.drains.begin(first));
    at(2 * minute, () => model.drains.begin(second_));
    simulation.runUntil(3 * minute);
    expect(new Set(recorder.redirects.map(({ active }) => active))).toEqual(new Set([server('A3')]));
    at(3 * minute, () => model.drains.end(first));
    at(4 * minute, () => send('u', ['v']));
    simulation.runUntil(5 * minute);
    expect(lengths(organization, 'A1')).toEqual({});
    at(5 * minute, () => model.drains.end(second_));
    // Now A1 takes its turn again.
    const before = recorder.categorized_;
    for (let n = 0; n < 3; n++) at(7 * minute + n * 5 * second, () => send('u', ['v']));
    simulation.runUntil(8 * minute);
    expect(recorder.categorized_ - before).toBe(3);
    expect(recorder.ended_.filter(({ end }) => end === 'delivered')).toHaveLength(4);
  });

  it('QU-12: what is being sent when the drain begins goes through; a session brings nothing after that', () => {
    const organization = run({ ...site, mailboxes: { u: 'DB', v: 'DB2', b: 'DBB' } });
    const { simulation, model, recorder, at, send, server } = organization;
    // B1 relays to the DAG: sixty messages over several sessions, by turns to A1, A2, A3.
    for (let n = 0; n < 60; n++) at(n, () => send('b', ['b', 'v']));
    at(400, () => model.drains.begin({ subject: 'A1', server: server('A1'), to: [server('A2')] }));
    simulation.runUntil(minute);
    expect(recorder.ended_.filter(({ end }) => end === 'delivered')).toHaveLength(120);
    expect(recorder.attempts.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
    expect(model.audit().alive).toBe(0);
  });

  it('QU-12: of two servers that are drained at one instant neither takes what the other redirects', () => {
    const organization = waitingForB();
    const { simulation, model, recorder, at, server } = organization;
    const of = (name: string, ...to: readonly string[]) => ({
      subject: name,
      server: server(name),
      to: to.map(server),
    });
    at(minute, () => {
      model.drains.begin(of('A1', 'A2', 'A3'));
      // The connection of A1 to A2 is under way.
      model.drains.begin(of('A2', 'A3'));
    });
    simulation.runUntil(2 * minute);
    expect(new Set(recorder.redirects.map(({ active }) => active))).toEqual(new Set([server('A3')]));
    expect(recorder.redirects).toHaveLength(6);
    expect(lengths(organization, 'A2')).toEqual({});
    expect(effects(organization)).toEqual([
      ['A2', minute],
      // 10 ms for the connection that is refused, 10 ms for that to A3.
      ['A1', minute + 20 + 6 * 120],
    ]);
  });

  it('QU-12: one whose only target is drained, too, waits for that to end', () => {
    const organization = waitingForB();
    const { simulation, model, recorder, at, server, drain } = organization;
    const counter = { subject: 'A2', server: server('A2'), to: [server('A1')] };
    at(minute, () => {
      model.drains.begin(drain(['A2']));
      model.drains.begin(counter);
    });
    at(10 * minute, () => model.drains.end(counter));
    simulation.runUntil(9 * minute);
    expect(recorder.redirects).toEqual([]);
    expect(effects(organization)).toEqual([['A2', minute]]);
    simulation.runUntil(20 * minute);
    expect(recorder.redirects).toHaveLength(6);
    expect(lengths(organization, 'A1')).toEqual({});
  });
});

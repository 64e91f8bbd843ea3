import { describe, expect, it } from 'vitest';
import { injectFault } from '../../src/scenario/index.js';
import { run } from './small-organization.js';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/**
 * A source server of Mailbox alone that sends by way of the front ends of its site, F1 and F2; F9 stands in another.
 * Inside only the front end takes time, 20 ms a message; outside, connecting takes 200 ms and accepting 100 ms.
 */
function proxied(
  frontEndProxy = true,
  servers: Readonly<Record<string, string>> = { F1: 'A', F2: 'A', F9: 'B' },
) {
  const organization = run(
    {
      links: { 'A-B': 10 },
      servers: {
        M1: { site: 'A', roles: ['mailbox'] },
        ...Object.fromEntries(
          Object.entries(servers).map(([name, site]) => [name, { site, roles: ['client-access'] as const }]),
        ),
      },
      databases: { DB1: ['M1'] },
      mailboxes: { u: 'DB1' },
      connectors: [{ name: 'Internet', sourceServers: ['M1'], frontEndProxy }],
    },
    {
      hardware: {
        distribution: { kind: 'deterministic' },
        submissionTime: 0,
        frontEndTime: 20,
        connectTime: 0,
        commitTime: 0,
        categorizerTime: 0,
        cpuPerMessage: 0,
      },
    },
  );
  const send = (atMs: number, messages = 1) =>
    organization.at(atMs, () => {
      for (let n = 0; n < messages; n++) organization.send('u', ['x@out.example']);
    });
  const ended = () => {
    organization.simulation.runUntil(3 * hour);
    return organization.recorder.ended_.map(({ atMs, end }) => [atMs, end]);
  };
  return { ...organization, send, ended };
}

/** A front end's outage, as a service that refuses or a server that is silent. */
const down = (server: string, beginMs: number, endMs: number) =>
  ({ kind: 'service-outage', server, service: 'front-end', beginMs, endMs }) as const;
const silent = (server: string, beginMs: number, endMs: number) =>
  ({ kind: 'server-outage', queueDatabase: 'kept', server, beginMs, endMs }) as const;

describe('RT-43: out by way of a front end', () => {
  it('RT-43: the front end adds its time to every message, nothing to the connection', () => {
    const { send, ended, recorder } = proxied();
    send(0, 3);
    // 200 ms until the session stands, then 20 + 100 ms a message.
    expect(ended()).toEqual([
      [320, 'delivered'],
      [440, 'delivered'],
      [560, 'delivered'],
    ]);
    expect(recorder.ended_[0]!.stageMs).toMatchObject({ connection: 200, transfer: 120 });
    const direct = proxied(false);
    direct.send(0, 3);
    expect(direct.ended().at(-1)).toEqual([500, 'delivered']);
  });

  it('RT-43, UN-07: front ends of the own site take turns; one that refuses costs no time', () => {
    const { send, ended, model } = proxied();
    injectFault(down('F1', 0, hour), model);
    send(0);
    send(minute);
    expect(ended()).toEqual([
      [320, 'delivered'],
      [minute + 320, 'delivered'],
    ]);
  });

  it('RT-43: a silent front end costs the connect time-out when it has its turn', () => {
    const { send, ended, model } = proxied();
    injectFault(silent('F1', 0, hour), model);
    send(0);
    send(minute);
    expect(ended()).toEqual([
      [21 * second + 320, 'delivered'],
      [minute + 320, 'delivered'],
    ]);
  });

  it('RT-43: without a front end that runs in the site the attempt fails; one of another site is no help', () => {
    const { send, ended, model, recorder } = proxied();
    injectFault(down('F1', 0, 2.5 * minute), model);
    injectFault(down('F2', 0, hour), model);
    send(0);
    expect(ended()).toEqual([[3 * minute + 320, 'delivered']]);
    expect(recorder.attempts.map(({ startMs, durationMs }) => [startMs, durationMs])).toEqual([
      [0, 0],
      [minute, 0],
      [2 * minute, 0],
      [3 * minute, 200],
    ]);
  });

  it('RT-43: a front end that stops breaks the sessions through it, standing or being opened', () => {
    for (const brokenAtMs of [100, 250]) {
      const { send, ended, model } = proxied(true, { F1: 'A' });
      injectFault(down('F1', brokenAtMs, brokenAtMs + 10), model);
      send(0);
      // What had been opened fails at 200 ms, what was sent at 320 ms; a minute later all of it again.
      const failedMs = brokenAtMs === 100 ? 200 : 320;
      expect(ended()).toEqual([[failedMs + minute + 320, 'delivered']]);
    }
  });

  it('A-dns-outage: the source server looks up, before it passes a front end: the attempt fails at once', () => {
    const { send, ended, model, recorder } = proxied();
    injectFault(silent('F1', 0, hour), model);
    injectFault({ kind: 'dns-outage', servers: ['M1'], beginMs: 0, endMs: 30 * second }, model);
    send(0);
    // No time-out at the silent front end in the first attempt; F2 has the second turn.
    expect(ended()).toEqual([[minute + 320, 'delivered']]);
    expect(recorder.attempts[0]).toMatchObject({ startMs: 0, durationMs: 0, outcome: 'failed' });
    const others = proxied();
    injectFault({ kind: 'dns-outage', servers: ['F1', 'F2'], beginMs: 0, endMs: hour }, others.model);
    others.send(0);
    expect(others.ended()).toEqual([[320, 'delivered']]);
  });

  it('A-way-out-by-front-ends: a remote domain that is silent is silent through a front end, too', () => {
    const { send, ended, model } = proxied();
    injectFault(
      {
        kind: 'remote-domain-outage',
        domain: 'out.example',
        answer: 'silent',
        beginMs: 0,
        endMs: 10 * second,
      },
      model,
    );
    send(0);
    expect(ended()).toEqual([[81 * second + 320, 'delivered']]);
  });
});

describe('RT-44: in by way of a front end', () => {
  /** Mail from outside enters at F1 in A; the mailbox is on M9 in B. */
  function inbound(giveUpAfter = 2 * 24 * hour) {
    const organization = run(
      {
        links: { 'A-B': 10 },
        servers: {
          F1: { site: 'A', roles: ['client-access'] },
          M1: { site: 'A', roles: ['mailbox'] },
          M9: { site: 'B', roles: ['mailbox'] },
        },
        databases: { DB9: ['M9'], DB1: ['M1'] },
        mailboxes: { u: 'DB9' },
      },
      {
        hardware: {
          distribution: { kind: 'deterministic' },
          frontEndTime: 20,
          connectTime: 0,
          cpuPerMessage: 0,
        },
        outside: { giveUpAfter },
      },
    );
    return organization;
  }

  it('RT-44, RT-45: fast failover over the local site: where the target refuses, the next takes the message at once', () => {
    const { simulation, model, recorder, at, send, server } = inbound();
    injectFault(
      { kind: 'service-outage', server: 'M9', service: 'transport', beginMs: 0, endMs: hour },
      model,
    );
    at(0, () => send('x@out.example', ['u']));
    simulation.runUntil(minute);
    expect(recorder.fallbacks[0]).toMatchObject({ acceptedBy: server('M1') });
    expect(recorder.fallbacks[0]!.atMs).toBe(20 + 100);
  });

  it('RT-44: with no healthy Transport at all the sender is told 451 4.7.0, tries every 15 minutes and gives up by itself', () => {
    const organization = inbound(40 * minute);
    const { simulation, model, recorder, at, send } = organization;
    for (const server of ['M1', 'M9']) {
      injectFault(
        { kind: 'service-outage', server, service: 'transport', beginMs: 0, endMs: 2 * hour },
        model,
      );
    }
    at(0, () => send('x@out.example', ['u']));
    simulation.runUntil(3 * hour);
    // Refused at 20 ms, then every 15 minutes and 20 ms of front end: the fourth offer, after 40 minutes, is not made.
    expect(recorder.ended_).toMatchObject([
      { end: 'returned', code: '4.7.0', server: -1, rule: 'RT-44', atMs: 3 * (15 * minute + 20) },
    ]);
    expect(recorder.ended_[0]!.text).toMatch(
      /^451 4\.7\.0 Temporary server error\. Please try again later\. PRX/,
    );
    // NDR-01: the report is the sender's own, none of ours travels back.
    expect(recorder.submitted_.filter(({ kind }) => kind !== 'mail')).toEqual([]);
    expect(model.audit().alive).toBe(0);
  });

  it('A-outside-retry: Transport that is back at the instant of the retry takes the message', () => {
    const { simulation, model, recorder, at, send } = inbound();
    for (const server of ['M1', 'M9']) {
      injectFault(
        { kind: 'service-outage', server, service: 'transport', beginMs: 0, endMs: 15 * minute + 40 },
        model,
      );
    }
    at(0, () => send('x@out.example', ['u']));
    simulation.runUntil(hour);
    // Offered again at 15 min 20 ms, at work for 20 ms, then the outage is just over; 100 ms to accept.
    expect(recorder.ended_).toMatchObject([{ end: 'delivered' }]);
    expect(recorder.ended_[0]!.stageMs).toMatchObject({
      retryWait: 15 * minute,
      accept: 100,
      submission: 40,
    });
  });
});

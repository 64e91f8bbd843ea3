import { describe, expect, it } from 'vitest';
import type { EndedRow } from './recorder.js';
import {
  deterministicHardware,
  noTime,
  type RunningOrganization,
  run,
  type SmallOrganization,
  way,
} from './small-organization.js';

const minute = 60_000;
const hour = 60 * minute;

/** WE-13: an Edge subscribed to B, the sender at A. */
const we13 = {
  links: { 'A-B': 10 },
  servers: { A1: 'A', B1: 'B' },
  edges: { E1: 'B' },
  databases: { DA: ['A1'], DB: ['B1'] },
  mailboxes: { a: 'DA', b: 'DB' },
} satisfies SmallOrganization;

/** Attempts at silent servers take no time: what is due on the minute stays on it. */
const instantTimeouts = {
  hardware: { distribution: { kind: 'deterministic' } },
  transport: { connectTimeout: 0 },
} as const;

/** The queues that hold something: server, type, next hop, messages. */
function queued({ model }: RunningOrganization): string[] {
  return Array.from({ length: model.queueCount }, (_, queue) => queue)
    .filter((queue) => model.queueMessages(queue) > 0)
    .map((queue) => {
      const { deliveryType, nextHopDomain } = model.queueKey(queue);
      const { name } = model.topology.servers[model.queueServer(queue)]!;
      return `${name} ${deliveryType} ${nextHopDomain} ${model.queueMessages(queue)}`;
    });
}

/** Stages add up to the whole, to the tick. */
function addsUp({ atMs, submittedMs, stageMs }: EndedRow): boolean {
  return Object.values(stageMs).reduce((sum, ms) => sum + ms, 0) === atMs - submittedMs;
}

describe('WE-13 simulated: out through an Edge', () => {
  it('WE-13, RT-58, RT-59: from another site to the subscribed site, to the Edge, outside, stage by stage', () => {
    const organization = run(we13);
    organization.at(0, () => organization.send('a', ['x@partner.example']));
    organization.simulation.runUntil(minute);
    expect(way(organization)).toEqual(['A1 > B1', 'B1 > E1']);
    const [row] = organization.recorder.ended_;
    expect(row).toMatchObject({
      end: 'delivered',
      server: organization.server('E1'),
      hops: 3,
      // Submission 20 and its session 10; each server commits in 100 and categorizes in 75; two sessions inside of 10
      // and one outside of 200; two relays of 20, and the remote domain accepts in 100.
      atMs: 20 + 10 + 3 * (100 + 75) + 2 * (10 + 20) + 200 + 100,
      stageMs: {
        submission: 30,
        accept: 300,
        submissionQueue: 0,
        categorizer: 225,
        deliveryQueue: 0,
        retryWait: 0,
        connection: 220,
        transfer: 140,
        mailboxDelivery: 0,
      },
    });
    expect(organization.model.audit()).toMatchObject({ delivered: 1, alive: 0 });
  });

  it('WE-13, RT-23: while the Edge is down its mail waits in the site, in the queue to the Edge', () => {
    const organization = run(we13, instantTimeouts);
    const { model, server, at, simulation, recorder } = organization;
    model.beginServerOutage(server('E1'));
    at(0, () => organization.send('a', ['x@partner.example']));
    simulation.runUntil(10 * minute);
    expect(queued(organization)).toEqual(['B1 SmtpRelayWithinAdSiteToEdge EdgeSync - B to Internet 1']);
    expect(model.queueStatusNow(1)).toBe('Retry');
    // The ladder of a Mailbox server: the attempt at 410 ms, then minutes 1 to 4 and 9 after it.
    expect(recorder.attempts.map(({ startMs }) => startMs)).toEqual(
      [0, 1, 2, 3, 4, 9].map((minutes) => 410 + minutes * minute),
    );
    at(11 * minute, () => model.endServerOutage(server('E1')));
    simulation.runUntil(15 * minute);
    // At minute 14 of the ladder: 10 to connect, 20 + 100 to relay, 75, and 200 + 100 outside.
    expect(recorder.ended_).toMatchObject([{ end: 'delivered', atMs: 410 + 14 * minute + 505, hops: 3 }]);
    expect(recorder.ended_.every(addsUp)).toBe(true);
    expect(model.audit()).toMatchObject({ delivered: 1, alive: 0 });
  });

  it('RT-58, RT-23: other sites do not reach the Edge themselves: without servers of its site, mail waits with them', () => {
    const organization = run(we13, instantTimeouts);
    organization.model.beginServerOutage(organization.server('B1'));
    organization.at(0, () => organization.send('a', ['x@partner.example']));
    organization.simulation.runUntil(10 * minute);
    expect(queued(organization)).toEqual(['A1 SmtpRelayToRemoteActiveDirectorySite B 1']);
    expect(organization.recorder.relays).toBe(0);
  });

  it('RT-41: with the site of the Edge out of reach, mail backs off along the path to it', () => {
    const organization = run(
      {
        ...we13,
        links: { 'A-M': 10, 'M-B': 10 },
        servers: { A1: 'A', M1: 'M', B1: 'B' },
      },
      instantTimeouts,
    );
    const { model, recorder, server } = organization;
    model.beginServerOutage(server('B1'));
    organization.at(0, () => organization.send('a', ['x@partner.example']));
    organization.simulation.runUntil(10 * minute);
    expect(way(organization)).toEqual(['A1 > M1']);
    expect(recorder.fallbacks).toMatchObject([{ reason: 'backoff', acceptedBy: server('M1') }]);
    expect(queued(organization)).toEqual(['M1 SmtpRelayToRemoteActiveDirectorySite B 1']);
  });

  it('ES-01: several Edges of a site take turns, and one does for all while the others are down', () => {
    const organization = run({ ...we13, edges: { E1: 'B', E2: 'B' } }, instantTimeouts);
    const { model, at, simulation, recorder, server } = organization;
    for (let second = 0; second < 4; second++) {
      at(second * 1_000, () => organization.send('b', ['x@partner.example']));
    }
    simulation.runUntil(5_000);
    expect(way(organization)).toEqual(['B1 > E1', 'B1 > E2', 'B1 > E1', 'B1 > E2']);
    model.beginServerOutage(server('E1'));
    at(6_000, () => organization.send('b', ['x@partner.example']));
    simulation.runUntil(10_000);
    expect(way(organization).slice(4)).toEqual(['B1 > E2']);
    expect(recorder.ended_).toHaveLength(5);
  });

  it('RT-56, QU-06: an Edge queues by external domain for DNS, by smart host for a connector of its own', () => {
    const organization = run(
      {
        ...we13,
        connectors: [
          {
            name: 'Partner',
            sourceServers: ['E1'],
            addressSpaces: [{ type: 'SMTP', space: 'partner.example', cost: 1 }],
            smartHosts: ['relay.partner.example'],
          },
        ],
      },
      instantTimeouts,
    );
    const { model } = organization;
    for (const domain of ['one.example', 'two.example', 'relay.partner.example']) {
      model.remoteDomains.beginOutage(domain, 'silent');
    }
    organization.at(0, () =>
      organization.send('b', ['x@one.example', 'y@two.example', 'z@ONE.example', 'p@partner.example']),
    );
    organization.simulation.runUntil(minute / 2);
    // At B1 two queues, of the connector for the partner and of that for all others; at E1 one for each domain.
    expect(queued(organization).sort()).toEqual([
      'E1 DnsConnectorDelivery one.example 1',
      'E1 DnsConnectorDelivery two.example 1',
      'E1 SmartHostConnectorDelivery relay.partner.example 1',
    ]);
  });

  it('RT-56: a contact goes out by the domain of its target, which the Edge need not know it by', () => {
    const organization = run({ ...we13, contacts: { ext: 'ext@partner.example' } });
    organization.model.remoteDomains.beginOutage('partner.example', '5xx');
    organization.at(0, () => organization.send('b', ['ext']));
    organization.simulation.runUntil(minute);
    expect(way(organization).slice(0, 1)).toEqual(['B1 > E1']);
    expect(organization.recorder.ended_[0]).toMatchObject({
      end: 'returned',
      server: organization.server('E1'),
    });
  });
});

describe('MI-01: the retry ladder of an Edge (DC-04)', () => {
  /** Minutes of the first attempt and the retries after it: 1 to 4, every 10 to 64, then every 30. */
  const ladder = [0, 1, 2, 3, 4, 14, 24, 34, 44, 54, 64, 94, 124, 154, 184, 214];

  it('MI-01: from an Edge into the organization: minutes 1 to 4, 14 to 64 every 10, then every 30', () => {
    const organization = run(we13, noTime);
    organization.model.beginServerOutage(organization.server('B1'));
    organization.at(0, () => organization.send('x@partner.example', ['b']));
    organization.simulation.runUntil(4 * hour - 1);
    const { attempts } = organization.recorder;
    expect(attempts.map(({ startMs }) => startMs)).toEqual(ladder.map((minutes) => minutes * minute));
    expect(attempts.map(({ stage }) => stage)).toEqual([
      ...Array(5).fill('glitch'),
      ...Array(6).fill('transient'),
      ...Array(5).fill('interval'),
    ]);
    expect(queued(organization)).toEqual(['E1 SmartHostConnectorDelivery -- 1']);
  });

  it('MI-01: out of an Edge the same ladder, each interval from the end of an attempt that timed out', () => {
    const organization = run(we13, { ...noTime, transport: { connectTimeout: 21_000 } });
    organization.model.remoteDomains.beginOutage('partner.example', 'silent');
    organization.at(0, () => organization.send('b', ['x@partner.example']));
    organization.simulation.runUntil(4 * hour - 1);
    const { attempts } = organization.recorder;
    // 20 ms of submission, 20 ms of relay before the first.
    expect(attempts.map(({ startMs }, retry) => startMs - 40 - retry * 21_000)).toEqual(
      ladder.map((minutes) => minutes * minute).slice(0, attempts.length),
    );
    expect(attempts.length).toBe(16);
  });

  it('MI-01: what somebody has set counts on Edges, too, whoever set it for all servers', () => {
    const organization = run(we13, {
      ...noTime,
      transport: { ...noTime.transport, transientFailureRetryInterval: 5 * minute },
    });
    organization.model.beginServerOutage(organization.server('B1'));
    organization.at(0, () => organization.send('x@partner.example', ['b']));
    organization.simulation.runUntil(2 * hour - 1);
    expect(organization.recorder.attempts.map(({ startMs }) => startMs / minute)).toEqual([
      0, 1, 2, 3, 4, 9, 14, 19, 24, 29, 34, 64, 94,
    ]);
  });

  it('MI-03 to MI-05, NDR-01: on an Edge notice at 4 h, resubmission at 12 h, NDR at 48 h, sent out by itself', () => {
    const organization = run(we13, noTime);
    organization.model.beginServerOutage(organization.server('B1'));
    organization.at(0, () => organization.send('x@partner.example', ['b']));
    organization.simulation.runUntil(49 * hour);
    const { recorder, model, server } = organization;
    expect(recorder.delayNotices).toEqual([{ atMs: 4 * hour, message: 1 }]);
    expect(recorder.resubmissions[0]).toMatchObject({ atMs: 12 * hour, cause: 'idle', messages: 1 });
    expect(recorder.ended_.filter(({ end }) => end === 'expired')).toMatchObject([
      { atMs: 48 * hour, message: 1, code: '4.4.7', server: server('E1') },
    ]);
    expect(recorder.ended_.filter(({ kind }) => kind !== 'mail')).toMatchObject([
      { kind: 'delay-notice', end: 'delivered', server: server('E1'), hops: 0 },
      { kind: 'ndr', end: 'delivered', server: server('E1'), hops: 0 },
    ]);
    expect(model.audit()).toMatchObject({ delivered: 2, expired: 1, alive: 0 });
  });
});

describe('RT-60: in through an Edge', () => {
  it('RT-60, DC-13, MW-01: a server with both roles takes it at its front end, which passes it on, stage by stage', () => {
    const organization = run(we13);
    organization.at(0, () => organization.send('x@partner.example', ['b']));
    organization.simulation.runUntil(minute);
    expect(way(organization)).toEqual(['E1 > B1']);
    expect(organization.recorder.ended_).toMatchObject([
      {
        end: 'delivered',
        server: organization.server('B1'),
        hops: 2,
        stageMs: {
          submission: 0,
          // The Edge's and that of B1.
          accept: 200,
          submissionQueue: 0,
          categorizer: 150,
          deliveryQueue: 0,
          retryWait: 0,
          // The Edge's to the front end 10, the front end's work 20, its session to Transport 10; to the mailbox 10.
          connection: 50,
          transfer: 20,
          mailboxDelivery: 80,
        },
        atMs: 500,
      },
    ]);
    expect(organization.model.audit()).toMatchObject({ delivered: 1, alive: 0 });
  });

  it('NDR-01, SZ-03, RT-60: what has had too many hops is refused behind the front end, and the Edge returns it', () => {
    const organization = run(we13, {
      ...deterministicHardware,
      transport: { maxLocalHopCount: 0, maxHopCount: 1 },
    });
    organization.at(0, () => organization.send('x@partner.example', ['b']));
    organization.simulation.runUntil(minute);
    expect(way(organization)).toEqual([]);
    expect(organization.recorder.ended_[0]).toMatchObject({
      end: 'returned',
      server: organization.server('E1'),
      text: "Remote Server at B1.contoso.com returned '554 5.4.6 Hop count exceeded - possible mail loop'",
      // As above, as far as that goes: B1 stores nothing.
      stageMs: { accept: 100, connection: 40, transfer: 20 },
    });
    organization.model.audit();
  });

  it('RT-60, DC-13: on separate machines the Mailbox server takes it at its Transport, the front end is not asked', () => {
    const organization = run({
      ...we13,
      servers: {
        A1: 'A',
        B1: { site: 'B', roles: ['mailbox'] },
        C1: { site: 'B', roles: ['client-access'] },
      },
    });
    organization.model.beginServiceOutage(organization.server('C1'), 'front-end');
    organization.at(0, () => organization.send('x@partner.example', ['b']));
    organization.simulation.runUntil(minute);
    expect(way(organization)).toEqual(['E1 > B1']);
    // One session to Transport and one to the mailbox.
    expect(organization.recorder.ended_[0]).toMatchObject({
      end: 'delivered',
      stageMs: { connection: 20, transfer: 20, accept: 200 },
    });
  });

  it('RT-60, IV-01: an Edge of Exchange 2010 passes no front end', () => {
    const organization = run({ ...we13, edges: { E1: { version: '2010', subscribedTo: 'B' } } });
    organization.model.beginServiceOutage(organization.server('B1'), 'front-end');
    organization.at(0, () => organization.send('x@partner.example', ['b']));
    organization.simulation.runUntil(minute);
    expect(organization.recorder.ended_[0]).toMatchObject({ end: 'delivered', stageMs: { connection: 20 } });
  });

  it('RT-60, ES-02, DC-13: with servers of both sorts each takes its turn at its own door', () => {
    const organization = run(
      {
        ...we13,
        servers: { A1: 'A', B1: 'B', B2: { site: 'B', roles: ['mailbox'] } },
        databases: { DA: ['A1'], DB: ['B1'], DB2: ['B2'] },
      },
      noTime,
    );
    const { model, at, server } = organization;
    for (let second = 0; second < 4; second++) {
      at(second * 1_000, () => organization.send('x@partner.example', ['b']));
    }
    at(4_000, () => model.beginServiceOutage(server('B1'), 'front-end'));
    for (let second = 5; second < 7; second++) {
      at(second * 1_000, () => organization.send('x@partner.example', ['b']));
    }
    organization.simulation.runUntil(10_000);
    // Behind the front end of B1 the servers of the site take turns, too.
    expect(way(organization)).toEqual([
      'E1 > B1',
      'E1 > B2',
      'E1 > B2',
      'E1 > B2',
      // B1's front end refuses, B2's Transport takes what comes, B1's own is not asked.
      'E1 > B2',
      'E1 > B2',
    ]);
    expect(model.audit()).toMatchObject({ delivered: 6, alive: 0 });
  });

  it('RT-47, RT-60: the front end chooses the Transport service near the mailbox, in another site', () => {
    const organization = run({ ...we13, links: { 'A-B': { cost: 10, latencyMs: 8 } } });
    organization.at(0, () => organization.send('x@partner.example', ['a']));
    organization.simulation.runUntil(minute);
    expect(way(organization)).toEqual(['E1 > A1']);
    const [row] = organization.recorder.ended_;
    // The front end's session over the link takes two ways more, the message three.
    expect(row).toMatchObject({ end: 'delivered', stageMs: { connection: 50 + 16, transfer: 20 + 24 } });
    expect(organization.recorder.linkBytes.get(0)).toBe(50 * 1_024);
  });

  it("RT-44, RT-60: a front end behind which no Transport runs turns the message away; it stays the Edge's", () => {
    const organization = run(we13, noTime);
    const { model, at, server, simulation, recorder } = organization;
    model.beginServiceOutage(server('B1'), 'transport');
    model.beginServerOutage(server('A1'));
    at(0, () => organization.send('x@partner.example', ['b']));
    at(90_000, () => model.endServiceOutage(server('B1'), 'transport'));
    simulation.runUntil(100_000);
    // The front end works 20 ms on the message before it knows.
    expect(recorder.attempts.map(({ startMs }) => startMs)).toEqual([0, 20 + minute]);
    expect(queued(organization)).toEqual(['E1 SmartHostConnectorDelivery -- 1']);
    simulation.runUntil(3 * minute);
    expect(recorder.attempts.map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'connected']);
    expect(recorder.ended_).toHaveLength(1);
    expect(recorder.ended_.every(addsUp)).toBe(true);
    expect(model.audit()).toMatchObject({ delivered: 1, alive: 0 });
  });

  it('RT-60: an older hub of the site takes what no front end can place', () => {
    const organization = run(
      {
        ...we13,
        servers: {
          A1: 'A',
          B1: 'B',
          H1: { site: 'B', version: '2010', roles: ['hub-transport', 'mailbox'] },
        },
      },
      noTime,
    );
    const { model, at, server } = organization;
    model.beginServiceOutage(server('B1'), 'transport');
    model.beginServerOutage(server('A1'));
    at(0, () => organization.send('x@partner.example', ['b']));
    organization.simulation.runUntil(minute / 2);
    expect(way(organization)).toEqual(['E1 > H1']);
    expect(queued(organization)).toEqual(['H1 SmtpRelayWithinAdSite B 1']);
  });

  it('RT-56: an Edge knows no recipients: the first server inside returns what nobody has', () => {
    const organization = run(we13);
    organization.at(0, () => organization.send('x@partner.example', ['nobody']));
    organization.simulation.runUntil(minute);
    const { recorder, server, model } = organization;
    expect(recorder.ended_).toMatchObject([
      { end: 'returned', code: '5.1.1', server: server('B1') },
      // The report goes out by the Edge.
      { kind: 'ndr', end: 'delivered', server: server('E1') },
    ]);
    expect(model.audit()).toMatchObject({ delivered: 1, returned: 1, alive: 0 });
  });

  it('RT-56: what is no address of the organization leaves an Edge on the other side', () => {
    const organization = run(we13);
    organization.at(0, () => organization.send('x@partner.example', ['y@elsewhere.example', 'b']));
    organization.simulation.runUntil(minute);
    expect(organization.recorder.ended_).toMatchObject([
      { end: 'delivered', hops: 1, server: organization.server('E1') },
      { end: 'delivered', hops: 2, server: organization.server('B1') },
    ]);
  });

  it('RT-59: subscribed Edges that run take all mail from outside, by turns; front ends only without them', () => {
    const organization = run({ ...we13, edges: { E1: 'B', E2: 'A', E3: {} } }, noTime);
    const { model, at, server, recorder } = organization;
    const send = () => organization.send('x@partner.example', ['b']);
    for (const second of [0, 1, 2]) at(second * 1_000, send);
    at(3_000, () => model.beginServerOutage(server('E1')));
    at(4_000, send);
    at(5_000, () => model.beginServiceOutage(server('E2'), 'transport'));
    at(6_000, send);
    organization.simulation.runUntil(10_000);
    expect(way(organization)).toEqual(['E1 > B1', 'E2 > B1', 'E1 > B1', 'E2 > B1']);
    // The last came by a front end: one hop, no relay.
    expect(recorder.ended_.map(({ hops }) => hops)).toEqual([2, 2, 2, 2, 1]);
  });

  it('RT-59: an Edge that stops while it accepts leaves the message with the sender, who tries again', () => {
    const organization = run(we13, deterministicHardware);
    const { model, at, server, recorder } = organization;
    at(0, () => organization.send('x@partner.example', ['b']));
    at(50, () => model.beginServerOutage(server('E1')));
    at(minute, () => model.endServerOutage(server('E1')));
    organization.simulation.runUntil(20 * minute);
    // Back after 15 min, 500 ms for the way in.
    expect(recorder.ended_).toMatchObject([
      { end: 'delivered', atMs: 50 + 15 * minute + 500, stageMs: { accept: 250, retryWait: 15 * minute } },
    ]);
    expect(model.audit()).toMatchObject({ delivered: 1, alive: 0 });
  });

  it('AS-07: a site that takes no inbound mail takes none through its Edges', () => {
    const organization = run({ ...we13, sites: [{ name: 'B', inboundMail: false }] });
    organization.at(0, () => organization.send('x@partner.example', ['a']));
    organization.simulation.runUntil(minute);
    expect(organization.recorder.relays).toBe(0);
    expect(organization.recorder.ended_).toMatchObject([{ end: 'delivered', hops: 1 }]);
  });

  it("SZ: an Edge refuses what is too large before it takes it; the sender's own server returns it", () => {
    const organization = run(we13);
    organization.at(0, () => organization.send('x@partner.example', ['b'], 11 * 1_024 ** 2));
    organization.simulation.runUntil(minute);
    expect(organization.recorder.ended_).toMatchObject([{ end: 'returned', code: '5.3.4', server: -1 }]);
  });
});

describe('A-site-outage-links: an outage of the site that an Edge is subscribed to', () => {
  it('A-site-outage-links, RT-57: the Edge goes on: it keeps what is for the site, and sends out what it has', () => {
    const organization = run(
      { ...we13, servers: { B1: 'B' }, databases: { DB: ['B1'] }, mailboxes: { b: 'DB' } },
      noTime,
    );
    const { model, at, server, simulation, recorder } = organization;
    const B = model.topology.sites.findIndex(({ name }) => name === 'B');
    at(0, () => {
      model.beginServerOutage(server('B1'));
      model.network.beginSiteOutage(B);
    });
    at(0, () => organization.send('x@partner.example', ['b', 'y@elsewhere.example']));
    at(10 * minute, () => {
      model.network.endSiteOutage(B);
      model.endServerOutage(server('B1'));
    });
    simulation.runUntil(9 * minute);
    expect(queued(organization)).toEqual(['E1 SmartHostConnectorDelivery -- 1']);
    expect(recorder.ended_).toMatchObject([{ end: 'delivered', server: server('E1') }]);
    simulation.runUntil(20 * minute);
    // At minute 14 of its ladder: front end 20, relay 20, mailbox 80.
    expect(recorder.ended_[1]).toMatchObject({ end: 'delivered', atMs: 14 * minute + 120 });
  });
});

describe('RT-60: what stops on the way in', () => {
  const cases = [
    { what: 'the Edge', stop: 'E1', service: 'transport' },
    { what: 'the front end', stop: 'B1', service: 'front-end' },
    { what: 'the Transport service behind', stop: 'B1', service: 'transport' },
  ] as const;
  for (const { what, stop, service } of cases) {
    it(`RT-60: ${what}, at any instant: nobody loses the message, nobody gets it twice`, () => {
      for (let stopMs = 0; stopMs <= 520; stopMs += 5) {
        const organization = run(we13);
        const { model, at, server, recorder } = organization;
        at(0, () => organization.send('x@partner.example', ['b']));
        at(stopMs, () => model.beginServiceOutage(server(stop), service));
        at(stopMs + 1, () => expect(model.audit().delivered).toBe(recorder.ended_.length));
        at(stopMs + 30_000, () => model.endServiceOutage(server(stop), service));
        organization.simulation.runUntil(20 * minute);
        expect(
          recorder.ended_.map(({ end }) => end),
          `stopped at ${stopMs} ms`,
        ).toEqual(['delivered']);
        expect(recorder.ended_.every(addsUp), `stopped at ${stopMs} ms`).toBe(true);
        expect(model.audit()).toMatchObject({ delivered: 1, alive: 0 });
        expect(queued(organization)).toEqual([]);
      }
    });
  }
});

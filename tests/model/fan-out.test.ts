import { describe, expect, it } from 'vitest';
import {
  deterministicHardware,
  type RunningOrganization,
  run,
  type SmallOrganization,
} from './small-organization.js';

const hour = 3_600_000;

/** WE-14: from A the ways to D and E part at F; H and K are hubs. */
const forked: SmallOrganization = {
  links: { 'A-F': 10, 'F-H': 10, 'H-D': 10, 'F-K': 10, 'K-E': 10 },
  sites: [
    { name: 'H', hub: true },
    { name: 'K', hub: true },
  ],
  servers: { A1: 'A', F1: 'F', H1: 'H', K1: 'K', D1: 'D', E1: 'E' },
  databases: { DBA: ['A1'], DBD: ['D1'], DBE: ['E1'] },
  mailboxes: { a: 'DBA', d: 'DBD', e: 'DBE', e2: 'DBE' },
};
const withoutHubs: SmallOrganization = { ...forked, sites: [] };
const withDag: SmallOrganization = { ...withoutHubs, dags: { D: ['H1'] } };

/** What enters at A, so that A1 is the first to decide. */
const atHome = { mailboxTransport: { submissionReach: 'own-site' } };
const settings = (delayedFanOut: string) => ({
  ...deterministicHardware,
  ...atHome,
  transport: { delayedFanOut, connectTimeout: 0 },
});

const messageBytes = 50 * 1_024;

/** Copies over each link and from server to server, once all have arrived. */
function copiesOf({ simulation, model, recorder, link }: RunningOrganization, recipients: number) {
  simulation.runUntil(simulation.nowMs + hour);
  expect(model.audit()).toMatchObject({ alive: 0, delivered: recipients });
  expect(recorder.expandedNet).toBe(0);
  const over = (name: string) => (recorder.linkBytes.get(link(name)) ?? 0) / messageBytes;
  return { relays: recorder.relays, overAF: over('A-F'), overFH: over('F-H'), overFK: over('F-K') };
}

function sent(organization: SmallOrganization, reading: string, recipients = ['d', 'e', 'e2']) {
  const running = run(organization, settings(reading));
  running.send('a', recipients);
  return copiesOf(running, recipients.length);
}

describe('delayed fan-out', () => {
  const toEachHub = { relays: 4, overAF: 2, overFH: 1, overFK: 1 };
  const byTheFork = { relays: 5, overAF: 1, overFH: 1, overFK: 1 };
  const straight = { relays: 2, overAF: 2, overFH: 1, overFK: 1 };

  it('RT-24: recipients with the same AD site as next hop share a copy, and others do not', () => {
    expect(sent(forked, 'next-hop')).toEqual(toEachHub);
    expect(sent(withoutHubs, 'next-hop')).toEqual(straight);
  });

  it('DC-01: with fork-site one copy goes to the site where the ways of the hubs part', () => {
    expect(sent(forked, 'fork-site')).toEqual(byTheFork);
    expect(sent(withoutHubs, 'fork-site')).toEqual(straight);
  });

  it('AS-11: with fork-site-without-dags the next hops may be of any kind, but there may be no DAG', () => {
    expect(sent(forked, 'fork-site-without-dags')).toEqual(byTheFork);
    expect(sent(withoutHubs, 'fork-site-without-dags')).toEqual({
      relays: 3,
      overAF: 1,
      overFH: 1,
      overFK: 1,
    });
    expect(sent(withDag, 'fork-site-without-dags')).toEqual(straight);
  });

  it('UN-03: a fork without a server is none', () => {
    const { F1: _, ...servers } = forked.servers;
    expect(sent({ ...forked, servers }, 'fork-site')).toEqual(toEachHub);
  });

  it('AS-11: mail that goes one way only, or stays, has no fork', () => {
    expect(sent(forked, 'fork-site', ['e', 'e2'])).toMatchObject({ relays: 2, overAF: 1, overFH: 0 });
    expect(sent(forked, 'fork-site', ['a', 'e'])).toMatchObject({ relays: 2, overAF: 1 });
  });

  it('RT-24: the server that sends decides, by its own settings', () => {
    const only = (server: string) => {
      const of = { [server]: { transport: { delayedFanOut: 'fork-site' } } };
      const running = run(forked, settings('next-hop'), null, of);
      running.send('a', ['d', 'e', 'e2']);
      return copiesOf(running, 3);
    };
    expect(only('A1')).toEqual(byTheFork);
    expect(only('F1')).toEqual(toEachHub);
  });

  it('RT-28: the copy waits in the queue of the fork site while its server is down', () => {
    const running = run(forked, settings('fork-site'));
    const { model, simulation, server } = running;
    model.beginServerOutage(server('F1'));
    running.send('a', ['d', 'e', 'e2']);
    simulation.runUntil(30_000);
    expect(model.queueCount).toBe(1);
    expect(model.queueKey(0)).toEqual({
      deliveryType: 'SmtpRelayToRemoteActiveDirectorySite',
      nextHopDomain: 'F',
      nextHopConnector: 'F',
    });
    expect(model.audit()).toMatchObject({ alive: 3 });
    model.endServerOutage(server('F1'));
    expect(copiesOf(running, 3)).toEqual(byTheFork);
  });

  it('CN-04: what cannot be routed parts at once', () => {
    const running = run(forked, settings('fork-site'));
    running.send('a', ['d', 'x@partner.example', 'nobody', 'e']);
    running.simulation.runUntil(hour);
    expect(running.model.audit()).toMatchObject({ alive: 1, delivered: 3, returned: 1 });
    expect(running.recorder.relays).toBe(5);
  });

  it('RR-07: forwarding and groups come before', () => {
    const mailboxes = {
      ...forked.mailboxes,
      f: { database: 'DBA', forwardTo: 'd@contoso.com', deliverAndForward: true },
    };
    const groups = [
      { address: 'g@contoso.com', members: ['e@contoso.com', 'f@contoso.com', 'd@contoso.com'] },
    ];
    const running = run({ ...forked, mailboxes, groups }, settings('fork-site'));
    running.send('a', ['g', 'd']);
    running.simulation.runUntil(hour);
    // e and f, and d by the forwarding alone.
    expect(running.model.audit()).toMatchObject({ alive: 0, delivered: 3 });
    expect(running.recorder.relays).toBe(5);
  });
});

describe('the reach of submission', () => {
  /** Transport services that a message from a mailbox on A1 passes on its way to B. */
  const hops = (reach: string, more: Partial<SmallOrganization> = {}) => {
    const running = run(
      {
        links: { 'A-B': 10 },
        servers: { A1: 'A', A2: 'A', B1: 'B', B2: 'B' },
        databases: { DBA: ['A1'], DBB: ['B1'] },
        mailboxes: { a: 'DBA', b: 'DBB' },
        ...more,
      },
      { ...deterministicHardware, mailboxTransport: { submissionReach: reach } },
    );
    running.send('a', ['b']);
    running.simulation.runUntil(hour);
    return running.recorder.ended_.map((row) => row.hops);
  };

  it('RT-52: a message goes straight to the delivery group of its recipient', () => {
    expect(hops('any-site')).toEqual([1]);
  });

  it('DC-02: with own-site a server without a DAG, or in one of a single site, submits in its own site', () => {
    expect(hops('own-site')).toEqual([2]);
    expect(hops('own-site', { dags: { D: ['A1', 'A2'] } })).toEqual([2]);
  });

  it('DC-02: a server in a DAG of several sites does not', () => {
    expect(hops('own-site', { dags: { D: ['A1', 'B2'] } })).toEqual([1]);
  });
});

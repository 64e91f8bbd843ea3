import { describe, expect, it } from 'vitest';
import { randomStreams } from '../../src/sim/kernel/index.js';
import type { SettingOverrides } from '../../src/sim/model/index.js';
import { type RunningOrganization, run, type SmallOrganization } from './small-organization.js';

const second = 1_000;
const minute = 60 * second;

/** Only what the test is about takes time: 20 front end, 10 connect, 130 shadow copy, 75 categorizer, 80 to write. */
const settings = {
  hardware: { distribution: { kind: 'deterministic' }, cpuPerMessage: 0 },
  activeManager: { cacheAge: 30 * second },
} as const;

function start(small: SmallOrganization, more: SettingOverrides = {}) {
  const running = run(small, { ...settings, ...more });
  const { model, recorder, at, server, link, simulation } = running;
  const site = (name: string) => model.topology.sites.find((each) => each.name === name)!;
  return {
    ...running,
    outage(name: string, fromMs: number, toMs: number) {
      at(fromMs, () => model.beginServerOutage(server(name)));
      at(toMs, () => model.endServerOutage(server(name)));
    },
    cut(name: string, fromMs: number, toMs: number) {
      at(fromMs, () => model.beginLinkOutage(link(name)));
      at(toMs, () => model.endLinkOutage(link(name)));
    },
    siteOutage(name: string, fromMs: number, toMs: number) {
      const { index, servers } = site(name);
      at(fromMs, () =>
        model.databaseFailover.together(() => {
          for (const each of servers) model.beginServerOutage(each);
          model.network.beginSiteOutage(index);
        }),
      );
      at(toMs, () =>
        model.databaseFailover.together(() => {
          model.network.endSiteOutage(index);
          for (const each of servers) model.endServerOutage(each);
        }),
      );
    },
    move(database: string, to: string, fromMs: number, toMs: number) {
      let move = 0;
      at(fromMs, () => {
        move = model.databaseFailover.beginMove(running.database(database));
      });
      at(toMs, () => model.databaseFailover.endMove(running.database(database), server(to), move));
    },
    /** What DAGs did, as `time kind database`, in seconds. */
    effects: () => recorder.faults.map(({ atMs, kind, subject }) => `${atMs / second} ${kind} ${subject}`),
    /** Where each message was delivered, in order of their ends. */
    deliveredBy: () =>
      recorder.ended_
        .filter(({ end }) => end === 'delivered')
        .map(({ server: by }) => model.topology.servers[by]!.name),
    /** Runs to the end, when nothing is left. */
    finish(toMs: number) {
      simulation.runUntil(toMs);
      expect(model.audit().alive).toBe(0);
    },
  };
}

/** Members in one site, copies of DB1 on all of them, mail from outside through C1. */
function oneSite(members: number, automaticFailover = true): SmallOrganization {
  const names = Array.from({ length: members }, (_, index) => `S${index + 1}`);
  return {
    servers: {
      ...Object.fromEntries(names.map((name) => [name, { site: 'A', roles: ['mailbox'] as const }])),
      C1: { site: 'A', roles: ['client-access'] },
    },
    dags: { DAG1: { members: names, automaticFailover } },
    databases: { DB1: names },
    mailboxes: { u1: 'DB1' },
  };
}

describe('DAG failover in one site', () => {
  it('CAP-57: activates the next copy failoverDelay after the failure, to the millisecond, and nothing fails back', () => {
    const { at, send, outage, effects, deliveredBy, finish } = start(oneSite(2));
    outage('S1', minute, 11 * minute);
    at(100 * second, () => send('x@outside.example', ['u1']));
    at(12 * minute, () => send('x@outside.example', ['u1']));
    finish(20 * minute);
    expect(effects()).toEqual(['90 failover DB1']);
    expect(deliveredBy()).toEqual(['S2', 'S2']);
  });

  it('takes failoverDelay from the settings', () => {
    const { outage, effects, finish } = start(oneSite(2), { activeManager: { failoverDelay: 12_345 } });
    outage('S1', minute, 11 * minute);
    finish(20 * minute);
    expect(effects()).toEqual(['72.345 failover DB1']);
  });

  it('a server that returns before the delay is over cancels it, and the next failure begins anew', () => {
    const { outage, at, send, effects, deliveredBy, finish } = start(oneSite(2));
    outage('S1', minute, 89_999);
    outage('S1', 95 * second, 2 * minute);
    outage('S1', 10 * minute, 20 * minute);
    at(5 * minute, () => send('x@outside.example', ['u1']));
    finish(30 * minute);
    expect(effects()).toEqual(['630 failover DB1']);
    expect(deliveredBy()).toEqual(['S1']);
  });

  it('AM: of the copies that are healthy when the delay is over the one of highest preference is activated', () => {
    const { outage, effects, at, send, deliveredBy, finish } = start(oneSite(5));
    outage('S1', minute, 30 * minute);
    outage('S2', 75 * second, 30 * minute);
    at(10 * minute, () => send('x@outside.example', ['u1']));
    finish(40 * minute);
    expect(effects()).toEqual(['90 failover DB1']);
    expect(deliveredBy()).toEqual(['S3']);
  });

  it('a copy that becomes healthy later takes over failoverDelay after that', () => {
    const small = { ...oneSite(5), databases: { DB1: ['S1', 'S2'] } };
    const { outage, effects, finish } = start(small);
    outage('S1', minute, 30 * minute);
    outage('S2', 75 * second, 10 * minute);
    finish(40 * minute);
    expect(effects()).toEqual(['630 failover DB1']);
  });

  it('without automaticFailover the database waits for its server', () => {
    const { outage, at, send, effects, deliveredBy, finish } = start(oneSite(2, false));
    outage('S1', minute, 11 * minute);
    at(100 * second, () => send('x@outside.example', ['u1']));
    finish(30 * minute);
    expect(effects()).toEqual([]);
    expect(deliveredBy()).toEqual(['S1']);
  });

  it('a database outside a DAG, or with one copy, moves nowhere', () => {
    const small: SmallOrganization = {
      servers: { S1: 'A', S2: 'A', S3: 'A' },
      dags: { DAG1: { members: ['S1', 'S2'] } },
      databases: { DB1: ['S1'], DB3: ['S3'] },
      mailboxes: { u1: 'DB1', u3: 'DB3' },
    };
    const { outage, at, send, effects, deliveredBy, finish } = start(small);
    outage('S1', minute, 11 * minute);
    outage('S3', minute, 11 * minute);
    at(2 * minute, () => send('x@outside.example', ['u1', 'u3']));
    finish(30 * minute);
    expect(effects()).toEqual([]);
    expect(deliveredBy().sort()).toEqual(['S1', 'S3']);
  });
});

/** Two members a site, a database active in each; DB1 in B, DB2 in A. */
function stretched(
  more: { witnessSite?: string; small?: Partial<SmallOrganization> } = {},
): SmallOrganization {
  return {
    links: { 'A-B': 10 },
    servers: { A1: 'A', A2: 'A', B1: 'B', B2: 'B' },
    dags: {
      DAG1: {
        members: ['A1', 'A2', 'B1', 'B2'],
        ...(more.witnessSite === undefined ? {} : { witnessSite: more.witnessSite }),
      },
    },
    databases: { DB1: ['B1', 'A1'], DB2: ['A1', 'B1'] },
    mailboxes: { u1: 'DB1', u2: 'DB2' },
    ...more.small,
  };
}

describe('majority and witness of a stretched DAG', () => {
  it('two and two: the site with the witness, by default that of the first member, takes over from the other', () => {
    const { cut, effects, at, send, deliveredBy, finish } = start(stretched());
    cut('A-B', minute, 10 * minute);
    // From a mailbox that is dismounted: it leaves the outbox when the copy in A is active, at 90 s.
    at(65 * second, () => send('u1', ['u1']));
    at(11 * minute, () => send('u2', ['u1', 'u2']));
    finish(30 * minute);
    expect(effects()).toEqual(['60 dismount DB1', '90 failover DB1']);
    expect(deliveredBy()).toEqual(['A1', 'A1', 'A1']);
  });

  it('two and two: a witness in the other site turns it round', () => {
    const { cut, effects, finish } = start(stretched({ witnessSite: 'B' }));
    cut('A-B', minute, 10 * minute);
    finish(30 * minute);
    expect(effects()).toEqual(['60 dismount DB2', '90 failover DB2']);
  });

  it('a cut that ends before the delay is over mounts the database where it was', () => {
    const { cut, effects, at, send, deliveredBy, finish, recorder } = start(stretched());
    cut('A-B', minute, 89 * second);
    at(65 * second, () => send('u1', ['u1']));
    finish(30 * minute);
    expect(effects()).toEqual(['60 dismount DB1', '89 mount DB1']);
    expect(deliveredBy()).toEqual(['B1']);
    // Out of the outbox at 89 s: 20 submission, 10 connect, 310 shadow copy in the other site, 75 categorizer, 10
    // connect, 80 write. Sites are no time apart.
    expect(recorder.ended_[0]!.atMs).toBe(89 * second + 20 + 10 + 310 + 75 + 10 + 80);
  });

  it('the loss of the site with the majority dismounts everything, and mail waits until it is back', () => {
    const { siteOutage, effects, at, send, recorder, deliveredBy, finish } = start(stretched());
    siteOutage('A', minute, 20 * minute);
    at(2 * minute, () => send('u1', ['u2']));
    at(2 * minute, () => send('x@outside.example', ['u1']));
    finish(60 * minute);
    // DB2's server is down; DB1's has dismounted it. At the end both mount where they were last.
    expect(effects()).toEqual(['60 dismount DB1', '1200 mount DB1']);
    expect(recorder.ended_.every(({ atMs }) => atMs > 20 * minute)).toBe(true);
    expect(deliveredBy().sort()).toEqual(['A1', 'B1']);
  });

  it('the loss of the site without the majority moves what was active there', () => {
    const { siteOutage, effects, finish } = start(stretched());
    siteOutage('B', minute, 20 * minute);
    finish(60 * minute);
    expect(effects()).toEqual(['90 failover DB1']);
  });

  it('two and one need no witness', () => {
    const small = stretched({
      witnessSite: 'B',
      small: { dags: { DAG1: { members: ['A1', 'A2', 'B1'], witnessSite: 'B' } } },
    });
    const { cut, siteOutage, effects, finish } = start(small);
    cut('A-B', minute, 10 * minute);
    siteOutage('A', 20 * minute, 30 * minute);
    finish(60 * minute);
    // Since 90 s both databases are active in A; the cut leaves A two of three, the outage B one of three.
    expect(effects()).toEqual(['60 dismount DB1', '90 failover DB1']);
  });

  it('a witness in a third site decides for the site that still sees it, and for nobody when its own is lost', () => {
    const small = stretched({
      witnessSite: 'W',
      small: { links: { 'A-B': 10, 'A-W': 10, 'B-W': 10 }, sites: ['W'] },
    });
    const { cut, siteOutage, effects, finish } = start(small);
    // A is alone from 60 s on.
    cut('A-B', minute, 10 * minute);
    cut('A-W', minute, 10 * minute);
    // Two and two without a witness: nobody has three votes of five.
    siteOutage('W', 20 * minute, 30 * minute);
    cut('A-B', 21 * minute, 29 * minute);
    finish(60 * minute);
    expect(effects()).toEqual([
      '60 dismount DB2',
      '90 failover DB2',
      '1260 dismount DB1',
      '1260 dismount DB2',
      '1740 mount DB1',
      '1740 mount DB2',
    ]);
  });

  it('a witness that both sides see, but not each other, votes for one: that of the first member by name', () => {
    const small = stretched({
      witnessSite: 'W',
      small: {
        links: { 'A-B': 10, 'A-W': 10, 'B-W': 10 },
        sites: ['W'],
        network: 'least-cost-path',
      },
    });
    const { cut, effects, finish } = start(small);
    cut('A-B', minute, 10 * minute);
    finish(60 * minute);
    expect(effects()).toEqual(['60 dismount DB1', '90 failover DB1']);
  });
});

describe('what Active Manager answers during a partition', () => {
  it('MD-01: who reaches only members without the majority believes what these knew, and sends to no server it cannot reach', () => {
    const { cut, at, send, recorder, deliveredBy, finish, effects } = start(
      stretched({
        small: {
          servers: { A1: 'A', A2: 'A', B1: 'B', B2: 'B', T1: { site: 'B', roles: ['mailbox'] } },
          databases: { DB1: ['B1', 'A1'], DB2: ['A1', 'B1'], DB3: ['T1'] },
          mailboxes: { u1: 'DB1', u2: 'DB2', u3: 'DB3' },
        },
      }),
    );
    cut('A-B', minute, 10 * minute);
    at(65 * second, () => send('u3', ['u1']));
    finish(30 * minute);
    expect(effects()).toEqual(['60 dismount DB1', '90 failover DB1']);
    // The holder that was answers "retry", in 10 ms, although another copy is active: it has not heard of that.
    const failed = recorder.attempts.filter(({ outcome }) => outcome === 'failed');
    expect(failed.map(({ stage, durationMs }) => [stage, durationMs])).toEqual([
      ['mailbox', 10],
      ['mailbox', 10],
    ]);
    expect(failed[1]!.startMs - failed[0]!.startMs).toBe(5 * minute + 10);
    // After the cut its third attempt asks a member that knows.
    expect(recorder.redirects).toEqual([]);
    expect(deliveredBy()).toEqual(['A1']);
  });
});

describe('failover and moves that overlap', () => {
  const twoSites = (witnessSite: string): SmallOrganization => ({
    links: { 'B-F': 10 },
    servers: { B1: 'B', F1: 'F' },
    dags: { DAG1: { members: ['B1', 'F1'], witnessSite } },
    databases: { DB1: ['B1', 'F1'] },
    mailboxes: { u1: 'DB1' },
  });

  it('A-later-move-leads: the target site fails during the move: the copy mounts again where it was', () => {
    const { move, siteOutage, at, send, effects, deliveredBy, recorder, finish } = start(twoSites('B'));
    move('DB1', 'F1', minute, 90 * second);
    siteOutage('F', 70 * second, 20 * minute);
    at(65 * second, () => send('u1', ['u1']));
    finish(30 * minute);
    expect(effects()).toEqual([]);
    expect(deliveredBy()).toEqual(['B1']);
    // Out of the outbox when the move ends, at 90 s; an attempt at F1 for the shadow copy takes 21 s (SH-03).
    expect(recorder.ended_[0]!.atMs).toBeGreaterThan(111 * second);
    expect(recorder.ended_[0]!.atMs).toBeLessThan(112 * second);
  });

  it('the site of the old holder fails during the move: the move ends as it was meant to', () => {
    const { move, siteOutage, at, send, effects, deliveredBy, finish } = start(twoSites('F'));
    move('DB1', 'F1', minute, 90 * second);
    siteOutage('B', 70 * second, 20 * minute);
    at(2 * minute, () => send('u1', ['u1']));
    finish(30 * minute);
    // Nothing is left to fail over: the failover of 100 s is off.
    expect(effects()).toEqual([]);
    expect(deliveredBy()).toEqual(['F1']);
  });

  it('the site of the old holder and the witness fails: the target has no majority, and all wait', () => {
    const { move, siteOutage, at, send, effects, deliveredBy, recorder, finish } = start(twoSites('B'));
    move('DB1', 'F1', minute, 90 * second);
    siteOutage('B', 70 * second, 20 * minute);
    at(2 * minute, () => send('u1', ['u1']));
    finish(40 * minute);
    expect(effects()).toEqual([]);
    expect(deliveredBy()).toEqual(['B1']);
    expect(recorder.ended_[0]!.atMs).toBeGreaterThan(20 * minute);
  });

  it('A-move-before-failover: a failover that falls due during a move comes when the move has failed', () => {
    const { move, outage, effects, deliveredBy, at, send, finish } = start(oneSite(5));
    move('DB1', 'S2', minute, 2 * minute);
    outage('S1', 61 * second, 20 * minute);
    outage('S2', 100 * second, 20 * minute);
    at(3 * minute, () => send('x@outside.example', ['u1']));
    finish(40 * minute);
    expect(effects()).toEqual(['120 failover DB1']);
    expect(deliveredBy()).toEqual(['S3']);
  });

  it('a database outage goes along with its database', () => {
    const { model, database, outage, at, send, effects, deliveredBy, recorder, finish } = start(oneSite(3));
    outage('S1', minute, 30 * minute);
    at(70 * second, () => model.beginDatabaseOutage(database('DB1')));
    at(20 * minute, () => model.endDatabaseOutage(database('DB1')));
    at(5 * minute, () => send('x@outside.example', ['u1']));
    finish(40 * minute);
    expect(effects()).toEqual(['90 failover DB1']);
    expect(deliveredBy()).toEqual(['S2']);
    expect(recorder.ended_[0]!.atMs).toBeGreaterThan(20 * minute);
  });
});

/**
 * A message to u1 in DB1 on S1 and u2 in DB2 on S2, from outside: 20 front end, 10 connect, 130 shadow copy, 75
 * categorizer; at 235 ms it is in two queues of one server, at 245 ms at both holders, at 325 ms written.
 */
describe('a message to two databases that move in opposite directions', () => {
  const small: SmallOrganization = {
    servers: {
      S1: { site: 'A', roles: ['mailbox'] },
      S2: { site: 'A', roles: ['mailbox'] },
      C1: { site: 'A', roles: ['client-access'] },
    },
    dags: { DAG1: { members: ['S1', 'S2'] } },
    databases: { DB1: ['S1', 'S2'], DB2: ['S2', 'S1'] },
    mailboxes: { u1: 'DB1', u2: 'DB2' },
  };

  function swap(fromMs: number, toMs: number) {
    const running = start(small);
    running.at(0, () => running.send('x@outside.example', ['u1', 'u2']));
    running.move('DB1', 'S2', fromMs, toMs);
    running.move('DB2', 'S1', fromMs, toMs);
    running.finish(20 * minute);
    const { recorder, model } = running;
    const name = (server: number) => model.topology.servers[server]!.name;
    return {
      ended: recorder.ended_
        .map(({ recipient, atMs, server }) => [recipient, atMs, name(server)])
        .sort((a, b) => Number(a[0]) - Number(b[0])),
      redirects: recorder.redirects.map(({ atMs, believed, active }) => [atMs, name(believed), name(active)]),
      attempts: recorder.attempts.map(({ startMs, outcome }) => [startMs, outcome]),
    };
  }

  it('RT-55: while it is on its way: both refuse it, and each copy is sent to where the other came from', () => {
    // Refused at 245 ms, categorized again in 75, connect 10, written in 80.
    expect(swap(240, 240)).toEqual({
      ended: [
        [0, 410, 'S2'],
        [1, 410, 'S1'],
      ],
      redirects: [
        [245, 'S1', 'S2'],
        [245, 'S2', 'S1'],
      ],
      attempts: [],
    });
  });

  it('while it is being written: what has begun is finished where it was (A-writes-finish)', () => {
    expect(swap(300, 300)).toMatchObject({
      ended: [
        [0, 325, 'S1'],
        [1, 325, 'S2'],
      ],
      redirects: [],
    });
  });

  it('MD-02, CAP-52: dismounted when it comes: both queues find the new holders when these are active', () => {
    const { ended, redirects, attempts } = swap(240, 30_240);
    // Answered "retry" at 245 ms. The answers of Active Manager are from 235 ms and age out 5 ms before the copies are
    // active: both servers hear of it at once.
    expect(ended).toEqual([
      [0, 30_240 + 10 + 80, 'S2'],
      [1, 30_240 + 10 + 80, 'S1'],
    ]);
    expect(redirects).toEqual([]);
    expect(attempts).toEqual([
      [235, 'failed'],
      [235, 'failed'],
      [30_240, 'connected'],
      [30_240, 'connected'],
    ]);
  });
});

/**
 * S1 holds DB1 and is down from 1 min on. The message of 10 s went to the Transport service of S1, that of 59.9 s goes to
 * S2's, which asks Active Manager for the first time at 60.135 s, tries S1 and gets no answer for 5 s.
 */
describe('CAP-52, A-retry-follows-move: a queue in Retry whose database is activated elsewhere', () => {
  function waiting(
    activeManager: Readonly<Record<string, number>>,
    transport: Readonly<Record<string, number>> = {},
  ) {
    const running = start(oneSite(2), {
      activeManager: { ...settings.activeManager, ...activeManager },
      // An attempt at S1 for a shadow copy would hold the second message up.
      transport: { connectTimeout: 5 * second, shadowRedundancyEnabled: false, ...transport },
      hardware: { ...settings.hardware, commitTime: 130 },
    });
    running.outage('S1', minute, 30 * minute);
    for (const ms of [10 * second, 59_900]) {
      running.at(ms, () => running.send('x@outside.example', ['u1']));
    }
    return running;
  }
  const attempts = ({ recorder }: RunningOrganization) =>
    recorder.attempts.map(({ startMs, attempt, outcome }) => [startMs, attempt, outcome]);

  it('is tried at once where the belief has aged out by then', () => {
    const running = waiting({ failoverDelay: minute });
    running.finish(30 * minute);
    expect(attempts(running)).toEqual([
      [60_135, 0, 'failed'],
      [120_000, 1, 'connected'],
    ]);
    // Connected in 10 ms, written in 80.
    expect(running.recorder.ended_[1]).toMatchObject({ end: 'delivered', atMs: 120_090 });
    expect(running.recorder.ended_[1]!.stageMs['retryWait']).toBe(120_000 - 65_135);
  });

  it('else when the belief ages out, also if it goes into Retry after the activation', () => {
    for (const failoverDelay of [2 * second, 20 * second]) {
      const running = waiting({ failoverDelay });
      running.finish(30 * minute);
      expect(attempts(running)).toEqual([
        [60_135, 0, 'failed'],
        [90_135, 1, 'connected'],
      ]);
    }
  });

  it('waits for its timer where that is due before the belief ages out', () => {
    const running = waiting({ cacheAge: 10 * minute });
    running.finish(30 * minute);
    // It believes in S1 until 660.135 s: the first retry goes there, the second comes before its timer.
    expect(attempts(running)).toEqual([
      [60_135, 0, 'failed'],
      [365_135, 1, 'failed'],
      [660_135, 2, 'connected'],
    ]);
  });

  it('CAP-66: begins a cycle, of as many messages as any', () => {
    const running = waiting({ failoverDelay: minute });
    const { at, model, server, send } = running;
    // Two more wait with it, and nobody delivers on S2 until five minutes later.
    for (const ms of [70 * second, 80 * second]) at(ms, () => send('x@outside.example', ['u1']));
    at(100 * second, () => model.beginServiceOutage(server('S2'), 'mailbox-delivery'));
    at(400 * second, () => model.endServiceOutage(server('S2'), 'mailbox-delivery'));
    running.finish(30 * minute);
    // One attempt, at the next in line; it failed on the server that is active: nothing more is heard.
    expect(attempts(running)).toEqual([
      [60_135, 0, 'failed'],
      [120_000, 1, 'failed'],
      [420_000, 2, 'connected'],
    ]);
  });
});

describe('any overlap of outages, cuts and moves', () => {
  function shaken(seed: number): RunningOrganization {
    const running = start(
      stretched({ witnessSite: seed % 3 === 0 ? 'B' : 'A', small: { network: 'any-path' } }),
      { mailboxTransport: { submissionRetryInterval: 10 * second } },
    );
    const draw = randomStreams(`shaken ${seed}`, 0)('faults');
    const pick = <T>(from: readonly T[]) => from[Math.floor(draw() * from.length)]!;
    for (let fault = 0; fault < 25; fault++) {
      const fromMs = Math.floor(draw() * 30) * minute + Math.floor(draw() * 6) * 10 * second;
      const toMs = fromMs + Math.floor(draw() * 30) * 10 * second;
      switch (Math.floor(draw() * 4)) {
        case 0:
          running.outage(pick(['A1', 'A2', 'B1', 'B2']), fromMs, toMs);
          break;
        case 1:
          running.cut('A-B', fromMs, toMs);
          break;
        case 2:
          running.siteOutage(pick(['A', 'B']), fromMs, toMs);
          break;
        default:
          running.move(pick(['DB1', 'DB2']), pick(['A1', 'B1']), fromMs, toMs);
      }
    }
    for (let message = 0; message < 200; message++) {
      running.at(message * 10 * second + 5, () =>
        running.send(pick(['u1', 'u2', 'x@outside.example']), ['u1', 'u2']),
      );
    }
    return running;
  }

  it('when all is over every message has arrived once, and its stages add up', () => {
    for (let seed = 0; seed < 20; seed++) {
      const { simulation, model, recorder } = shaken(seed);
      for (let time = minute; time <= 60 * minute; time += minute) {
        simulation.runUntil(time);
        model.audit();
      }
      simulation.runUntil(3 * 60 * minute);
      expect([seed, model.audit().alive]).toEqual([seed, 0]);
      const mail = recorder.ended_.filter(({ kind }) => kind === 'mail');
      expect(mail).toHaveLength(400);
      for (const { stageMs, atMs, submittedMs } of recorder.ended_) {
        const sum = Object.values(stageMs).reduce((total, ms) => total + ms, 0);
        expect(sum).toBe(atMs - submittedMs);
      }
    }
  });
});

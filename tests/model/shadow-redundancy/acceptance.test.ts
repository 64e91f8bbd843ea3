import { describe, expect, it } from 'vitest';
import type { SettingOverrides } from '../../../src/sim/model/index.js';
import {
  deterministicHardware,
  type RunningOrganization,
  run,
  type SmallOrganization,
} from '../small-organization.js';
import { hour, minute, second } from './held-mail.js';

/** DAG1 = P1, P2, P3 in site P, Q1, Q2 in site Q; the mailboxes are on P1, and all mail from them enters there. */
const twoSites = {
  links: { 'P-Q': { cost: 10, latencyMs: 0 } },
  servers: { P1: 'P', P2: 'P', P3: 'P', Q1: 'Q', Q2: 'Q' },
  dags: { DAG1: ['P1', 'P2', 'P3', 'Q1', 'Q2'] },
  databases: { DB1: ['P1'] },
  mailboxes: { a: 'DB1', b: 'DB1' },
} satisfies SmallOrganization;

/** Without a DAG: three servers in site P, one in Q. */
const noDag = {
  links: { 'P-Q': { cost: 10, latencyMs: 0 } },
  servers: { P1: 'P', P2: 'P', P3: 'P', Q1: 'Q' },
  databases: { DB1: ['P1'] },
  mailboxes: { a: 'DB1', b: 'DB1' },
} satisfies SmallOrganization;

/** Settings under which P1 accepts all that its mailboxes send, and there is no Safety Net. */
const p1Alone = { safetyNetHoldTime: 0 } as const;

interface Acceptances extends RunningOrganization {
  /** Sends a message of 1 KB from P1's mailbox, waits, and says how long its acceptance took, and who has its shadow. */
  accept(): { readonly ms: number; readonly by: string; readonly shadow: string | null };
  readonly names: readonly string[];
}

function acceptances(
  small: SmallOrganization,
  transport: SettingOverrides['transport'] = {},
  from = 'a',
): Acceptances {
  const running = run(small, { ...deterministicHardware, transport: { ...p1Alone, ...transport } });
  const { simulation, recorder, model, send } = running;
  const names = model.topology.servers.map(({ name }) => name);
  return {
    ...running,
    names,
    accept() {
      const before = new Map(recorder.databaseBytes);
      const known = recorder.acceptances.length;
      const sentMs = simulation.nowMs;
      send(from, ['b'], 1_024);
      while (recorder.acceptances.length === known && simulation.nowMs < sentMs + 30 * minute) {
        simulation.runUntil(simulation.nowMs + 10);
      }
      const { server } = recorder.acceptances[known]!;
      const holders = names.filter(
        (_, each) => each !== server && (recorder.databaseBytes.get(each) ?? 0) > (before.get(each) ?? 0),
      );
      expect(recorder.acceptances[known]!.hasShadow).toBe(holders.length === 1);
      simulation.runUntil(simulation.nowMs + 20 * minute);
      model.audit();
      const ended = recorder.ended_.filter(({ kind }) => kind === 'mail').at(-1)!;
      return { ms: ended.stageMs['accept']!, by: names[server]!, shadow: holders[0] ?? null };
    },
  };
}

/** As `acceptances`, where P1 is the only one that its mailboxes can bring their mail to. */
function atP1(small: SmallOrganization, transport: SettingOverrides['transport'] = {}): Acceptances {
  const running = acceptances(small, transport);
  return {
    ...running,
    accept() {
      for (let tries = 0; tries < 20; tries++) {
        const accepted = running.accept();
        if (accepted.by === 'P1') return accepted;
      }
      throw new Error('P1 accepts nothing');
    },
  };
}

describe('who has the shadow copy', () => {
  it('SH-02: in a DAG over several sites it goes to the other site first, by turns', () => {
    const { accept } = atP1(twoSites);
    const shadows = Array.from({ length: 4 }, () => accept());
    expect(shadows.map(({ shadow }) => shadow)).toEqual(['Q1', 'Q2', 'Q1', 'Q2']);
    expect(new Set(shadows.map(({ ms }) => ms))).toEqual(new Set([310]));
  });

  it('SH-02: outside DAGs it goes to another server of the same site, always', () => {
    const { accept } = atP1(noDag);
    const shadows = Array.from({ length: 4 }, () => accept());
    expect(shadows.map(({ shadow }) => shadow)).toEqual(['P2', 'P3', 'P2', 'P3']);
    expect(new Set(shadows.map(({ ms }) => ms))).toEqual(new Set([130]));
  });

  it('SH-01: it never leaves the boundary: a server of the same site that is in a DAG takes nothing from one that is not', () => {
    const { accept } = atP1({
      ...noDag,
      dags: { DAG1: ['P2', 'Q1'] },
      servers: { P1: 'P', P2: 'P', Q1: 'Q' },
    });
    expect(accept()).toEqual({ ms: 100, by: 'P1', shadow: null });
  });

  it('SH-08: a server alone in its boundary makes none, and what it accepts is counted apart', () => {
    const alone = atP1({ ...noDag, servers: { P1: 'P', Q1: 'Q' } });
    expect(alone.accept()).toEqual({ ms: 100, by: 'P1', shadow: null });
    expect(alone.recorder.acceptances.filter(({ hasShadow }) => hasShadow)).toEqual([]);
  });

  it('SH-10: hubs of 2010 have none with one another, as servers of 2013 would', () => {
    const shadowsOf = (version: '2010' | '2013') => {
      const hub = { site: 'P', version, roles: ['hub-transport', 'mailbox'] } as const;
      const server = version === '2010' ? hub : 'P';
      const { recorder, simulation, send } = run(
        { servers: { H1: server, H2: server }, databases: { DB: ['H1'] }, mailboxes: { a: 'DB', b: 'DB' } },
        deterministicHardware,
      );
      send('a', ['b']);
      simulation.runUntil(minute);
      return recorder.acceptances.map(({ hasShadow }) => hasShadow);
    };
    expect(shadowsOf('2010')).toEqual([false]);
    expect(shadowsOf('2013')).toEqual([true]);
  });

  it('SH: switched off there is none, and acceptance takes the commit alone', () => {
    expect(atP1(twoSites, { shadowRedundancyEnabled: false }).accept()).toEqual({
      ms: 100,
      by: 'P1',
      shadow: null,
    });
  });

  it.each([
    ['PreferRemote', ['Q1', 'Q2']],
    ['RemoteOnly', ['Q1', 'Q2']],
    ['LocalOnly', ['P2', 'P3']],
  ] as const)('SH-03: with %s it goes to %s', (preference, partners) => {
    const { accept } = atP1(twoSites, { shadowMessagePreferenceSetting: preference });
    const shadows = Array.from({ length: 4 }, () => accept().shadow);
    expect(shadows).toEqual([...partners, ...partners]);
  });

  it('SH-03: with one site alone RemoteOnly is as good as LocalOnly', () => {
    expect(atP1(noDag, { shadowMessagePreferenceSetting: 'RemoteOnly' }).accept().shadow).toBe('P2');
  });

  it('SH-04, SH-09: mail from outside waits in its front end until both copies are there', () => {
    const { accept } = acceptances(noDag, {}, 'x@out.example');
    const { ms, shadow } = accept();
    expect(ms).toBe(130);
    expect(shadow).not.toBeNull();
  });
});

describe('attempts', () => {
  it('SH-03, A-shadow-attempts: a silent partner costs a connect time-out, then it is passed over', () => {
    const organization = atP1(noDag);
    const { accept, model, server, simulation } = organization;
    model.beginServerOutage(server('P2'));
    // Two turns: one of them begins with P2.
    const first = [accept(), accept()];
    expect(first.map(({ shadow }) => shadow)).toEqual(['P3', 'P3']);
    expect(first.map(({ ms }) => ms)).toContain(21 * second + 130);
    const later = [accept(), accept()];
    expect(later.map(({ ms }) => ms)).toEqual([130, 130]);
    model.endServerOutage(server('P2'));
    simulation.runUntil(simulation.nowMs + hour);
    expect([accept().shadow, accept().shadow].sort()).toEqual(['P2', 'P3']);
  });

  it('SH-03, A-shadow-attempts: one whose Transport service is stopped refuses at once', () => {
    const { accept, model, server } = atP1(noDag);
    model.beginServiceOutage(server('P2'), 'transport');
    expect([accept(), accept()]).toEqual([
      { ms: 130, by: 'P1', shadow: 'P3' },
      { ms: 130, by: 'P1', shadow: 'P3' },
    ]);
  });

  it('SH-03, QU-12: one that is drained takes no shadow copies, and is not believed dead', () => {
    const { accept, model, server } = atP1(noDag);
    const drain = { subject: 'P2', server: server('P2'), to: [server('P3')] };
    model.drains.begin(drain);
    expect([accept().shadow, accept().shadow]).toEqual(['P3', 'P3']);
    model.drains.end(drain);
    expect([accept().shadow, accept().shadow].sort()).toEqual(['P2', 'P3']);
  });

  it('SH-03, BP-02: one at High takes no shadow copies, which costs no time, and is not believed dead', () => {
    const { accept, model, server, simulation } = atP1(noDag);
    const { backPressure } = model;
    const polled = () => simulation.runUntil(simulation.nowMs + 2 * second);
    backPressure.beginFill(server('P2'), 1);
    polled();
    expect([accept(), accept()]).toEqual([
      { ms: 130, by: 'P1', shadow: 'P3' },
      { ms: 130, by: 'P1', shadow: 'P3' },
    ]);
    backPressure.beginFill(server('P3'), 1);
    polled();
    expect(accept()).toEqual({ ms: 100, by: 'P1', shadow: null });
    backPressure.endFill(server('P2'), 1);
    backPressure.endFill(server('P3'), 1);
    polled();
    expect([accept().shadow, accept().shadow].sort()).toEqual(['P2', 'P3']);
  });

  it('SH-03: when nobody in the other site answers, the copy stays in this one, after the time of what failed', () => {
    const { accept, model, link } = atP1(twoSites);
    model.beginLinkOutage(link('P-Q'));
    // Four attempts; the third and the fourth are at servers that are believed dead by then.
    expect(accept()).toEqual({ ms: 2 * 21 * second + 130, by: 'P1', shadow: expect.stringMatching(/^P/) });
    expect(accept().ms).toBe(130);
  });

  it('SH-03: RemoteOnly makes no copy in this site: it accepts without one', () => {
    const { accept, model, link } = atP1(twoSites, { shadowMessagePreferenceSetting: 'RemoteOnly' });
    model.beginLinkOutage(link('P-Q'));
    expect(accept()).toEqual({ ms: 2 * 21 * second + 100, by: 'P1', shadow: null });
  });

  it.each([
    [0, null],
    [1, null],
    [2, 'P3'],
  ])('SH-03: %i attempts in this site, of which the first fails: %s', (attempts, shadow) => {
    const { accept, model, server } = atP1(noDag, { maxRetriesForLocalSiteShadow: attempts });
    model.beginServiceOutage(server('P2'), 'transport');
    expect(accept().shadow).toBe(shadow);
  });

  it('SH-03: without attempts in the other site the first is in this one', () => {
    expect(atP1(twoSites, { maxRetriesForRemoteSiteShadow: 0 }).accept().shadow).toBe('P2');
  });

  it.each([
    ['another one takes as long again', [['P2', 1]], { atMs: 290, hasShadow: true }],
    [
      'nobody, and those who refuse cost no time',
      [
        ['P2', hour],
        ['P3', hour],
      ],
      { atMs: 160, hasShadow: false },
    ],
  ] as const)('SH-02: when a partner is lost before it has stored the copy: %s', (_what, stops, expected) => {
    const { simulation, model, server, send, recorder, at } = run(noDag, deterministicHardware);
    send('a', ['b']);
    // Submission 20, connect 10: the data is there at 30, the shadow copy would be at 160.
    for (const [name, forMs] of stops) {
      at(100, () => model.beginServiceOutage(server(name), 'transport'));
      at(100 + forMs, () => model.endServiceOutage(server(name), 'transport'));
    }
    simulation.runUntil(minute);
    expect(recorder.acceptances).toEqual([{ server: server('P1'), ...expected }]);
    model.audit();
  });

  it('SH-02: a partner that is lost before it has stored the copy is replaced', () => {
    const organization = run(noDag, deterministicHardware);
    const { simulation, model, server, send, recorder, at } = organization;
    send('a', ['b']);
    // Submission 20, connect 10: the data is there at 30, the shadow copy at 160.
    const partners = ['P1', 'P2', 'P3'].filter((name) => name !== 'P1');
    at(100, () => {
      for (const name of partners) model.beginServerOutage(server(name));
    });
    at(101, () => model.endServerOutage(server(partners[0]!)));
    simulation.runUntil(hour);
    const [first] = recorder.acceptances;
    expect(first!.atMs).toBeGreaterThan(160);
    expect(first!.hasShadow).toBe(true);
    model.audit();
  });
});

describe('mail that cannot be made redundant', () => {
  const alone = { rejectMessageOnShadowFailure: true } as const;

  it('SH-03, DC-04: a mailbox keeps it in its outbox, and brings it again', () => {
    const { simulation, model, server, send, recorder } = run(noDag, {
      ...deterministicHardware,
      transport: alone,
    });
    for (const name of ['P2', 'P3']) model.beginServerOutage(server(name));
    send('a', ['b']);
    simulation.runUntil(10 * minute);
    expect(recorder.acceptances).toEqual([]);
    expect(model.audit().alive).toBe(1);
    model.endServerOutage(server('P3'));
    simulation.runUntil(hour);
    expect(recorder.acceptances).toMatchObject([{ server: server('P1'), hasShadow: true }]);
    expect(recorder.ended_).toMatchObject([{ end: 'delivered' }]);
    model.audit();
  });

  it('SH-03, DC-04: an outside sender is refused for the moment by the front end, and tries again', () => {
    const { simulation, model, server, send, recorder } = run(noDag, {
      ...deterministicHardware,
      transport: alone,
    });
    for (const name of ['P2', 'P3']) model.beginServiceOutage(server(name), 'transport');
    model.beginServerOutage(server('Q1'));
    send('x@out.example', ['b']);
    simulation.runUntil(minute);
    expect(recorder.acceptances).toEqual([]);
    expect(recorder.unshadowedRefusals).toMatchObject([{ server: server('P1') }]);
    model.endServiceOutage(server('P3'), 'transport');
    simulation.runUntil(2 * hour);
    expect(recorder.acceptances).toHaveLength(1);
    expect(recorder.ended_).toMatchObject([{ end: 'delivered' }]);
    model.audit();
  });

  it('SH-03, DC-04: of a relay the message waits by itself in the queue before, which goes on', () => {
    const { simulation, model, server, send, recorder } = run(
      { ...noDag, databases: { DB1: ['P1'], DBQ: ['Q1'] }, mailboxes: { a: 'DB1', q: 'DBQ' } },
      deterministicHardware,
      null,
      { Q1: { transport: alone } },
    );
    send('a', ['q']);
    simulation.runUntil(minute);
    // Q1 has nobody in its site.
    expect(recorder.acceptances.map(({ server: each }) => each)).not.toContain(server('Q1'));
    expect(recorder.ended_).toEqual([]);
    expect(Array.from({ length: model.queueCount }, (_, queue) => model.queueStatusNow(queue))).not.toContain(
      'Retry',
    );
    expect(model.audit().alive).toBe(1);
  });

  it('SH-03, SH-10: Edges and hubs of 2010 refuse nothing: they make no shadow copies', () => {
    const hub = { site: 'P', version: '2010', roles: ['hub-transport', 'mailbox'] } as const;
    const { simulation, model, send, recorder } = run(
      {
        servers: { P1: 'P', P2: 'P', H: hub },
        edges: { E1: 'P' },
        databases: { DB1: ['P1'], DBH: ['H'] },
        mailboxes: { a: 'DB1', old: 'DBH' },
      },
      { ...deterministicHardware, transport: alone },
    );
    send('a', ['old']);
    send('x@out.example', ['a']);
    simulation.runUntil(10 * minute);
    expect(recorder.ended_.map(({ end }) => end)).toEqual(['delivered', 'delivered']);
    model.audit();
  });

  it('SH-03: an Edge keeps what the organization refuses through its front end, and sends it again', () => {
    const { simulation, model, server, send, recorder } = run(
      {
        servers: { P1: 'P', P2: 'P' },
        edges: { E1: 'P' },
        databases: { DB1: ['P1'] },
        mailboxes: { a: 'DB1' },
      },
      { ...deterministicHardware, transport: alone },
    );
    model.beginServiceOutage(server('P2'), 'transport');
    send('x@out.example', ['a']);
    simulation.runUntil(2 * minute);
    expect(recorder.acceptances.map(({ server: each }) => each)).toEqual([server('E1')]);
    model.endServiceOutage(server('P2'), 'transport');
    simulation.runUntil(2 * hour);
    expect(recorder.ended_).toMatchObject([{ end: 'delivered' }]);
    expect(recorder.acceptances).toHaveLength(2);
    model.audit();
  });
});

describe('what is counted apart', () => {
  it('SH-03, A-pickup, A-shadows-of-mailbox-servers: what an Edge, an older hub or Pickup takes has no shadow', () => {
    const hub = { site: 'P', version: '2007', roles: ['hub-transport', 'mailbox'] } as const;
    const { simulation, model, send, recorder, server } = run(
      {
        servers: { P1: 'P', P2: 'P', H: hub },
        edges: { E1: 'P' },
        databases: { DB1: ['P1'], DBH: ['H'] },
        mailboxes: { a: 'DB1', old: 'DBH' },
      },
      deterministicHardware,
    );
    send('x@out.example', ['old']);
    const a = model.addressBook.intern('a@contoso.com');
    model.pickupDirectories.put(server('P1'), a, [a], 1_024, 100);
    simulation.runUntil(10 * minute);
    const without = recorder.acceptances.filter(({ hasShadow }) => !hasShadow).map((each) => each.server);
    expect([...new Set(without)].sort((x, y) => x - y)).toEqual(
      [server('P1'), server('H'), server('E1')].sort((x, y) => x - y),
    );
    expect(
      recorder.acceptances.filter((each) => each.server === server('P1') && !each.hasShadow),
    ).toHaveLength(1);
    model.audit();
  });
});

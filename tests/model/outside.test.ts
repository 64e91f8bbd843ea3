import { describe, expect, it } from 'vitest';
import { injectFault } from '../../src/scenario/index.js';
import type { SettingOverrides } from '../../src/sim/model/index.js';
import { type RunningOrganization, run, type SmallOrganization } from './small-organization.js';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** Inside nothing takes any time: what is sent at t is queued for the outside at t. */
const instant: SettingOverrides['hardware'] = {
  distribution: { kind: 'deterministic' },
  submissionTime: 0,
  frontEndTime: 0,
  connectTime: 0,
  commitTime: 0,
  shadowCopyTime: 0,
  categorizerTime: 0,
  cpuPerMessage: 0,
  mailboxDeliveryTime: 0,
  relayTime: 0,
};

/** One server that sends everything outside by DNS. Outside, connecting takes 200 ms, accepting 100 ms. */
function sender(
  settings: SettingOverrides = {},
  connector: NonNullable<SmallOrganization['connectors']>[number] = { name: 'Internet' },
  small: Partial<SmallOrganization> = {},
): RunningOrganization {
  return run(
    {
      servers: { A1: 'A' },
      databases: { DB1: ['A1'] },
      mailboxes: { u: 'DB1' },
      connectors: [{ sourceServers: ['A1'], ...connector }],
      ...small,
    },
    { ...settings, hardware: { ...instant, ...settings['hardware'] } },
  );
}

/** What became of mail, in order: when, how, and the code of an NDR. */
const ends = ({ recorder }: RunningOrganization) =>
  recorder.ended_.filter(({ kind }) => kind === 'mail').map(({ atMs, end, code }) => [atMs, end, code]);

const outage = (answer: 'silent' | '4xx' | '5xx', beginMs: number, endMs: number, domain = 'out.example') =>
  ({ kind: 'remote-domain-outage', domain, answer, beginMs, endMs }) as const;

describe('an outage of a remote domain', () => {
  it('A-remote-outage: silent: each attempt lasts the connect time-out, the ladder is that of WE-20, to the millisecond', () => {
    const organization = sender();
    const { simulation, model, recorder, at, send } = organization;
    injectFault(outage('silent', 0, Number.POSITIVE_INFINITY), model);
    at(0, () => send('u', ['x@out.example']));
    simulation.runUntil(50 * hour);
    // 21 s an attempt, and the interval from its end on: 4 glitch retries, 6 transient ones, then every 10 minutes.
    const starts = [0];
    for (let n = 0; n < 12; n++) {
      const interval = n < 4 ? 1 : n < 10 ? 5 : 10;
      starts.push(starts.at(-1)! + 21 * second + interval * minute);
    }
    expect(recorder.attempts.slice(0, 13).map(({ startMs }) => startMs)).toEqual(starts);
    expect(starts.slice(0, 6)).toEqual([0, 81_000, 162_000, 243_000, 324_000, 645_000]);
    expect(new Set(recorder.attempts.map(({ durationMs }) => durationMs))).toEqual(new Set([21 * second]));
    expect(recorder.delayNotices).toEqual([{ atMs: 4 * hour, message: 1 }]);
    // MI-05: expired at 48 h, unless an attempt is at work then, which is over 21 s later at the latest.
    const [[atMs, end, code]] = ends(organization) as [[number, string, string]];
    expect([end, code]).toEqual(['expired', '4.4.7']);
    expect(atMs).toBeGreaterThanOrEqual(48 * hour);
    expect(atMs).toBeLessThanOrEqual(48 * hour + 21 * second);
    expect(model.audit().alive).toBe(0);
  });

  it('one that ends exactly at a retry instant is over for that retry; a tick later it is not', () => {
    // Attempts at 0 and, 21 s and a minute later, at 81 s.
    const recovery = (endMs: number) => {
      const organization = sender();
      injectFault(outage('silent', 0, endMs), organization.model);
      organization.at(0, () => organization.send('u', ['x@out.example']));
      organization.simulation.runUntil(hour);
      return ends(organization);
    };
    expect(recovery(81 * second)).toEqual([[81 * second + 300, 'delivered', null]]);
    // The attempt at 81 s is lost: the next begins at 81 + 21 + 60 s.
    expect(recovery(81 * second + 1)).toEqual([[162 * second + 300, 'delivered', null]]);
  });

  it('silence breaks the session that it falls into, even when it is over before the answer', () => {
    const organization = sender();
    injectFault(outage('silent', 250, 280), organization.model);
    organization.at(0, () => organization.send('u', ['x@out.example']));
    organization.simulation.runUntil(hour);
    // Connected at 200 ms; the answer of 300 ms does not come. A minute later 300 ms for all of it.
    expect(ends(organization)).toEqual([[minute + 600, 'delivered', null]]);
    expect(organization.recorder.ended_[0]!.stageMs).toMatchObject({
      connection: 400,
      transfer: 200,
      retryWait: minute,
    });
  });

  it('silence that falls while a session opens fails the attempt', () => {
    const organization = sender();
    injectFault(outage('silent', 100, 150), organization.model);
    organization.at(0, () => organization.send('u', ['x@out.example']));
    organization.simulation.runUntil(hour);
    expect(ends(organization)).toEqual([[minute + 500, 'delivered', null]]);
  });

  it('4xx: the attempts of one message are counted as long as they go on', () => {
    const { simulation, model, recorder, at, send } = sender({ transport: { messageRetryInterval: second } });
    injectFault(outage('4xx', 0, 40 * hour), model);
    at(0, () => send('u', ['x@out.example']));
    simulation.runUntil(32 * hour);
    // 300 ms for a session and the answer, 1 s of waiting: 115,200 s have room for 88,615 of them, and another 300 ms.
    expect(recorder.attempts).toHaveLength(88_616);
    expect(recorder.attempts.at(-1)).toMatchObject({ attempt: 88_615, outcome: 'failed' });
  });

  it('4xx: the session stands, each message by itself is tried again after messageRetryInterval (DC-05)', () => {
    const organization = sender();
    const { simulation, model, recorder, at, send } = organization;
    injectFault(outage('4xx', 0, 20 * minute), model);
    at(0, () => {
      send('u', ['x@out.example']);
      send('u', ['y@out.example']);
    });
    simulation.runUntil(hour);
    // Refused at 300 and 400 ms over one session, again 15 minutes later, taken after another 15. The second is due
    // 100 ms after the first each time, when that one's session stands for 200 ms, and is busy for 100 ms more.
    const interval = 15 * minute;
    expect(recorder.attempts.map(({ stage, outcome, attempt }) => [stage, outcome, attempt])).toEqual([
      ['message', 'failed', 0],
      ['message', 'failed', 0],
      ['message', 'failed', 1],
      ['message', 'failed', 1],
      ['message', 'connected', 2],
      ['message', 'connected', 2],
    ]);
    expect(ends(organization)).toEqual([
      [2 * (interval + 300) + 300, 'delivered', null],
      [2 * (interval + 300) + 400, 'delivered', null],
    ]);
    expect(recorder.ended_[0]!.stageMs).toMatchObject({ retryWait: 2 * interval, transfer: 300 });
  });

  it('MI-04, MI-05: 4xx for ever: a notice after 4 h, expiry after 48 h, to the millisecond', () => {
    const organization = sender();
    injectFault(outage('4xx', 0, Number.POSITIVE_INFINITY), organization.model);
    organization.at(0, () => organization.send('u', ['x@out.example']));
    organization.simulation.runUntil(49 * hour);
    // The 192nd attempt, at 191 × (15 min + 300 ms) + 200 ms of connecting, is over; the 193rd would come at 48 h and 58 s.
    expect(ends(organization)).toEqual([[48 * hour, 'expired', '4.4.7']]);
    expect(organization.recorder.attempts).toHaveLength(192);
    expect(organization.recorder.delayNotices).toEqual([{ atMs: 4 * hour, message: 1 }]);
    expect(organization.model.audit().alive).toBe(0);
  });

  it('NDR-01: 5xx: the sending server reports it and names the remote server', () => {
    const organization = sender();
    const { simulation, model, recorder, at, send, server } = organization;
    injectFault(outage('5xx', 0, 10 * minute, 'OUT.Example'), model);
    at(0, () => send('u', ['x@out.example', 'y@out.example']));
    at(10 * minute, () => send('u', ['x@out.example']));
    simulation.runUntil(hour);
    expect(ends(organization)).toEqual([
      [300, 'returned', '5.0.0'],
      [300, 'returned', '5.0.0'],
      [10 * minute + 300, 'delivered', null],
    ]);
    expect(recorder.ended_[0]).toMatchObject({
      server: server('A1'),
      rule: 'NDR-01',
      text: "Remote Server at out.example returned '550 5.0.0 mail refused'",
    });
    // One report for both recipients of the copy, into the sender's mailbox.
    const reports = recorder.ended_.filter(({ kind }) => kind === 'ndr');
    expect(reports).toMatchObject([{ end: 'delivered', submittedMs: 300 }]);
    expect(model.audit().alive).toBe(0);
  });

  it('a refused message ends no session: others follow over it', () => {
    const organization = sender();
    injectFault(outage('5xx', 0, 450), organization.model);
    organization.at(0, () => {
      for (let n = 0; n < 3; n++) organization.send('u', ['x@out.example']);
    });
    organization.simulation.runUntil(hour);
    expect(ends(organization)).toEqual([
      [300, 'returned', '5.0.0'],
      [400, 'returned', '5.0.0'],
      [500, 'delivered', null],
    ]);
  });

  it('another domain, and one by a name that only begins alike, is not touched', () => {
    const organization = sender();
    injectFault(outage('silent', 0, hour), organization.model);
    organization.at(0, () => {
      organization.send('u', ['x@other.example']);
      organization.send('u', ['x@sub.out.example']);
    });
    organization.simulation.runUntil(minute);
    expect(ends(organization)).toEqual([
      [300, 'delivered', null],
      [300, 'delivered', null],
    ]);
  });
});

describe('outages that overlap', () => {
  it('A-remote-outage: two of a kind end with the last one, in whatever order they began', () => {
    for (const [first, last] of [
      [outage('silent', 0, 10 * second), outage('silent', 5 * second, 3 * minute)],
      [outage('silent', 0, 3 * minute), outage('silent', 5 * second, 10 * second)],
    ] as const) {
      const organization = sender();
      injectFault(first, organization.model);
      injectFault(last, organization.model);
      organization.at(0, () => organization.send('u', ['x@out.example']));
      organization.simulation.runUntil(hour);
      // Attempts at 0, 81 and 162 s fail; the one at 243 s is after both.
      expect(ends(organization)).toEqual([[243 * second + 300, 'delivered', null]]);
    }
  });

  it('A-remote-outage: silence leads, then 4xx, then 5xx', () => {
    const organization = sender();
    const { model, simulation, at, send } = organization;
    injectFault(outage('5xx', 0, hour), model);
    injectFault(outage('4xx', 0, 10 * minute), model);
    injectFault(outage('silent', 0, 30 * second), model);
    at(0, () => send('u', ['x@out.example']));
    simulation.runUntil(2 * hour);
    // Silent at 0; at 81 s not now, answered 300 ms later; 15 minutes after that refused.
    expect(ends(organization)).toEqual([[81 * second + 300 + 15 * minute + 300, 'returned', '5.0.0']]);
  });
});

describe('a slow remote domain', () => {
  const slowdown = (factor: number, beginMs: number, endMs: number) =>
    ({ kind: 'remote-domain-slowdown', domain: 'Out.Example', factor, beginMs, endMs }) as const;

  it('A-remote-outage: connecting and accepting take factor times as long; factors that overlap multiply', () => {
    const organization = sender();
    const { model, simulation, at, send } = organization;
    injectFault(slowdown(3, 0, 4 * minute), model);
    injectFault(slowdown(4, 1 * minute, 3 * minute), model);
    injectFault(slowdown(3, 2 * minute, 5 * minute), model);
    for (let n = 0; n < 6; n++) at(n * minute, () => send('u', ['x@out.example']));
    simulation.runUntil(hour);
    const factors = [3, 12, 36, 9, 3, 1];
    expect(ends(organization)).toEqual(
      factors.map((factor, n) => [n * minute + 300 * factor, 'delivered', null]),
    );
  });
});

describe('A-remote-limits: what a remote domain takes', () => {
  it('sessions: with c of them it takes c / s messages a second, whatever the queue would open', () => {
    const c = 3;
    const organization = sender({ outside: { maxSessionsPerDomain: c } });
    const { simulation, recorder, at, send } = organization;
    const messages = 600;
    at(0, () => {
      for (let n = 0; n < messages; n++) send('u', ['x@out.example']);
    });
    simulation.runUntil(hour);
    // A session carries 20 messages in 200 + 20 × 100 ms: 600 messages are 30 sessions, ten after one another on each
    // of three places, 22 s. The second and third place begin 200 ms after the first, whose session has to stand.
    const lastMs = Math.max(...recorder.ended_.map(({ atMs }) => atMs));
    expect(recorder.ended_).toHaveLength(messages);
    expect(lastMs).toBe(10 * 2_200 + 200);
    // Never more than three at a time: in no 100 ms more than three are accepted.
    const perSlot = new Map<number, number>();
    for (const { atMs } of recorder.ended_)
      perSlot.set(Math.floor(atMs / 100), (perSlot.get(Math.floor(atMs / 100)) ?? 0) + 1);
    expect(Math.max(...perSlot.values())).toBe(c);
    // The queue asks for more all the time: 421 is no reason for Retry while other sessions work.
    expect(recorder.statuses.map(({ status }) => status)).not.toContain('Retry');
  });

  it('421 to a queue that has no other session: it is in Retry, and tries again', () => {
    const organization = sender({ outside: { maxSessionsPerDomain: 1 } }, undefined, {
      servers: { A1: 'A', A2: 'A' },
      databases: { DB1: ['A1'], DB2: ['A2'] },
      mailboxes: { u: 'DB1', v: 'DB2' },
      connectors: [
        {
          name: 'K1',
          sourceServers: ['A1'],
          scoped: false,
          addressSpaces: [{ type: 'SMTP', space: '*', cost: 1 }],
        },
        {
          name: 'K2',
          sourceServers: ['A2'],
          scoped: false,
          addressSpaces: [{ type: 'SMTP', space: '*', cost: 1 }],
        },
      ],
    });
    const { simulation, model, recorder, server } = organization;
    const viaEach = [server('A1'), server('A2')];
    // Two servers, each with a queue of its own for the domain; whose message comes first has the only session.
    organization.at(0, () => {
      for (let n = 0; n < 8; n++) organization.send('u', ['x@out.example']);
    });
    simulation.runUntil(hour);
    const queueServers = new Set(
      Array.from({ length: model.queueCount }, (_, queue) => model.queueServer(queue)),
    );
    expect([...queueServers].sort()).toEqual(viaEach);
    expect(
      recorder.attempts.map(({ attempt, outcome, durationMs }) => [attempt, outcome, durationMs]),
    ).toEqual([
      [0, 'failed', 200],
      [1, 'connected', 200],
    ]);
    expect(recorder.ended_).toHaveLength(8);
  });

  it('a place is free again, however the session ended: by a stop of the sender, by silence, by a refusal', () => {
    for (const fault of [
      { kind: 'service-outage', server: 'A1', service: 'transport', beginMs: 250, endMs: minute } as const,
      outage('silent', 250, minute),
      outage('4xx', 0, minute),
    ]) {
      const organization = sender({
        outside: { maxSessionsPerDomain: 1 },
        transport: { messageRetryInterval: minute },
      });
      injectFault(fault, organization.model);
      organization.at(0, () => organization.send('u', ['x@out.example']));
      organization.at(10 * minute, () => organization.send('u', ['x@out.example']));
      organization.simulation.runUntil(hour);
      expect(ends(organization).map(([, end]) => end)).toEqual(['delivered', 'delivered']);
      expect(ends(organization)[1]).toEqual([10 * minute + 300, 'delivered', null]);
    }
  });

  it('NDR-01: size: a larger message is returned with 5.3.4, one of exactly that size is taken', () => {
    const organization = sender({ outside: { maxMessageSize: 1_000_000 } });
    const { simulation, recorder, at, send } = organization;
    at(0, () => send('u', ['x@out.example'], 1_000_000));
    at(second, () => send('u', ['x@out.example'], 1_000_001));
    simulation.runUntil(minute);
    expect(ends(organization)).toEqual([
      [300, 'delivered', null],
      [1_300, 'returned', '5.3.4'],
    ]);
    expect(recorder.ended_.find(({ code }) => code !== null)).toMatchObject({
      text: "Remote Server at out.example returned '552 5.3.4 message size exceeds fixed maximum message size'",
      rule: 'NDR-01',
    });
  });
});

describe('smart hosts', () => {
  const hosts = (...smartHosts: string[]) => ({ name: 'Smart', smartHosts });

  it('A-remote-outage: a smart host takes the mail of a domain that is out; its own outage stops it', () => {
    const organization = sender({}, hosts('relay.example'));
    const { model, simulation, at, send } = organization;
    injectFault(outage('5xx', 0, hour), model);
    injectFault(outage('silent', minute, 2 * minute, 'Relay.Example'), model);
    at(0, () => send('u', ['x@out.example']));
    at(minute, () => send('u', ['x@other.example']));
    simulation.runUntil(hour);
    expect(ends(organization)).toEqual([
      [300, 'delivered', null],
      [minute + 81 * second + 300, 'delivered', null],
    ]);
  });

  it('UN-07: equal smart hosts take turns, and the next one is tried when one is silent', () => {
    const organization = sender({}, hosts('one.example', 'two.example'));
    const { model, simulation, at, send } = organization;
    injectFault(outage('silent', 0, hour, 'one.example'), model);
    at(0, () => send('u', ['x@out.example']));
    at(minute, () => send('u', ['x@out.example']));
    simulation.runUntil(hour);
    // The first turn is that of the silent one: 21 s go by.
    expect(ends(organization)).toEqual([
      [21 * second + 300, 'delivered', null],
      [minute + 300, 'delivered', null],
    ]);
  });
});

describe('A-remote-outage: a smart host that is given by IP address', () => {
  const ip = (...smartHosts: string[]) => ({ name: 'Smart', smartHosts });

  it.each([
    ['10.0.0.1', '10.0.0.1'],
    ['10.0.0.1', '[10.0.0.1]'],
    ['[10.0.0.1]', '10.0.0.1'],
    ['2001:DB8::1', '[2001:db8::1]'],
    ['[2001:db8::1]', '2001:db8::1'],
  ])('%s: an outage of %s silences it, and needs no DNS', (host, domain) => {
    const organization = sender({}, ip(host, 'sh.example'));
    const { model, simulation, at, send } = organization;
    injectFault({ kind: 'dns-outage', servers: 'all', beginMs: hour, endMs: 2 * hour }, model);
    injectFault(outage('silent', 0, minute, domain), model);
    at(0, () => send('u', ['x@out.example']));
    at(hour, () => send('u', ['x@out.example']));
    at(hour + minute, () => send('u', ['x@out.example']));
    simulation.runUntil(2 * hour);
    expect(ends(organization)).toEqual([
      [21 * second + 300, 'delivered', null],
      // The turn of the one that is given by name: DNS fails at once.
      [hour + 300, 'delivered', null],
      [hour + minute + 300, 'delivered', null],
    ]);
  });

  it('a slowdown by its address slows it down, and its refusal names it in brackets', () => {
    const organization = sender({}, ip('10.0.0.1'));
    const { model, recorder, simulation, at, send } = organization;
    const slowdown = { kind: 'remote-domain-slowdown', domain: '10.0.0.1', factor: 2 } as const;
    injectFault({ ...slowdown, beginMs: 0, endMs: minute }, model);
    injectFault(outage('5xx', hour, 2 * hour, '10.0.0.1'), model);
    at(0, () => send('u', ['x@out.example']));
    at(hour, () => send('u', ['x@out.example']));
    simulation.runUntil(2 * hour);
    expect(ends(organization)).toEqual([
      [600, 'delivered', null],
      [hour + 300, 'returned', '5.0.0'],
    ]);
    expect(JSON.stringify(recorder.ended_)).toContain('[10.0.0.1]');
  });
});

describe('A-dns-outage: servers that cannot look up anything outside', () => {
  const dns = (beginMs: number, endMs: number, servers: 'all' | readonly string[] = 'all') =>
    ({ kind: 'dns-outage', servers, beginMs, endMs }) as const;
  const twoMails = (organization: RunningOrganization) => {
    organization.at(0, () => organization.send('u', ['x@out.example', 'u']));
    organization.simulation.runUntil(hour);
    return ends(organization);
  };

  it('attempts fail at once and the ladder goes on; delivery inside is not touched', () => {
    const organization = sender();
    injectFault(dns(0, 2.5 * minute), organization.model);
    expect(twoMails(organization)).toEqual([
      [0, 'delivered', null],
      [3 * minute + 300, 'delivered', null],
    ]);
    expect(organization.recorder.attempts.map(({ startMs, durationMs }) => [startMs, durationMs])).toEqual([
      [0, 0],
      [minute, 0],
      [2 * minute, 0],
      [3 * minute, 200],
    ]);
  });

  it('outages that overlap end with the last, each for its servers', () => {
    const organization = sender();
    injectFault(dns(0, 3.5 * minute, ['A1']), organization.model);
    injectFault(dns(0, 1.5 * minute), organization.model);
    expect(twoMails(organization)[1]).toEqual([4 * minute + 300, 'delivered', null]);
    const other = sender({}, undefined, { servers: { A1: 'A', Z1: 'A' } });
    injectFault(dns(0, hour, ['Z1']), other.model);
    expect(twoMails(other)[1]).toEqual([300, 'delivered', null]);
  });

  it('a smart host that is given by name fails, too, one that is given by address does not', () => {
    const by = (...smartHosts: string[]) => {
      const organization = sender({}, { name: 'Smart', smartHosts });
      injectFault(dns(0, 30 * second), organization.model);
      return twoMails(organization)[1];
    };
    expect(by('relay.example')).toEqual([minute + 300, 'delivered', null]);
    expect(by('10.0.0.1')).toEqual([300, 'delivered', null]);
    expect(by('[10.0.0.1]')).toEqual([300, 'delivered', null]);
    expect(by('relay.example', '[10.0.0.1]')).toEqual([300, 'delivered', null]);
  });

  it('a session that stands goes on', () => {
    const organization = sender();
    injectFault(dns(250, hour), organization.model);
    organization.at(0, () => {
      organization.send('u', ['x@out.example']);
      organization.send('u', ['x@out.example']);
    });
    organization.simulation.runUntil(minute);
    expect(ends(organization)).toEqual([
      [300, 'delivered', null],
      [400, 'delivered', null],
    ]);
  });
});

describe('connectors that do not send by SMTP', () => {
  const fax = [{ type: 'FAX', space: '*', cost: 1 }];
  const to = (organization: RunningOrganization, messages: number) => {
    organization.at(0, () => {
      for (let n = 0; n < messages; n++) organization.send('u', ['FAX:5551234']);
    });
    organization.simulation.runUntil(hour);
    return organization.recorder.ended_.map(({ atMs }) => atMs);
  };
  const agent = { name: 'Fax', kind: 'delivery-agent', addressSpaces: fax } as const;

  it('CN-11: a Delivery Agent connector has 5 connections at most, of 20 messages each', () => {
    const organization = sender({ transport: { smtpMaxMessagesPerConnection: 3 } }, agent);
    const times = to(organization, 300);
    expect(times).toHaveLength(300);
    // The first connection stands at 200 ms, the other four at 400 ms; each takes a message every 100 ms, and needs
    // 200 ms for the next connection after 20 of them.
    const accepted = (fromMs: number, toMs: number) =>
      times.filter((atMs) => atMs >= fromMs && atMs < toMs).length;
    expect(accepted(0, 500)).toBe(2);
    expect(accepted(500, 1_000)).toBe(5 * 5);
    expect(times.filter((atMs) => atMs === 600)).toHaveLength(5);
    // 300 messages are 15 connections, three after one another for each place: 20 messages in 2,000 ms, from 400 ms
    // on at the latest, and 200 ms between two.
    expect(times.at(-1)).toBe(400 + 3 * 2_000 + 2 * 200);
  });

  it('CN-10: neither gateways nor directories need DNS; a file is written without connecting', () => {
    for (const [kind, atMs] of [
      ['delivery-agent', 300],
      ['foreign', 100],
    ] as const) {
      const organization = sender({}, { ...agent, kind });
      injectFault({ kind: 'dns-outage', servers: 'all', beginMs: 0, endMs: hour }, organization.model);
      expect(to(organization, 1)).toEqual([atMs]);
    }
  });
});

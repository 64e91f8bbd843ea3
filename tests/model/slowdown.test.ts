import { describe, expect, it } from 'vitest';
import { injectFault } from '../../src/scenario/index.js';
import type { SettingOverrides } from '../../src/sim/model/index.js';
import { deterministicHardware, run } from './small-organization.js';

const second = 1_000;

function oneServer(cpuPerMessage = 5) {
  return run(
    {
      servers: { A1: 'A', A2: 'A' },
      databases: { DB1: ['A1'] },
      mailboxes: { a: 'DB1', b: 'DB1' },
    },
    { hardware: { ...deterministicHardware['hardware'], cpuPerMessage }, transport: {} },
    null,
    // A2 only makes A1 wait for a shadow copy: it takes no mail itself.
    {},
  );
}

/** When a message sent at `sendMs` arrives, ms after. */
function latencyMs(begin: readonly (readonly [factor: number, fromMs: number, toMs: number])[], sendMs = 0) {
  const { simulation, model, recorder, at, send } = oneServer();
  for (const [factor, beginMs, endMs] of begin) {
    injectFault({ kind: 'server-slowdown', server: 'A1', factor, beginMs, endMs }, model);
  }
  at(sendMs, () => send('a', ['b']));
  simulation.runUntil(1_000 * second);
  model.audit();
  return recorder.ended_[0]!.atMs - sendMs;
}

// Submission 20, connect 10, shadow copy 130, categorizer 75, connect 10, writing 80.
const usualMs = 325;

describe('a server-slowdown', () => {
  it('multiplies all times of the server, its waits too', () => {
    expect(latencyMs([])).toBe(usualMs);
    expect(latencyMs([[2, 0, 100 * second]])).toBe(2 * usualMs);
    expect(latencyMs([[0.5, 0, 100 * second]])).toBe(usualMs / 2);
  });

  it('is over when it ends', () => {
    expect(latencyMs([[2, 0, 100 * second]], 200 * second)).toBe(usualMs);
  });

  it('counts for what begins while it lasts', () => {
    // Submission and the connection are as ever; at 30 ms the shadow copy begins, at 160 the categorizer.
    expect(latencyMs([[2, 35, 100 * second]])).toBe(160 + 2 * (75 + 10 + 80));
    expect(latencyMs([[2, 30, 161]])).toBe(30 + 2 * 130 + 75 + 10 + 80);
  });

  it('several multiply, and end in any order', () => {
    const first = [2, 0, 50 * second] as const;
    const second_ = [3, 0, 100 * second] as const;
    const third = [2, 0, 150 * second] as const;
    const all = [first, second_, third];
    expect(latencyMs(all)).toBe(12 * usualMs);
    expect(latencyMs(all, 60 * second)).toBe(6 * usualMs);
    expect(latencyMs(all, 110 * second)).toBe(2 * usualMs);
    expect(latencyMs(all, 160 * second)).toBe(usualMs);
  });

  it('makes processor work longer', () => {
    const { simulation, model, send } = oneServer();
    injectFault(
      { kind: 'server-slowdown', server: 'A1', factor: 2, beginMs: 0, endMs: 1_000 * second },
      model,
    );
    simulation.runUntil(1);
    model.beginServerOutage(1);
    send('a', ['b']);
    simulation.runUntil(60 * second);
    expect(model.processorDoneMs(0)).toBe(4 * 2 * 5);
  });
});

describe('A-longest-work: what lasts longer than the longest run', () => {
  const year = 365.25 * 24 * 3_600 * second;
  const longest = 365 * 24 * 3_600 * second;

  /** Thirty messages to a mailbox and to the outside, under three slowdowns of a million at a time. */
  function sent(kind: 'server' | 'remote', settings: SettingOverrides, untilMs = 20 * year) {
    const organization = run(
      {
        servers: { A1: 'A', A2: 'A' },
        databases: { DB1: ['A1'] },
        mailboxes: { a: 'DB1', b: 'DB1' },
        connectors: [{ name: 'Out', sourceServers: ['A1'] }],
      },
      { ...settings, hardware: { ...deterministicHardware['hardware'], ...settings['hardware'] } },
    );
    const { simulation, model, at, send } = organization;
    const always = { factor: 1e6, beginMs: 0, endMs: Number.POSITIVE_INFINITY };
    model.beginServerOutage(1);
    for (let n = 0; n < 3; n++) {
      if (kind === 'server') injectFault({ kind: 'server-slowdown', server: 'A1', ...always }, model);
      else injectFault({ kind: 'remote-domain-slowdown', domain: 'out.example', ...always }, model);
    }
    at(second, () => {
      for (let n = 0; n < 30; n++) send('a', ['b', 'x@out.example']);
    });
    simulation.runUntil(untilMs);
    model.audit();
    return organization;
  }

  it.each(['submissionTime', 'connectTime', 'commitTime', 'categorizerTime', 'cpuPerMessage'])(
    '%s: is never done',
    (time) => {
      const hardware = { cpuPerMessage: 0, [time]: longest };
      expect(sent('server', { hardware }).recorder.ended_).toEqual([]);
    },
  );

  it('the same with a log-normal distribution however wide', () => {
    const distribution = { kind: 'lognormal', cv: 100 } as const;
    const hardware = { distribution, cpuPerMessage: 0, commitTime: longest, submissionTime: longest };
    expect(sent('server', { hardware }).recorder.ended_).toEqual([]);
  });

  it.each([
    ['accepts', { connectTime: 0, acceptTime: longest }],
    ['takes a connection', { connectTime: longest, acceptTime: 0 }],
  ])('a remote domain never %s', (_what, outside) => {
    const settings = { outside };
    const { recorder } = sent('remote', settings, year / 100);
    const delivered = recorder.ended_.filter(({ end, kind }) => end === 'delivered' && kind === 'mail');
    expect(delivered).toHaveLength(30);
  });

  it('keeps the processor busy to the end', () => {
    const { model, server } = sent('server', { hardware: { cpuPerMessage: longest } });
    // Eight cores, each given its first piece of work at once.
    expect(model.processorDoneMs(server('A1'))).toBe(8 * (20 * year - second));
  });
});

import { describe, expect, it } from 'vitest';
import { run, type SmallOrganization } from './small-organization.js';

const minute = 60_000;

const oneServer: SmallOrganization = {
  servers: { A1: 'A' },
  databases: { DB: ['A1'] },
  mailboxes: { a: 'DB', b: 'DB' },
};
/** A categorization lasts 100 s, one at a time; all else is instant. */
const settings = (transport: Readonly<Record<string, number>> = {}) => ({
  hardware: {
    distribution: { kind: 'deterministic' as const },
    submissionTime: 0,
    connectTime: 0,
    commitTime: 0,
    categorizerTime: 100_000,
    mailboxDeliveryTime: 0,
    cpuPerMessage: 0,
  },
  transport: { categorizerSlots: 1, ...transport },
});

/** Messages at 0 and 1 s; the server is down for 10 s at each of `stops`. */
function crashed(stops: readonly number[], transport: Readonly<Record<string, number>> = {}) {
  const running = run(oneServer, settings(transport));
  const { model, simulation } = running;
  running.send('a', ['b']);
  running.at(1_000, () => running.send('a', ['b']));
  for (const atMs of stops) {
    running.at(atMs, () => model.beginServerOutage(0));
    running.at(atMs + 10_000, () => model.endServerOutage(0));
  }
  simulation.runUntil(60 * minute);
  return running;
}

const delivered = ({ recorder }: ReturnType<typeof crashed>) =>
  recorder.ended_.map(({ message, atMs }) => `${message} at ${atMs / 1_000}`);

describe('the Poison queue', () => {
  it('QU-01: takes a message that was in the categorizer at two stops, and the next one goes on', () => {
    // The first is begun at 0, at 60 and, after the second stop, not again; the second at 110.
    const running = crashed([50_000, 100_000]);
    expect(delivered(running)).toEqual(['2 at 210']);
    const { model } = running;
    expect(model.audit()).toMatchObject({ alive: 1, delivered: 1 });
    const poison = Array.from({ length: model.queueCount }, (_, queue) => queue).find(
      (queue) => model.queueKey(queue).nextHopDomain === 'Poison Message',
    )!;
    expect(model.queueKey(poison)).toEqual({
      deliveryType: 'Undefined',
      nextHopDomain: 'Poison Message',
      nextHopConnector: null,
    });
    expect([model.queueMessages(poison), model.queueStatusNow(poison)]).toEqual([1, 'Ready']);
    expect(model.isAtRest).toBe(true);
  });

  it('QU-01: one stop is no reason, nor are stops at which the message only waited', () => {
    // Begun anew at 60, so done at 160; then the second, until 260.
    expect(delivered(crashed([50_000]))).toEqual(['1 at 160', '2 at 260']);
    // The second message waits at both stops at 20 and 50, and is begun at 60 only: 160.
    expect(delivered(crashed([20_000, 50_000]))).toEqual(['2 at 160']);
  });

  it('DC-04: after as many stops as poisonThreshold says', () => {
    expect(delivered(crashed([50_000, 100_000], { poisonThreshold: 3 }))).toEqual(['1 at 210', '2 at 310']);
    expect(delivered(crashed([50_000], { poisonThreshold: 1 }))).toEqual(['2 at 160']);
  });

  it('QU-03: it neither resumes nor expires by itself, and an administrator may resume it', () => {
    const running = crashed([50_000, 100_000], { messageExpirationTimeout: 30 * minute });
    const { model, simulation, recorder } = running;
    running.at(7 * 24 * 60 * minute, () => {
      expect(recorder.ended_).toHaveLength(1);
      expect(model.resubmitQueues(0, ({ nextHopDomain }) => nextHopDomain === 'Poison Message')).toBe(1);
    });
    simulation.runUntil(7 * 24 * 60 * minute + 1_000);
    expect(model.isAtRest).toBe(false);
    simulation.runUntil(8 * 24 * 60 * minute);
    // It has come of age meanwhile, and the queue of the database says so.
    expect(recorder.ended_.map(({ message, end }) => `${message} ${end}`)).toEqual([
      '2 delivered',
      '1 expired',
      // The notification of the first.
      '3 delivered',
    ]);
    expect(model.audit().alive).toBe(0);
  });

  it('A-crash-counts: a stop of the Transport service counts as one of the server does', () => {
    const running = run(oneServer, settings());
    const { model } = running;
    running.send('a', ['b']);
    for (const atMs of [20_000, 40_000]) {
      running.at(atMs, () => model.beginServiceOutage(0, 'transport'));
      running.at(atMs + 1_000, () => model.endServiceOutage(0, 'transport'));
    }
    running.simulation.runUntil(10 * minute);
    expect(running.recorder.ended_).toEqual([]);
    expect(model.isAtRest).toBe(true);
  });

  it('A-crash-counts: the count is that of the message on one server', () => {
    const twoSites: SmallOrganization = {
      links: { 'A-B': 10 },
      servers: { A1: 'A', B1: 'B' },
      databases: { DBA: ['A1'], DBB: ['B1'] },
      mailboxes: { a: 'DBA', b: 'DBB' },
    };
    const running = run(twoSites, {
      ...settings(),
      hardware: { ...settings().hardware, relayTime: 0 },
      mailboxTransport: { submissionReach: 'own-site' },
    });
    const { model, server } = running;
    running.send('a', ['b']);
    // Categorized on A1 from 60 to 160 and on B1, until it stops at 200, from 160; there from 210 to 310.
    for (const [name, atMs] of [
      ['A1', 50_000],
      ['B1', 200_000],
    ] as const) {
      running.at(atMs, () => model.beginServerOutage(server(name)));
      running.at(atMs + 10_000, () => model.endServerOutage(server(name)));
    }
    running.simulation.runUntil(60 * minute);
    expect(running.recorder.ended_.map(({ end, atMs }) => `${end} ${atMs / 1_000}`)).toEqual([
      'delivered 310',
    ]);
  });
});

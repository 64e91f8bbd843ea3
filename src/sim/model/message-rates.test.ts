import fc from 'fast-check';
import { expect, test } from 'vitest';
import { organization } from '../../../tests/model/small-organization.js';
import { shareOf } from '../../../tests/random-share.js';
import { buildTopology } from '../../topology/index.js';
import { Simulation, tickMs } from '../kernel/index.js';
import { MessageRates, messageSourceOutside } from './message-rates.js';
import { services } from './server-states.js';
import { resolveSettings } from './settings.js';

const minute = 60_000;

/** A message that was taken. */
interface Taken {
  readonly server: number;
  readonly service: number;
  readonly source: string;
  readonly minute: number;
}

/** The clear version of the rates: what each service has taken stands in a list, and is counted each time. */
class ClearRates {
  readonly #most: readonly number[];
  readonly #taken: Taken[] = [];

  constructor(most: readonly number[]) {
    this.#most = most;
  }

  admits(server: number, service: number, source: string, nowMs: number): boolean {
    const one: Taken = { server, service, source, minute: Math.floor(nowMs / minute) };
    const same = this.#taken.filter(
      (each) =>
        each.server === one.server &&
        each.service === one.service &&
        each.source === one.source &&
        each.minute === one.minute,
    );
    if (same.length >= this.#most[server]!) return false;
    this.#taken.push(one);
    return true;
  }
}

const topology = buildTopology(
  organization({ servers: { A1: 'A', A2: 'A', A3: 'A' }, databases: { DB: ['A1'] } }),
);
/** Servers of the organization and senders outside: what one has brought is not another's. */
const sources: ReadonlyMap<string, number> = new Map([
  ...topology.servers.map(({ name, index }) => [name, index] as const),
  ...[0, 1, 2].map((sender) => [`sender ${sender}`, messageSourceOutside(sender)] as const),
]);

/** How long until the next: minutes begin at its ends, and just before and after. */
const afterMs = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(0, tickMs, 1_000) },
  { weight: 2, arbitrary: fc.nat(2 * minute) },
  { weight: 2, arbitrary: fc.constant('minute' as const) },
  { weight: 1, arbitrary: fc.constant('just before' as const) },
  { weight: 1, arbitrary: fc.constantFrom(minute, 5 * minute, 60 * minute) },
);
const message = fc.record({
  afterMs,
  server: fc.nat(topology.servers.length - 1),
  service: fc.nat(services.length - 1),
  source: fc.constantFrom(...sources.keys()),
});
const most = fc.oneof(fc.integer({ min: 1, max: 4 }), fc.constant(Number.POSITIVE_INFINITY));

test('TH, A-message-rate: who is taken in a minute of the clock is who a list of those taken has room for', () => {
  fc.assert(
    fc.property(
      fc.tuple(most, most, most),
      fc.array(message, { minLength: 40, maxLength: 250, size: 'max' }),
      (limits, messages) => {
        const simulation = new Simulation();
        const settings = limits.map((messageRateLimit) =>
          resolveSettings('2013', { transport: { messageRateLimit } }),
        );
        const tuned = new MessageRates(simulation, topology, (server) => settings[server]!);
        const clear = new ClearRates(limits);
        for (const { afterMs: passes, server, service, source } of messages) {
          const { nowMs } = simulation;
          const nextMinuteMs = (Math.floor(nowMs / minute) + 1) * minute;
          if (passes === 'minute') simulation.runUntil(nextMinuteMs);
          else if (passes === 'just before') simulation.runUntil(nextMinuteMs - tickMs);
          else simulation.runUntil(nowMs + passes);
          const told = [server, service, source, simulation.nowMs];
          expect([...told, tuned.admits(server, service, sources.get(source)!)]).toEqual([
            ...told,
            clear.admits(server, service, source, simulation.nowMs),
          ]);
        }
      },
    ),
    { seed: 1, numRuns: shareOf(100) },
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { silent } from '../../../../tests/model/silent-observer.js';
import { organization } from '../../../../tests/model/small-organization.js';
import { buildTopology } from '../../../topology/index.js';
import { Simulation, tickMs } from '../../kernel/index.js';
import { MessageStore, none } from '../message-store.js';
import { QueueDatabases, storedAs } from '../queue-databases.js';
import { resolveSettings } from '../settings.js';
import { SafetyNetStorage } from './safety-net-storage.js';

const hourMs = 3_600_000;
/** Whole hours and others, less than one, as many as one, and more. */
const holdsMs = [60_000, 0.5 * hourMs, hourMs, 1.5 * hourMs, 2 * hourMs, 2.25 * hourMs, 5 * hourMs] as const;

/** What one server has handed on, and its Safety Net as a list of it. */
interface Mail {
  readonly atMs: number;
  readonly bytes: number;
}

/** QU-13: what comes in an hour goes when the last of the hour has been held long enough. */
const goesMs = ({ atMs }: Mail, holdMs: number) => (Math.floor(atMs / hourMs) + 1) * hourMs + holdMs;

/** Safety Nets of two servers that hold mail for so long, and what they should have. */
class Storages {
  readonly simulation = new Simulation();
  readonly #holdMs: readonly number[];
  readonly #store = new MessageStore(2);
  readonly #databases: QueueDatabases;
  readonly #storage: SafetyNetStorage;
  readonly #clear: Mail[][];

  constructor(holdMs: readonly number[]) {
    this.#holdMs = holdMs;
    const { simulation } = this;
    const store = this.#store;
    const topology = buildTopology(
      organization({ servers: { A1: 'A', A2: 'A' }, databases: { DB1: ['A1'] } }),
    );
    this.#databases = new QueueDatabases(simulation, topology, store, silent);
    const settings = holdMs.map((ms) => resolveSettings('2013', { transport: { safetyNetHoldTime: ms } }));
    this.#storage = new SafetyNetStorage({
      simulation,
      store,
      queueDatabases: this.#databases,
      topology,
      settingsOf: (server) => settings[server]!,
    });
    this.#clear = holdMs.map(() => []);
  }

  /** Now: a server has handed on a copy of its own, or promoted shadow copies. */
  handOn(server: number, bytes: number, isShadow: boolean): void {
    const { nowMs } = this.simulation;
    if (isShadow) {
      this.#databases.add(server, storedAs.shadow, bytes);
      this.#storage.retireShadows(server, bytes);
    } else {
      const copy = this.#store.makeCopy(this.#store.makeMessage('mail', none, bytes, nowMs), nowMs);
      this.#store.copyServer[copy] = server;
      this.#databases.hold(copy);
      this.#storage.retire(copy);
      this.#store.freeCopy(copy);
    }
    if (this.#holdMs[server]! > 0) this.#clear[server]!.push({ atMs: nowMs, bytes });
  }

  /** Now: a server loses its queue database. */
  lose(server: number): void {
    this.#databases.add(server, storedAs.safetyNet, -this.#databases.bytes(server, storedAs.safetyNet));
    this.#storage.lose(server);
    this.#clear[server]!.length = 0;
  }

  compareAt(atMs: number): void {
    this.simulation.runUntil(atMs);
    for (const [server, mails] of this.#clear.entries()) {
      const held = mails.filter((mail) => goesMs(mail, this.#holdMs[server]!) > atMs);
      const bytes = held.reduce((sum, mail) => sum + mail.bytes, 0);
      expect([server, atMs / hourMs, this.#databases.bytes(server, storedAs.safetyNet)]).toEqual([
        server,
        atMs / hourMs,
        bytes,
      ]);
      expect(this.#databases.totalBytes(server)).toBe(bytes);
    }
  }
}

test.each(holdsMs)(
  'QU-13, SN-01: mail at every hour is held for its hour and %i ms, whatever comes meanwhile',
  (holdMs) => {
    for (const offsetMs of [0, tickMs, 0.5 * hourMs, hourMs - tickMs]) {
      const storages = new Storages([holdMs, 2 * holdMs]);
      const { simulation } = storages;
      const hours = 4 * Math.ceil(holdMs / hourMs) + 8;
      // Before the first of it is handed on, so that at one instant what comes is there before anything goes.
      const comes = simulation.addKind((hour) => {
        storages.handOn(0, 1 + hour, hour % 3 === 0);
        storages.handOn(1, 100 + hour, hour % 2 === 0);
      });
      for (let hour = 0; hour < hours; hour++) simulation.scheduleAt(hour * hourMs + offsetMs, comes, hour);
      const endMs = (hours + 2) * hourMs + 2 * holdMs;
      for (let atMs = 0; atMs < endMs; atMs += 0.25 * hourMs) {
        if (atMs > 0) storages.compareAt(atMs - tickMs);
        storages.compareAt(atMs);
      }
      storages.compareAt(endMs);
    }
  },
);

const step = fc.record({
  afterMs: fc.oneof(
    fc.constantFrom(0, 0.25 * hourMs, hourMs),
    fc.integer({ min: 1, max: hourMs }),
    fc.integer({ min: 1, max: 12 * hourMs }),
  ),
  server: fc.nat({ max: 1 }),
  bytes: fc.integer({ min: 1, max: 1_000 }),
  does: fc.oneof(
    { weight: 8, arbitrary: fc.constant('handOn' as const) },
    { weight: 3, arbitrary: fc.constant('promote' as const) },
    { weight: 1, arbitrary: fc.constant('lose' as const) },
  ),
});

test('QU-13, SN-01, SH-08: a Safety Net holds what a list of mail says, lost queue databases and quiet hours included', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(0, ...holdsMs),
      fc.constantFrom(...holdsMs),
      fc.array(step, { maxLength: 80 }),
      (holdMs, other, steps) => {
        const storages = new Storages([holdMs, other]);
        let nowMs = 0;
        for (const { afterMs, server, bytes, does } of steps) {
          nowMs += afterMs;
          storages.compareAt(nowMs);
          if (does === 'lose') storages.lose(server);
          else storages.handOn(server, bytes, does === 'promote');
          storages.compareAt(nowMs);
        }
        storages.compareAt(nowMs + 10 * hourMs);
      },
    ),
    { numRuns: 200 },
  );
});

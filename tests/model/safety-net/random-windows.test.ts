import { describe, expect, test } from 'vitest';
import { Dice } from '../../oracle/dice.js';
import { deterministicHardware, type SmallOrganization } from '../small-organization.js';
import { failOver, hour, minute, rowsOf, running, second, type Watched } from './watched.js';

/** The servers that deliver, each with the shadow copies of the other; the databases are on two further ones. */
const delivering = ['P1', 'P2'] as const;

const organizationOfFour = {
  servers: {
    ...{ P1: 'A', P2: 'A' },
    ...{ S1: { site: 'A', roles: ['mailbox'] }, S2: { site: 'A', roles: ['mailbox'] } },
  },
  dags: { DAG1: ['P1', 'P2', 'S1', 'S2'] },
  databases: { DB1: ['S1', 'S2'], DB2: ['S2', 'S1'] },
  mailboxes: { u1: 'DB1', u2: 'DB2' },
  connectors: [{ name: 'Internet', sourceServers: ['P1', 'P2'] }],
} satisfies SmallOrganization;

const mailEndsMs = 30 * minute;
const failsMs = 40 * minute;
const activeMs = failsMs + 30 * second;
const askAgainMs = 15 * minute;
const broadcastMs = 12 * hour;

/** What the oracle knows of a server. */
interface Fate {
  /** When it is down, in order. */
  readonly outages: readonly { readonly fromMs: number; readonly toMs: number; readonly loses: boolean }[];
}

interface Case {
  readonly windowMs: number;
  readonly holdMs: number;
  readonly fates: readonly [Fate, Fate];
}

/** Down before the failover, after it, both or not at all, for up to a day; sometimes with its queue database. */
function drawCase(dice: Dice): Case {
  const fate = (): Fate => {
    const outages: { fromMs: number; toMs: number; loses: boolean }[] = [];
    let soonestMs = mailEndsMs + 5 * minute;
    for (let count = dice.pick([0, 1, 1, 2]); count > 0; count--) {
      const fromMs = soonestMs + dice.below(10 * minute);
      const toMs =
        fromMs + 1 + dice.pick([dice.below(5 * minute), dice.below(2 * hour), dice.below(24 * hour)]);
      outages.push({ fromMs, toMs, loses: dice.chance(0.3) });
      soonestMs = toMs + minute;
    }
    return { outages };
  };
  return {
    windowMs: dice.pick([minute, 5 * minute, 15 * minute, hour]) + dice.below(minute),
    holdMs: dice.pick([12 * minute + dice.below(30 * minute), hour, 14 * hour, 48 * hour]),
    fates: [fate(), fate()],
  };
}

interface Kept {
  readonly atMs: number;
  /** 0 or 1: which of the two delivered it. */
  readonly by: number;
}

/** What becomes of a delivery that was lost, by the rules alone: sent again by its primary or its shadow, and when; or lost. */
function oracle(
  { holdMs, fates }: Case,
  { atMs, by }: Kept,
): readonly ['primary' | 'shadow' | 'lost', number] {
  const isDown = (server: number, ms: number) =>
    fates[server]!.outages.some(({ fromMs, toMs }) => fromMs <= ms && ms < toMs);
  const has = (server: number, ms: number) =>
    ms < atMs + holdMs &&
    !fates[server]!.outages.some(({ fromMs, loses }) => loses && atMs < fromMs && fromMs <= ms);
  const other = 1 - by;
  let isBroadcast = false;
  for (let ms = activeMs; ; ms = Math.min(ms + askAgainMs, isBroadcast ? Infinity : activeMs + broadcastMs)) {
    if (!isBroadcast && ms < activeMs + broadcastMs && !isDown(by, ms)) {
      if (has(by, ms)) return ['primary', ms];
      isBroadcast = true;
    }
    if (ms >= activeMs + broadcastMs) isBroadcast = true;
    if (!has(other, ms) && (isBroadcast || !has(by, ms))) return ['lost', ms];
    if (isBroadcast && !isDown(other, ms)) return ['shadow', ms];
  }
}

function runCase({ windowMs, holdMs, fates }: Case): Watched {
  const organization = running(organizationOfFour, {
    ...deterministicHardware,
    // As often as it takes to come to the one partner that there is (SH-03).
    transport: { safetyNetHoldTime: holdMs, maxRetriesForLocalSiteShadow: 10 },
  });
  const { at, send, model, server, simulation } = organization;
  for (const name of ['S1', 'S2']) at(0, () => model.beginServiceOutage(server(name), 'transport'));
  for (let n = 0; n * 20 * second < mailEndsMs; n++) {
    at(n * 20 * second, () => send('x@out.example', n % 3 === 0 ? ['u1', 'u2', 'y@out.example'] : ['u1']));
  }
  for (const [index, { outages }] of fates.entries()) {
    const own = server(delivering[index]!);
    for (const { fromMs, toMs, loses } of outages) {
      at(fromMs, () => {
        model.beginServerOutage(own);
        if (loses) model.loseQueueDatabase(own);
      });
      at(toMs, () => model.endServerOutage(own));
    }
  }
  failOver(organization, 'DB1', 'S2', failsMs, windowMs);
  for (let ms = hour; ms < 72 * hour; ms += 3 * hour) {
    simulation.runUntil(ms);
    model.audit();
  }
  simulation.runUntil(72 * hour);
  return organization;
}

describe('random windows, hold times and outages of primaries and shadows, against the rules alone', () => {
  const outcomes = { primary: 0, shadow: 0, lost: 0 };

  test.each(Array.from({ length: 60 }, (_, n) => [n]))('case %d', (n) => {
    const dice = new Dice('safety net', String(n));
    const drawn = drawCase(dice);
    const organization = runCase(drawn);
    const { recorder, model, server } = organization;
    const u1 = model.addressBook.intern('u1@contoso.com');
    const window = recorder.deliveries.filter(
      ({ recipient, kind, atMs }) =>
        recipient === u1 && kind === 'mail' && atMs > failsMs - drawn.windowMs && atMs <= activeMs,
    );
    const expected = window.map(({ atMs, primary, message }) => {
      const by = delivering.findIndex((name) => server(name) === primary);
      return { message, fate: oracle(drawn, { atMs, by }) };
    });
    for (const { fate } of expected) outcomes[fate[0]]++;
    const { again } = rowsOf(organization, 'u1');
    const found = new Map(again.map((row) => [row.message, row]));
    expect(found.size).toBe(again.length);
    expect([...found.keys()].sort((a, b) => a - b)).toEqual(
      expected.map(({ message }) => message).sort((a, b) => a - b),
    );
    for (const { message, fate } of expected) {
      const [how, ms] = fate;
      const row = found.get(message)!;
      expect([message, row.end]).toEqual([message, how === 'lost' ? 'lost' : 'delivered']);
      // It waited for its answer until then.
      expect([message, row.submittedMs + row.stageMs['submission']!]).toEqual([message, ms]);
      expect(row.stageMs['categorizer']! > 0).toBe(how === 'shadow');
    }
    // Duplicates are those of whoever else a shadow copy was for. What is resubmitted has a shadow copy of its own: where
    // that is promoted because its server is lost before it was heard that all is done, there are further ones.
    const again3 = expected.filter(({ message, fate }) => fate[0] === 'shadow' && (message - 1) % 3 === 0);
    const promoted = recorder.shadowEnds.filter(({ isPromoted }) => isPromoted).length;
    const dropped = recorder.duplicates.filter(({ isDropped }) => isDropped).length;
    const outside = recorder.duplicates.length - dropped;
    expect(outside).toBeGreaterThanOrEqual(again3.length);
    expect(outside).toBeLessThanOrEqual(again3.length + promoted);
    expect(dropped).toBeGreaterThanOrEqual(again3.length);
    expect(dropped).toBeLessThanOrEqual(again3.length + 2 * promoted);
    expect(model.audit()).toMatchObject({
      alive: 0,
      lost: expected.filter(({ fate }) => fate[0] === 'lost').length,
    });
  });

  test('all that can become of a delivery has', () => {
    expect(Math.min(...Object.values(outcomes))).toBeGreaterThan(50);
  });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { QueueGauges } from './queue-gauges.js';

/** What happened to one queue, written down: every length with the time from which it held, and who left. */
class ClearQueue {
  readonly changes: { readonly atMs: number; readonly length: number }[] = [];
  readonly waitsMs: number[] = [];
  readonly agesMs: number[] = [];

  get length(): number {
    return this.changes.at(-1)?.length ?? 0;
  }

  get maxLength(): number {
    return Math.max(0, ...this.changes.map(({ length }) => length));
  }

  /** The length, integrated over a stretch of time. */
  lengthMs(fromMs: number, toMs: number): number {
    let sum = 0;
    for (const [place, { atMs, length }] of this.changes.entries()) {
      const untilMs = Math.min(toMs, this.changes[place + 1]?.atMs ?? toMs);
      sum += length * Math.max(0, untilMs - Math.max(fromMs, atMs));
    }
    return sum;
  }

  /** Whether it held something after `afterMs`, or holds something. */
  heldAfter(afterMs: number): boolean {
    return this.changes.some(({ atMs, length }, place) => {
      const before = this.changes[place - 1]?.length ?? 0;
      return (
        (atMs > afterMs && (length > 0 || before > 0)) || (place === this.changes.length - 1 && length > 0)
      );
    });
  }

  /** How many fewer there are than just after `afterMs`. */
  netAfter(afterMs: number): number {
    const before = this.changes.filter(({ atMs }) => atMs <= afterMs).at(-1)?.length ?? 0;
    return before - this.length;
  }

  /** When it was last said to be empty. */
  get emptyMs(): number {
    return this.changes.filter(({ length }) => length === 0).at(-1)?.atMs ?? 0;
  }
}

const queues = 5;
/** Less than the minute that rates are over, just that, and more. */
const intervalsMs = [30_000, 60_000, 90_000, 300_000] as const;
const step = fc.record({
  afterMs: fc.oneof(
    fc.constant(0),
    fc.integer({ min: 1, max: 20_000 }),
    fc.integer({ min: 1, max: 400_000 }),
  ),
  queue: fc.nat({ max: queues - 1 }),
  length: fc.oneof(fc.constant(0), fc.nat({ max: 6 })),
  left: fc.option(fc.record({ waitedMs: fc.nat({ max: 50_000 }), olderMs: fc.nat({ max: 50_000 }) })),
});

test('QU-09: gauges say what a list of all that happened says', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(0, 90_000, 3_600_000),
      fc.constantFrom(...intervalsMs),
      fc.array(step, { maxLength: 60 }),
      (warmUpMs, sampleEveryMs, steps) => {
        const gauges = new QueueGauges(warmUpMs, sampleEveryMs);
        const clear = Array.from({ length: queues }, () => new ClearQueue());
        let nowMs = 0;
        let sampledMs = 0;
        let isSampled = false;
        const compareAtSample = (atMs: number) => {
          for (const [id, queue] of clear.entries()) {
            expect(gauges.wasHolding(id)).toBe(queue.heldAfter(isSampled ? sampledMs : -1));
            const windowMs = Math.min(60_000, atMs - sampledMs);
            const fromMs = Math.max(atMs - 60_000, isSampled ? sampledMs : -1);
            expect(gauges.velocity(id, atMs)).toBeCloseTo(queue.netAfter(fromMs) / (windowMs / 1_000), 9);
          }
        };
        for (const { afterMs, queue, length, left } of steps) {
          nowMs += afterMs;
          while (sampledMs + sampleEveryMs < nowMs) {
            compareAtSample(sampledMs + sampleEveryMs);
            sampledMs += sampleEveryMs;
            isSampled = true;
            gauges.sampled(sampledMs);
          }
          const written = clear[queue]!;
          if (left !== null) {
            const enteredMs = nowMs - left.waitedMs;
            gauges.leave(queue, nowMs, enteredMs, enteredMs - left.olderMs);
            written.waitsMs.push(left.waitedMs);
            written.agesMs.push(left.waitedMs + left.olderMs);
          }
          gauges.setLength(queue, nowMs, length);
          written.changes.push({ atMs: nowMs, length });
          expect(gauges.lengths.value(queue)).toBe(length);
        }
        const endMs = nowMs + 1_000;
        for (const [id, queue] of clear.entries()) {
          expect(gauges.lengths.max(id)).toBe(queue.maxLength);
          expect(gauges.hasHeld(id)).toBe(queue.maxLength > 0);
          expect(gauges.maxAgeMs(id)).toBe(Math.max(0, ...queue.agesMs));
          expect(gauges.lengths.wholeIntegral(id, endMs)).toBe(queue.lengthMs(0, endMs));
          expect(gauges.lengths.integral(id, endMs)).toBe(queue.lengthMs(warmUpMs, endMs));
          const law = gauges.littlesLaw(id, endMs);
          expect(law).toEqual(
            queue.waitsMs.length === 0
              ? null
              : {
                  lengthMs: queue.lengthMs(0, endMs),
                  waitedMs: queue.waitsMs.reduce((sum, ms) => sum + ms, 0),
                  openMs: queue.length * (endMs - queue.emptyMs),
                },
          );
        }
      },
    ),
    { numRuns: 500 },
  );
});

test('an age noted at a sample counts like one of a message that left', () => {
  const gauges = new QueueGauges(0, 300_000);
  gauges.setLength(3, 1_000, 1);
  gauges.noteAge(3, 700);
  gauges.noteAge(3, 500);
  expect(gauges.maxAgeMs(3)).toBe(700);
});

test('a queue of which nothing was said has no length, no age and no rate', () => {
  const gauges = new QueueGauges(0, 300_000);
  gauges.setLength(0, 1_000, 1);
  expect([
    gauges.lengths.value(7),
    gauges.lengths.max(7),
    gauges.maxAgeMs(7),
    gauges.lengths.integral(7, 9_000),
  ]).toEqual([0, 0, 0, 0]);
  expect([gauges.wasHolding(7), gauges.hasHeld(7), gauges.littlesLaw(7, 9_000)]).toEqual([
    false,
    false,
    null,
  ]);
  expect(gauges.velocity(7, 300_000)).toBe(0);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { none } from '../message-store.js';
import { ShadowRecords } from './shadow-records.js';

/** A record as the columns must give it back. */
interface Expected {
  readonly message: number;
  readonly queue: number;
  readonly hops: number;
  readonly envelope: readonly number[];
  copies: number;
}

const operation = fc.record({
  frees: fc.boolean(),
  which: fc.nat(),
  queue: fc.oneof(fc.nat(70_000), fc.constantFrom(65_533, 65_534, 65_535, 65_536)),
  hops: fc.nat(65_535),
  envelope: fc.array(fc.nat(2 ** 31 - 1), { minLength: 1, maxLength: 6 }),
  copies: fc.integer({ min: 1, max: 5 }),
});

test('records give back what they were given, whatever was freed between, with queues past two bytes', () => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 120 }), (operations) => {
      const records = new ShadowRecords();
      const expected = new Map<number, Expected>();
      operations.forEach(({ frees, which, queue, hops, envelope, copies }, message) => {
        const known = [...expected.keys()];
        if (frees && known.length > 0) {
          const record = known[which % known.length]!;
          records.free(record);
          expected.delete(record);
          return;
        }
        const record = records.make(message, queue, hops);
        expect(expected.has(record)).toBe(false);
        if (envelope.length === 1) records.addressToOne(record, envelope[0]!);
        else records.addressTo(record, envelope);
        for (let copy = 0; copy < copies; copy++) records.join(record);
        expected.set(record, { message, queue, hops, envelope, copies });
      });
      for (const [record, { message, queue, hops, envelope, copies }] of expected) {
        expect(records.message[record]).toBe(message);
        expect(records.queueOf(record)).toBe(queue);
        expect(records.hops[record]).toBe(hops);
        expect(records.envelope(record)).toEqual(envelope);
        expect(records.copies(record)).toBe(copies);
        expect(records.isFor(record, envelope[0]!)).toBe(envelope.length === 1);
      }
      expect(records.ofQueues(() => true)).toEqual([...expected.keys()].sort((a, b) => a - b));
    }),
    { seed: 1, numRuns: 300 },
  );
});

test('SH-07: after its last copy a record stands in a list of discard events', () => {
  const records = new ShadowRecords();
  const [first, second] = [records.make(7, 0, 0), records.make(8, 0, 0)];
  for (const record of [first, second]) {
    records.join(record);
    records.join(record);
    records.part(record);
    expect(records.copies(record)).toBe(1);
    records.part(record);
    expect(records.copies(record)).toBe(0);
    expect(records.nextDiscard(record)).toBe(none);
  }
  records.setNextDiscard(second, first);
  expect(records.nextDiscard(second)).toBe(first);
  expect(records.nextDiscard(first)).toBe(none);
  expect(records.copies(second)).toBe(0);
});

test('lists of recipients that are freed are used again', () => {
  const records = new ShadowRecords();
  const grow = () => {
    const made = Array.from({ length: 200 }, (_, n) => {
      const record = records.make(n, 0, 0);
      records.addressTo(record, [n, n + 1, n + 2]);
      return record;
    });
    for (const record of made) records.free(record);
  };
  grow();
  const { length } = records;
  for (let round = 0; round < 50; round++) grow();
  expect(records.length).toBe(length);
});

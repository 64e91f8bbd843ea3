import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RecipientLists } from './recipient-lists.js';

/** Mostly short ones, as messages have them, and now and then those of large groups. */
const length = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 1, max: 8 }) },
  { weight: 2, arbitrary: fc.integer({ min: 9, max: 70 }) },
  { weight: 1, arbitrary: fc.integer({ min: 60, max: 2_100 }) },
);
/** A list is made, or the one at a place, of those that there are, is freed. */
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ make: length }) },
  { weight: 2, arbitrary: fc.record({ free: fc.nat() }) },
);

test('lists are what was written into them, whatever is made and freed beside them', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const lists = new RecipientLists();
      const clear: { readonly list: number; readonly recipients: readonly number[] }[] = [];
      let next = 0;
      for (const each of steps) {
        if ('make' in each) {
          const recipients = Array.from({ length: each.make }, () => next++);
          clear.push({ list: lists.make(recipients), recipients });
        } else if (clear.length > 0) {
          const [freed] = clear.splice(each.free % clear.length, 1);
          lists.free(freed!.list);
        }
        for (const { list, recipients } of clear) expect(lists.read(list)).toEqual(recipients);
      }
    }),
  );
});

test('a freed place is taken again by the next list of its size', () => {
  const lists = new RecipientLists();
  const recipients = (count: number) => Array.from({ length: count }, (_, place) => place);
  for (const count of [1, 2, 32, 33, 64, 65, 1_000, 50_000]) {
    const first = lists.make(recipients(count));
    const second = lists.make(recipients(count));
    lists.free(first);
    lists.free(second);
    expect([lists.make(recipients(count)), lists.make(recipients(count))]).toEqual([second, first]);
  }
});

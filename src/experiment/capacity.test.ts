import { describe, expect, test } from 'vitest';
import type { Verdict } from '../measure/index.js';
import { type CapacityQuestion, findCapacity, type JudgedValue, verdictOnAll } from './capacity.js';
import { between, formatCapacityValue, readCapacityValue } from './capacity-values.js';

const threshold = (verdict: Verdict) => ({
  metric: 'deliveryLatency.p95Ms',
  limit: 'below 1 s',
  value: 1,
  verdict,
});

/** What is found at a value. */
function judged(verdict: Verdict, replications = 5, offered: number | null = null): JudgedValue {
  const summary = {
    thresholds: [threshold(verdict)],
    replications,
  };
  const tier = { kind: 'queue', name: 'A1', text: 'its queue', offered, measured: null } as const;
  return { verdict, summary, findTier: () => (offered === null ? null : tier) };
}

const question: CapacityQuestion = {
  vary: 'workloads.0.messagesPerSecond',
  range: { low: 1, high: 100, unit: '', isWhole: false },
  smallest: false,
  precision: 0.01,
};

const upTo = (limit: number) => async (amount: number) => judged(amount <= limit ? 'pass' : 'fail');
const from = (limit: number) => async (amount: number) => judged(amount >= limit ? 'pass' : 'fail');

describe('findCapacity', () => {
  test('finds the largest value that holds, to the precision wanted, and what is wrong just beyond', async () => {
    for (const limit of [1.5, 7.77, 42, 99.4]) {
      const found = await findCapacity(question, upTo(limit));
      const value = Number(found!.value);
      expect(value).toBeLessThanOrEqual(limit);
      expect(value).toBeGreaterThan(0.98 * limit);
      expect(Number(found!.limitedBy!.value)).toBeGreaterThan(limit);
      expect(found!.limitedBy!.thresholds).toEqual([threshold('fail')]);
    }
  });

  test('tries both ends first: one may hold already, or none', async () => {
    const all = await findCapacity(question, upTo(1_000));
    expect(all).toMatchObject({ value: 100, limitedBy: null });
    expect(all!.steps.map(({ value }) => value)).toEqual([1, 100]);
    const none = await findCapacity(question, upTo(0));
    expect(none).toMatchObject({ value: null, limitedBy: { value: 1 } });
    expect(none!.steps).toEqual([{ value: 1, verdict: 'fail', replications: 5 }]);
  });

  test('finds the smallest count that will do, to the next, with few tries', async () => {
    const whole = { ...question, smallest: true, range: { ...question.range, isWhole: true } };
    for (const limit of [2, 17, 100]) {
      const found = await findCapacity(whole, from(limit));
      expect(found).toMatchObject({ wanted: 'smallest', value: limit, limitedBy: { value: limit - 1 } });
      expect(found!.steps.length).toBeLessThan(11);
    }
    expect(await findCapacity(whole, from(0))).toMatchObject({ value: 1, limitedBy: null });
    expect(await findCapacity(whole, from(101))).toMatchObject({ value: null });
  });

  test('says so where a tier is offered more than it can do at the value found, too', async () => {
    // Of 10 a second; the limit is one that holds for some time beyond.
    const load = (limit: number) => async (amount: number) =>
      judged(amount <= limit ? 'pass' : 'fail', 5, amount / 10);
    const beyond = await findCapacity(question, load(10.5));
    expect(beyond!.overloaded!.offered).toBeCloseTo(1.05, 1);
    expect(beyond!.overloaded!.offered).toBeLessThan(beyond!.limitedBy!.tier!.offered!);
    // As near as the search can tell.
    expect((await findCapacity(question, load(10)))!.overloaded).toBeNull();
    expect((await findCapacity(question, load(1_000)))!.overloaded!.offered).toBe(10);
    expect((await findCapacity(question, load(0)))!.overloaded).toBeNull();
    // It takes time, and is asked for the two values that the answer names alone.
    const asked: number[] = [];
    const { value, limitedBy } = (await findCapacity(question, async (amount) => ({
      ...(await load(42)(amount)),
      findTier: () => {
        asked.push(amount);
        return null;
      },
    })))!;
    expect(asked).toEqual([value, limitedBy!.value]);
  });

  test('what is undecided counts as too far', async () => {
    const found = await findCapacity(question, async (amount) =>
      judged(amount <= 10 ? 'pass' : amount <= 20 ? 'undecided' : 'fail', 40),
    );
    expect(Number(found!.value)).toBeGreaterThan(9.8);
    expect(Number(found!.value)).toBeLessThanOrEqual(10);
    expect(found!.limitedBy!.thresholds).toEqual([threshold('undecided')]);
  });

  test('says values with their unit, and nothing when it is stopped', async () => {
    const timed = { ...question, range: { ...question.range, unit: 'Mbit/s' } };
    expect((await findCapacity(timed, upTo(200)))!.value).toBe('100 Mbit/s');
    expect(await findCapacity(question, async (amount) => (amount === 1 ? judged('pass') : null))).toBeNull();
  });
});

describe('values', () => {
  test('are read with and without a unit, and written as a scenario takes them', () => {
    expect(readCapacityValue('40')).toEqual({ amount: 40, unit: '' });
    expect(readCapacityValue('2.5 s')).toEqual({ amount: 2.5, unit: 's' });
    expect(readCapacityValue('.5Mbit/s')).toEqual({ amount: 0.5, unit: 'Mbit/s' });
    for (const wrong of ['', 'many', '-1', '1 2', '1e3']) expect(readCapacityValue(wrong)).toBeUndefined();
    expect(formatCapacityValue({ amount: 0.0000001, unit: '' })).toBe('0.00000010000000000000');
  });

  test('between two there is none where they are near enough', () => {
    const [any, whole] = [{ isWhole: false }, { isWhole: true }];
    expect(between(any, 100, 101, 0.01)).toBeUndefined();
    expect(between(any, 100, 102, 0.01)).toBe(101);
    // By ratio: 1 to 100 is not to be halved at 50.5.
    expect(between(any, 1, 100, 0.01)).toBe(10);
    expect(between(whole, 3, 4, 0)).toBeUndefined();
    expect(between(whole, 3, 5, 0)).toBe(4);
  });
});

test('one threshold that fails decides, and one that is undecided leaves all so', () => {
  const of = (...verdicts: readonly Verdict[]) => verdictOnAll(verdicts.map(threshold));
  expect([of('pass', 'undecided', 'fail'), of('pass', 'undecided'), of('pass', 'pass')]).toEqual([
    'fail',
    'undecided',
    'pass',
  ]);
});

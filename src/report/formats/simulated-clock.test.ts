import { expect, test } from 'vitest';
import type { Outline } from '../outline.js';
import { SimulatedClock } from './simulated-clock.js';

const hour = 3_600_000;
const day = 24 * hour;
const startingAt = (startUtcMs: number, endMs: number) =>
  new SimulatedClock({ startUtcMs } as Pick<Outline, 'startUtcMs'> as Outline, endMs);

test('times are those of the clock that the scenario starts', () => {
  const clock = startingAt(Date.UTC(2024, 3, 2, 6), 6 * hour);
  expect(clock.fromStart).toBe('from 2024-04-02 06:00 UTC');
  expect(clock.at(3.5 * hour)).toBe('09:30');
  expect(clock.at(3.5 * hour + 12_345)).toBe('09:30:12');
  expect(clock.exactly(3.5 * hour)).toBe('09:30:00');
  expect(clock.exactly(743)).toBe('06:00:01');
});

test('a run over midnight tells the day, by its date or, of a time of day alone, its number', () => {
  const dated = startingAt(Date.UTC(2024, 3, 30, 22), 5 * day);
  expect([dated.at(0), dated.at(3 * hour), dated.at(4 * day)]).toEqual([
    '30 Apr 22:00',
    '1 May 01:00',
    '4 May 22:00',
  ]);
  const timed = startingAt(22 * hour, 5 * hour);
  expect(timed.fromStart).toBe('from 22:00');
  expect([timed.at(0), timed.exactly(3 * hour)]).toEqual(['day 1 22:00', 'day 2 01:00:00']);
  expect(startingAt(22 * hour, 2 * hour).at(hour)).toBe('23:00');
});

test('without a start, and of a result without an outline, times are spans since the start', () => {
  for (const clock of [startingAt(0, 3 * day), new SimulatedClock(null, 3 * day)]) {
    expect(clock.fromStart).toBe('');
    expect([clock.at(0), clock.at(3.5 * hour), clock.exactly(3.5 * hour)]).toEqual([
      '0',
      '3 h 30 min',
      '3 h 30 min',
    ]);
  }
});

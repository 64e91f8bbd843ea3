import { expect, test } from 'vitest';
import { longScenario, waitingHours } from './measure-two-days.js';
import { inFlightBytes, retainedBytes, type TwoDays, twoDaysReport } from './two-days-report.js';

/** A run in which each delivery takes 40 bytes and each message in flight `perMessage`, and all else as much as ever. */
function run(hours: number, perMessage: number, waits: boolean): TwoDays {
  return {
    hours: Array.from({ length: hours }, (_, place) => {
      const waiting =
        waits && place >= hours - waitingHours ? 10_000 * (place - hours + waitingHours + 1) : 0;
      const retained = 100_000 * (place + 1) - waiting;
      return {
        inFlight: 50 + waiting,
        retained,
        bytes: 80_000_000 + 40 * retained + perMessage * (50 + waiting),
      };
    }),
    copiesInFlight: 180_075,
  };
}

test('a share is what more of them take, whatever else there is', () => {
  const [healthy, waiting] = [run(48, 140, false), run(48, 140, true)];
  expect(retainedBytes(healthy, 24)).toBeCloseTo(40, 6);
  expect(retainedBytes(healthy, 48)).toBeCloseTo(40, 6);
  expect(inFlightBytes(healthy, waiting)).toBeCloseTo(140, 6);
});

test('the report holds them against the goals', () => {
  const met = twoDaysReport(run(48, 140, false), run(48, 140, true));
  expect(met.isMet).toBe(true);
  expect(met.text).toContain('- met: at most 48 bytes a retained delivery: 40.0 after 24 h\n');
  expect(met.text).toContain(
    '- met: at most 150 bytes a message in flight: 140.0 for one as it was submitted, with 1.50 copies in queues, ' +
      'among 120050\n- met: the same for one as queues count it, a copy: 93.3 among 180075\n',
  );
  const cells = met.text
    .split('\n')[49]!
    .split('|')
    .map((cell) => cell.trim());
  expect(cells.filter((cell) => cell !== '')).toEqual([
    '48',
    '50',
    '4800000',
    '259',
    '120050',
    '4680000',
    '271',
  ]);
  const missed = twoDaysReport(run(24, 151, false), run(24, 151, true));
  expect(missed.isMet).toBe(false);
  expect(missed.text).toContain('- NOT MET: at most 150 bytes a message in flight: 151.0');
  expect(missed.text).toContain('- met: the same for one as queues count it, a copy: 100.7');
});

test('mail waits in one site at the end, with servers that have shadow copies of it', () => {
  const outages = longScenario(24, true).faults.filter(({ kind }) => kind === 'service-outage');
  expect(outages.length).toBeGreaterThan(10);
  expect(longScenario(24, false).faults.filter(({ kind }) => kind === 'service-outage')).toEqual([]);
});

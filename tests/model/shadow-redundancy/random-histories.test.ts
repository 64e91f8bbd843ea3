import { describe, expect, it } from 'vitest';
import { breachesOf, first, isWhole, runCount, timeoutMs } from './many-runs.js';
import { type History, runHistory, type Trouble } from './random-history.js';

const file = 'tests/model/shadow-redundancy/random-histories.test.ts';
/** Beyond the first hundred: those that have found something before. */
const foundBefore = [253, 284, 330, 591, 809, 815, 840];

function breaches(trouble: Trouble, broken: (history: History) => readonly string[]): string {
  return breachesOf(file, [...first(runCount), ...foundBefore], (number) =>
    broken(runHistory(number, trouble)),
  );
}

/**
 * Losses that nothing accounts for, and what never ended.
 * @param mayBothBeLost - servers may be down at the same time
 */
function unexplained(
  { recorder, databaseLosses, boundaries, haveSettled, left, messagesLeft, submittedMs }: History,
  mayBothBeLost: boolean,
): readonly string[] {
  const broken: string[] = [];
  if (left + messagesLeft > 0) broken.push(`${left} recipients are left, of ${messagesLeft} messages`);
  for (const { atMs, message, cause } of recorder.losses) {
    if (cause !== 'queue-database-lost') broken.push(`message ${message} is lost by ${cause}`);
    const fromMs = submittedMs.get(message)!;
    const during = databaseLosses.filter((each) => each.atMs >= fromMs && each.atMs <= atMs);
    // SH-03: one of those servers had it without a shadow copy. Of a report: anything of the time.
    const isUnshadowed = recorder.unshadowed.some(
      (each) =>
        (each.message === message || fromMs === 0) &&
        during.some((lost) => (lost.server === each.server || fromMs === 0) && lost.atMs >= each.atMs),
    );
    // SH-05, assumption A-shadow-made-anew: one of two holders has lost it, and the other before all was safe again.
    const areBothLost = during.some((later, place) =>
      during
        .slice(0, place)
        .some(
          (sooner) =>
            sooner.server !== later.server &&
            boundaries[sooner.server] === boundaries[later.server] &&
            !haveSettled([sooner.server, later.server], sooner.atMs, later.atMs),
        ),
    );
    if (!isUnshadowed && !(mayBothBeLost && areBothLost)) {
      broken.push(
        `message ${message}, submitted at ${fromMs}, is lost at ${atMs} though one holder of it stands`,
      );
    }
  }
  return broken;
}

describe('random histories of outages and lost queue databases', () => {
  it('SH-08: with one server down at a time, the next after a heartbeat, nothing is lost that two servers had', {
    timeout: timeoutMs,
  }, () => {
    let lostDatabases = 0;
    let promoted = 0;
    let shadowed = 0;
    let unshadowed = 0;
    const broken = breaches('single', (history) => {
      const { recorder, databaseLosses, rejects } = history;
      lostDatabases += databaseLosses.length;
      promoted += recorder.shadowEnds.filter(({ isPromoted }) => isPromoted).length;
      const without = recorder.acceptances.filter(({ hasShadow }) => !hasShadow).length;
      shadowed += recorder.acceptances.length - without;
      unshadowed += without;
      return [
        ...unexplained(history, false),
        ...(rejects && without > 0 ? [`${without} messages are accepted without a shadow copy`] : []),
      ];
    });
    expect(broken).toBe('');
    if (!isWhole) return;
    expect(lostDatabases).toBeGreaterThan(runCount);
    expect(promoted).toBeGreaterThan(runCount);
    // Those are few, and what accounts for losses is no matter of course.
    expect(unshadowed).toBeGreaterThan(0);
    expect(unshadowed).toBeLessThan(0.1 * shadowed);
  });

  it('SH-08: whatever happens, nothing is lost that two servers had unless both have lost their queue database, the second before it could know', {
    timeout: timeoutMs,
  }, () => {
    let losses = 0;
    const broken = breaches('any', (history) => {
      losses += history.recorder.losses.length;
      return unexplained(history, true);
    });
    expect(broken).toBe('');
    if (isWhole) expect(losses).toBeGreaterThan(0);
  });
});

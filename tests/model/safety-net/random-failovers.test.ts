import { describe, expect, it } from 'vitest';
import { breachesOf, first, isWhole, runCount, timeoutMs } from '../shadow-redundancy/many-runs.js';
import { type FailoverHistory, runFailover, type Surroundings, surroundings } from './random-failover.js';
import { effects } from './watched.js';

const file = 'tests/model/safety-net/random-failovers.test.ts';
/** As many failovers as there are other histories, in each of the surroundings equally many. */
const count = Math.ceil(runCount / Object.keys(surroundings).length);

/** What is lost though somebody had it, what comes back that was not lost or otherwise, and what never ends. */
function brokenIn(history: FailoverHistory): readonly string[] {
  const { organization, left, messagesLeft } = history;
  const { recorder, model } = organization;
  const broken: string[] = [];
  if (left + messagesLeft > 0) broken.push(`${left} recipients are left, of ${messagesLeft} messages`);
  for (const loss of recorder.losses) {
    if (isUnshadowed(history, loss) || isReportAlone(history, loss)) continue;
    const { atMs, message, cause, recipient } = loss;
    broken.push(`message ${message} to ${model.recipientAddress(recipient)} is lost at ${atMs} by ${cause}`);
  }
  for (const { message, kind, end, code } of recorder.ended_) {
    if (kind === 'resubmission' && end !== 'delivered' && end !== 'lost')
      broken.push(`message ${message}, resubmitted, is ${end} by ${code}`);
  }
  return [...broken, ...wrongWindows(history)];
}

type Loss = FailoverHistory['organization']['recorder']['losses'][number];

/** SH-03: the server that lost it, or had delivered it and was struck, had taken or resubmitted it without a shadow copy. */
function isUnshadowed({ organization, struck, databaseLosses }: FailoverHistory, loss: Loss): boolean {
  const { unshadowed, deliveries } = organization.recorder;
  const taken = unshadowed.filter(({ message }) => message === loss.message);
  if (loss.cause === 'queue-database-lost') {
    return databaseLosses.some(
      ({ server, atMs }) =>
        atMs <= loss.atMs && taken.some((each) => each.server === server && each.atMs <= atMs),
    );
  }
  return deliveries.some(
    ({ message, recipient, primary, atMs }) =>
      message === loss.message &&
      recipient === loss.recipient &&
      struck.has(primary) &&
      taken.some((each) => each.server === primary && each.atMs <= atMs),
  );
}

/** SH-07: of a report nobody has a shadow copy when its message is done. */
function isReportAlone({ organization, struck }: FailoverHistory, loss: Loss): boolean {
  const { submitted_, deliveries } = organization.recorder;
  if (!submitted_.some(({ message, kind }) => message === loss.message && isOfReport(kind))) return false;
  return deliveries.some(
    ({ message, recipient, primary }) =>
      message === loss.message && recipient === loss.recipient && struck.has(primary),
  );
}

function isOfReport(kind: string): boolean {
  return kind === 'ndr' || kind === 'delay-notice';
}

/** SN-02: what begins anew is what was written in the window, and had not been lost before. */
function wrongWindows({ organization, failovers }: FailoverHistory): readonly string[] {
  const { recorder, model, database } = organization;
  const { mailboxCount, mailboxDatabase } = model.topology.recipients;
  const lost = new Set<number>();
  return failovers
    .filter(({ isDone }) => isDone)
    .flatMap(({ database: name, afterMs, activeMs }) => {
      const expected: number[] = [];
      for (const [place, { atMs, recipient, message }] of recorder.deliveries.entries()) {
        const isOfIt = recipient < mailboxCount && mailboxDatabase[recipient] === database(name);
        if (!isOfIt || lost.has(place) || atMs <= afterMs || atMs > activeMs) continue;
        lost.add(place);
        expected.push(message);
      }
      const begun = recorder.submitted_
        .filter(({ kind, atMs }) => kind === 'resubmission' && atMs === activeMs)
        .flatMap(({ message, recipients }) => Array<number>(recipients).fill(message));
      const shown = (messages: readonly number[]) => messages.toSorted((a, b) => a - b).join(' ');
      if (shown(begun) === shown(expected)) return [];
      return [`${name} at ${activeMs}: lost are messages ${shown(expected)}, anew are ${shown(begun)}`];
    });
}

describe('random lossy failovers: all that was lost comes back, and nothing else', () => {
  const met = { again: 0, fromShadows: 0, dropped: 0 };

  it.each(Object.entries(surroundings))('SN-02 to SN-05, %s: %s', { timeout: timeoutMs }, (around) => {
    const broken = breachesOf(file, first(count), (number) => {
      const history = runFailover(number, around as Surroundings);
      const { organization } = history;
      const { recorder } = organization;
      met.again += recorder.submitted_.filter(({ kind }) => kind === 'resubmission').length;
      met.fromShadows += effects(organization).filter(([, what]) =>
        String(what).includes('from shadow copies'),
      ).length;
      met.dropped += recorder.duplicates.filter(({ isDropped }) => isDropped).length;
      return brokenIn(history);
    });
    expect(broken).toBe('');
  });

  it('all of that has happened', () => {
    if (!isWhole) return;
    expect(met.again).toBeGreaterThan(runCount);
    expect(met.fromShadows).toBeGreaterThan(0.1 * runCount);
    expect(met.dropped).toBeGreaterThan(0);
  });
});

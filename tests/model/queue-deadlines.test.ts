import fc from 'fast-check';
import { expect, it } from 'vitest';
import { noTime, run, type SmallOrganization } from './small-organization.js';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

const twoSites: SmallOrganization = {
  links: { 'A-B': 10 },
  servers: { A1: 'A', B1: 'B' },
  databases: { DBA: ['A1'], DBB: ['B1'] },
  mailboxes: { a: 'DBA', b: 'DBB' },
};

/** When things happen, ms, ascending. */
const times = fc
  .uniqueArray(fc.integer({ min: 0, max: 6 * hour }), { minLength: 1, maxLength: 40 })
  .map((each) => each.toSorted((a, b) => a - b));

/*
 * The clear version of `QueueDeadlines`, which looks over its queues now and then: a message that nobody takes has its
 * notice and its end as late after its submission as the settings say, or, where its server is down then, when that
 * runs again.
 */
it('MI-04, MI-05: notices and ends come to the millisecond, whatever the time-outs, or when the server runs again', () => {
  fc.assert(
    fc.property(
      times,
      fc.integer({ min: second, max: 3 * hour }),
      fc.integer({ min: minute, max: 4 * hour }),
      fc.option(fc.tuple(fc.integer({ min: 0, max: 6 * hour }), fc.integer({ min: 1, max: 2 * hour }))),
      (sentMs, delayMs, expiryMs, outage) => {
        const organization = run(twoSites, {
          ...noTime,
          transport: {
            connectTimeout: 0,
            delayNotificationTimeout: delayMs,
            messageExpirationTimeout: expiryMs,
            // Nobody waits for a connection when the end comes.
            transientFailureRetryInterval: 12 * hour,
            queueGlitchRetryInterval: 12 * hour,
            maxIdleTimeBeforeResubmit: 24 * hour,
          },
        });
        const { simulation, model, recorder, at, send, server } = organization;
        model.beginLinkOutage(0);
        for (const atMs of sentMs) at(atMs, () => send('a', ['b']));
        const [beginMs, endMs] = outage === null ? [-1, -1] : [outage[0], outage[0] + outage[1]];
        if (outage !== null) {
          at(beginMs, () => model.beginServiceOutage(server('A1'), 'transport'));
          at(endMs, () => model.endServiceOutage(server('A1'), 'transport'));
        }
        simulation.runUntil(24 * hour);
        const early = sentMs.filter((atMs) => atMs < beginMs - second || beginMs < 0);
        const later = (atMs: number) => (atMs >= beginMs && atMs < endMs ? endMs : atMs);
        const ended = recorder.ended_.filter(({ kind }) => kind === 'mail');
        expect(ended.every(({ end }) => end === 'expired')).toBe(true);
        const expired = new Map(ended.map(({ message, atMs }) => [message, atMs]));
        const told = new Map(recorder.delayNotices.map(({ message, atMs }) => [message, atMs]));
        // Notices are messages, too, and have numbers between.
        const numbers = [...expired.keys()].sort((a, b) => a - b);
        expect(numbers).toHaveLength(sentMs.length);
        early.forEach((atMs) => {
          const message = numbers[sentMs.indexOf(atMs)]!;
          const endsMs = later(atMs + expiryMs);
          expect(expired.get(message)).toBe(endsMs);
          const noticeMs = later(atMs + delayMs);
          expect(told.get(message)).toBe(noticeMs < endsMs ? noticeMs : undefined);
        });
      },
    ),
    { seed: 1, numRuns: 60 },
  );
});

import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.js';
import { queueVolumeBytes } from '../../src/experiment/index.js';
import { runScenario } from './run-scenario.js';

const hour = 3_600_000;
const path = (name: string) => `scenarios/whatif-${name}`;

/** What the scenarios' comments work out and no threshold can hold: single events and rows. */
describe('what the comments of the scenarios work out, event by event', () => {
  it('WHATIF-02, CAP-65: attempts on four grids of 306 s, notices and reports to the millisecond', async () => {
    const { rows } = await runScenario(path('02-database-down-for-days/scenario.yaml'));
    const attempts = rows('retries').map(({ timeMs, attempt, durationMs }) => ({
      timeMs,
      attempt,
      durationMs,
    }));
    const grids = [205, 43_206_280, 86_412_355, 129_618_430];
    expect(attempts).toEqual(
      grids.flatMap((beginMs) =>
        Array.from({ length: 142 }, (_, attempt) => ({
          timeMs: beginMs + attempt * 306_000,
          attempt,
          durationMs: 6_000,
        })),
      ),
    );
    // Every two seconds a message; a notice and a report of each to its sender.
    const submittedMs = Array.from({ length: 10 }, (_, n) => 2_000 * n);
    const messages = rows('messages');
    const own = messages.filter(({ recipient }) => recipient === 'u2@contoso.com');
    expect(own.map((row) => row['submittedMs'])).toEqual([
      ...submittedMs.map((ms) => ms + 4 * hour),
      ...submittedMs.map((ms) => ms + 48 * hour),
    ]);
    const expired = messages.filter(({ end }) => end === 'expired');
    expect(expired.map((row) => row['endMs'])).toEqual(submittedMs.map((ms) => ms + 48 * hour));
  });

  it('WHATIF-07, BP-05: each change of level is a row, at the poll that the comment names', async () => {
    const { rows } = await runScenario(path('07-slow-categorizer/scenario.yaml'));
    const effects = rows('faults').filter(({ kind }) => kind === 'back-pressure');
    expect(effects.map(({ timeMs, subject, phase }) => [Number(timeMs) / 1_000, subject, phase])).toEqual([
      [334, 'B1 submission-queue medium', 'effect'],
      [926, 'B1 submission-queue high', 'effect'],
      [1_850, 'B1 submission-queue medium', 'effect'],
      [2_100, 'B1 submission-queue normal', 'effect'],
    ]);
  });

  it('WHATIF-07, BP-06: in 2016 it is Medium from 834 s to 2,752 s, and nothing else', async () => {
    const { rows } = await runScenario(path('07-slow-categorizer/behavior-2016.yaml'));
    const effects = rows('faults').filter(({ kind }) => kind === 'back-pressure');
    expect(effects.map(({ timeMs, subject }) => [Number(timeMs) / 1_000, subject])).toEqual([
      [834, 'B1 submission-queue medium'],
      [2_752, 'B1 submission-queue normal'],
    ]);
  });

  it('WHATIF-09: the bystander on the database of the group waits, the one next to it does not', async () => {
    const { rows } = await runScenario(path('09-reply-to-all/scenario.yaml'));
    const latencies = (recipient: string) =>
      rows('messages')
        .filter((row) => row['recipient'] === recipient)
        .map((row) => Number(row['endMs']) - Number(row['submittedMs']));
    expect(new Set(latencies('bystander2@contoso.com'))).toEqual(new Set([295]));
    const late = latencies('bystander1@contoso.com').filter((ms) => ms > 60_000);
    // From the second minute of the storm, as soon as there is a queue, to the twentieth.
    expect(late.length).toBeGreaterThanOrEqual(15);
    expect(Math.max(...late)).toBeGreaterThan(8 * 60_000);
  });

  it('WHATIF-10, AS-13: two of six routes change; B1 follows after 1 min, the others after 16', async () => {
    const files = ['organization.yaml', 'changed-organization.yaml'].map((file) =>
      fileURLToPath(new URL(`../../${path(`10-link-cost/${file}`)}`, import.meta.url)),
    );
    let stdout = '';
    const streams = { stdout: { write: (text: string) => (stdout += text) }, stderr: { write: () => true } };
    expect(await main(['diff', ...files], streams)).toBe(0);
    expect(stdout).toContain('2 of 6 routes change, 0 new, 0 gone');
    expect(stdout).toContain(
      'path   Berlin > Cologne becomes Berlin > Frankfurt > Cologne; cost 10 becomes 20',
    );
    expect(stdout).toContain(
      'path   Cologne > Berlin becomes Cologne > Frankfurt > Berlin; cost 10 becomes 20',
    );

    const { rows } = await runScenario(path('10-link-cost/scenario.yaml'));
    const followed = rows('faults').filter(({ phase }) => phase === 'effect');
    expect(followed.map(({ subject, timeMs }) => [subject, timeMs])).toEqual([
      ['B1', hour + 60_000],
      ['C1', hour + 16 * 60_000],
      ['F1', hour + 16 * 60_000],
      ['siteLinks.BC.cost', hour + 16 * 60_000],
    ]);
  });

  it('WHATIF-12, QU-12: the drained server is empty 4.5 to 6.8 s later', async () => {
    const { rows } = await runScenario(path('12-maintenance/scenario.yaml'));
    const [empty, ...more] = rows('faults').filter(({ phase }) => phase === 'effect');
    expect(more).toEqual([]);
    expect(empty).toMatchObject({ kind: 'drain', subject: 'B1' });
    expect(Number(empty!['timeMs'])).toBeGreaterThan(604_500);
    expect(Number(empty!['timeMs'])).toBeLessThan(606_800);
  });

  it('WHATIF-13, CAP-10: whatever is out, no queue database is near the worst case; the site of Frankfurt is the worst', async () => {
    const file = path('13-queue-volume/scenario.yaml');
    const lasting = 'at: +2 d, for: 47 h';
    const faults = {
      Frankfurt: [`{ kind: site-outage, site: Frankfurt, ${lasting} }`, 2],
      Berlin: [`{ kind: site-outage, site: Berlin, ${lasting} }`, 2],
      WAN: [`{ kind: site-link-outage, link: WAN, ${lasting} }`, 4],
      B1: [`{ kind: server-outage, server: B1, ${lasting} }`, 3],
    } as const;
    const inAll = queueVolumeBytes({
      mailboxes: 100,
      messagesPerMailboxAndDay: 100,
      averageBytes: 75 * 1_024,
    });
    expect((inAll / 1_024 ** 3).toFixed(2)).toBe('5.72');
    const peaks: number[] = [];
    for (const [fault, left] of Object.values(faults)) {
      const { result } = await runScenario(file, [`faults=[${fault}]`]);
      const bytes = result.servers.map(({ queueDatabaseMaxBytes }) => queueDatabaseMaxBytes);
      peaks.push(Math.max(...bytes));
      expect(Math.max(...bytes)).toBeLessThan(inAll / left);
      expect(bytes.reduce((sum, each) => sum + each, 0)).toBeLessThan(inAll);
    }
    expect(Math.max(...peaks)).toBe(peaks[0]);
  }, 120_000);

  it('WHATIF-14, CAP-54: 360 messages within 29 s of the failover, 180 after 12 hours by way of the categorizer', async () => {
    const { rows } = await runScenario(path('14-lossy-failover/scenario.yaml'));
    const activeMs = 4 * hour + 30_000;
    const askedMs = activeMs + 12 * hour;
    const effects = rows('faults').filter(({ kind }) => kind === 'safety-net');
    expect(effects.map(({ timeMs, subject }) => [timeMs, subject])).toEqual([
      [activeMs, 'DB1: B1 is asked for 180 messages'],
      [activeMs, 'DB1: B2 is asked for 180 messages'],
      [activeMs, 'DB1: B2 resubmits 180 messages'],
      [activeMs, 'DB1: B3 is asked for 180 messages'],
      [activeMs, 'DB1: B3 resubmits 180 messages'],
      [askedMs, 'DB1: all are asked for 180 messages'],
      [askedMs, 'DB1: B2 resubmits 90 messages from shadow copies'],
      [askedMs, 'DB1: B3 resubmits 90 messages from shadow copies'],
    ]);
    const again = rows('messages').filter(({ submittedMs }) => submittedMs === activeMs);
    const soon = again.filter(({ submissionMs }) => submissionMs === 0);
    const late = again.filter(({ submissionMs }) => submissionMs === 12 * hour);
    expect([again.length, soon.length, late.length]).toEqual([540, 360, 180]);
    expect(soon.every(({ categorizerMs }) => categorizerMs === 0)).toBe(true);
    expect(late.every(({ categorizerMs }) => categorizerMs === 75)).toBe(true);
    const last = (of: typeof again) => Math.max(...of.map(({ endMs }) => Number(endMs)));
    // The first connection takes 10 ms.
    expect(last(soon)).toBe(activeMs + 10 + 360 * 80);
    expect(last(late)).toBe(askedMs + 75 + 10 + 180 * 80);
  });
});

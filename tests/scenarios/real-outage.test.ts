import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Row, runScenario, type ScenarioRun } from './run-scenario.js';

const startUtcMs = Date.UTC(2024, 2, 29, 22);
const resubmittedAtMs = Date.UTC(2024, 2, 30, 8, 19, 5) - startUtcMs;

/** The measured table: one object a message. */
function measuredTable(): Readonly<Record<string, string>>[] {
  const text = readFileSync(
    new URL('../../scenarios/real-outage/stage-latency.csv', import.meta.url),
    'utf8',
  );
  const [header, ...lines] = text
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(','));
  return lines.map((cells) =>
    Object.fromEntries(header!.map((column, index) => [column, cells[index] ?? ''])),
  );
}

const measured = measuredTable();
const isHealthy = (row: Readonly<Record<string, string>>) => Number(row['total_hub_s']) < 1;

/** CAP-60: the spread of the total up to the end of categorization, in ms, of a server's healthy messages. */
function measuredSpread(hub: string): readonly [number, number] {
  const totals = measured
    .filter((row) => isHealthy(row) && row['hub'] === hub)
    .map((row) => Number(row['total_hub_s']) * 1_000);
  return [Math.min(...totals), Math.max(...totals)];
}

/** From the session on, its way included; healthy messages are delivered where they are categorized, in no time. */
function untilCategorizedMs(row: Row): number {
  const stages = ['transferMs', 'acceptMs', 'submissionQueueMs', 'categorizerMs'];
  return stages.reduce((sum, stage) => sum + Number(row[stage]), 0);
}

describe('the real outage, replayed (CAP-60 to CAP-68)', () => {
  let run: ScenarioRun;
  let mail: readonly Row[];
  let attempts: readonly Row[];

  beforeAll(async () => {
    run = await runScenario('scenarios/real-outage/scenario.yaml');
    mail = run.rows('messages').filter((row) => String(row['recipient']).endsWith('@contoso.com'));
    attempts = run.rows('retries').filter((row) => row['nextHopDomain'] === 'DB-HELD');
  });

  it('replays the 29 arrivals of the table, to the millisecond, and each reaches the server that the table names', () => {
    expect(measured).toHaveLength(29);
    expect(mail).toHaveLength(29);
    const simulated = mail
      .map((row) => [Number(row['submittedMs']), String(row['server'])])
      .sort((a, b) => Number(a[0]) - Number(b[0]));
    const recorded = measured
      .map((row) => [
        Math.floor(Date.parse(`${row['arrival_utc']!.slice(0, 23)}Z`)) - startUtcMs,
        row['hub']!,
      ])
      .sort((a, b) => Number(a[0]) - Number(b[0]));
    expect(simulated).toEqual(recorded);
  });

  it('CAP-60: healthy messages are categorized within the measured spread of their server', () => {
    const healthy = mail.filter((row) => !String(row['recipient']).startsWith('held'));
    expect(healthy).toHaveLength(20);
    for (const row of healthy) {
      const [least, most] = measuredSpread(String(row['server']));
      const totalMs = untilCategorizedMs(row);
      expect(totalMs).toBeGreaterThanOrEqual(least);
      expect(totalMs).toBeLessThanOrEqual(most);
    }
  });

  it('CAP-65: attempts take 6 s and begin 300 s after the end of the one before', () => {
    expect(attempts).toHaveLength(110);
    for (const [index, row] of attempts.entries()) {
      expect(row['stage']).toBe('mailbox');
      expect(row['outcome']).toBe('failed');
      expect(row['durationMs']).toBe(6_000);
      const previous = attempts[index - 1];
      if (previous !== undefined) expect(Number(row['timeMs']) - Number(previous['timeMs'])).toBe(306_000);
    }
  });

  it('CAP-66, CAP-67: one message a cycle, in order of arrival, and a second round starts over from the oldest', () => {
    // A message's time in `mailboxDelivery` is its share of failed attempts, 5.99 s each after 0.01 s to connect,
    // and its write at last, 0.08 s. 110 attempts over nine messages: 12 each, and 2 more for the two oldest.
    const held = mail
      .filter((row) => String(row['recipient']).startsWith('held'))
      .sort((a, b) => Number(a['submittedMs']) - Number(b['submittedMs']));
    expect(held).toHaveLength(9);
    const tries = held.map((row) => Math.round((Number(row['mailboxDeliveryMs']) - 80) / 5_990));
    expect(tries).toEqual([13, 13, 12, 12, 12, 12, 12, 12, 12]);
  });

  it('CAP-68: all leave within a second of the resubmission', () => {
    const held = mail.filter((row) => String(row['recipient']).startsWith('held'));
    for (const row of held) {
      expect(row['end']).toBe('delivered');
      const leftMs = Number(row['endMs']) - resubmittedAtMs;
      expect(leftMs).toBeGreaterThan(0);
      expect(leftMs).toBeLessThan(1_000);
    }
    expect(run.result.resubmissions.administrator).toBe(9);
  });

  it('MI-04: the outside sender hears of each of the nine after four hours', () => {
    expect(run.result.delayNotices).toBe(9);
    const notices = run.rows('messages').filter((row) => row['recipient'] === 'list@outside.example');
    const held = mail
      .filter((row) => String(row['recipient']).startsWith('held'))
      .map((row) => Number(row['submittedMs']));
    const expected = held.map((ms) => ms + 4 * 3_600_000).sort((a, b) => a - b);
    expect(notices.map((row) => Number(row['submittedMs'])).sort((a, b) => a - b)).toEqual(expected);
  });

  it('the README shows these figures', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    const simulated = (label: string) =>
      readme
        .split('\n')
        .find((line) => line.includes(label))
        ?.split('|')
        .at(-2)
        ?.trim();
    const seconds = (ms: number, digits: number) => `${(ms / 1_000).toFixed(digits)} s`;
    const categorizedMs = (server: string) => {
      const row = mail.find(
        (each) => each['server'] === server && !String(each['recipient']).startsWith('held'),
      )!;
      return untilCategorizedMs(row);
    };
    for (const server of ['mbx-a1', 'mbx-a2', 'mbx-b1']) {
      expect(simulated(server)).toBe(seconds(categorizedMs(server), 3));
    }
    const held = mail.filter((row) => String(row['recipient']).startsWith('held'));
    const lastLeftMs = Math.max(...held.map((row) => Number(row['endMs']))) - resubmittedAtMs;
    expect(simulated('after the resubmission all left within')).toBe(`${seconds(lastLeftMs, 1)} (nine)`);
    const firstAttempts = held
      .map((row, index) => [Number(row['submittedMs']), index] as const)
      .sort((a, b) => a[0] - b[0]);
    const latestFirstMs = Number(attempts[8]!['timeMs']) - firstAttempts[8]![0];
    expect(simulated('first attempts came after')).toBe(`0 – ${(latestFirstMs / 3_600_000).toFixed(1)} h`);
  });
});

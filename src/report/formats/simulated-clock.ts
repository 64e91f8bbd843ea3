import type { Outline } from '../outline.js';
import type { RunReport } from '../run-report.js';
import { formatSpan } from './quantities.js';

const dayMs = 86_400_000;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/**
 * Tells simulated times as the scenario's own clock does, where it has a `start`: `09:30`, over several days
 * `3 Apr 09:30`, or `day 2 09:30` where the start is a time of day alone. Without a start a time is the span since then.
 * All times are UTC.
 */
export class SimulatedClock {
  /** Midnight before the start, in ms since 1970 UTC; undefined without a start. */
  readonly midnightUtcMs: number | undefined;
  /** From that midnight to the start. */
  readonly startMs: number;
  /** Whether the start has a date. */
  readonly hasDate: boolean;
  /** Whether the run goes on after midnight, so that a time needs its day. */
  readonly overDays: boolean;

  /** @param endMs - of the run, in simulated time */
  constructor(outline: Outline | null, endMs: number) {
    const start = outline?.startUtcMs ?? 0;
    const midnight = Math.floor(start / dayMs) * dayMs;
    // A scenario that starts at midnight of no day has spans that are its clock.
    this.midnightUtcMs = start === 0 ? undefined : midnight;
    this.startMs = start - midnight;
    this.hasDate = midnight !== 0;
    this.overDays = this.startMs + endMs > dayMs;
  }

  static of({ outline, figures, summary }: RunReport): SimulatedClock {
    return new SimulatedClock(outline, Math.max(figures.endMs, summary.simulatedMs));
  }

  /** A time in a sentence, as short as it is exact to the second: `09:30`, `09:30:12`; without a start `3 h 30 min`. */
  at(ms: number): string {
    return this.exactly(ms).replace(/(:\d\d):00$/, '$1');
  }

  /** A time in a column: to the second, even if that is 0. */
  exactly(ms: number): string {
    if (this.midnightUtcMs === undefined) return ms > 0 ? formatSpan(ms) : '0';
    const second = Math.round((this.startMs + ms) / 1_000) * 1_000;
    const time = new Date(second % dayMs).toISOString().slice(11, 19);
    return this.overDays ? `${this.#day(Math.floor(second / dayMs))} ${time}` : time;
  }

  /** Where it starts: `from 2024-04-02 06:00 UTC`, `from 08:00`; empty without a start. */
  get fromStart(): string {
    if (this.midnightUtcMs === undefined) return '';
    const text = new Date(this.midnightUtcMs + this.startMs).toISOString();
    return this.hasDate
      ? `from ${text.slice(0, 10)} ${text.slice(11, 16)} UTC`
      : `from ${text.slice(11, 16)}`;
  }

  #day(days: number): string {
    if (!this.hasDate) return `day ${days + 1}`;
    const date = new Date(this.midnightUtcMs! + days * dayMs);
    return `${date.getUTCDate()} ${months[date.getUTCMonth()]!}`;
  }
}

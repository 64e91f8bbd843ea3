import { expect, it } from 'vitest';
import { randomStreams } from '../kernel/index.js';
import { RetryClock } from './retry-clock.js';

/** The clear version: a sum that each message reads when it comes and when it goes. */
class ClearClock {
  #sumMs = 0;
  #sinceMs = -1;

  begin(nowMs: number): void {
    this.#sinceMs = nowMs;
  }

  end(nowMs: number): void {
    this.#sumMs = this.readMs(nowMs);
    this.#sinceMs = -1;
  }

  readMs(nowMs: number): number {
    return this.#sinceMs < 0 ? this.#sumMs : this.#sumMs + nowMs - this.#sinceMs;
  }
}

it.each([1, 10, 300])(
  'of %d messages, each is told what the difference of two readings is',
  (mostMessages) => {
    const draw = randomStreams('retry clock', mostMessages)('queue');
    const clock = new RetryClock();
    const clear = new ClearClock();
    let messages: { readonly cameMs: number; readonly readMs: number }[] = [];
    let nowMs = 0;
    let isInRetry = false;
    let asked = 0;
    for (let step = 0; step < 20_000; step++) {
      // Often nothing happens between two things.
      if (draw() < 0.7) nowMs += Math.floor(draw() * 1_000) / 1_024;
      const what = draw();
      if (what < 0.2) {
        if (!isInRetry) {
          clock.begin(nowMs);
          clear.begin(nowMs);
          isInRetry = true;
        }
      } else if (what < 0.4) {
        clock.end(nowMs);
        if (isInRetry) clear.end(nowMs);
        isInRetry = false;
      } else if (what < 0.7) {
        if (messages.length < mostMessages) messages.push({ cameMs: nowMs, readMs: clear.readMs(nowMs) });
      } else if (what < 0.705) {
        messages = [];
        clock.forget();
      } else if (messages.length > 0) {
        const [message] = messages.splice(Math.floor(draw() * messages.length), 1);
        expect(clock.sinceMs(message!.cameMs, nowMs)).toBe(clear.readMs(nowMs) - message!.readMs);
        if (messages.length === 0) clock.forget();
        asked++;
      }
    }
    expect(asked).toBeGreaterThan(3_000);
  },
);

it('says nothing of a time before it has ever begun', () => {
  const clock = new RetryClock();
  expect(clock.sinceMs(0, 5)).toBe(0);
  clock.end(5);
  clock.begin(10);
  expect(clock.sinceMs(3, 12)).toBe(2);
  clock.end(14);
  clock.end(20);
  expect([clock.sinceMs(3, 20), clock.sinceMs(12, 20), clock.sinceMs(14, 20)]).toEqual([4, 2, 0]);
  clock.forget();
  expect(clock.sinceMs(20, 30)).toBe(0);
});

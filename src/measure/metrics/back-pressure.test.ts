import { describe, expect, it } from 'vitest';
import { backPressure } from './back-pressure.js';

const context: Parameters<typeof backPressure.open>[0] = {
  replication: 1,
  warmUpMs: 0,
  sampleEveryMs: 60_000,
  emit: () => {},
  view: () => {
    throw new Error('back pressure needs no names');
  },
  isMeasured: () => true,
};

describe('back pressure', () => {
  it('BP-02: each refusal counts', () => {
    const { facts, close } = backPressure.open(context);
    facts.refused?.(1_000, 0);
    facts.refused?.(1_000, 1);
    facts.refused?.(2_000, 0);
    expect(close(10_000)).toEqual({ rejected: 3, tarpitMs: 0, highMs: 0 });
  });

  it('BP-03: waits in the tarpit add up', () => {
    const { facts, close } = backPressure.open(context);
    facts.tarpitted?.(1_000, 0, 10_000);
    facts.tarpitted?.(1_000, 1, 15_000);
    expect(close(10_000).tarpitMs).toBe(25_000);
  });

  it('time at High: of each server, however many of its resources are, to the end of the run', () => {
    const { facts, close } = backPressure.open(context);
    facts.pressure?.(1_000, 0, 'queue-disk', 'high');
    facts.pressure?.(2_000, 0, 'log-disk', 'high');
    facts.pressure?.(3_000, 0, 'queue-disk', 'medium');
    facts.pressure?.(3_500, 1, 'queue-disk', 'medium');
    facts.pressure?.(4_000, 0, 'queue-disk', 'normal');
    // 4 s of the first, from 1 s to 5 s.
    facts.pressure?.(5_000, 0, 'log-disk', 'normal');
    facts.pressure?.(7_000, 1, 'queue-disk', 'high');
    facts.pressure?.(8_000, 0, 'queue-disk', 'high');
    expect(close(10_000).highMs).toBe(4_000 + 3_000 + 2_000);
  });

  it('parts of replications are added', () => {
    const part = { rejected: 1, tarpitMs: 10, highMs: 100 };
    expect(backPressure.merge([part, part])).toEqual({ rejected: 2, tarpitMs: 20, highMs: 200 });
  });
});

import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'tests/**/*.test.ts', 'bench/**/*.test.ts'],
    testTimeout: 60_000,
    // Processes, not threads: tests of benches measure the processor time of their process.
    pool: 'forks',
    maxWorkers: 2,
  },
});

import { defineConfig } from 'vitest/config';

/** The tests that speak of routing: what `npm run mutation` holds every mutant of src/routing against. */
export default defineConfig({
  test: {
    include: [
      'src/routing/**/*.test.ts',
      'src/experiment/{route,diff}-*.test.ts',
      'tests/diff/*.test.ts',
      'tests/conformance/*.test.ts',
      'tests/explanations/*.test.ts',
      'tests/rules/*.test.ts',
      'tests/oracle/oracle.test.ts',
    ],
    // Mutants live in this process only.
    testNamePattern: /^(?!.*in a process of its own)/,
    // Each mutant meets a share of the random organizations.
    env: { MAILFLOW_ORACLE: '60' },
  },
});

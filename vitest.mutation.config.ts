import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { createLastingThread, endLastingThread } from './tests/mutation/lasting-thread.js';

/** Files of tests by what they cost: a mutant's run ends at the first test that fails. */
const order = [
  /\/src\/routing\/(?!.*\/(explain-path|explain-connector|route-explainer|least-cost-path|other-paths)\.)/,
  /\/tests\/(rules|diff)\//,
  /\/tests\/explanations\//,
  /\/src\/routing\//,
  /\/src\/experiment\//,
];

class QuickestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => placeOf(a) - placeOf(b) || (a.moduleId < b.moduleId ? -1 : 1));
  }
}

/** What the order does not name, the oracle, comes last. */
function placeOf({ moduleId }: TestSpecification): number {
  const place = order.findIndex((pattern) => pattern.test(moduleId));
  return place === -1 ? order.length : place;
}

/** The tests that speak of routing: what `npm run mutation` holds every mutant of src/routing against. */
export default defineConfig({
  plugins: [
    {
      name: 'lasting-thread',
      configureVitest: ({ project, vitest }) => {
        project.config.pool = 'lasting-thread';
        project.config.poolRunner = { name: 'lasting-thread', createPoolWorker: createLastingThread };
        vitest.onClose(endLastingThread);
      },
    },
  ],
  test: {
    include: [
      'src/routing/**/*.test.ts',
      'src/experiment/{route-*,diff-routes}.test.ts',
      'tests/diff/*.test.ts',
      'tests/explanations/*.test.ts',
      'tests/rules/{routing,edges}.test.ts',
      'tests/oracle/oracle.test.ts',
    ],
    // This one is about the random organizations themselves.
    testNamePattern: /^(?!.*is the one that its file decodes to)/,
    setupFiles: ['tests/mutation/setup.ts'],
    isolate: false,
    sequence: { sequencer: QuickestFirst },
    testTimeout: 60_000,
    // Each mutant meets a share of what is drawn at random.
    env: { MAILFLOW_ORACLE: '15', MAILFLOW_SHARE: '0.1' },
  },
});

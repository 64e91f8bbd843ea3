import fc from 'fast-check';
import { afterAll } from 'vitest';

// A mutant is over with the first failure: no time for a smaller one.
fc.configureGlobal({ endOnFailure: true });

declare global {
  var __stryker__: { activeMutant?: string | undefined } | undefined;
}

// What files of tests do while they are read is done without a mutant, by whichever file the thread has run before.
afterAll(() => {
  if (globalThis.__stryker__ !== undefined) globalThis.__stryker__.activeMutant = undefined;
});

import { expect, test } from 'vitest';
import { ScriptedRun } from '../../../tests/measure/scripted-run.js';

const shadow = 'with';
const promoted = 'promoted';

test('SH-02, SH-03: messages acknowledged with a shadow copy, without, and refused for want of one', () => {
  const run = new ScriptedRun();
  const { observer } = run.metrics;
  const acknowledged = (message: number, ...how: readonly string[]) =>
    observer.shadowed(message, 0, how.includes(shadow), message, how.includes(promoted));
  acknowledged(1, shadow);
  acknowledged(2, shadow);
  acknowledged(3);
  observer.refusedUnshadowed(4, 0);
  // SH-05: what a server has taken over nobody has submitted to it.
  acknowledged(5, shadow, promoted);
  acknowledged(6, promoted);
  observer.shadowEnded(7, 1, false);
  observer.shadowEnded(8, 1, false);
  observer.shadowEnded(9, 1, true);
  expect(run.close(10).protection).toEqual({
    shadowed: 2,
    unshadowed: 1,
    refused: 1,
    discarded: 2,
    promoted: 1,
    duplicatesDropped: 0,
  });
});

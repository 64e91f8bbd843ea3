import type { ModelContext } from './model-context.js';
import { type Priority, priorityIndex } from './priority.js';
import type { RecipientEndings } from './recipient-endings.js';

/**
 * Makes a message that is submitted now, with its one copy, in no list.
 * @param recipients - address-book ids, of which the first `count` are meant; at least one
 * @returns the copy
 */
export function makeNewMessage(
  { store, simulation, observer }: ModelContext,
  endings: RecipientEndings,
  sender: number,
  recipients: ArrayLike<number>,
  count: number,
  sizeBytes: number,
  priority: Priority,
): number {
  const message = store.makeMessage('mail', sender, sizeBytes, simulation.nowMs, priorityIndex[priority]);
  const copy = store.makeCopy(message, simulation.nowMs);
  // Rows are linked in front of one another: backwards, so that the first recipient comes first (RT-48).
  for (let index = count - 1; index >= 0; index--) store.linkRow(copy, endings.begin(recipients[index]!));
  observer.submitted(simulation.nowMs, store.facts(message), count);
  return copy;
}

/**
 * As `makeNewMessage`, of normal priority, for a message that all its recipients have had: whoever gets it once more has
 * it twice, and no other figure counts them (CAP-69).
 */
export function makeMessageAgain(
  { store, simulation, observer }: ModelContext,
  endings: RecipientEndings,
  sender: number,
  recipients: ArrayLike<number>,
  sizeBytes: number,
): number {
  const message = store.makeMessage('mail', sender, sizeBytes, simulation.nowMs);
  const copy = store.makeCopy(message, simulation.nowMs);
  for (let index = recipients.length - 1; index >= 0; index--) {
    store.linkRow(copy, endings.beginAgain(message, recipients[index]!));
  }
  observer.submitted(simulation.nowMs, store.facts(message), 0);
  return copy;
}

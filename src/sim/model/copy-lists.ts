import { invariant } from '../kernel/index.js';
import { type MessageStore, none } from './message-store.js';

/** The ends of a list. An object, not columns: who needs one of them needs the others. */
class Ends {
  first = none;
  last = none;
  length = 0;
}

/**
 * Doubly linked lists of copies, known by number. A copy is in one list at most: where it waits or is worked on.
 * The links are columns of the store, so that no list allocates.
 */
export class CopyLists {
  readonly #store: MessageStore;
  readonly #ends: Ends[] = [];

  constructor(store: MessageStore) {
    this.#store = store;
  }

  /** Makes an empty list and returns its number. */
  make(): number {
    return this.#ends.push(new Ends()) - 1;
  }

  first(list: number): number {
    return this.#ends[list]!.first;
  }

  length(list: number): number {
    return this.#ends[list]!.length;
  }

  append(list: number, copy: number): void {
    const { copyList, copyNext, copyPrevious } = this.#store;
    invariant(copyList[copy] === none, 'a copy was put into a second list');
    const ends = this.#ends[list]!;
    const { last } = ends;
    copyList[copy] = list;
    copyNext[copy] = none;
    copyPrevious[copy] = last;
    if (last === none) ends.first = copy;
    else copyNext[last] = copy;
    ends.last = copy;
    ends.length++;
  }

  prepend(list: number, copy: number): void {
    const { copyList, copyNext, copyPrevious } = this.#store;
    invariant(copyList[copy] === none, 'a copy was put into a second list');
    const ends = this.#ends[list]!;
    const { first } = ends;
    copyList[copy] = list;
    copyPrevious[copy] = none;
    copyNext[copy] = first;
    if (first === none) ends.last = copy;
    else copyPrevious[first] = copy;
    ends.first = copy;
    ends.length++;
  }

  /** Takes a copy out of the list that holds it. */
  remove(copy: number): void {
    const { copyList, copyNext, copyPrevious } = this.#store;
    const list = copyList[copy]!;
    invariant(list !== none, 'a copy was taken out of no list');
    const ends = this.#ends[list]!;
    const next = copyNext[copy]!;
    const previous = copyPrevious[copy]!;
    if (previous === none) ends.first = next;
    else copyNext[previous] = next;
    if (next === none) ends.last = previous;
    else copyPrevious[next] = previous;
    copyList[copy] = none;
    copyNext[copy] = none;
    copyPrevious[copy] = none;
    ends.length--;
  }

  /** Calls `visit` for each copy from first to last; `visit` may take the copy it is given out of the list. */
  forEach(list: number, visit: (copy: number) => void): void {
    let copy = this.#ends[list]!.first;
    while (copy !== none) {
      const next = this.#store.copyNext[copy]!;
      visit(copy);
      copy = next;
    }
  }
}

import { invariant } from '../kernel/index.js';
import { type MessageStore, none } from './message-store.js';

/**
 * Doubly linked lists of copies, known by number. A copy is in one list at most: where it waits or is worked on.
 * The links are columns of the store, so that no list allocates.
 */
export class CopyLists {
  readonly #store: MessageStore;
  #first: number[] = [];
  #last: number[] = [];
  #length: number[] = [];

  constructor(store: MessageStore) {
    this.#store = store;
  }

  /** Makes an empty list and returns its number. */
  make(): number {
    this.#first.push(none);
    this.#last.push(none);
    this.#length.push(0);
    return this.#first.length - 1;
  }

  first(list: number): number {
    return this.#first[list]!;
  }

  length(list: number): number {
    return this.#length[list]!;
  }

  append(list: number, copy: number): void {
    const { copyList, copyNext, copyPrevious } = this.#store;
    invariant(copyList[copy] === none, 'a copy was put into a second list');
    const last = this.#last[list]!;
    copyList[copy] = list;
    copyNext[copy] = none;
    copyPrevious[copy] = last;
    if (last === none) this.#first[list] = copy;
    else copyNext[last] = copy;
    this.#last[list] = copy;
    this.#length[list]!++;
  }

  prepend(list: number, copy: number): void {
    const { copyList, copyNext, copyPrevious } = this.#store;
    invariant(copyList[copy] === none, 'a copy was put into a second list');
    const first = this.#first[list]!;
    copyList[copy] = list;
    copyPrevious[copy] = none;
    copyNext[copy] = first;
    if (first === none) this.#last[list] = copy;
    else copyPrevious[first] = copy;
    this.#first[list] = copy;
    this.#length[list]!++;
  }

  /** Takes a copy out of the list that holds it. */
  remove(copy: number): void {
    const { copyList, copyNext, copyPrevious } = this.#store;
    const list = copyList[copy]!;
    invariant(list !== none, 'a copy was taken out of no list');
    const next = copyNext[copy]!;
    const previous = copyPrevious[copy]!;
    if (previous === none) this.#first[list] = next;
    else copyNext[previous] = next;
    if (next === none) this.#last[list] = previous;
    else copyPrevious[next] = previous;
    copyList[copy] = none;
    copyNext[copy] = none;
    copyPrevious[copy] = none;
    this.#length[list]!--;
  }

  /** Calls `visit` for each copy from first to last; `visit` may take the copy it is given out of the list. */
  forEach(list: number, visit: (copy: number) => void): void {
    let copy = this.#first[list]!;
    while (copy !== none) {
      const next = this.#store.copyNext[copy]!;
      visit(copy);
      copy = next;
    }
  }
}

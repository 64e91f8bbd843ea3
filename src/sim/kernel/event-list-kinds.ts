import type { FutureEventList } from './future-event-list.js';
import { HeapEventList } from './heap-event-list.js';
import { IndexedHeapEventList } from './indexed-heap-event-list.js';
import { LadderEventList } from './ladder-event-list.js';

/** The future event lists there are, the default first. Which of them runs a simulation changes no result. */
export const eventListKinds = ['ladder', 'indexed-heap', 'heap-js'] as const;

export type EventListKind = (typeof eventListKinds)[number];

/** An empty future event list. */
export function createEventList(kind: EventListKind): FutureEventList {
  switch (kind) {
    case 'ladder':
      return new LadderEventList();
    case 'indexed-heap':
      return new IndexedHeapEventList();
    case 'heap-js':
      return new HeapEventList();
  }
}

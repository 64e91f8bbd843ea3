import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * How many bytes of memory a value keeps, everything included that is made with it: the growth of the heap and of array
 * buffers, garbage collected before and after. To within some 100 KB: code that is compiled meanwhile counts too.
 */
export function bytesOf(make: () => unknown): number {
  const used = bytesInUse();
  const before = used();
  const made = make();
  const bytes = used() - before;
  // Used here, lest it be garbage above.
  return made === undefined ? 0 : bytes;
}

/** Gives a function that collects garbage and says how many bytes the heap and array buffers of this process take then. */
export function bytesInUse(): () => number {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect !== 'function') throw new Error('this Node.js cannot collect garbage on demand');
  return () => {
    // Array buffers are let go some time after what held them.
    let bytes = Number.POSITIVE_INFINITY;
    for (let before = bytes; ; before = bytes) {
      collect();
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      bytes = heapUsed + arrayBuffers;
      if (bytes >= before) return bytes;
    }
  };
}

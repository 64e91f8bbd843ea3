/** The end of a chain of slots. */
const endOfChain = -1;
/**
 * Columns that are larger than this grow by a thirty-second, not to the double: what they have in reserve is memory, too.
 * A slot is copied some thirty times in the mean, and only while more is in flight than ever before.
 */
const largestDoubling = 2 ** 16;

/** The size that a column of `size` slots grows to. */
export function grown(size: number): number {
  if (size === 0) return 1_024;
  return size < largestDoubling ? size * 2 : size + Math.floor(size / 32);
}

/** Links the slots from `from` to `to` - 1 into a chain of free ones and returns its head. */
export function chain(next: Int32Array | Float64Array, from: number, to: number, stride = 1): number {
  for (let slot = from; slot < to; slot++) next[slot * stride] = slot + 1 < to ? slot + 1 : endOfChain;
  return from;
}

export function longerUint8(old: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const longer = new Uint8Array(size);
  longer.set(old);
  return longer;
}

export function longerUint16(old: Uint16Array, size: number): Uint16Array<ArrayBuffer> {
  const longer = new Uint16Array(size);
  longer.set(old);
  return longer;
}

export function longerInt16(old: Int16Array, size: number): Int16Array<ArrayBuffer> {
  const longer = new Int16Array(size);
  longer.set(old);
  return longer;
}

export function longerInt32(old: Int32Array, size: number): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(size);
  longer.set(old);
  return longer;
}

export function longerUint32(old: Uint32Array, size: number): Uint32Array<ArrayBuffer> {
  const longer = new Uint32Array(size);
  longer.set(old);
  return longer;
}

export function longerFloat64(old: Float64Array, size: number): Float64Array<ArrayBuffer> {
  const longer = new Float64Array(size);
  longer.set(old);
  return longer;
}

/** A size that holds `index`, at least doubled so that growing stays cheap. */
function grownSize(length: number, index: number): number {
  return Math.max(index + 1, length * 2, 16);
}

/** The column itself while `index` is inside it, else a longer copy, zero beyond the old end. */
export function grownFloat64(column: Float64Array<ArrayBuffer>, index: number): Float64Array<ArrayBuffer> {
  if (index < column.length) return column;
  const grown = new Float64Array(grownSize(column.length, index));
  grown.set(column);
  return grown;
}

/** As `grownFloat64`, for whole numbers. */
export function grownInt32(column: Int32Array<ArrayBuffer>, index: number): Int32Array<ArrayBuffer> {
  if (index < column.length) return column;
  const grown = new Int32Array(grownSize(column.length, index));
  grown.set(column);
  return grown;
}

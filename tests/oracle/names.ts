/** UN-02, written out once more: names are upper-cased and compared by UTF-16 code units. */
export function compareNames(a: string, b: string): number {
  const left = a.toUpperCase();
  const right = b.toUpperCase();
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

export function sameName(a: string, b: string): boolean {
  return a.toUpperCase() === b.toUpperCase();
}

export function hasName(names: readonly string[], name: string): boolean {
  return names.some((each) => sameName(each, name));
}

/** A copy in name order. */
export function inNameOrder<T extends { readonly name: string }>(list: readonly T[]): T[] {
  return [...list].sort((a, b) => compareNames(a.name, b.name));
}

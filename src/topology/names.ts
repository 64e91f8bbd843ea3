/**
 * Exchange compares names without regard to case (UN-02): upper case, then UTF-16 code units, never a locale, so
 * that "Site10" comes before "Site2" on every machine.
 */
export function normalizeName(name: string): string {
  return name.toUpperCase();
}

/** Orders two names; negative if `a` comes first. Rule: UN-02. */
export function compareNames(a: string, b: string): number {
  const left = normalizeName(a);
  const right = normalizeName(b);
  return left < right ? -1 : left > right ? 1 : 0;
}

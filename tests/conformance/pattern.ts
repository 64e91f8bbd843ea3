/**
 * Holds an answer against a pattern, as the checker of the worked examples does: keys that the pattern does not
 * name are free, text compares without case, and
 *   $any: true   anything but null      $absent: true   no such key      $oneOf: [p, …]   one of these patterns
 * Lists are compared whole and in order, but `recipients` are found by their address, `queues` may come in any order,
 * and lists of addresses are sets.
 * @param key - the name under which the value stands
 * @returns the first mismatch as text, or null
 */
export function findMismatch(pattern: unknown, actual: unknown, path = 'answer', key = ''): string | null {
  if (isObject(pattern)) {
    for (const [name, part] of Object.entries(pattern)) {
      const found = findMismatchOfEntry(name, part, pattern, actual, path, key);
      if (found !== null) return found;
    }
    return null;
  }
  if (Array.isArray(pattern)) {
    return Array.isArray(actual)
      ? findMismatchOfLists(pattern, actual, path, key)
      : differs(pattern, actual, path);
  }
  const same =
    typeof pattern === 'string' && typeof actual === 'string'
      ? pattern.toLowerCase() === actual.toLowerCase()
      : Object.is(pattern, actual);
  return same ? null : differs(pattern, actual, path);
}

function findMismatchOfEntry(
  name: string,
  part: unknown,
  pattern: object,
  actual: unknown,
  path: string,
  key: string,
): string | null {
  switch (name) {
    case '$any':
      return actual === undefined || actual === null ? differs(pattern, actual, path) : null;
    case '$absent':
      return actual === undefined ? null : differs(pattern, actual, path);
    case '$oneOf': {
      const fits = (part as unknown[]).some((each) => findMismatch(each, actual, path, key) === null);
      return fits ? null : differs(pattern, actual, path);
    }
    default:
      return isObject(actual)
        ? findMismatch(part, actual[name], `${path}.${name}`, name)
        : differs(pattern, actual, path);
  }
}

function findMismatchOfLists(
  pattern: readonly unknown[],
  actual: readonly unknown[],
  path: string,
  key: string,
): string | null {
  if (pattern.length !== actual.length) return differs(pattern, actual, path);
  if (key === 'recipients' && pattern.some(isObject)) {
    return findFirst(pattern, (part) => {
      const { address } = part as { address: string };
      const found = actual.find((each) => isObject(each) && findMismatch(address, each['address']) === null);
      return findMismatch(part, found, `${path}[${address}]`);
    });
  }
  if (key === 'recipients' || key === 'consideredRecipients') {
    const sorted = (list: readonly unknown[]) => list.map((each) => String(each).toLowerCase()).sort();
    const same = sorted(pattern).join('\n') === sorted(actual).join('\n');
    return same ? null : differs(pattern, actual, path);
  }
  if (key === 'queues') {
    const left = [...actual];
    return findFirst(pattern, (part) => {
      const place = left.findIndex((each) => findMismatch(part, each) === null);
      if (place === -1) return differs(part, left, path);
      left.splice(place, 1);
      return null;
    });
  }
  return findFirst(pattern, (part, place) => findMismatch(part, actual[place], `${path}[${place}]`));
}

function findFirst(
  list: readonly unknown[],
  check: (part: unknown, place: number) => string | null,
): string | null {
  for (const [place, part] of list.entries()) {
    const found = check(part, place);
    if (found !== null) return found;
  }
  return null;
}

function differs(pattern: unknown, actual: unknown, path: string): string {
  return `${path}: expected ${JSON.stringify(pattern)}, got ${JSON.stringify(actual) ?? 'nothing'}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

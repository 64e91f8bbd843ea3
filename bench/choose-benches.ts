/**
 * The names that start with one of the prefixes, or all if there is no prefix; `wrong` says it where no name starts with
 * one of them.
 */
export function chooseBenches(
  names: readonly string[],
  prefixes: readonly string[],
): { readonly chosen: readonly string[] } | { readonly wrong: string } {
  const unknown = prefixes.find((prefix) => !names.some((name) => name.startsWith(prefix)));
  if (unknown !== undefined)
    return { wrong: `no bench's name starts with "${unknown}"; there are ${names.join(', ')}` };
  const isMeant = (name: string) => prefixes.length === 0 || prefixes.some((each) => name.startsWith(each));
  return { chosen: names.filter(isMeant) };
}

/**
 * Addresses made by a pattern, each known by its place from 0: nobody needs the text of one, nor looks one up by it, to
 * send it mail.
 */
export interface AddressSeries {
  /** Two series of one name are the same. */
  readonly name: string;
  readonly size: number;
  /** So many domains take turns: addresses whose places differ by a multiple of it are of one domain. */
  readonly domainCount: number;
  /** The address at a place: SMTP, its local part plain. */
  address(place: number): string;
  /**
   * The place of an address, -1 where it is not of the series.
   * @param normalized - as `normalizeName` gives it
   */
  placeOf(normalized: string): number;
}

/**
 * The numbered people of some domains, as in `person1@outside1.example`: the domains take turns.
 * @param localPart - what stands before the number, which counts from 1 in each domain
 * @param domains - each once, whatever its case
 */
export function numberedPeople(
  name: string,
  localPart: string,
  domains: readonly string[],
  peoplePerDomain: number,
): AddressSeries {
  const prefix = localPart.toUpperCase();
  const suffixes = domains.map((domain) => `@${domain.toUpperCase()}`);
  const size = domains.length * peoplePerDomain;
  return {
    name,
    size,
    domainCount: domains.length,
    address: (place) =>
      `${localPart}${1 + Math.floor(place / domains.length)}@${domains[place % domains.length]!}`,
    placeOf: (normalized) => {
      if (!normalized.startsWith(prefix)) return -1;
      const at = normalized.indexOf('@');
      const domain = suffixes.indexOf(normalized.slice(at));
      const digits = normalized.slice(prefix.length, at);
      // As `address` writes numbers: no zeros in front.
      if (domain === -1 || !/^[1-9]\d{0,14}$/.test(digits)) return -1;
      const place = (Number(digits) - 1) * domains.length + domain;
      return place < size ? place : -1;
    },
  };
}

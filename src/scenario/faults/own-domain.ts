import type { Decoding } from '../decoding.js';

/** Warns of a fault of a remote domain that no mail leaves for: one the organization itself is the authority for. */
export function warnOfOwnDomain(domain: string, decoding: Decoding): void {
  const { references } = decoding;
  if (!references.isAuthoritative(domain) || references.isSmartHost(domain)) return;
  decoding.warning(
    ['domain'],
    'is an authoritative domain of the organization: its mail does not go outside, nothing will come of it (RR-08)',
  );
}

import { createHash } from 'node:crypto';
import type { ReplicationResult } from './results.js';

/**
 * JSON with the keys of every object in code-unit order, so that equal data give equal text.
 * @throws TypeError for a number that is not finite, which JSON would silently turn into null
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) => {
    if (typeof each === 'number' && !Number.isFinite(each))
      throw new TypeError(`${each} has no place in a result`);
    if (typeof each !== 'object' || each === null || Array.isArray(each)) return each;
    return Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  });
}

/** SHA-256 (hex) over what all replications measured. */
export function fingerprint(replications: readonly ReplicationResult[]): string {
  return createHash('sha256').update(canonicalJson(replications)).digest('hex');
}

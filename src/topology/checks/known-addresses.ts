import { normalizeName } from '../names.js';
import type { OrganizationChecker } from './checker.js';
import { spaceOf } from './connector-coverage.js';

/** The addresses that somebody in the organization has, to hold references to them against. */
export class KnownAddresses {
  readonly #checker: OrganizationChecker;
  /** As the file spells them, by normalized address. */
  readonly #addresses: ReadonlyMap<string, string>;
  readonly #authoritative: ReadonlySet<string>;
  /** Some recipients were left out: anybody could be one of them. */
  readonly #isComplete: boolean;

  constructor(checker: OrganizationChecker, addresses: ReadonlyMap<string, string>) {
    this.#checker = checker;
    this.#addresses = addresses;
    const { acceptedDomains } = checker.organization;
    this.#authoritative = new Set(
      acceptedDomains.filter(({ type }) => type === 'authoritative').map(({ name }) => normalizeName(name)),
    );
    const { mailboxes, contacts, distributionGroups } = checker.leftOut;
    this.#isComplete = (mailboxes ?? contacts ?? distributionGroups) === undefined;
  }

  has(address: string): boolean {
    return this.#addresses.has(normalizeName(address));
  }

  /** Whether the organization alone says who there is in the domain of an address (RR-08). */
  isAuthoritative(address: string): boolean {
    return this.#authoritative.has(normalizeName(spaceOf(address).space));
  }

  /** An address of an authoritative domain that nobody has is an error. */
  require(address: string, path: readonly (string | number)[]): void {
    if (this.has(address) || !this.isAuthoritative(address) || !this.#isComplete) return;
    this.#checker.error(
      path,
      `nobody has the address ${JSON.stringify(address)}`,
      null,
      this.#checker.hint(address, this.#addresses.values()),
    );
  }
}

import {
  hintAt,
  type LeftOut,
  normalizeName,
  type Organization,
  type OrganizationList,
  patternAddress,
} from '../topology/index.js';
import {
  type ConfigurationEdit,
  type ConfigurationSource,
  decodeConfigurationChange,
} from './configuration-change.js';
import type { Problem } from './problem.js';
import type { PathSegment } from './source/path.js';
import type { ProblemList } from './source/problem-list.js';
import type { TimePoint } from './units.js';

/** Why a file named in a scenario cannot be read; the message is for the user. */
export class FileError extends Error {
  override readonly name = 'FileError';
}

/**
 * Reads a file that a scenario names, relative to the scenario's own file. The scenario layer does no file I/O.
 * @throws FileError when there is no such file, or it is out of bounds
 */
export type ReadFile = (path: string) => {
  /** How problems call the file. */
  readonly name: string;
  readonly content: Uint8Array;
};

/** Simulated 0, and how long new mail arrives. */
export interface ScenarioWindow {
  readonly startUtcMs: number;
  /** False: the start is a clock time, so that full UTC times have no place in the run. */
  readonly startHasDay: boolean;
  readonly durationMs: number;
}

/** The lists of an organization whose elements workloads and faults refer to, and what one element is called. */
const elementNames = {
  sites: 'site',
  siteLinks: 'site link',
  servers: 'server',
  databases: 'database',
} as const satisfies Partial<Record<OrganizationList, string>>;
type ReferredList = keyof typeof elementNames;

const mostHints = 200;

/** What references in workloads and faults are resolved against. Without an organization nothing can be missing. */
export class References {
  readonly #organization: Organization | undefined;
  readonly #leftOut: LeftOut;
  readonly #configuration: ConfigurationSource | undefined;
  readonly #tables = new Map<ReferredList, ReadonlyMap<string, { readonly name: string }>>();
  #hintsLeft = mostHints;
  #addresses: ReadonlySet<string> | undefined;

  /** @param configuration - what changes of the organization are held against; absent: it is not sound */
  constructor(
    organization: Organization | undefined,
    leftOut: LeftOut,
    configuration?: ConfigurationSource | undefined,
  ) {
    this.#organization = organization;
    this.#leftOut = leftOut;
    this.#configuration = configuration;
  }

  /** As `decodeConfigurationChange`; nothing, where the organization is not sound. */
  edits(
    set: Readonly<Record<string, unknown>>,
    note: Parameters<typeof decodeConfigurationChange>[2],
  ): ConfigurationEdit[] {
    return this.#configuration === undefined ? [] : decodeConfigurationChange(this.#configuration, set, note);
  }

  /** The site that stands first in the file. */
  get firstSite(): string | undefined {
    return this.#organization?.sites[0]?.name;
  }

  /** The element of that name; undefined if there is none. */
  find<L extends ReferredList>(list: L, name: string): Organization[L][number] | undefined {
    return this.#tableOf(list).get(normalizeName(name)) as Organization[L][number] | undefined;
  }

  #tableOf(list: ReferredList): ReadonlyMap<string, { readonly name: string }> {
    const known = this.#tables.get(list);
    if (known !== undefined) return known;
    const elements: readonly { readonly name: string }[] = this.#organization?.[list] ?? [];
    const table = new Map(elements.map((each) => [normalizeName(each.name), each]));
    this.#tables.set(list, table);
    return table;
  }

  /** What a name that is not known may stand for; each hint is a pass over the names, so they are rationed. */
  hint(name: string, ...lists: readonly ReferredList[]): string | null {
    return this.#hintsLeft-- > 0
      ? hintAt(
          name,
          lists.flatMap((list) => this.namesOf(list)),
        )
      : null;
  }

  /** The names of all elements of a list, in file order. */
  namesOf(list: ReferredList): readonly string[] {
    return this.#organization?.[list].map(({ name }) => name) ?? [];
  }

  /** True where a name that is not found may still be right: it belongs to something too broken to be read. */
  mayExist(list: OrganizationList, name: string): boolean {
    if (this.#organization === undefined) return true;
    return this.#leftOut[list]?.some((each) => normalizeName(each ?? '') === normalizeName(name)) ?? false;
  }

  hasMailbox(address: string): boolean {
    this.#addresses ??= new Set(
      this.#organization?.mailboxes.flatMap((mailbox) =>
        mailbox.count === undefined
          ? normalizeName(mailbox.address)
          : Array.from({ length: mailbox.count }, (_, index) =>
              normalizeName(patternAddress(mailbox.address, index + 1)),
            ),
      ),
    );
    return this.#addresses.has(normalizeName(address));
  }

  /** Whether mail for a domain comes to the organization: false only if it surely does not. */
  mayBeAccepted(domain: string): boolean {
    return this.#organization === undefined || this.isAccepted(domain);
  }

  /** Whether mail for a domain surely comes to the organization. */
  isAccepted(domain: string): boolean {
    const key = normalizeName(domain);
    const { name, acceptedDomains } = this.#organization ?? { name: null, acceptedDomains: [] };
    return (
      (name !== null && normalizeName(name) === key) ||
      acceptedDomains.some((accepted) => normalizeName(accepted.name) === key)
    );
  }

  /** Whether the organization surely is the authority for a domain, so that no mail for it goes outside (RR-08). */
  isAuthoritative(domain: string): boolean {
    const key = normalizeName(domain);
    const { acceptedDomains = [] } = this.#organization ?? {};
    const listed = acceptedDomains.find((accepted) => normalizeName(accepted.name) === key);
    return listed === undefined ? this.isAccepted(domain) : listed.type === 'authoritative';
  }

  /** Whether a connector has a smart host of that name. */
  isSmartHost(name: string): boolean {
    const key = normalizeName(name);
    const { connectors = [] } = this.#organization ?? {};
    return connectors.some(({ smartHosts }) => smartHosts.some((host) => normalizeName(host.trim()) === key));
  }

  /** False only if the organization surely has no mailbox at all. */
  get hasMailboxes(): boolean {
    return (
      this.#organization === undefined ||
      this.#organization.mailboxes.length > 0 ||
      this.#leftOut.mailboxes !== undefined
    );
  }
}

/** What the decoder of one workload or fault works with; paths are relative to it. */
export class Decoding {
  readonly window: ScenarioWindow;
  readonly references: References;
  readonly #base: readonly PathSegment[];
  readonly #problems: ProblemList;
  readonly #warnings: ProblemList;
  readonly #readFile: ReadFile;

  constructor(
    base: readonly PathSegment[],
    window: ScenarioWindow,
    references: References,
    lists: { readonly problems: ProblemList; readonly warnings: ProblemList },
    readFile: ReadFile,
  ) {
    this.#base = base;
    this.window = window;
    this.references = references;
    this.#problems = lists.problems;
    this.#warnings = lists.warnings;
    this.#readFile = readFile;
  }

  /** The same for what stands under a key of it. */
  within(...path: readonly PathSegment[]): Decoding {
    const lists = { problems: this.#problems, warnings: this.#warnings };
    return new Decoding([...this.#base, ...path], this.window, this.references, lists, this.#readFile);
  }

  problem(path: readonly PathSegment[], message: string, hint: string | null = null): void {
    this.#problems.add([...this.#base, ...path], message, hint);
  }

  warning(path: readonly PathSegment[], message: string, hint: string | null = null): void {
    this.#warnings.add([...this.#base, ...path], message, hint);
  }

  /** Notes a problem inside a file that the scenario names. */
  problemElsewhere(problem: Problem): void {
    this.#problems.addElsewhere(problem);
  }

  /**
   * The one of some keys that is given, of which the file must have exactly one; a `--set` takes the place of what
   * the file has. Undefined, noted, where that does not hold.
   */
  exactlyOne<K extends string>(
    fields: Readonly<Partial<Record<K, unknown>>>,
    ...keys: readonly K[]
  ): K | undefined {
    const given = keys.filter((key) => fields[key] !== undefined);
    const set = given.filter((key) => this.#problems.isSetByOption([...this.#base, key]));
    const candidates = set.length > 0 ? set : given;
    if (candidates.length === 1) return candidates[0];
    const wanted = keys.map((key) => `\`${key}\``).join(' or ');
    if (candidates.length === 0) this.problem([], `expected ${wanted}`);
    else this.problem([candidates[1]!], `expected ${wanted}, only one of them`);
    return undefined;
  }

  /** Notes a problem if the organization has no mailbox to send from or to. */
  needMailboxes(): void {
    if (!this.references.hasMailboxes) this.problem(['kind'], 'expected an organization with mailboxes');
  }

  /** A point in time in ms since the start; a clock time means its first from the start on. */
  timeMs(path: readonly PathSegment[], point: TimePoint): number {
    const day = 86_400_000;
    const { startUtcMs, startHasDay } = this.window;
    switch (point.kind) {
      case 'after-start':
        return point.ms;
      case 'clock': {
        const startMsOfDay = ((startUtcMs % day) + day) % day;
        return (point.msOfDay - startMsOfDay + day) % day;
      }
      case 'utc': {
        const ms = point.utcMs - startUtcMs;
        if (!startHasDay) {
          this.problem(path, "expected a clock time or a span, since the scenario's start names no day");
        } else if (ms < 0) this.problem(path, "expected a time that is not before the scenario's start");
        return ms;
      }
    }
  }

  /** The element that a key names, spelled as the organization spells it; undefined, noted, if there is none. */
  refer<L extends ReferredList>(
    list: L,
    path: readonly PathSegment[],
    name: string,
  ): Organization[L][number] | undefined {
    const found = this.references.find(list, name);
    if (found === undefined && !this.references.mayExist(list, name)) {
      this.problem(
        path,
        `there is no ${elementNames[list]} ${JSON.stringify(name)}`,
        this.references.hint(name, list),
      );
    }
    return found;
  }

  /** A file that a key names; undefined, noted, if it cannot be read. */
  readFile(path: readonly PathSegment[], named: string): ReturnType<ReadFile> | undefined {
    try {
      return this.#readFile(named);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      this.problem(path, `${JSON.stringify(named)}: ${error.message}`);
      return undefined;
    }
  }
}

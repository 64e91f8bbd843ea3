import { hintAt } from '../closest-name.js';
import { normalizeName } from '../names.js';
import type { Organization, ServerDescription } from '../organization.js';

/** Something about an organization that cannot be, or that is worth a second look. */
export interface OrganizationProblem {
  /** From the organization's root: names of lists and keys, indexes of elements. */
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly hint: string | null;
  /** The rule that makes it one; null for what goes without saying, such as a missing reference. */
  readonly rule: string | null;
}

/** Lists of an organization whose elements are referred to. */
export type OrganizationList =
  | 'sites'
  | 'siteLinks'
  | 'servers'
  | 'dags'
  | 'databases'
  | 'connectors'
  | 'distributionGroups'
  | 'mailboxes'
  | 'contacts';

/**
 * Elements that are described, but so badly that they are not in the organization, by name or address where they
 * have one: referring to them is no mistake, and what depends on the whole of a list is not held against the rest.
 */
export type LeftOut = Readonly<Partial<Record<OrganizationList, readonly (string | undefined)[]>>>;

/** The elements of one kind by name. */
export class NameTable<T> {
  readonly names: readonly string[];
  readonly #elements = new Map<string, { readonly element: T; readonly index: number }>();
  readonly #leftOut: ReadonlySet<string>;

  constructor(
    elements: readonly T[],
    nameOf: (element: T) => string,
    leftOut: readonly (string | undefined)[],
  ) {
    this.names = elements.map(nameOf);
    elements.forEach((element, index) => {
      const key = normalizeName(nameOf(element));
      if (!this.#elements.has(key)) this.#elements.set(key, { element, index });
    });
    this.#leftOut = new Set(leftOut.map((name) => normalizeName(name ?? '')));
  }

  find(name: string): T | undefined {
    return this.#elements.get(normalizeName(name))?.element;
  }

  /** The index of the first element of that name; -1 if there is none. */
  indexOf(name: string): number {
    return this.#elements.get(normalizeName(name))?.index ?? -1;
  }

  /** True of the empty name too: that a name is missing is the decoder's to say. */
  isLeftOut(name: string): boolean {
    return name === '' || this.#leftOut.has(normalizeName(name));
  }
}

type Path = readonly (string | number)[];

const mostHints = 200;

/** What the single checks work on: the organization, its names, and where they put what they find. */
export class OrganizationChecker {
  readonly organization: Organization;
  readonly leftOut: LeftOut;
  readonly errors: OrganizationProblem[] = [];
  readonly warnings: OrganizationProblem[] = [];
  #hintsLeft = mostHints;
  readonly sites: NameTable<Organization['sites'][number]>;
  readonly servers: NameTable<ServerDescription>;
  readonly databases: NameTable<Organization['databases'][number]>;

  constructor(organization: Organization, leftOut: LeftOut) {
    this.organization = organization;
    this.leftOut = leftOut;
    const named = (each: { readonly name: string }) => each.name;
    this.sites = new NameTable(organization.sites, named, leftOut.sites ?? []);
    this.servers = new NameTable(organization.servers, named, leftOut.servers ?? []);
    this.databases = new NameTable(organization.databases, named, leftOut.databases ?? []);
  }

  error(path: Path, message: string, rule: string | null = null, hint: string | null = null): void {
    this.errors.push({ path, message, hint, rule });
  }

  warn(path: Path, message: string, rule: string | null = null, hint: string | null = null): void {
    this.warnings.push({ path, message, hint, rule });
  }

  /** The element that a name stands for; without one, undefined, and an error unless it was left out. */
  resolve<T>(
    table: NameTable<T>,
    what: string,
    name: string,
    path: Path,
    rule: string | null = null,
  ): T | undefined {
    const found = table.find(name);
    if (found === undefined && !table.isLeftOut(name)) {
      this.error(path, `there is no ${what} ${JSON.stringify(name)}`, rule, this.hint(name, table.names));
    }
    return found;
  }

  /** What a name that is not known may stand for; each hint is a pass over the names, so they are rationed. */
  hint(name: string, known: Iterable<string>): string | null {
    return this.#hintsLeft-- > 0 ? hintAt(name, known) : null;
  }

  /** Resolves a list of server names; those that are missing or repeated are errors and left away. */
  resolveServers(names: readonly string[], path: Path): { server: ServerDescription; path: Path }[] {
    this.refuseRepeats(names, path);
    return names.flatMap((name, index) => {
      const server = this.resolve(this.servers, 'server', name, [...path, index]);
      return server === undefined ? [] : [{ server, path: [...path, index] }];
    });
  }

  /** Names that stand in a list twice are errors. */
  refuseRepeats(names: readonly string[], path: Path): void {
    const seen = new Set<string>();
    for (const [index, name] of names.entries()) {
      if (seen.has(normalizeName(name)))
        this.error([...path, index], `${JSON.stringify(name)} is here twice`);
      seen.add(normalizeName(name));
    }
  }
}

/** An Edge Transport server (RT-56). */
export function isEdge(server: ServerDescription): boolean {
  return server.roles.includes('edge');
}

/** Has a Transport service that other servers may send to (RT-14). */
export function isTransportServer(server: ServerDescription): boolean {
  return server.roles.includes(server.version === '2013' ? 'mailbox' : 'hub-transport');
}

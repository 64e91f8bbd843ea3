import {
  resolveEdgeSettings,
  resolveSettings,
  type SettingOverrides,
  type Settings,
} from '../sim/model/index.js';
import {
  checkOrganization,
  type LeftOut,
  type Organization,
  type OrganizationProblem,
  type ServerDescription,
  sendConnectorLimitBytes,
} from '../topology/index.js';
import { checkThresholds } from './check-thresholds.js';
import { inputKindOf } from './input-kind.js';
import { type Problem, ScenarioError } from './problem.js';
import { type OrganizationInput, organizationSchema } from './schema/organization-schema.js';
import { parseWhatIsSound, type Salvaged } from './schema/salvage.js';
import { type PathSegment, valueAt } from './source/path.js';
import { ProblemList, type ProblemSink } from './source/problem-list.js';
import { SourceTree } from './source/source-tree.js';
import { readYaml, type YamlSource } from './source/yaml-source.js';

/** An organization, checked, and what its file says besides. */
export interface DecodedOrganization {
  readonly organization: Organization;
  /** By the file alone: behaviour profile and organization `settings`. */
  readonly settings: Settings;
  /** By the server's name as the organization spells it: Edges, and servers with settings of their own. */
  readonly serverSettings: ReadonlyMap<string, Settings>;
  readonly warnings: readonly Problem[];
}

/**
 * Decodes an organization file.
 * @param content - YAML or JSON, as bytes or text
 * @param file - how problems call the file
 * @throws ScenarioError with every problem of the file
 */
export function decodeOrganization(content: Uint8Array | string, file: string): DecodedOrganization {
  return decodeOrganizationSource(readYaml(content), file);
}

/** As `decodeOrganization`, for a text that has been read. */
export function decodeOrganizationSource(source: YamlSource, file: string): DecodedOrganization {
  const tree = new SourceTree(file, source);
  const problems = new ProblemList(tree);
  const warnings = new ProblemList(tree);
  for (const problem of source.problems) problems.addSource([], file, 0, problem);
  const part =
    source.value === undefined ? undefined : readOrganization(tree, [], problems, warnings, 'routing');
  if (part !== undefined && problems.isEmpty) checkSettings(part, undefined, problems);
  if (part === undefined || !problems.isEmpty) {
    throw new ScenarioError(problems.inFileOrder(), warnings.inFileOrder());
  }
  return {
    organization: part.organization,
    ...settingsOf(part, {}),
    warnings: warnings.inFileOrder(),
  };
}

/** What could be made of the part of a tree that describes an organization: sound only if no problem was noted. */
export interface OrganizationPart {
  readonly organization: Organization;
  readonly leftOut: LeftOut;
  readonly settings: SettingOverrides;
  readonly serverSettings: ReadonlyMap<string, SettingOverrides>;
  /** Where both stand. */
  readonly settingsPath: readonly PathSegment[];
  readonly serverSettingsPaths: ReadonlyMap<string, readonly PathSegment[]>;
}

/** Stands in for keys that cannot be missing, so that the rest can be checked. */
const replacements = { organization: 'organization.invalid', sites: [], servers: [] };

/** Elements of all lists of an organization together (design section 11); a pattern of mailboxes is one. */
export const mostObjects = 100_000;

/** The elements of all lists that are directly in a mapping. */
export function countObjects(mapping: unknown): number {
  if (typeof mapping !== 'object' || mapping === null) return 0;
  return Object.values(mapping).reduce<number>(
    (sum, list) => sum + (Array.isArray(list) ? list.length : 0),
    0,
  );
}

const siteIsMissing = '"site" is missing: expected the name of a site';

/**
 * Decodes the organization at a path of a tree; notes what is wrong with it, and goes on with the rest.
 * @param purpose - parts that the transport model does not have yet are errors where it is to be simulated; to
 * routing they make no difference
 */
export function readOrganization(
  tree: Pick<SourceTree, 'value' | 'broken'>,
  base: readonly PathSegment[],
  problems: ProblemSink,
  warnings: ProblemSink,
  purpose: 'routing' | 'simulation',
): OrganizationPart | undefined {
  const value = valueAt(tree.value, base);
  if (inputKindOf(value) === 'scenario') {
    problems.add(
      base,
      'this is a scenario; expected an organization, which has `organization: contoso.com` and sites',
    );
    return undefined;
  }
  const objects = countObjects(value);
  if (objects > mostObjects) {
    problems.add(base, `expected at most ${mostObjects} sites, servers, mailboxes and so on, got ${objects}`);
    return undefined;
  }
  const salvaged = parseWhatIsSound(organizationSchema, value, replacements);
  for (const problem of salvaged.problems) {
    if (purpose === 'simulation' || problem.kind !== 'not-yet-built') problems.addShape(base, problem);
  }
  if (salvaged.value === undefined) return undefined;
  for (const [index, { site, roles }] of salvaged.value.servers.entries()) {
    // An Edge has no site of its own.
    if (site !== undefined || roles?.includes('edge')) continue;
    const path = salvaged.originalPath(['servers', index, 'site']);
    problems.addShape(base, { path, kind: 'missing', message: siteIsMissing, hint: null });
  }
  const organization = toOrganization(salvaged.value);
  const leftOut = leftOutOf(salvaged);
  const found = checkOrganization(organization, leftOut);
  const note = (list: ProblemSink) => (problem: OrganizationProblem) => {
    const rule = problem.rule === null ? '' : ` (${problem.rule})`;
    list.add([...base, ...salvaged.originalPath(problem.path)], `${problem.message}${rule}`, problem.hint);
  };
  // What is said after a syntax error may be what other parts refer to.
  if (!tree.broken) {
    found.errors.forEach(note(problems));
    found.warnings.forEach(note(warnings));
  }
  return {
    organization,
    leftOut,
    settings: salvaged.value.settings ?? {},
    serverSettings: new Map(
      salvaged.value.servers.flatMap(({ name, settings }) =>
        settings === undefined ? [] : [[name, settings] as const],
      ),
    ),
    settingsPath: [...base, 'settings'],
    serverSettingsPaths: new Map(
      salvaged.value.servers.map(
        ({ name }, index) =>
          [name, [...base, ...salvaged.originalPath(['servers', index, 'settings'])]] as const,
      ),
    ),
  };
}

/**
 * Notes what is wrong with settings once they are put together.
 * @param ofScenario - under which those of the organization stand; undefined: none
 */
export function checkSettings(
  part: OrganizationPart,
  ofScenario: SettingOverrides | undefined,
  problems: ProblemSink,
): void {
  const resolved = settingsOf(part, ofScenario ?? {});
  const ofOrganization = { path: part.settingsPath, settings: part.settings };
  const strongest = ofScenario === undefined ? [] : [{ path: ['settings'], settings: ofScenario }];
  checkThresholds(
    part.organization.servers,
    ({ name }) => {
      const own = part.serverSettings.get(name);
      const ofServer =
        own === undefined ? [] : [{ path: part.serverSettingsPaths.get(name)!, settings: own }];
      return {
        layers: [ofOrganization, ...ofServer, ...strongest],
        resolved: resolved.serverSettings.get(name) ?? resolved.settings,
      };
    },
    problems,
  );
}

/** Resolves the settings of an organization under those of a scenario (design 4.3). */
export function settingsOf(
  { organization, settings, serverSettings }: OrganizationPart,
  ofScenario: SettingOverrides,
): { settings: Settings; serverSettings: ReadonlyMap<string, Settings> } {
  const { behavior } = organization;
  const ofServers = new Map<string, Settings>();
  const edges = new Set(
    organization.servers.filter(({ roles }) => roles.includes('edge')).map(({ name }) => name),
  );
  for (const name of edges) ofServers.set(name, resolveEdgeSettings(behavior, settings, ofScenario));
  for (const [name, own] of serverSettings) {
    const resolve = edges.has(name) ? resolveEdgeSettings : resolveSettings;
    ofServers.set(name, resolve(behavior, settings, own, ofScenario));
  }
  return { settings: resolveSettings(behavior, settings, ofScenario), serverSettings: ofServers };
}

function leftOutOf({ problems, cut }: Salvaged<unknown>): LeftOut {
  const lists: Record<string, (string | undefined)[]> = {};
  // A list that has the wrong shape as a whole is left out as a whole.
  for (const { path, kind } of problems) {
    if (path.length === 1 && kind !== 'unknown-key' && kind !== 'not-yet-built')
      lists[String(path[0])] ??= [];
  }
  for (const { list, name } of cut) {
    const key = String(list[0]);
    lists[key] = [...(lists[key] ?? []), name];
  }
  return lists;
}

/** Fills in the defaults that depend on other keys, and gives everything its name in the topology. */
function toOrganization(input: OrganizationInput): Organization {
  const unlimited = Number.POSITIVE_INFINITY;
  return {
    name: input.organization,
    behavior: input.behavior,
    network: input.network,
    acceptedDomains: withDefaultDomain(input),
    sites: input.sites,
    siteLinks: input.siteLinks.map((link) => ({
      name: link.name,
      sites: link.sites,
      cost: link.cost,
      exchangeCost: link.exchangeCost,
      maxMessageSizeBytes: link.maxMessageSize ?? unlimited,
      latencyMs: link.latency,
      // Absent, not undefined: organizations without it keep their canonical form.
      ...(link.bandwidth !== undefined && { bandwidthBitsPerSecond: link.bandwidth }),
    })),
    servers: input.servers.map(
      ({ name, site, version, roles, cores, memory, queueDisk, queueDiskUsed }): ServerDescription => ({
        name,
        site,
        version,
        roles: roles ?? defaultRoles[version],
        cores,
        // Absent, not undefined: as with bandwidths.
        ...(memory !== undefined && { memoryBytes: memory }),
        ...(queueDisk !== undefined && { queueDiskBytes: queueDisk }),
        ...(queueDiskUsed !== undefined && { queueDiskUsed }),
      }),
    ),
    dags: input.dags,
    databases: input.databases,
    connectors: input.connectors.map((connector) => ({
      name: connector.name,
      kind: connector.kind,
      addressSpaces: connector.addressSpaces,
      sourceServers: connector.sourceServers,
      scoped: connector.scoped,
      enabled: connector.enabled,
      maxMessageSizeBytes:
        connector.maxMessageSize ?? (connector.kind === 'send' ? sendConnectorLimitBytes : unlimited),
      smartHosts: connector.smartHosts,
      frontEndProxy: connector.frontEndProxy,
    })),
    edgeSubscriptions: input.edgeSubscriptions,
    distributionGroups: input.distributionGroups,
    mailboxes: input.mailboxes.map((mailbox) => ({
      address: mailbox.address,
      count: mailbox.count,
      database: mailbox.database,
      quotaExceeded: mailbox.quotaExceeded,
      maxReceiveSizeBytes: mailbox.maxReceiveSize ?? unlimited,
      forwardTo: mailbox.forwardTo,
      deliverAndForward: mailbox.deliverAndForward,
      acceptOnlyFrom: mailbox.acceptOnlyFrom,
    })),
    contacts: input.contacts,
  };
}

const defaultRoles = {
  '2007': ['hub-transport', 'mailbox'],
  '2010': ['hub-transport', 'mailbox'],
  '2013': ['mailbox', 'client-access'],
} as const;

/** The organization's own name is an accepted domain, authoritative unless the list says otherwise. */
function withDefaultDomain({
  organization,
  acceptedDomains,
}: OrganizationInput): Organization['acceptedDomains'] {
  const wanted = organization.toUpperCase();
  if (acceptedDomains.some(({ name }) => name.toUpperCase() === wanted)) return acceptedDomains;
  // Last, so that an element keeps the index that it has in the file.
  return [...acceptedDomains, { name: organization, type: 'authoritative' }];
}

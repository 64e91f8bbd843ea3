import { compileRoutingTables } from '../../src/routing/index.js';
import { counterStream, Simulation } from '../../src/sim/kernel/index.js';
import {
  resolveEdgeSettings,
  resolveSettings,
  type SettingOverrides,
  TransportModel,
  type TransportObserver,
} from '../../src/sim/model/index.js';
import {
  buildTopology,
  type ConnectorDescription,
  type DagDescription,
  type DistributionGroupDescription,
  findByName,
  type MailboxDescription,
  type Organization,
  type ServerDescription,
  type SiteDescription,
  type SiteLinkDescription,
  type Topology,
} from '../../src/topology/index.js';
import { Recorder } from './recorder.js';

/** What a test says of an organization; names are short, everything else has a default. */
export interface SmallOrganization {
  /** Links as `A-B` with a cost; sites follow from them, or from `sites`. */
  readonly links?: Readonly<
    Record<string, number | (Partial<SiteLinkDescription> & { readonly cost: number })>
  >;
  readonly sites?: readonly (string | (Partial<SiteDescription> & { readonly name: string }))[];
  /** Servers as `name: site`. */
  readonly servers: Readonly<
    Record<string, string | (Partial<ServerDescription> & { readonly site: string })>
  >;
  /** Members, without failover; or a description, with it. */
  /** Edges as `name: site`, the site that they are subscribed to; without one, not subscribed. */
  readonly edges?: Readonly<
    Record<string, string | (Partial<ServerDescription> & { readonly subscribedTo?: string })>
  >;
  readonly dags?: Readonly<
    Record<string, readonly string[] | (Partial<DagDescription> & { readonly members: readonly string[] })>
  >;
  /** Databases as `name: [servers]`. */
  readonly databases: Readonly<Record<string, readonly string[]>>;
  /** Mailboxes as `local part: database`. */
  readonly mailboxes?: Readonly<
    Record<string, string | (Partial<MailboxDescription> & { readonly database: string })>
  >;
  readonly connectors?: readonly (Partial<ConnectorDescription> & { readonly name: string })[];
  readonly groups?: readonly DistributionGroupDescription[];
  readonly contacts?: Readonly<Record<string, string>>;
  readonly network?: Organization['network'];
  readonly behavior?: Organization['behavior'];
}

export const domain = 'contoso.com';

export function organization(small: SmallOrganization): Organization {
  const links = Object.entries(small.links ?? {}).map(
    ([name, link]): SiteLinkDescription => ({
      name,
      sites: name.split('-'),
      maxMessageSizeBytes: Number.POSITIVE_INFINITY,
      latencyMs: 0,
      ...(typeof link === 'number' ? { cost: link } : link),
    }),
  );
  const described = new Map(
    (small.sites ?? []).map((site) =>
      typeof site === 'string' ? [site, { name: site }] : [site.name, site],
    ),
  );
  const siteNames = new Set([
    ...links.flatMap((link) => link.sites),
    ...described.keys(),
    ...Object.values(small.servers).map((server) => (typeof server === 'string' ? server : server.site)),
  ]);
  return {
    name: domain,
    behavior: small.behavior ?? '2013',
    network: small.network ?? 'any-path',
    acceptedDomains: [],
    sites: [...siteNames].map((name) => ({ name, hub: false, inboundMail: true, ...described.get(name) })),
    siteLinks: links,
    servers: [
      ...Object.entries(small.servers).map(([name, server]) => ({
        name,
        version: '2013' as const,
        roles: ['mailbox', 'client-access'] as const,
        ...(typeof server === 'string' ? { site: server } : server),
      })),
      ...Object.entries(small.edges ?? {}).map(([name, edge]) => ({
        name,
        version: '2013' as const,
        ...(typeof edge === 'string' ? {} : edge),
        roles: ['edge'] as const,
      })),
    ],
    dags: Object.entries(small.dags ?? {}).map(([name, dag]) => ({
      name,
      ...('members' in dag
        ? { automaticFailover: true, ...dag }
        : { members: dag, automaticFailover: false }),
    })),
    databases: Object.entries(small.databases).map(([name, copies]) => ({ name, copies })),
    connectors: (small.connectors ?? []).map((connector) => ({
      kind: 'send',
      addressSpaces: [{ type: 'SMTP', space: '*', cost: 1 }],
      sourceServers: [],
      scoped: false,
      enabled: true,
      maxMessageSizeBytes: Number.POSITIVE_INFINITY,
      smartHosts: [],
      frontEndProxy: false,
      ...connector,
    })),
    edgeSubscriptions: Object.entries(small.edges ?? {}).flatMap(([edgeServer, edge]) => {
      const site = typeof edge === 'string' ? edge : edge.subscribedTo;
      return site === undefined ? [] : [{ edgeServer, site }];
    }),
    distributionGroups: small.groups ?? [],
    mailboxes: Object.entries(small.mailboxes ?? {}).map(([name, mailbox]) => ({
      address: `${name}@${domain}`,
      quotaExceeded: false,
      maxReceiveSizeBytes: Number.POSITIVE_INFINITY,
      deliverAndForward: false,
      ...(typeof mailbox === 'string' ? { database: mailbox } : mailbox),
    })),
    contacts: Object.entries(small.contacts ?? {}).map(([name, target]) => ({
      address: `${name}@${domain}`,
      target,
    })),
  };
}

/** Service times as their means, so that a test can work out times by hand. */
export const deterministicHardware: SettingOverrides = {
  hardware: { distribution: { kind: 'deterministic' } },
};

/** No stage takes any time, and neither does an attempt at a silent server. */
export const noTime = {
  hardware: {
    distribution: { kind: 'deterministic' },
    connectTime: 0,
    commitTime: 0,
    categorizerTime: 0,
    cpuPerMessage: 0,
  },
  transport: { connectTimeout: 0 },
} as const;

export interface RunningOrganization {
  readonly simulation: Simulation;
  readonly model: TransportModel;
  readonly recorder: Recorder;
  server(name: string): number;
  database(name: string): number;
  link(name: string): number;
  /** Submits a message now. */
  send(from: string, to: readonly string[], sizeBytes?: number): void;
  /** Does something at a time, before whatever else is due then. */
  at(atMs: number, action: () => void): void;
}

/**
 * A model of a small organization at time 0, with a recorder and the settings given over the defaults.
 * @param serverSettings - by name, of servers that have their own on top
 * @param seed - of the draws of service times
 */
export function run(
  small: SmallOrganization,
  settings: SettingOverrides = deterministicHardware,
  observer: TransportObserver | null = null,
  serverSettings: Readonly<Record<string, SettingOverrides>> = {},
  seed = 'test',
): RunningOrganization {
  return runOrganization(organization(small), settings, observer, serverSettings, seed);
}

/** As `run`, for an organization described in full. */
export function runOrganization(
  described: Organization,
  settings: SettingOverrides = deterministicHardware,
  observer: TransportObserver | null = null,
  serverSettings: Readonly<Record<string, SettingOverrides>> = {},
  seed = 'test',
): RunningOrganization {
  const topology = buildTopology(described);
  const simulation = new Simulation();
  const recorder = new Recorder();
  const { behavior } = described;
  const resolved = resolveSettings(behavior, settings);
  const ofEdges = resolveEdgeSettings(behavior, settings);
  const ofServers = topology.servers.map(({ name, isEdge }) => {
    if (!Object.hasOwn(serverSettings, name)) return isEdge ? ofEdges : resolved;
    const resolve = isEdge ? resolveEdgeSettings : resolveSettings;
    return resolve(behavior, settings, serverSettings[name]!);
  });
  const settingsOf = (server: number) => ofServers[server]!;
  const compile = (changed: Topology) =>
    compileRoutingTables(changed, {
      submissionReach: (server) => settingsOf(server).mailboxTransport.submissionReach,
    });
  const model = new TransportModel({
    simulation,
    tables: compile(topology),
    organization: described,
    compile,
    settings: resolved,
    settingsOf,
    serviceDraws: counterStream(seed, 0, 'service times'),
    observer: observer ?? recorder,
  });
  const address = (name: string) => (name.includes('@') || name.includes(':') ? name : `${name}@${domain}`);
  return {
    simulation,
    model,
    recorder,
    server: (name) => findByName(topology.servers, name),
    database: (name) => findByName(topology.databases, name),
    link: (name) => findByName(topology.siteLinks, name),
    send: (from, to, sizeBytes = 50 * 1_024) => {
      const recipients = to.map((each) => model.addressBook.intern(address(each)));
      model.submit(model.addressBook.intern(address(from)), recipients, recipients.length, sizeBytes);
    },
    at: (atMs, action) => {
      simulation.scheduleAt(atMs, simulation.addKind(action), 0, -1);
    },
  };
}

/** The way of the only message, by the Transport services that accepted it from others: `A1 > B1`. */
export function way({ recorder, model }: RunningOrganization): string[] {
  const name = (server: number) => model.topology.servers[server]!.name;
  return recorder.hops.map(({ from, to }) => `${name(from)} > ${name(to)}`);
}

import {
  buildTopology,
  type ConnectorDescription,
  type DistributionGroupDescription,
  type ExchangeVersion,
  type MailboxDescription,
  type Organization,
  type ServerRole,
  type SiteDescription,
  type SiteLinkDescription,
  type Topology,
} from '../../src/topology/index.js';

/** An organization in shorthand; all of it is optional. */
export interface OrganizationShorthand {
  readonly name?: string;
  readonly network?: Organization['network'];
  readonly acceptedDomains?: Organization['acceptedDomains'];
  /** Sites besides those that links and servers name. */
  readonly sites?: readonly string[];
  readonly hubs?: readonly string[];
  readonly inboundMailOff?: readonly string[];
  /** `A-B 10` or `A-B-C 10`, named like its sites; or a whole description. */
  readonly links?: readonly (
    | string
    | (Partial<SiteLinkDescription> & { readonly sites: readonly string[] })
  )[];
  /** `S1@S`, or `H1@S 2010`; `M1@S 2013 mailbox` for a server without the client-access role. */
  readonly servers?: readonly string[];
  /** Edges and the sites they are subscribed to: `E1@S`, or `E1@S 2010`. */
  readonly edges?: readonly string[];
  readonly dags?: Readonly<Record<string, readonly string[]>>;
  /** Holders of copies by database. */
  readonly databases?: Readonly<Record<string, readonly string[]>>;
  readonly connectors?: readonly (Partial<ConnectorDescription> & {
    readonly name: string;
    readonly sourceServers: readonly string[];
    /** `SMTP:*;1`. */
    readonly spaces: readonly string[];
  })[];
  readonly groups?: readonly DistributionGroupDescription[];
  /** Databases by address. */
  readonly mailboxes?: Readonly<Record<string, string>>;
  readonly mailboxDescriptions?: readonly (Partial<MailboxDescription> & {
    readonly address: string;
    readonly database: string;
  })[];
  /** Targets by address. */
  readonly contacts?: Readonly<Record<string, string>>;
}

const unlimited = Number.POSITIVE_INFINITY;

/** Builds an organization from its shorthand. */
export function describeOrganization(shorthand: OrganizationShorthand): Organization {
  const links = (shorthand.links ?? []).map((link): SiteLinkDescription => {
    const defaults = { cost: 100, maxMessageSizeBytes: unlimited, latencyMs: 1 };
    if (typeof link !== 'string') return { name: link.sites.join('-'), ...defaults, ...link };
    const [name = '', cost = '100'] = link.split(' ');
    return { ...defaults, name, sites: name.split('-'), cost: Number(cost) };
  });
  const servers = (shorthand.servers ?? []).map((text) => {
    const [place = '', version = '2013', role] = text.split(' ');
    const [name = '', site = ''] = place.split('@');
    const isLegacy = version !== '2013';
    return {
      name,
      site,
      version: version as ExchangeVersion,
      roles:
        role !== undefined
          ? [role as ServerRole]
          : isLegacy
            ? (['hub-transport', 'mailbox'] as const)
            : (['mailbox', 'client-access'] as const),
    };
  });
  const edges = (shorthand.edges ?? []).map((text) => {
    const [place = '', version = '2013'] = text.split(' ');
    const [name = '', site = ''] = place.split('@');
    return { name, site, version: version as ExchangeVersion };
  });
  const siteNames = new Set([
    ...(shorthand.sites ?? []),
    ...links.flatMap((link) => link.sites),
    ...servers.map((server) => server.site),
    ...edges.map((edge) => edge.site),
  ]);
  return {
    name: shorthand.name ?? 'contoso.com',
    behavior: '2013',
    network: shorthand.network ?? 'any-path',
    acceptedDomains: shorthand.acceptedDomains ?? [],
    sites: [...siteNames].map(
      (name): SiteDescription => ({
        name,
        hub: shorthand.hubs?.includes(name) ?? false,
        inboundMail: !(shorthand.inboundMailOff?.includes(name) ?? false),
      }),
    ),
    siteLinks: links,
    servers: [...servers, ...edges.map(({ name, version }) => ({ name, version, roles: ['edge' as const] }))],
    dags: Object.entries(shorthand.dags ?? {}).map(([name, members]) => ({
      name,
      members,
      automaticFailover: true,
    })),
    databases: Object.entries(shorthand.databases ?? {}).map(([name, copies]) => ({ name, copies })),
    connectors: (shorthand.connectors ?? []).map(({ spaces, ...connector }) => ({
      kind: 'send' as const,
      scoped: false,
      enabled: true,
      maxMessageSizeBytes: unlimited,
      smartHosts: [],
      frontEndProxy: false,
      addressSpaces: spaces.map((space) => {
        const [, type = 'SMTP', text = '', cost = '1'] =
          /^(?:([^:]+):)?([^;]+)(?:;(\d+))?$/.exec(space) ?? [];
        return { type: type.toUpperCase(), space: text.toLowerCase(), cost: Number(cost) };
      }),
      ...connector,
    })),
    edgeSubscriptions: edges.map(({ name, site }) => ({ edgeServer: name, site })),
    distributionGroups: shorthand.groups ?? [],
    mailboxes: [
      ...Object.entries(shorthand.mailboxes ?? {}).map(([address, database]) => ({ address, database })),
      ...(shorthand.mailboxDescriptions ?? []),
    ].map((mailbox) => ({
      quotaExceeded: false,
      maxReceiveSizeBytes: unlimited,
      deliverAndForward: false,
      ...mailbox,
    })),
    contacts: Object.entries(shorthand.contacts ?? {}).map(([address, target]) => ({ address, target })),
  };
}

/** Builds and indexes an organization from its shorthand. */
export function topologyOf(shorthand: OrganizationShorthand): Topology {
  return buildTopology(describeOrganization(shorthand));
}

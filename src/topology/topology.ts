import { edgeConnectors } from './edge-connectors.js';
import { compareNames, normalizeName } from './names.js';
import type {
  AcceptedDomainDescription,
  AddressSpace,
  Behavior,
  ConnectorDescription,
  ConnectorKind,
  DagDescription,
  ExchangeVersion,
  NetworkRule,
  Organization,
  ServerRole,
} from './organization.js';
import { buildRecipientDirectory, type RecipientDirectory } from './recipient-directory.js';

/**
 * The organization, interned: every object is known by a small integer, its index in the list of its kind. Lists
 * are in name order (UN-02), so a lower index is a lower name, and comparing indexes is comparing names.
 */
export interface Topology {
  readonly organization: string;
  readonly behavior: Behavior;
  readonly network: NetworkRule;
  readonly acceptedDomains: readonly AcceptedDomainDescription[];
  readonly sites: readonly Site[];
  readonly siteLinks: readonly SiteLink[];
  readonly servers: readonly Server[];
  readonly dags: readonly Dag[];
  readonly databases: readonly Database[];
  readonly connectors: readonly Connector[];
  readonly recipients: RecipientDirectory;
}

/** An AD site, compiled. */
export interface Site {
  readonly index: number;
  readonly name: string;
  readonly hub: boolean;
  readonly inboundMail: boolean;
  /** All its servers, in name order. */
  readonly servers: readonly number[];
  /** Those that take mail from other servers (RT-14), in name order. */
  readonly transportServers: readonly number[];
  /** The Edges subscribed to it (RT-57), in name order; they are none of its servers. */
  readonly edges: readonly number[];
}

/** An IP site link, compiled; sites by index. */
export interface SiteLink {
  readonly index: number;
  readonly name: string;
  readonly sites: readonly number[];
  /** What routing reckons with: the Exchange cost where set, else the Active Directory cost (AS-02, AS-03). */
  readonly cost: number;
  /** What Active Directory reckons with, whether an Exchange cost replaces it or not. */
  readonly activeDirectoryCost: number;
  readonly maxMessageSizeBytes: number;
  readonly latencyMs: number;
  /** Shared by all that crosses it, in both directions; Infinity: unlimited. */
  readonly bandwidthBitsPerSecond: number;
}

/** The major version as queue names and delivery groups spell it: 8 is 2007, 14 is 2010, 15 is 2013. */
export type MajorVersion = 8 | 14 | 15;

/** A server, compiled; what it runs by its roles and version. */
export interface Server {
  readonly index: number;
  readonly name: string;
  /** `<name>.<organization>`. */
  readonly fqdn: string;
  /** Of an Edge the site it is subscribed to; -1 if it is subscribed to none. */
  readonly site: number;
  readonly version: ExchangeVersion;
  readonly majorVersion: MajorVersion;
  readonly roles: readonly ServerRole[];
  /** Has a Transport service that other servers may send to (RT-14). */
  readonly isTransport: boolean;
  /** Has a Front End Transport service: a 2013 server with the client-access role. */
  readonly isFrontEnd: boolean;
  readonly isEdge: boolean;
  /** Its DAG; -1 if none. */
  readonly dag: number;
  /** Of its processor, at least 1. */
  readonly cores: number;
  readonly memoryBytes: number;
  /** The disk of its queue database and of the logs of that. */
  readonly queueDiskBytes: number;
  /** Share of that disk that others use, 0 to 1. */
  readonly queueDiskUsed: number;
}

/** A database availability group, compiled; members by index. */
export interface Dag {
  readonly index: number;
  readonly name: string;
  readonly members: readonly number[];
  readonly databases: readonly number[];
  readonly automaticFailover: boolean;
  /** Where the witness stands: if nothing is said, with the first member (A-witness-site); -1 without members. */
  readonly witnessSite: number;
}

/** A mailbox database, compiled; copies by index of their servers. */
export interface Database {
  readonly index: number;
  readonly name: string;
  /** Servers in activation preference order; the first holds the active copy when a run starts. */
  readonly copies: readonly number[];
  /** The DAG of its holders; -1 if none. */
  readonly dag: number;
  /** The Exchange version of its holders. */
  readonly majorVersion: MajorVersion;
}

/** A Send, Delivery Agent or Foreign connector, compiled. */
export interface Connector {
  readonly index: number;
  readonly name: string;
  readonly kind: ConnectorKind;
  readonly addressSpaces: readonly AddressSpace[];
  readonly sourceServers: readonly number[];
  readonly scoped: boolean;
  readonly enabled: boolean;
  readonly maxMessageSizeBytes: number;
  readonly smartHosts: readonly string[];
  /** RT-43. */
  readonly frontEndProxy: boolean;
  readonly origin: ConnectorOrigin;
  /**
   * The site whose Edges send for it: its source servers are Edges then, all of that site (RT-27); -1 for a connector
   * of the site servers themselves.
   */
  readonly edgeSite: number;
}

/** Who made a connector: an administrator, or the Edge subscription of a site, its way out or its way in (ES-02). */
export type ConnectorOrigin = 'explicit' | 'edge-outbound' | 'edge-inbound';

/** Design section 4.3. */
const defaultCores = 8;
const gigabyte = 1_073_741_824;
/** Of servers that say nothing else. */
export const defaultMemoryBytes = 64 * gigabyte;
export const defaultQueueDiskBytes = 200 * gigabyte;

const majorVersions = { '2007': 8, '2010': 14, '2013': 15 } as const;

/** Finds an object of one kind by its name; -1 if there is none. */
export function findByName(list: readonly { readonly name: string }[], name: string): number {
  const wanted = normalizeName(name);
  let low = 0;
  let high = list.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = normalizeName(list[middle]!.name);
    if (found === wanted) return middle;
    if (found < wanted) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/**
 * Indexes an organization that `checkOrganization` has found sound. Costs one sort a kind.
 * @throws RangeError when a reference does not resolve, which a checked organization cannot cause
 */
export function buildTopology(organization: Organization): Topology {
  const siteNames = inNameOrder(organization.sites);
  const serverNames = inNameOrder(organization.servers);
  const dagNames = inNameOrder(organization.dags);
  const databaseNames = inNameOrder(organization.databases);
  const siteIndex = indexOf(siteNames);
  const serverIndex = indexOf(serverNames);
  const dagOfServer = new Int32Array(serverNames.length).fill(-1);
  dagNames.forEach((dag, index) => {
    for (const member of dag.members) dagOfServer[serverIndex(member)] = index;
  });

  const subscribedSite = new Map(
    organization.edgeSubscriptions.map(({ edgeServer, site }) => [serverIndex(edgeServer), siteIndex(site)]),
  );
  const servers = serverNames.map((description, index): Server => {
    const legacy = description.version !== '2013';
    const isEdge = description.roles.includes('edge');
    return {
      index,
      name: description.name,
      fqdn: `${description.name}.${organization.name}`,
      site: isEdge ? (subscribedSite.get(index) ?? -1) : siteIndex(description.site ?? ''),
      version: description.version,
      majorVersion: majorVersions[description.version],
      roles: description.roles,
      isTransport: description.roles.includes(legacy ? 'hub-transport' : 'mailbox'),
      isFrontEnd: !legacy && description.roles.includes('client-access'),
      isEdge,
      dag: dagOfServer[index]!,
      cores: description.cores ?? defaultCores,
      memoryBytes: description.memoryBytes ?? defaultMemoryBytes,
      queueDiskBytes: description.queueDiskBytes ?? defaultQueueDiskBytes,
      queueDiskUsed: description.queueDiskUsed ?? 0,
    };
  });
  const databases = databaseNames.map((description, index): Database => {
    const copies = description.copies.map(serverIndex);
    const holder = servers[copies[0]!]!;
    return {
      index,
      name: description.name,
      copies,
      dag: holder.dag,
      majorVersion: holder.majorVersion,
    };
  });
  const witnessSiteOf = ({ witnessSite, members }: DagDescription): number => {
    if (witnessSite !== undefined) return siteIndex(witnessSite);
    return members.length === 0 ? -1 : servers[serverIndex(members[0]!)]!.site;
  };

  return {
    organization: organization.name,
    behavior: organization.behavior,
    network: organization.network,
    acceptedDomains: [...organization.acceptedDomains].sort((a, b) => compareNames(a.name, b.name)),
    sites: siteNames.map((description, index): Site => {
      const here = servers.filter((server) => server.site === index);
      const own = here.filter((server) => !server.isEdge);
      return {
        index,
        name: description.name,
        hub: description.hub,
        inboundMail: description.inboundMail,
        servers: own.map((server) => server.index),
        transportServers: own.filter((server) => server.isTransport).map((server) => server.index),
        edges: here.filter((server) => server.isEdge).map((server) => server.index),
      };
    }),
    siteLinks: inNameOrder(organization.siteLinks).map(
      (description, index): SiteLink => ({
        index,
        name: description.name,
        sites: description.sites.map(siteIndex).sort((a, b) => a - b),
        cost: description.exchangeCost ?? description.cost,
        activeDirectoryCost: description.cost,
        maxMessageSizeBytes: description.maxMessageSizeBytes,
        latencyMs: description.latencyMs,
        bandwidthBitsPerSecond: description.bandwidthBitsPerSecond ?? Number.POSITIVE_INFINITY,
      }),
    ),
    servers,
    dags: dagNames.map(
      (description, index): Dag => ({
        index,
        name: description.name,
        members: description.members.map(serverIndex).sort((a, b) => a - b),
        databases: databases.filter((database) => database.dag === index).map((database) => database.index),
        automaticFailover: description.automaticFailover,
        witnessSite: witnessSiteOf(description),
      }),
    ),
    databases,
    connectors: inNameOrder([
      ...organization.connectors.map((each) => ({ ...each, origin: 'explicit' as const })),
      ...edgeConnectors(organization),
    ]).map((description, index) => buildConnector(description, index, servers, serverIndex)),
    recipients: buildRecipientDirectory(organization, indexOf(databaseNames), serverIndex),
  };
}

function buildConnector(
  description: ConnectorDescription & { readonly origin: ConnectorOrigin },
  index: number,
  servers: readonly Server[],
  serverIndex: (name: string) => number,
): Connector {
  const sourceServers = description.sourceServers.map(serverIndex).sort((a, b) => a - b);
  const edge = sourceServers.map((server) => servers[server]!).find((server) => server.isEdge);
  return {
    index,
    name: description.name,
    kind: description.kind,
    addressSpaces: description.addressSpaces,
    sourceServers,
    scoped: description.scoped,
    enabled: description.enabled,
    maxMessageSizeBytes: description.maxMessageSizeBytes,
    smartHosts: description.smartHosts,
    frontEndProxy: description.frontEndProxy,
    origin: description.origin,
    edgeSite: edge?.site ?? -1,
  };
}

function inNameOrder<T extends { readonly name: string }>(list: readonly T[]): T[] {
  return [...list].sort((a, b) => compareNames(a.name, b.name));
}

function indexOf(list: readonly { readonly name: string }[]): (name: string) => number {
  const indexes = new Map(list.map((each, index) => [normalizeName(each.name), index]));
  return (name) => {
    const index = indexes.get(normalizeName(name));
    if (index === undefined) throw new RangeError(`no object named ${JSON.stringify(name)}`);
    return index;
  };
}

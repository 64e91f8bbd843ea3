import { randomStreams } from '../src/sim/kernel/index.js';
import type { Organization } from '../src/topology/index.js';

/** How large an organization is to be. */
export interface OrganizationSize {
  readonly sites: number;
  /** Evenly spread over the sites. */
  readonly servers: number;
  /** At least as many as sites less one, which join them all. */
  readonly links: number;
  readonly connectors: number;
  /** One mailbox pattern each, of equal size. */
  readonly databases: number;
  readonly mailboxes: number;
}

/** The organization of the design's speed goals for one core. */
export const large: OrganizationSize = {
  sites: 40,
  servers: 200,
  links: 120,
  connectors: 60,
  databases: 400,
  mailboxes: 100_000,
};

/** The largest organization of the design's speed goals. */
export const thousandSites: OrganizationSize = {
  sites: 1_000,
  servers: 10_000,
  links: 5_000,
  connectors: 2_000,
  databases: 10_000,
  mailboxes: 1_000_000,
};

const membersOfDag = 8;

/**
 * Draws an organization: a random tree of sites with further links, every tenth site a hub; half of the servers in
 * DAGs of eight over two neighbouring sites, the databases spread over all; connectors for domains, subdomains and
 * everything, a tenth of them scoped, with up to three source servers. The same size gives the same organization.
 */
export function drawOrganization(size: OrganizationSize): Organization {
  const { sites, servers, links, connectors, databases, mailboxes } = size;
  const uniform = randomStreams('bench', 0)(`organization ${JSON.stringify(size)}`);
  const below = (limit: number) => Math.floor(uniform() * limit);
  const site = (n: number) => `Site${n}`;
  const server = (n: number) => `Server${n}`;
  const unlimited = Number.POSITIVE_INFINITY;
  const inDags = membersOfDag * Math.floor(servers / 2 / membersOfDag);
  const firstMember = (n: number) => n - (n % membersOfDag);

  return {
    name: 'contoso.com',
    behavior: '2013',
    network: 'any-path',
    acceptedDomains: [],
    sites: range(sites).map((n) => ({ name: site(n), hub: n % 10 === 1, inboundMail: true })),
    siteLinks: range(links).map((n) => {
      const first = n + 1 < sites ? n + 1 : below(sites);
      const second = n + 1 < sites ? below(n + 1) : (first + 1 + below(sites - 1)) % sites;
      return {
        name: `Link${n}`,
        sites: [site(first), site(second)],
        // Few values, so that there are ties to break.
        cost: 5 * (1 + below(20)),
        maxMessageSizeBytes: uniform() < 0.1 ? 20 * 1_024 ** 2 : unlimited,
        latencyMs: 1 + below(50),
      };
    }),
    servers: range(servers).map((n) => ({
      name: server(n),
      site: site(Math.floor((n * sites) / servers)),
      version: '2013' as const,
      roles: ['mailbox' as const, 'client-access' as const],
    })),
    dags: range(inDags / membersOfDag).map((n) => ({
      name: `Dag${n}`,
      members: range(membersOfDag).map((member) => server(n * membersOfDag + member)),
      automaticFailover: true,
    })),
    databases: range(databases).map((n) => {
      const holder = Math.floor((n * servers) / databases);
      const name = `Database${n}`;
      if (holder >= inDags) return { name, copies: [server(holder)] };
      const second = firstMember(holder) + ((holder + 4) % membersOfDag);
      return { name, copies: [server(holder), server(second)] };
    }),
    connectors: range(connectors).map((n) => ({
      name: `Connector${n}`,
      kind: 'send' as const,
      addressSpaces: [
        {
          type: 'SMTP',
          space: ['*', `*.d${n % 50}.example`, `d${n % 200}.example`][n % 3]!,
          cost: 1 + below(20),
        },
      ],
      sourceServers: [...new Set(range(1 + below(3)).map(() => server(below(servers))))],
      scoped: n % 10 === 3,
      enabled: true,
      maxMessageSizeBytes: n % 4 === 0 ? 25 * 1_024 ** 2 : unlimited,
      smartHosts: [],
      frontEndProxy: false,
    })),
    edgeSubscriptions: [],
    distributionGroups: [],
    mailboxes: range(databases).map((n) => ({
      address: `user{n}.db${n}@contoso.com`,
      count: mailboxes / databases,
      database: `Database${n}`,
      quotaExceeded: false,
      maxReceiveSizeBytes: unlimited,
      deliverAndForward: false,
    })),
    contacts: [],
  };
}

function range(count: number): readonly number[] {
  return Array.from({ length: count }, (_, n) => n);
}

import { decodeScenario, type Scenario } from '../../src/scenario/index.js';

/** How much there is to simulate. */
export interface GrowthSize {
  /** Five a site. */
  readonly servers: number;
  /** In the mean: the number of arrivals in a time is random. */
  readonly messages: number;
}

const serversPerSite = 5;
const mailboxesPerServer = 100;
/** What a server's mailboxes send, whatever the size: the load is equal everywhere. */
const messagesPerServerPerSecond = 1;
const secondsPerDay = 86_400;

/**
 * The scenario of a size: sites of five servers in a star, a database of a hundred mailboxes a server with a second
 * copy next door, messages to one recipient each, anybody in the organization, spread evenly over the time. Only the time
 * grows with the messages, only the organization with the servers; what is sent a server and second stays.
 */
export function growthScenario({ servers, messages }: GrowthSize): Scenario {
  const sites = Math.ceil(servers / serversPerSite);
  const siteOf = (server: number) => Math.floor(server / serversPerSite);
  // The next server of the same site, the first after the last.
  const neighbour = (server: number) => {
    const first = siteOf(server) * serversPerSite;
    return first + ((server - first + 1) % Math.min(serversPerSite, servers - first));
  };
  const seconds = messages / (servers * messagesPerServerPerSecond);
  return decode(`growth-${servers}-${messages}`, {
    organization: {
      organization: 'contoso.com',
      sites: range(sites).map((site) => ({ name: `S${site}` })),
      siteLinks: range(sites - 1).map((link) => ({
        name: `L${link + 1}`,
        sites: ['S0', `S${link + 1}`],
        cost: 10,
        latency: '5 ms',
      })),
      servers: range(servers).map((server) => ({ name: `M${server}`, site: `S${siteOf(server)}` })),
      dags: range(sites).map((site) => ({
        name: `DAG${site}`,
        members: range(servers)
          .filter((server) => siteOf(server) === site)
          .map((server) => `M${server}`),
      })),
      databases: range(servers).map((server) => ({
        name: `DB${server}`,
        copies: [...new Set([`M${server}`, `M${neighbour(server)}`])],
      })),
      mailboxes: range(servers).map((server) => ({
        address: `u{n}.${server}@contoso.com`,
        count: mailboxesPerServer,
        database: `DB${server}`,
      })),
    },
    duration: `${seconds} s`,
    workloads: [
      {
        kind: 'mailbox-users',
        sentPerDay: (messagesPerServerPerSecond * secondsPerDay) / mailboxesPerServer,
        externalShare: 0,
        unknownShare: 0,
        shape: 'flat',
        recipients: { fixed: 1 },
        size: { fixed: '20 KB' },
      },
    ],
  });
}

/**
 * As `growthScenario`, each database of which may fail over after the end and lose all that it was sent: Safety Net keeps
 * every delivery by itself (SN-02).
 */
export function retainedScenario(size: GrowthSize): Scenario {
  const scenario = growthScenario(size);
  const beginMs = scenario.durationMs + 3_600_000;
  const faults = scenario.organization.databases.map(({ name: database, copies }) => ({
    kind: 'database-failover' as const,
    beginMs,
    endMs: beginMs,
    database,
    to: copies[0]!,
    lostWindowMs: beginMs,
  }));
  return { ...scenario, faults };
}

/** So many messages a second come in where they then wait: ten million in less than three hours. */
const queuedPerSecond = 1_000;

/** Messages that wait. */
export interface QueuedSize {
  readonly messages: number;
  /** Recipients of each. */
  readonly recipients: number;
  /** Whether there is another server to have a shadow copy of each (SH-02). */
  readonly isShadowed: boolean;
}

/** Messages that all wait in one delivery queue at the end of the duration: the only link they could take is down. */
export function queuedScenario({ messages, recipients, isShadowed }: QueuedSize): Scenario {
  const fast = '0.1 ms';
  return decode(`queued-${messages}`, {
    organization: {
      organization: 'contoso.com',
      sites: [{ name: 'Here' }, { name: 'There' }],
      siteLinks: [{ name: 'Between', sites: ['Here', 'There'], cost: 10 }],
      servers: [
        { name: 'H1', site: 'Here' },
        ...(isShadowed ? [{ name: 'H2', site: 'Here' }] : []),
        { name: 'T1', site: 'There' },
      ],
      databases: [
        { name: 'DBH', copies: ['H1'] },
        { name: 'DBT', copies: ['T1'] },
      ],
      mailboxes: [
        { address: 'h{n}@contoso.com', count: 100, database: 'DBH' },
        { address: 't{n}@contoso.com', count: 100, database: 'DBT' },
      ],
    },
    duration: `${messages / queuedPerSecond} s`,
    drain: '1 min',
    settings: {
      hardware: {
        submissionTime: fast,
        commitTime: fast,
        shadowCopyTime: fast,
        categorizerTime: fast,
        connectTime: fast,
        cpuPerMessage: fast,
      },
    },
    workloads: [
      {
        kind: 'arrivals',
        arrival: 'deterministic',
        messagesPerSecond: queuedPerSecond,
        from: 'h1@contoso.com',
        to: range(recipients).map((n) => `t${n + 1}@contoso.com`),
        size: { fixed: '20 KB' },
      },
    ],
    faults: [{ kind: 'site-link-outage', link: 'Between', at: '+0 s' }],
  });
}

function decode(name: string, fields: Readonly<Record<string, unknown>>): Scenario {
  const text = JSON.stringify({ mailflow: 1, name, seed: '1', start: '2024-04-02T00:00Z', ...fields });
  const noFile = () => {
    throw new Error('the scenario names no file');
  };
  return decodeScenario(text, `${name}.json`, { readFile: noFile }).scenario;
}

function range(count: number): readonly number[] {
  return Array.from({ length: Math.max(0, count) }, (_, n) => n);
}

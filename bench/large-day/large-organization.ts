import { type RandomStream, randomStreams } from '../../src/sim/kernel/index.js';
import { edgeSites, type SitePlan, sitePlans } from './sites.js';

/** The organization as text, and what a scenario has to know of it. */
export interface LargeOrganization {
  /** An organization file. */
  readonly text: string;
  /** The group of each site's managers, and a mailbox of that site that writes to it. */
  readonly siteGroups: readonly { readonly address: string; readonly writer: string }[];
  /** A group of all of these groups. */
  readonly managementGroup: string;
  /** One a server with databases: it writes to itself, and shows that mail flows there (WL-04). */
  readonly probes: readonly { readonly server: string; readonly mailbox: string }[];
}

const domain = 'contoso.com';
/** Those of people and those of probes. */
const mailboxCount = 100_000;

/** What the sites of a tier have. Costs of links are those of the thinner end. */
const tiers = {
  'data-centre': { databasesPerServer: 3, meanMailboxes: 270, cost: 10, bandwidth: '1000 Mbit/s' },
  regional: { databasesPerServer: 2, meanMailboxes: 240, cost: 20, bandwidth: '500 Mbit/s' },
  branch: { databasesPerServer: 2, meanMailboxes: 184, cost: 50, bandwidth: '100 Mbit/s' },
} as const;

/** Of the servers of a data centre so many have Client Access alone. */
const frontEndsPerDataCentre = 2;
/** Data centres in pairs over which DAGs are stretched, with the site of their witness. */
const dataCentrePairs = [
  { sites: ['Frankfurt', 'London'], witnessSite: 'Amsterdam' },
  { sites: ['Paris', 'Milan'], witnessSite: 'Zurich' },
] as const;

interface Server {
  readonly name: string;
  readonly plan: SitePlan;
  readonly hasDatabases: boolean;
}

interface Dag {
  readonly name: string;
  readonly members: readonly string[];
  readonly witnessSite: string | null;
  /** The members that hold a database, by the member that holds its active copy. */
  readonly copies: ReadonlyMap<string, readonly string[]>;
}

/**
 * Writes the organization of the bench scenario `large-day`: 40 sites (`sites.ts`), 200 servers, 100,000 mailboxes in
 * 428 databases. DAGs of fourteen, stretched over two data centres, with four copies of a database; of six in a regional
 * site with three; of three in a branch with two; the smallest branches have none. Random are how many mailboxes a
 * database has, how long links are, and who is a manager.
 * @param seed - the same seed, the same text
 */
export function largeOrganization(seed: string): LargeOrganization {
  const streams = randomStreams(seed, 0);
  const servers = sitePlans.flatMap(serversOf);
  const dags = dagsOf(servers);
  const databases = databasesOf(servers, dags, streams('database sizes'));
  const groups = groupsOf(databases, streams('managers'));
  const managementGroup = `management@${domain}`;
  const probes = servers
    .filter(({ hasDatabases }) => hasDatabases)
    .map(({ name }) => {
      const { name: database } = databases.find(({ server }) => server === name)!;
      return { server: name, database, mailbox: `probe-${name.toLowerCase()}@${domain}` };
    });
  const sections: readonly (readonly [string, readonly string[]])[] = [
    ['sites', sitePlans.map(({ name, hub }) => `name: ${name}${hub ? ', hub: true' : ''}`)],
    ['siteLinks', linksOf(streams('links'))],
    ['servers', [...servers.map(serverLine), ...edgesOf().map(({ name }) => `name: ${name}, roles: [edge]`)]],
    [
      'dags',
      dags.map(({ name, members, witnessSite }) => {
        const witness = witnessSite === null ? '' : `, witnessSite: ${witnessSite}`;
        return `name: ${name}, members: ${list(members)}${witness}`;
      }),
    ],
    ['databases', databases.map(({ name, copies }) => `name: ${name}, copies: ${list(copies)}`)],
    ['connectors', connectorsOf(servers)],
    ['edgeSubscriptions', edgesOf().map(({ name, site }) => `edgeServer: ${name}, site: ${site}`)],
    [
      'distributionGroups',
      [
        ...groups.map(({ address, members }) => `address: ${address}, members: ${list(members)}`),
        `address: ${managementGroup}, members: ${list(groups.map(({ address }) => address))}`,
      ],
    ],
    [
      'mailboxes',
      [
        ...databases.map(
          ({ name, mailboxes }) =>
            `address: "${addressIn(name, '{n}')}", count: ${mailboxes}, database: ${name}`,
        ),
        ...probes.map(({ mailbox, database }) => `address: ${mailbox}, database: ${database}`),
      ],
    ],
  ];
  const lists = sections.map(
    ([key, lines]) => `${key}:\n${lines.map((line) => `  - { ${line} }\n`).join('')}`,
  );
  return {
    text: `organization: ${domain}\nbehavior: "2013"\n${lists.join('')}`,
    siteGroups: groups.map(({ address, writer }) => ({ address, writer })),
    managementGroup,
    probes: probes.map(({ server, mailbox }) => ({ server, mailbox })),
  };
}

function serversOf(plan: SitePlan): readonly Server[] {
  const frontEnds = plan.tier === 'data-centre' ? frontEndsPerDataCentre : 0;
  return range(plan.servers).map((n) => ({
    name: `${plan.code}${twoDigits(n + 1)}`,
    plan,
    hasDatabases: n < plan.servers - frontEnds,
  }));
}

function serverLine({ name, plan, hasDatabases }: Server): string {
  const version = plan.version === undefined ? '' : `, version: "${plan.version}"`;
  const roles = hasDatabases ? '' : ', roles: [client-access]';
  return `name: ${name}, site: ${plan.name}${version}${roles}`;
}

/** Two in each site that takes mail from outside. */
function edgesOf(): readonly { readonly name: string; readonly site: string }[] {
  return edgeSites.flatMap((site) => {
    const { code } = sitePlans.find(({ name }) => name === site)!;
    return range(2).map((n) => ({ name: `${code}-EDGE${n + 1}`, site }));
  });
}

function dagsOf(servers: readonly Server[]): readonly Dag[] {
  const namesIn = (site: string) =>
    servers.filter(({ plan, hasDatabases }) => plan.name === site && hasDatabases).map(({ name }) => name);
  const stretched = dataCentrePairs.flatMap(({ sites: [here, there], witnessSite }) => {
    const both = [namesIn(here), namesIn(there)] as const;
    const half = both[0].length / 2;
    return range(2).map((n): Dag => {
      const [left, right] = both.map((names) => names.slice(n * half, (n + 1) * half)) as [
        string[],
        string[],
      ];
      const near = (own: readonly string[], i: number) => [own[i]!, own[(i + 1) % half]!];
      const copies = new Map([
        ...left.map((name, i) => [name, [...near(left, i), ...near(right, i)]] as const),
        ...right.map((name, i) => [name, [...near(right, i), ...near(left, i)]] as const),
      ]);
      return { name: `DAG-${here}-${n + 1}`, members: [...left, ...right], witnessSite, copies };
    });
  });
  const inOneSite = sitePlans.flatMap(({ name: site, tier, code, servers: size }): readonly Dag[] => {
    if (tier === 'data-centre' || size < 3) return [];
    const members = namesIn(site);
    const copyCount = tier === 'regional' ? 3 : 2;
    const copies = members.map((name, i) => {
      return [name, range(copyCount).map((n) => members[(i + n) % members.length]!)] as const;
    });
    return [{ name: `DAG-${code}`, members, witnessSite: null, copies: new Map(copies) }];
  });
  return [...stretched, ...inOneSite];
}

interface Database {
  readonly name: string;
  readonly site: string;
  /** The holder of the active copy. */
  readonly server: string;
  readonly copies: readonly string[];
  readonly mailboxes: number;
}

/** With one a server for its probe, as many mailboxes as there are to be; a database has its tier's mean within 40 %. */
function databasesOf(
  servers: readonly Server[],
  dags: readonly Dag[],
  draw: RandomStream,
): readonly Database[] {
  const bare = servers
    .filter(({ hasDatabases }) => hasDatabases)
    .flatMap(({ name: server, plan }) => {
      const copies = dags.find(({ members }) => members.includes(server))?.copies.get(server) ?? [server];
      const { databasesPerServer, meanMailboxes } = tiers[plan.tier];
      return range(databasesPerServer).map((n) => ({
        name: `${server}-DB${n + 1}`,
        site: plan.name,
        server,
        copies,
        weight: meanMailboxes * (0.6 + 0.8 * draw()),
      }));
    });
  const total = bare.reduce((sum, { weight }) => sum + weight, 0);
  const ofPeople = mailboxCount - servers.filter(({ hasDatabases }) => hasDatabases).length;
  // The difference of rounded running sums: whole numbers that add up.
  let running = 0;
  let given = 0;
  return bare.map(({ weight, ...database }) => {
    running += weight;
    const upTo = Math.round((ofPeople * running) / total);
    const mailboxes = upTo - given;
    given = upTo;
    return { ...database, mailboxes };
  });
}

/** A connection's cost is that of its smaller site; the longer way has the higher latency. */
function linksOf(draw: RandomStream): readonly string[] {
  return sitePlans.flatMap(({ name, code, tier, links }) =>
    links.map((other, nth) => {
      const { code: otherCode } = sitePlans.find((plan) => plan.name === other)!;
      const isOverseas = [name, other].some((site) => site === 'Singapore' || site === 'New York');
      const { cost, bandwidth } = tiers[tier];
      const latencyMs = 2 + Math.floor(10 * draw()) + (isOverseas && tier !== 'branch' ? 60 : 0);
      const second = nth === 0 ? 1 : 1.5;
      return `name: ${code}-${otherCode}, sites: [${name}, ${other}], cost: ${cost * second}, bandwidth: ${bandwidth}, latency: ${latencyMs} ms`;
    }),
  );
}

/**
 * Mail to everywhere by the Edges' own connectors, and overseas by the servers there; two partners by lines of their
 * own (`A-outside-domains` has the domains that people write to).
 */
function connectorsOf(servers: readonly Server[]): readonly string[] {
  const first = (site: string, count: number) =>
    servers
      .filter(({ plan }) => plan.name === site)
      .slice(0, count)
      .map(({ name }) => name);
  const send = (name: string, space: string, sources: readonly string[], more = '') =>
    `name: ${name}, kind: send, addressSpaces: ["${space}"], sourceServers: ${list(sources)}${more}`;
  return [
    send('Internet New York', 'SMTP:*;10', first('New York', 3), ', maxMessageSize: 25 MB'),
    send('Internet Singapore', 'SMTP:*;10', first('Singapore', 3), ', maxMessageSize: 25 MB'),
    send(
      'Partner Milan',
      'SMTP:outside1.example;1',
      first('Milan', 4),
      ', smartHosts: [gate.outside1.example]',
    ),
    send(
      'Partner Madrid',
      'SMTP:outside2.example;1',
      first('Madrid', 2),
      ', smartHosts: [gate.outside2.example]',
    ),
  ];
}

interface Group {
  readonly address: string;
  readonly writer: string;
  readonly members: readonly string[];
}

/** The managers of each site: two a database, and of the smallest sites eight. */
function groupsOf(databases: readonly Database[], draw: RandomStream): readonly Group[] {
  return sitePlans.map(({ name, code }) => {
    const ofSite = databases.filter(({ site }) => site === name);
    const perDatabase = ofSite.length < 4 ? 4 : 2;
    const members = ofSite.flatMap(({ name: database, mailboxes }) => {
      const part = Math.floor(mailboxes / perDatabase);
      return range(perDatabase).map((n) =>
        addressIn(database, String(1 + n * part + Math.floor(part * draw()))),
      );
    });
    return { address: `managers-${code.toLowerCase()}@${domain}`, writer: members[0]!, members };
  });
}

function addressIn(database: string, person: string): string {
  return `${database.toLowerCase()}.${person}@${domain}`;
}

function list(names: readonly string[]): string {
  return `[${names.join(', ')}]`;
}

function twoDigits(n: number): string {
  return String(n).padStart(2, '0');
}

function range(count: number): readonly number[] {
  return Array.from({ length: count }, (_, n) => n);
}

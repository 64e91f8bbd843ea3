/** Changes to a document by dotted path, applied in order; undefined takes a key away. */
export type Changes = Readonly<Record<string, unknown>>;

type Path = readonly (string | number)[];

/** A sound organization, in which nothing depends on the first element of any list but where a row says so. */
export const organization = {
  organization: 'contoso.com',
  acceptedDomains: [{ name: 'fabrikam.com' }],
  sites: [{ name: 'A' }, { name: 'B' }],
  siteLinks: [{ name: 'AB', sites: ['A', 'B'] }],
  servers: [
    { name: 'S1', site: 'A' },
    { name: 'S2', site: 'B' },
    { name: 'S3', site: 'B' },
  ],
  dags: [{ name: 'D', members: ['S2', 'S3'] }],
  databases: [
    { name: 'DB1', copies: ['S2'] },
    { name: 'DB2', copies: ['S2', 'S3'] },
  ],
  connectors: [{ name: 'C', kind: 'send', addressSpaces: ['*'], sourceServers: ['S2'] }],
  distributionGroups: [{ address: 'g@contoso.com', members: ['u2@contoso.com'] }],
  mailboxes: [
    { address: 'u1@contoso.com', database: 'DB2' },
    { address: 'u2@contoso.com', database: 'DB2' },
  ],
  contacts: [{ address: 'c@contoso.com', target: 'x@partner.example' }],
};

/** The least that each kind of workload and fault needs. */
const kinds: Readonly<Record<string, object>> = {
  'mailbox-users': { sentPerDay: 20 },
  'internet-inbound': { messagesPerSecond: 1 },
  arrivals: { messagesPerSecond: 1, from: 'u1@contoso.com', to: 'u2@contoso.com' },
  storm: { at: '+1 s', sender: 'u1@contoso.com', to: 'g@contoso.com' },
  'ndr-loop': { at: '+1 s', sender: 'u1@contoso.com', messages: 1, domain: 'partner.example' },
  pickup: { at: '+1 s', server: 'S1', messages: 1, from: 'u1@contoso.com', to: 'u2@contoso.com' },
  replay: { file: 'replay.csv' },
  'server-outage': { at: '+1 s', server: 'S1' },
  'service-outage': { at: '+1 s', server: 'S1', service: 'transport' },
  'server-slowdown': { at: '+1 s', server: 'S1', factor: 2 },
  'site-outage': { at: '+1 s', site: 'A' },
  'site-link-outage': { at: '+1 s', link: 'AB' },
  'site-link-slowdown': { at: '+1 s', link: 'AB', loss: 0.01 },
  'database-move': { at: '+1 s', database: 'DB2', to: 'S3' },
  'database-failover': { at: '+1 s', database: 'DB2', to: 'S3', lostWindow: '1 min' },
  'database-outage': { at: '+1 s', database: 'DB2' },
  'remote-domain-outage': { at: '+1 s', domain: 'partner.example' },
  'remote-domain-slowdown': { at: '+1 s', domain: 'partner.example', factor: 2 },
  'dns-outage': { at: '+1 s' },
  'disk-full': { at: '+1 s', server: 'S1', used: 0.99 },
  drain: { at: '+1 s', server: 'S1', to: ['S2'] },
  'queue-resubmission': { at: '+1 s', server: 'S2', database: 'DB2' },
  'routing-change': { at: '+1 s', set: { 'siteLinks.AB.cost': 11 } },
  'random-failures': {
    of: { kind: 'server-outage', server: 'S2' },
    meanTimeBetween: '10 min',
    meanTimeToRepair: '1 min',
  },
};

/** A sound scenario with one workload or fault of a kind. */
export function scenarioWith(kind: string | undefined, list: string): object {
  const thresholds = [{ metric: 'recipients.lost', equals: 0 }];
  const bare = { mailflow: 1, name: 'leaves', organization, duration: '1 h', thresholds };
  return kind === undefined ? bare : { ...bare, [list]: [{ kind, ...kinds[kind] }] };
}

export const replayTable =
  'time,from,to,size_bytes\n1000,a@b.example,u1@contoso.com,10\n2000,a@b.example,u1@contoso.com,20\n';

/** A copy of a document with some values changed. */
export function changed(document: unknown, changes: Changes): unknown {
  return Object.entries(changes).reduce(
    (result, [path, value]) => withValue(result, splitPath(path), value),
    document,
  );
}

/** A copy of a document with one value put in its place; lists and mappings on the way are made. */
export function withValue(document: unknown, [segment, ...rest]: Path, value: unknown): unknown {
  if (segment === undefined) return value;
  if (typeof segment === 'number') {
    const list = Array.isArray(document) ? [...document] : [];
    list[segment] = withValue(list[segment], rest, value);
    return list;
  }
  const mapping =
    typeof document === 'object' && document !== null && !Array.isArray(document) ? document : {};
  const { [segment]: before, ...others } = mapping as Record<string, unknown>;
  const after = withValue(before, rest, value);
  return after === undefined ? others : { ...others, [segment]: after };
}

function splitPath(path: string): Path {
  return path.split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}

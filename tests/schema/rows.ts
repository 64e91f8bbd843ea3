import type { Changes } from './documents.js';

/** What a leaf of the schema does, and the document that shows it. */
export interface Row {
  /**
   * `changes`: what is decoded differs. `refused`: not built yet, said by name. `default`: the same as leaving the
   * key out. `needed`: leaving it out is a problem. `nothing`: accepted and without effect, for the reason given.
   * `simulation-only`: an organization file may say it, and routes stay as they are; refused by name in a scenario.
   */
  readonly effect: 'changes' | 'refused' | 'default' | 'needed' | 'nothing' | 'simulation-only';
  /** The value to put there, where the schema leaves a choice. */
  readonly value?: unknown;
  /** Changes to the document before the leaf is put in, for the comparison too. */
  readonly from?: Changes;
  /** Changes that go with the leaf, so that the document stays sound. */
  readonly with?: Changes;
  /** Part of what is decoded: needed with `with`, which might be all that makes the difference. */
  readonly gives?: object;
  readonly reason?: string;
}

const changes = (value?: unknown, more: Partial<Row> = {}): Row => ({ effect: 'changes', value, ...more });
const needed: Row = { effect: 'needed' };
const byDefault: Row = { effect: 'default' };

/** Two Edges, the first of them subscribed. */
const edges: Changes = {
  'servers.3': { name: 'E1', roles: ['edge'] },
  'servers.4': { name: 'E2', roles: ['edge'] },
  'edgeSubscriptions.0': { edgeServer: 'E1', site: 'B' },
};

/** Every leaf of the organization's schema but its settings. */
export const organizationRows: Readonly<Record<string, Row>> = {
  organization: changes('fabrikam.example'),
  'behavior="2013"': byDefault,
  'behavior="2016"': changes(),
  'network="any-path"': byDefault,
  'network="least-cost-path"': changes(),
  'acceptedDomains[].name': changes('tailspin.example'),
  'acceptedDomains[].type="authoritative"': byDefault,
  'acceptedDomains[].type="internal-relay"': changes(),
  'acceptedDomains[].type="external-relay"': changes(),
  'sites[].name': changes('Z', {
    with: { 'siteLinks.0.sites': ['Z', 'B'], 'servers.0.site': 'Z' },
    gives: { sites: [{ name: 'Z' }, { name: 'B' }] },
  }),
  'sites[].hub=false': byDefault,
  'sites[].hub=true': changes(),
  'sites[].inboundMail=false': changes(),
  'sites[].inboundMail=true': byDefault,
  'siteLinks[].name': changes('L'),
  'siteLinks[].sites[]': changes('B', {
    from: { 'siteLinks.0.sites': ['A', 'B', 'A2'], 'sites.2': { name: 'A2' } },
    with: { 'siteLinks.0.sites.1': 'A' },
    gives: { siteLinks: [{ sites: ['B', 'A', 'A2'] }] },
  }),
  'siteLinks[].cost': changes(7),
  'siteLinks[].exchangeCost': changes(7),
  'siteLinks[].maxMessageSize': changes('5 MB'),
  'siteLinks[].bandwidth': changes('100 Mbit/s'),
  'siteLinks[].latency': changes('12 ms'),
  'servers[].name': changes('S9'),
  'servers[].site': changes('B'),
  'servers[].version="2007"': changes(),
  'servers[].version="2010"': changes(),
  'servers[].version="2013"': byDefault,
  'servers[].roles[]="mailbox"': changes(),
  'servers[].roles[]="client-access"': changes(),
  'servers[].roles[]="hub-transport"': changes(undefined, { from: { 'servers.0.version': '2010' } }),
  'servers[].roles[]="edge"': changes(undefined, {
    with: { 'servers.0.site': undefined },
    gives: { servers: [{ roles: ['edge'] }, {}, {}] },
  }),
  'servers[].cores': changes(4),
  'servers[].memory': changes('32 GB'),
  'servers[].queueDisk': changes('100 GB'),
  'servers[].queueDiskUsed': changes(0.1),
  'dags[].name': changes('DAG9'),
  'dags[].members[]': changes('S3', {
    with: { 'dags.0.members.1': 'S2' },
    gives: { dags: [{ members: ['S3', 'S2'] }] },
  }),
  'dags[].witnessSite': changes('A'),
  'dags[].automaticFailover=false': changes(),
  'dags[].automaticFailover=true': byDefault,
  'databases[].name': changes('DB9'),
  'databases[].copies[]': changes('S3'),
  'connectors[].name': changes('K'),
  'connectors[].kind="send"': changes(undefined, { from: { 'connectors.0.kind': 'foreign' } }),
  'connectors[].kind="delivery-agent"': changes(),
  'connectors[].kind="foreign"': changes(),
  'connectors[].addressSpaces[]': changes('FAX:*;5'),
  'connectors[].sourceServers[]': changes('S1'),
  'connectors[].scoped=false': byDefault,
  'connectors[].scoped=true': changes(),
  'connectors[].enabled=false': changes(),
  'connectors[].enabled=true': byDefault,
  'connectors[].maxMessageSize': changes('5 MB'),
  'connectors[].smartHosts[]': changes('relay.contoso.com'),
  'connectors[].frontEndProxy=false': byDefault,
  'connectors[].frontEndProxy=true': changes(),
  'edgeSubscriptions[].edgeServer': changes('E2', { from: edges }),
  'edgeSubscriptions[].site': changes('A', { from: edges }),
  'distributionGroups[].address': changes('all@contoso.com'),
  'distributionGroups[].members[]': changes('u1@contoso.com'),
  'distributionGroups[].expansionServer': changes('S2'),
  'mailboxes[].address': changes('u3@contoso.com'),
  'mailboxes[].count': changes(2, {
    from: { 'mailboxes.0.address': 'p{n}@contoso.com', 'mailboxes.0.count': 3 },
  }),
  'mailboxes[].database': changes('DB1'),
  'mailboxes[].publicFolder=false': byDefault,
  'mailboxes[].publicFolder=true': { effect: 'nothing', reason: 'RT-11: public folders are mailboxes' },
  'mailboxes[].quotaExceeded=false': byDefault,
  'mailboxes[].quotaExceeded=true': changes(),
  'mailboxes[].maxReceiveSize': changes('5 MB'),
  'mailboxes[].forwardTo': changes('u2@contoso.com'),
  'mailboxes[].deliverAndForward=false': byDefault,
  'mailboxes[].deliverAndForward=true': changes(undefined, {
    from: { 'mailboxes.0.forwardTo': 'u2@contoso.com' },
  }),
  'mailboxes[].acceptOnlyFrom[]': changes('u2@contoso.com'),
  'contacts[].address': changes('d@contoso.com'),
  'contacts[].target': changes('y@partner.example'),
};

/** Settings that are no plain number, flag or choice. */
export const distributionRows: Readonly<Record<string, Row>> = {
  'hardware.distribution<0>="exponential"': byDefault,
  'hardware.distribution<0>="deterministic"': changes(),
  'hardware.distribution<1>.lognormal.cv': changes(2),
};

const commonWorkloadRows: Readonly<Record<string, Row>> = {
  name: changes('mine'),
  start: changes('+1 min'),
  end: changes('+1 min'),
};
const sizeRows: Readonly<Record<string, Row>> = {
  'size<0>="typical"': byDefault,
  'size<1>.fixed': changes('50 KB'),
  'size<2>.lognormal.median': changes('4 KB', {
    from: { 'workloads.0.size': { lognormal: { median: '5 KB', p95: '9 KB' } } },
  }),
  'size<2>.lognormal.p95': changes('8 KB', {
    from: { 'workloads.0.size': { lognormal: { median: '5 KB', p95: '9 KB' } } },
  }),
};
const peopleRows: Readonly<Record<string, Row>> = {
  ...commonWorkloadRows,
  ...sizeRows,
  'shape="flat"': byDefault,
  'shape="office-day"': changes(),
  'shape="two-humps"': changes(),
  'recipients<0>="typical"': byDefault,
  'recipients<1>.fixed': changes(3),
  unknownShare: changes(0.5),
};
const instead = (key: string): Partial<Row> => ({ with: { [`workloads.0.${key}`]: undefined } });
const spanRows: Readonly<Record<string, Row>> = { at: changes('+2 s'), for: changes('1 min') };

/** The leaves of the kinds that are built; those of the others are all refused by their kind. */
export const kindRows: Readonly<Record<string, Readonly<Record<string, Row>>>> = {
  'mailbox-users': {
    ...peopleRows,
    'mailboxes<0>="all"': byDefault,
    'mailboxes<1>[]': changes('DB2'),
    profile: changes(100, {
      ...instead('sentPerDay'),
      gives: { workloads: [{ sentPerDay: 20, receivedPerDay: 80 }] },
    }),
    sentPerDay: changes(30),
    externalShare: changes(0.5),
  },
  'internet-inbound': {
    ...peopleRows,
    messagesPerSecond: changes(2),
    perMailboxPerDay: changes(60, {
      ...instead('messagesPerSecond'),
      gives: { workloads: [{ rate: { kind: 'per-mailbox', deliveriesPerMailboxPerDay: 60 } }] },
    }),
  },
  arrivals: {
    ...commonWorkloadRows,
    ...sizeRows,
    'arrival="poisson"': byDefault,
    'arrival="deterministic"': changes(),
    messagesPerSecond: changes(2),
    'at[]': changes('+3 s', {
      ...instead('messagesPerSecond'),
      gives: { workloads: [{ arrival: { kind: 'at', timesMs: [3_000] } }] },
    }),
    from: changes('u2@contoso.com'),
    'to<0>': changes('u1@contoso.com'),
    'to<1>[]': changes('u1@contoso.com', { from: { 'workloads.0.to': ['u2@contoso.com'] } }),
    'priority="low"': changes(),
    'priority="normal"': byDefault,
    'priority="high"': changes(),
  },
  storm: {
    ...commonWorkloadRows,
    ...sizeRows,
    at: changes('+5 s'),
    sender: changes('u2@contoso.com'),
    to: changes('u2@contoso.com'),
    'replyAll.share': changes(0, { from: { 'workloads.0.replyAll': { share: 1, within: '10 s' } } }),
    'replyAll.within': changes('20 s', { from: { 'workloads.0.replyAll': { share: 1, within: '10 s' } } }),
  },
  'ndr-loop': {
    ...commonWorkloadRows,
    at: changes('+5 s'),
    sender: changes('gone@contoso.com'),
    messages: changes(2),
    domain: changes('tailspin.example'),
  },
  pickup: {
    ...commonWorkloadRows,
    ...sizeRows,
    at: changes('+5 s'),
    server: changes('S2'),
    messages: changes(2),
    perMinute: changes(50),
    'exported=false': byDefault,
    'exported=true': changes(),
    from: changes('u2@contoso.com'),
    'to<0>': changes('u1@contoso.com'),
    'to<1>[]': changes('u1@contoso.com', { from: { 'workloads.0.to': ['u2@contoso.com'] } }),
  },
  replay: {
    ...commonWorkloadRows,
    start: changes('+2 s'),
    file: changes('other.csv'),
  },
  'server-outage': {
    ...spanRows,
    server: changes('S2'),
    'queueDatabase="kept"': byDefault,
    'queueDatabase="lost"': changes(),
  },
  'service-outage': {
    ...spanRows,
    server: changes('S2'),
    'service="front-end"': changes(),
    'service="transport"': changes(undefined, { from: { 'faults.0.service': 'front-end' } }),
    'service="mailbox-delivery"': changes(),
    'service="mailbox-submission"': changes(),
  },
  'server-slowdown': { ...spanRows, server: changes('S2'), factor: changes(30) },
  'disk-full': { ...spanRows, server: changes('S2'), used: changes(0.5) },
  drain: { ...spanRows, server: changes('S3'), 'to[]': changes('S3') },
  'routing-change': { ...spanRows, set: changes({ 'siteLinks.AB.cost': 12 }) },
  'random-failures': {
    at: changes('+10 min'),
    for: changes('5 min'),
    'of.kind': changes('server-slowdown', { with: { 'faults.0.of.factor': 20 } }),
    meanTimeBetween: changes('5 min'),
    meanTimeToRepair: changes('5 min'),
  },
  'site-link-outage': {
    ...spanRows,
    link: changes('L2', { from: { 'organization.siteLinks.1': { name: 'L2', sites: ['A', 'B'] } } }),
  },
  'site-outage': { ...spanRows, site: changes('B') },
  'site-link-slowdown': {
    ...spanRows,
    link: changes('L2', { from: { 'organization.siteLinks.1': { name: 'L2', sites: ['A', 'B'] } } }),
    bandwidth: changes('1 Mbit/s'),
    latency: changes('5 ms'),
    loss: changes(0.2),
  },
  'database-move': {
    at: changes('+2 s'),
    database: changes('DB3', { from: { 'organization.databases.2': { name: 'DB3', copies: ['S2', 'S3'] } } }),
    to: changes('S2'),
    outage: changes('5 s'),
  },
  'database-failover': {
    at: changes('+2 s'),
    database: changes('DB3', { from: { 'organization.databases.2': { name: 'DB3', copies: ['S2', 'S3'] } } }),
    to: changes('S2'),
    outage: changes('5 s'),
    lostWindow: changes('5 min'),
  },
  'database-outage': { ...spanRows, database: changes('DB1') },
  'remote-domain-outage': {
    ...spanRows,
    domain: changes('tailspin.example'),
    'answer="silent"': byDefault,
    'answer="4xx"': changes(),
    'answer="5xx"': changes(),
  },
  'remote-domain-slowdown': { ...spanRows, domain: changes('tailspin.example'), factor: changes(30) },
  'dns-outage': { ...spanRows, 'servers<0>="all"': byDefault, 'servers<1>[]': changes('S2') },
  'queue-resubmission': {
    at: changes('+2 s'),
    server: changes('S3'),
    database: changes('DB1'),
    nextHopDomain: changes('D', {
      with: { 'faults.0.database': undefined },
      gives: { faults: [{ queue: { kind: 'next-hop-domain', name: 'D' } }] },
    }),
  },
};

const limit = (value: unknown, key: string, more: Partial<Row> = {}): Row =>
  changes(value, {
    with: {
      'thresholds.0.equals': undefined,
      ...(typeof value === 'string' ? { 'thresholds.0.metric': 'deliveryLatency.p95Ms' } : {}),
    },
    gives: { thresholds: [{ limit: key, value: value === '90 s' ? 90_000 : value }] },
    ...more,
  });

/** Every leaf of the scenario's schema but its settings, organization, workloads and faults. */
export const scenarioRows: Readonly<Record<string, Row>> = {
  'mailflow=1': needed,
  name: changes('other'),
  description: changes('why'),
  'seed<0>': changes('abc'),
  'seed<1>': changes(7),
  start: changes('08:00'),
  duration: changes('2 h'),
  'drain<0>="until-empty"': changes(),
  'drain<1>': changes('1 min'),
  'warmUp<0>="auto"': changes(),
  'warmUp<1>': changes('1 min'),
  replications: changes(3),
  sampleEvery: changes('10 s'),
  'organization<0>': changes('other.yaml', { gives: { organization: { name: 'other.example' } } }),
  'thresholds[].metric': changes('recipients.returned'),
  'thresholds[].below<number>': limit(3, 'below'),
  'thresholds[].below<string>': limit('90 s', 'below'),
  'thresholds[].at-most<number>': limit(3, 'at-most'),
  'thresholds[].at-most<string>': limit('90 s', 'at-most'),
  'thresholds[].above<number>': limit(3, 'above'),
  'thresholds[].above<string>': limit('90 s', 'above'),
  'thresholds[].at-least<number>': limit(3, 'at-least'),
  'thresholds[].at-least<string>': limit('90 s', 'at-least'),
  'thresholds[].equals<number>': limit(3, 'equals', { with: {} }),
  'thresholds[].equals<string>': limit('90 s', 'equals', {
    with: { 'thresholds.0.metric': 'deliveryLatency.p95Ms' },
  }),
};

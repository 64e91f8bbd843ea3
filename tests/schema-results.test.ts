import { describe, expect, test } from 'vitest';
import { organizationJsonSchema, scenarioJsonSchema } from '../src/scenario/index.js';
import { type SettingDefinition, settingDefinitions } from '../src/sim/model/index.js';
import { thresholdOf } from './pressure-threshold-order.js';
import { type Changes, changed, scenarioWith, withValue } from './schema/documents.js';
import { busy, type Findings, findings, idle } from './schema/findings.js';
import { type Leaf, leavesOf } from './schema/leaves.js';
import { kindRows, organizationRows, type Row, scenarioRows } from './schema/rows.js';

/*
 * What schema-leaves.test.ts finds to change what is decoded must change what comes out, too: a run of a busy hour, or
 * an answer to a routing question. A key that is decoded and then forgotten fails here; so does one that is said to
 * make no difference to routes, and makes one.
 */

/** A fault that hardly matters, in the place of one that names what the leaf changes. */
const still = {
  kind: 'service-outage',
  server: 'S2',
  service: 'mailbox-submission',
  at: '+50 min',
  for: '1 min',
};
/** S1 is about to lose its name or a role: nobody else speaks of it. */
const withoutS1: Changes = {
  'organization.databases.2': { name: 'DB0', copies: ['S2'] },
  'faults.4': still,
  'faults.5': still,
};
/** S3 is down for a while, and with it the active copy of DB2. */
const lostS3: Changes = {
  'faults.8': { kind: 'server-outage', server: 'S3', at: '+25 min', for: '4 min' },
};
/** S1 sends to the DAG while a member is down. */
const lostS2: Changes = {
  'faults.8': { kind: 'server-outage', server: 'S2', at: '+15 min', for: '4 min' },
};
/** The same while nobody in A can be asked. */
const lostS2Apart: Changes = {
  'faults.8': { kind: 'server-outage', server: 'S2', at: '+25 min', for: '4 min' },
};
/** From five minutes on nobody goes outside by C any more. */
const withoutC: Changes = {
  'faults.8': { kind: 'routing-change', at: '+5 min', set: { 'connectors.C.enabled': false } },
};
/** Priorities count, and mail of high priority waits for DB2 with the rest. */
const priorities: Changes = {
  'settings.transport.priorityQueuingEnabled': true,
  'workloads.6': {
    ...{
      kind: 'arrivals',
      name: 'high',
      messagesPerSecond: 0.2,
      priority: 'high',
      size: { fixed: '500 KB' },
    },
    ...{ from: 's@contoso.com', to: ['u1@contoso.com'] },
  },
};
/** A server that has several connections to its front end open at a time. */
const oneSource: Changes = {
  'organization.connectors.0.frontEndProxy': true,
  'settings.transport.smtpConnectorQueueMessageCountThresholdForConcurrentConnections': 1,
};
/** Mail of a priority to the other site, while the link is cut and before. */
const prioritizedBurst = (priority: string, more: Changes = {}): Changes => ({
  'settings.transport.priorityQueuingEnabled': true,
  'workloads.6': {
    ...{ kind: 'arrivals', name: priority, messagesPerSecond: 2, start: '+15 min', end: '+30 min' },
    ...{ from: 's@contoso.com', to: ['one@contoso.com'], priority },
  },
  ...more,
});
/** Time enough for connections to be what holds it up. */
const slowRelays: Changes = {
  'settings.transport.smtpConnectorQueueMessageCountThresholdForConcurrentConnections': 1,
  'settings.hardware.relayTime': '5 s',
  'settings.mailboxTransport.submissionReach': 'own-site',
};
/** From S1 the ways to two sites part at M, which has a server; both are hubs. */
const fork: Changes = {
  'organization.sites.2': { name: 'M' },
  'organization.sites.3': { name: 'X', hub: true },
  'organization.sites.4': { name: 'Y', hub: true },
  'organization.siteLinks.1': { name: 'AM', sites: ['A', 'M'] },
  'organization.siteLinks.2': { name: 'MX', sites: ['M', 'X', 'Y'] },
  'organization.servers.3': { name: 'S4', site: 'M' },
  'organization.servers.4': { name: 'S5', site: 'X' },
  'organization.servers.5': { name: 'S6', site: 'Y' },
  'organization.databases.3': { name: 'DB5', copies: ['S5'] },
  'organization.databases.4': { name: 'DB6', copies: ['S6'] },
  'organization.mailboxes.4': { address: 'x@contoso.com', database: 'DB5' },
  'organization.mailboxes.5': { address: 'y@contoso.com', database: 'DB6' },
  // Else they would go straight to X.
  'settings.mailboxTransport.submissionReach': 'own-site',
  'workloads.6': {
    ...{ kind: 'arrivals', name: 'forked', messagesPerSecond: 0.2, from: 's@contoso.com' },
    to: ['x@contoso.com', 'y@contoso.com'],
  },
};
/** Settings of the Transport service, as a file's changes. */
const ofTransport = (values: Readonly<Record<string, unknown>>): Changes =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`settings.transport.${name}`, value]));
/** The burst fills the Submission queue, which one slot empties: High, then Medium, then Normal. */
const fullSubmissionQueue: Changes = ofTransport({
  categorizerSlots: 1,
  ...{ submissionQueueNormal: 5, submissionQueueMedium: 20, submissionQueueHigh: 60 },
  ...{ submissionQueueHighToMedium: 40, submissionQueueHistoryDepth: 10 },
});
/** Hundreds are being received at a time, of 1 KB each, and then fewer and fewer. */
const slowCommit = (thresholds: Readonly<Record<string, unknown>>): Changes => ({
  ...ofTransport({ resourceMonitoringInterval: '100 ms', ...thresholds }),
  'settings.mailboxTransport.maxConcurrentMailboxSubmissions': 256,
  'settings.hardware.commitTime': '3 s',
  'settings.hardware.versionBucketSize': '1 KB',
});
const manyBuckets = slowCommit({
  ...{
    versionBucketsNormalThreshold: 10,
    versionBucketsMediumThreshold: 20,
    versionBucketsHighThreshold: 60,
  },
  ...{ versionBucketsHighToMediumThreshold: 40, versionBucketsHistoryDepth: 3 },
});
const manyBatchPoints = slowCommit({
  ...{ batchPointNormalThreshold: 10, batchPointMediumThreshold: 20, batchPointHighThreshold: 60 },
  ...{ batchPointHighToMediumThreshold: 40, batchPointHistoryDepth: 3 },
});
const manyJetSessions = slowCommit({
  ...{ jetSessionsNormal: 10, jetSessionsMedium: 20, jetSessionsHigh: 60, jetSessionsHighToMedium: 40 },
});
/** The large message stays in the log for a minute. */
const slowCheckpoint: Changes = {
  'settings.hardware.checkpointSpeed': '100 KB',
  ...ofTransport({ checkpointDepthNormal: 2, checkpointDepthMedium: 3 }),
  ...ofTransport({ checkpointDepthHigh: 5, checkpointDepthHighToMedium: 4 }),
};
/** The disk of S1 is emptied in steps. */
const emptiedDisk = (which: string): Changes => ({
  ...Object.fromEntries(
    [0.85, 0.55, 0.3, 0.1].map((used, index) => [
      `faults.${8 + index}`,
      { kind: 'disk-full', server: 'S1', used, at: '+5 min', for: `${2 + 2 * index} min` },
    ]),
  ),
  ...ofTransport({
    [`percentage${which}UsedHighThreshold`]: 80,
    [`percentage${which}UsedMediumThreshold`]: 50,
    [`percentage${which}UsedNormalThreshold`]: 20,
    [`percentage${which}UsedHighToMediumThreshold`]: 60,
  }),
});
/** So little memory that the large message fills it. */
const littleMemory = (thresholds: Readonly<Record<string, unknown>>): Changes => ({
  'organization.servers.0.memory': '40 MB',
  'settings.hardware.transportMemory': '5 MB',
  'settings.hardware.cachedContent': 1,
  ...ofTransport({ resourceMonitoringInterval: '100 ms', ...thresholds }),
});
const memoryOfTransport = littleMemory({
  ...{ percentagePrivateBytesUsedNormalThreshold: 15, percentagePrivateBytesUsedMediumThreshold: 20 },
  ...{ percentagePrivateBytesUsedHighThreshold: 45, percentagePrivateBytesUsedHighToMediumThreshold: 25 },
});
const allMemory = littleMemory({
  ...{ percentagePhysicalMemoryUsedNormalThreshold: 40, percentagePhysicalMemoryUsedMediumThreshold: 45 },
  ...{ percentagePhysicalMemoryUsedLimit: 60, percentagePhysicalMemoryUsedHighToMediumThreshold: 50 },
});
/** The DAG has members in both sites, which are parted for a while. */
const wideDag: Changes = {
  'organization.servers.3': { name: 'S4', site: 'A' },
  'organization.servers.4': { name: 'S5', site: 'A' },
  'organization.dags.0.members': ['S2', 'S3', 'S4', 'S5'],
};
const usersOfOffice = { kind: 'mailbox-users', sentPerDay: 200, shape: 'office-day' };

/** What a leaf or a setting needs besides a busy hour to show. */
const contexts: Readonly<Record<string, Changes>> = {
  'network="least-cost-path"': { 'organization.siteLinks.1': { name: 'AB2', sites: ['A', 'B'], cost: 200 } },
  'siteLinks[].name': { 'faults.1': still },
  'servers[].name': withoutS1,
  'servers[].version="2007"': withoutS1,
  'servers[].version="2010"': withoutS1,
  'servers[].roles[]="edge"': withoutS1,
  'servers[].roles[]="mailbox"': withoutS1,
  'servers[].roles[]="client-access"': withoutS1,
  'servers[].roles[]="hub-transport"': withoutS1,
  'dags[].members[]': { 'organization.databases.1.copies': ['S2'], 'faults.2': still },
  'dags[].automaticFailover=false': lostS3,
  'dags[].witnessSite': lostS2Apart,
  // Mail to the group alone: who is addressed beside it gets it anyway.
  'distributionGroups[].members[]': {
    'workloads.6': {
      ...{ kind: 'arrivals', name: 'group', messagesPerSecond: 0.2 },
      ...{ from: 's@contoso.com', to: ['g@contoso.com'] },
    },
  },
  'activeManager.failoverDelay': lostS3,
  'transport.livenessProbeInterval': lostS2,
  'transport.shadowMessagePreferenceSetting="LocalOnly"': wideDag,
  'transport.shadowMessagePreferenceSetting="RemoteOnly"': wideDag,
  'transport.maxRetriesForRemoteSiteShadow': wideDag,
  'transport.maxRetriesForLocalSiteShadow': {
    'organization.servers.3': { name: 'S4', site: 'B' },
    'organization.dags.0.members': ['S2', 'S3', 'S4'],
    'faults.8': { kind: 'service-outage', server: 'S3', service: 'transport', at: '+6 min', for: '5 min' },
  },
  // It has mail for DB2, and comes back when three quarters of an hour are over.
  'transport.shadowResubmitTimeSpan': {
    'faults.8': { kind: 'server-outage', server: 'S3', at: '+13 min', for: '46 min' },
  },
  'transport.shadowMessageAutoDiscardInterval': {
    'settings.transport.shadowMessageAutoDiscardInterval': '5 s',
  },
  'transport.safetyNetHoldTime': {
    'settings.transport.safetyNetHoldTime': '1 min',
    'faults.8': { kind: 'database-failover', database: 'DB2', to: 'S3', at: '+40 min', lostWindow: '20 min' },
  },
  ...Object.fromEntries(
    [
      ...['enableResourceMonitoring', 'resourceMonitoringInterval', 'smtpBaseThrottlingDelayInterval'],
      ...['smtpStartThrottlingDelayInterval', 'smtpStepThrottlingDelayInterval'],
      ...['smtpMaxThrottlingDelayInterval', 'submissionQueueNormal', 'submissionQueueHighToMedium'],
      'submissionQueueHistoryDepth',
    ].map((name) => [`transport.${name}`, fullSubmissionQueue]),
  ),
  'hardware.dehydratedReadTime': fullSubmissionQueue,
  'transport.dehydrateMessagesUnderMemoryPressure': fullSubmissionQueue,
  'transport.versionBucketsNormalThreshold': manyBuckets,
  'transport.versionBucketsHighToMediumThreshold': manyBuckets,
  'transport.versionBucketsHistoryDepth': manyBuckets,
  'hardware.versionBucketSize': manyBuckets,
  'transport.batchPointNormalThreshold': manyBatchPoints,
  'transport.batchPointHighToMediumThreshold': manyBatchPoints,
  'transport.batchPointHistoryDepth': manyBatchPoints,
  'transport.jetSessionsNormal': manyJetSessions,
  'transport.jetSessionsHighToMedium': manyJetSessions,
  'transport.checkpointDepthNormal': slowCheckpoint,
  'transport.checkpointDepthHighToMedium': slowCheckpoint,
  'hardware.checkpointSpeed': slowCheckpoint,
  ...Object.fromEntries(
    ['DatabaseDiskSpace', 'DatabaseLoggingDiskSpace'].flatMap((which) =>
      ['High', 'Medium', 'Normal', 'HighToMedium'].map((level) => [
        `transport.percentage${which}Used${level}Threshold`,
        { ...emptiedDisk(which), 'organization.servers.0.queueDiskUsed': 0.1 },
      ]),
    ),
  ),
  'transport.databaseCheckPointDepthMax': {
    'organization.servers.0.queueDisk': '10 GB',
    'faults.8': { kind: 'disk-full', server: 'S1', used: 0.89, at: '+5 min', for: '2 min' },
  },
  'transport.percentagePrivateBytesUsedNormalThreshold': memoryOfTransport,
  'transport.percentagePrivateBytesUsedHighToMediumThreshold': memoryOfTransport,
  'hardware.cachedContent': memoryOfTransport,
  // Medium from the start.
  'transport.privateBytesHistoryDepth': littleMemory({ percentagePrivateBytesUsedMediumThreshold: 12 }),
  'hardware.transportMemory': littleMemory({ percentagePrivateBytesUsedMediumThreshold: 12 }),
  'transport.percentagePhysicalMemoryUsedNormalThreshold': allMemory,
  'transport.percentagePhysicalMemoryUsedHighToMediumThreshold': allMemory,
  'hardware.otherMemory': ofTransport({ percentagePhysicalMemoryUsedLimit: 40 }),
  'transport.replicationDelay': withoutC,
  'transport.routingReloadDelay': withoutC,
  'transport.maxHighPriorityMessageSize': priorities,
  'transport.lowPriorityDelayNotificationTimeout': prioritizedBurst('low', {
    'settings.transport.lowPriorityDelayNotificationTimeout': '10 min',
  }),
  'transport.lowPriorityMessageExpirationTimeout': prioritizedBurst('low', {
    'settings.transport.lowPriorityMessageExpirationTimeout': '15 min',
  }),
  'transport.maxPerDomainLowPriorityConnections': prioritizedBurst('low', slowRelays),
  'transport.normalPriorityDelayNotificationTimeout': prioritizedBurst('normal', {
    'settings.transport.normalPriorityDelayNotificationTimeout': '10 min',
  }),
  'transport.normalPriorityMessageExpirationTimeout': prioritizedBurst('normal', {
    'settings.transport.normalPriorityMessageExpirationTimeout': '15 min',
  }),
  'transport.maxPerDomainNormalPriorityConnections': prioritizedBurst('normal', slowRelays),
  'transport.highPriorityDelayNotificationTimeout': prioritizedBurst('high', {
    'settings.transport.highPriorityDelayNotificationTimeout': '10 min',
  }),
  'transport.highPriorityMessageExpirationTimeout': prioritizedBurst('high', {
    'settings.transport.highPriorityMessageExpirationTimeout': '15 min',
  }),
  'transport.maxPerDomainHighPriorityConnections': prioritizedBurst('high', slowRelays),
  'transport.maxInboundConnectionPerSource': oneSource,
  // What crosses the link between the sites takes three minutes.
  'transport.connectionTimeout': {
    'organization.siteLinks.0.bandwidth': '300 kbit/s',
    'settings.mailboxTransport.submissionReach': 'own-site',
  },
  'transport.maxInboundConnectionPercentagePerSource': {
    ...oneSource,
    'settings.transport.maxInboundConnection': 200,
  },
  // In the middle of the burst.
  'transport.poisonThreshold': {
    'faults.8': { kind: 'service-outage', server: 'S1', service: 'transport', at: '+721 s', for: '5 s' },
  },
  // A queue that nobody needs for two minutes, and then an administrator asks for.
  'transport.queueMaxIdleTime': {
    'workloads.6': {
      ...{ kind: 'arrivals', name: 'once', at: ['+2 min'], from: 's@contoso.com' },
      to: ['z@idle.example'],
    },
    'faults.8': {
      ...{ kind: 'queue-resubmission', server: 'S2', nextHopDomain: 'idle.example' },
      at: '+4 min',
    },
  },
  start: { 'workloads.0': usersOfOffice },
  'drain<0>="until-empty"': { 'faults.1.for': '50 min' },
  'transport.delayedFanOut="fork-site"': fork,
  'transport.delayedFanOut="fork-site-without-dags"': {
    ...fork,
    'organization.sites.3.hub': false,
    'organization.sites.4.hub': false,
    'organization.dags': undefined,
    'organization.databases.1.copies': ['S2'],
    'faults.2': still,
  },
  'mailboxTransport.submissionReach="own-site"': {
    'workloads.6': {
      ...{ kind: 'arrivals', name: 'away', messagesPerSecond: 0.2 },
      ...{ from: 's@contoso.com', to: ['u1@contoso.com'] },
    },
  },
  // More than a minute takes.
  'transport.pickupDirectoryMaxMessagesPerMinute': {
    'workloads.6': {
      ...{ kind: 'pickup', at: '+5 s', server: 'S1', messages: 200 },
      ...{ from: 's@contoso.com', to: 'u1@contoso.com' },
    },
  },
  // Whoever finds a mailbox taken is refused by itself.
  'transport.messageRetryInterval': { 'settings.mailboxTransport.recipientThreadWait': '0 s' },
  'transport.outboundConnectionFailureRetryInterval': { 'faults.1.at': '+5 min', 'faults.1.for': '50 min' },
  'transport.maxIdleTimeBeforeResubmit': { 'settings.transport.maxIdleTimeBeforeResubmit': '20 min' },
  'transport.delayNotificationTimeout': { 'settings.transport.delayNotificationTimeout': '10 min' },
  'transport.internalDelayDsnEnabled': { 'settings.transport.delayNotificationTimeout': '10 min' },
  'transport.externalDelayDsnEnabled': { 'settings.transport.delayNotificationTimeout': '3 min' },
  'transport.messageExpirationTimeout': { 'settings.transport.messageExpirationTimeout': '15 min' },
  'outside.giveUpAfter': { 'settings.outside.giveUpAfter': '1 min' },
  'hardware.shadowCopyTimeRemote': { 'organization.servers.2.site': 'A' },
};

/** A message that waits for DB2 among others, where priorities count. */
const prioritized: Partial<Row> = {
  from: { 'settings.transport.priorityQueuingEnabled': true },
};

/** A storm that crosses the link between the sites, where its size shows. */
const fromA: Partial<Row> = { from: { 'workloads.0.sender': 's@contoso.com' } };
const fromAWithSizes: Partial<Row> = {
  from: { ...fromA.from, 'workloads.0.size': { lognormal: { median: '5 KB', p95: '9 KB' } } },
};

/** Where the value that a row decodes makes no difference to mail, one that does. */
const values: Readonly<Record<string, Partial<Row>>> = {
  'siteLinks[].sites[]': {
    value: 'C',
    from: { 'sites.2': { name: 'C' }, 'siteLinks.1': { name: 'L2', sites: ['A', 'B', 'C'], cost: 500 } },
    with: {},
  },
  'dags[].members[]': { value: 'S1', with: {} },
  // S1 lies between B and C: mail from B to C backs off to it, if it takes mail at all.
  'servers[].roles[]="hub-transport"': {
    from: {
      'servers.0.version': '2010',
      'servers.0.roles': ['mailbox'],
      'sites.2': { name: 'C' },
      'siteLinks.1': { name: 'AC', sites: ['A', 'C'] },
      'servers.3': { name: 'S4', site: 'C' },
      'databases.3': { name: 'DB4', copies: ['S4'] },
      'mailboxes.4': { address: 'four@contoso.com', database: 'DB4' },
    },
  },
  'servers[].memory': { value: '1 GB' },
  'servers[].queueDisk': { value: '400 MB' },
  'servers[].queueDiskUsed': { value: 0.99 },
  'databases[].name': { with: { 'mailboxes.3.database': 'DB9' } },
  'contacts[].target': { value: 'y@other.example' },
  'workloads[arrivals].from': { value: 's@contoso.com' },
  'workloads[arrivals].size<1>.fixed': { from: { 'workloads.0.to': 's@contoso.com' } },
  'workloads[arrivals].size<2>.lognormal.median': {
    from: {
      'workloads.0.to': 's@contoso.com',
      'workloads.0.size': { lognormal: { median: '5 KB', p95: '9 KB' } },
    },
  },
  'workloads[arrivals].size<2>.lognormal.p95': {
    from: {
      'workloads.0.to': 's@contoso.com',
      'workloads.0.size': { lognormal: { median: '5 KB', p95: '9 KB' } },
    },
  },
  'workloads[storm].end': { value: '+500 ms' },
  'workloads[storm].name': fromA,
  'workloads[storm].sender': { value: 's@contoso.com' },
  'workloads[storm].to': { value: 's@contoso.com' },
  'workloads[storm].size<1>.fixed': fromA,
  'workloads[storm].size<2>.lognormal.median': fromAWithSizes,
  'workloads[storm].size<2>.lognormal.p95': fromAWithSizes,
  'workloads[replay].end': { value: '+1500 ms' },
  'workloads[ndr-loop].end': { value: '+500 ms' },
  'workloads[pickup].end': { value: '+500 ms' },
  'workloads[pickup].perMinute': { from: { 'workloads.0.messages': 200 } },
  // Who sent it matters to the report that comes back.
  'workloads[pickup].from': { value: 's@contoso.com', from: { 'workloads.0.to': 'nobody@contoso.com' } },
  'workloads[arrivals].priority="low"': prioritized,
  'workloads[arrivals].priority="high"': prioritized,
  'faults[server-outage].queueDatabase="lost"': {
    from: { 'faults.0.at': '+722 s', 'faults.0.for': '1 min' },
  },
  'faults[drain].to[]': { from: { 'faults.0.at': '+722 s', 'faults.0.for': '1 min' } },
  'faults[routing-change].set': { value: { 'connectors.C.enabled': false } },
  'faults[database-move].database': {
    from: { 'organization.databases.3': { name: 'DB3', copies: ['S2', 'S3'] } },
  },
  'faults[database-failover].database': {
    from: { 'organization.databases.3': { name: 'DB3', copies: ['S2', 'S3'] } },
  },
  // Mail has come by then, and not all of it in the last minute.
  'faults[database-failover].lostWindow': { from: { 'faults.0.at': '+10 min' } },
};

/** What only people read: the description, and the names of workloads that draw nothing. */
const forPeople = new Set(['description', 'workloads[replay].name', 'workloads[ndr-loop].name']);

const known = new Map<string, Promise<Findings>>();

/** The findings of a document; those of the busy hour itself are asked for again and again. */
function found(document: unknown): Promise<Findings> {
  const key = JSON.stringify(document);
  const before = known.get(key);
  if (before !== undefined) return before;
  const findingsOfIt = findings(document);
  if (known.size === 0) known.set(key, findingsOfIt);
  return findingsOfIt;
}

async function difference(
  base: unknown,
  leaf: Leaf,
  rowOfLeaf: Row,
  prefix: readonly string[],
): Promise<boolean> {
  const row = { ...rowOfLeaf, ...values[leaf.id] };
  const at = (changes: Changes | undefined): Changes =>
    Object.fromEntries(
      Object.entries(changes ?? {}).map(([path, value]) => [
        path.startsWith('organization.') ? path : [...prefix, path].join('.'),
        value,
      ]),
    );
  const before = changed(changed(base, contexts[leaf.id] ?? {}), at(row.from));
  const value = leaf.fixed === undefined ? row.value : leaf.fixed.value;
  const after = changed(withValue(before, [...prefix, ...leaf.path], value), at(row.with));
  const [one, other]: readonly [Findings, Findings] = [await found(before), await findings(after)];
  if (JSON.stringify(one.routes) !== JSON.stringify(other.routes)) return true;
  return one.run !== null && other.run !== null && JSON.stringify(one.run) !== JSON.stringify(other.run);
}

const isSetting = ({ path }: Leaf) => path.includes('settings');
const organizationLeaves = leavesOf(organizationJsonSchema());
const ownLeaves = leavesOf(scenarioJsonSchema()).filter(({ id }) => !id.startsWith('organization<'));
const busyHour = changed(scenarioWith(undefined, ''), { ...idle, ...busy });

describe('organization', () => {
  const leaves = organizationLeaves.filter(
    (leaf) => !isSetting(leaf) && organizationRows[leaf.id]?.effect === 'changes',
  );
  test.each(leaves.map((leaf) => [leaf.id, leaf] as const))('%s changes a result', async (id, leaf) => {
    expect(await difference(busyHour, leaf, organizationRows[id]!, ['organization'])).toBe(true);
  });
});

describe('scenario', () => {
  const leaves = ownLeaves.filter(
    (leaf) => scenarioRows[leaf.id]?.effect === 'changes' && leaf.id !== 'description',
  );
  test.each(leaves.map((leaf) => [leaf.id, leaf] as const))('%s changes a result', async (id, leaf) => {
    expect(await difference(busyHour, leaf, scenarioRows[id]!, [])).toBe(true);
  });
});

describe('workloads and faults', () => {
  const rowOf = ({ id, kind }: Leaf) => kindRows[kind ?? '']?.[id.slice(id.indexOf('].') + 2)];
  const leaves = ownLeaves.filter(
    (leaf) => leaf.kind !== undefined && rowOf(leaf)?.effect === 'changes' && !forPeople.has(leaf.id),
  );
  test.each(leaves.map((leaf) => [leaf.id, leaf] as const))('%s changes a result', async (_, leaf) => {
    const list = String(leaf.path[0]);
    const { [`${list}.0`]: _own, ...rest } = idle;
    const base = changed(scenarioWith(leaf.kind, list), { ...rest, ...busy });
    expect(await difference(base, leaf, rowOf(leaf)!, [])).toBe(true);
  });
});

describe('settings', () => {
  const groups: Readonly<Record<string, Readonly<Record<string, SettingDefinition>>>> = settingDefinitions;
  const built = Object.entries(groups).flatMap(([group, definitions]) =>
    Object.entries(definitions).flatMap(([name, definition]) =>
      definition.notYetBuilt === undefined ? valuesOf(`${group}.${name}`, definition) : [],
    ),
  );
  test.each(built)('%s changes a result', async (id, path, value) => {
    const before = changed(changed(busyHour, contexts[id] ?? {}), lowBelow(path));
    const after = changed(before, { [`settings.${path}`]: value });
    const [one, other] = [await found(before), await findings(after)];
    expect(JSON.stringify(one.run)).not.toBe(JSON.stringify(other.run));
  });
});

/** Thresholds of back pressure stand in order: those below a Medium or a High are as low as it will be. */
function lowBelow(path: string): Changes {
  const [group, name] = path.split('.');
  const { below } = thresholdOf(name!) ?? { below: [] };
  return Object.fromEntries(below.map((each) => [`settings.${group}.${each}`, 1]));
}

/** A value far from the default, as a file says it; of a choice all others: the id of each, its path, the value. */
function valuesOf(
  path: string,
  { unit, default: value, choices = [] }: SettingDefinition,
): (readonly [string, string, unknown])[] {
  switch (unit) {
    case 'duration':
      return [[path, path, value === 0 ? '1 s' : `${Math.round(Number(value) / 4)} ms`]];
    case 'count':
      return [[path, path, value === 1 ? 2 : 1]];
    case 'size':
      return [[path, path, '1 MB']];
    case 'fraction':
      return [[path, path, 0.5]];
    case 'flag':
      return [[path, path, value !== true]];
    case 'choice':
      return choices.filter((other) => other !== value).map((other) => [`${path}="${other}"`, path, other]);
    default:
      return [[path, path, 'deterministic']];
  }
}

import { thresholdSettings } from '../../src/sim/model/back-pressure/pressure-thresholds.js';
import { settingDefinitions } from '../../src/sim/model/index.js';
import type { Dice } from '../oracle/dice.js';
import { orderedLevels, thresholdOf } from '../pressure-threshold-order.js';

/** Thresholds of back pressure that a swarm reaches; in whatever layers they are drawn, they are in order. */
const orderedThresholds = {
  percentage: { normal: [1, 20], medium: [20], high: [20, 97] },
  count: { normal: [1, 2], medium: [2], high: [2, 5] },
} as const;

const pressureThresholds: Readonly<Record<string, readonly number[]>> = Object.fromEntries(
  Object.keys(settingDefinitions.transport).flatMap((name): [string, readonly number[]][] => {
    if (name.endsWith('HistoryDepth')) return [[name, [1, 3]]];
    const isPercentage = name.startsWith('percentage');
    if (name.includes('HighToMedium')) return [[name, isPercentage ? [1, 20, 97] : [1, 2, 5]]];
    const level = thresholdOf(name)?.level;
    if (level === undefined) return [];
    return [[name, orderedThresholds[isPercentage ? 'percentage' : 'count'][level]]];
  }),
);

/** These may be none, all together. */
const batchPoints: readonly string[] = orderedLevels.map((level) => thresholdSettings['batch-points'][level]);
const unlimited = 'unlimited';

/** Those that have to be set with a threshold, which is held against the others. */
function thresholdsWith(name: string): readonly string[] {
  const { below, above } = thresholdOf(name) ?? { below: [], above: [] };
  // On a small disk the formula says less than anything that is drawn.
  return name.startsWith('percentage') ? [...below, ...above] : below;
}

/** Values worth trying, within the ranges of docs/settings.md, by group and name. */
const candidates: Readonly<Record<string, Readonly<Record<string, readonly unknown[]>>>> = {
  activeManager: {
    cacheAge: ['0 s', '5 s', '10 min'],
    refreshOnRefusal: [false],
    failoverDelay: ['0 s', '1 s', '5 min'],
  },
  transport: {
    connectTimeout: ['0 s', '1 s', '2 min'],
    categorizerSlots: [1, 2],
    delayedFanOut: ['fork-site', 'fork-site-without-dags'],
    routingReloadDelay: ['0 s', '10 s'],
    replicationDelay: ['0 s', '1 min'],
    livenessProbeInterval: ['1 s', '10 min'],
    queueGlitchRetryCount: [0, 1],
    queueGlitchRetryInterval: ['0 s', '1 s', '7 s'],
    transientFailureRetryCount: [0, 1],
    transientFailureRetryInterval: ['5 s', '1 min'],
    outboundConnectionFailureRetryInterval: ['11 s', '30 min'],
    messageRetryInterval: ['3 s', '2 min'],
    mailboxDeliveryQueueRetryInterval: ['1 s', '30 s'],
    maxIdleTimeBeforeResubmit: ['1 s', '30 s', '5 min'],
    delayNotificationTimeout: ['10 s', '5 min'],
    internalDelayDsnEnabled: [false],
    externalDelayDsnEnabled: [false],
    messageExpirationTimeout: ['5 s', '30 s', '5 min', '1 h'],
    queueMaxIdleTime: ['5 s'],
    poisonThreshold: [1],
    shadowRedundancyEnabled: [false],
    rejectMessageOnShadowFailure: [true],
    shadowMessagePreferenceSetting: ['LocalOnly', 'RemoteOnly'],
    maxRetriesForRemoteSiteShadow: [0, 1],
    maxRetriesForLocalSiteShadow: [0, 1],
    shadowHeartbeatFrequency: ['1 s', '1 h'],
    shadowResubmitTimeSpan: ['1 s', '20 s', '5 min'],
    shadowMessageAutoDiscardInterval: ['5 s', '2 min'],
    safetyNetHoldTime: ['0 s', '10 s', '2 min', '1 h'],
    maxOutboundConnections: [1, 2, 5],
    maxPerDomainOutboundConnections: [1, 3],
    smtpMaxMessagesPerConnection: [1, 2],
    smtpConnectorQueueMessageCountThresholdForConcurrentConnections: [1, 5],
    connectionTimeout: ['1 s', '20 s'],
    maxConnectionRatePerMinute: [5, 60],
    maxInboundConnection: [1, 3],
    maxInboundConnectionPerSource: [1, 2],
    maxInboundConnectionPercentagePerSource: [1, 100],
    messageRateLimit: [1, 30, 'unlimited'],
    maxSendSize: ['0 B', '200 KB'],
    maxReceiveSize: ['0 B', '200 KB'],
    receiveConnectorMaxMessageSize: ['0 B', '100 KB'],
    maxRecipientsPerMessage: [1, 2],
    maxRecipientEnvelopeLimit: [2],
    expansionSizeLimit: [1, 2],
    maxHopCount: [1, 2, 5],
    maxLocalHopCount: [0, 1, 2],
    pickupDirectoryMaxMessagesPerMinute: [5, 1_000],
    priorityQueuingEnabled: [true],
    maxHighPriorityMessageSize: ['10 KB'],
    lowPriorityDelayNotificationTimeout: ['1 s', '1 min'],
    lowPriorityMessageExpirationTimeout: ['5 s', '5 min'],
    maxPerDomainLowPriorityConnections: [1, 20],
    normalPriorityDelayNotificationTimeout: ['1 s', '1 min'],
    normalPriorityMessageExpirationTimeout: ['5 s', '5 min'],
    maxPerDomainNormalPriorityConnections: [1, 2],
    highPriorityDelayNotificationTimeout: ['1 s', '1 min'],
    highPriorityMessageExpirationTimeout: ['5 s', '5 min'],
    maxPerDomainHighPriorityConnections: [1, 20],
    ...pressureThresholds,
    ...Object.fromEntries(batchPoints.map((name) => [name, [...pressureThresholds[name]!, unlimited]])),
    enableResourceMonitoring: [false],
    resourceMonitoringInterval: ['100 ms', '7 s'],
    smtpBaseThrottlingDelayInterval: ['100 ms'],
    smtpStartThrottlingDelayInterval: ['0 s', '2 s'],
    smtpStepThrottlingDelayInterval: ['0 s', '9 s'],
    smtpMaxThrottlingDelayInterval: ['0 s', '2 min'],
    databaseCheckPointDepthMax: ['0 B', '2 GB'],
    dehydrateMessagesUnderMemoryPressure: [false],
  },
  mailboxTransport: {
    deliveriesPerDatabase: [1, 2],
    databaseHealth: [1, 30, 99],
    recipientThreadLimit: [2],
    recipientThreadWait: ['0 s', '100 ms'],
    maxConcurrentMailboxDeliveries: [1, 2],
    maxConcurrentMailboxSubmissions: [1],
    attemptsPerRetryCycle: [2, 5],
    failedAttemptTime: ['0 s', '30 s'],
    submissionReach: ['own-site'],
    submissionRetryInterval: ['20 s'],
  },
  outside: {
    retryInterval: ['5 s', '2 min'],
    giveUpAfter: ['1 s', '1 min', '10 min'],
    connectTime: ['0 s', '5 s'],
    acceptTime: ['0 s', '2 s'],
    maxSessionsPerDomain: [1, 2],
    maxMessageSize: ['1 B', '100 KB'],
  },
  hardware: {
    commitTime: ['0 s', '1 s'],
    shadowCopyTime: ['0 s', '1 s'],
    shadowCopyTimeRemote: ['0 s', '2 s'],
    categorizerTime: ['0 s', '1 s'],
    connectTime: ['0 s', '1 s'],
    relayTime: ['0 s', '500 ms'],
    mailboxDeliveryTime: ['0 s', '1 s'],
    submissionTime: ['0 s', '500 ms'],
    frontEndTime: ['0 s'],
    distribution: ['deterministic', { lognormal: { cv: 2 } }],
    cpuPerMessage: ['0 s', '100 ms'],
    transportMemory: ['0 B', '5 GB', '60 GB'],
    cachedContent: [0, 1],
    otherMemory: [0, 0.7, 0.93],
    dehydratedReadTime: ['0 s', '3 s'],
    versionBucketSize: ['1 KB'],
    checkpointSpeed: ['1 KB'],
  },
};

/** Nothing takes any time: whatever can happen at one instant does. */
const noTime = {
  distribution: 'deterministic',
  ...{ commitTime: '0 s', shadowCopyTime: '0 s', shadowCopyTimeRemote: '0 s', categorizerTime: '0 s' },
  ...{ connectTime: '0 s', relayTime: '0 s', mailboxDeliveryTime: '0 s', submissionTime: '0 s' },
  ...{ frontEndTime: '0 s', cpuPerMessage: '0 s' },
};

export type SettingsFile = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Draws values for a few settings of one server. */
export function drawServerSettings(dice: Dice): SettingsFile {
  const { outside: _, ...settings } = drawSettings(dice, 3);
  return settings;
}

/** Draws values for a few settings; the others keep their defaults. */
export function drawSettings(dice: Dice, most: number): SettingsFile {
  const all = Object.entries(candidates).flatMap(([group, names]) =>
    Object.entries(names).map(([name, values]) => ({ group, name, values })),
  );
  const settings: Record<string, Record<string, unknown>> = {};
  // Whatever is in the categorizer for long when the service stops is poison.
  if (dice.chance(0.1)) {
    settings['transport'] = { poisonThreshold: 1 };
    settings['hardware'] = { categorizerTime: '5 s' };
  }
  if (dice.chance(0.08)) settings['hardware'] = noTime;
  // Pressure comes soon, and mail is refused soon.
  if (dice.chance(0.12)) {
    settings['transport'] = {
      ...settings['transport'],
      ...{ submissionQueueNormal: 1, submissionQueueMedium: 2, submissionQueueHigh: dice.pick([2, 5]) },
      ...{ submissionQueueHistoryDepth: dice.pick([1, 4]), smtpStartThrottlingDelayInterval: '1 s' },
    };
  }
  for (const { group, name, values } of dice.some(all, 0, most)) {
    const further = thresholdsWith(name).map((each) => [each, dice.pick(pressureThresholds[each]!)]);
    const value = dice.pick(values);
    const changes =
      value === unlimited && batchPoints.includes(name)
        ? batchPoints.map((each) => [each, unlimited])
        : [...further, [name, value]];
    settings[group] = { ...settings[group], ...Object.fromEntries(changes) };
  }
  return settings;
}

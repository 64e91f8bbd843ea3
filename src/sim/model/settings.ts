import { backPressureSettings, pressureHardwareSettings } from './back-pressure/back-pressure-settings.js';

/**
 * Every parameter of the transport model, with its unit, default, range and source. Documented parameters keep
 * Exchange's name; those that are ours are assumptions, listed as `A-…` in docs/rules.md.
 */

/** What a setting's value is: decides how a file writes it and what the model gets (ms, bytes, number, text). */
export type SettingUnit = 'duration' | 'size' | 'count' | 'fraction' | 'flag' | 'choice' | 'distribution';

/** The shape of all service times (`hardware.distribution`); the means are settings of their own. */
export type ServiceDistribution =
  | { readonly kind: 'exponential' }
  | { readonly kind: 'deterministic' }
  | { readonly kind: 'lognormal'; readonly cv: number };

export type SettingValue = number | boolean | string | ServiceDistribution;

/** A setting: default, unit, range, source and meaning. */
export interface SettingDefinition {
  readonly unit: SettingUnit;
  /** In ms for durations, bytes for sizes; Infinity where Exchange says unlimited. */
  readonly default: SettingValue;
  /** The default under behaviour "2016", where it differs (DC-05, CAP-20, BP-06). */
  readonly default2016?: SettingValue;
  /** The default on an Edge, where it differs. */
  readonly defaultOnEdge?: SettingValue;
  /** Smallest and largest value, in the unit of `default`. */
  readonly range?: readonly [number, number];
  /** The values of a choice. */
  readonly choices?: readonly string[];
  /** Rule id, or the id of an assumption. */
  readonly source: string;
  readonly meaning: string;
  /** Set while the behaviour is not built: using the setting is then an error that says so. */
  readonly notYetBuilt?: string;
}

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const kilobyte = 1_024;
const megabyte = 1_024 * kilobyte;
const gigabyte = 1_024 * megabyte;

function duration(
  defaultMs: number,
  range: readonly [number, number],
  source: string,
  meaning: string,
  more: Partial<SettingDefinition> = {},
): SettingDefinition {
  return { unit: 'duration', default: defaultMs, range, source, meaning, ...more };
}

function count(
  value: number,
  range: readonly [number, number],
  source: string,
  meaning: string,
  more: Partial<SettingDefinition> = {},
): SettingDefinition {
  return { unit: 'count', default: value, range, source, meaning, ...more };
}

const anyDuration = [0, 365 * day] as const;
const largestCount = 1_000_000;

/** Every setting there is, by group and name. */
export const settingDefinitions = {
  activeManager: {
    cacheAge: duration(
      30 * second,
      anyDuration,
      'UN-11',
      'how long a server believes where a copy is active, counted from the fetch',
    ),
    refreshOnRefusal: {
      unit: 'flag',
      default: true,
      source: 'A-refresh-on-refusal',
      meaning: 'the fresh answer that a rerouted message is resolved with also replaces the believed one',
    },
    failoverDelay: duration(
      30 * second,
      anyDuration,
      'CAP-57',
      'from the failure of an active copy to the activation of the next',
    ),
  },
  transport: {
    connectTimeout: duration(
      21 * second,
      anyDuration,
      'UN-08',
      'length of a connection attempt at a silent server',
    ),
    categorizerSlots: count(
      8,
      [1, 1_024],
      'A-categorizer-slots',
      'messages that a server categorizes at a time',
    ),
    delayedFanOut: {
      unit: 'choice',
      default: 'next-hop',
      choices: ['next-hop', 'fork-site', 'fork-site-without-dags'],
      source: 'RT-24, AS-11, DC-01',
      meaning:
        'where the copies of a message part: at the next hop; at the site where the ways to sites part; there whatever ' +
        'the next hops are, but only without DAGs',
    },
    routingReloadDelay: duration(
      minute,
      anyDuration,
      'A-routing-reload',
      'from a configuration change to its use by a server',
    ),
    replicationDelay: duration(
      15 * minute,
      anyDuration,
      'A-replication',
      'Active Directory replication between sites',
    ),
    livenessProbeInterval: duration(
      minute,
      [second, day],
      'A-liveness-probe',
      'between two probes of a server that another one believes dead',
    ),
    queueGlitchRetryCount: count(4, [0, 15], 'MI-01', 'glitch retries after a failed connection'),
    queueGlitchRetryInterval: duration(minute, anyDuration, 'MI-01', 'time between glitch retries'),
    transientFailureRetryCount: count(6, [0, 15], 'MI-01', 'retries after the glitch retries'),
    transientFailureRetryInterval: duration(
      5 * minute,
      [second, 12 * hour],
      'MI-01',
      'time between transient retries; 10 min on an Edge',
      { defaultOnEdge: 10 * minute },
    ),
    outboundConnectionFailureRetryInterval: duration(
      10 * minute,
      [second, 20 * day],
      'MI-01',
      'time between all further retries; 30 min on an Edge',
      { defaultOnEdge: 30 * minute },
    ),
    messageRetryInterval: duration(15 * minute, [second, day], 'DC-05', 'retry of a single message', {
      default2016: 5 * minute,
    }),
    mailboxDeliveryQueueRetryInterval: duration(
      5 * minute,
      [second, day],
      'MI, CAP-65',
      'from the end of a failed attempt of a mailbox delivery queue to the next',
    ),
    maxIdleTimeBeforeResubmit: duration(
      12 * hour,
      [second, 365 * day],
      'MI-03',
      'a queue in Retry that delivered nothing for so long is categorized anew',
    ),
    delayNotificationTimeout: duration(
      4 * hour,
      [second, 30 * day],
      'MI-04',
      'age at which the sender is told of a delay',
    ),
    internalDelayDsnEnabled: {
      unit: 'flag',
      default: true,
      source: 'MI-04',
      meaning: 'delay notices to senders in the organization',
    },
    externalDelayDsnEnabled: {
      unit: 'flag',
      default: true,
      source: 'MI-04',
      meaning: 'delay notices to senders outside',
    },
    messageExpirationTimeout: duration(
      2 * day,
      [5 * second, 90 * day],
      'MI-04, MI-05',
      'age at which a message is returned',
    ),
    queueMaxIdleTime: duration(3 * minute, [5 * second, hour], 'QU-02', 'how long an empty queue is kept'),
    resolverRetryInterval: duration(30 * minute, anyDuration, 'RR-01', 'deferral after a directory error', {
      notYetBuilt: 'nothing in a scenario makes the directory fail',
    }),
    poisonThreshold: count(2, [1, 10], 'DC-04', 'crashes after which a message is poison'),
    maxOutboundConnections: count(
      1_000,
      [1, largestCount],
      'TH',
      'outbound connections of a server, in all its queues',
    ),
    maxPerDomainOutboundConnections: count(20, [1, largestCount], 'CAP-20', 'connections of one queue', {
      default2016: 40,
    }),
    smtpMaxMessagesPerConnection: count(20, [1, largestCount], 'TH', 'messages sent over one connection'),
    smtpConnectorQueueMessageCountThresholdForConcurrentConnections: count(
      20,
      [1, largestCount],
      'CAP-21',
      'queued messages for each further connection',
    ),
    connectionTimeout: duration(
      10 * minute,
      [second, day],
      'CAP-20',
      'how long a Transport or Front End Transport service keeps an inbound session open; 5 min on an Edge',
      { defaultOnEdge: 5 * minute },
    ),
    maxConnectionRatePerMinute: count(
      1_200,
      [1, largestCount],
      'TH',
      'new connections a minute to a Transport service, and to a Front End Transport service',
    ),
    maxInboundConnection: count(
      5_000,
      [1, largestCount],
      'TH',
      'inbound connections of a Transport service, and of a Front End Transport service, at a time',
    ),
    maxInboundConnectionPerSource: count(
      20,
      [1, largestCount],
      'TH',
      'inbound connections of one server of the organization at a time to a front end or an Edge',
    ),
    maxInboundConnectionPercentagePerSource: count(
      2,
      [1, 100],
      'TH',
      'the same, in per cent of the inbound connections that are left',
    ),
    messageRateLimit: count(
      Number.POSITIVE_INFINITY,
      [1, largestCount],
      'TH',
      'messages of one source a minute to a Transport service, and to a Front End Transport service; 600 to an Edge',
      { defaultOnEdge: 600 },
    ),
    maxSendSize: {
      unit: 'size',
      default: 10 * megabyte,
      range: [0, 2 * gigabyte],
      source: 'SZ',
      meaning: 'largest message a user of the organization may send',
    },
    maxReceiveSize: {
      unit: 'size',
      default: 10 * megabyte,
      range: [0, 2 * gigabyte],
      source: 'SZ',
      meaning: 'largest message a mailbox may receive, unless it has a limit of its own',
    },
    receiveConnectorMaxMessageSize: {
      unit: 'size',
      default: 35 * megabyte,
      range: [0, 2 * gigabyte],
      source: 'SZ',
      meaning:
        'largest message that Transport takes from a sender outside; by default maxReceiveSize is less',
    },
    maxRecipientsPerMessage: count(
      200,
      [1, largestCount],
      'SZ',
      'recipients that a front end or an Edge takes of a sender outside at a time; the sender resends to the others',
    ),
    maxRecipientEnvelopeLimit: count(
      5_000,
      [1, largestCount],
      'DC-04, RR-04',
      'recipients of a message, as it is addressed',
    ),
    expansionSizeLimit: count(1_000, [1, largestCount], 'RR-03', 'recipients of a copy before it is split'),
    maxHopCount: count(30, [1, 500], 'SZ-03', 'hops after which a message loops'),
    maxLocalHopCount: count(
      8,
      [0, 50],
      'SZ-03',
      'hops inside the organization after which a message loops; 0: as many as maxHopCount',
    ),
    pickupDirectoryMaxMessagesPerMinute: count(
      100,
      [1, 20_000],
      'CAP-20',
      'messages a minute taken from Pickup',
    ),
    priorityQueuingEnabled: {
      unit: 'flag',
      default: false,
      source: 'PQ',
      meaning: 'messages have priorities: their order in queues, connections, delay notices and expiry',
    },
    maxHighPriorityMessageSize: {
      unit: 'size',
      default: 250 * kilobyte,
      range: [0, 2 * gigabyte],
      source: 'PQ',
      meaning: 'a larger message of high priority becomes normal',
    },
    lowPriorityDelayNotificationTimeout: duration(
      8 * hour,
      [second, 30 * day],
      'PQ, CAP-55',
      'age at which the sender of a message of low priority is told of a delay, where priorities count',
    ),
    lowPriorityMessageExpirationTimeout: duration(
      2 * day,
      [5 * second, 90 * day],
      'PQ, CAP-55',
      'age at which a message of low priority is returned, where priorities count',
    ),
    maxPerDomainLowPriorityConnections: count(
      2,
      [1, largestCount],
      'PQ',
      'connections of one queue for messages of low priority, where priorities count',
    ),
    normalPriorityDelayNotificationTimeout: duration(
      4 * hour,
      [second, 30 * day],
      'PQ, CAP-55',
      'age at which the sender of a message of normal priority is told of a delay, where priorities count',
    ),
    normalPriorityMessageExpirationTimeout: duration(
      2 * day,
      [5 * second, 90 * day],
      'PQ, CAP-55',
      'age at which a message of normal priority is returned, where priorities count',
    ),
    maxPerDomainNormalPriorityConnections: count(
      15,
      [1, largestCount],
      'PQ',
      'connections of one queue for messages of normal priority, where priorities count',
    ),
    highPriorityDelayNotificationTimeout: duration(
      30 * minute,
      [second, 30 * day],
      'PQ, CAP-55',
      'age at which the sender of a message of high priority is told of a delay, where priorities count',
    ),
    highPriorityMessageExpirationTimeout: duration(
      8 * hour,
      [5 * second, 90 * day],
      'PQ, CAP-55',
      'age at which a message of high priority is returned, where priorities count',
    ),
    maxPerDomainHighPriorityConnections: count(
      3,
      [1, largestCount],
      'PQ',
      'connections of one queue for messages of high priority, where priorities count',
    ),
    shadowRedundancyEnabled: {
      unit: 'flag',
      default: true,
      source: 'SH',
      meaning: 'a second copy of each message is kept',
    },
    rejectMessageOnShadowFailure: {
      unit: 'flag',
      default: false,
      source: 'SH-03',
      meaning: 'refuse mail that cannot be shadowed',
    },
    shadowMessagePreferenceSetting: {
      unit: 'choice',
      default: 'PreferRemote',
      choices: ['PreferRemote', 'LocalOnly', 'RemoteOnly'],
      source: 'SH',
      meaning: 'where the shadow copy goes',
    },
    maxRetriesForRemoteSiteShadow: count(4, [0, 255], 'SH-03', 'attempts at a shadow copy in another site'),
    maxRetriesForLocalSiteShadow: count(2, [0, 255], 'SH-03', 'attempts at a shadow copy in this site'),
    shadowHeartbeatFrequency: duration(2 * minute, [second, day], 'SH', 'time between shadow heartbeats'),
    shadowResubmitTimeSpan: duration(
      3 * hour,
      [second, day],
      'SH-05',
      'silence after which a shadow is promoted',
    ),
    shadowMessageAutoDiscardInterval: duration(
      2 * day,
      [5 * second, 90 * day],
      'SH',
      'how long discard notices are kept',
    ),
    safetyNetHoldTime: duration(
      2 * day,
      [0, 90 * day],
      'SN-01',
      'how long Safety Net keeps mail that was handed on',
    ),
    ...backPressureSettings,
  },
  mailboxTransport: {
    deliveriesPerDatabase: count(
      8,
      [1, 1_024],
      'MD-03, UN-11',
      'concurrent deliveries to a database, over all senders, and connections of a mailbox delivery queue',
    ),
    databaseHealth: count(
      100,
      [1, 100],
      'MD-04, A-database-health',
      'health of the databases on a server: below 100 each is delivered to by fewer threads at a time',
    ),
    recipientThreadLimit: count(1, [1, 1_024], 'MD-03', 'concurrent deliveries to one recipient'),
    recipientThreadWait: duration(
      5 * second,
      anyDuration,
      'A-recipient-thread-wait',
      'how long a delivery waits for a recipient at the limit before it is refused with 432 4.3.2',
    ),
    maxConcurrentMailboxDeliveries: count(20, [1, 256], 'TH', 'concurrent deliveries of a server'),
    maxConcurrentMailboxSubmissions: count(20, [1, 256], 'TH', 'concurrent submissions of a server'),
    attemptsPerRetryCycle: count(
      1,
      [1, 1_024],
      'CAP-66',
      'messages tried when a failing mailbox queue is due',
    ),
    failedAttemptTime: duration(
      6 * second,
      anyDuration,
      'CAP-65',
      'length of an attempt at a database that does not answer',
    ),
    submissionReach: {
      unit: 'choice',
      default: 'any-site',
      choices: ['any-site', 'own-site'],
      source: 'RT-52, DC-02',
      meaning:
        'which Transport services submission may choose: any, or, outside a DAG of several sites, those of its own site',
    },
    submissionRetryInterval: duration(
      minute,
      [second, day],
      'A-submission-retry',
      'how long Mailbox Transport Submission waits when no Transport service takes a message',
    ),
  },
  outside: {
    retryInterval: duration(
      15 * minute,
      [second, 20 * day],
      'A-outside-retry',
      'how long an outside sender waits after a failed attempt',
    ),
    giveUpAfter: duration(
      2 * day,
      [second, 90 * day],
      'A-outside-give-up',
      'age at which an outside sender gives up',
    ),
    connectTime: duration(200, anyDuration, 'CAP-64', 'opening a session with a remote domain'),
    acceptTime: duration(100, anyDuration, 'CAP-62', 'a remote domain accepts one message'),
    maxSessionsPerDomain: count(
      Number.POSITIVE_INFINITY,
      [1, largestCount],
      'A-remote-limits',
      'sessions that a remote domain, or a smart host, takes at a time; more are answered 421',
    ),
    maxMessageSize: {
      unit: 'size',
      default: Number.POSITIVE_INFINITY,
      range: [1, 2 * gigabyte],
      source: 'A-remote-limits',
      meaning:
        'largest message that a remote domain, or a smart host, takes; larger ones are answered 552 5.3.4',
    },
  },
  hardware: {
    frontEndTime: duration(20, anyDuration, 'CAP-64', 'mean work of Front End Transport on a message'),
    commitTime: duration(100, anyDuration, 'CAP-61', 'fixed wait for the queue database'),
    shadowCopyTime: duration(130, anyDuration, 'CAP-61', 'fixed wait for the shadow copy in the same site'),
    shadowCopyTimeRemote: duration(
      310,
      anyDuration,
      'CAP-61',
      'fixed wait for the shadow copy in another site',
    ),
    categorizerTime: duration(
      75,
      anyDuration,
      'CAP-64',
      'mean time in a categorizer slot, up to 20 recipients',
    ),
    connectTime: duration(10, anyDuration, 'CAP-64', 'mean time to open a session inside the organization'),
    relayTime: duration(
      20,
      anyDuration,
      'A-relay-time',
      'mean time to send a message to another Transport service',
    ),
    mailboxDeliveryTime: duration(80, anyDuration, 'CAP-62', 'mean time to write a message to a database'),
    submissionTime: duration(
      20,
      anyDuration,
      'A-submission-time',
      'mean work of Mailbox Transport Submission on a message',
    ),
    distribution: {
      unit: 'distribution',
      default: { kind: 'exponential' },
      source: 'A-service-distribution',
      meaning: 'shape of all service times: exponential, deterministic or { lognormal: { cv } }',
    },
    cpuPerMessage: duration(5, anyDuration, 'UN-08', 'processor work of a message at each Transport stage'),
    ...pressureHardwareSettings,
  },
} as const satisfies Record<string, Record<string, SettingDefinition>>;

export type SettingGroup = keyof typeof settingDefinitions;

type ValueOf<D> = D extends { readonly unit: 'flag' }
  ? boolean
  : D extends { readonly unit: 'choice'; readonly choices: readonly (infer Choice)[] }
    ? Choice
    : D extends { readonly unit: 'distribution' }
      ? ServiceDistribution
      : number;

/** All settings with their values: durations in ms, sizes in bytes. */
export type Settings = {
  readonly [G in SettingGroup]: {
    readonly [N in keyof (typeof settingDefinitions)[G]]: ValueOf<(typeof settingDefinitions)[G][N]>;
  };
};

/** Some settings, as one place of a file gives them: by group and name, already converted. */
export type SettingOverrides = { readonly [group: string]: { readonly [name: string]: SettingValue } };

/**
 * Resolves settings by precedence, weakest first: the behaviour profile's defaults, then each of `layers` in turn.
 * Names that do not exist are ignored: decoding has refused them.
 */
export function resolveSettings(behavior: '2013' | '2016', ...layers: readonly SettingOverrides[]): Settings {
  return resolve(behavior, false, layers);
}

/**
 * As `resolveSettings`, for an Edge: the defaults of its role stand above those of the behaviour profile and below
 * whatever anybody has set, for the organization too (assumption A-edge-defaults).
 */
export function resolveEdgeSettings(
  behavior: '2013' | '2016',
  ...layers: readonly SettingOverrides[]
): Settings {
  return resolve(behavior, true, layers);
}

function resolve(behavior: '2013' | '2016', onEdge: boolean, layers: readonly SettingOverrides[]): Settings {
  const resolved: Record<string, Record<string, SettingValue>> = {};
  for (const [group, definitions] of Object.entries(settingDefinitions)) {
    const values: Record<string, SettingValue> = {};
    for (const [name, definition] of Object.entries<SettingDefinition>(definitions)) {
      values[name] =
        (onEdge ? definition.defaultOnEdge : undefined) ??
        (behavior === '2016' ? definition.default2016 : undefined) ??
        definition.default;
      for (const layer of layers) values[name] = layer[group]?.[name] ?? values[name];
    }
    resolved[group] = values;
  }
  return resolved as unknown as Settings;
}

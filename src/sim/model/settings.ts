import { pressureHardwareSettings } from './back-pressure/back-pressure-settings.js';
import {
  anyDuration,
  count,
  day,
  duration,
  gigabyte,
  largestCount,
  minute,
  type ServiceDistribution,
  type SettingDefinition,
  type SettingValue,
  second,
} from './settings/setting-definition.js';
import { transportSettings } from './settings/transport-settings.js';

export type {
  ServiceDistribution,
  SettingDefinition,
  SettingUnit,
  SettingValue,
} from './settings/setting-definition.js';

/**
 * Every parameter of the transport model, with its unit, default, range and source. Documented parameters keep
 * Exchange's name; those that are ours are assumptions, listed as `A-…` in docs/rules.md.
 */
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
  transport: transportSettings,
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

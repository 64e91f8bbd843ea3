import { decodeScenario, FileError, type Scenario } from '../../src/scenario/index.js';

/** The mean service time of the queue. */
export const serviceMs = 1_000;

/** A server with one categorizer, where nothing else takes time, and mail that comes as a Poisson process. */
export interface Queue {
  /** Arrivals in a mean service time: 0.8 of the server's time is work. */
  readonly load: number;
  /** The service time as a multiple of `serviceMs`. Default 1. */
  readonly slowness?: number;
  /** Length of a replication, in mean service times. */
  readonly length: number;
  readonly seed: string;
  readonly replications: number;
  /** In mean service times, or found. */
  readonly warmUp: number | 'auto';
}

/**
 * The queue as a scenario: M/M/1, so that the latency of a message is its wait and its service at the categorizer, and
 * its mean 1 / (1 / slowness - load) service times.
 */
export function queueScenario({ load, slowness = 1, length, seed, replications, warmUp }: Queue): Scenario {
  const text = JSON.stringify({
    mailflow: 1,
    name: 'mm1',
    organization: {
      organization: 'contoso.com',
      sites: [{ name: 'A' }],
      servers: [{ name: 'A1', site: 'A' }],
      databases: [{ name: 'DB', copies: ['A1'] }],
      mailboxes: [{ address: 'a@contoso.com', database: 'DB' }],
    },
    seed,
    duration: `${length * serviceMs} ms`,
    drain: 'until-empty',
    warmUp: warmUp === 'auto' ? 'auto' : `${warmUp * serviceMs} ms`,
    replications,
    sampleEvery: `${(length * serviceMs) / 200} ms`,
    settings: {
      hardware: {
        ...noTime,
        categorizerTime: `${serviceMs * slowness} ms`,
        distribution: 'exponential',
      },
      transport: { categorizerSlots: 1 },
    },
    workloads: [
      {
        kind: 'arrivals',
        arrival: 'poisson',
        messagesPerSecond: (load * 1_000) / serviceMs,
        from: 'x@outside.example',
        to: ['a@contoso.com'],
        size: { fixed: '1 KB' },
      },
    ],
  });
  const readFile = () => {
    throw new FileError('there are no files');
  };
  return decodeScenario(text, 'mm1.json', { readFile }).scenario;
}

/** The truth about the queue's mean latency. */
export function meanLatencyMs(load: number, slowness = 1): number {
  return serviceMs / (1 / slowness - load);
}

/** How much slower the service is when the mean latency is `ratio` times that at a slowness of 1. */
export function slownessFor(load: number, ratio: number): number {
  return 1 / ((1 - load) / ratio + load);
}

const noTime = Object.fromEntries(
  [
    ...[
      'frontEndTime',
      'submissionTime',
      'connectTime',
      'commitTime',
      'shadowCopyTime',
      'shadowCopyTimeRemote',
    ],
    ...['mailboxDeliveryTime', 'relayTime', 'cpuPerMessage'],
  ].map((name) => [name, '0 ms']),
);

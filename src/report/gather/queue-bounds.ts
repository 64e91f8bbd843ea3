/**
 * How long queues of one server may be before somebody should look (CAP-30): counters of the servers' performance
 * monitor, in messages. Defaults of a report, each of which can be set.
 */
export const queueBounds = {
  allDelivery: { bound: 3_000, title: 'all delivery queues together' },
  activeRemote: { bound: 250, title: 'active remote delivery' },
  activeMailbox: { bound: 250, title: 'active mailbox delivery' },
  activeNonSmtp: { bound: 250, title: 'active non-SMTP delivery' },
  largestDelivery: { bound: 200, title: 'largest delivery queue' },
  submission: { bound: 100, title: 'Submission queue' },
  retryRemote: { bound: 100, title: 'remote delivery in Retry' },
  retryMailbox: { bound: 100, title: 'mailbox delivery in Retry' },
  retryNonSmtp: { bound: 100, title: 'non-SMTP delivery in Retry' },
  unreachable: { bound: 100, title: 'Unreachable queue' },
  poison: { bound: 0, title: 'Poison queue' },
} as const satisfies Record<string, { readonly bound: number; readonly title: string }>;

/** A queue counter that CAP-30 has a bound for. */
export type QueueCounter = keyof typeof queueBounds;
/** The queue counters that CAP-30 has bounds for. */
export const queueCounters = Object.keys(queueBounds) as readonly QueueCounter[];

/** Bounds that are not the default. */
export type QueueBoundChanges = { readonly [counter in QueueCounter]?: number | undefined };

/** A counter held against its bound. */
export interface QueueBoundFinding {
  readonly counter: QueueCounter;
  readonly title: string;
  readonly bound: number;
  /** The most that any server had at a sample, in any replication; 0 without a sample. */
  readonly most: number;
  /** Where and when that was; '' and 0 where it never was above 0. */
  readonly server: string;
  readonly timeMs: number;
  /** The largest share of samples above the bound that one server had, from 0 to 1. */
  readonly shareAbove: number;
}

interface Kept {
  most: number;
  server: string;
  timeMs: number;
  /** Samples above the bound, by server. */
  readonly above: Map<string, number>;
}

/** Counts what `queues.csv` says by server and sample, in the order of its rows. */
export class QueueCounters {
  readonly #bounds: Readonly<Record<QueueCounter, number>>;
  readonly #kept = new Map<QueueCounter, Kept>();
  #replication = '';
  #timeMs = Number.NaN;
  /** Of the present sample. */
  #servers = new Map<string, Map<QueueCounter, number>>();

  constructor(changes: QueueBoundChanges) {
    this.#bounds = Object.fromEntries(
      queueCounters.map((counter) => [counter, changes[counter] ?? queueBounds[counter].bound]),
    ) as Record<QueueCounter, number>;
    for (const counter of queueCounters) {
      this.#kept.set(counter, { most: 0, server: '', timeMs: 0, above: new Map() });
    }
  }

  add(
    replication: string,
    timeMs: number,
    server: string,
    queue: { readonly deliveryType: string; readonly nextHopDomain: string },
    length: number,
    status: string,
  ): void {
    if (replication !== this.#replication || timeMs !== this.#timeMs) {
      this.#closeSample();
      this.#replication = replication;
      this.#timeMs = timeMs;
    }
    if (length === 0) return;
    let counters = this.#servers.get(server);
    if (counters === undefined) {
      counters = new Map();
      this.#servers.set(server, counters);
    }
    const own = counters;
    const sum = (counter: QueueCounter) => own.set(counter, (own.get(counter) ?? 0) + length);
    const kind = kindOf(queue);
    if (kind === 'shadow') return;
    if (kind === 'submission' || kind === 'unreachable' || kind === 'poison') {
      sum(kind);
      return;
    }
    sum('allDelivery');
    counters.set('largestDelivery', Math.max(counters.get('largestDelivery') ?? 0, length));
    sum(status === 'Retry' ? `retry${kind}` : `active${kind}`);
  }

  /** @param samples - how many samples a server had, over all replications */
  findings(samples: number): readonly QueueBoundFinding[] {
    this.#closeSample();
    return queueCounters.map((counter) => {
      const { most, server, timeMs, above } = this.#kept.get(counter)!;
      const longest = Math.max(0, ...above.values());
      return {
        counter,
        title: queueBounds[counter].title,
        bound: this.#bounds[counter],
        most,
        server,
        timeMs,
        shareAbove: samples === 0 ? 0 : Math.min(1, longest / samples),
      };
    });
  }

  #closeSample(): void {
    for (const [server, counters] of this.#servers) {
      for (const [counter, value] of counters) {
        const kept = this.#kept.get(counter)!;
        if (value > this.#bounds[counter]) kept.above.set(server, (kept.above.get(server) ?? 0) + 1);
        if (value <= kept.most) continue;
        kept.most = value;
        kept.server = server;
        kept.timeMs = this.#timeMs;
      }
    }
    this.#servers = new Map();
  }
}

type QueueKind = 'submission' | 'poison' | 'unreachable' | 'shadow' | 'Mailbox' | 'NonSmtp' | 'Remote';

/** What leads to a mailbox database of the own server or group, to another server, or out by other ways than SMTP. */
function kindOf({
  deliveryType,
  nextHopDomain,
}: {
  readonly deliveryType: string;
  readonly nextHopDomain: string;
}): QueueKind {
  switch (deliveryType) {
    case 'Undefined':
      return nextHopDomain === 'Submission' ? 'submission' : 'poison';
    case 'Unreachable':
      return 'unreachable';
    case 'ShadowRedundancy':
      return 'shadow';
    case 'SmtpDeliveryToMailbox':
    case 'MapiDelivery':
      return 'Mailbox';
    case 'NonSmtpGatewayDelivery':
    case 'DeliveryAgent':
      return 'NonSmtp';
    default:
      return 'Remote';
  }
}

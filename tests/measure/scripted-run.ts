import {
  type Cell,
  openMetrics,
  type ReplicationResult,
  type RunFacts,
  type RunMetrics,
  type TableName,
  tableColumns,
  tableNames,
} from '../../src/measure/index.js';
import type { NextHopSolutionKey } from '../../src/routing/index.js';
import {
  type EndKind,
  type MessageFacts,
  type MessageKind,
  type ModelView,
  type NdrReason,
  type QueueStatus,
  type Stage,
  stages,
} from '../../src/sim/model/index.js';
import { buildTopology, type Topology } from '../../src/topology/index.js';
import { organization, type SmallOrganization } from '../model/small-organization.js';

export const twoSites: SmallOrganization = {
  links: { 'Berlin-Frankfurt': 10 },
  servers: { B1: 'Berlin', B2: 'Berlin', F1: 'Frankfurt' },
  dags: { DAG1: ['B1', 'F1'] },
  databases: { DB1: ['B1', 'F1'] },
};

interface ScriptedQueue {
  readonly server: number;
  readonly key: NextHopSolutionKey;
  length: number;
  status: QueueStatus;
  oldestMs: number;
}

interface PendingRow {
  readonly facts: MessageFacts;
  readonly recipient: number;
  readonly server: number;
}

/**
 * A run told fact by fact, by hand: what a model reports and what it would answer. Time only moves on; recipient `n`
 * is called `r<n>@contoso.com`.
 */
export class ScriptedRun implements ModelView {
  readonly topology: Topology;
  readonly metrics: RunMetrics;
  readonly rows: Record<TableName, (readonly Cell[])[]>;
  readonly #queues: ScriptedQueue[] = [];
  readonly #messages = new Map<number, MessageFacts>();
  /** By link: what flows have carried until now. */
  readonly carried = new Map<number, { readonly bytes: number; readonly busyMs: number }>();
  #pending: PendingRow[] = [];
  readonly #processorMs: number[] = [];

  constructor(
    options: {
      readonly organization?: SmallOrganization;
      readonly replication?: number;
      readonly warmUpMs?: number;
      readonly sampleEveryMs?: number;
      readonly recordMessages?: boolean;
    } = {},
  ) {
    this.topology = buildTopology(organization(options.organization ?? twoSites));
    this.rows = Object.fromEntries(tableNames.map((name) => [name, []])) as unknown as ScriptedRun['rows'];
    this.metrics = openMetrics({
      replication: options.replication ?? 1,
      warmUpMs: options.warmUpMs ?? 0,
      sampleEveryMs: options.sampleEveryMs ?? 60_000,
      recordMessages: options.recordMessages ?? false,
      sink: (table, row) => {
        if (row.length !== tableColumns[table].length)
          throw new Error(`a row of ${table} has ${row.length} cells`);
        this.rows[table].push(row);
      },
    });
    this.metrics.attach(this);
  }

  /** Rows of a table as objects by column. */
  table(name: TableName): Readonly<Record<string, Cell>>[] {
    return this.rows[name].map((row) =>
      Object.fromEntries(tableColumns[name].map((column, index) => [column, row[index]!])),
    );
  }

  submit(atMs: number, message: number, recipients: readonly number[], kind: MessageKind = 'mail'): void {
    const facts = { message, kind, submittedMs: atMs, sizeBytes: 1_000 };
    this.#messages.set(message, facts);
    for (const recipient of recipients) this.#pending.push({ facts, recipient, server: 0 });
    this.metrics.observer.submitted(atMs, facts, recipients.length);
  }

  /** A group's row becomes those of its members. */
  expand(atMs: number, message: number, group: number, members: readonly number[]): void {
    this.#take(message, group);
    const facts = this.#messages.get(message)!;
    for (const recipient of members) this.#pending.push({ facts, recipient, server: 0 });
    this.metrics.observer.expanded(atMs, facts, members.length - 1);
  }

  /** Ends a row; time that `spentMs` does not mention was spent in the delivery queue. */
  end(
    atMs: number,
    end: EndKind,
    message: number,
    recipient: number,
    spentMs: Partial<Record<Stage, number>> = {},
    reason: NdrReason | null = null,
    server = 0,
  ): void {
    const { facts } = this.#take(message, recipient);
    const mentioned = Object.values(spentMs).reduce((sum, each) => sum + each, 0);
    const rest = atMs - facts.submittedMs - mentioned;
    // At an offset, as the model's own array is.
    const stageMs = Float64Array.from([
      -1,
      ...stages.map((stage) => (spentMs[stage] ?? 0) + (stage === 'deliveryQueue' ? rest : 0)),
    ]);
    this.metrics.observer.ended(atMs, end, facts, recipient, server, 2, stageMs, 1, reason);
  }

  facts(message: number): MessageFacts {
    return this.#messages.get(message)!;
  }

  addQueue(server: number, deliveryType: NextHopSolutionKey['deliveryType'], nextHopDomain: string): number {
    const key = { deliveryType, nextHopDomain, nextHopConnector: null };
    return this.#queues.push({ server, key, length: 0, status: 'Ready', oldestMs: 0 }) - 1;
  }

  /** One shadow queue: on server 2, of what server 0 has accepted. */
  readonly shadowQueueCount = 1;

  shadowQueueServer(): number {
    return 2;
  }

  shadowQueuePrimary(): number {
    return 0;
  }

  setLength(atMs: number, queue: number, length: number, oldestMs = 0): void {
    Object.assign(this.#queues[queue]!, { length, oldestMs });
    this.metrics.observer.queueLength(atMs, queue, length);
  }

  setStatus(atMs: number, queue: number, status: QueueStatus): void {
    this.#queues[queue]!.status = status;
    this.metrics.observer.queueStatus(atMs, queue, status);
  }

  sample(atMs: number): void {
    this.metrics.sample(atMs);
  }

  close(endMs: number): ReplicationResult {
    return this.metrics.close(endMs);
  }

  get queueCount(): number {
    return this.#queues.length;
  }

  get messagesInFlight(): number {
    return new Set(this.#pending.map(({ facts }) => facts.message)).size;
  }

  get messagesQueued(): number {
    return this.#queues.reduce((sum, { length }) => sum + length, 0);
  }

  queueServer(queue: number): number {
    return this.#queues[queue]!.server;
  }

  queueKey(queue: number): NextHopSolutionKey {
    return this.#queues[queue]!.key;
  }

  queueMessages(queue: number): number {
    return this.#queues[queue]!.length;
  }

  queueStatusNow(queue: number): QueueStatus {
    return this.#queues[queue]!.status;
  }

  queueOldestMs(queue: number): number {
    return this.#queues[queue]!.oldestMs;
  }

  /** A processor works: so many ms of one core, done at once. */
  workProcessor(server: number, ms: number): void {
    this.#processorMs[server] = this.processorDoneMs(server) + ms;
  }

  processorDoneMs(server: number): number {
    return this.#processorMs[server] ?? 0;
  }

  linkCarriedBytes(link: number): number {
    return this.carried.get(link)?.bytes ?? 0;
  }

  linkBusyMs(link: number): number {
    return this.carried.get(link)?.busyMs ?? 0;
  }

  recipientAddress(recipient: number): string {
    return `r${recipient}@contoso.com`;
  }

  forEachPending(visit: (message: MessageFacts, recipient: number, server: number) => void): void {
    for (const { facts, recipient, server } of this.#pending) visit(facts, recipient, server);
  }

  #take(message: number, recipient: number): PendingRow {
    const found = this.#pending.find((row) => row.facts.message === message && row.recipient === recipient);
    if (found === undefined) throw new Error(`message ${message} has no recipient ${recipient} any more`);
    this.#pending = this.#pending.filter((row) => row !== found);
    return found;
  }
}

/** What a summary needs to know of a scripted run. */
export function runFacts(more: Partial<RunFacts> = {}): RunFacts {
  return {
    version: '1.2.3',
    scenario: { name: 'scripted', sha256: 'abc' },
    seed: '42',
    warmUpMs: 0,
    durationMs: 60_000,
    thresholds: [],
    incomplete: false,
    ...more,
  };
}

import { type Cell, type ReplicationResult, type TableName, tableColumns } from '../../src/measure/index.js';
import { stages } from '../../src/sim/model/index.js';

const stageColumns = stages.map((stage) => `${stage}Ms` as const);

const pendingColumns = ['message', 'recipient', 'submittedMs', 'server'] as const;

/** A recipient whose message has not ended. */
export interface PendingRow {
  readonly message: string;
  readonly submittedMs: number;
  /** Empty where no Transport service has it yet. */
  readonly server: string;
}

/** Counts the rows of a run's tables and adds up what the laws are about, by themselves: no metric is asked. */
export class TableSums {
  readonly rows = new Map<TableName, number>();
  readonly ended = new Map<string, number>();
  readonly #timeline = new Map<string, number>();
  readonly badMessages: string[] = [];
  readonly pending: PendingRow[] = [];
  retriesOfMessages = 0;
  retriesOfConnections = 0;
  backoffs = 0;

  add(table: TableName, row: readonly Cell[]): void {
    this.rows.set(table, this.count(table) + 1);
    if (table === 'messages') this.#addMessage(row);
    else if (table === 'retries') this.#addRetry(row);
    else if (table === 'timeline') this.#addInterval(row);
    else if (table === 'backoffs' && cell('backoffs', row, 'reason') === 'backoff') this.backoffs++;
  }

  count(table: TableName): number {
    return this.rows.get(table) ?? 0;
  }

  /** The sum of a column of the timeline. */
  timeline(column: string): number {
    return this.#timeline.get(column) ?? 0;
  }

  #addMessage(row: readonly Cell[]): void {
    const end = String(cell('messages', row, 'end'));
    this.ended.set(end, (this.ended.get(end) ?? 0) + 1);
    const endMs = cell('messages', row, 'endMs');
    if (end === 'pending') {
      const [message, recipient, submittedMs, server] = pendingColumns.map((column) =>
        cell('messages', row, column),
      );
      this.pending.push({
        message: `${message} to ${recipient}`,
        submittedMs: Number(submittedMs),
        server: String(server),
      });
      return;
    }
    const inStages = stageColumns.map((column) => Number(cell('messages', row, column)));
    const sumMs = inStages.reduce((sum, ms) => sum + ms, 0);
    const lastedMs = Number(endMs) - Number(cell('messages', row, 'submittedMs'));
    // As printed they add up exactly, but for what adding fractions loses.
    if (Math.abs(sumMs - lastedMs) > 0.000_5 || inStages.some((ms) => ms < 0)) {
      this.badMessages.push(
        `message ${cell('messages', row, 'message')} to ${cell('messages', row, 'recipient')} took ${lastedMs} ms, its ` +
          `stages ${inStages.join(' + ')} = ${sumMs} ms`,
      );
    }
  }

  #addRetry(row: readonly Cell[]): void {
    if (Number(cell('retries', row, 'attempt')) < 1) return;
    if (cell('retries', row, 'stage') === 'message') this.retriesOfMessages++;
    else this.retriesOfConnections++;
  }

  #addInterval(row: readonly Cell[]): void {
    tableColumns.timeline.forEach((column, place) => {
      this.#timeline.set(column, this.timeline(column) + Number(row[place]));
    });
  }
}

function cell<T extends TableName>(table: T, row: readonly Cell[], column: string): Cell {
  const place = (tableColumns[table] as readonly string[]).indexOf(column);
  return row[place]!;
}

/** Where what the metrics counted is not what the tables hold. */
export function brokenTables(result: ReplicationResult, sums: TableSums): string[] {
  const { recipients, redirects, ndrs, retries, fallbacks, backoffs } = result;
  const total = (counts: readonly { readonly count: number }[]) =>
    counts.reduce((sum, { count }) => sum + count, 0);
  const held: readonly (readonly [string, number, number])[] = [
    ['ndrs.csv', total(ndrs.byCode), sums.count('ndrs')],
    ['recipients given up', recipients.returned + recipients.expired, sums.count('ndrs')],
    ['redirects.csv', total(redirects.byCause), sums.count('redirects')],
    ['redirects of the timeline', total(redirects.byCause), sums.timeline('redirects')],
    ['back-offs in backoffs.csv', total(backoffs.bySite), sums.backoffs],
    ['fallbacks in backoffs.csv', total(fallbacks.byReason), sums.count('backoffs') - sums.backoffs],
    ['back-offs of the timeline', total(backoffs.bySite), sums.timeline('backoffs')],
    ['fallbacks of the timeline', total(fallbacks.byReason), sums.timeline('fallbacks')],
    ['retries of connections in retries.csv', retries.connections, sums.retriesOfConnections],
    ['retries of messages in retries.csv', retries.messages, sums.retriesOfMessages],
    ['retries of the timeline', retries.connections + retries.messages, sums.timeline('retries')],
    ['deliveries of the timeline', recipients.delivered, sums.timeline('delivered')],
    ...(['delivered', 'returned', 'expired', 'lost', 'pending'] as const).map(
      (end) => [`${end} in messages.csv`, recipients[end], sums.ended.get(end) ?? 0] as const,
    ),
  ];
  return [
    ...held
      .filter(([, counted, inTable]) => counted !== inTable)
      .map(([what, counted, inTable]) => `${what}: ${counted} counted, ${inTable} in the table`),
    ...sums.badMessages.slice(0, 3),
  ];
}

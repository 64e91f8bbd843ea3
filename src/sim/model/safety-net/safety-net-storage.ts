import type { ModelContext } from '../model-context.js';
import { storedAs } from '../queue-databases.js';

/** Exchange stores messages in a table an hour (QU-13). */
const tableMs = 3_600_000;

/** What a server has in the hourly tables of its Safety Net. */
class ServerTables {
  readonly holdMs: number;
  /** By hour, round and round: never more hours than are held. */
  readonly #bytes: Float64Array;
  /** The hour of the oldest table; -1: there is none. */
  oldest = -1;

  constructor(holdMs: number) {
    this.holdMs = holdMs;
    this.#bytes = new Float64Array(Math.ceil(holdMs / tableMs) + 2);
  }

  add(hour: number, bytes: number): void {
    this.#bytes[hour % this.#bytes.length]! += bytes;
  }

  /** Drops the oldest table, of which there is one; `oldest` is the next then. */
  drop(thisHour: number): number {
    const { length } = this.#bytes;
    const bytes = this.#bytes[this.oldest % length]!;
    this.#bytes[this.oldest % length] = 0;
    do this.oldest++;
    while (this.oldest <= thisHour && this.#bytes[this.oldest % length] === 0);
    if (this.oldest > thisHour) this.oldest = -1;
    return bytes;
  }

  clear(): void {
    this.#bytes.fill(0);
  }
}

/**
 * What Safety Net takes of the queue databases (SN-01, CAP-13): every message that a Mailbox server has handed on, to a
 * mailbox, another server or the outside, for `safetyNetHoldTime` (assumption A-safety-net-keeps-all), and so the shadow
 * copies of such messages. It goes by the hour: a table is dropped whole when the last message in it has been held long
 * enough (QU-13).
 */
export class SafetyNetStorage {
  readonly #context: Pick<ModelContext, 'simulation' | 'store' | 'queueDatabases'>;
  /** By server; null: it has no Safety Net. */
  readonly #tables: readonly (ServerTables | null)[];
  readonly #dropKind: number;

  constructor(
    context: Pick<ModelContext, 'simulation' | 'store' | 'queueDatabases' | 'topology' | 'settingsOf'>,
  ) {
    this.#context = context;
    this.#tables = context.topology.servers.map(({ isTransport, majorVersion }, server) => {
      const holdMs = context.settingsOf(server).transport.safetyNetHoldTime;
      return isTransport && majorVersion === 15 && holdMs > 0 ? new ServerTables(holdMs) : null;
    });
    this.#dropKind = context.simulation.addKind((server) => this.#drop(server));
  }

  /** How long a server keeps what it has handed on, ms; 0: it has no Safety Net, like Edges and older hubs. */
  holdMs(server: number): number {
    return this.#tables[server]?.holdMs ?? 0;
  }

  /** The server of a copy has handed it on: it leaves the queues for Safety Net, where there is one. */
  retire(copy: number): void {
    const { store, queueDatabases } = this.#context;
    const server = store.copyServer[copy]!;
    const tables = server < 0 ? null : this.#tables[server]!;
    if (tables === null) {
      queueDatabases.release(copy);
      return;
    }
    queueDatabases.moveToSafetyNet(copy);
    this.#add(tables, server, store.messageSizeBytes[store.copyMessage[copy]!]!);
  }

  /** Shadow copies of so many bytes go to a server's Safety Net, where there is one (SH-04). */
  retireShadows(server: number, bytes: number): void {
    const { queueDatabases } = this.#context;
    const tables = this.#tables[server]!;
    if (tables === null) {
      queueDatabases.add(server, storedAs.shadow, -bytes);
      return;
    }
    queueDatabases.moveShadows(server, bytes);
    this.#add(tables, server, bytes);
  }

  /** The queue database of a server is lost; its bytes have been taken off. */
  lose(server: number): void {
    this.#tables[server]?.clear();
  }

  #add(tables: ServerTables, server: number, bytes: number): void {
    const hour = Math.floor(this.#context.simulation.nowMs / tableMs);
    tables.add(hour, bytes);
    if (tables.oldest >= 0) return;
    tables.oldest = hour;
    this.#scheduleDrop(tables, server);
  }

  #scheduleDrop({ oldest, holdMs }: ServerTables, server: number): void {
    this.#context.simulation.scheduleAt((oldest + 1) * tableMs + holdMs, this.#dropKind, server);
  }

  #drop(server: number): void {
    const { simulation, queueDatabases } = this.#context;
    const tables = this.#tables[server]!;
    if (tables === null) return;
    const bytes = tables.drop(Math.floor(simulation.nowMs / tableMs));
    if (bytes > 0) queueDatabases.add(server, storedAs.safetyNet, -bytes);
    if (tables.oldest >= 0) this.#scheduleDrop(tables, server);
  }
}

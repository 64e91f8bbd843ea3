import type { ModelContext } from '../model-context.js';
import { serviceIndex } from '../server-states.js';
import type { SafetyNetStorage } from './safety-net-storage.js';

type Needs = Pick<
  ModelContext,
  'topology' | 'simulation' | 'states' | 'network' | 'activeManager' | 'backPressure'
>;

/** Which Safety Nets there are, which of them a database may ask, and which of these answer and still have a message. */
export class SafetyNets {
  readonly #context: Needs;
  readonly #storage: SafetyNetStorage;
  /** By server. */
  readonly #lostMs: Float64Array;

  constructor(context: Needs, storage: SafetyNetStorage) {
    this.#context = context;
    this.#storage = storage;
    this.#lostMs = new Float64Array(context.topology.servers.length).fill(Number.NEGATIVE_INFINITY);
  }

  /** All that a server has in its Safety Net is lost: its queue database is a new one from now on. */
  lose(server: number): void {
    this.#lostMs[server] = this.#context.simulation.nowMs;
    this.#storage.lose(server);
  }

  /**
   * Whether a server that had a message for a database in its Safety Net from `sinceMs` on still has it for whoever asks: it
   * belongs to the database's boundary of high availability (SH-01, SN-06), and a database of 2007 or 2010 has none
   * (SH-10); it has held the message for less than `safetyNetHoldTime` (SN-01), and has not lost its queue database.
   */
  has(server: number, database: number, sinceMs: number): boolean {
    if (server < 0) return false;
    const heldMs = this.#context.simulation.nowMs - sinceMs;
    if (heldMs >= this.#storage.holdMs(server) || sinceMs < this.#lostMs[server]!) return false;
    return this.#isInBoundary(server, database);
  }

  /**
   * Whether a server answers a request of Active Manager, which comes from the server with the active copy (assumption
   * A-safety-net-requests); not under back pressure, which holds resubmission up (BP-06).
   */
  responds(server: number, database: number): boolean {
    const { topology, states, network, activeManager, backPressure } = this.#context;
    if (backPressure.pausesResubmission(server)) return false;
    const asker = activeManager.activeServer(database);
    if (!states.isRunning(server, serviceIndex.transport) || !states.isUp(asker)) return false;
    return network.connected(topology.servers[asker]!.site, topology.servers[server]!.site);
  }

  #isInBoundary(server: number, database: number): boolean {
    const { servers, databases } = this.#context.topology;
    const { dag, copies, majorVersion } = databases[database]!;
    if (majorVersion !== 15) return false;
    return dag >= 0 ? servers[server]!.dag === dag : servers[server]!.site === servers[copies[0]!]!.site;
  }
}

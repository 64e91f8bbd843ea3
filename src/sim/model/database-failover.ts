import { type EventHandle, type EventKind, noEvent } from '../kernel/index.js';
import { majorityOf } from './dag-majority.js';
import { none } from './message-store.js';
import type { ModelContext } from './model-context.js';

/** Who must know when copies of a database are mounted, dismounted, activated. */
export interface DatabaseListener {
  /** A copy has been mounted: what waited for the database is tried again. */
  mounted(database: number): void;
  /** The copy that was active until now is dismounted, or another one is active. */
  withdrawn(database: number): void;
  /** A copy has been made the active one, after a move or a failover. */
  activated(database: number): void;
}

/**
 * Which copy of each database is mounted where: moves by administrators, and what a DAG does by itself (design
 * section 6, DAGs). A copy is healthy while its server is of the DAG's majority. An active copy that is not is
 * dismounted, and, with `automaticFailover`, the healthy copy of highest preference is activated
 * `activeManager.failoverDelay` later (CAP-57), the failed holder's setting. Nothing fails back by itself; a database
 * whose holder is healthy again before another took over is mounted there at once.
 *
 * Results have `effect` rows of these kinds, their subject the database: `failover`, another copy was activated;
 * `dismount`, the holder runs but has lost the majority; `mount`, it has found it again.
 *
 * The state of copies is what their own servers know: a holder without the majority learns of no activation, and goes
 * on answering "retry". Assumptions `A-failover-preference`, `A-majority`.
 */
export class DatabaseFailover {
  readonly #context: ModelContext;
  readonly #listener: DatabaseListener;
  readonly #dueKind: EventKind;
  /** By server: whether it is of its DAG's majority; always so outside a DAG. */
  readonly #inMajority: Uint8Array;
  /** By database: how many moves have begun; the number of the one under way, or 0. */
  readonly #movesBegun: Int32Array;
  readonly #moveUnderWay: Int32Array;
  readonly #isMounted: Uint8Array;
  readonly #lostMajority: Uint8Array;
  /** Since when its active copy has failed and another could take over; Infinity: that is not so. */
  readonly #failedMs: Float64Array;
  readonly #timers: EventHandle[];
  #together = 0;

  constructor(context: ModelContext, listener: DatabaseListener) {
    this.#context = context;
    this.#listener = listener;
    const { servers, databases } = context.topology;
    this.#inMajority = new Uint8Array(servers.length).fill(1);
    this.#movesBegun = new Int32Array(databases.length);
    this.#moveUnderWay = new Int32Array(databases.length);
    this.#isMounted = new Uint8Array(databases.length).fill(1);
    this.#lostMajority = new Uint8Array(databases.length);
    this.#failedMs = new Float64Array(databases.length).fill(Number.POSITIVE_INFINITY);
    this.#timers = databases.map(() => noEvent);
    this.#dueKind = context.simulation.addKind((database) => this.#failoverDue(database));
    context.network.onChange(() => this.review());
  }

  /**
   * Dismounts the active copy of a database until `endMove`; its holder answers "retry".
   * @returns the number of this move, for `endMove`
   */
  beginMove(database: number): number {
    const move = ++this.#movesBegun[database]!;
    this.#moveUnderWay[database] = move;
    this.#reviewDatabase(database);
    return move;
  }

  /**
   * Activates the copy on `server`; from now on the old holder answers "active elsewhere". A copy that is not healthy
   * cannot take over: the old one is mounted again, if it can be. Of two moves that overlap the later one leads
   * (assumption A-later-move-leads); a failover that falls due during a move waits for it (A-move-before-failover).
   * @param move - the number that `beginMove` gave; a move that a later one has overridden does nothing
   * @returns whether the copy on `server` is active now
   */
  endMove(database: number, server: number, move: number): boolean {
    if (this.#moveUnderWay[database] !== move) return false;
    this.#moveUnderWay[database] = 0;
    const { topology, states } = this.#context;
    const inDag = topology.databases[database]!.dag >= 0;
    const activates = inDag ? this.#inMajority[server] === 1 : states.isUp(server);
    if (activates) this.#activate(database, server);
    else this.#reviewDatabase(database);
    return activates;
  }

  /** A server has stopped, or runs again. */
  reviewServer(server: number): void {
    const { dag } = this.#context.topology.servers[server]!;
    if (dag >= 0 && this.#together === 0) this.#reviewDag(dag);
  }

  /** Who sees whom may have changed anywhere. */
  review(): void {
    if (this.#together > 0) return;
    for (const { index } of this.#context.topology.dags) this.#reviewDag(index);
  }

  /** Makes several changes that happen at once: DAGs see them when all are made. */
  together(changes: () => void): void {
    this.#together++;
    changes();
    this.#together--;
    this.review();
  }

  #reviewDag(index: number): void {
    const { topology, states, network, activeManager, databaseCopies, simulation } = this.#context;
    const dag = topology.dags[index]!;
    const majority = majorityOf(dag, topology, states, network);
    for (const member of dag.members) {
      const isIn = majority.includes(member);
      if (isIn === (this.#inMajority[member] === 1)) continue;
      this.#inMajority[member] = isIn ? 1 : 0;
      if (!isIn) {
        activeManager.part(member, simulation.nowMs);
        continue;
      }
      activeManager.join(member);
      for (const database of dag.databases) {
        const { copies } = topology.databases[database]!;
        if (activeManager.activeServer(database) !== member && copies.includes(member))
          databaseCopies.setState(member, database, 'passive');
      }
    }
    for (const database of dag.databases) this.#reviewDatabase(database);
  }

  #reviewDatabase(database: number): void {
    const { topology, activeManager, databaseCopies, states } = this.#context;
    const holder = activeManager.activeServer(database);
    const isHealthy = this.#isHealthy(database, holder);
    const mounts = isHealthy && this.#moveUnderWay[database] === 0;
    if (mounts !== (this.#isMounted[database] === 1)) {
      this.#isMounted[database] = mounts ? 1 : 0;
      databaseCopies.setState(holder, database, mounts ? 'mounted' : 'dismounted');
      if (mounts) this.#listener.mounted(database);
      else this.#listener.withdrawn(database);
    }
    if (this.#moveUnderWay[database] === 0) {
      const lostMajority = !isHealthy && (states.isUp(holder) || this.#lostMajority[database] === 1);
      if (lostMajority !== (this.#lostMajority[database] === 1)) {
        this.#lostMajority[database] = lostMajority ? 1 : 0;
        this.#report(lostMajority ? 'dismount' : 'mount', database);
      }
    }
    const { dag } = topology.databases[database]!;
    const failsOver =
      !isHealthy && topology.dags[dag]!.automaticFailover && this.#nextHealthy(database) !== none;
    if (failsOver) this.#awaitFailover(database, holder);
    else this.#forgetFailover(database);
  }

  #awaitFailover(database: number, holder: number): void {
    const { simulation, settingsOf } = this.#context;
    const { nowMs } = simulation;
    if (this.#timers[database] !== noEvent) return;
    if (this.#failedMs[database] === Number.POSITIVE_INFINITY) this.#failedMs[database] = nowMs;
    const dueMs = this.#failedMs[database]! + settingsOf(holder).activeManager.failoverDelay;
    // One that fell due during a move is due when the move has ended.
    if (dueMs <= nowMs && this.#moveUnderWay[database] !== 0) return;
    this.#timers[database] = simulation.scheduleAt(Math.max(dueMs, nowMs), this.#dueKind, database);
  }

  #forgetFailover(database: number): void {
    this.#context.simulation.cancel(this.#timers[database]!);
    this.#timers[database] = noEvent;
    this.#failedMs[database] = Number.POSITIVE_INFINITY;
  }

  #failoverDue(database: number): void {
    this.#timers[database] = noEvent;
    if (this.#moveUnderWay[database] !== 0) return;
    this.#activate(database, this.#nextHealthy(database));
    this.#report('failover', database);
  }

  #activate(database: number, server: number): void {
    const { activeManager, databaseCopies, topology } = this.#context;
    const holder = activeManager.activeServer(database);
    // A holder without the majority has dismounted its copy, and does not hear of this.
    if (topology.databases[database]!.dag < 0 || this.#inMajority[holder] === 1)
      databaseCopies.setState(holder, database, 'passive');
    activeManager.activate(database, server);
    databaseCopies.setState(server, database, 'mounted');
    this.#isMounted[database] = 1;
    this.#forgetFailover(database);
    this.#lostMajority[database] = 0;
    this.#listener.withdrawn(database);
    this.#listener.mounted(database);
    this.#listener.activated(database);
  }

  /** The healthy copy of highest preference; `none` if no copy is healthy. */
  #nextHealthy(database: number): number {
    const { copies } = this.#context.topology.databases[database]!;
    return copies.find((server) => this.#isHealthy(database, server)) ?? none;
  }

  /** A database outside any DAG has one copy, which its server mounts whenever it runs. */
  #isHealthy(database: number, server: number): boolean {
    return this.#context.topology.databases[database]!.dag < 0 || this.#inMajority[server] === 1;
  }

  #report(kind: string, database: number): void {
    const { observer, simulation, topology } = this.#context;
    observer.fault(simulation.nowMs, kind, topology.databases[database]!.name, 'effect');
  }
}

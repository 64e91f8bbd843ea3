import type { EventKind } from '../../kernel/index.js';
import type { ModelContext, WaitingRoom } from '../model-context.js';
import type { LostDelivery } from './lost-delivery.js';
import type { SafetyNets } from './safety-nets.js';

/** How often a request is repeated: assumption A-safety-net-requests. */
const repeatMs = 15 * 60_000;
/** How long a primary is asked before all servers of the boundary are (SN-03, CAP-54). */
const primaryAskedMs = 12 * 3_600_000;

/** What a Safety Net does that has what it is asked for. */
export interface Resubmission {
  /** A primary has it: from there it needs no categorizer (CAP-54). */
  fromPrimary(server: number, database: number, lost: readonly LostDelivery[]): number;
  /** A shadow has it: as it came, to be categorized anew (SN-05). */
  fromShadow(server: number, lost: readonly LostDelivery[]): number;
  /** No Safety Net has it. */
  lost(lost: LostDelivery): void;
}

/** What one primary is asked for after one failover. */
interface Request {
  readonly database: number;
  readonly primary: number;
  readonly askedMs: number;
  /** What has not been answered yet, in the order in which it was delivered. */
  open: readonly LostDelivery[];
  /** All servers of the boundary are asked, and the primary no more. */
  isBroadcast: boolean;
  isDue: boolean;
}

/**
 * The requests of Active Manager for the mail of a database and a window (SN-02). A primary is asked until it answers, for
 * 12 hours; then the boundary of high availability, whose Shadow Safety Nets answer (SN-03). A primary that has not all
 * of it any more resubmits what it has, and the boundary is asked for the rest at once (SN-04). What no Safety Net has any more is
 * lost.
 */
export class ResubmissionRequests implements WaitingRoom {
  readonly #context: Pick<ModelContext, 'simulation' | 'topology' | 'observer'>;
  readonly #nets: SafetyNets;
  readonly #resubmission: Resubmission;
  readonly #lookKind: EventKind;
  /** By number, as the events know them; those that are over are gone. */
  readonly #requests = new Map<number, Request>();
  #made = 0;

  constructor(
    context: Pick<ModelContext, 'simulation' | 'topology' | 'observer'>,
    nets: SafetyNets,
    resubmission: Resubmission,
  ) {
    this.#context = context;
    this.#nets = nets;
    this.#resubmission = resubmission;
    this.#lookKind = context.simulation.addKind((number) => this.#look(number));
  }

  /**
   * Asks a primary, and whoever is to be asked next, from now on.
   * @param lost - what it delivered, in that order
   */
  ask(database: number, primary: number, lost: readonly LostDelivery[]): void {
    const askedMs = this.#context.simulation.nowMs;
    const number = this.#made++;
    const request: Request = { database, primary, askedMs, open: lost, isBroadcast: false, isDue: false };
    this.#requests.set(number, request);
    this.#report(database, `${this.#name(primary)} is asked for ${messages(lost.length)}`);
    this.#look(number);
  }

  findForgotten(found: (what: string) => void): void {
    const { nowMs } = this.#context.simulation;
    for (const { database, open, isDue } of this.#requests.values()) {
      if (open.length > 0 && !isDue) {
        found(`${messages(open.length)} of database ${database} are asked of no Safety Net at ${nowMs} ms`);
      }
    }
  }

  #look(number: number): void {
    const { simulation } = this.#context;
    const request = this.#requests.get(number)!;
    request.isDue = false;
    this.#giveUp(request);
    const { database, primary, askedMs } = request;
    if (!request.isBroadcast && request.open.length > 0) {
      const mayAnswer = simulation.nowMs < askedMs + primaryAskedMs;
      if (mayAnswer && this.#nets.responds(primary, database)) this.#answer(request);
      else if (!mayAnswer) this.#broadcast(request);
    }
    if (request.isBroadcast) this.#askShadows(request);
    if (request.open.length === 0) {
      this.#requests.delete(number);
      return;
    }
    request.isDue = true;
    const nextMs = simulation.nowMs + repeatMs;
    const atMs = request.isBroadcast ? nextMs : Math.min(nextMs, askedMs + primaryAskedMs);
    simulation.scheduleAt(atMs, this.#lookKind, number);
  }

  #answer(request: Request): void {
    const { database, primary, open } = request;
    const has = ({ deliveredMs }: LostDelivery) => this.#nets.has(primary, database, deliveredMs);
    const own = open.filter(has);
    request.open = open.filter((each) => !has(each));
    const count = own.length === 0 ? 0 : this.#resubmission.fromPrimary(primary, database, own);
    this.#report(database, `${this.#name(primary)} resubmits ${messages(count)}`);
    if (request.open.length > 0) this.#broadcast(request);
  }

  #broadcast(request: Request): void {
    request.isBroadcast = true;
    this.#report(request.database, `all are asked for ${messages(request.open.length)}`);
    this.#giveUp(request);
  }

  #askShadows(request: Request): void {
    const { database } = request;
    const shadows = [...new Set(request.open.map(({ shadow }) => shadow))].sort((a, b) => a - b);
    for (const shadow of shadows) {
      if (!this.#nets.responds(shadow, database)) continue;
      const own = request.open.filter((each) => each.shadow === shadow);
      request.open = request.open.filter((each) => each.shadow !== shadow);
      const count = this.#resubmission.fromShadow(shadow, own);
      this.#report(database, `${this.#name(shadow)} resubmits ${messages(count)} from shadow copies`);
    }
  }

  /** What nobody has any more who is asked. */
  #giveUp(request: Request): void {
    const { database, primary, isBroadcast, open } = request;
    const mayCome = ({ deliveredMs, shadow }: LostDelivery) =>
      this.#nets.has(shadow, database, deliveredMs) ||
      (!isBroadcast && this.#nets.has(primary, database, deliveredMs));
    const lost = open.filter((each) => !mayCome(each));
    if (lost.length === 0) return;
    request.open = open.filter(mayCome);
    for (const each of lost) this.#resubmission.lost(each);
    this.#report(database, `nobody has ${messages(lost.length)}`);
  }

  #name(server: number): string {
    return this.#context.topology.servers[server]!.name;
  }

  #report(database: number, what: string): void {
    const { observer, simulation, topology } = this.#context;
    const { name } = topology.databases[database]!;
    observer.fault(simulation.nowMs, 'safety-net', `${name}: ${what}`, 'effect');
  }
}

function messages(count: number): string {
  return count === 1 ? '1 message' : `${count} messages`;
}

import type { EventKind } from '../../kernel/index.js';
import type { ModelContext, WaitingRoom } from '../model-context.js';
import type { KeptDelivery, LostDelivery } from './lost-delivery.js';
import type { SafetyNets } from './safety-nets.js';

/** How often a request is repeated: assumption A-safety-net-requests. */
const repeatMs = 15 * 60_000;
/** How long a primary is asked before all servers of the boundary are (SN-03, CAP-54). */
const primaryAskedMs = 12 * 3_600_000;

/** What is asked for, of one of those who may have it. */
export interface Asked {
  readonly lost: LostDelivery;
  readonly kept: KeptDelivery;
}

/** What a Safety Net does that has what it is asked for. */
export interface Resubmission {
  /** A primary has it: from there it needs no categorizer (CAP-54). */
  fromPrimary(server: number, database: number, asked: readonly Asked[]): number;
  /** A shadow has it: as it came, to be categorized anew (SN-05). */
  fromShadow(server: number, asked: readonly Asked[]): number;
  /**
   * No Safety Net has it.
   * @returns how many of them are lost by that
   */
  lost(lost: readonly LostDelivery[]): number;
}

/** What one primary is asked for after one failover. */
interface Request {
  readonly database: number;
  readonly primary: number;
  readonly askedMs: number;
  /** What has not been answered yet, in the order in which it was delivered. */
  open: readonly Asked[];
  /** All servers of the boundary are asked, and the primary no more. */
  isBroadcast: boolean;
  isDue: boolean;
}

/**
 * The requests of Active Manager for the mail of a database and a window (SN-02). A primary is asked until it answers, for
 * 12 hours; then the boundary of high availability, whose Shadow Safety Nets answer (SN-03). A primary that has not all
 * of it any more resubmits what it has, and the boundary is asked for the rest at once (SN-04). What several have delivered,
 * the mailbox dropping all but the first, several are asked for. What no Safety Net has any more is lost.
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
   * Asks the primaries of what a database has lost, and whoever is to be asked next, from now on.
   * @param lost - in the order in which it was delivered
   */
  ask(database: number, lost: readonly LostDelivery[]): void {
    const byPrimary = new Map<number, Asked[]>();
    for (const each of lost) {
      for (const kept of each.kept) {
        const asked = { lost: each, kept };
        const others = byPrimary.get(kept.primary);
        if (others === undefined) byPrimary.set(kept.primary, [asked]);
        else others.push(asked);
      }
    }
    const primaries = [...byPrimary.keys()].sort((a, b) => a - b);
    for (const primary of primaries) this.#ask(database, primary, byPrimary.get(primary)!);
  }

  #ask(database: number, primary: number, asked: readonly Asked[]): void {
    const open = stillOpen(asked);
    if (open.length === 0) return;
    const askedMs = this.#context.simulation.nowMs;
    const number = this.#made++;
    this.#requests.set(number, { database, primary, askedMs, open, isBroadcast: false, isDue: false });
    this.#report(database, `${this.#name(primary)} is asked for ${messages(countOf(open))}`);
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
    request.open = stillOpen(request.open);
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
    const own = takeFirst(open.filter(({ kept }) => this.#nets.has(primary, database, kept.deliveredMs)));
    request.open = stillOpen(open);
    const count = own.length === 0 ? 0 : this.#resubmission.fromPrimary(primary, database, own);
    this.#report(database, `${this.#name(primary)} resubmits ${messages(count)}`);
    if (request.open.length > 0) this.#broadcast(request);
  }

  #broadcast(request: Request): void {
    request.isBroadcast = true;
    for (const { lost, kept } of request.open) lost.asked.splice(lost.asked.indexOf(kept), 1);
    this.#report(request.database, `all are asked for ${messages(countOf(request.open))}`);
    this.#giveUp(request);
  }

  #askShadows(request: Request): void {
    const { database } = request;
    const shadows = [...new Set(request.open.map(({ kept }) => kept.shadow))].sort((a, b) => a - b);
    for (const shadow of shadows) {
      if (!this.#nets.responds(shadow, database)) continue;
      // Who has promoted its shadow copy has it as a primary, and is asked as one first.
      const answers = ({ lost, kept }: Asked) =>
        kept.shadow === shadow && !lost.asked.some(({ primary }) => primary === shadow);
      const own = takeFirst(request.open.filter(answers));
      if (own.length === 0) continue;
      request.open = stillOpen(request.open);
      const count = this.#resubmission.fromShadow(shadow, own);
      this.#report(database, `${this.#name(shadow)} resubmits ${messages(count)} from shadow copies`);
    }
  }

  /** What nobody has any more who is asked; lost where nobody else is asked for it. */
  #giveUp(request: Request): void {
    const { database, primary, isBroadcast, open } = request;
    const mayCome = ({ kept: { deliveredMs, shadow } }: Asked) =>
      this.#nets.has(shadow, database, deliveredMs) ||
      (!isBroadcast && this.#nets.has(primary, database, deliveredMs));
    const gone = open.filter((each) => !mayCome(each));
    if (gone.length === 0) return;
    request.open = open.filter(mayCome);
    for (const { lost, kept } of gone) {
      lost.kept.splice(lost.kept.indexOf(kept), 1);
      if (!isBroadcast) lost.asked.splice(lost.asked.indexOf(kept), 1);
    }
    const ofNobody = new Set(gone.map(({ lost }) => lost).filter(({ kept }) => kept.length === 0));
    const count = ofNobody.size === 0 ? 0 : this.#resubmission.lost([...ofNobody]);
    if (count > 0) this.#report(database, `nobody has ${messages(count)}`);
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

/** Of each delivery that is lost, one server may have several: the first is the answer. */
function takeFirst(asked: readonly Asked[]): readonly Asked[] {
  return asked.filter(({ lost }) => {
    if (lost.isAnswered) return false;
    lost.isAnswered = true;
    return true;
  });
}

function stillOpen(asked: readonly Asked[]): readonly Asked[] {
  return asked.filter(({ lost }) => !lost.isAnswered);
}

function countOf(asked: readonly Asked[]): number {
  return new Set(asked.map(({ lost }) => lost)).size;
}

function messages(count: number): string {
  return count === 1 ? '1 message' : `${count} messages`;
}

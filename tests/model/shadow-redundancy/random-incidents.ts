import type { Dice } from '../../oracle/dice.js';
import type { RunningOrganization, SmallOrganization } from '../small-organization.js';
import { minute, second } from './held-mail.js';
import { groupNames, modern } from './random-organization.js';

/** What happens in a small organization, each followed by an audit: mail, outages, and what is in the way of mail. */
export class Incidents {
  /** When the last one is. */
  lastMs = 0;
  /** Until when servers do not do all that is asked of them. */
  hinderedMs = 0;
  /** When a server, or where it is none a link, does not do all that is asked of it. */
  readonly troubles: { fromMs: number; toMs: number; server: number | null }[] = [];
  /** Servers that have lost their queue database, in order. */
  readonly databaseLosses: { atMs: number; server: number }[] = [];
  /** Servers that have been silent. */
  readonly struck = new Set<number>();
  readonly #dice: Dice;
  readonly #running: RunningOrganization;
  readonly #people: readonly string[];
  readonly #senders: readonly string[];

  constructor(dice: Dice, small: SmallOrganization, running: RunningOrganization) {
    this.#dice = dice;
    this.#running = running;
    const mailboxes = Object.keys(small.mailboxes!);
    this.#people = [...mailboxes, ...groupNames, 'contact', 'x@x.example', 'nobody'];
    this.#senders = [...mailboxes, 'x@out.example'];
  }

  happens(atMs: number, action: () => void): void {
    this.lastMs = Math.max(this.lastMs, atMs);
    this.#running.at(atMs, () => {
      action();
      this.#running.model.audit();
    });
  }

  /** So many messages, some to groups. */
  mail(fromMs: number, withinMs: number, count: number): void {
    const dice = this.#dice;
    for (let each = 0; each < count; each++) {
      this.happens(fromMs + dice.below(withinMs), () => {
        const groups = dice.chance(0.4) ? dice.some(groupNames, 1, 2) : [];
        this.#running.send(dice.pick(this.#senders), [
          ...new Set([...dice.some(this.#people, 1, 4), ...groups]),
        ]);
      });
    }
  }

  /** A server is silent for a time; it may lose its queue database. */
  outage(name: string, fromMs: number, toMs: number, isLost: boolean): void {
    const { model, simulation } = this.#running;
    const server = this.#running.server(name);
    this.struck.add(server);
    this.troubles.push({ fromMs, toMs, server });
    this.happens(fromMs, () => {
      model.beginServerOutage(server);
      if (!isLost) return;
      this.databaseLosses.push({ atMs: simulation.nowMs, server });
      model.loseQueueDatabase(server);
    });
    this.happens(toMs, () => model.endServerOutage(server));
  }

  cutLink(name: string, fromMs: number, toMs: number): void {
    const link = this.#running.link(name);
    this.troubles.push({ fromMs, toMs, server: null });
    this.happens(fromMs, () => this.#running.model.beginLinkOutage(link));
    this.happens(toMs, () => this.#running.model.endLinkOutage(link));
  }

  stopTransport(name: string, fromMs: number, toMs: number): void {
    const server = this.#running.server(name);
    this.happens(fromMs, () => this.#running.model.beginServiceOutage(server, 'transport'));
    this.happens(toMs, () => this.#running.model.endServiceOutage(server, 'transport'));
  }

  holdUpDatabase(name: string, fromMs: number, toMs: number): void {
    const database = this.#running.database(name);
    this.happens(fromMs, () => this.#running.model.beginDatabaseOutage(database));
    this.happens(toMs, () => this.#running.model.endDatabaseOutage(database));
  }

  drain(name: string, fromMs: number, toMs: number): void {
    const { drains } = this.#running.model;
    const others = modern.filter((each) => each !== name);
    const to = this.#dice.some(others, 1, 2).map((each) => this.#running.server(each));
    const drained = { subject: name, server: this.#running.server(name), to };
    this.troubles.push({ fromMs, toMs, server: drained.server });
    this.happens(fromMs, () => drains.begin(drained));
    this.happens(toMs, () => drains.end(drained));
  }

  /** The queue disk of a server is full of other things. */
  fill(name: string, fromMs: number, toMs: number): void {
    const { backPressure } = this.#running.model;
    const server = this.#running.server(name);
    const used = this.#dice.pick([0.975, 0.999]);
    this.troubles.push({ fromMs, toMs, server });
    this.happens(fromMs, () => backPressure.beginFill(server, used));
    this.happens(toMs, () => backPressure.endFill(server, used));
  }

  /** A server stands, and does not do all that is asked of it. */
  hindrance(fromMs: number, forMs: number): void {
    const dice = this.#dice;
    const lengthMs = dice.pick([10 * second, minute, 10 * minute, forMs]);
    this.hinderedMs = Math.max(this.hinderedMs, fromMs + lengthMs);
    const drains = dice.chance(0.5);
    const name = dice.pick(modern);
    if (drains) this.drain(name, fromMs, fromMs + lengthMs);
    else this.fill(name, fromMs, fromMs + lengthMs);
  }
}

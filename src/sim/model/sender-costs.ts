import { nullSender } from './message-store.js';
import type { ModelContext } from './model-context.js';

const minute = 60_000;
/** What a sender may have in a minute before its mail is of low priority inside (MD-05, CAP-23). */
const cheapRecipients = 500;
const cheapBytes = 1_024 * 1_024;

interface Cost {
  recipients: number;
  bytes: number;
}

/**
 * What each sender has cost a Transport service in the minute of the clock, by its count of recipients and bytes
 * (MD-05, assumption A-costly-senders). Nothing is kept of a minute that is over.
 */
export class SenderCosts {
  readonly #context: ModelContext;
  #minute = -1;
  readonly #costs = new Map<number, Cost>();

  constructor(context: ModelContext) {
    this.#context = context;
  }

  /** Counts a message that a server categorizes for the first time; true if its sender has become too costly. */
  isCostly(copy: number, server: number): boolean {
    const { store, topology, simulation } = this.#context;
    const message = store.copyMessage[copy]!;
    const sender = store.messageSender[message]!;
    if (sender === nullSender) return false;
    const now = Math.floor(simulation.nowMs / minute);
    if (this.#minute !== now) {
      this.#minute = now;
      this.#costs.clear();
    }
    const key = sender * topology.servers.length + server;
    const cost = this.#costs.get(key) ?? { recipients: 0, bytes: 0 };
    if (cost.recipients === 0) this.#costs.set(key, cost);
    cost.recipients += store.rowCount(copy);
    cost.bytes += store.messageSizeBytes[message]!;
    return cost.recipients > cheapRecipients || cost.bytes > cheapBytes;
  }
}

import type { FrontEndTransport } from './front-end-transport.js';
import { none } from './message-store.js';
import type { ModelContext } from './model-context.js';
import type { RecipientEndings } from './recipient-endings.js';
import { longestWorkMs, work } from './service-times.js';

/** Who sends back what comes for an address, and to whom. */
interface Bounce {
  readonly from: number;
  /** The domain of that address, by the id of `RemoteDomains`. */
  readonly remote: number;
  readonly to: number;
}

/** The draw of the session in which a bounce comes back; that of the way out has hop 0. */
const wayBack = 1;

/**
 * Addresses outside that nobody has, in domains whose servers are broken: what comes for them is returned as mail from
 * an address that takes mail, not from the null sender, so that returning the bounce makes another one (WHATIF-08). A
 * bounce is what the domain got, as it is: its size, and its Received headers together with those of what is attached
 * to it and one for the domain's own server, so that the hop count goes on from bounce to bounce until an organization
 * refuses the next one for it (SZ-03, 5.4.6, assumption A-ndr-loop).
 *
 * A bounce is submitted when the domain has accepted what it returns; it is on its way for the time that a session
 * takes to open (`outside.connectTime`), and is then offered to a front end like all mail from outside.
 */
export class BouncingAddresses {
  readonly #context: ModelContext;
  readonly #endings: RecipientEndings;
  readonly #frontEnd: FrontEndTransport;
  readonly #bounces = new Map<number, Bounce>();

  constructor(context: ModelContext, endings: RecipientEndings, frontEnd: FrontEndTransport) {
    this.#context = context;
    this.#endings = endings;
    this.#frontEnd = frontEnd;
  }

  /** Whether there are no such addresses. */
  get isIdle(): boolean {
    return this.#bounces.size === 0;
  }

  /**
   * From now on what comes for `address` is returned to `to` by `from`. One rule an address: a later one takes the
   * place of an earlier. All are address-book ids.
   */
  add(address: number, from: number, to: number): void {
    const { addressBook, remoteDomains } = this.#context;
    const sender = addressBook.address(from);
    const remote = remoteDomains.host(sender.slice(sender.lastIndexOf('@') + 1));
    this.#bounces.set(address, { from, remote, to });
  }

  /** The outside has accepted a copy from `server`, which has its recipients still. */
  accepted(copy: number, server: number): void {
    const { store } = this.#context;
    for (let row = store.copyFirstRow[copy]!; row !== none; row = store.rowNext[row]!) {
      const bounce = this.#bounces.get(store.rowRecipient[row]!);
      if (bounce !== undefined) this.#return(copy, server, bounce);
    }
  }

  #return(accepted: number, server: number, { from, remote, to }: Bounce): void {
    const { store, simulation, observer, times, remoteDomains } = this.#context;
    const about = store.copyMessage[accepted]!;
    const nowMs = simulation.nowMs;
    const connectMs = times.timeMs(work.outsideConnect, server, store.messageNumber[about]!, wayBack);
    const delayMs = Math.min(connectMs * remoteDomains.factor(remote), longestWorkMs);
    const message = store.makeMessage('mail', from, store.messageSizeBytes[about]!, nowMs);
    const copy = store.makeCopy(message, nowMs);
    store.setPriorHops(message, store.copyHops[accepted]! + store.priorHops(about) + 1);
    store.linkRow(copy, this.#endings.begin(to));
    observer.submitted(nowMs, store.facts(message), 1);
    this.#frontEnd.receiveIn(copy, delayMs);
  }
}

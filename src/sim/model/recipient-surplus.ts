import { none } from './message-store.js';
import type { ModelContext } from './model-context.js';

/**
 * What a Receive connector leaves over of a message with many recipients: a front end or an Edge takes the first
 * `maxRecipientsPerMessage` in one transaction and refuses the others for now, and the sender sends the message once more
 * to these (SZ, assumption A-receive-connectors).
 */
export class RecipientSurplus {
  readonly #context: ModelContext;

  constructor(context: ModelContext) {
    this.#context = context;
  }

  /**
   * Takes the recipients off a copy, in no list, that a server does not take with it.
   * @returns a copy with them, in no list; `none` if the server takes them all
   */
  takeOff(copy: number, server: number): number {
    const { store, settingsOf } = this.#context;
    const most = settingsOf(server).transport.maxRecipientsPerMessage;
    if (store.rowCount(copy) <= most) return none;
    // A member of a group may stand in one part, the group in the other.
    store.mayRepeat(store.copyMessage[copy]!);
    const surplus = store.forkCopy(copy);
    const rows: number[] = [];
    for (let row = store.takeRows(copy); row !== none; row = store.rowNext[row]!) rows.push(row);
    // Rows are linked in front of one another.
    for (let place = rows.length - 1; place >= 0; place--) {
      store.linkRow(place < most ? copy : surplus, rows[place]!);
    }
    return surplus;
  }
}

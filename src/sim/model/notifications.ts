import { nullSender } from './message-store.js';
import type { ModelContext } from './model-context.js';
import type { MessageKind } from './observer.js';
import type { NotificationSender, RecipientEndings } from './recipient-endings.js';

/** A notification without the original (assumption A-notification-size). */
const notificationBytes = 10 * 1_024;
/** The original is attached up to this size, else only its headers (NDR-03). */
const largestAttachedBytes = 10 * 1_024 * 1_024;

/**
 * Delivery status notifications: mail like any other, from the null reverse-path, made by the server that decided
 * and entering its Submission queue (NDR-01, MI-04). One notification goes out for all recipients of a copy that
 * fail together.
 */
export class Notifications implements NotificationSender {
  readonly #context: ModelContext;
  readonly #endings: () => RecipientEndings;
  readonly #submit: (copy: number) => void;

  /** @param endings - asked for late: endings and notifications need one another */
  constructor(context: ModelContext, endings: () => RecipientEndings, submit: (copy: number) => void) {
    this.#context = context;
    this.#endings = endings;
    this.#submit = submit;
  }

  nonDelivery(copy: number, server: number): void {
    if (this.#isSilent(copy)) return;
    const { store } = this.#context;
    const originalBytes = store.messageSizeBytes[store.copyMessage[copy]!]!;
    const attachedBytes = originalBytes <= largestAttachedBytes ? originalBytes : 0;
    this.#send('ndr', copy, server, notificationBytes + attachedBytes);
  }

  /** Tells the sender that a copy is late. Rule: MI-04. */
  delay(copy: number): void {
    if (this.#isSilent(copy)) return;
    const { store, observer, simulation } = this.#context;
    const message = store.copyMessage[copy]!;
    const server = store.copyServer[copy]!;
    observer.delayNotice(simulation.nowMs, store.facts(message), server);
    this.#send('delay-notice', copy, server, notificationBytes);
  }

  /** NDR-02: nobody is told of what Safety Net has sent again. */
  #isSilent(copy: number): boolean {
    const { store } = this.#context;
    return store.facts(store.copyMessage[copy]!).kind === 'resubmission';
  }

  #send(kind: MessageKind, about: number, server: number, sizeBytes: number): void {
    const { store, observer, simulation, queueDatabases, shadows } = this.#context;
    const recipient = store.messageSender[store.copyMessage[about]!]!;
    const hops = store.hops(about);
    const message = store.makeMessage(kind, nullSender, sizeBytes, simulation.nowMs);
    store.setPriorHops(message, hops);
    const copy = store.makeCopy(message, simulation.nowMs);
    store.copyServer[copy] = server;
    store.linkRow(copy, this.#endings().begin(recipient));
    observer.submitted(simulation.nowMs, store.facts(message), 1);
    queueDatabases.hold(copy);
    // SH-07: the shadow copy of a message stands for reports about it, too.
    shadows.joined(copy, about);
    this.#submit(copy);
  }
}

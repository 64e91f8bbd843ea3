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

  nonDelivery(message: number, server: number, hops: number): void {
    const originalBytes = this.#context.store.messageSizeBytes[message]!;
    const attachedBytes = originalBytes <= largestAttachedBytes ? originalBytes : 0;
    this.#send('ndr', message, server, notificationBytes + attachedBytes, hops);
  }

  /** Tells the sender that a copy is late. Rule: MI-04. */
  delay(copy: number): void {
    const { store, observer, simulation } = this.#context;
    const message = store.copyMessage[copy]!;
    const server = store.copyServer[copy]!;
    observer.delayNotice(simulation.nowMs, store.facts(message), server);
    this.#send('delay-notice', message, server, notificationBytes, store.hops(copy));
  }

  #send(kind: MessageKind, about: number, server: number, sizeBytes: number, hops: number): void {
    const { store, observer, simulation, queueDatabases } = this.#context;
    const recipient = store.messageSender[about]!;
    const message = store.makeMessage(kind, nullSender, sizeBytes, simulation.nowMs);
    store.messagePriorHops[message] = hops;
    const copy = store.makeCopy(message, simulation.nowMs);
    store.copyServer[copy] = server;
    store.linkRow(copy, this.#endings().begin(recipient));
    observer.submitted(simulation.nowMs, store.facts(message), 1);
    queueDatabases.hold(copy);
    this.#submit(copy);
  }
}

import type { Distribution, RandomStream, Simulation } from '../../sim/kernel/index.js';
import type { TransportModel } from '../../sim/model/index.js';
import type { DailyArrivals } from './day-shape.js';
import type { ExpectedMail } from './expected-mail.js';
import type { RecipientsModel, SizeModel, WorkloadWindow } from './kind.js';
import { recipientCountDistribution, sizeDistribution } from './message-attributes.js';

/** The outside people that generated mail comes from and goes to live in so many domains (A-outside-domains). */
const outsideDomains = Array.from({ length: 10 }, (_, index) => `outside${index + 1}.example`);
/** Largest message of generated mail has so many recipients at most: the buffer's size. */
const largestRecipientCount = 100_000;

/** Who sends a generated message, and to whom. */
export interface MailPattern {
  readonly window: WorkloadWindow;
  readonly arrivals: DailyArrivals;
  /** Mailbox ids that send; empty: outside senders. */
  readonly senders: Int32Array;
  /** Mailbox ids that receive. */
  readonly receivers: Int32Array;
  /** Share of recipients outside the organization, and of those that nobody has. */
  readonly outsideShare: number;
  readonly unknownShare: number;
  readonly recipients: RecipientsModel;
  readonly size: SizeModel;
}

/**
 * Generates the messages of one pattern. Its random attributes come from streams of its own, one a purpose, drawn
 * when a message is made: whatever the model does, the load stays the same (WL-14).
 */
export class MailGenerator {
  readonly #simulation: Simulation;
  readonly #model: TransportModel;
  readonly #pattern: MailPattern;
  readonly #kind: number;
  readonly #arrivalDraw: RandomStream;
  readonly #senderDraw: RandomStream;
  readonly #recipientDraw: RandomStream;
  readonly #sizeDraw: RandomStream;
  readonly #sizes: Distribution;
  readonly #recipientCounts: Distribution;
  readonly #outside: readonly number[];
  readonly #unknown: number;
  readonly #to: Int32Array;

  constructor(
    name: string,
    pattern: MailPattern,
    model: TransportModel,
    streams: (name: string) => RandomStream,
  ) {
    this.#pattern = pattern;
    this.#model = model;
    this.#simulation = model.simulation;
    this.#arrivalDraw = streams(`${name}/arrivals`);
    this.#senderDraw = streams(`${name}/senders`);
    this.#recipientDraw = streams(`${name}/recipients`);
    this.#sizeDraw = streams(`${name}/sizes`);
    this.#sizes = sizeDistribution(pattern.size);
    this.#recipientCounts = recipientCountDistribution(pattern.recipients);
    this.#to = new Int32Array(
      Math.min(largestRecipientCount, pattern.recipients.kind === 'fixed' ? pattern.recipients.count : 120),
    );
    this.#outside = outsideDomains.map((domain) => model.addressBook.intern(`somebody@${domain}`));
    this.#unknown = model.addressBook.intern(`nobody-has-this-address@${model.topology.organization}`);
    this.#kind = this.#simulation.addKind(() => this.#send());
    this.#scheduleNext(pattern.window.startMs);
  }

  #scheduleNext(fromMs: number): void {
    const atMs = this.#pattern.arrivals.next(fromMs, this.#arrivalDraw());
    if (atMs < this.#pattern.window.endMs) this.#simulation.scheduleAt(atMs, this.#kind, 0);
  }

  #send(): void {
    const { senders } = this.#pattern;
    const draw = this.#senderDraw();
    const sender = senders.length > 0 ? pick(senders, draw) : pick(this.#outside, draw);
    const sizeBytes = Math.round(this.#sizes.sample(this.#sizeDraw()));
    const count = this.#drawRecipients();
    if (count > 0) this.#model.submit(sender, this.#to, count, sizeBytes);
    this.#scheduleNext(this.#simulation.nowMs);
  }

  /** Draws recipients into `#to`, each person once; returns how many. */
  #drawRecipients(): number {
    const { receivers, outsideShare, unknownShare } = this.#pattern;
    const wanted = Math.min(this.#to.length, this.#recipientCounts.sample(this.#recipientDraw()));
    let count = 0;
    for (let drawn = 0; drawn < wanted; drawn++) {
      const kind = this.#recipientDraw();
      const draw = this.#recipientDraw();
      let recipient: number;
      if (kind < outsideShare) recipient = pick(this.#outside, draw);
      else if (kind < outsideShare + unknownShare || receivers.length === 0) recipient = this.#unknown;
      else recipient = pick(receivers, draw);
      if (!holds(this.#to, count, recipient)) this.#to[count++] = recipient;
    }
    return count;
  }
}

/** So many equally likely values stand for a distribution. */
const quantiles = 2_000;

/** What a pattern is expected to send. */
export function expectedOfPattern(pattern: MailPattern): ExpectedMail {
  const { window, arrivals, senders, receivers, outsideShare, unknownShare } = pattern;
  const counts = recipientCountDistribution(pattern.recipients);
  const recipientCounts = new Map<number, number>();
  for (let index = 0; index < quantiles; index++) {
    const count = counts.sample((index + 0.5) / quantiles);
    recipientCounts.set(count, (recipientCounts.get(count) ?? 0) + 1 / quantiles);
  }
  return {
    messagesBetween: (fromMs, toMs) =>
      arrivals.expected(Math.max(fromMs, window.startMs), Math.min(toMs, window.endMs)),
    meanSizeBytes: sizeDistribution(pattern.size).mean,
    message: {
      kind: 'drawn',
      senders,
      receivers,
      outsideDomains,
      outsideDomainShare: outsideShare / outsideDomains.length,
      unknownShare,
      recipientCounts,
    },
  };
}

/** Whether `value` is among the first `count` of `list`. */
function holds(list: Int32Array, count: number, value: number): boolean {
  for (let index = 0; index < count; index++) if (list[index] === value) return true;
  return false;
}

function pick(from: ArrayLike<number>, u: number): number {
  return from[Math.floor(u * from.length)]!;
}

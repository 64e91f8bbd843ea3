import type { Distribution, RandomStream, Simulation } from '../../sim/kernel/index.js';
import { numberedPeople, type TransportModel } from '../../sim/model/index.js';
import { AddressPool, nobody } from './address-pool.js';
import type { DailyArrivals } from './day-shape.js';
import type { ExpectedMail } from './expected-mail.js';
import type { RecipientsModel, SizeModel, WorkloadWindow } from './kind.js';
import { meanAmong } from './mean-recipients.js';
import { recipientCountDistribution, recipientCountLikelihoods } from './message-attributes.js';
import { sizeDistribution } from './message-size.js';

/** The outside people that generated mail comes from and goes to live in so many domains (A-outside-domains). */
const outsideDomains = Array.from({ length: 10 }, (_, index) => `outside${index + 1}.example`);
/** A thousand of them in each, and ten thousand addresses that nobody has: twice what a message can have, or more. */
const outsidePeople = numberedPeople('outside people', 'person', outsideDomains, 1_000);
const unknownPeople = (organization: string) =>
  numberedPeople('unknown people', 'nobody-has-this-address-', [organization], 10_000);
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
  readonly #inside: AddressPool;
  readonly #outside: AddressPool;
  readonly #unknown: AddressPool;
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
    const { addressBook, topology } = model;
    this.#inside = new AddressPool(pattern.receivers);
    this.#outside = new AddressPool(addressBook.internSeries(outsidePeople));
    this.#unknown = new AddressPool(addressBook.internSeries(unknownPeople(topology.organization)));
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
    const sender =
      senders.length > 0 ? senders[Math.floor(draw * senders.length)]! : this.#outside.pick(draw);
    const sizeBytes = Math.round(this.#sizes.sample(this.#sizeDraw()));
    const count = this.#drawRecipients();
    if (count > 0) this.#model.submit(sender, this.#to, count, sizeBytes);
    this.#scheduleNext(this.#simulation.nowMs);
  }

  /**
   * Draws recipients into `#to`, each person once; returns how many. Each recipient is drawn to be inside, outside or
   * nobody, and then who: where no such people are left it is left out, so that the shares of the others stay.
   */
  #drawRecipients(): number {
    const { outsideShare, unknownShare } = this.#pattern;
    const wanted = Math.min(this.#to.length, this.#recipientCounts.sample(this.#recipientDraw()));
    this.#inside.restart();
    this.#outside.restart();
    this.#unknown.restart();
    let count = 0;
    for (let drawn = 0; drawn < wanted; drawn++) {
      const kind = this.#recipientDraw();
      const draw = this.#recipientDraw();
      let recipient: number;
      if (kind < outsideShare) recipient = this.#outside.draw(draw);
      else if (kind < outsideShare + unknownShare) recipient = this.#unknown.draw(draw);
      else recipient = this.#inside.draw(draw);
      if (recipient !== nobody) this.#to[count++] = recipient;
    }
    return count;
  }
}

/** What a pattern is expected to send. Where people are few, in the mean: what is left out counts for nobody. */
export function expectedOfPattern(pattern: MailPattern): ExpectedMail {
  const { window, arrivals, senders, receivers } = pattern;
  const outsideShare = Math.min(1, pattern.outsideShare);
  const unknownShare = Math.min(1 - outsideShare, pattern.unknownShare);
  const insideShare = 1 - outsideShare - unknownShare;
  const recipientCounts = new Map<number, number>();
  let wanted = 0;
  let drawn = 0;
  for (const [count, likely] of recipientCountLikelihoods(pattern.recipients)) {
    const drawnOfCount = count * (1 - insideShare) + meanAmong(count, insideShare, receivers.length);
    recipientCounts.set(drawnOfCount, (recipientCounts.get(drawnOfCount) ?? 0) + likely);
    wanted += likely * count;
    drawn += likely * drawnOfCount;
  }
  const scale = drawn > 0 ? wanted / drawn : 1;
  return {
    messagesBetween: (fromMs, toMs) =>
      arrivals.expected(Math.max(fromMs, window.startMs), Math.min(toMs, window.endMs)),
    meanSizeBytes: sizeDistribution(pattern.size).mean,
    message: {
      kind: 'drawn',
      senders,
      receivers,
      outsideDomains,
      outsideDomainShare: (outsideShare * scale) / outsideDomains.length,
      unknownShare: unknownShare * scale,
      recipientCounts,
    },
  };
}

import { z } from 'zod';
import type { RandomStream } from '../../sim/kernel/index.js';
import { anyAddress, duration, share, smtpAddress, timePoint } from '../schema/leaves.js';
import { strictObject } from '../schema/objects.js';
import { commonFields, sizeField } from './fields.js';
import type { SizeModel, WorkloadKind, WorkloadStart, WorkloadWindow } from './kind.js';
import { internRecipients } from './message-attributes.js';
import { sizeDistribution } from './message-size.js';

/** One message to many, and those among them who reply to all (WL-11, WHATIF-09). */
export interface StormWorkload extends WorkloadWindow {
  readonly kind: 'storm';
  readonly atMs: number;
  readonly sender: string;
  readonly to: string;
  readonly size: SizeModel;
  /** Null: nobody replies. */
  readonly replyAll: {
    /** Share of the mailboxes that the message goes to, 0 to 1; the sender's own does not count. */
    readonly share: number;
    /** Each reply is sent within that time after the message, evenly (assumption A-reply-times). */
    readonly withinMs: number;
  } | null;
}

const schema = strictObject({
  kind: z.literal('storm'),
  ...commonFields,
  at: timePoint,
  sender: smtpAddress,
  to: anyAddress,
  size: sizeField,
  replyAll: strictObject({ share, within: duration() }).optional(),
});

export const storm: WorkloadKind<typeof schema, StormWorkload> = {
  schema,
  decode({ at, sender, to, size, replyAll }, window, decoding) {
    const atMs = decoding.timeMs(['at'], at);
    if (atMs >= decoding.window.durationMs) decoding.problem(['at'], 'expected a time within the duration');
    return {
      kind: 'storm',
      ...window,
      atMs,
      sender,
      to,
      size,
      replyAll: replyAll === undefined ? null : { share: replyAll.share, withinMs: replyAll.within },
    };
  },
  start: startStorm,
};

function startStorm(workload: StormWorkload, { model, streams }: WorkloadStart): void {
  const { simulation, addressBook } = model;
  const { name, atMs, startMs, endMs, to, replyAll } = workload;
  if (atMs < startMs || atMs >= endMs) return;
  const sizes = sizeDistribution(workload.size);
  const sizeDraw = streams(`${name}/sizes`);
  const sender = addressBook.intern(workload.sender);
  const send = (from: number, recipients: Int32Array) =>
    model.submit(from, recipients, recipients.length, Math.round(sizes.sample(sizeDraw())));
  simulation.scheduleAt(
    atMs,
    simulation.addKind(() => send(sender, internRecipients([to], addressBook))),
    0,
  );
  if (replyAll === null) return;

  const group = addressBook.intern(to);
  const reached = addressBook.mailboxesOf(group);
  const others = reached.filter((mailbox) => mailbox !== sender);
  const replying = drawWithout(
    others,
    Math.round(others.length * replyAll.share),
    streams(`${name}/replies`),
  );
  // All means those who got it and the one who sent it, who may be among them.
  const toAll = Int32Array.from(reached.includes(sender) ? [group] : [group, sender]);
  const timeDraw = streams(`${name}/reply-times`);
  const reply = simulation.addKind((mailbox) => send(mailbox, toAll));
  for (const mailbox of replying) {
    const replyMs = atMs + timeDraw() * replyAll.withinMs;
    if (replyMs < endMs) simulation.scheduleAt(replyMs, reply, mailbox);
  }
}

/** So many of a list, drawn without putting back, in the order in which they were drawn. */
function drawWithout(from: Int32Array, count: number, draw: RandomStream): Int32Array {
  const left = from.slice();
  for (let place = 0; place < count; place++) {
    const drawn = place + Math.floor(draw() * (left.length - place));
    const mailbox = left[drawn]!;
    left[drawn] = left[place]!;
    left[place] = mailbox;
  }
  return left.subarray(0, count);
}

import { z } from 'zod';
import { exponential, type RandomStream } from '../../sim/kernel/index.js';
import { type Priority, priorities } from '../../sim/model/index.js';
import type { Decoding } from '../decoding.js';
import { choice, list, timePoint } from '../schema/leaves.js';
import { strictObject } from '../schema/objects.js';
import { commonFields, fromField, messagesPerSecondField, sizeField, toField } from './fields.js';
import type { SizeModel, WorkloadKind, WorkloadStart, WorkloadWindow } from './kind.js';
import { internRecipients } from './message-attributes.js';
import { sizeDistribution } from './message-size.js';

/** The plain one: messages from one sender to the same recipients, at a rate or at given times. */
export interface ArrivalsWorkload extends WorkloadWindow {
  readonly kind: 'arrivals';
  readonly arrival:
    | { readonly kind: 'poisson' | 'deterministic'; readonly messagesPerSecond: number }
    /** Ascending; one message at each. */
    | { readonly kind: 'at'; readonly timesMs: readonly number[] };
  /** An SMTP address, of the organization or outside. */
  readonly from: string;
  /** At least one SMTP address: mailboxes, groups, contacts, outside or unknown. */
  readonly to: readonly string[];
  readonly size: SizeModel;
  /** What the sender asks for; it counts where `transport.priorityQueuingEnabled` is on. */
  readonly priority: Priority;
}

const schema = strictObject({
  kind: z.literal('arrivals'),
  ...commonFields,
  arrival: choice('poisson', 'deterministic').optional(),
  messagesPerSecond: messagesPerSecondField,
  at: list(timePoint, 'times').optional(),
  from: fromField,
  to: toField,
  size: sizeField,
  priority: choice(...priorities).default('normal'),
});

export const arrivals: WorkloadKind<typeof schema, ArrivalsWorkload> = {
  schema,
  decode(fields, window, decoding) {
    const given = decoding.exactlyOne(fields, 'messagesPerSecond', 'at');
    if (fields.to.length === 0) decoding.problem(['to'], 'expected at least one recipient');
    return {
      kind: 'arrivals',
      ...window,
      arrival:
        given === 'at'
          ? { kind: 'at', timesMs: decodeTimes(fields, window, decoding) }
          : { kind: fields.arrival ?? 'poisson', messagesPerSecond: fields.messagesPerSecond ?? 0 },
      from: fields.from,
      to: fields.to,
      size: fields.size,
      priority: fields.priority,
    };
  },
  start: startArrivals,
  expect: ({ arrival, startMs, endMs, from, to, size }) => [
    {
      messagesBetween(fromMs, toMs) {
        if (arrival.kind === 'at') {
          return arrival.timesMs.filter((atMs) => atMs >= fromMs && atMs < toMs).length;
        }
        const lastsMs = Math.max(0, Math.min(toMs, endMs) - Math.max(fromMs, startMs));
        return (arrival.messagesPerSecond * lastsMs) / 1_000;
      },
      meanSizeBytes: sizeDistribution(size).mean,
      message: { kind: 'certain', from, to },
    },
  ],
};

function startArrivals(workload: ArrivalsWorkload, { model, streams }: WorkloadStart): void {
  const { simulation, addressBook } = model;
  const { arrival, startMs, endMs, priority } = workload;
  const sender = addressBook.intern(workload.from);
  const recipients = internRecipients(workload.to, addressBook);
  const sizes = sizeDistribution(workload.size);
  const sizeDraw = streams(`${workload.name}/sizes`);
  const arrivalDraw = streams(`${workload.name}/arrivals`);
  // Times are reckoned from the start, not from one another: rounding does not add up.
  const timeMs = arrivalTimes(arrival, startMs, arrivalDraw);
  let sent = 0;
  const kind = simulation.addKind(() => {
    const sizeBytes = Math.round(sizes.sample(sizeDraw()));
    model.submit(sender, recipients, recipients.length, sizeBytes, priority);
    scheduleNext();
  });
  const scheduleNext = () => {
    const atMs = timeMs(sent++);
    if (atMs !== null && atMs < endMs) simulation.scheduleAt(atMs, kind, 0);
  };
  scheduleNext();
}

/** The time of the n-th arrival, from 0, asked for in order; null after the last. */
function arrivalTimes(
  arrival: ArrivalsWorkload['arrival'],
  startMs: number,
  draw: RandomStream,
): (n: number) => number | null {
  switch (arrival.kind) {
    case 'at':
      return (n) => arrival.timesMs[n] ?? null;
    case 'deterministic':
      return (n) => startMs + (n * 1_000) / arrival.messagesPerSecond;
    case 'poisson': {
      const gaps = exponential(1_000 / arrival.messagesPerSecond);
      let atMs = startMs;
      return () => {
        atMs += gaps.sample(draw());
        return atMs;
      };
    }
  }
}

function decodeTimes(fields: z.output<typeof schema>, window: WorkloadWindow, decoding: Decoding): number[] {
  for (const key of ['arrival', 'start', 'end'] as const) {
    if (fields[key] !== undefined) decoding.problem([key], `\`${key}\` does not go with \`at\``);
  }
  const times = (fields.at ?? []).map((point, index) => {
    const ms = decoding.timeMs(['at', index], point);
    if (ms >= window.endMs) decoding.problem(['at', index], 'expected a time within the duration');
    return ms;
  });
  if (times.length === 0) decoding.problem(['at'], 'expected at least one time');
  return times.sort((a, b) => a - b);
}

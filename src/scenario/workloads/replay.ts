import { z } from 'zod';
import { line } from '../schema/leaves.js';
import { strictObject } from '../schema/objects.js';
import { commonFields } from './fields.js';
import type { WorkloadKind, WorkloadStart, WorkloadWindow } from './kind.js';
import { internRecipients } from './message-attributes.js';
import { readReplayTable } from './replay-table.js';

/** Mail exactly as a file lists it. */
export interface ReplayWorkload extends WorkloadWindow {
  readonly kind: 'replay';
  /** As the scenario names it. */
  readonly file: string;
  /** Those between `startMs` and `endMs`, in order of time; at one instant in the file's order. */
  readonly messages: readonly ReplayMessage[];
}

export interface ReplayMessage {
  readonly atMs: number;
  readonly from: string;
  /** At least one. */
  readonly to: readonly string[];
  readonly sizeBytes: number;
}

const schema = strictObject({ kind: z.literal('replay'), ...commonFields, file: line });

export const replay: WorkloadKind<typeof schema, ReplayWorkload> = {
  schema,
  decode({ file }, window, decoding) {
    const opened = decoding.readFile(['file'], file);
    const messages = opened === undefined ? [] : readReplayTable(opened, decoding);
    const late = messages.filter(({ atMs }) => atMs >= decoding.window.durationMs).length;
    if (late > 0) {
      const who = late === 1 ? '1 message lies' : `${late} messages lie`;
      decoding.warning(['file'], `${who} after the duration: not sent`);
    }
    return {
      kind: 'replay',
      ...window,
      file,
      messages: messages
        .filter(({ atMs }) => atMs >= window.startMs && atMs < window.endMs)
        .sort((a, b) => a.atMs - b.atMs),
    };
  },
  start: startReplay,
};

function startReplay(workload: ReplayWorkload, { model }: WorkloadStart): void {
  const { simulation, addressBook } = model;
  const { messages } = workload;
  let next = 0;
  const kind = simulation.addKind(() => {
    const { from, to, sizeBytes } = messages[next++]!;
    const recipients = internRecipients(to, addressBook);
    model.submit(addressBook.intern(from), recipients, recipients.length, sizeBytes);
    scheduleNext();
  });
  const scheduleNext = () => {
    const message = messages[next];
    if (message !== undefined) simulation.scheduleAt(message.atMs, kind, 0);
  };
  scheduleNext();
}

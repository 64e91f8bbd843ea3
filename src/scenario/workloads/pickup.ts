import { z } from 'zod';
import { findByName } from '../../topology/index.js';
import { count, flag, name, timePoint } from '../schema/leaves.js';
import { strictObject } from '../schema/objects.js';
import { hasService } from '../server-services.js';
import { commonFields, fromField, sizeField, toField } from './fields.js';
import type { SizeModel, WorkloadKind, WorkloadStart, WorkloadWindow } from './kind.js';
import { internRecipients } from './message-attributes.js';
import { sizeDistribution } from './message-size.js';

/**
 * Messages put back through the Pickup directory of a server, as exported mail is (MW-03, CAP-20, CAP-69). All files lie
 * there from `atMs` on, and that is when they count as submitted.
 */
export interface PickupWorkload extends WorkloadWindow {
  readonly kind: 'pickup';
  readonly atMs: number;
  readonly server: string;
  readonly messages: number;
  /** The server takes no more, and no more than its own setting allows; null: that setting alone. */
  readonly perMinute: number | null;
  readonly from: string;
  /** 1 to 100. */
  readonly to: readonly string[];
  readonly size: SizeModel;
  /** All recipients have had these messages before. */
  readonly exported: boolean;
}

/** The server does not take a file with more. */
const mostRecipients = 100;

const schema = strictObject({
  kind: z.literal('pickup'),
  ...commonFields,
  at: timePoint,
  server: name,
  messages: count(1, 10_000_000),
  perMinute: count(1, 20_000).optional(),
  from: fromField,
  to: toField,
  size: sizeField,
  exported: flag.optional(),
});

export const pickup: WorkloadKind<typeof schema, PickupWorkload> = {
  schema,
  decode(fields, window, decoding) {
    const { messages, perMinute, from, to, size } = fields;
    const atMs = decoding.timeMs(['at'], fields.at);
    if (atMs >= decoding.window.durationMs) decoding.problem(['at'], 'expected a time within the duration');
    const server = decoding.refer('servers', ['server'], fields.server);
    if (server !== undefined && !hasService(server, 'transport')) {
      decoding.problem(['server'], `server ${JSON.stringify(server.name)} has no Transport service`);
    }
    if (to.length === 0) decoding.problem(['to'], 'expected at least one recipient');
    if (to.length > mostRecipients) {
      decoding.problem(['to'], `expected at most ${mostRecipients} recipients: Pickup takes no more (TH)`);
    }
    return {
      kind: 'pickup',
      ...window,
      atMs,
      server: server?.name ?? fields.server,
      messages,
      perMinute: perMinute ?? null,
      from,
      to,
      size,
      exported: fields.exported ?? false,
    };
  },
  start: startPickup,
};

function startPickup(workload: PickupWorkload, { model, streams }: WorkloadStart): void {
  const { simulation, addressBook, pickupDirectories, topology } = model;
  const { name, atMs, startMs, endMs, messages, exported } = workload;
  const perMinute = workload.perMinute ?? Number.POSITIVE_INFINITY;
  if (atMs < startMs || atMs >= endMs) return;
  const server = findByName(topology.servers, workload.server);
  const sender = addressBook.intern(workload.from);
  const recipients = internRecipients(workload.to, addressBook);
  const sizes = sizeDistribution(workload.size);
  const sizeDraw = streams(`${name}/sizes`);
  const kind = simulation.addKind(() => {
    for (let put = 0; put < messages; put++) {
      const sizeBytes = Math.round(sizes.sample(sizeDraw()));
      pickupDirectories.put(server, sender, recipients, sizeBytes, perMinute, exported);
    }
  });
  simulation.scheduleAt(atMs, kind, 0);
}

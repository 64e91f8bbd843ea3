import { z } from 'zod';
import { count, domain, smtpAddress, timePoint } from '../schema/leaves.js';
import { strictObject } from '../schema/objects.js';
import { commonFields } from './fields.js';
import type { WorkloadKind, WorkloadStart, WorkloadWindow } from './kind.js';

/**
 * A system sends mail to an address that nobody has, in a domain outside whose server returns it as mail from an
 * address of its own rather than from the null sender (WHATIF-08, WL-11). Where the organization has the sender, the
 * bounces end there. Where it has not, or no more, each bounce is returned by a non-delivery report of ours, the domain
 * bounces that as well, and so on: as many messages a round as the system sent, until the hop count ends it
 * (assumption A-ndr-loop). That the system has stopped by then does not help.
 */
export interface NdrLoopWorkload extends WorkloadWindow {
  readonly kind: 'ndr-loop';
  readonly atMs: number;
  /** An address in a domain of the organization, whether anybody has it or not. */
  readonly sender: string;
  /** All sent at `atMs`. */
  readonly messages: number;
  /** Outside. */
  readonly domain: string;
}

/** An alert of a machine (assumption A-ndr-loop). */
const messageBytes = 10 * 1_024;

const schema = strictObject({
  kind: z.literal('ndr-loop'),
  ...commonFields,
  at: timePoint,
  sender: smtpAddress,
  messages: count(1, 1_000_000),
  domain,
});

export const ndrLoop: WorkloadKind<typeof schema, NdrLoopWorkload> = {
  schema,
  decode(fields, window, decoding) {
    const { at, sender, messages, domain } = fields;
    const atMs = decoding.timeMs(['at'], at);
    if (atMs >= decoding.window.durationMs) decoding.problem(['at'], 'expected a time within the duration');
    const senderDomain = sender.slice(sender.lastIndexOf('@') + 1);
    if (!decoding.references.mayBeAccepted(senderDomain)) {
      decoding.problem(['sender'], 'expected an address in a domain of the organization: bounces come to it');
    }
    if (decoding.references.isAccepted(domain)) {
      decoding.problem(['domain'], 'expected a domain that is not of the organization');
    }
    return { kind: 'ndr-loop', ...window, atMs, sender, messages, domain };
  },
  start: startNdrLoop,
};

function startNdrLoop(workload: NdrLoopWorkload, { model }: WorkloadStart): void {
  const { simulation, addressBook, bouncingAddresses } = model;
  const { atMs, startMs, endMs } = workload;
  if (atMs < startMs || atMs >= endMs) return;
  const sender = addressBook.intern(workload.sender);
  // Of each sender its own, so that loops in one domain stay apart.
  const tagged = (local: string) => `${local}+${workload.sender.replace('@', '=')}@${workload.domain}`;
  const nobody = addressBook.intern(tagged('nobody'));
  const daemon = addressBook.intern(tagged('mailer-daemon'));
  const kind = simulation.addKind(() => {
    // Reports of ours go to the daemon, whose address nobody reads either.
    bouncingAddresses.add(nobody, daemon, sender);
    bouncingAddresses.add(daemon, daemon, sender);
    for (let sent = 0; sent < workload.messages; sent++) model.submit(sender, [nobody], 1, messageBytes);
  });
  simulation.scheduleAt(atMs, kind, 0);
}

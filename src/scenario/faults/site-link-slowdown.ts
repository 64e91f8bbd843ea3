import { z } from 'zod';
import type { LinkSlowdown } from '../../sim/model/index.js';
import { findByName, type SiteLinkDescription } from '../../topology/index.js';
import type { Decoding } from '../decoding.js';
import { bandwidth, duration, name, number } from '../schema/leaves.js';
import { strictObject } from '../schema/objects.js';
import { spanFields } from './fields.js';
import type { FaultKind, FaultSpan } from './kind.js';

/** A site link has another bandwidth, latency or loss for a while; what is undefined stays as it is. */
export interface SiteLinkSlowdownFault extends FaultSpan, LinkSlowdown {
  readonly kind: 'site-link-slowdown';
  readonly link: string;
}

/** A link that loses everything is down: that is another fault. */
const largestLoss = 0.99;
/** As in an organization. */
const longestLatencyMs = 60_000;

const schema = strictObject({
  kind: z.literal('site-link-slowdown'),
  ...spanFields,
  link: name,
  bandwidth: bandwidth.optional(),
  latency: duration(0, longestLatencyMs).optional(),
  loss: number(0, largestLoss).optional(),
});

export const siteLinkSlowdown: FaultKind<typeof schema, SiteLinkSlowdownFault> = {
  schema,
  decode({ link: name, bandwidth, latency, loss }, span, decoding) {
    const link = decoding.refer('siteLinks', ['link'], name);
    if (bandwidth === undefined && latency === undefined && loss === undefined) {
      decoding.warning(['kind'], 'changes nothing without `bandwidth`, `latency` or `loss`');
    }
    const slowdown: LinkSlowdown = { bandwidthBitsPerSecond: bandwidth, latencyMs: latency, loss };
    if (link !== undefined) warnOfBetterLink(slowdown, link, decoding);
    return { kind: 'site-link-slowdown', ...span, link: link?.name ?? name, ...slowdown };
  },
  effect(fault, model) {
    const link = findByName(model.topology.siteLinks, fault.link);
    return {
      subject: fault.link,
      begin: () => model.network.beginSlowdown(link, fault),
      end: () => model.network.endSlowdown(link, fault),
    };
  },
};

/** The fault says what the link has, not what it loses: it may come out better than the link is. */
function warnOfBetterLink(
  { bandwidthBitsPerSecond, latencyMs }: LinkSlowdown,
  link: SiteLinkDescription,
  decoding: Decoding,
): void {
  const ownBandwidth = link.bandwidthBitsPerSecond ?? Number.POSITIVE_INFINITY;
  if (bandwidthBitsPerSecond !== undefined && bandwidthBitsPerSecond > ownBandwidth) {
    decoding.warning(['bandwidth'], `more than ${link.name} has without the fault`);
  }
  if (latencyMs !== undefined && latencyMs < link.latencyMs) {
    decoding.warning(['latency'], `less than ${link.name} has without the fault`);
  }
}

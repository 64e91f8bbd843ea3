import { z } from 'zod';
import { findByName } from '../../topology/index.js';
import { name } from '../schema/leaves.js';
import { strictObject } from '../schema/objects.js';
import { spanFields } from './fields.js';
import type { FaultKind, FaultSpan } from './kind.js';

/** A site link is cut. */
export interface SiteLinkOutageFault extends FaultSpan {
  readonly kind: 'site-link-outage';
  readonly link: string;
}

const schema = strictObject({ kind: z.literal('site-link-outage'), ...spanFields, link: name });

export const siteLinkOutage: FaultKind<typeof schema, SiteLinkOutageFault> = {
  schema,
  decode: ({ link }, span, decoding) => ({
    kind: 'site-link-outage',
    ...span,
    link: decoding.refer('siteLinks', ['link'], link)?.name ?? link,
  }),
  effect({ link: name }, model) {
    const link = findByName(model.topology.siteLinks, name);
    return {
      subject: name,
      begin: () => model.beginLinkOutage(link),
      end: () => model.endLinkOutage(link),
    };
  },
};

import { z } from 'zod';
import { findByName } from '../../topology/index.js';
import { name } from '../schema/leaves.js';
import { strictObject } from '../schema/objects.js';
import { spanFields } from './fields.js';
import type { FaultKind, FaultSpan } from './kind.js';

/**
 * All servers of a site are silent, and its links are cut, as far as they join this site (assumption
 * A-site-outage-links).
 */
export interface SiteOutageFault extends FaultSpan {
  readonly kind: 'site-outage';
  readonly site: string;
}

const schema = strictObject({ kind: z.literal('site-outage'), ...spanFields, site: name });

export const siteOutage: FaultKind<typeof schema, SiteOutageFault> = {
  schema,
  decode: ({ site }, span, decoding) => ({
    kind: 'site-outage',
    ...span,
    site: decoding.refer('sites', ['site'], site)?.name ?? site,
  }),
  effect({ site: name }, model) {
    const site = findByName(model.topology.sites, name);
    const { servers } = model.topology.sites[site]!;
    return {
      subject: name,
      // At once: a DAG sees what is left, not what there is in between.
      begin: () =>
        model.databaseFailover.together(() => {
          for (const server of servers) model.beginServerOutage(server);
          model.network.beginSiteOutage(site);
        }),
      end: () =>
        model.databaseFailover.together(() => {
          model.network.endSiteOutage(site);
          for (const server of servers) model.endServerOutage(server);
        }),
    };
  },
};

import { z } from 'zod';
import { findByName } from '../../topology/index.js';
import { type ConfigurationEdit, changedOrganization } from '../configuration-change.js';
import { line } from '../schema/leaves.js';
import { strictObject } from '../schema/objects.js';
import { spanFields } from './fields.js';
import type { FaultKind, FaultSpan } from './kind.js';

/** An administrator changes what routing reads; each server follows after its delays (AS-13). At its end it is as before. */
export interface RoutingChangeFault extends FaultSpan {
  readonly kind: 'routing-change';
  /** The paths as the file spells them. */
  readonly paths: readonly string[];
  readonly edits: readonly ConfigurationEdit[];
  /** The site whose directory is changed: the first of the organization (assumption A-replication). */
  readonly site: string;
}

const schema = strictObject({
  kind: z.literal('routing-change'),
  ...spanFields,
  set: z.record(line, z.unknown(), { error: 'expected a mapping of paths to values' }),
});

export const routingChange: FaultKind<typeof schema, RoutingChangeFault> = {
  schema,
  decode({ set }, span, decoding) {
    const { references } = decoding;
    const paths = Object.keys(set);
    if (paths.length === 0)
      decoding.problem(['set'], 'expected a path at least, such as `siteLinks.BF.cost`');
    const edits = references.edits(set, (path, message, hint) =>
      decoding.problem(['set', ...path], message, hint),
    );
    return { kind: 'routing-change', ...span, paths, edits, site: references.firstSite ?? '' };
  },
  effect({ paths, edits, site }, model) {
    const subject = paths.join(' ');
    const change = {
      subject,
      site: findByName(model.topology.sites, site),
      apply: (organization: Parameters<typeof changedOrganization>[0]) =>
        changedOrganization(organization, edits),
    };
    return {
      subject,
      begin: () => model.routingChanges.begin(change),
      end: () => model.routingChanges.end(change),
    };
  },
};

import { z } from 'zod';
import { findByName, normalizeName, type ServerDescription } from '../../topology/index.js';
import type { Decoding } from '../decoding.js';
import { list, name } from '../schema/leaves.js';
import { strictObject } from '../schema/objects.js';
import { spanFields } from './fields.js';
import type { FaultKind, FaultSpan } from './kind.js';

/** An administrator sends the queues of a server elsewhere; it takes no new mail meanwhile (QU-12). */
export interface DrainFault extends FaultSpan {
  readonly kind: 'drain';
  readonly server: string;
  /** Take the mail by turns. */
  readonly to: readonly string[];
}

const schema = strictObject({
  kind: z.literal('drain'),
  ...spanFields,
  server: name,
  to: list(name, 'servers'),
});

export const drain: FaultKind<typeof schema, DrainFault> = {
  schema,
  decode({ server: name, to }, span, decoding) {
    const server = transportServer(['server'], name, decoding);
    if (to.length === 0) decoding.problem(['to'], 'expected at least one server');
    const names = [server, ...to.map((each, index) => transportServer(['to', index], each, decoding))];
    for (const [place, each] of names.entries()) {
      if (place === 0 || names.findIndex((other) => normalizeName(other) === normalizeName(each)) === place)
        continue;
      const isServer = normalizeName(each) === normalizeName(server);
      decoding.problem(
        ['to', place - 1],
        isServer ? 'expected other servers than the one that is drained' : 'is named twice',
      );
    }
    return { kind: 'drain', ...span, server, to: names.slice(1) };
  },
  mayStrike({ server: name }, references) {
    const server = references.find('servers', name);
    return server !== undefined && canRedirect(server);
  },
  effect({ server: name, to }, model) {
    const { servers } = model.topology;
    const effect = {
      subject: name,
      server: findByName(servers, name),
      to: to.map((each) => findByName(servers, each)),
    };
    return { subject: name, begin: () => model.drains.begin(effect), end: () => model.drains.end(effect) };
  },
};

/** The server's name, as the organization spells it; noted, if it is none that messages can be redirected from and to. */
function transportServer(path: readonly (string | number)[], name: string, decoding: Decoding): string {
  const server = decoding.refer('servers', path, name);
  if (server !== undefined && !canRedirect(server)) {
    decoding.problem(
      path,
      'expected a Mailbox server of Exchange 2013: others cannot redirect messages (QU-12)',
    );
  }
  return server?.name ?? name;
}

/** Redirect-Message came with 2013, for Mailbox servers. */
function canRedirect({ version, roles }: ServerDescription): boolean {
  return version === '2013' && roles.includes('mailbox');
}

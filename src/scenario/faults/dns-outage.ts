import { z } from 'zod';
import { findByName } from '../../topology/index.js';
import { choice, list, name } from '../schema/leaves.js';
import { strictObject } from '../schema/objects.js';
import { spanFields } from './fields.js';
import type { FaultKind, FaultSpan } from './kind.js';

/** Servers cannot look up the hosts of domains outside. */
export interface DnsOutageFault extends FaultSpan {
  readonly kind: 'dns-outage';
  readonly servers: 'all' | readonly string[];
}

const schema = strictObject({
  kind: z.literal('dns-outage'),
  ...spanFields,
  servers: z
    .union([choice('all'), list(name, 'servers')], { error: 'expected `all` or a list of servers' })
    .default('all'),
});

export const dnsOutage: FaultKind<typeof schema, DnsOutageFault> = {
  schema,
  decode({ servers }, span, decoding) {
    if (servers !== 'all' && servers.length === 0)
      decoding.problem(['servers'], 'expected at least one server');
    return {
      kind: 'dns-outage',
      ...span,
      servers:
        servers === 'all'
          ? servers
          : servers.map((each, index) => decoding.refer('servers', ['servers', index], each)?.name ?? each),
    };
  },
  effect({ servers: names }, { topology, remoteDomains }) {
    const servers = new Set(
      names === 'all'
        ? topology.servers.map(({ index }) => index)
        : names.map((each) => findByName(topology.servers, each)),
    );
    return {
      subject: names === 'all' ? names : names.join(' '),
      begin: () => remoteDomains.beginDnsOutage(servers),
      end: () => remoteDomains.endDnsOutage(servers),
    };
  },
};

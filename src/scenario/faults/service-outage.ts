import { z } from 'zod';
import { type Service, services } from '../../sim/model/index.js';
import { findByName } from '../../topology/index.js';
import { choice, name } from '../schema/leaves.js';
import { strictObject } from '../schema/objects.js';
import { hasService } from '../server-services.js';
import { spanFields } from './fields.js';
import type { FaultKind, FaultSpan } from './kind.js';

/** A service of a server is stopped: connections to it are refused. */
export interface ServiceOutageFault extends FaultSpan {
  readonly kind: 'service-outage';
  readonly server: string;
  readonly service: Service;
}

const schema = strictObject({
  kind: z.literal('service-outage'),
  ...spanFields,
  server: name,
  service: choice(...services),
});

export const serviceOutage: FaultKind<typeof schema, ServiceOutageFault> = {
  schema,
  decode({ server: name, service }, span, decoding) {
    const server = decoding.refer('servers', ['server'], name);
    if (server !== undefined && !hasService(server, service)) {
      decoding.problem(['service'], `server ${JSON.stringify(server.name)} has no ${service} service`);
    }
    return { kind: 'service-outage', ...span, server: server?.name ?? name, service };
  },
  mayStrike({ server: name, service }, references) {
    const server = references.find('servers', name);
    return server !== undefined && hasService(server, service);
  },
  effect({ server: name, service }, model) {
    const server = findByName(model.topology.servers, name);
    return {
      subject: `${name} ${service}`,
      begin: () => model.beginServiceOutage(server, service),
      end: () => model.endServiceOutage(server, service),
    };
  },
};

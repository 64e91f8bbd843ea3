import { z } from 'zod';
import { findByName } from '../../topology/index.js';
import { name, share } from '../schema/leaves.js';
import { strictObject } from '../schema/objects.js';
import { hasService } from '../server-services.js';
import { spanFields } from './fields.js';
import type { FaultKind, FaultSpan } from './kind.js';

/** Others than the queue database fill the queue disk of a server up to a share of it (BP). */
export interface DiskFullFault extends FaultSpan {
  readonly kind: 'disk-full';
  readonly server: string;
  /** 0 to 1; the server's `queueDiskUsed` as long as the fault lasts. */
  readonly used: number;
}

const schema = strictObject({
  kind: z.literal('disk-full'),
  ...spanFields,
  server: name,
  used: share,
});

export const diskFull: FaultKind<typeof schema, DiskFullFault> = {
  schema,
  decode({ server: name, used }, span, decoding) {
    const server = decoding.refer('servers', ['server'], name);
    if (server !== undefined && !hasService(server, 'transport')) {
      decoding.problem(['server'], `server ${JSON.stringify(server.name)} has no Transport service`);
    }
    return { kind: 'disk-full', ...span, server: server?.name ?? name, used };
  },
  mayStrike({ server: name }, references) {
    const server = references.find('servers', name);
    return server !== undefined && hasService(server, 'transport');
  },
  effect({ server: name, used }, { topology, backPressure }) {
    const server = findByName(topology.servers, name);
    return {
      subject: name,
      begin: () => backPressure.beginFill(server, used),
      end: () => backPressure.endFill(server, used),
    };
  },
};

import type { TransportModel } from '../../sim/model/index.js';
import { compareNames, findByName } from '../../topology/index.js';
import type { Fault } from './kind.js';
import type { QueueResubmissionFault } from './queue-resubmission.js';

/** Faults take effect before anything else that is due at the same instant. */
const faultPriority = -1;

/** What a fault does to a running model, with its object found. */
interface FaultEffect {
  /** What the fault is about, as the results name it. */
  readonly subject: string;
  readonly begin: () => void;
  /** Absent for what takes no time. */
  readonly end?: () => void;
}

/** Schedules the beginning and, if it ends, the end of a fault. */
export function injectFault(fault: Fault, model: TransportModel): void {
  const { simulation } = model;
  const { subject, begin, end } = effectOf(fault, model);
  const beginKind = simulation.addKind(() => {
    model.reportFault(fault.kind, subject, 'begin');
    begin();
    if (end === undefined) model.reportFault(fault.kind, subject, 'end');
  });
  simulation.scheduleAt(fault.beginMs, beginKind, 0, faultPriority);
  if (end === undefined || fault.endMs === Number.POSITIVE_INFINITY) return;
  const endKind = simulation.addKind(() => {
    end();
    model.reportFault(fault.kind, subject, 'end');
  });
  simulation.scheduleAt(fault.endMs, endKind, 0, faultPriority);
}

function effectOf(fault: Fault, model: TransportModel): FaultEffect {
  const { servers, siteLinks, databases } = model.topology;
  switch (fault.kind) {
    case 'server-outage': {
      const server = findByName(servers, fault.server);
      return {
        subject: servers[server]!.name,
        begin: () => model.beginServerOutage(server),
        end: () => model.endServerOutage(server),
      };
    }
    case 'service-outage': {
      const server = findByName(servers, fault.server);
      return {
        subject: `${servers[server]!.name} ${fault.service}`,
        begin: () => model.beginServiceOutage(server, fault.service),
        end: () => model.endServiceOutage(server, fault.service),
      };
    }
    case 'site-link-outage': {
      const link = findByName(siteLinks, fault.link);
      return {
        subject: siteLinks[link]!.name,
        begin: () => model.beginLinkOutage(link),
        end: () => model.endLinkOutage(link),
      };
    }
    case 'database-move': {
      const database = findByName(databases, fault.database);
      const to = findByName(servers, fault.to);
      const subject = databases[database]!.name;
      let move = 0;
      return {
        subject,
        begin: () => {
          move = model.dismountDatabase(database);
        },
        end: () => {
          if (model.activateDatabase(database, to, move)) model.reportFault(fault.kind, subject, 'effect');
        },
      };
    }
    case 'database-outage': {
      const database = findByName(databases, fault.database);
      return {
        subject: databases[database]!.name,
        begin: () => model.beginDatabaseOutage(database),
        end: () => model.endDatabaseOutage(database),
      };
    }
    case 'queue-resubmission':
      return queueResubmission(fault, model);
  }
}

function queueResubmission(
  { server: name, queue }: QueueResubmissionFault,
  model: TransportModel,
): FaultEffect {
  const server = findByName(model.topology.servers, name);
  return {
    subject: `${model.topology.servers[server]!.name} ${queue.name}`,
    begin: () =>
      model.resubmitQueues(
        server,
        ({ deliveryType, nextHopDomain }) =>
          compareNames(nextHopDomain, queue.name) === 0 &&
          (queue.kind !== 'database' || deliveryType === 'SmtpDeliveryToMailbox'),
      ),
  };
}

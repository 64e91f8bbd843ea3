import type { ServerDescription } from '../../src/topology/index.js';
import type { Landscape, OracleConnector } from './landscape.js';
import { hasName, inNameOrder, sameName } from './names.js';
import type { Named, OracleQuestion, QueueKey } from './oracle-answer.js';
import { isEdge } from './server-roles.js';

/** The servers that deliver to a destination (RT-14), and the queue that relays to them. */
export interface Group extends Named {
  readonly members: readonly ServerDescription[];
  readonly relayQueue: QueueKey;
}

const majorVersions = { '2007': 8, '2010': 14, '2013': 15 } as const;

/** The server that holds the active copy: the first, unless the question says another. */
export function activeHolder(land: Landscape, question: OracleQuestion, database: string): ServerDescription {
  const asked = question.active.find((each) => sameName(each.database, database));
  const { copies } = databaseNamed(land, database);
  return land.server(asked?.server ?? copies[0]!);
}

export function databaseNamed(land: Landscape, name: string) {
  const database = land.organization.databases.find((each) => sameName(each.name, name));
  if (database === undefined) throw new RangeError(`no database ${name}`);
  return database;
}

/** RT-19, RT-20, RT-27: a 2013 DAG is a group; else the servers of the holder's version in its site. */
export function groupOfDatabase(land: Landscape, question: OracleQuestion, database: string): Group {
  const holder = activeHolder(land, question, database);
  const dag = land.dagOf(holder);
  return dag !== undefined && holder.version === '2013' ? dagGroup(land, dag) : mailboxGroup(land, holder);
}

export function dagGroup(land: Landscape, dag: string): Group {
  const { members } = land.organization.dags.find((each) => sameName(each.name, dag))!;
  return {
    kind: 'routable-dag',
    name: dag,
    members: inNameOrder(members.map((each) => land.server(each))),
    relayQueue: { deliveryType: 'SmtpRelayToDag', nextHopDomain: dag, nextHopConnector: dag },
  };
}

/** The transport servers of a server's version in its site; DAG members are among them (UN-10). */
export function mailboxGroup(land: Landscape, holder: ServerDescription): Group {
  const site = land.siteOf(holder)!;
  const name = `Site:${site};Version:${majorVersions[holder.version]}`;
  return {
    kind: 'mailbox-delivery-group',
    name,
    members: land.transportServersIn(site).filter((each) => each.version === holder.version),
    relayQueue: {
      deliveryType: 'SmtpRelayToMailboxDeliveryGroup',
      nextHopDomain: name,
      nextHopConnector: null,
    },
  };
}

/** RT-22; of a connector whose sources are Edges the site they are subscribed to (RT-23, RT-27, RT-58). */
export function groupOfConnector(land: Landscape, connector: OracleConnector): Group {
  const sources = inNameOrder(connector.sourceServers.map((each) => land.server(each)));
  const edge = sources.find((each) => isEdge(each));
  if (edge !== undefined) return siteGroup(land, land.siteOf(edge)!);
  return {
    kind: 'connector-source-servers',
    name: connector.name,
    members: sources,
    relayQueue: {
      deliveryType: 'SmtpRelayToConnectorSourceServers',
      nextHopDomain: connector.name,
      nextHopConnector: connector.name,
    },
  };
}

export function siteGroup(land: Landscape, site: string): Group {
  return {
    kind: 'ad-site',
    name: site,
    members: land.transportServersIn(site),
    relayQueue: {
      deliveryType: 'SmtpRelayToRemoteActiveDirectorySite',
      nextHopDomain: site,
      nextHopConnector: site,
    },
  };
}

/** RT-25. */
export function groupOfExpansionServer(land: Landscape, server: ServerDescription): Group {
  const fqdn = `${server.name}.${land.organization.name}`;
  return {
    kind: 'server-list',
    name: fqdn,
    members: [server],
    relayQueue: { deliveryType: 'SmtpRelayToServers', nextHopDomain: fqdn, nextHopConnector: null },
  };
}

export function isMember(group: Group, server: ServerDescription): boolean {
  return hasName(
    group.members.map((each) => each.name),
    server.name,
  );
}

export function nameOnly({ kind, name }: Named): Named {
  return { kind, name };
}

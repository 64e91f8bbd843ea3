import { edgeConnectorNames } from '../edge-connectors.js';
import { normalizeName } from '../names.js';
import type { ConnectorDescription } from '../organization.js';
import { isEdge, isTransportServer, type OrganizationChecker } from './checker.js';

/** Edge subscriptions, and connectors that Edges are sources of: RT-57, RT-27, ES-01, ES-02. */
export function checkEdges(checker: OrganizationChecker): void {
  const siteOfEdge = checkSubscriptions(checker);
  checkConnectorsOfEdges(checker, siteOfEdge);
  for (const [index, server] of checker.organization.servers.entries()) {
    if (!isEdge(server) || siteOfEdge.has(normalizeName(server.name))) continue;
    checker.warn(
      ['servers', index],
      `no mail passes Edge ${JSON.stringify(server.name)}: it is subscribed to no site`,
      'RT-57',
    );
  }
}

/** Checks the subscriptions and answers the site of each Edge, all by normalized names. */
function checkSubscriptions(checker: OrganizationChecker): ReadonlyMap<string, string> {
  const { edgeSubscriptions, servers } = checker.organization;
  const withTransport = new Set(
    servers.filter(isTransportServer).map((server) => normalizeName(server.site ?? '')),
  );
  const siteOfEdge = new Map<string, string>();
  for (const [index, { edgeServer, site }] of edgeSubscriptions.entries()) {
    const path = ['edgeSubscriptions', index];
    const server = checker.resolve(checker.servers, 'server', edgeServer, [...path, 'edgeServer']);
    if (server !== undefined && !isEdge(server)) {
      checker.error([...path, 'edgeServer'], `server ${JSON.stringify(edgeServer)} is no Edge`, 'RT-57');
    }
    const found = checker.resolve(checker.sites, 'site', site, [...path, 'site']);
    if (
      found !== undefined &&
      checker.leftOut.servers === undefined &&
      !withTransport.has(normalizeName(site))
    ) {
      const message = `site ${JSON.stringify(site)} has no transport server that could relay to the Edge`;
      checker.error([...path, 'site'], message, 'RT-57, RT-58');
    }
    if (found?.inboundMail === false) {
      const message = `${JSON.stringify(site)} takes no mail: what comes in by the Edge is refused`;
      checker.warn([...path, 'site'], message, 'AS-07');
    }
    if (siteOfEdge.has(normalizeName(edgeServer))) {
      const message = `Edge ${JSON.stringify(edgeServer)} is subscribed already: an Edge belongs to one site`;
      checker.error([...path, 'edgeServer'], message, 'ES-01');
    } else {
      siteOfEdge.set(normalizeName(edgeServer), normalizeName(site));
    }
  }
  return siteOfEdge;
}

function checkConnectorsOfEdges(checker: OrganizationChecker, siteOfEdge: ReadonlyMap<string, string>): void {
  const { connectors, edgeSubscriptions } = checker.organization;
  const implicit = new Map(
    edgeSubscriptions.flatMap(({ site }) =>
      Object.values(edgeConnectorNames(site)).map((name) => [normalizeName(name), site] as const),
    ),
  );
  for (const [index, connector] of connectors.entries()) {
    const site = implicit.get(normalizeName(connector.name));
    if (site !== undefined) {
      checker.error(
        ['connectors', index, 'name'],
        `the Edge subscription of ${JSON.stringify(site)} makes a connector ${JSON.stringify(connector.name)} itself`,
        'ES-02',
        'leave it out, or give it another name',
      );
    }
    checkSources(checker, connector, index, siteOfEdge);
  }
}

function checkSources(
  checker: OrganizationChecker,
  connector: ConnectorDescription,
  index: number,
  siteOfEdge: ReadonlyMap<string, string>,
): void {
  const path = ['connectors', index, 'sourceServers'];
  const sources = connector.sourceServers.flatMap((name, position) => {
    const server = checker.servers.find(name);
    return server === undefined ? [] : [{ server, path: [...path, position] }];
  });
  const edges = sources.filter(({ server }) => isEdge(server));
  if (edges.length === 0) return;
  if (edges.length < sources.length) {
    checker.error(path, 'the source servers are either Edges or servers of the sites, not both', 'RT-27');
  }
  if (connector.kind !== 'send') {
    checker.error(path, 'an Edge has Send connectors only', 'CN-05');
  }
  for (const [position, { type }] of connector.addressSpaces.entries()) {
    if (type === 'SMTP' || connector.kind !== 'send') continue;
    const at = ['connectors', index, 'addressSpaces', position];
    checker.error(at, `an Edge takes SMTP addresses only, no ${type} ones`, 'CN-05');
  }
  if (connector.frontEndProxy) {
    checker.error(['connectors', index, 'frontEndProxy'], 'an Edge sends by no front end', 'RT-43, RT-59');
  }
  const first = siteOfEdge.get(normalizeName(edges[0]!.server.name));
  for (const { server, path: at } of edges) {
    const site = siteOfEdge.get(normalizeName(server.name));
    if (site === undefined) {
      const message = `Edge ${JSON.stringify(server.name)} is subscribed to no site: nobody can relay to it`;
      checker.error(at, message, 'RT-57, RT-58');
    } else if (first !== undefined && site !== first) {
      const message = `Edge ${JSON.stringify(server.name)} is subscribed to another site than ${JSON.stringify(edges[0]!.server.name)}`;
      checker.error(
        at,
        message,
        'RT-27',
        'the delivery group of an Edge is one site: make a connector for each',
      );
    }
  }
}

import { normalizeName } from '../names.js';
import type { ConnectorDescription, ServerDescription } from '../organization.js';
import { isEdge, isTransportServer, type OrganizationChecker } from './checker.js';
import { checkScopes } from './connector-scopes.js';

type Sources = readonly { readonly server: ServerDescription; readonly path: readonly (string | number)[] }[];

/** Connectors: RT-12, RT-14, RT-22, RT-43, CN-05, CN-06, CN-07, CN-09. */
export function checkConnectors(checker: OrganizationChecker): void {
  for (const [index, connector] of checker.organization.connectors.entries()) {
    const path = ['connectors', index];
    const name = JSON.stringify(connector.name);
    if (connector.addressSpaces.length === 0) {
      checker.error([...path, 'addressSpaces'], 'expected at least one address space', 'CN-05');
    }
    if (connector.sourceServers.length === 0) {
      checker.error(
        [...path, 'sourceServers'],
        `connector ${name} has no source servers`,
        'RT-14, RT-22',
        'name one or more transport servers',
      );
    }
    const sources = checker.resolveServers(connector.sourceServers, [...path, 'sourceServers']);
    for (const { server, path: at } of sources) {
      if (!isTransportServer(server) && !isEdge(server)) {
        checker.error(at, `server ${JSON.stringify(server.name)} is no transport server`, 'RT-14, RT-22');
      }
    }
    checkSites(checker, sources, [...path, 'sourceServers']);
    if (connector.frontEndProxy) checkFrontEnds(checker, connector, sources, [...path, 'frontEndProxy']);
    if (connector.kind !== 'send' && connector.smartHosts.length > 0) {
      checker.error([...path, 'smartHosts'], 'only a Send connector has smart hosts', 'CN-07');
    }
    checkTypes(checker, connector, [...path, 'addressSpaces']);
  }
  checkScopes(checker);
}

/** The sites of an older connector's sources must be one; Exchange 2013 allows several. */
function checkSites(
  checker: OrganizationChecker,
  sources: Sources,
  path: readonly (string | number)[],
): void {
  const inSites = sources.filter(({ server }) => isTransportServer(server));
  const other = inSites.find(
    ({ server: { site } }) => normalizeName(site ?? '') !== normalizeName(inSites[0]!.server.site ?? ''),
  );
  const legacy = inSites.find(({ server }) => server.version !== '2013');
  if (other === undefined || legacy === undefined) return;
  const { name, version } = legacy.server;
  checker.warn(
    path,
    `in several sites, but ${JSON.stringify(name)} is ${version}, which knows sources of one site only`,
    'CN-09',
  );
}

/** RT-43: mail goes out by a Client Access server of the site of the source server. */
function checkFrontEnds(
  checker: OrganizationChecker,
  { kind }: ConnectorDescription,
  sources: Sources,
  path: readonly (string | number)[],
): void {
  if (kind !== 'send') checker.error(path, 'only a Send connector goes out by a front end', 'RT-43');
  if (checker.leftOut.servers !== undefined) return;
  const withFrontEnd = new Set(
    checker.organization.servers
      .filter(({ version, roles }) => version === '2013' && roles.includes('client-access'))
      .map(({ site }) => normalizeName(site ?? '')),
  );
  const told = new Set<string>();
  for (const { server } of sources.filter(({ server }) => isTransportServer(server))) {
    const { name, version, site = '' } = server;
    if (version !== '2013') {
      const message = `${JSON.stringify(name)} is ${version}, which sends by itself all the same`;
      checker.warn(path, message, 'RT-43');
    } else if (!withFrontEnd.has(normalizeName(site)) && !told.has(normalizeName(site))) {
      told.add(normalizeName(site));
      const message = `no server of site ${JSON.stringify(site)} is a Client Access server: nobody sends for ${JSON.stringify(name)}`;
      checker.warn(path, message, 'RT-43');
    }
  }
}

function checkTypes(
  checker: OrganizationChecker,
  connector: ConnectorDescription,
  path: readonly (string | number)[],
): void {
  for (const [position, { type }] of connector.addressSpaces.entries()) {
    if ((type === 'SMTP') === (connector.kind === 'send')) continue;
    checker.warn(
      [...path, position],
      `a ${connector.kind} connector for ${type} addresses`,
      'RT-12',
      'Send connectors are for SMTP, Delivery Agent and Foreign connectors for the rest',
    );
  }
}

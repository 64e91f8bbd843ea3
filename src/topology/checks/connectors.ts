import { isEdge, isTransportServer, type OrganizationChecker } from './checker.js';

/** Connectors: RT-12, RT-14, RT-22, CN-07. */
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
    for (const { server, path: at } of checker.resolveServers(connector.sourceServers, [
      ...path,
      'sourceServers',
    ])) {
      if (!isTransportServer(server) && !isEdge(server)) {
        checker.error(at, `server ${JSON.stringify(server.name)} is no transport server`, 'RT-14, RT-22');
      }
    }
    if (connector.frontEndProxy && connector.kind !== 'send') {
      checker.error([...path, 'frontEndProxy'], 'only a Send connector goes out by a front end', 'RT-43');
    }
    if (connector.kind !== 'send' && connector.smartHosts.length > 0) {
      checker.error([...path, 'smartHosts'], 'only a Send connector has smart hosts', 'CN-07');
    }
    for (const [position, { type }] of connector.addressSpaces.entries()) {
      if ((type === 'SMTP') !== (connector.kind === 'send')) {
        checker.warn(
          [...path, 'addressSpaces', position],
          `a ${connector.kind} connector for ${type} addresses`,
          'RT-12',
          'Send connectors are for SMTP, Delivery Agent and Foreign connectors for the rest',
        );
      }
    }
  }
}

import { checkOrganization, type Organization } from '../../src/topology/index.js';
import { describeOrganization, type OrganizationShorthand } from '../conformance/organization-builder.js';

/** Two linked sites with a server each, a database in Berlin, a connector: nothing to object to. */
export const sound: OrganizationShorthand = {
  acceptedDomains: [{ name: 'contoso.com', type: 'authoritative' }],
  links: ['Berlin-Frankfurt 10'],
  servers: ['B1@Berlin', 'F1@Frankfurt'],
  databases: { DB1: ['B1'] },
  mailboxes: { 'u1@contoso.com': 'DB1' },
  connectors: [{ name: 'Internet', sourceServers: ['B1'], spaces: ['SMTP:*;1'] }],
};

/** What is wrong with the sound organization once it is changed, as `path: message`. */
export function problemsOf(changes: OrganizationShorthand, override: Partial<Organization> = {}) {
  const found = checkOrganization({ ...describeOrganization({ ...sound, ...changes }), ...override });
  const spell = (list: typeof found.errors) =>
    list.map(
      ({ path, message, rule }) => `${path.join('.')}: ${message}${rule === null ? '' : ` (${rule})`}`,
    );
  return { errors: spell(found.errors), warnings: spell(found.warnings) };
}

import type { Service } from '../sim/model/index.js';
import type { ServerDescription } from '../topology/index.js';

/**
 * Whether a server has a service, by its roles: 2013 has Front End Transport with client-access, the others with
 * mailbox; older versions have Transport with hub-transport and a submission service with mailbox; an Edge has Transport
 * alone.
 */
export function hasService({ version, roles }: ServerDescription, service: Service): boolean {
  if (roles.includes('edge')) return service === 'transport';
  if (version === '2013') return roles.includes(service === 'front-end' ? 'client-access' : 'mailbox');
  if (service === 'transport') return roles.includes('hub-transport');
  return service === 'mailbox-submission' && roles.includes('mailbox');
}

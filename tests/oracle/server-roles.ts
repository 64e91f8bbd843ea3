import type { ServerDescription } from '../../src/topology/index.js';

/** RT-14: has a Transport service: a 2013 server with the mailbox role, an older one with Hub Transport. */
export function isTransport({ version, roles }: ServerDescription): boolean {
  return roles.includes(version === '2013' ? 'mailbox' : 'hub-transport');
}

/** Has a Front End Transport service: a 2013 server with the client-access role. */
export function isFrontEnd({ version, roles }: ServerDescription): boolean {
  return version === '2013' && roles.includes('client-access');
}

export function isEdge({ roles }: ServerDescription): boolean {
  return roles.includes('edge');
}

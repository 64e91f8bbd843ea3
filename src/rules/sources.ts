/** The documents that rules come from: heading, and what kind of document it is. */

const documented = (heading: string) => `${heading} (Exchange 2013 documentation)`;
const inVersion = (heading: string, version: '2007' | '2010' | '2016') =>
  `${heading} (Exchange ${version} documentation, carried over)`;

export const mailRouting = documented('Mail routing');
export const mailFlow = documented('Mail flow');
export const routeBetweenSites = documented('Route mail between Active Directory sites');
export const sitePlanning = documented('Planning to use Active Directory sites for routing mail');
export const queues = documented('Queues');
export const retryIntervals = documented('Message retry, resubmit, and expiration intervals');
export const shadowRedundancy = documented('Shadow redundancy');
export const safetyNet = documented('Safety Net');
export const highAvailability = documented('Transport high availability');
export const backPressure = documented('Back pressure');
export const throttling = documented('Message throttling');
export const sizeLimits = documented('Message size limits');
export const recipientResolution = documented('Recipient resolution');
export const messageTracking = documented('Message tracking');
export const messageFilters = documented('Message filters');
export const notifications = documented('DSNs and NDRs');
export const priorityQueuing = documented('Priority queuing');
export const edgeSubscriptions = documented('Edge Subscriptions');
export const networkPorts = documented('Network ports');
export const activeManager = documented('Active Manager');

export const connectorSelection = inVersion('Connector selection in external message routing', '2016');
export const backPressure2016 = inVersion('Back pressure', '2016');
export const externalDomains = inVersion('Routing to External Domains', '2007');
export const internalRouting = inVersion('Internal Message Routing', '2007');
export const unreachableQueue = inVersion('Message Rerouting and the Unreachable Queue', '2010');
export const routingTableLogging = inVersion('Configure Routing Table Logging', '2010');
export const transportCounters = inVersion('Transport Server Counters', '2010');

/** Setup's readiness rules were written for 2007; their topics say that they may hold for 2013. */
export const setupReadiness = (rule: string) =>
  `Setup readiness rule ${rule} (Exchange 2007 documentation, not updated for 2013 but possibly valid)`;

export const cmdletReference = 'cmdlet and API reference';
export const fieldReport = 'support articles and field reports';
/** Nothing is documented. */
export const inference = 'inference for the simulator, undocumented';

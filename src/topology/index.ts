export { withActiveCopies } from './active-copies.js';
export {
  checkOrganization,
  type LeftOut,
  type OrganizationCheck,
  type OrganizationList,
  type OrganizationProblem,
} from './check-organization.js';
export { closestName, hintAt } from './closest-name.js';
export { edgeConnectorNames, sendConnectorLimitBytes } from './edge-connectors.js';
export { compareNames, normalizeName } from './names.js';
export * from './organization.js';
export { plainLine } from './plain-line.js';
export {
  examineReadiness,
  type ReadinessFinding,
  type ReadinessOptions,
} from './readiness/examine-readiness.js';
export { type ReadinessLanguage, readinessLanguages } from './readiness/message.js';
export { patternAddress, type RecipientDirectory, type RecipientKind } from './recipient-directory.js';
export {
  buildTopology,
  type Connector,
  type ConnectorOrigin,
  type Dag,
  type Database,
  defaultMemoryBytes,
  defaultQueueDiskBytes,
  findByName,
  type MajorVersion,
  type Server,
  type Site,
  type SiteLink,
  type Topology,
} from './topology.js';

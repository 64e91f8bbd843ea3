export { compareNames, normalizeName } from './names.js';
export * from './organization.js';
export { patternAddress, type RecipientDirectory, type RecipientKind } from './recipient-directory.js';
export {
  buildTopology,
  type Connector,
  type Dag,
  type Database,
  findByName,
  type MajorVersion,
  type Server,
  type Site,
  type SiteLink,
  type Topology,
} from './topology.js';

export type { AddressBook } from './address-book.js';
export { numberedPeople } from './address-series.js';
export { type PressureAtRest, pressureAtRest } from './back-pressure/pressure-at-rest.js';
export {
  diskThresholds,
  type MisorderedThreshold,
  misorderedThresholds,
  type PressureLevel,
  type PressureResource,
  type PressureThresholds,
  pressureLevels,
  pressureResources,
  thresholdsOf,
} from './back-pressure/pressure-thresholds.js';
export { countVotes, type DagVotes, type VotingConditions } from './dag-majority.js';
export type { LinkSlowdown } from './link-conditions.js';
export * from './observer.js';
export type { TransportModelOptions } from './open-model-context.js';
export { type Priority, priorities } from './priority.js';
export { messagesPerSession, sessionLimit } from './queue-sessions.js';
export type { Fate } from './recipient-ledger.js';
export type { RemoteAnswer } from './remote-domains.js';
export { type Service, services } from './server-states.js';
export type { CounterStream } from './service-times.js';
export * from './settings.js';
export { acceptTimesMs } from './shadow-redundancy/acceptances.js';
export { shadowPartnersOf } from './shadow-redundancy/shadow-partners.js';
export { oneWaysPerMessage } from './smtp-sessions.js';
export { TransportModel } from './transport-model.js';

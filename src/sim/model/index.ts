export type { AddressBook } from './address-book.js';
export type { LinkSlowdown } from './link-conditions.js';
export * from './observer.js';
export { type Priority, priorities } from './priority.js';
export type { Fate } from './recipient-ledger.js';
export { type Service, services } from './server-states.js';
export type { CounterStream } from './service-times.js';
export * from './settings.js';
export { TransportModel, type TransportModelOptions } from './transport-model.js';

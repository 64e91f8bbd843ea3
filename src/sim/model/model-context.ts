import type { Topology } from '../../topology/index.js';
import type { Simulation } from '../kernel/index.js';
import type { ActiveManager } from './active-manager.js';
import type { AddressBook } from './address-book.js';
import type { BackPressure } from './back-pressure/back-pressure.js';
import type { CopyLists } from './copy-lists.js';
import type { DatabaseCopies } from './database-copies.js';
import type { LinkTraffic } from './link-traffic.js';
import type { MessageStore } from './message-store.js';
import type { Network } from './network.js';
import type { TransportObserver } from './observer.js';
import type { QueueDatabases } from './queue-databases.js';
import type { RecipientLedger } from './recipient-ledger.js';
import type { RemoteDomains } from './remote-domains.js';
import type { RoutingConfigurations } from './routing-configurations.js';
import type { SafetyNetStorage } from './safety-net/safety-net-storage.js';
import type { ServerStates } from './server-states.js';
import type { ServiceTimes } from './service-times.js';
import type { Settings } from './settings.js';
import type { ShadowClaims } from './shadow-redundancy/shadow-claims.js';
import type { ShadowRedundancy } from './shadow-redundancy/shadow-redundancy.js';
import type { SmtpSessions } from './smtp-sessions.js';

/** What every tier of the model works with. */
export interface ModelContext {
  readonly simulation: Simulation;
  readonly topology: Topology;
  readonly routing: RoutingConfigurations;
  /** The settings where no server has its own. */
  readonly settings: Settings;
  readonly settingsOf: (server: number) => Settings;
  readonly observer: TransportObserver;
  readonly store: MessageStore;
  readonly lists: CopyLists;
  readonly ledger: RecipientLedger;
  readonly queueDatabases: QueueDatabases;
  readonly safetyNetStorage: SafetyNetStorage;
  readonly claims: ShadowClaims;
  readonly shadows: ShadowRedundancy;
  readonly addressBook: AddressBook;
  readonly states: ServerStates;
  readonly backPressure: BackPressure;
  readonly network: Network;
  readonly remoteDomains: RemoteDomains;
  readonly traffic: LinkTraffic;
  readonly activeManager: ActiveManager;
  readonly databaseCopies: DatabaseCopies;
  readonly times: ServiceTimes;
  readonly sessions: SmtpSessions;
}

/** A component that holds copies: the audit finds each copy in exactly one place. */
export interface Place {
  readonly name: string;
  forEachCopy(visit: (copy: number) => void): void;
}

/** A component in which messages wait for somebody: the audit finds none that waits for who is up, idle and due. */
export interface WaitingRoom {
  /** Calls `found` with a sentence for each line in which somebody waits though nothing keeps them. */
  findForgotten(found: (what: string) => void): void;
}

/** A component that holds copies which a server's queue database has stored. */
export interface Storage {
  forEachStored(visit: (copy: number, server: number) => void): void;
}

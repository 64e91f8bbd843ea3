import type { RoutingTables } from '../../routing/index.js';
import type { Organization, Topology } from '../../topology/index.js';
import type { Simulation } from '../kernel/index.js';
import { ActiveManager } from './active-manager.js';
import { AddressBook } from './address-book.js';
import { BackPressure } from './back-pressure/back-pressure.js';
import { CopyLists } from './copy-lists.js';
import { DatabaseCopies } from './database-copies.js';
import { LinkTraffic } from './link-traffic.js';
import { MessageStore } from './message-store.js';
import type { ModelContext } from './model-context.js';
import { Network } from './network.js';
import type { TransportObserver } from './observer.js';
import { Processors } from './processors.js';
import { QueueDatabases } from './queue-databases.js';
import { RecipientLedger } from './recipient-ledger.js';
import { RemoteDomains } from './remote-domains.js';
import { RoutingConfigurations } from './routing-configurations.js';
import { SafetyNetStorage } from './safety-net/safety-net-storage.js';
import { ServerSlowdowns } from './server-slowdowns.js';
import { ServerStates } from './server-states.js';
import { type CounterStream, ServiceTimes } from './service-times.js';
import type { Settings } from './settings.js';
import { ShadowClaims } from './shadow-redundancy/shadow-claims.js';
import { ShadowRedundancy } from './shadow-redundancy/shadow-redundancy.js';
import { SmtpSessions } from './smtp-sessions.js';

/** What a model of an organization is made of. */
export interface TransportModelOptions {
  readonly simulation: Simulation;
  readonly tables: RoutingTables;
  /** What `tables` were compiled from, and how: for changes of the configuration during the run. */
  readonly organization: Organization;
  readonly compile: (topology: Topology) => RoutingTables;
  /** The settings where no server has its own. */
  readonly settings: Settings;
  /** A server's settings, by topology index. */
  readonly settingsOf: (server: number) => Settings;
  /** The draws of service times. */
  readonly serviceDraws: CounterStream;
  readonly observer: TransportObserver;
}

/** What the tiers work with, and what only the model itself does. */
interface OpenedContext extends ModelContext {
  readonly processors: Processors;
  readonly slowdowns: ServerSlowdowns;
}

/** Makes what every tier of the model works with, in the order in which one needs another. */
export function openModelContext({
  simulation,
  tables,
  settings,
  settingsOf,
  serviceDraws,
  observer,
}: TransportModelOptions): OpenedContext {
  const { topology } = tables;
  const store = new MessageStore(topology.servers.length);
  const states = new ServerStates(topology);
  const routing = new RoutingConfigurations(tables);
  const network = new Network(topology, tables);
  const traffic = new LinkTraffic(simulation, topology, store, network, observer);
  const slowdowns = new ServerSlowdowns(topology);
  const processors = new Processors(topology.servers.map(({ cores }) => cores));
  const times = new ServiceTimes({
    simulation,
    topology,
    settingsOf,
    draw: serviceDraws,
    processors,
    slowdowns,
    states,
  });
  const addressBook = new AddressBook(routing);
  const remoteDomains = new RemoteDomains(settings, topology.servers.length);
  const lists = new CopyLists(store);
  const ledger = new RecipientLedger();
  const queueDatabases = new QueueDatabases(simulation, topology, store, observer);
  const backPressure = new BackPressure(simulation, topology, settingsOf, states, queueDatabases, observer);
  const shadows = new ShadowRedundancy({
    simulation,
    topology,
    settingsOf,
    observer,
    store,
    queueDatabases,
    states,
    network,
    backPressure,
  });
  queueDatabases.whenLeft((copy) => shadows.left(copy));
  return {
    simulation,
    topology,
    routing,
    settings,
    settingsOf,
    observer,
    store,
    lists,
    ledger,
    claims: new ShadowClaims(store, lists, ledger, shadows, addressBook),
    shadows,
    queueDatabases,
    safetyNetStorage: new SafetyNetStorage({ simulation, topology, settingsOf, store, queueDatabases }),
    addressBook,
    states,
    backPressure,
    network,
    remoteDomains,
    traffic,
    activeManager: new ActiveManager(topology, settingsOf, states, network),
    databaseCopies: new DatabaseCopies(topology),
    times,
    sessions: new SmtpSessions(
      simulation,
      topology,
      states,
      network,
      remoteDomains,
      times,
      traffic,
      settingsOf,
      backPressure,
    ),
    processors,
    slowdowns,
  };
}

import type { DeliveryQueues } from './delivery-queues.js';
import type { ModelContext } from './model-context.js';
import { storedAs } from './queue-databases.js';
import type { RecipientEndings } from './recipient-endings.js';
import type { SafetyNet } from './safety-net/safety-net.js';
import type { TransportService } from './transport-service.js';

/**
 * A server has lost its queue database (SH-05, SH-08): its queues, the shadow copies it had of others, its discard
 * events, its Safety Net. What another server has a shadow copy of waits there; the rest is lost.
 */
export class QueueDatabaseLoss {
  readonly #context: ModelContext;
  readonly #endings: RecipientEndings;
  readonly #transport: TransportService;
  readonly #queues: DeliveryQueues;
  readonly #safetyNet: SafetyNet;

  constructor(
    context: ModelContext,
    endings: RecipientEndings,
    transport: TransportService,
    queues: DeliveryQueues,
    safetyNet: SafetyNet,
  ) {
    this.#context = context;
    this.#endings = endings;
    this.#transport = transport;
    this.#queues = queues;
    this.#safetyNet = safetyNet;
  }

  /** The Transport service of `server` does not run. */
  lose(server: number): void {
    const { shadows, queueDatabases } = this.#context;
    shadows.databaseLost(server);
    queueDatabases.add(server, storedAs.safetyNet, -queueDatabases.bytes(server, storedAs.safetyNet));
    this.#safetyNet.nets.lose(server);
    const lose = (copy: number) => this.#lose(copy, server);
    this.#transport.removeAll(server, lose);
    this.#queues.removeAll(server, lose);
  }

  /** A copy, in no list, is in the queue database no more. */
  #lose(copy: number, server: number): void {
    const { shadows, claims, queueDatabases } = this.#context;
    queueDatabases.drop(copy);
    if (!shadows.isProtected(copy)) {
      this.#endings.loseCopy(copy, server, 'queue-database-lost');
      return;
    }
    this.#context.store.copyServer[copy] = shadows.holder(copy);
    claims.addOrphan(copy);
  }
}
